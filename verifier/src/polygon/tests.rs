use proptest::prelude::*;

use super::*;

/// A ring round a centre, at even azimuths.
fn star(centre: Place, radii_m: &[f64]) -> Vec<[f64; 2]> {
    let step = std::f64::consts::TAU / radii_m.len() as f64;
    let vertex = |(i, radius): (usize, &f64)| {
        let (place, _) = centre.onwards(-(i as f64) * step, *radius);
        let lat = Arc::point(place).box_deg()[1];
        [wrap(place.lon).to_degrees(), lat.clamp(-89.99, 89.99)]
    };
    radii_m.iter().enumerate().map(vertex).collect()
}

/// What the definition says, at many places of the arc.
fn sampled_m(polygon: &Polygon, arc: &Arc, inside_is_right: bool) -> f64 {
    let places = (0..=400).map(|i| arc.at((f64::from(i) / 200.0 - 1.0) * arc.half_m).0);
    let known: Vec<(f64, bool)> = places
        .map(|place| {
            let distances = polygon.edges.iter().map(|edge| edge.distance_m(&place).abs());
            (distances.fold(f64::MAX, f64::min), polygon.inside(&place) == inside_is_right)
        })
        .collect();
    let wrong = known.iter().filter(|(_, right)| !right).map(|(distance, _)| *distance);
    let deep = wrong.fold(-1.0, f64::max);
    if deep >= 0.0 { -deep } else { known.iter().map(|k| k.0).fold(f64::MAX, f64::min) }
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
        let centre = Place::of_degrees(centre);
        let polygon = Polygon::read(&[star(centre, &radii)]);
        prop_assume!(polygon.is_ok());
        let polygon = polygon.unwrap();
        let (a, _) = centre.onwards(start.0, start.1);
        let arc = Arc::between(a, a.onwards(course.0, course.1).0);
        let (signed, sampled) = (polygon.signed_m(&arc, inside_is_right), sampled_m(&polygon, &arc, inside_is_right));
        let step = arc.half_m / 200.0;
        prop_assert!(signed <= sampled + 1e-3, "{signed} {sampled}");
        // A place between two that were looked at is no farther off than half of the step.
        prop_assert!(signed >= sampled - step / 2.0 - 1e-3 || sampled > 0.0 && signed <= 0.0 && signed > -step, "{signed} {sampled} {step}");
    }
}

fn square(west: f64, south: f64, east: f64, north: f64) -> Vec<[f64; 2]> {
    vec![[west, south], [east, south], [east, north], [west, north]]
}

fn polygon(rings: &[Vec<[f64; 2]>]) -> Polygon {
    Polygon::read(rings).unwrap()
}

fn inside(polygon: &Polygon, lon: f64, lat: f64) -> bool {
    polygon.inside(&Place::of_degrees([lon, lat]))
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
    assert!(Polygon::read(&[vec![[0.0, 1.0], [120.0, -0.5], [-120.0, -0.5]]]).is_err());
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
    let centre = Arc::point(Place::of_degrees([1.0, 1.0]));
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
    let along = |from: f64, to: f64| {
        Arc::between(Place::of_degrees([from, 0.0]), Place::of_degrees([to, 0.0]))
    };
    for arc in [along(0.2, 0.7), along(0.0, 1.0), along(0.7, 0.2)] {
        assert!(polygon.signed_m(&arc, true).abs() < 1e-3, "{}", polygon.signed_m(&arc, true));
        assert!(polygon.signed_m(&arc, false).abs() < 1e-3, "{}", polygon.signed_m(&arc, false));
    }
}

#[test]
fn a_ring_that_is_none_is_refused() {
    let refused = |rings: &[Vec<[f64; 2]>]| Polygon::read(rings).err().unwrap();
    assert_eq!(refused(&[]), "no ring");
    assert_eq!(refused(&[vec![]]), "ring 0: fewer than three different places");
    assert!(
        refused(&[vec![[0.0, 0.0], [1.0, 0.0], [0.0, 0.0], [1.0, 0.0]]])
            .contains("fewer than three")
    );
    assert!(refused(&[vec![[0.0, 0.0], [1.0, 0.0], [0.0, 89.991]]]).contains("vertex 2"));
    assert!(refused(&[vec![[0.0, 0.0], [180.1, 0.0], [0.0, 1.0]]]).contains("vertex 1"));
    assert!(refused(&[vec![[0.0, 0.0], [18.0, 0.0], [0.0, 1.0]]]).contains("2,000 km"));
    assert!(Polygon::read(&[vec![[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]]).is_ok());
}
