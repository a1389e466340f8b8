use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::*;

fn drawn(truth: Logistic, n: usize, seed: u64) -> Vec<(f64, bool)> {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
    (0..n)
        .map(|_| {
            let x = 2.0 + 5.0 * rng.random::<f64>();
            (x, rng.random::<f64>() < truth.chance(x))
        })
        .collect()
}

#[test]
fn many_trials_give_the_curve_they_were_drawn_from() {
    let truth = Logistic { intercept: -10.0, slope: 2.5 };

    let fit = Logistic::fit(&drawn(truth, 20_000, 1)).unwrap();

    assert!((fit.slope / truth.slope - 1.0).abs() < 0.06, "{fit:?}");
    assert!((fit.at_chance(0.9) - truth.at_chance(0.9)).abs() < 0.06, "{fit:?}");
}

#[test]
fn chance_and_its_inverse_agree() {
    let curve = Logistic { intercept: -3.0, slope: 1.5 };

    assert!((curve.chance(curve.at_chance(0.9)) - 0.9).abs() < 1e-12);
}

#[test]
fn found_and_missed_without_overlap_still_give_a_curve() {
    let trials: Vec<(f64, bool)> = (0..20).map(|i| (f64::from(i), i >= 10)).collect();

    let fit = Logistic::fit(&trials).unwrap();

    assert!((fit.at_chance(0.5) - 9.5).abs() < 0.1, "{fit:?}");
}

#[test]
fn nothing_is_fitted_to_trials_that_all_end_alike_or_fall() {
    assert_eq!(Logistic::fit(&[(1.0, true), (2.0, true)]), None);
    assert_eq!(Logistic::fit(&[(1.0, false), (2.0, false)]), None);
    let falling: Vec<(f64, bool)> = (0..20).map(|i| (f64::from(i), i < 10)).collect();
    assert_eq!(Logistic::fit(&falling), None);
}
