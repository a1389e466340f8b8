use proptest::prelude::*;

use super::*;

/// Three sensors, read every five minutes for eight hours.
fn readings(values: Vec<f64>) -> Readings {
    let each = values.len() / 3;
    let times = (0..values.len()).map(|i| 300.0 * (i % each) as f64).collect();
    Readings {
        sights: Vec::new(),
        flows: Vec::new(),
        strays: Vec::new(),
        times,
        values,
        level: 0.0,
        order: Vec::new(),
        runs: (0..3).map(|k| k * each..(k + 1) * each).collect(),
        sensors: vec![0, 1, 2],
    }
}

const LOOSE: Looseness = Looseness { drift2: 0.04, offset2: 0.01, own2: 0.0025 };

proptest! {
    #[test]
    fn the_mean_is_where_readings_and_beliefs_are_most_probable_together(
        values in prop::collection::vec(-1.0..1.0, 3 * 96),
        weights in prop::collection::vec(0.1..30.0, 3 * 96),
        which in 0.0..1.0,
    ) {
        let readings = readings(values);
        let basis = Basis::new(&readings);
        let best = basis.given(&readings.values, &weights, LOOSE, None).unwrap();
        let ln = |b: &[f64]| {
            let error = readings.values.iter().zip(basis.values(b)).zip(&weights);
            basis.ln_prior(b, LOOSE) - 0.5 * error.map(|((y, v), w)| w * (y - v).powi(2)).sum::<f64>()
        };
        let k = (which * basis.len() as f64) as usize;
        let moved = |by: f64| {
            let mut b = best.clone();
            b[k] += by;
            ln(&b)
        };
        let (up, down) = (moved(1e-3) - ln(&best), moved(-1e-3) - ln(&best));
        prop_assert!(up < 0.0 && down < 0.0 && (up - down).abs() < 1e-3 * (up + down).abs(), "{up} {down}");
    }

    #[test]
    fn what_knots_gather_is_what_they_give(
        b in prop::collection::vec(-1.0..1.0, 200),
        x in prop::collection::vec(-1.0..1.0, 3 * 96),
    ) {
        let basis = Basis::new(&readings(x.clone()));
        let b = &b[..basis.len()];
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        prop_assert!((dot(&basis.values(b), &x) - dot(b, &basis.gather(&x))).abs() < 1e-10);
    }
}

#[test]
fn a_sensor_that_drifts_is_followed_and_the_others_are_left_alone() {
    let drift = |i: usize| if i / 96 == 1 { 0.2 * (i % 96) as f64 / 96.0 } else { 0.0 };
    let readings = readings((0..3 * 96).map(drift).collect());
    let basis = Basis::new(&readings);
    let b = basis.given(&readings.values, &vec![1e4; 3 * 96], LOOSE, None).unwrap();
    for (i, value) in basis.values(&b).into_iter().enumerate() {
        assert!((value - drift(i)).abs() < 0.01, "{value} at {i}");
    }
}
