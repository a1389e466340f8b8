use cathartes_core::{
    airspace::{Limit, Purpose},
    geometry::{LatLon, bearing_and_distance},
    units::Degrees,
};
use proptest::prelude::*;

use super::*;
use crate::airspace::authority::{self, tests::plain_prohibitions};

const FILE: &str = r#"{"features": [
{"identifier": "EHR1", "country": "NLD", "type": "COMMON", "restriction": "PROHIBITED",
 "applicability": [{"permanent": "YES"}],
 "geometry": [{"uomDimensions": "M", "lowerLimit": 0, "lowerVerticalReference": "AGL",
   "upperLimit": 120, "upperVerticalReference": "AGL",
   "horizontalProjection": {"type": "Polygon", "coordinates": [[[4.8, 52.4], [4.9, 52.4], [4.9, 52.5], [4.8, 52.4]]]}},
  {"uomDimensions": "M", "lowerLimit": 0, "lowerVerticalReference": "AGL",
   "upperLimit": 500, "upperVerticalReference": "AMSL",
   "horizontalProjection": {"type": "Circle", "center": [5, 52], "radius": 1000}}]},
{"identifier": "EHR2", "country": "NLD", "type": "COMMON", "restriction": "REQ_AUTHORISATION",
 "applicability": [{"permanent": "NO", "startDateTime": "2026-10-01T00:00:00Z", "endDateTime": "2026-11-01T00:00:00Z"}],
 "geometry": [{"uomDimensions": "FT", "lowerLimit": 0, "lowerVerticalReference": "AGL",
   "upperLimit": 400, "upperVerticalReference": "AGL",
   "horizontalProjection": {"type": "Circle", "center": [5, 53], "radius": 1000}}]}
]}"#;

fn permit() -> Intent {
    Intent { rule: Rule::Permit, purposes: vec![Purpose::Imagery] }
}

#[test]
fn geometries_of_unlike_heights_are_clauses_of_their_own() {
    let imported = read(FILE.as_bytes(), &permit()).unwrap();
    let numbers: Vec<&str> = imported.clauses.iter().map(|clause| &*clause.number).collect();
    assert_eq!(numbers, ["EHR1", "EHR1-2", "EHR2"]);
    assert_eq!(imported.clauses[2].rule, Rule::Permit);
    assert_eq!(imported.clauses[1].volume.ceiling, Some(Limit::Amsl(Metres(500.0))));
    assert_eq!((imported.clauses[0].windows.len(), imported.clauses[2].windows.len()), (0, 1));
}

#[test]
fn a_radius_of_an_unclear_unit_is_taken_on_the_safe_side() {
    let way = |intent: &Intent| {
        let clauses = read(FILE.as_bytes(), intent).unwrap().clauses;
        let middle = LatLon { latitude: Degrees(53.0), longitude: Degrees(5.0) };
        bearing_and_distance(middle, clauses[2].volume.polygons[0].rings[0][0]).1.0
    };
    assert!((1000.0..1010.0).contains(&way(&Intent::default())));
    assert!((way(&permit()) - 304.8).abs() < 1e-6);
}

#[test]
fn what_is_missing_prohibits_more_and_permits_nothing() {
    let file = FILE.replace("\"upperLimit\": 400, ", "");
    let imported = read(file.as_bytes(), &Intent::default()).unwrap();
    assert_eq!(imported.clauses[2].volume.ceiling, None);
    assert!(
        imported.notes.iter().any(|note| note.contains("no upper limit")),
        "{:?}",
        imported.notes
    );
    let said = read(file.as_bytes(), &permit()).unwrap_err().to_string();
    assert!(said.starts_with("feature 2, geometry 1: no upper limit, and a permission"), "{said}");
}

#[test]
fn a_zone_without_a_place_is_refused() {
    let text = "{\"features\": [{\"identifier\": \"A\", \"restriction\": \"PROHIBITED\", \"geometry\": []}]}";
    let said = read(text.as_bytes(), &Intent::default()).unwrap_err().to_string();
    assert_eq!(said, "feature 1: `geometry` is empty; give the zone a place");
}

proptest! {
    #[test]
    fn prohibitions_are_read_as_they_were_written(authority in plain_prohibitions()) {
        let exported = write(&authority, "NLD").unwrap();
        let imported = read(exported.text.as_bytes(), &Intent::default()).unwrap();
        prop_assert_eq!(imported.clauses, authority.clauses);
    }
}

#[test]
fn the_words_are_those_of_the_form() {
    let page = authority::read(authority::tests::example("Authority").as_bytes()).unwrap();
    insta::assert_snapshot!(write(&page, "ESP").unwrap().text);
}
