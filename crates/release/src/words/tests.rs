use cathartes_core::{
    estimate::Interval90,
    geometry::LatLon,
    source::Ellipse90,
    units::{Degrees, KgPerHour, Metres},
};
use proptest::prelude::*;

use super::*;
use Language::{En, Es};

fn path(text: &str) -> FieldPath {
    FieldPath::new(text).unwrap()
}

fn both(path: &FieldPath, held: &Value) -> [String; 2] {
    [En, Es].map(|language| value(language, path, held))
}

#[test]
fn english_terms_are_those_of_the_type() {
    for (_, term) in Likelihood::FROM_PROBABILITY {
        assert_eq!(likelihood(En, term), term.to_string());
    }
}

#[test]
fn ranges_of_terms_are_those_that_the_type_begins_them_at() {
    for (i, (from, _)) in Likelihood::FROM_PROBABILITY.iter().enumerate().skip(1) {
        let said = [Likelihood::FROM_PROBABILITY[i - 1].0, *from].map(|p| probability(En, p));
        let edge = format!("{:.0}", from * 100.0);
        assert!(said[0].contains(&format!(" to {edge} %)")), "{said:?}");
        assert!(said[1].contains(&format!("({edge} to ")), "{said:?}");
    }
    assert_eq!(probability(Es, 0.9), "muy probable (80 a 95 %)");
}

#[test]
fn every_gas_of_the_library_has_a_name_in_both_languages() {
    let library = cathartes_formats::gas_library::builtin();
    assert_eq!(library.len(), GASES.len());
    for held in library {
        let slug = held.gas.slug.as_str();
        let known = GASES.iter().find(|(known, ..)| *known == slug);
        assert!(known.is_some(), "{slug} is not in the table");
        assert_eq!(gas(En, slug).to_lowercase(), held.gas.name.to_lowercase(), "{slug}");
    }
    assert_eq!(gas(Es, "nh3"), "amoníaco");
    assert_eq!(gas(Es, "something else"), "something else");
}

#[test]
fn every_field_in_use_has_a_label_in_both_languages() {
    for field in FIELDS {
        let one = path(&field.path.replace('*', "1"));
        assert_eq!(one.kind(), field.path);
        assert_eq!(field.path.contains('*'), field.en.contains('#'), "{}", field.path);
        assert_eq!(field.path.contains('*'), field.es.contains('#'), "{}", field.path);
    }
    assert_eq!(label(Es, &path("sources[1].place")), "Fuente 2: lugar");
    assert_eq!(label(En, &path("what.es")), "What was found (in Spanish)");
    assert_eq!(label(En, &path("some.other[3].thing")), "some: other[3]: thing");
}

#[test]
fn numbers_keep_three_figures() {
    let said = [0.0, 1.0, 12.345, 0.001_234_5, 999.6, 123_456.0, -45.67, 1e-9].map(figures);
    assert_eq!(said, ["0", "1", "12.3", "0.00123", "1000", "123000", "-45.7", "0.000000001"]);
}

#[test]
fn times_are_said_in_utc_and_a_day_only_once() {
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let within = Period { from: at("2026-10-05T15:04:59Z"), to: at("2026-10-05T16:00:00Z") };
    assert_eq!(period(En, within), "5 October 2026, 15:04 to 16:00 UTC");
    assert_eq!(period(Es, within), "5 de octubre de 2026, 15:04 a 16:00 UTC");
    let over = Period { from: at("2026-12-31T23:00:00Z"), to: at("2027-01-01T01:00:00Z") };
    assert_eq!(period(En, over), "31 December 2026, 23:00 UTC to 1 January 2027, 01:00 UTC");
    let moment = Period { from: over.to, to: over.to };
    assert_eq!(period(Es, moment), "1 de enero de 2027, 01:00 UTC");
}

#[test]
fn what_fields_hold_is_said_in_both_languages() {
    let place = LatLon { latitude: Degrees(32.4), longitude: Degrees(-116.5) };
    let ellipse =
        Ellipse90 { semi_major: Metres(123.4), semi_minor: Metres(40.0), bearing: Degrees(12.0) };
    let held = Value::Place { place, ellipse };
    assert_eq!(
        both(&path("place"), &held),
        [
            "32.40000, -116.50000; nine times in ten within 123 m x 40 m",
            "32.40000, -116.50000; nueve de cada diez veces a menos de 123 m x 40 m",
        ]
    );
    let held = Value::Circle { middle: place, radius: Metres(500.0) };
    assert_eq!(
        both(&path("place"), &held),
        [
            "somewhere within 500 m of 32.40000, -116.50000",
            "en algún punto a menos de 500 m de 32.40000, -116.50000",
        ]
    );
    let held = Value::Rate(Interval90 { low: KgPerHour(10.0), high: KgPerHour(45.678) });
    assert_eq!(
        both(&path("rate"), &held),
        ["10 to 45.7 kg/h with nine chances in ten", "10 a 45.7 kg/h en nueve de cada diez casos"]
    );
    let held = Value::Names { names: vec!["nh3".into(), "ch4".into()] };
    assert_eq!(both(&path("gases"), &held), ["ammonia, methane", "amoníaco, metano"]);
    assert_eq!(both(&path("scenes[0]"), &held), ["nh3, ch4"; 2]);
    let held = Value::Name { name: "moderate".into() };
    assert_eq!(both(&path("confidence"), &held), ["moderate", "moderada"]);
    assert_eq!(both(&path("title"), &held), ["moderate"; 2]);
}

proptest! {
    #[test]
    fn figures_are_within_half_of_the_last_of_three(value in prop::num::f64::NORMAL) {
        prop_assume!(value.abs() > 1e-300 && value.abs() < 1e300);
        let said: f64 = figures(value).parse().unwrap();
        prop_assert!((said - value).abs() <= 0.005_000_1 * value.abs(), "{} {}", value, said);
    }

    #[test]
    fn no_moment_is_too_early_or_late_to_say(second in -377_705_023_201_i64..253_402_207_200) {
        let at = Timestamp::from_second(second).unwrap();
        prop_assert!(moment(Es, at).ends_with(" UTC"));
    }
}
