//! KML 2.2 (OGC 07-147r2): of each sortie a line at its heights, and a placemark a visit with its time.

use cathartes_core::{sortie::Sortie, track::Fix};

use super::{degrees, metres};
use crate::xml::escaped;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<kml xmlns=\"http://www.opengis.net/kml/2.2\">
<Document>
";

/// The text of a file.
#[must_use]
pub fn kml(sorties: &[Sortie]) -> String {
    let folders: String = sorties.iter().map(folder).collect();
    format!("{HEAD}{folders}</Document>\n</kml>\n")
}

fn folder(sortie: &Sortie) -> String {
    let fixes = &sortie.track.fixes;
    let visits: String = sortie
        .visits
        .iter()
        .map(|visit| {
            let [first, last] = visit.fixes;
            let part = fixes.get(first..=last).unwrap_or_default();
            let name = format!("{}: {}", visit.requirement, visit.pattern.word());
            let span = [visit.time.from, visit.time.to].map(|at| at.to_string());
            placemark(&name, &span, part)
        })
        .collect();
    let span = [fixes.first(), fixes.last()]
        .map(|fix| fix.map_or_else(String::new, |f| f.time.to_string()));
    let whole = placemark(&sortie.id, &span, fixes);
    format!("<Folder>\n<name>{}</name>\n{whole}{visits}</Folder>\n", escaped(&sortie.id))
}

fn placemark(name: &str, [from, to]: &[String; 2], fixes: &[Fix]) -> String {
    let at = |fix: &Fix| {
        let (longitude, latitude) = (degrees(fix.place.longitude.0), degrees(fix.place.latitude.0));
        format!("{longitude},{latitude},{}", metres(fix.height.0))
    };
    let coordinates: Vec<String> = fixes.iter().map(at).collect();
    format!(
        "<Placemark>\n<name>{}</name>\n<TimeSpan><begin>{from}</begin><end>{to}</end></TimeSpan>\n\
         <LineString>\n<altitudeMode>absolute</altitudeMode>\n<coordinates>{}</coordinates>\n\
         </LineString>\n</Placemark>\n",
        escaped(name),
        coordinates.join(" ")
    )
}
