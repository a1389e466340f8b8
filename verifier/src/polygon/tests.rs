use proptest::prelude::*;

use super::*;

/// A ring round a centre, at even angles of the plane.
fn star(centre: [f64; 2], radii_m: &[f64]) -> Vec<[f64; 2]> {
    let step = std::f64::consts::TAU / radii_m.len() as f64;
    radii_m.iter().enumerate().map(|(i, radius)| off(centre, -(i as f64) * step, *radius)).collect()
}

/// So many metres off, nearly.
fn off([lon, lat]: [f64; 2], azimuth: f64, metres: f64) -> [f64; 2] {
    let (sin, cos) = azimuth.sin_cos();
    let (start, turned) = (lat.to_radians().sin_cos(), metres / 6_371_000.0);
    let z = start.0 * turned.cos() + start.1 * turned.sin() * cos;
    let east = (sin * turned.sin()).atan2(start.1 * turned.cos() - start.0 * turned.sin() * cos);
    let lon = (lon + east.to_degrees() + 540.0).rem_euclid(360.0) - 180.0;
    [lon, z.asin().to_degrees().clamp(-89.99, 89.99)]
}

/// What the definition says, at many places of the arc: the least distance, and whether all are on the right side.
fn sampled(polygon: &Polygon, arc: &Arc, inside_is_right: bool) -> (f64, bool) {
    let places = (0..=400).map(|i| arc.at_share(f64::from(i) / 400.0));
    let known: Vec<f64> =
        places.map(|at| polygon.signed_m(&Arc::between([at, at]), inside_is_right)).collect();
    let least = known.iter().map(|signed| signed.abs()).fold(f64::MAX, f64::min);
    (least, known.iter().all(|signed| *signed > 0.0))
}

fn centre() -> impl Strategy<Value = [f64; 2]> {
    prop_oneof![
        (-180.0..180.0, -80.0..80.0),
        (179.5..180.0, -80.0..80.0),
        (-180.0..180.0, 89.0..90.0),
        (-180.0..180.0, -90.0..-89.0),
    ]
    .prop_map(|(lon, lat)| [lon, lat])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn the_signed_distance_is_that_of_many_places_of_the_arc(
        centre in centre(),
        radii in prop::collection::vec(2_000.0..60_000.0, 3..12),
        start in (0.0..std::f64::consts::TAU, 0.0..150_000.0),
        course in (0.0..std::f64::consts::TAU, 0.0..150_000.0),
        inside_is_right: bool,
    ) {
        let polygon = Polygon::try_from(vec![star(centre, &radii)]);
        prop_assume!(polygon.is_ok());
        let polygon = polygon.unwrap();
        let from = off(centre, start.0, start.1);
        let arc = line(from, off(from, course.0, course.1));
        let (signed, (least, right)) = (polygon.signed_m(&arc, inside_is_right), sampled(&polygon, &arc, inside_is_right));
        let step = arc.length_m / 400.0;
        if signed > 0.0 {
            // A place between two that were looked at is no nearer than by half of the step.
            prop_assert!(right && signed <= least + 1e-3 && signed >= least - step / 2.0 - 1e-3, "{signed} {least}");
        } else {
            prop_assert!(!right || least < step, "{signed} {least}");
        }
    }
}

fn square(west: f64, south: f64, east: f64, north: f64) -> Vec<[f64; 2]> {
    vec![[west, south], [east, south], [east, north], [west, north]]
}

fn line(from: [f64; 2], to: [f64; 2]) -> Arc {
    Arc::between([from, to].map(|[lon, lat]| place(lon, lat)))
}

fn point(lon: f64, lat: f64) -> Arc {
    line([lon, lat], [lon, lat])
}

fn polygon(rings: &[Vec<[f64; 2]>]) -> Polygon {
    Polygon::try_from(rings.to_vec()).unwrap()
}

fn inside(polygon: &Polygon, lon: f64, lat: f64) -> bool {
    polygon.signed_m(&point(lon, lat), true) > 0.0
}

#[test]
fn a_polygon_over_the_antimeridian_is_the_small_one() {
    let polygon = polygon(&[square(179.0, -1.0, -179.0, 1.0)]);
    assert!(inside(&polygon, 179.5, 0.0) && inside(&polygon, -179.5, 0.0));
    assert!(inside(&polygon, 180.0, 0.0) && inside(&polygon, -180.0, 0.0));
    assert!(
        !inside(&polygon, 0.0, 0.0)
            && !inside(&polygon, 178.9, 0.0)
            && !inside(&polygon, -178.9, 0.0)
    );
}

