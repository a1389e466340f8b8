use cathartes_core::{
    geometry::{LatLon, bearing_and_distance, destination},
    source::Ellipse90,
    units::{Degrees, Metres},
};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;

const SECRET: RecipientSecret = RecipientSecret([7; 32]);

fn to(had: &[Value]) -> For<'_> {
    For { secret: &SECRET, had, thing: "site place" }
}

fn at(latitude: f64, longitude: f64) -> LatLon {
    LatLon { latitude: Degrees(latitude), longitude: Degrees(longitude) }
}

fn place(place: LatLon, a: f64) -> Value {
    let ellipse =
        Ellipse90 { semi_major: Metres(a), semi_minor: Metres(a / 2.0), bearing: Degrees(30.0) };
    Value::Place { place, ellipse }
}

fn circle_of(value: &Value, had: &[Value]) -> (LatLon, f64) {
    match lessened(&Action::SearchArea { radius: Metres(500.0) }, value, to(had)) {
        Some(Value::Circle { middle, radius }) => (middle, radius.0),
        other => panic!("{other:?}"),
    }
}

fn corners(value: &Value, had: &[Value]) -> [LatLon; 4] {
    match lessened(&Action::Grid { cell: Metres(1000.0) }, value, to(had)) {
        Some(Value::Cell { corners }) => corners,
        other => panic!("{other:?}"),
    }
}

fn had(middle: LatLon, radius: f64) -> Value {
    Value::Circle { middle, radius: Metres(radius) }
}

