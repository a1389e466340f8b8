use super::*;

/// Chains of x' = a x + noise, the k-th shifted by k times `apart`.
fn chains(a: f64, apart: f64) -> Vec<Vec<f64>> {
    (0..4)
        .map(|k| {
            let mut rng = Xoshiro256PlusPlus::seed_from_u64(40 + k);
            let mut x = 0.0;
            let mut step = || {
                x = a * x + Distribution::<f64>::sample(&StandardNormal, &mut rng);
                x + k as f64 * apart
            };
            (0..2000).map(|_| step()).collect()
        })
        .collect()
}

#[test]
fn chains_of_one_distribution_agree_and_count_fully() {
    let (r_hat, draws) = judge(&chains(0.0, 0.0));
    assert!(r_hat < 1.01 && (6500.0..9500.0).contains(&draws), "{r_hat} {draws}");
}

#[test]
fn correlated_draws_count_for_less() {
    let (r_hat, draws) = judge(&chains(0.9, 0.0));
    let expected = 8000.0 * 0.1 / 1.9;
    assert!(r_hat < 1.05 && (0.7..1.4).contains(&(draws / expected)), "{r_hat} {draws}");
}

#[test]
fn chains_apart_are_seen_to_be_apart() {
    assert!(judge(&chains(0.0, 0.5)).0 > 1.1);
    let stuck = vec![vec![1.0; 100], vec![1.0; 100], vec![2.0; 100], vec![1.0; 100]];
    assert!(judge(&stuck).0 > 1.5);
}

#[test]
fn what_never_changes_has_converged() {
    assert_eq!(judge(&vec![vec![1.0; 100]; 4]), (1.0, 400.0));
}
