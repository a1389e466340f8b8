use proptest::prelude::*;

use super::{super::plane::holds, *};

/// How far a place is from the nearest of the lines that are flown straight.
fn nearest_m(line: &[Point], at: Point) -> f64 {
    let lines = line.chunks(2);
    let far = lines.map(|ends| {
        let along = minus(ends[1], ends[0]);
        let share = (dot(minus(at, ends[0]), along) / dot(along, along).max(1e-9)).clamp(0.0, 1.0);
        apart(at, plus(ends[0], along, share))
    });
    far.fold(f64::INFINITY, f64::min)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn survey_lines_cover_the_area(
        corners in prop::collection::vec((-9_000.0..9_000.0, -9_000.0..9_000.0), 3..9),
        (bearing, swath) in (0.0..360.0, 300.0..3_000.0),
        shares in prop::collection::vec((-9_000.0..9_000.0, -9_000.0..9_000.0), 40),
    ) {
        let ring: Vec<Point> = corners.iter().map(|(x, y)| [*x, *y]).collect();
        let spot = Spot::area(ring.clone());
        let (line, _) = survey(&spot, bearing, swath, 400.0).unwrap();
        for (x, y) in shares {
            if holds(&ring, [x, y]) {
                let far_m = nearest_m(&line, [x, y]);
                prop_assert!(far_m <= 0.5 * swath, "{far_m} of {swath}");
            }
        }
    }
}

#[test]
fn the_next_line_is_two_turning_radii_away_where_there_are_lines_enough() {
    let ring = vec![[0.0, 0.0], [10_000.0, 0.0], [10_000.0, 6_000.0], [0.0, 6_000.0]];
    let (line, pattern) = survey(&Spot::area(ring), 90.0, 400.0, 500.0).unwrap();
    let Pattern::SurveyLines { lines, .. } = pattern else { panic!("{pattern:?}") };
    assert_eq!(line.len(), 2 * lines);
    let tight = line[1..].chunks(2).filter(|ends| ends.len() == 2);
    let tight = tight.filter(|ends| apart(ends[0], ends[1]) < 1_000.0 - 1e-6).count();
    assert_eq!(tight, 0, "{line:?}");
}

#[test]
fn all_of_a_place_is_in_range_from_orbits_and_racetracks() {
    let spot = Spot::circle([100.0, 200.0], 800.0);
    let range_m = 15_000.0;
    let beside: Vec<Drawn> = racetracks(&spot, [2_000.0, range_m], 500.0).collect();
    assert!(!beside.is_empty());
    for (line, _) in orbits(&spot, [2_000.0, range_m], 500.0).iter().chain(&beside) {
        for at in &line[..2] {
            let far_m = apart(*at, spot.middle);
            assert!(
                far_m + spot.radius_m <= range_m + 1e-6 && far_m - spot.radius_m >= 2_000.0 - 1e-6
            );
        }
    }
    assert!(orbits(&spot, [0.0, 700.0], 500.0).is_empty());
    assert!(racetracks(&spot, [0.0, 1_000.0], 500.0).next().is_none());
}

#[test]
fn an_area_is_surveyed_along_its_length() {
    let ring = [[0.0, 0.0], [9_000.0, 100.0], [9_000.0, 1_100.0], [0.0, 1_000.0]];
    let bearing = longest_bearing_deg(&ring);
    assert!((bearing - 90.0).abs() <= 5.0, "{bearing}");
}