proptest! {
    #[test]
    fn a_circle_holds_the_ellipse(lat in -85.0..85.0f64, lon in -179.0..179.0f64, a in 0.0..2000.0f64) {
        let here = at(lat, lon);
        let (middle, radius) = circle_of(&place(here, a), &[]);
        let distance = bearing_and_distance(middle, here).1.0;
        // A middle is rounded to a metre.
        prop_assert!(distance + a <= radius + 1.0, "{distance} + {a} > {radius}");
    }

    #[test]
    fn what_wavers_within_its_ellipse_has_one_circle_for_ever(
        lat in -60.0..60.0f64, moves in prop::collection::vec((0.0..360.0f64, 0.0..29.0f64), 30),
    ) {
        let first = circle_of(&place(at(lat, 20.0), 30.0), &[]);
        let mut seen = vec![had(first.0, first.1)];
        for (bearing, metres) in moves {
            let moved = destination(at(lat, 20.0), Degrees(bearing), Metres(metres));
            let again = circle_of(&place(moved, 30.0), &seen);
            prop_assert_eq!(again, first);
            seen.push(had(again.0, again.1));
        }
    }

    #[test]
    fn what_left_its_circle_has_another_far_from_it(bearing in 0.0..360.0f64, further in 1001.0..1500.0f64) {
        let here = at(8.0, 20.0);
        let first = circle_of(&place(here, 30.0), &[]);
        let moved = destination(here, Degrees(bearing), Metres(further));
        let second = circle_of(&place(moved, 30.0), &[had(first.0, first.1)]);
        prop_assert!(bearing_and_distance(first.0, second.0).1.0 >= 500.0);
        prop_assert!(bearing_and_distance(moved, second.0).1.0 <= 500.0);
    }

    #[test]
    fn a_square_holds_its_place_and_is_no_narrower_than_four_ellipses(
        lat in -85.0..85.0f64, lon in -179.9..179.9f64, a in 0.0..5000.0f64,
    ) {
        let [low, _, high, _] = corners(&place(at(lat, lon), a), &[]);
        // Corners are rounded to a metre.
        let slack = 1e-5;
        prop_assert!(low.latitude.0 <= lat + slack && lat <= high.latitude.0 + slack);
        prop_assert!(low.longitude.0 <= lon + slack && lon <= high.longitude.0 + slack);
        let side = bearing_and_distance(low, at(high.latitude.0, low.longitude.0)).1.0;
        prop_assert!(side >= 0.98 * 4.0 * a && side >= 980.0, "{side}");
    }

    #[test]
    fn hours_days_and_bands_hold_what_they_were_made_of(from in 0i64..2_000_000_000, long in 0i64..200_000,
        low in 0.0..900.0f64, wide in 0.0..90.0f64) {
        let moment = |s: i64| Timestamp::from_second(s).unwrap();
        let value = Value::Observed(Period { from: moment(from), to: moment(from + long) });
        for action in [Action::Hour, Action::Day] {
            let Some(Value::Observed(left)) = lessened(&action, &value, to(&[])) else { panic!() };
            prop_assert!(left.from <= moment(from) && left.to >= moment(from + long));
            let unit = if action == Action::Hour { 3600 } else { 86_400 };
            prop_assert_eq!(left.from.as_second() % unit, 0);
            prop_assert_eq!((left.to.as_second() + 1) % unit, 0);
        }
        let rate = Interval90 { low: KgPerHour(low), high: KgPerHour(low + wide) };
        let band = Action::Band { edges_kg_h: vec![0.0, 10.0, 100.0, 1000.0] };
        let Some(Value::Rate(left)) = lessened(&band, &Value::Rate(rate), to(&[])) else { panic!() };
        prop_assert!(left.low.0 <= low && left.high.0 >= low + wide);
        prop_assert!([0.0, 10.0, 100.0].contains(&left.low.0));
    }

    #[test]
    fn a_reduced_picture_is_small_and_repeats_no_pixel_of_a_noisy_one(w in 1u32..90, h in 1u32..90, seed in any::<u64>()) {
        use rand::{RngExt, SeedableRng};
        let mut rng = rand_xoshiro::Xoshiro256PlusPlus::seed_from_u64(seed);
        let rgb: Vec<u8> = (0..3 * w * h).map(|_| rng.random()).collect();
        let corner = rgb[rgb.len() - 3..].to_vec();
        let image = Image { width_px: w, height_px: h, rgb };
        let left = lessened(&Action::Reduce { longest_px: 32 }, &Value::Picture(image), to(&[]));
        let Some(Value::Picture(left)) = left else {
            prop_assert_eq!((w, h), (1, 1));
            return Ok(());
        };
        prop_assert!(left.width_px <= 32 && left.height_px <= 32 && left.width_px * 2 <= w + 1);
        prop_assert_eq!(left.rgb.len() as u32, 3 * left.width_px * left.height_px);
        prop_assert!(!left.rgb.ends_with(&corner), "the last pixel covers one alone");
    }
}

#[test]
fn middles_lie_anywhere_alike_in_the_disc() {
    let here = at(8.0, 20.0);
    let mut shares = Vec::new();
    for n in 0..600u32 {
        let thing = format!("site {n}");
        let to = For { secret: &SECRET, had: &[], thing: &thing };
        let value = lessened(&Action::SearchArea { radius: Metres(500.0) }, &place(here, 50.0), to);
        let Some(Value::Circle { middle, .. }) = value else { panic!() };
        shares.push((bearing_and_distance(middle, here).1.0 / 450.0).powi(2));
    }
    let mean = shares.iter().sum::<f64>() / 600.0;
    // Even over the disc: the square of the distance is even, with deviation of the mean 0.012.
    assert!((mean - 0.5).abs() < 0.05, "{mean}");
}

#[test]
fn two_recipients_have_two_circles() {
    let other = RecipientSecret([8; 32]);
    let value = place(at(8.0, 20.0), 10.0);
    let action = Action::SearchArea { radius: Metres(500.0) };
    let one = lessened(&action, &value, to(&[]));
    let two = lessened(&action, &value, For { secret: &other, ..to(&[]) });
    assert_ne!(one, two);
    assert_eq!(one, lessened(&action, &value, to(&[])));
}

