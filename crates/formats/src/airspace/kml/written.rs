//! Clauses as placemarks.

use std::fmt::Write;

use cathartes_core::airspace::{Authority, Clause, Limit, Polygon, TimeWindow, Volume};

use crate::{
    airspace::{Exported, authority, zone::Leaving},
    xml::escaped,
};

/// Writes the clauses of an authority as placemarks, with limits and times as data.
///
/// Which rule a clause is of stands there for people: a reader is told it by whoever takes the file in.
#[must_use]
pub fn write(authority: &Authority) -> Exported {
    let mut notes = Vec::new();
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<kml xmlns=\"http://www.opengis.net/kml/2.2\"><Document>\n\
         <name>{}</name>\n",
        escaped(&authority.number)
    );
    for clause in &authority.clauses {
        let mut leaving = Leaving { clause, notes: &mut notes };
        let Some(windows) = leaving.in_force(authority.valid) else { continue };
        leaving.common();
        placemark(&mut text, clause, &windows);
    }
    text.push_str("</Document></kml>\n");
    Exported { text, notes }
}

fn placemark(text: &mut String, clause: &Clause, windows: &[TimeWindow]) {
    // Writing to a text does not fail.
    let _ = write!(
        text,
        "<Placemark>\n<name>{}</name>\n<description>{}</description>\n<ExtendedData>\n",
        escaped(&clause.number),
        clause.rule.word()
    );
    let Volume { polygons, floor, ceiling } = &clause.volume;
    limit(text, "floor", *floor);
    match ceiling {
        Some(ceiling) => limit(text, "ceiling", *ceiling),
        None => data(text, "ceiling", "endless"),
    }
    if !windows.is_empty() {
        data(text, "when", &authority::windows(windows));
    }
    text.push_str("</ExtendedData>\n<MultiGeometry>\n");
    for one in polygons {
        polygon(text, one);
    }
    text.push_str("</MultiGeometry>\n</Placemark>\n");
}

fn limit(text: &mut String, which: &str, limit: Limit) {
    let (behind, number) = match limit {
        Limit::Amsl(height) => ("amsl_m", height.0),
        Limit::Agl(height) => ("agl_m", height.0),
        Limit::Pressure(height) => ("flight_level", authority::level(height.0)),
    };
    data(text, &format!("{which}_{behind}"), &number.to_string());
}

fn data(text: &mut String, name: &str, value: &str) {
    let value = escaped(value);
    let _ = writeln!(text, "<Data name=\"{name}\"><value>{value}</value></Data>");
}

fn polygon(text: &mut String, polygon: &Polygon) {
    text.push_str("<Polygon><tessellate>1</tessellate>");
    for (i, ring) in polygon.rings.iter().enumerate() {
        let side = if i == 0 { "outerBoundaryIs" } else { "innerBoundaryIs" };
        let _ = write!(text, "<{side}><LinearRing><coordinates>");
        for place in ring.iter().chain(ring.first()) {
            let _ = write!(text, "{},{} ", place.longitude.0, place.latitude.0);
        }
        let _ = write!(text, "</coordinates></LinearRing></{side}>");
    }
    text.push_str("</Polygon>\n");
}
