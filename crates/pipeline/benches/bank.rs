//! What a gas more costs: a made-up thermal scene against one target and against sixty. Seconds, with as
//! many threads as rayon is given; `cargo xtask bench bank`.

use std::time::Instant;

use cathartes_core::{cube::Cube, spectrum::Band, units::Nanometres};
use cathartes_sensing::bank::{Bank, BankError, BankOptions, Target};
use rand::{RngExt, SeedableRng};
use rand_distr::StandardNormal;
use rand_xoshiro::Xoshiro256PlusPlus;

const LINES: usize = 320;
const SAMPLES: usize = 320;
const BANDS: usize = 256;

/// Ground of a few smooth components over noise.
fn scene() -> Cube {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(1);
    let mut data = Vec::with_capacity(LINES * SAMPLES * BANDS);
    for _ in 0..LINES * SAMPLES {
        let parts: [f32; 4] = std::array::from_fn(|_| random.sample(StandardNormal));
        for b in 0..BANDS {
            let x = b as f32 / BANDS as f32;
            let wave = |(k, part): (usize, &f32)| part * (3.0 * x * k as f32).cos();
            let ground: f32 = parts.iter().enumerate().map(wave).sum();
            data.push(9.0 + 0.1 * ground + 0.02 * random.sample::<f32, _>(StandardNormal));
        }
    }
    let band =
        |b: usize| Band { center: Nanometres(7500.0 + 17.6 * b as f64), fwhm: Nanometres(35.0) };
    Cube { lines: LINES, samples: SAMPLES, bands: (0..BANDS).map(band).collect(), data }
}

fn target(gas: usize) -> Target {
    let line = |b: usize, at: f64| (-0.5 * ((b as f64 - at) / 3.0).powi(2)).exp();
    let (first, second) = (4.0 * gas as f64 + 6.0, 250.0 - 3.7 * gas as f64);
    let shape = |b: usize| -1e-4 * (line(b, first) + 0.6 * line(b, second));
    Target { gas: format!("gas-{gas}"), per_ppmm_k: (0..BANDS).map(shape).collect() }
}

fn main() -> Result<(), BankError> {
    let cube = scene();
    println!("{LINES} x {SAMPLES} pixels of {BANDS} bands");
    for gases in [1, 10, 60] {
        let targets: Vec<Target> = (0..gases).map(target).collect();
        let start = Instant::now();
        let bank = Bank::learn(&cube, &targets, BankOptions::default())?;
        let learnt = start.elapsed().as_secs_f64();
        let any = bank.any();
        let decided = start.elapsed().as_secs_f64() - learnt;
        let top = any.maps.decision.values.iter().copied().fold(f32::MIN, f32::max);
        println!(
            "{gases:>2} gases: ground and scores {learnt:.2} s, decided {decided:.2} s (top {top:.1})"
        );
    }
    Ok(())
}