#[test]
fn two_things_in_one_place_have_one_circle() {
    let first = circle_of(&place(at(8.0, 20.0), 10.0), &[]);
    let near = destination(at(8.0, 20.0), Degrees(10.0), Metres(3.0));
    let seen = [had(first.0, first.1)];
    let to = For { secret: &SECRET, had: &seen, thing: "another site place" };
    let value = lessened(&Action::SearchArea { radius: Metres(500.0) }, &place(near, 10.0), to);
    assert_eq!(value, Some(had(first.0, 500.0)));
}

#[test]
fn a_place_that_wavers_about_an_edge_keeps_its_square() {
    let [low, ..] = corners(&place(at(8.0, 20.0), 10.0), &[]);
    let inside = at(low.latitude.0 + 0.00003, 20.0);
    let outside = at(low.latitude.0 - 0.00003, 20.0);
    let first = corners(&place(inside, 10.0), &[]);
    let second = corners(&place(outside, 10.0), &[Value::Cell { corners: first }]);
    assert_eq!(first, second);
    assert_ne!(first, corners(&place(outside, 10.0), &[]));
}

#[test]
fn how_near_an_edge_is_does_not_make_a_square_larger() {
    let sides: std::collections::BTreeSet<i64> = (0..200)
        .map(|n| {
            let [low, _, high, _] =
                corners(&place(at(8.0 + f64::from(n) * 1e-4, 20.0), 100.0), &[]);
            ((high.latitude.0 - low.latitude.0) * 1e4).round() as i64
        })
        .collect();
    assert_eq!(sides.len(), 1, "{sides:?}");
}

#[test]
fn a_number_of_ours_never_leaves_as_it_is() {
    let value = Value::Id { id: Uuid::from_u128(5) };
    assert_eq!(lessened(&Action::Keep, &value, to(&[])), None);
    let Some(Value::Alias { alias }) = lessened(&Action::Rename, &value, to(&[])) else { panic!() };
    assert!(!alias.contains("0000"), "{alias}");
}

#[test]
fn several_flights_have_one_name_that_tells_neither_them_nor_their_number() {
    let flights =
        |names: &[&str]| Value::Names { names: names.iter().map(|n| (*n).into()).collect() };
    let alias = |value: &Value| lessened(&Action::Rename, value, to(&[])).unwrap();
    let Value::Alias { alias: known } = alias(&flights(&["sortie-30", "sortie-31"])) else {
        panic!()
    };
    assert!(!known.contains("sortie"), "{known}");
    let one = Value::Name { name: "sortie-30".into() };
    let Value::Alias { alias: of_one } = alias(&one) else { panic!() };
    assert_eq!(known.len(), of_one.len());
    assert_ne!(known, of_one);
    assert_eq!(alias(&flights(&["sortie-30", "sortie-31"])), Value::Alias { alias: known });
}

#[test]
fn a_name_that_the_table_does_not_have_stays() {
    let by = [("AVIRIS-NG".to_owned(), "airborne imager".to_owned())].into();
    let replace = Action::Replace { by };
    let name = |name: &str| Value::Name { name: name.into() };
    assert_eq!(lessened(&replace, &name("AVIRIS-NG"), to(&[])), Some(name("airborne imager")));
    assert_eq!(lessened(&replace, &name("HyTES"), to(&[])), None);
    let names = Value::Names { names: vec!["AVIRIS-NG".into(), "HyTES".into()] };
    assert_eq!(lessened(&replace, &names, to(&[])), None);
}

#[test]
fn a_picture_whose_pixels_are_not_all_there_stays() {
    let image = Image { width_px: 4, height_px: 4, rgb: vec![0; 47] };
    for action in [Action::Keep, Action::Reduce { longest_px: 2 }] {
        assert_eq!(lessened(&action, &Value::Picture(image.clone()), to(&[])), None);
    }
}

#[test]
fn an_action_for_another_type_leaves_nothing() {
    let words = Value::Words { words: "a shed by the river".into() };
    for action in [Action::Hour, Action::Day, Action::Rename, Action::Grid { cell: Metres(100.0) }]
    {
        assert_eq!(lessened(&action, &words, to(&[])), None, "{action:?}");
    }
}
