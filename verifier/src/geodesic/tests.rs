//! The references were computed with `geographiclib` 2.1 for Python (C. F. F. Karney, J. Geodesy 87, 43 (2013)); those
//! of distances from arcs by a golden section search over `Geodesic.InverseLine`.

use proptest::prelude::*;

use super::*;

fn place(lon: f64, lat: f64) -> Place {
    Place::of_degrees([lon, lat])
}

#[test]
fn a_known_distance_and_azimuth_come_out() {
    for (from, to, metres, azimuth_deg) in [
        ([0.0, 0.0], [1.0, 0.0], 111_319.490_793_273_57, 90.0),
        ([179.9, 10.0], [-179.9, 10.1], 24_556.579_652_876_357, 63.211_853_401_694_796),
        ([0.0, 89.99], [180.0, 89.98], 3_350.819_385_742_084, 0.0),
        ([-116.8, 32.1], [-116.7, 32.15], 10_944.766_362_386_787, 59.536_823_881_084_9),
        ([2.35, 48.85], [-74.0, 40.7], 5_853_490.432_575_239, -68.186_826_459_688_2),
        ([20.0, 0.0], [20.000_01, 0.000_01], 1.569_034_719_278_476, 45.192_423_215_2),
    ] {
        let (from, to) = (Place::of_degrees(from), Place::of_degrees(to));
        let (distance, azimuth) = from.towards(&to);
        assert!((distance - metres).abs() < 1e-4, "{distance} {metres}");
        let astray = (azimuth.to_degrees() - azimuth_deg).to_radians() * distance.min(1e6);
        assert!(astray.abs() < 1e-4, "{astray}");
        assert!(from.onwards(azimuth, distance).0.towards(&to).0 < 1e-4);
        assert!((to.towards(&from).0 - distance).abs() < 1e-6);
    }
}

#[test]
fn nearly_antipodal_places_have_the_shortest_way_round() {
    let (from, to) = (place(0.0, 0.0), place(179.5, 0.3));
    assert!(from.vincenty(&to).is_none());
    assert!((from.towards(&to).0 - 19_955_728.940_306_906).abs() < 1e-3);
    let (distance, _) = place(0.0, 30.0).towards(&place(180.0, -30.0));
    assert!((distance - 20_003_931.458_625_447).abs() < 1e-3, "{distance}");
}

#[test]
fn a_known_distance_from_an_arc_comes_out() {
    for (a, b, to, metres) in [
        ([0.0, 0.0], [10.0, 0.0], [5.0, 1.0], 110_574.388_557_798_78),
        ([179.0, 10.0], [-179.0, 10.0], [180.0, 10.0], 166.164_249_383_478_48),
        ([-10.0, 85.0], [170.0, 85.0], [80.0, 88.0], 223_387.042_130_683_26),
        ([0.0, 60.0], [17.0, 60.0], [8.5, 60.0], 30_496.218_138_325_235),
        ([0.0, 0.0], [1.0, 0.0], [2.0, 0.0], 111_319.490_793_273_57),
        ([0.0, 50.0], [20.0, 52.0], [100.0, -20.0], 11_076_387.299_511_665),
    ] {
        let arc = Arc::between(Place::of_degrees(a), Place::of_degrees(b));
        let distance = arc.distance_m(&Place::of_degrees(to)).abs();
        assert!((distance - metres).abs() < 1e-3, "{distance} {metres}");
    }
}

#[test]
fn arcs_that_cross_are_not_apart_and_arcs_that_do_not_are() {
    let arc = Arc::between(place(179.0, 0.0), place(-179.0, 0.5));
    let across = Arc::between(place(180.0, -1.0), place(180.0, 1.0));
    let beside = Arc::between(place(180.0, 0.5), place(180.0, 1.0));
    let far_side = Arc::between(place(0.0, -1.0), place(0.0, 1.0));
    assert_eq!(arc.apart_m(&across), 0.0);
    assert!((arc.apart_m(&beside) - arc.distance_m(&place(180.0, 0.5)).abs()).abs() < 1e-9);
    assert!(arc.apart_m(&far_side) > 1.9e7);
}

#[test]
fn the_box_of_an_arc_holds_where_it_turns() {
    let [west, south, east, north] =
        Arc::between(place(170.0, 60.0), place(-173.0, 60.0)).box_deg();
    assert!(
        (west - 170.0).abs() < 1e-9 && (east - 187.0).abs() < 1e-9 && (south - 60.0).abs() < 1e-9
    );
    // `Geodesic.InverseLine(60, 0, 60, 17)` at its middle.
    assert!((north - 60.273_718_306).abs() < 1e-6, "{north}");
}

proptest! {
    #[test]
    fn on_and_back_leads_home(
        lon in -180.0..180.0, lat in -89.99..89.99, azimuth in 0.0..TAU, metres in 0.1..1.5e7,
    ) {
        let start = place(lon, lat);
        let (end, there) = start.onwards(azimuth, metres);
        prop_assert!(end.onwards(there, -metres).0.towards(&start).0 < 1e-4);
        prop_assert!((start.towards(&end).0 - metres).abs() < 1e-3);
    }

    #[test]
    fn no_place_of_an_arc_is_nearer_than_its_distance(
        azimuth in 0.0..TAU, half in 1.0..1e6, off in 0.0..TAU, far in 0.0..5e6, share in -1.0..1.0,
    ) {
        let start = place(-179.9, 71.0);
        let arc = Arc::between(start, start.onwards(azimuth, 2.0 * half).0);
        let from = arc.mid.onwards(off, far).0;
        prop_assert!(arc.distance_m(&from).abs() <= arc.at(share * half).0.towards(&from).0 + 1e-3);
    }
}
