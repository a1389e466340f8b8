use cathartes_core::geometry::bearing_and_distance;
use proptest::prelude::*;

use super::*;

fn at(longitude: f64, latitude: f64) -> LatLon {
    LatLon { latitude: Degrees(latitude), longitude: Degrees(longitude) }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn a_place_comes_back_and_distances_are_right_to_a_thousandth_within_500_km(
        (lon, lat) in (-180.0..180.0, -80.0..80.0),
        (x, y) in (-350_000.0..350_000.0, -350_000.0..350_000.0),
        (u, v) in (-350_000.0..350_000.0, -350_000.0..350_000.0),
    ) {
        let plane = Plane::new(at(lon, lat));
        let back = plane.of(plane.place([x, y]));
        prop_assert!(apart(back, [x, y]) < 0.01);
        let true_m = bearing_and_distance(plane.place([x, y]), plane.place([u, v])).1.0;
        prop_assert!((apart([x, y], [u, v]) - true_m).abs() <= 0.0012 * true_m + 0.01);
    }
}

#[test]
fn a_line_is_clear_of_edges_it_is_far_from_and_not_of_those_it_crosses() {
    let ring = [(0.0, 0.0), (0.1, 0.0), (0.1, 0.1), (0.0, 0.1)].map(|(lon, lat)| at(lon, lat));
    let shape = Shape::new(Plane::new(at(0.0, 0.0)), &Polygon { rings: vec![ring.to_vec()] });
    assert!(shape.holds([5_000.0, 5_000.0]) && !shape.holds([-1.0, 5_000.0]));
    assert!(shape.clear([-3_000.0, -500.0], [-3_000.0, 9_000.0], 2_900.0));
    assert!(!shape.clear([-3_000.0, -500.0], [-3_000.0, 9_000.0], 3_100.0));
    assert!(!shape.clear([-3_000.0, 5_000.0], [3_000.0, 5_000.0], 0.1));
}
