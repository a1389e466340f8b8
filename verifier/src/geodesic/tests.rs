//! The references were computed with `geographiclib` 2.1 for Python (C. F. F. Karney, J. Geodesy 87, 43 (2013)); those
//! of distances from arcs by a golden section search over `Geodesic.InverseLine`.

use proptest::prelude::*;

use super::*;

fn arc(from: [f64; 2], to: [f64; 2]) -> Arc {
    Arc::between([from, to].map(|[lon, lat]| place(lon, lat)))
}

#[test]
fn a_known_distance_and_azimuth_come_out() {
    for (from, to, metres, azimuth_deg) in [
        ([0.0, 0.0], [1.0, 0.0], 111_319.490_793_273_57, 90.0),
        ([179.9, 10.0], [-179.9, 10.1], 24_556.579_652_876_357, 63.211_853_401_694_796),
        ([0.0, 89.99], [180.0, 89.98], 3_350.819_385_742_084, 0.0),
        ([-116.8, 32.1], [-116.7, 32.15], 10_944.766_362_386_787, 59.536_823_881_084_9),
        ([20.0, 0.0], [20.000_01, 0.000_01], 1.569_034_719_278_476, 45.192_423_215_2),
    ] {
        let line = arc(from, to);
        assert!((line.length_m - metres).abs() < 1e-4, "{} {metres}", line.length_m);
        let astray = (line.at(0.0).1.to_degrees() - azimuth_deg).to_radians() * metres;
        assert!(astray.abs() < 1e-4, "{astray}");
        assert!((arc(to, from).length_m - metres).abs() < 1e-6);
    }
    assert!((arc([2.35, 48.85], [-74.0, 40.7]).length_m - 5_853_490.432_575_239).abs() < 0.2);
}

#[test]
fn a_known_distance_from_an_arc_comes_out() {
    for (a, b, to, metres) in [
        ([0.0, 0.0], [10.0, 0.0], [5.0, 1.0], 110_574.388_557_798_78),
        ([179.0, 10.0], [-179.0, 10.0], [180.0, 10.0], 166.164_249_383_478_48),
        ([-10.0, 85.0], [170.0, 85.0], [80.0, 88.0], 223_387.042_130_683_26),
        ([0.0, 60.0], [17.0, 60.0], [8.5, 60.0], 30_496.218_138_325_235),
        ([0.0, 0.0], [1.0, 0.0], [2.0, 0.0], 111_319.490_793_273_57),
    ] {
        let distance = arc(a, b).distance_m(place(to[0], to[1])).abs();
        assert!((distance - metres).abs() < 1e-3, "{distance} {metres}");
    }
    let far = arc([0.0, 50.0], [20.0, 52.0]).distance_m(place(100.0, -20.0)).abs();
    assert!((far / 11_076_387.299_511_665 - 1.0).abs() < 1e-5, "{far}");
}

#[test]
fn arcs_that_cross_are_not_apart_and_arcs_that_do_not_are() {
    let along = arc([179.0, 0.0], [-179.0, 0.5]);
    let beside = arc([180.0, 0.5], [180.0, 1.0]);
    assert_eq!(along.apart_m(&arc([180.0, -1.0], [180.0, 1.0])), 0.0);
    let distance = along.distance_m(place(180.0, 0.5)).abs();
    assert!((along.apart_m(&beside) - distance).abs() < 1e-9);
}

#[test]
fn degrees_come_back() {
    for at in [[12.0, 89.99], [-180.0, -45.0], [0.0, 0.0], [179.999, 1e-9]] {
        let back = degrees(place(at[0], at[1]));
        assert!((back[0] - at[0]).abs() < 1e-9 && (back[1] - at[1]).abs() < 1e-9, "{back:?}");
    }
}

proptest! {
    #[test]
    fn a_share_of_an_arc_has_that_share_of_its_length(
        lon in -180.0..180.0, lat in -80.0..80.0, more in (-20.0..20.0, -9.0..9.0), share in 0.0..1.0,
    ) {
        let all = arc([lon, lat], [lon + more.0, lat + more.1]);
        let part = all.at_share(share);
        let [before, after] = all.ends.map(|end| Arc::between([end, part]).length_m);
        prop_assert!((before - share * all.length_m).abs() < 1e-3);
        prop_assert!((before + after - all.length_m).abs() < 1e-3);
        prop_assert!(all.distance_m(part).abs() < 1e-3);
    }

    #[test]
    fn no_place_of_an_arc_is_nearer_than_its_distance(
        to in (-30.0..30.0, 60.0..80.0), off in (-60.0..60.0, 30.0..89.9), share in 0.0..1.0,
    ) {
        let arc = arc([-179.9, 71.0], [-179.9 + to.0, to.1]);
        let from = place(-179.9 + off.0, off.1);
        prop_assert!(arc.distance_m(from).abs() <= Arc::between([arc.at_share(share), from]).length_m + 1e-3);
    }
}
