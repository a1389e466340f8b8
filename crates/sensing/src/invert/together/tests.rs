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
        strays: Vec::new(),
        times: (0..2 * count).map(|i| 60.0 * (i % count) as f64).collect(),
        values: vec![0.0; 2 * count],
        level: 0.0,
        order: Vec::new(),
        runs: vec![0..count, count..2 * count],
        sensors: vec![0, 1],
    }
}

/// κ where all readings are as much of plumes.
fn alike(readings: &Readings, z: &[f64]) -> Vec<f64> {
    together(readings, z, &vec![0.5; z.len()])
}

#[test]
fn noise_counts_in_full() {
    let all = alike(&two(2_000), &noise(4_000, 1));
    assert!(all.iter().all(|k| (k - 1.0).abs() < 0.1), "{all:?}");
}

#[test]
fn what_lasts_for_n_readings_counts_once_in_n() {
    let slow: Vec<f64> = noise(400, 2).iter().flat_map(|z| [*z; 10]).collect();
    let all = alike(&two(2_000), &slow);
    assert!(all.iter().all(|k| (6.0..16.0).contains(k)), "{all:?}");
}

#[test]
fn two_sensors_that_err_alike_count_as_one() {
    let z = noise(1_000, 3);
    let all = alike(&two(1_000), &[z.clone(), z].concat());
    assert!(all.iter().all(|k| (k - 2.0).abs() < 0.2), "{all:?}");
}

#[test]
fn sensors_that_never_read_at_once_are_not_compared() {
    let z = noise(500, 4);
    let mut apart = two(500);
    apart.times[500..].iter_mut().for_each(|t| *t += 1e6);
    let all = alike(&apart, &[z.clone(), z].concat());
    assert!(all.iter().all(|k| (k - 1.0).abs() < 0.2), "{all:?}");
}

#[test]
fn errors_that_last_within_plumes_take_nothing_from_readings_of_the_air() {
    let slow: Vec<f64> = noise(200, 5).iter().flat_map(|z| [*z; 10]).collect();
    let quick = noise(2_000, 6);
    // A plume in every other hundred readings.
    let share = |i: usize| if (i / 100).is_multiple_of(2) { 1.0 } else { 0.0 };
    let z: Vec<f64> = (0..2_000).map(|i| if share(i) > 0.5 { slow[i] } else { quick[i] }).collect();
    let shares: Vec<f64> = (0..2_000).map(share).collect();
    let mut one = two(1_000);
    one.runs = std::iter::once(0..2_000).collect();
    one.times = (0..2_000_u32).map(f64::from).collect();
    let all = together(&one, &z, &shares);
    assert!((5.0..16.0).contains(&all[50]), "{}", all[50]);
    assert!((all[150] - 1.0).abs() < 0.2, "{}", all[150]);
}

#[test]
fn readings_count_for_less_than_what_is_left_shows_those_of_beams_for_least() {
    let point = Sight { from: [0.0; 3], reach: None };
    let beam = Sight { reach: Some([50.0, 0.0, 0.0]), ..point };
    assert!(count(&beam, 2.0) < count(&point, 2.0) && count(&point, 2.0) < 0.5);
    assert!((count(&point, 4.0) - 0.5 * count(&point, 2.0)).abs() < 1e-12);
}
