use rand::{RngExt, SeedableRng};
use rand_distr::StandardNormal;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::*;

fn noise(seed: u64, lines: usize, samples: usize) -> Vec<f32> {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
    (0..lines * samples).map(|_| rng.sample(StandardNormal)).collect()
}

fn decided(values: &[f32], samples: usize) -> Vec<f32> {
    decide(Grid { values, samples })
}

#[test]
fn white_noise_passes_a_threshold_as_often_as_stated() {
    let seen: Vec<f32> = (0..8).flat_map(|seed| decided(&noise(seed, 200, 150), 150)).collect();
    for rate in [0.1, 0.01, 0.001] {
        let t = threshold(rate) as f32;
        let found = seen.iter().filter(|d| **d > t).count() as f64 / seen.len() as f64;
        assert!((found / rate).ln().abs() < 1.5_f64.ln(), "{rate}: {found}");
    }
}

#[test]
fn a_faint_streak_is_found_that_no_pixel_shows() {
    let mut map = noise(11, 120, 100);
    for k in 0..30 {
        map[(40 + k) * 100 + 20 + k] += 1.5;
        map[(40 + k) * 100 + 21 + k] += 1.5;
    }
    let found = decided(&map, 100);
    assert!(found[55 * 100 + 35] > threshold(1e-4) as f32, "{}", found[55 * 100 + 35]);
}

#[test]
fn no_data_stays_no_data_and_does_not_spread() {
    let mut map = noise(12, 60, 50);
    map[20 * 50 + 20] = f32::NAN;
    let found = decided(&map, 50);
    assert_eq!(found.iter().filter(|d| d.is_nan()).count(), 1);
    assert!(found[20 * 50 + 20].is_nan());
}

#[test]
fn dilation_reaches_as_far_as_asked_and_stops_at_the_edge() {
    let mut map = vec![false; 35];
    map[0] = true;
    map[24] = true;
    let grown = dilate(&map, 7, 1);
    assert_eq!(grown.iter().filter(|g| **g).count(), 4 + 9);
}