#[test]
fn a_ring_round_the_axis_holds_the_pole_of_its_hemisphere() {
    let ring = |lat: f64| vec![[0.0, lat], [90.0, lat], [180.0, lat], [-90.0, lat]];
    for (lat, lon) in [(89.99, 12.0), (85.0, 90.0), (85.0, 180.0)] {
        for sign in [1.0, -1.0] {
            let turned: Vec<[f64; 2]> = ring(sign * lat).into_iter().rev().collect();
            for polygon in [polygon(&[ring(sign * lat)]), polygon(&[turned])] {
                assert!(inside(&polygon, lon, sign * 90.0) && inside(&polygon, lon, sign * 89.995));
                assert!(
                    !inside(&polygon, lon, sign * (lat - 0.1))
                        && !inside(&polygon, lon, -sign * 89.0)
                );
            }
        }
    }
    assert!(Polygon::try_from(vec![vec![[0.0, 1.0], [120.0, -0.5], [-120.0, -0.5]]]).is_err());
}

#[test]
fn an_edge_over_the_pole_leaves_the_pole_on_neither_side() {
    let polygon = polygon(&[vec![[0.0, 85.0], [180.0, 85.0], [90.0, 80.0]]]);
    assert!(inside(&polygon, 90.0, 84.0) && !inside(&polygon, -90.0, 84.0));
}

#[test]
fn below_a_vertex_one_of_its_two_edges_is_met() {
    let polygon = polygon(&[vec![[0.0, 0.0], [1.0, -1.0], [2.0, 0.0], [1.0, 1.0]]]);
    assert!(inside(&polygon, 1.0, 0.0) && inside(&polygon, 0.5, 0.0));
    assert!(
        !inside(&polygon, 1.0, -1.1)
            && !inside(&polygon, 0.0, -0.5)
            && !inside(&polygon, 2.0, -0.5)
    );
}

#[test]
fn a_hole_is_outside_and_its_edges_are_edges() {
    let polygon = polygon(&[square(0.0, 0.0, 2.0, 2.0), square(0.5, 0.5, 1.5, 1.5)]);
    assert!(inside(&polygon, 0.25, 1.0) && !inside(&polygon, 1.0, 1.0));
    let centre = point(1.0, 1.0);
    let depth = -polygon.signed_m(&centre, true);
    assert_eq!(depth, polygon.signed_m(&centre, false));
    assert!((depth - 55_287.0).abs() < 400.0, "{depth}");
}

#[test]
fn a_ring_may_touch_itself_and_others() {
    let bow = vec![[0.0, 0.0], [1.0, 1.0], [2.0, 0.0], [2.0, 2.0], [1.0, 1.0], [0.0, 2.0]];
    let bow = polygon(&[bow]);
    assert!(inside(&bow, 0.5, 1.0) && inside(&bow, 1.5, 1.0));
    assert!(!inside(&bow, 1.0, 0.5) && !inside(&bow, 1.0, 1.5));
    let touching = polygon(&[square(0.0, 0.0, 2.0, 2.0), square(0.0, 0.5, 1.0, 1.5)]);
    assert!(
        inside(&touching, 1.5, 1.0) && !inside(&touching, 0.5, 1.0) && inside(&touching, 0.5, 1.8)
    );
}

#[test]
fn an_arc_that_is_flush_with_an_edge_neither_keeps_off_nor_strays() {
    let polygon = polygon(&[square(0.0, 0.0, 1.0, 1.0)]);
    let along = |from: f64, to: f64| line([from, 0.0], [to, 0.0]);
    for arc in [along(0.2, 0.7), along(0.0, 1.0), along(0.7, 0.2)] {
        for inside_is_right in [true, false] {
            let signed = polygon.signed_m(&arc, inside_is_right);
            assert!(signed < 1e-3, "{signed}");
        }
    }
}

#[test]
fn an_arc_through_a_vertex_strays() {
    let polygon = polygon(&[square(0.0, 0.0, 1.0, 1.0)]);
    for (from, to) in [([-1.0, 1.0], [1.0, -1.0]), ([-0.5, -0.5], [0.0, 0.0])] {
        assert!(polygon.signed_m(&line(from, to), false) <= 0.0);
        assert!(polygon.signed_m(&line(from, to), true) <= 0.0);
    }
    assert!(polygon.signed_m(&line([-0.5, -0.5], [0.5, 0.5]), false) < 0.0);
}

#[test]
fn a_ring_that_is_none_is_refused() {
    let refused = |rings: &[Vec<[f64; 2]>]| Polygon::try_from(rings.to_vec()).err().unwrap();
    assert!(refused(&[]).contains("without rings"));
    assert!(refused(&[vec![]]).contains("fewer than three"));
    assert!(refused(&[vec![[0.0, 0.0], [1.0, 0.0], [0.0, 0.0]]]).contains("fewer than three"));
    assert!(refused(&[vec![[0.0, 0.0], [1.0, 0.0], [0.0, 89.991]]]).contains("beyond"));
    assert!(refused(&[vec![[0.0, 0.0], [180.1, 0.0], [0.0, 1.0]]]).contains("beyond"));
    assert!(refused(&[vec![[0.0, 0.0], [18.0, 0.0], [0.0, 1.0]]]).contains("2,000 km"));
    assert!(Polygon::try_from(vec![vec![[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]]).is_ok());
}
