//! KML 2.2 (OGC 07-147r2): placemarks with a balloon in the recipient's language, and the fields as extended data.

use serde_json::Value as Json;

use super::{
    columns::{Column, Group, columns, groups, title},
    ground::{self, Corner},
    xml::{Element, escaped},
};
use crate::{
    gate::{Content, Releasable},
    product::Value,
    words,
};

/// The text of a file.
#[must_use]
pub fn kml(releasable: &Releasable<Content>) -> String {
    let terms = releasable.terms();
    let language = terms.recipient.language;
    let name = format!(
        "{} · {} · {}",
        terms.tlp.word(),
        terms.release,
        title(releasable.what(), language)
    );
    let placemarks = groups(releasable).into_iter().map(|group| placemark(releasable, &group));
    let document = Element::new("Document")
        .child(&Element::of("name", &name))
        .child(&Element::of("description", words::tlp(language, terms.tlp)))
        .child(&style())
        .children(placemarks);
    Element::new("kml").with("xmlns", "http://www.opengis.net/kml/2.2").child(&document).document()
}

/// Amber, as nothing else on a globe is; KML writes alpha, blue, green, red.
fn style() -> Element {
    let colour = |element: &'static str, abgr: &str| {
        Element::new(element).child(&Element::of("color", abgr))
    };
    let outline = colour("LineStyle", "ff00a5ff").child(&Element::of("width", "3"));
    Element::new("Style")
        .with("id", "release")
        .child(&colour("IconStyle", "ff00a5ff"))
        .child(&outline)
        .child(&colour("PolyStyle", "4000a5ff"))
}

fn placemark(releasable: &Releasable<Content>, group: &Group) -> Element {
    let columns = columns(releasable, group).into_iter();
    let mut placemark = Element::new("Placemark")
        .child(&Element::of("name", &group.title))
        .child(&Element::of("description", &balloon(releasable, group)));
    if let Some(Value::Observed(period)) =
        group.fields.iter().find(|(p, _)| p.as_str() == "observed").map(|(_, v)| *v)
    {
        let span = [("begin", period.from), ("end", period.to)]
            .map(|(name, at)| Element::of(name, &at.to_string()));
        placemark = placemark.child(&Element::new("TimeSpan").children(span));
    }
    placemark = placemark
        .child(&Element::of("styleUrl", "#release"))
        .child(&Element::new("ExtendedData").children(columns.map(data)));
    match group.place.and_then(geometry) {
        Some(geometry) => placemark.child(&geometry),
        None => placemark,
    }
}

/// What opens where somebody taps: a table of the fields in words.
fn balloon(releasable: &Releasable<Content>, group: &Group) -> String {
    let terms = releasable.terms();
    let language = terms.recipient.language;
    let of_fields = group
        .fields
        .iter()
        .map(|(path, value)| (words::label(language, path), words::value(language, path, value)));
    let of_release = [
        (
            words::either(language, "Holds until", "Válido hasta").to_owned(),
            words::moment(language, terms.expires),
        ),
        (words::either(language, "Release", "Entrega").to_owned(), terms.release.clone()),
        (terms.tlp.word().to_owned(), words::tlp(language, terms.tlp).to_owned()),
    ];
    let rows = of_fields.chain(of_release);
    let rows = rows.map(|(label, said)| {
        format!("<tr><th align=\"left\">{}</th><td>{}</td></tr>", escaped(&label), escaped(&said))
    });
    format!("<table>{}</table>", rows.collect::<String>())
}

fn data(column: Column) -> Element {
    let text = match column.value {
        Json::Null => String::new(),
        Json::String(text) => text,
        other => other.to_string(),
    };
    Element::new("Data")
        .with("name", &column.name)
        .child(&Element::of("displayName", &column.label))
        .child(&Element::of("value", &text))
}

fn geometry(place: &Value) -> Option<Element> {
    let point = ground::point(place)
        .map(|at| Element::new("Point").child(&Element::of("coordinates", &coordinates(&[at]))));
    let polygons = ground::rings(place).into_iter().map(|ring| polygon(&ring));
    let mut parts: Vec<Element> = point.into_iter().chain(polygons).collect();
    if parts.len() > 1 {
        return Some(Element::new("MultiGeometry").children(parts));
    }
    parts.pop()
}

fn polygon(ring: &[Corner]) -> Element {
    let ring = Element::new("LinearRing").child(&Element::of("coordinates", &coordinates(ring)));
    Element::new("Polygon")
        .child(&Element::of("tessellate", "1"))
        .child(&Element::new("outerBoundaryIs").child(&ring))
}

fn coordinates(corners: &[Corner]) -> String {
    corners.iter().map(|[lon, lat]| format!("{lon},{lat}")).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
