use rand::{RngExt, SeedableRng};
use rand_distr::StandardNormal;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::*;

#[test]
fn bright_and_dark_pixels_get_the_same_deviation() {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(7);
    let brightness: Vec<f32> = (0..60_000).map(|_| rng.random_range(0.2..3.0)).collect();
    let mut score: Vec<f32> = brightness
        .iter()
        .map(|r| (0.3 + r) * rng.sample::<f32, _>(StandardNormal) + 0.5 * r)
        .collect();

    Calibration::learn(&score, &brightness, &vec![true; 60_000]).apply(&mut score, &brightness);

    for bright in [false, true] {
        let seen: Vec<f32> = score
            .iter()
            .zip(&brightness)
            .filter(|(_, r)| (**r > 1.5) == bright)
            .map(|(z, _)| *z)
            .collect();
        let (middle, deviation) = lower_spread(seen).unwrap();
        assert!(middle.abs() < 0.03 && (deviation - 1.0).abs() < 0.03, "{middle} {deviation}");
    }
}

#[test]
fn gas_in_a_tenth_of_the_pixels_moves_the_deviation_little() {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(8);
    let score: Vec<f32> = (0..20_000)
        .map(|i| rng.sample::<f32, _>(StandardNormal) + if i % 10 == 0 { 8.0 } else { 0.0 })
        .collect();
    let (_, deviation) = lower_spread(score).unwrap();
    assert!((deviation - 1.0).abs() < 0.1, "{deviation}");
}
