use cathartes_core::{
    geometry::LatLon,
    site::{Ledger, SiteId, Term},
    sortie::SensorClass,
    source::Ellipse90,
    units::{Degrees, Metres, Seconds},
};

use super::*;

fn at(longitude: f64) -> LatLon {
    LatLon { latitude: Degrees(0.0), longitude: Degrees(longitude) }
}

fn wanted() -> Requirement {
    Requirement {
        id: "R".to_owned(),
        question: "?".to_owned(),
        target: Target::Place { place: at(0.0), radius: Metres(1_000.0) },
        sensor: SensorClass::Gas,
        priority: 2,
        latest: "2026-10-05T12:00:00Z".parse().unwrap(),
        revisit: Some(Seconds(3_600.0)),
        wanted_probability: 0.9,
        site_probability: Some(0.4),
        site: None,
        sample: None,
        rate: None,
    }
}

fn site(number: u128, longitude: f64, ln_odds: f64) -> Site {
    let term = Term { observation: None, at: None, words: "so".to_owned(), ln_odds };
    let (semi_major, semi_minor) = (Metres(10.0), Metres(10.0));
    Site {
        id: SiteId(number),
        place: at(longitude),
        ellipse: Ellipse90 { semi_major, semi_minor, bearing: Degrees(0.0) },
        gases: Vec::new(),
        ledger: Ledger { terms: vec![term] },
        observations: Vec::new(),
        as_of: "2026-10-05T12:00:00Z".parse().unwrap(),
    }
}

#[test]
fn more_looks_add_less_and_nothing_beyond_what_is_wanted() {
    let worth = Worth::new(&wanted(), &[]);
    let hours =
        |n: usize| worth.of(&mut (0..n).map(|h| (7_200.0 * h as f64, 0.6)).collect::<Vec<_>>());
    let share = 0.5 * 0.4;
    assert!((hours(1) - share * 0.6).abs() < 1e-12 && (hours(2) - share * 0.84).abs() < 1e-12);
    assert!((hours(3) - share * 0.9).abs() < 1e-12 && hours(4) == hours(3));
    assert_eq!(worth.looks(0.6), 3);
}

#[test]
fn looks_too_near_to_each_other_count_as_the_better_of_both() {
    let worth = Worth::new(&wanted(), &[]);
    let both = worth.of(&mut [(600.0, 0.3), (0.0, 0.5)]);
    assert_eq!(both, worth.of(&mut [(0.0, 0.5)]));
    assert!(worth.of(&mut [(3_600.0, 0.3), (0.0, 0.5)]) > both);
}

#[test]
fn sites_within_a_target_say_how_probable_it_is_that_there_is_anything() {
    let near = [site(1, 0.001, 0.0), site(2, 0.002, 0.0), site(3, 0.5, 5.0)];
    assert!((Worth::new(&wanted(), &near).share - 0.5 * 0.75).abs() < 1e-9);
    let named = Requirement { site: Some(SiteId(3)), ..wanted() };
    assert!((Worth::new(&named, &near).share - 0.5 / (1.0 + (-5.0_f64).exp())).abs() < 1e-9);
    assert!((Worth::new(&wanted(), &near[2..]).share - 0.2).abs() < 1e-9);
}
