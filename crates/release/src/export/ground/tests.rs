use proptest::prelude::*;

use super::*;
use crate::export::tests::{any_ground, at, circle};

fn twice_area(ring: &[Corner]) -> f64 {
    ring.windows(2).map(|w| w[0][0] * w[1][1] - w[1][0] * w[0][1]).sum()
}

/// By the number of edges that a way east crosses.
fn holds(rings: &[Vec<Corner>], at: LatLon) -> bool {
    let (x, y) = (wrapped(at.longitude.0), at.latitude.0);
    let crossed = |ring: &Vec<Corner>| {
        ring.windows(2)
            .filter(|w| (w[0][1] > y) != (w[1][1] > y))
            .filter(|w| x < w[0][0] + (y - w[0][1]) / (w[1][1] - w[0][1]) * (w[1][0] - w[0][0]))
            .count()
    };
    rings.iter().any(|ring| crossed(ring) % 2 == 1)
}

#[test]
fn a_circle_over_the_date_line_is_two_rings_that_meet_at_it() {
    let rings = rings(&circle(-17.0, 179.9999, 5000.0));
    assert_eq!(rings.len(), 2);
    let longitudes = |ring: &[Corner]| {
        let all = ring.iter().map(|c| c[0]);
        (all.clone().fold(f64::MAX, f64::min), all.fold(f64::MIN, f64::max))
    };
    let mut ends = rings.iter().map(|ring| longitudes(ring)).collect::<Vec<_>>();
    ends.sort_by(|a, b| a.0.total_cmp(&b.0));
    assert_eq!((ends[0].0, ends[1].1), (-180.0, 180.0));
    assert!(ends[0].1 < -179.9 && ends[1].0 > 179.9, "{ends:?}");
}

#[test]
fn a_circle_around_a_pole_is_one_ring_along_the_date_line() {
    for latitude in [89.99, 90.0, -90.0, -89.999] {
        let rings = rings(&circle(latitude, 33.0, 20_000.0));
        assert_eq!(rings.len(), 1, "{latitude}");
        let pole = 90_f64.copysign(latitude);
        assert!(rings[0].contains(&[-180.0, pole]) && rings[0].contains(&[180.0, pole]));
        assert!(holds(&rings, at(latitude * 0.9999, -170.0)), "{rings:?}");
        assert!(!holds(&rings, at(latitude * 0.99, -170.0)));
    }
}

#[test]
fn what_is_no_place_has_no_ring() {
    for value in [
        circle(91.0, 0.0, 10.0),
        circle(f64::NAN, 0.0, 10.0),
        circle(0.0, f64::INFINITY, 10.0),
        circle(0.0, 0.0, -1.0),
        circle(0.0, 0.0, 0.0),
        circle(0.0, 0.0, f64::NAN),
        circle(0.0, 0.0, 6e6),
        Value::Words { words: "30, -110".into() },
    ] {
        assert_eq!(rings(&value), Vec::<Vec<Corner>>::new(), "{value:?}");
    }
}

proptest! {
    #[test]
    fn rings_are_closed_anticlockwise_and_on_the_map(ground in any_ground()) {
        for ring in rings(&ground) {
            prop_assert_eq!(ring.first(), ring.last());
            prop_assert!(ring.len() >= 4);
            prop_assert!(twice_area(&ring) >= 0.0, "{:?}", ring);
            prop_assert!(ring.iter().all(|[x, y]| x.abs() <= 180.0 && y.abs() <= 90.0), "{:?}", ring);
            // No edge goes the long way round, but that along a pole.
            for w in ring.windows(2) {
                prop_assert!((w[1][0] - w[0][0]).abs() <= 180.0 || w[0][1].abs() == 90.0, "{:?}", ring);
            }
        }
    }

    #[test]
    fn a_circle_holds_what_is_nearer_and_nothing_that_is_farther(
        latitude in -90.0..=90.0, longitude in -180.0..=180.0, radius in 10.0..2e6, bearing in 0.0..360.0,
    ) {
        let rings = rings(&circle(latitude, longitude, radius));
        let near = destination(at(latitude, longitude), Degrees(bearing), Metres(radius * 0.9));
        let far = destination(at(latitude, longitude), Degrees(bearing), Metres(radius * 1.1));
        prop_assume!([near, far].iter().all(|p| wrapped(p.longitude.0).abs() < 179.999 && p.latitude.0.abs() < 89.99));
        prop_assert!(holds(&rings, near), "{:?}", rings);
        prop_assert!(!holds(&rings, far), "{:?}", rings);
    }

    #[test]
    fn the_middle_reaches_to_all_of_a_cell(ground in any_ground()) {
        if let (Value::Cell { corners }, Some((middle, reach))) = (&ground, middle(&ground)) {
            for corner in corners {
                prop_assert!(bearing_and_distance(middle, *corner).1.0 <= reach.0 * 1.01);
            }
        }
    }
}
