use proptest::prelude::*;

use super::*;

const GOOD: &str = r#"{ "type": "FeatureCollection", "features": [
{ "type": "Feature", "geometry": null, "properties": { "gas": "ch4", "origin_latitude_deg": 51.1,
  "origin_longitude_deg": -1.4, "pixels": 40, "area_m2": 360.0, "look_alike_flagged": false,
  "rate_by_mass_kg_per_h": 120.0, "rate_by_mass_sigma_kg_per_h": 48.0 } },
{ "properties": { "gas": "ch4", "pixels": 3 } },
{ "properties": { "gas": "nh3", "origin_latitude_deg": 51.2, "origin_longitude_deg": -1.4 } }
] }"#;

#[test]
fn plumes_with_a_place_are_read_and_the_others_counted() {
    let (seen, silent) = read(GOOD.as_bytes()).unwrap();
    assert_eq!((seen.len(), silent), (2, 1));
    assert_eq!(seen[0].origin_std, Metres(9.0));
    assert_eq!(seen[0].rate.unwrap().value, KgPerHour(120.0));
    assert_eq!((seen[1].gas.as_str(), seen[1].rate), ("nh3", None));
}

#[test]
fn a_look_alike_says_nothing_of_sources() {
    let text = GOOD.replace("false", "true");
    assert_eq!(read(text.as_bytes()).unwrap().1, 2);
}

#[test]
fn says_where_it_stops_making_sense() {
    let said = read(GOOD.replace("\"pixels\": 40", "\"pixels\": many").as_bytes()).unwrap_err();
    assert!(said.to_string().starts_with("line 3: expected"), "{said}");
}

proptest! {
    #[test]
    fn never_panics_near_the_truth(place in 0..GOOD.len(), junk in "\\PC{0,4}") {
        let mut text = GOOD.to_owned();
        text.insert_str(place, &junk);
        let _ = read(text.as_bytes());
    }
}
