use cathartes_core::{geometry::LatLon, units::Degrees};
use serde_json::json;

use super::reach_m;

const EQUATOR: LatLon = LatLon { latitude: Degrees(0.0), longitude: Degrees(0.0) };
/// A degree of latitude at the equator and one of longitude, on the WGS 84 ellipsoid.
const NORTH_M: f64 = 110_574.4;
const EAST_M: f64 = 111_319.5;

#[test]
fn the_farthest_position_of_any_geometry_counts() {
    let near = json!({ "type": "Point", "coordinates": [0.0, 0.1, 250.0] });
    let line = json!({ "type": "LineString", "coordinates": [[0.0, 0.0], [0.0, -1.0]] });
    let ring = json!([[[0.0, 0.0], [1.0, 0.0], [0.5, 0.1], [0.0, 0.0]]]);
    let polygon = json!({ "type": "Polygon", "coordinates": ring });
    let several = json!({ "type": "MultiPolygon", "coordinates": [ring, ring] });
    let all = json!({ "type": "GeometryCollection", "geometries": [near, line, polygon] });
    for (shape, expected) in [
        (&near, 0.1 * NORTH_M),
        (&line, NORTH_M),
        (&polygon, EAST_M),
        (&several, EAST_M),
        (&all, EAST_M),
    ] {
        let reach = reach_m(EQUATOR, shape);
        assert!((reach - expected).abs() < 2.0, "{shape}: {reach} m, not {expected}");
    }
}

#[test]
fn a_shape_in_two_over_the_antimeridian_reaches_no_farther_than_it_is_wide() {
    let place = LatLon { latitude: Degrees(0.0), longitude: Degrees(179.5) };
    let halves = json!([
        [[[179.0, 0.0], [180.0, 0.0], [180.0, 0.1], [179.0, 0.0]]],
        [[[-180.0, 0.0], [-179.5, 0.0], [-180.0, 0.1], [-180.0, 0.0]]],
    ]);
    let shape = json!({ "type": "MultiPolygon", "coordinates": halves });
    assert!((reach_m(place, &shape) - EAST_M).abs() < 2.0);
}

#[test]
fn what_is_no_geometry_reaches_nowhere() {
    for odd in [json!(null), json!({}), json!([]), json!("x"), json!({ "coordinates": ["a", 1] })] {
        assert_eq!(reach_m(EQUATOR, &odd).to_bits(), 0.0_f64.to_bits(), "{odd}");
    }
}
