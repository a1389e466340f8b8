use proptest::prelude::*;

use super::*;

const GOOD: &str = include_str!("../../../../fuzz/seeds/requirements/three.txt");

fn refused_with(from: &str, to: &str) -> RequirementsError {
    assert!(GOOD.contains(from), "{from}");
    parse(GOOD.replacen(from, to, 1).as_bytes()).unwrap_err()
}

#[test]
fn points_and_polygons_are_requirements() {
    let all = parse(GOOD.as_bytes()).unwrap();
    let [gas, pictures, sea] = all.as_slice() else { panic!("{all:?}") };
    assert!(matches!(gas.target, Target::Place { radius: Metres(800.0), .. }));
    assert_eq!((gas.priority, gas.wanted_probability), (1, 0.95));
    assert_eq!(gas.revisit, Some(Seconds(14_400.0)));
    assert!(matches!(&pictures.target, Target::Area { ring } if ring.len() == 3));
    assert_eq!((pictures.priority, pictures.sample), (3, Some(Metres(0.5))));
    assert!(sea.site.is_some() && sea.sensor == SensorClass::Maritime);
}

#[test]
fn what_is_wrong_is_said_with_the_feature_the_field_and_what_to_do() {
    let said = [
        refused_with("\"priority\": 1", "\"priority\": 9"),
        refused_with("\"priority\": 1", "\"priority\": 1.5"),
        refused_with("\"priority\": 1", "\"prioriy\": 1"),
        refused_with("\"sensor\": \"gas\"", "\"sensor\": \"nose\""),
        refused_with("2026-10-05T18:00:00Z", "tonight"),
        refused_with("[-116.7, 32.3]", "[-116.7, 132.3]"),
        refused_with("\"R-2\"", "\"R-1\""),
        refused_with("\"purpose\": \"imagery\"", "\"purpose\": \"signals\""),
        refused_with("\"sample_m\": 0.5", "\"radius_m\": 5"),
        refused_with("\"question\": \"what lies at anchor?\"", "\"phone\": \"1\""),
        refused_with("0198a7d2", "198a7d2"),
        parse(b"{\"type\": \"FeatureCollection\", \"features\": []}").unwrap_err(),
        parse(b"[").unwrap_err(),
    ];
    insta::assert_snapshot!(said.map(|error| error.to_string()).join("\n"));
}

#[test]
fn a_requirement_of_weapons_is_refused_as_such() {
    let purpose = refused_with("\"purpose\": \"imagery\"", "\"purpose\": \"weapons\"");
    assert!(matches!(purpose, RequirementsError::Armed { number: 2, .. }), "{purpose}");
    let field = refused_with("\"priority\": 1", "\"strike_after\": 1");
    assert!(matches!(field, RequirementsError::Armed { number: 1, .. }), "{field}");
}

proptest! {
    #[test]
    fn never_panics_near_the_truth(at in 0..GOOD.len(), junk in "\\PC{0,4}") {
        let mut text = GOOD.to_owned();
        text.insert_str(at, &junk);
        let _ = parse(text.as_bytes());
    }
}
