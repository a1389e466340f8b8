use cathartes_core::{geometry::bearing_and_distance, units::Degrees};
use proptest::prelude::*;

use super::*;

fn at(longitude: f64, latitude: f64) -> LatLon {
    LatLon { latitude: Degrees(latitude), longitude: Degrees(longitude) }
}

fn outline(rings: &[&[(f64, f64)]]) -> Outline {
    let ring = |ring: &&[(f64, f64)]| ring.iter().map(|(lon, lat)| at(*lon, *lat)).collect();
    Outline::new(&Polygon { rings: rings.iter().map(ring).collect() })
}

fn signed(outline: &Outline, from: LatLon, to: LatLon, side: Side) -> f64 {
    let path = Path::new(from, to);
    outline.signed_m(Stretch { path: &path, from: 0.0, to: 1.0 }, side)
}

/// The shortest geodesic between two, by Karney's distance of places along both: convex in each share.
fn by_karney(path: &Path, edge: &Path) -> f64 {
    let apart = |s: f64, t: f64| bearing_and_distance(path.at(s), edge.at(t)).1.0;
    least(|s| least(|t| apart(s, t)))
}

/// The least of a convex function between 0 and 1, by thirds.
fn least(of: impl Fn(f64) -> f64) -> f64 {
    let (mut from, mut to) = (0.0, 1.0);
    for _ in 0..45 {
        let (one, other) = (from + (to - from) / 3.0, to - (to - from) / 3.0);
        if of(one) < of(other) {
            to = other;
        } else {
            from = one;
        }
    }
    of(f64::midpoint(from, to)).min(of(0.0)).min(of(1.0))
}

#[test]
fn places_are_inside_across_the_antimeridian_around_a_pole_and_not_in_holes() {
    let across = outline(&[&[(179.0, -1.0), (-179.0, -1.0), (-179.0, 1.0), (179.0, 1.0)]]);
    assert!(across.holds(at(180.0, 0.0)) && across.holds(at(-179.5, 0.5)));
    assert!(!across.holds(at(178.5, 0.0)) && !across.holds(at(0.0, 0.0)));
    let north = outline(&[&[(0.0, 80.0), (90.0, 80.0), (180.0, 80.0), (-90.0, 80.0)]]);
    assert!(
        north.holds(at(12.0, 89.9)) && !north.holds(at(45.0, 70.0)) && !north.holds(at(0.0, -85.0))
    );
    let south = outline(&[&[(0.0, -80.0), (90.0, -80.0), (180.0, -80.0), (-90.0, -80.0)]]);
    assert!(
        south.holds(at(12.0, -89.9))
            && !south.holds(at(45.0, -70.0))
            && !south.holds(at(0.0, 85.0))
    );
    let hole = [(0.4, 0.4), (0.6, 0.4), (0.6, 0.6), (0.4, 0.6)];
    let holed = outline(&[&[(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)], &hole]);
    assert!(holed.holds(at(0.2, 0.5)) && !holed.holds(at(0.5, 0.5)));
}

#[test]
fn depth_is_how_far_a_stretch_gets_on_the_wrong_side() {
    let square = outline(&[&[(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]]);
    let across = signed(&square, at(-0.5, 0.5), at(1.5, 0.5), Side::Outside);
    let middle = bearing_and_distance(at(0.5, 0.5), at(0.5, 0.0)).1.0;
    assert!(
        (-middle - 1.0 - middle / 100.0..=-middle + 0.3).contains(&across),
        "{across} {middle}"
    );
    // Two metres over a corner of the edge, and back.
    let over = 2.0 / 110_574.0;
    let grazing = signed(&square, at(0.5, -0.1), at(0.5, over), Side::Outside);
    assert!((-2.1..=-1.99).contains(&grazing), "{grazing}");
    let within = signed(&square, at(0.5, 0.4), at(0.5, 0.6), Side::Inside);
    let edge = bearing_and_distance(at(0.5, 0.4), at(0.5, 0.0)).1.0;
    assert!(within <= edge && within > edge * 0.995, "{within} {edge}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn the_distance_of_a_stretch_is_a_tight_lower_bound_of_the_shortest_geodesic(
        (lon, lat, bearing) in (-180.0..180.0, -88.0..88.0, 0.0..std::f64::consts::TAU),
        (size, away, turn) in (-3.0..0.3_f64, -4.0..0.7_f64, 0.0..std::f64::consts::TAU),
        length in -3.0..0.3_f64,
    ) {
        let (size, away, length) = (10_f64.powf(size), 10_f64.powf(away), 10_f64.powf(length));
        let moved = |from: LatLon, by: f64, towards: f64| {
            let latitude = (from.latitude.0 + by * towards.cos()).clamp(-89.9, 89.9);
            let scale = latitude.to_radians().cos().max(0.01);
            at(from.longitude.0 + by * towards.sin() / scale, latitude)
        };
        let first = at(lon, lat);
        let corner = |n: f64| moved(first, size, bearing + n);
        let ring = [first, corner(0.0), corner(1.0)];
        let start = moved(first, size + away, turn);
        let end = moved(start, length, turn + 1.6);
        let outline = Outline::new(&Polygon { rings: vec![ring.to_vec()] });
        let path = Path::new(start, end);
        let claimed = outline.signed_m(Stretch { path: &path, from: 0.0, to: 1.0 }, Side::Outside);
        let edges = [(0, 1), (1, 2), (2, 0)].map(|(i, j)| Path::new(ring[i], ring[j]));
        let truth = edges.iter().map(|edge| by_karney(&path, edge)).fold(f64::INFINITY, f64::min);
        prop_assert!(claimed <= truth + 0.001, "{claimed} {truth}");
        if claimed > 0.0 {
            prop_assert!(claimed >= truth - 0.1 - truth / 200.0, "{claimed} {truth}");
        }
    }
}
