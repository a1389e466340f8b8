use cathartes_core::{
    estimate::Interval90,
    observation::Period,
    source::Ellipse90,
    units::{KgPerHour, Metres},
};
use uuid::Uuid;

use super::*;

fn stays(path: &str, before: Value) -> Difference {
    let path = FieldPath::new(path).unwrap();
    Difference { path, before, after: None, rule: "drop".into(), why: "a test".into() }
}

fn name(name: &str) -> Value {
    Value::Name { name: name.into() }
}

fn told(withheld: &[Difference], words: &str) -> Option<String> {
    let value = Value::Words { words: words.into() };
    Withheld::of(withheld.iter()).told_by(&value).map(ToString::to_string)
}

#[test]
fn a_sentence_that_names_what_stays_tells_of_it() {
    let withheld = [stays("sensor", name("EMIT")), stays("analysts[0]", name("Ana"))];
    assert_eq!(told(&withheld, "seen by EMIT-2").as_deref(), Some("sensor"));
    assert_eq!(told(&withheld, "seen by emit").as_deref(), Some("sensor"));
    assert_eq!(told(&withheld, "it emits methane"), None);
    assert_eq!(told(&withheld, "ana looked at it").as_deref(), Some("analysts[0]"));
    assert_eq!(told(&withheld, "bananas"), None);
}

#[test]
fn a_name_that_leaves_elsewhere_is_not_told_of() {
    let mut leaves = stays("platform", name("EMIT"));
    leaves.after = Some(name("EMIT"));
    assert_eq!(told(&[stays("sensor", name("EMIT")), leaves], "seen by EMIT"), None);
}

#[test]
fn a_number_of_ours_is_found_with_and_without_its_hyphens() {
    let id = Uuid::from_u128(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef);
    let withheld = [stays("id", Value::Id { id })];
    for text in [id.to_string(), id.simple().to_string(), "01234567".to_owned()] {
        assert_eq!(told(&withheld, &format!("see {text}")).as_deref(), Some("id"), "{text}");
    }
}

#[test]
fn coordinates_are_found_to_the_figures_they_are_written_with() {
    let place = LatLon { latitude: Degrees(7.123_456), longitude: Degrees(-72.654_321) };
    let ellipse =
        Ellipse90 { semi_major: Metres(47.3), semi_minor: Metres(11.0), bearing: Degrees(0.0) };
    let withheld = [stays("place", Value::Place { place, ellipse })];
    for text in ["7.12", "7,1234", "7.123456", "-72.6543", "72.65 W", "7°07'24\"N", "47.3 m"] {
        assert_eq!(told(&withheld, text).as_deref(), Some("place"), "{text}");
    }
    for text in ["7.1", "72 sheds", "7.25 km away", "8°07'24\"", "in 2026"] {
        assert_eq!(told(&withheld, text), None, "{text}");
    }
}

#[test]
fn rates_probabilities_and_times_are_found() {
    let rate = Interval90 { low: KgPerHour(31.4), high: KgPerHour(128.6) };
    let period = Period {
        from: "2026-05-01T14:32:10Z".parse().unwrap(),
        to: "2026-05-01T14:35:00Z".parse().unwrap(),
    };
    let withheld = [
        stays("rate", Value::Rate(rate)),
        stays("likelihood", Value::Probability { probability: 0.8374 }),
        stays("observed", Value::Observed(period)),
    ];
    assert_eq!(told(&withheld, "from 31.4 kg/h").as_deref(), Some("rate"));
    assert_eq!(told(&withheld, "129 kg/h").as_deref(), Some("rate"));
    assert_eq!(told(&withheld, "probability 0.837").as_deref(), Some("likelihood"));
    assert_eq!(told(&withheld, "83.7 %").as_deref(), Some("likelihood"));
    assert_eq!(told(&withheld, "over it at 14:32 UTC").as_deref(), Some("observed"));
    assert_eq!(told(&withheld, "on 1 May 2026, about 100 kg/h, 84 %"), None);
}

#[test]
fn a_minute_that_another_field_may_say_hides_no_second_that_stays() {
    let period = |from: &str| {
        let from = from.parse().unwrap();
        Value::Observed(Period { from, to: from })
    };
    let mut expires = stays("expires", period("2027-02-01T14:32:59Z"));
    expires.after = Some(expires.before.clone());
    let withheld = [stays("observed", period("2026-05-01T14:32:10Z")), expires];
    assert_eq!(told(&withheld, "over it at 14:32:10").as_deref(), Some("observed"));
    assert_eq!(told(&withheld, "answer before 14:32"), None);
}
