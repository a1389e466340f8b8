//! A small made-up scene for tests: a few kinds of ground in patches, brightness over it, columns
//! of their own gain, photon noise, and puffs of gas by Beer-Lambert. The real simulator is
//! `simulate`; this one depends on nothing and takes milliseconds.

use cathartes_core::{
    cube::Cube,
    signature::Signature,
    spectrum::Band,
    units::{Nanometres, PpmMetres},
};
use rand::{RngExt, SeedableRng};
use rand_distr::StandardNormal;
use rand_xoshiro::Xoshiro256PlusPlus;

/// A scene with its truth.
pub(crate) struct Toy {
    pub(crate) cube: Cube,
    /// True enhancement, ppm m.
    pub(crate) truth: Vec<f32>,
    pub(crate) signature: Signature,
}

/// What to make.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Recipe {
    pub(crate) lines: usize,
    pub(crate) samples: usize,
    pub(crate) bands: usize,
    pub(crate) seed: u64,
    /// Peak of each plume, ppm m.
    pub(crate) peak_ppmm: f32,
    pub(crate) plumes: usize,
}

pub(crate) const EMPTY: Recipe =
    Recipe { lines: 300, samples: 24, bands: 40, seed: 1, peak_ppmm: 0.0, plumes: 0 };

/// Weak and strong lines in turn, so that the table bends.
pub(crate) fn signature(bands: usize) -> Signature {
    let band = |b: usize| Band {
        center: Nanometres(2122.0 + 366.0 * b as f64 / bands as f64),
        fwhm: Nanometres(6.0),
    };
    let shape = |b: usize| {
        let x = b as f64 / bands as f64;
        let teeth = 0.6 + 0.4 * (x * 75.0).sin();
        4e-5 * teeth * (-((x - 0.55) / 0.25).powi(2)).exp() + 2e-7
    };
    // Three tenths of a band absorb three times as much as its average, the rest little.
    let log_t = |b: usize, c: f64| {
        let s = shape(b);
        (0.3 * (-3.0 * s * c).exp() + 0.7 * (-s * c / 7.0).exp()).ln()
    };
    let columns: Vec<f64> = (0..=25).map(|k| 50_000.0 * (f64::from(k) / 25.0).powi(2)).collect();
    Signature {
        gas: "toy".into(),
        bands: (0..bands).map(band).collect(),
        unit_per_ppmm: (0..bands).map(|b| -shape(b)).collect(),
        table: columns.iter().map(|&c| (0..bands).map(|b| log_t(b, c)).collect()).collect(),
        columns: columns.into_iter().map(PpmMetres).collect(),
        air_mass_factor: 2.0,
        coarse_above: None,
    }
}

pub(crate) fn scene(recipe: Recipe) -> Toy {
    let Recipe { lines, samples, bands: p, .. } = recipe;
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(recipe.seed);
    let signature = signature(p);
    let fields: Vec<Vec<f32>> = (0..4).map(|_| field(&mut rng, lines, samples)).collect();
    let truth = plumes(&mut rng, recipe);
    let gains: Vec<f32> =
        (0..samples * p).map(|_| 1.0 + 0.02 * rng.sample::<f32, _>(StandardNormal)).collect();
    let exact = |c: f32| {
        let t = signature.log_transmittance(PpmMetres(f64::from(c)));
        t.into_iter().map(|t| t.exp() as f32).collect::<Vec<f32>>()
    };
    let mut data = Vec::with_capacity(lines * samples * p);
    for at in 0..lines * samples {
        let transmittance = exact(truth[at]);
        let brightness = (0.35 * fields[0][at]).exp();
        for b in 0..p {
            let x = b as f32 / p as f32;
            let ground = 1.0
                + 0.06 * fields[1][at] * (3.0 * x).sin()
                + 0.03 * fields[2][at] * (7.0 * x).cos()
                + 0.02 * fields[3][at] * (13.0 * x + 1.0).sin();
            let clean = 5.0 * (1.0 - 0.5 * x) * brightness * ground * gains[at % samples * p + b];
            let noise = 0.01 * (1.0 + clean).sqrt() * rng.sample::<f32, _>(StandardNormal);
            data.push(clean * transmittance[b] + noise);
        }
    }
    let cube = Cube { lines, samples, bands: signature.bands.clone(), data };
    Toy { cube, truth, signature }
}

/// Unit-variance patches some four pixels wide.
fn field(rng: &mut Xoshiro256PlusPlus, lines: usize, samples: usize) -> Vec<f32> {
    let white: Vec<f32> = (0..lines * samples).map(|_| rng.sample(StandardNormal)).collect();
    let smooth = crate::spatial::gaussian(&white, samples, 1.5);
    let variance = smooth.iter().map(|v| v * v).sum::<f32>() / smooth.len() as f32;
    smooth.into_iter().map(|v| v / variance.sqrt()).collect()
}

/// Gaussian puffs strung along a wandering line.
fn plumes(rng: &mut Xoshiro256PlusPlus, recipe: Recipe) -> Vec<f32> {
    let (lines, samples) = (recipe.lines as f32, recipe.samples as f32);
    let mut truth = vec![0.0_f32; recipe.lines * recipe.samples];
    for _ in 0..recipe.plumes {
        let (mut l, mut s) =
            (rng.random_range(0.2..0.8) * lines, rng.random_range(0.2..0.8) * samples);
        let mut heading: f32 = rng.random_range(0.0..std::f32::consts::TAU);
        for k in 0..12 {
            let width = 1.0 + 0.15 * k as f32;
            for (at, t) in truth.iter_mut().enumerate() {
                let (dl, ds) = ((at / recipe.samples) as f32 - l, (at % recipe.samples) as f32 - s);
                let puff = (-0.5 * (dl * dl + ds * ds) / (width * width)).exp() / width;
                *t += if puff > 0.02 { recipe.peak_ppmm * puff } else { 0.0 };
            }
            heading += rng.random_range(-0.4..0.4);
            l += 1.5 * heading.sin();
            s += 1.5 * heading.cos();
        }
    }
    truth
}
