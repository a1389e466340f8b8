use rand::SeedableRng;
use rand_distr::{Distribution, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::*;

fn noise(count: usize, seed: u64) -> Vec<f64> {
    let mut dice = Xoshiro256PlusPlus::seed_from_u64(seed);
    (0..count).map(|_| StandardNormal.sample(&mut dice)).collect()
}

/// Two sensors that read at the same moments.
fn two(count: usize) -> Readings {
    Readings {
        sights: Vec::new(),
        flows: Vec::new(),
        times: (0..2 * count).map(|i| 60.0 * (i % count) as f64).collect(),
        values: vec![0.0; 2 * count],
        level: 0.0,
        order: Vec::new(),
        runs: vec![0..count, count..2 * count],
        sensors: vec![0, 1],
    }
}

#[test]
fn noise_counts_in_full() {
    let all = together(&two(2_000), &noise(4_000, 1));
    assert!(all.iter().all(|k| (k - 1.0).abs() < 0.1), "{all:?}");
}

#[test]
fn what_lasts_for_n_readings_counts_once_in_n() {
    let slow: Vec<f64> = noise(400, 2).iter().flat_map(|z| [*z; 10]).collect();
    let all = together(&two(2_000), &slow);
    assert!(all.iter().all(|k| (6.0..16.0).contains(k)), "{all:?}");
}

#[test]
fn two_sensors_that_err_alike_count_as_one() {
    let z = noise(1_000, 3);
    let all = together(&two(1_000), &[z.clone(), z].concat());
    assert!(all.iter().all(|k| (k - 2.0).abs() < 0.2), "{all:?}");
}

#[test]
fn sensors_that_never_read_at_once_are_not_compared() {
    let z = noise(500, 4);
    let mut apart = two(500);
    apart.times[500..].iter_mut().for_each(|t| *t += 1e6);
    let all = together(&apart, &[z.clone(), z].concat());
    assert!(all.iter().all(|k| (k - 1.0).abs() < 0.2), "{all:?}");
}
