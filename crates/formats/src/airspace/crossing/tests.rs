use proptest::{collection::vec, prelude::*};

use super::*;

const RADIUS_M: f64 = 6_371_000.0;

fn place(longitude: f64, latitude: f64) -> LatLon {
    LatLon { latitude: Degrees(latitude), longitude: Degrees(longitude) }
}

fn ring(places: &[(f64, f64)]) -> Vec<LatLon> {
    places.iter().map(|(x, y)| place(*x, *y)).collect()
}

/// Corners in the order of their bearings from a place, at any distance each.
fn star(middle: LatLon, ways_km: &[f64]) -> Vec<LatLon> {
    let corner = |(i, way): (usize, &f64)| {
        let bearing = Degrees(360.0 * i as f64 / ways_km.len() as f64);
        destination(middle, bearing, Metres(way * 1000.0))
    };
    ways_km.iter().enumerate().map(corner).collect()
}

/// An outline as coasts have it: of this many vertices, rough at every scale.
fn coast(vertices: usize) -> Vec<LatLon> {
    let way = |i: usize| {
        let turn = std::f64::consts::TAU * i as f64 / vertices as f64;
        let rough = |k: i32| (turn * 3_f64.powi(k)).sin() / 2.5_f64.powi(k);
        500.0 + 200.0 * (1..9).map(rough).sum::<f64>()
    };
    let ways: Vec<f64> = (0..vertices).map(way).collect();
    star(place(-100.0, 25.0), &ways)
}

#[test]
fn a_bow_tie_is_found_wherever_it_lies() {
    let tie = [(-1.0, -1.0), (1.0, 1.0), (1.0, -1.0), (-1.0, 1.0)];
    for (east, north) in [(0.0, 0.0), (180.0, 10.0), (-100.0, 60.0), (33.0, -88.0)] {
        let at = |(x, y): (f64, f64)| {
            let longitude = east + x;
            place(if longitude > 180.0 { longitude - 360.0 } else { longitude }, north + y)
        };
        assert_eq!(none(&tie.map(at)), Err(Tangle::Cross(0, 2)));
    }
}

#[test]
fn a_ring_about_the_pole_is_like_any_other() {
    let around = ring(&[
        (0.0, 80.0),
        (60.0, 89.0),
        (120.0, 80.0),
        (180.0, 85.0),
        (-120.0, 80.0),
        (-60.0, 70.0),
    ]);
    none(&around).unwrap();
    let mut wrong = around;
    wrong.swap(1, 3);
    none(&wrong).unwrap_err();
}

#[test]
fn a_ring_may_touch_itself() {
    let at_a_corner =
        ring(&[(0.0, 0.0), (1.0, 1.0), (2.0, 0.0), (2.0, 2.0), (1.0, 1.0), (0.0, 2.0)]);
    let on_an_edge = ring(&[(0.0, 0.0), (4.0, 0.0), (4.0, 2.0), (2.0, 0.0), (0.0, 2.0)]);
    let there_and_back = ring(&[(0.0, 0.0), (0.0, 1.0), (0.0, 2.0), (0.0, 1.0), (1.0, 1.0)]);
    for touching in [at_a_corner, on_an_edge, there_and_back] {
        none(&touching).unwrap();
    }
}

#[test]
fn an_edge_is_the_geodesic_and_no_straight_line_of_the_map() {
    // The geodesic from 20° west to 20° east at 60° north passes 1.7° farther north in the middle.
    let below = ring(&[(-10.0, 60.0), (10.0, 60.0), (0.0, 60.3)]);
    let above = ring(&[(-10.0, 60.0), (10.0, 60.0), (5.0, 60.1), (0.0, 60.9), (-5.0, 60.1)]);
    none(&below).unwrap();
    none(&above).unwrap_err();
}

#[test]
fn a_crossing_among_seventy_thousand_vertices_is_found() {
    let mut coast = coast(70_000);
    let began = std::time::Instant::now();
    none(&coast).unwrap();
    println!("70,000 vertices: {:?}", began.elapsed());
    coast.swap(40_000, 40_002);
    assert!(matches!(none(&coast), Err(Tangle::Cross(..))));
}

#[test]
fn a_ring_too_tangled_to_be_checked_is_refused() {
    let tooth = |i: i32| (f64::from(i) * 1e-5, if i % 2 == 0 { 0.0 } else { 10.0 });
    let mut comb: Vec<(f64, f64)> = (0..8_001).map(tooth).collect();
    comb.extend([(0.1, -1.0), (0.0, -1.0)]);
    assert_eq!(none(&ring(&comb)), Err(Tangle::TooMany));
}

proptest! {
    #[test]
    fn the_geodesic_of_a_piece_is_nearer_to_its_plane_than_a_touch(
        x in -180.0..180.0, y in -89.0..89.0, bearing in 0.0..360.0, share in 0.0..1.0,
    ) {
        let from = place(x, y);
        let length = PIECE_RAD * RADIUS_M;
        let [a, b, between] = [0.0, 1.0, share]
            .map(|share| direction(destination(from, Degrees(bearing), Metres(length * share))));
        let along = minus(b, a);
        let beside = dot(a, times(along, minus(between, a))) / square(along).sqrt();
        prop_assert!(beside.abs() < TOUCH, "{} m", beside * RADIUS_M);
    }

    #[test]
    fn corners_in_the_order_of_their_bearings_never_cross(
        x in -180.0..180.0, y in -90.0..90.0, ways in vec(1.0..200.0, 8..30),
    ) {
        prop_assert_eq!(none(&star(place(x, y), &ways)), Ok(()));
    }

    #[test]
    fn two_corners_exchanged_are_found(
        x in -180.0..180.0, y in -90.0..90.0, corners in 8..30_usize, first in 0..28_usize,
    ) {
        let mut ring = star(place(x, y), &vec![100.0; corners]);
        let first = first % (corners - 2);
        ring.swap(first, first + 2);
        prop_assert!(none(&ring).is_err());
    }

    #[test]
    fn the_index_misses_nothing(places in vec((-5.0..5.0, 87.0..89.9), 3..12)) {
        let ring = ring(&places);
        let pieces = pieces(&ring).unwrap();
        let any = pieces.iter().any(|a| pieces.iter().any(|b| a.edge < b.edge && cross(a, b)));
        prop_assert_eq!(none(&ring).is_err(), any);
    }
}
