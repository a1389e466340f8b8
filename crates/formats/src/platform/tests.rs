use cathartes_core::sortie::SensorClass;
use proptest::prelude::*;

use super::*;

const GOOD: &str = include_str!("../../platforms/small-drone.toml");

fn refused_with(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "{from}");
    parse(GOOD.replace(from, to).as_bytes()).unwrap_err().to_string()
}

#[test]
fn five_platforms_are_shipped_and_each_says_where_its_figures_are_from() {
    let all = builtin().unwrap();
    let kinds: Vec<&str> = all.iter().map(|one| one.kind.as_str()).collect();
    let expected = [
        "high-altitude imagery aircraft",
        "maritime patrol aircraft",
        "medium-altitude drone",
        "signals aircraft",
        "small drone",
    ];
    assert_eq!(kinds, expected);
    assert!(all.iter().all(|one| !one.sources.is_empty() && one.reserve.0 > 0.0));
    let has = |class| all.iter().flat_map(|one| &one.sensors).any(|sensor| sensor.class == class);
    assert!(SensorClass::ALL.into_iter().all(has));
    // Every line with a number that is no choice of the form says why it is that number.
    for text in BUILTIN {
        let numbers = text.lines().filter(|line| line.contains("_m = ") || line.contains("_s = "));
        let bare = numbers.filter(|line| !line.contains('#') && !line.contains("heights_m"));
        let bare: Vec<&str> = bare.filter(|line| !line.ends_with("= 0")).collect();
        assert!(bare.iter().all(|line| line.starts_with("nearest_m")), "{bare:?}");
    }
}

#[test]
fn a_turn_is_no_tighter_than_half_a_right_angle_of_bank() {
    for one in builtin().unwrap() {
        let tightest_m = one.speeds[1].0.powi(2) / 9.81;
        assert!(one.turn_radius.0 >= tightest_m, "{}: {tightest_m}", one.kind);
    }
}

#[test]
fn what_is_wrong_is_said_with_its_place_and_what_to_do() {
    let said = [
        refused_with("climb_m_s = 4 ", "climb_m_s = -4 "),
        refused_with("speed_m_s = [0, 8, 20]", "speed_m_s = [0, 30, 20]"),
        refused_with("reserve_min = 6 ", "reserve_min = 60 "),
        refused_with("class = \"gas\"", "class = \"smell\""),
        refused_with("view = \"around\"", "view = \"down\""),
        refused_with("detection_probability = 0.9", "detection_probability = 2"),
        refused_with("ceiling_m", "ceiling_ft"),
        parse(b"\xff").unwrap_err().to_string(),
    ];
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn what_carries_weapons_is_refused_as_such() {
    for more in
        ["purposes = [\"imagery\", \"Weapons\"]", "weapons = 2", "payload = { missiles = 4 }"]
    {
        let text = GOOD.replace("[flight]", &format!("{more}\n\n[flight]"));
        let refused = parse(text.as_bytes()).unwrap_err();
        assert!(matches!(refused, PlatformError::Armed { .. }), "{more}: {refused}");
    }
}

proptest! {
    #[test]
    fn never_panics_near_the_truth(at in 0..GOOD.len(), junk in "\\PC{0,4}") {
        let mut text = GOOD.to_owned();
        if text.is_char_boundary(at) {
            text.insert_str(at, &junk);
        }
        let _ = parse(text.as_bytes());
    }
}
