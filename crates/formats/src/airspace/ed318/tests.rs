use cathartes_core::{
    airspace::{Limit, Purpose, Rule},
    geometry::{LatLon, bearing_and_distance},
    units::Degrees,
};
use proptest::prelude::*;

use super::*;
use crate::airspace::authority::{self, tests::plain_prohibitions};

const FILE: &str = r#"{"type": "FeatureCollection", "metadata": {"validFrom": "2026-01-01T00:00:00Z"}, "features": [
{"type": "Feature",
 "properties": {"identifier": "LER12", "country": "ESP", "type": "PROHIBITED", "variant": "COMMON",
   "limitedApplicability": [{"startDateTime": "2026-10-01T00:00:00Z", "endDateTime": "",
     "schedule": [{"day": ["MON"], "startTime": "08:00:00Z", "endTime": "18:00:00Z"}]}],
   "zoneAuthority": [{"purpose": "AUTHORIZATION"}]},
 "geometry": {"type": "Polygon", "coordinates": [[[-3.8, 40.4, 0], [-3.78, 40.4, 0], [-3.78, 40.42, 0], [-3.8, 40.4, 0]]],
   "layer": {"lower": 0, "lowerReference": "AGL", "upper": 400, "upperReference": "AMSL", "uom": "ft"}}},
{"type": "Feature",
 "properties": {"identifier": "LER12", "country": "ESP", "type": "REQ_AUTHORIZATION", "variant": "COMMON"},
 "geometry": {"type": "GeometryCollection", "geometries": [
   {"type": "Point", "coordinates": [-3.5, 40.5], "extent": {"subType": "Circle", "radius": 500},
    "layer": {"lower": 10, "lowerReference": "AMSL", "upper": 120, "upperReference": "AGL", "uom": "m"}}]}}
]}"#;

fn permit() -> Intent {
    Intent { rule: Rule::Permit, purposes: vec![Purpose::Imagery] }
}

fn refused(from: &str, to: &str, intent: &Intent) -> String {
    assert!(FILE.contains(from), "{from}");
    read(FILE.replacen(from, to, 1).as_bytes(), intent).unwrap_err().to_string()
}

#[test]
fn every_zone_is_a_prohibition_unless_the_caller_says_otherwise() {
    let rules = |intent: &Intent| {
        let clauses = read(FILE.as_bytes(), intent).unwrap().clauses;
        clauses.iter().map(|clause| clause.rule).collect::<Vec<_>>()
    };
    assert_eq!(rules(&Intent::default()), [Rule::Forbid, Rule::Forbid]);
    assert_eq!(rules(&permit()), [Rule::Forbid, Rule::Permit]);
    let customised = FILE.replace("REQ_AUTHORIZATION", "CONDITIONAL");
    let imported = read(customised.as_bytes(), &permit()).unwrap();
    assert_eq!(imported.clauses[1].rule, Rule::Forbid);
    assert!(imported.notes.iter().any(|note| note.contains("CONDITIONAL")), "{:?}", imported.notes);
}

#[test]
fn heights_times_and_numbers_are_those_of_the_file() {
    let imported = read(FILE.as_bytes(), &permit()).unwrap();
    let [one, two] = &imported.clauses[..] else { panic!("{imported:?}") };
    assert_eq!((&*one.number, &*two.number), ("LER12", "LER12-2"));
    assert_eq!(one.volume.ceiling, Some(Limit::Amsl(Metres(400.0 * 0.3048))));
    assert!(one.volume.floor.is_ground() && one.volume.polygons[0].rings[0].len() == 3);
    assert_eq!(one.windows[0].weekly[0].from_min, 480);
    assert_eq!((one.windows[0].to, two.windows.len()), (None, 0));
    assert_eq!((two.volume.floor, two.purposes.len()), (Limit::Amsl(Metres(10.0)), 1));
    insta::assert_snapshot!(imported.notes.join("\n"));
}

#[test]
fn a_circle_of_a_prohibition_is_larger_and_of_a_permission_smaller() {
    let middle = LatLon { latitude: Degrees(40.5), longitude: Degrees(-3.5) };
    let ways = |intent: &Intent| {
        let clauses = read(FILE.as_bytes(), intent).unwrap().clauses;
        let ring = &clauses[1].volume.polygons[0].rings[0];
        ring.iter().map(|place| bearing_and_distance(middle, *place).1.0).collect::<Vec<_>>()
    };
    assert!(ways(&Intent::default()).iter().all(|way| (500.0..510.0).contains(way)));
    assert!(ways(&permit()).iter().all(|way| (way - 500.0).abs() < 1e-6));
}

