use cathartes_core::geometry::bearing_and_distance;
use proptest::prelude::*;

use super::*;

fn at(latitude: f64, longitude: f64) -> LatLon {
    LatLon { latitude: Degrees(latitude), longitude: Degrees(longitude) }
}

/// A square of a degree about a place.
fn square(latitude: f64, longitude: f64) -> Vec<LatLon> {
    [(-0.5, -0.5), (-0.5, 0.5), (0.5, 0.5), (0.5, -0.5)]
        .map(|(n, e)| at(latitude + n, longitude + e))
        .to_vec()
}

#[test]
fn a_place_is_inside_of_a_polygon_across_180_degrees() {
    let ring: Vec<LatLon> =
        square(0.0, 180.0).into_iter().map(|p| at(p.latitude.0, turned(p.longitude.0))).collect();

    assert!(inside(&ring, at(0.2, -179.7)) && inside(&ring, at(0.2, 179.7)));
    assert!(!inside(&ring, at(0.2, -179.4)) && !inside(&ring, at(0.6, 180.0)));
}

#[test]
fn a_square_has_its_middle_and_the_deviation_of_a_square() {
    let ring = vec![at(40.0, -3.0), at(40.0, -2.99), at(40.01, -2.99), at(40.01, -3.0)];
    let (middle, spread) = moments(&ring);

    assert!((middle.latitude.0 - 40.005).abs() < 1e-5 && (middle.longitude.0 + 2.995).abs() < 1e-5);
    let side = 111_035.0 * 0.01;
    assert!((spread.nn_m2.sqrt() - side / 12_f64.sqrt()).abs() < 1.0, "{spread:?}");
    let reversed: Vec<LatLon> = ring.into_iter().rev().collect();
    let (other, _) = moments(&reversed);
    assert!((other.latitude.0 - middle.latitude.0).abs() < 1e-7);
}

#[test]
fn a_site_on_the_edge_of_searched_ground_is_half_inside() {
    let spread = Covariance::circle(100.0);
    let share = |latitude: f64| share_inside(&square(40.0, -3.0), at(latitude, -3.0), &spread);

    assert_eq!((share(40.0), share(41.0)), (1.0, 0.0));
    assert!((share(40.5) - 0.5).abs() < 0.2, "{}", share(40.5));
}

proptest! {
    #[test]
    fn offsets_agree_with_the_geodesic(
        latitude in -60.0..60.0_f64, longitude in -180.0..180.0_f64,
        e in -20_000.0..20_000.0_f64, n in -20_000.0..20_000.0_f64,
    ) {
        let from = at(latitude, longitude);
        let to = moved(from, [e, n]);
        let there = offset_m(from, to);
        prop_assert!((there[0] - e).hypot(there[1] - n) < 0.1, "{there:?}");
        let (bearing, metres) = bearing_and_distance(from, to);
        prop_assert!((metres.0 - e.hypot(n)).abs() < 3e-4 * metres.0 + 0.01);
        let off = (bearing.0.to_radians() - bearing_rad([e, n])).sin().abs();
        prop_assert!(off * metres.0 < 5e-3 * metres.0 + 0.1, "{off}");
    }

    #[test]
    fn neighbours_on_the_ground_are_neighbours_in_space(
        latitude in -89.9..89.9_f64, longitude in -180.0..180.0_f64,
        north in -0.01..0.01_f64, east in -0.01..0.01_f64,
    ) {
        let (a, b) = (at(latitude, longitude), at((latitude + north).min(90.0), turned(longitude + east)));
        let (p, q) = (in_space(a), in_space(b));
        let chord = (0..3).map(|i| (p[i] - q[i]).powi(2)).sum::<f64>().sqrt();
        let metres = bearing_and_distance(a, b).1.0;
        prop_assert!(chord < 1.011 * metres + 0.01, "{chord} {metres}");
    }
}
