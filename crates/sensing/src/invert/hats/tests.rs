use proptest::prelude::*;

use super::*;

/// One sensor that reads at these times.
fn read_at(times: Vec<f64>) -> Readings {
    let n = times.len();
    Readings {
        sights: Vec::new(),
        flows: Vec::new(),
        strays: Vec::new(),
        times,
        values: vec![0.0; n],
        level: 0.0,
        order: Vec::new(),
        runs: std::iter::once(0..n).collect(),
        sensors: vec![0],
    }
}

#[test]
fn between_knots_lies_what_lies_between_their_values() {
    let hats = Hats::new(&read_at(vec![0.0, 25.0, 50.0, 75.0, 100.0]), 3);
    let values: Vec<f64> = hats.values(&[1.0, 3.0, -1.0]).collect();
    assert_eq!(values, [1.0, 2.0, 3.0, 1.0, -1.0]);
}

#[test]
fn a_week_without_readings_has_no_knots() {
    let hats = Hats::new(&read_at(vec![0.0, 100.0, 200.0, 6e5, 6e5 + 100.0]), 3);
    let values: Vec<f64> = hats.values(&[0.0, 2.0, 4.0]).collect();
    assert_eq!(values, [0.0, 1.0, 2.0, 3.0, 4.0]);
}

proptest! {
    /// xᵀ (H b) = (Hᵀ x)ᵀ b, and bᵀ (Hᵀ W H) b = Σ w (H b)².
    #[test]
    fn gathering_is_the_transpose_of_spreading(
        times in prop::collection::vec(0.0..1e4_f64, 3..40),
        knots in 2..9_usize,
        seed in prop::collection::vec(-3.0..3.0_f64, 49),
    ) {
        let n = times.len();
        let hats = Hats::new(&read_at(times), knots);
        let (b, x) = (&seed[..knots], &seed[9..9 + n]);
        let spread: Vec<f64> = hats.values(b).collect();
        let mut sums = vec![0.0; knots];
        hats.gather(x.iter().copied(), &mut sums);
        let inner = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        prop_assert!((inner(x, &spread) - inner(&sums, b)).abs() < 1e-9);
        let mut h = vec![0.0; knots * knots];
        hats.add_squares(x.iter().map(|x| x * x), &mut h, knots);
        let square: f64 = (0..knots)
            .flat_map(|i| (0..=i).map(move |j| (i, j)))
            .map(|(i, j)| if i == j { 1.0 } else { 2.0 } * h[i * knots + j] * b[i] * b[j])
            .sum();
        let want: f64 = x.iter().zip(&spread).map(|(x, v)| (x * v).powi(2)).sum();
        prop_assert!((square - want).abs() < 1e-9 * (1.0 + want));
    }
}
