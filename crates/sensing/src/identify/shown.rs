//! The spectrum of a plume for the eye: what is seen of it, and what each gas of an explanation makes
//! of it.
//!
//! ```text
//! r = Σ_g a_g h_g / μ + Σ_j c_j cos_j + rest
//! ```
//!
//! `r` is ln of the plume's mean radiance over its surroundings (as `look_alike` makes it), `h_g/μ` the
//! relative change for 1 ppm m K; the cosines, no narrower than a tenth of the spectrum, are the difference
//! of surfaces, by least squares. Thin plumes: the gases' parts add.

use cathartes_core::raster::Raster;

use crate::{
    bank::Bank,
    fitted::Mark,
    linear::{backward, cholesky, dot, forward},
    look_alike::{
        PlumeSpectrum,
        fits::{Seen, Shown, strongest},
        ratio::{Patch, Scene},
    },
    plumes::mass::{SKIRT_PX, grown},
};

/// Cosines that stand for another surface.
const COSINES: usize = 10;

/// The spectrum of a plume with an explanation: targets by their place and amplitudes in ppm m K; the
/// gases of the explanation are fitted to it, and to its pixels of most `significance`, once more
/// (`fitted`). `None` where the plume has no ground beside it.
#[must_use]
pub fn shown(
    bank: &Bank,
    pixels: &[(u32, u32)],
    amplitudes_ppmm_k: &[(usize, f64)],
    significance: &Raster,
    seed: u64,
) -> Option<PlumeSpectrum> {
    let cube = bank.cube();
    let mut free = bank.background().to_vec();
    for (l, s) in grown(pixels, SKIRT_PX, cube.lines, cube.samples) {
        free[l as usize * cube.samples + s as usize] = false;
    }
    let scene = Scene { cube, free: &free };
    let patch = Patch::new(pixels.iter().map(|&(l, s)| (l as i32, s as i32, 1.0)).collect());
    let seen = patch.ratio(&scene)?.plain;
    let background = patch.elsewhere(&scene, seed);
    let ground = &background.plain;
    let bands = seen.len();
    let mean: Vec<f64> = mean_of(ground, bands);
    let rough: Vec<Vec<f64>> = ground
        .iter()
        .map(|patch| {
            let centred: Vec<f64> = patch.iter().zip(&mean).map(|(x, m)| x - m).collect();
            centred.iter().zip(smooth(&centred)).map(|(x, s)| x - s).collect()
        })
        .collect();
    let observed_ln: Vec<f64> = seen.iter().zip(&mean).map(|(r, m)| r - m).collect();
    let marks: Vec<Mark> = amplitudes_ppmm_k.iter().map(|(place, _)| mark(bank, *place)).collect();
    let parts: Vec<(String, Vec<f64>)> = marks
        .iter()
        .zip(amplitudes_ppmm_k)
        .map(|(mark, (place, amplitude))| (bank.targets()[*place].gas.clone(), mark.ln(*amplitude)))
        .collect();
    let strongest = strongest(pixels, significance);
    let fits = Shown { first_line: 0, bands, strongest }.fits(
        &Seen { scene: &scene, patch: &patch, ratio: &seen },
        &background,
        &marks,
    );
    let gas_ln: Vec<f64> =
        (0..bands).map(|b| parts.iter().map(|(_, part)| part[b]).sum()).collect();
    let rest: Vec<f64> = observed_ln.iter().zip(&gas_ln).map(|(o, g)| o - g).collect();
    let surface = smooth(&rest);
    let residual_ln: Vec<f64> = rest.iter().zip(&surface).map(|(r, s)| r - s).collect();
    Some(PlumeSpectrum {
        wavelengths_nm: cube.bands.iter().map(|band| band.center.0).collect(),
        fitted_ln: observed_ln.iter().zip(&residual_ln).map(|(o, r)| o - r).collect(),
        sigma_ln: deviation(&rough, bands),
        observed_ln,
        gas_ln,
        residual_ln,
        column_ppmm: f64::NAN,
        parts_ln: parts,
        fits,
    })
}

/// What 1 ppm m K of a gas does to ln of radiance.
fn mark<'b>(bank: &'b Bank, place: usize) -> Mark<'b> {
    let target = &bank.targets()[place];
    let relative = target.per_ppmm_k.iter().zip(bank.clutter().mean()).map(|(t, m)| t / m);
    Mark::Amplitude(&target.gas, relative.collect())
}

fn mean_of(rows: &[Vec<f64>], bands: usize) -> Vec<f64> {
    let n = rows.len().max(1) as f64;
    (0..bands).map(|b| rows.iter().map(|row| row[b]).sum::<f64>() / n).collect()
}

fn deviation(rows: &[Vec<f64>], bands: usize) -> Vec<f64> {
    let n = rows.len().max(1) as f64;
    let square = |b: usize| rows.iter().map(|row| row[b] * row[b]).sum::<f64>() / n;
    (0..bands).map(|b| square(b).sqrt()).collect()
}

/// The part of a spectrum that wide cosines make.
fn smooth(spectrum: &[f64]) -> Vec<f64> {
    let n = spectrum.len();
    let wave = |j: usize| -> Vec<f64> {
        let turn = std::f64::consts::PI * j as f64 / n as f64;
        (0..n).map(|b| (turn * (b as f64 + 0.5)).cos()).collect()
    };
    let waves: Vec<Vec<f64>> = (0..COSINES.min(n)).map(wave).collect();
    let k = waves.len();
    let mut normal: Vec<f64> = (0..k * k).map(|i| dot(&waves[i / k], &waves[i % k])).collect();
    let mut strengths: Vec<f64> = waves.iter().map(|w| dot(w, spectrum)).collect();
    if cholesky(&mut normal, k).is_none() {
        return vec![0.0; n];
    }
    forward(&normal, &mut strengths);
    backward(&normal, &mut strengths);
    let at = |b: usize| waves.iter().zip(&strengths).map(|(w, s)| s * w[b]).sum();
    (0..n).map(at).collect()
}