#[test]
fn heights_above_the_ellipsoid_prohibit_more_and_permit_nothing() {
    let file = FILE.replace("\"AMSL\"", "\"WGS84\"");
    let imported = read(file.as_bytes(), &Intent::default()).unwrap();
    assert_eq!(
        imported.clauses[0].volume.ceiling,
        Some(Limit::Amsl(Metres(400.0 * 0.3048 + 107.0)))
    );
    assert_eq!(imported.clauses[1].volume.floor, Limit::Amsl(Metres(10.0 - 86.0)));
    let said = read(file.as_bytes(), &permit()).unwrap_err().to_string();
    assert!(said.starts_with("feature 2: a height above the ellipsoid"), "{said}");
}

#[test]
fn a_zone_that_cannot_be_read_is_told_by_feature_and_vertex() {
    let forbid = Intent::default();
    let said = [
        refused("FeatureCollection", "Feature", &forbid),
        refused("\"identifier\"", "\"id\"", &forbid),
        refused("\"type\": \"Polygon\"", "\"type\": \"LineString\"", &forbid),
        refused("[-3.78, 40.42, 0]", "[-3.78]", &forbid),
        refused("[-3.78, 40.42, 0]", "[-3.75, 400.5]", &forbid),
        refused("[-3.78, 40.42, 0]", "[-3.78, 40.42], [-3.79, 40.3]", &forbid),
        refused("\"radius\": 500", "\"radius\": -500", &forbid),
        refused("\"uom\": \"ft\"", "\"uom\": \"fathoms\"", &forbid),
        refused("400, \"upperReference\": \"AMSL\"", "0, \"upperReference\": \"AGL\"", &forbid),
        refused("\"upper\": 120, ", "", &permit()),
        refused("\"lowerReference\": \"AMSL\"", "\"lowerReference\": \"QNH\"", &permit()),
        read(FILE.as_bytes(), &Intent { rule: Rule::Permit, purposes: vec![] })
            .unwrap_err()
            .to_string(),
    ];
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn a_permission_is_written_as_an_authorisation_while_its_document_is_valid() {
    let page = authority::read(authority::tests::example("Authority").as_bytes()).unwrap();
    let exported = write(&page, "esp").unwrap();
    insta::assert_snapshot!(format!("{}\n{}", exported.text, exported.notes.join("\n")));
}

#[test]
fn a_permission_up_to_a_flight_level_is_left_out() {
    let text =
        authority::tests::example("Authority").replace("\"amsl_m\": 4000", "\"flight_level\": 130");
    let exported = write(&authority::read(text.as_bytes()).unwrap(), "ESP").unwrap();
    assert!(!exported.text.contains("REQ_AUTHORIZATION"));
    assert!(exported.notes.iter().any(|note| note.contains("the permission is left out")));
}

#[test]
fn a_country_is_three_letters() {
    let page = authority::read(authority::tests::example("Authority").as_bytes()).unwrap();
    assert!(write(&page, "Spain").is_err());
}

proptest! {
    #[test]
    fn prohibitions_are_read_as_they_were_written(authority in plain_prohibitions()) {
        let exported = write(&authority, "ESP").unwrap();
        let imported = read(exported.text.as_bytes(), &Intent::default()).unwrap();
        prop_assert_eq!(imported.clauses, authority.clauses);
    }
}

#[test]
fn properties_in_a_zone_and_a_layer_beside_it_are_found() {
    let text = r#"{"type": "FeatureCollection", "features": [{"type": "Feature",
      "properties": {"UASZone": {"identifier": "A1", "type": "PROHIBITED", "variant": "CUSTOMIZED"},
        "verticalLayer": {"lower": 0, "lowerReference": "agl", "upper": 99999, "upperReference": "AMSL"}},
      "geometry": {"type": "MultiPolygon", "coordinates": [[[[0, 0], [0.01, 0], [0, 0.01], [0, 0]]]]}}]}"#;
    let imported = read(text.as_bytes(), &Intent::default()).unwrap();
    assert_eq!((&*imported.clauses[0].number, imported.clauses[0].volume.ceiling), ("A1", None));
    assert!(imported.notes[0].contains("customised"), "{:?}", imported.notes);
}
