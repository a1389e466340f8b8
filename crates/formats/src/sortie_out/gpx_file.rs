//! GPX 1.1: one route a sortie. A route has the times at which it is to be flown; a track would have been.

use cathartes_core::{sortie::Sortie, track::Fix};

use super::{degrees, metres};
use crate::xml::escaped;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<gpx version=\"1.1\" creator=\"Cathartes\" xmlns=\"http://www.topografix.com/GPX/1/1\">
";

/// The text of a file.
#[must_use]
pub fn gpx(sorties: &[Sortie]) -> String {
    let routes: String = sorties.iter().map(route).collect();
    format!("{HEAD}{routes}</gpx>\n")
}

fn route(sortie: &Sortie) -> String {
    let point = |(number, fix): (usize, &Fix)| {
        let name = sortie.visits.iter().find(|visit| visit.fixes[0] == number);
        let name = name.map_or_else(String::new, |visit| {
            format!("<name>{}</name>", escaped(&visit.requirement))
        });
        format!(
            "<rtept lat=\"{}\" lon=\"{}\"><ele>{}</ele><time>{}</time>{name}</rtept>\n",
            degrees(fix.place.latitude.0),
            degrees(fix.place.longitude.0),
            metres(fix.height.0),
            fix.time
        )
    };
    let points: String = sortie.track.fixes.iter().enumerate().map(point).collect();
    format!("<rte>\n<name>{}</name>\n{points}</rte>\n", escaped(&sortie.id))
}
