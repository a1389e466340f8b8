use super::*;

fn table(rows: &[&[u64]]) -> Vec<Vec<u64>> {
    rows.iter().map(|row| row.to_vec()).collect()
}

fn near(value: f64, expected: f64, tolerance: f64) {
    assert!((value - expected).abs() < tolerance, "{value} is not {expected}");
}

#[test]
fn kappa_is_as_published() {
    // J. L. Fleiss, Statistical Methods for Rates and Proportions, 2nd ed. (1981), section 13.1: two
    // psychiatrists, 100 patients; 0.68 with a standard error of 0.087.
    let kappa = kappa_ratio(&table(&[&[75, 1, 4], &[5, 4, 1], &[0, 0, 10]])).unwrap();
    near(kappa.value, 0.676_47, 1e-5);
    near(kappa.std, 0.087, 1e-3);
}

#[test]
fn kappa_of_two_classes_is_as_worked_by_hand() {
    // p₁. = p₂. = 0.5, p.₁ = 0.6, p.₂ = 0.4, pₒ = 0.70, pₑ = 0.50, so κ = 0.40.
    // On the diagonal 0.4 (1 − 1.1·0.6)² + 0.3 (1 − 0.9·0.6)² = 0.10972; beside it
    // 0.36 [0.1 (0.6 + 0.5)² + 0.2 (0.4 + 0.5)²] = 0.10188; less (0.4 − 0.5·0.6)² = 0.01.
    // So var = 0.2016 / (100 · 0.25) = 0.008064.
    let kappa = kappa_ratio(&table(&[&[40, 10], &[20, 30]])).unwrap();
    near(kappa.value, 0.4, 1e-12);
    near(kappa.std * kappa.std, 0.008_064, 1e-12);
    let Interval90 { low, high } = within_one_ratio(kappa);
    near(low, 0.2523, 1e-4);
    near(high, 0.5477, 1e-4);
}

#[test]
fn two_who_always_agree_have_one_and_the_order_of_classes_does_not_matter() {
    let kappa = kappa_ratio(&table(&[&[5, 0], &[0, 7]])).unwrap();
    near(kappa.value, 1.0, 1e-12);
    near(kappa.std, 0.0, 1e-6);
    let one = kappa_ratio(&table(&[&[75, 1, 4], &[5, 4, 1], &[0, 0, 10]])).unwrap();
    let turned = kappa_ratio(&table(&[&[10, 0, 0], &[1, 4, 5], &[4, 1, 75]])).unwrap();
    near(turned.value, one.value, 1e-12);
    near(turned.std, one.std, 1e-12);
}

#[test]
fn of_nothing_and_of_one_class_there_is_no_kappa() {
    assert_eq!(kappa_ratio(&table(&[&[0, 0], &[0, 0]])), None);
    assert_eq!(kappa_ratio(&table(&[&[9, 0], &[0, 0]])), None);
    assert_eq!(kappa_ratio(&[]), None);
    assert_eq!(kappa_ratio(&table(&[&[9, 0], &[0]])), None);
}

#[test]
fn a_share_has_the_interval_of_wilson() {
    // 90 % of 50 by the closed form, worked by hand to three figures.
    let Interval90 { low, high } = wilson_ratio(45, 50).unwrap();
    near(low, 0.808, 1e-3);
    near(high, 0.950, 1e-3);
    assert_eq!(wilson_ratio(0, 0), None);
    assert!(wilson_ratio(0, 3).unwrap().high > 0.4);
}
