//! From ppm m K to ppm m: how much warmer the ground looks than the plume.
//!
//! ```text
//! T_g = median over clear bands of the brightness temperature of (L − P)/τ
//! ΔT = T_g − T_p,   c = q/ΔT,   (σ_c)² = (σ_q/ΔT)² + (q σ_ΔT/ΔT²)²
//! ```
//!
//! `q` is what a filter with a [`Target`](super::targets::Target) finds, in ppm m K. Where `|ΔT|` is
//! below a few of its own deviations the quotient means nothing and there is [`Contrast::NoContrast`]:
//! the gas may be there and cannot be seen. A plume takes the temperature of the air within metres
//! of its source, unless it is hot.
//!
//! A thick plume dims less than its column asks for. The linear answer to a column `c` is
//!
//! ```text
//! f(c) = Σ_b v_b (1 − t_b(c)) / (−s_b),    v_b = w_b s_b τ_b (∂B/∂T)_b / Σ
//! ```
//!
//! with `w` the weights of the filter, so `v` is the share each band has in the answer; [`thick`] finds
//! the `c` whose `f(c)` is the answer. Noise of the linear answer grows by `1/f'(c)`.
//!
//! Where it stops being true: ground of low emissivity, whose brightness differs from band to band;
//! several gases in one pixel; a plume of more than one temperature.

use cathartes_core::{
    air::Air,
    cube::Cube,
    estimate::Estimate,
    raster::Raster,
    signature::Signature,
    units::{Kelvin, Nanometres, PpmMetres, PpmMetresKelvin},
};
use rayon::prelude::*;

use super::planck::{band_radiance, brightness};

/// Ground of every day.
const USUAL: Kelvin = Kelvin(300.0);

/// Median absolute deviation to deviation, for a normal distribution.
const MAD_TO_STD: f64 = 1.4826;

/// Ground against plume.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Contrast {
    /// Ground minus plume; positive where the gas dims.
    Seen(Estimate<Kelvin>),
    /// Too little to say anything, gas or none.
    NoContrast(Estimate<Kelvin>),
}

impl Contrast {
    /// The contrast between ground and plume, when it is more than `sigmas` of its deviation.
    #[must_use]
    pub fn between(ground: Estimate<Kelvin>, plume: Estimate<Kelvin>, sigmas: u32) -> Self {
        let difference = Estimate {
            value: Kelvin(ground.value.0 - plume.value.0),
            std: Kelvin(ground.std.0.hypot(plume.std.0)),
        };
        if difference.value.0.abs() > f64::from(sigmas) * difference.std.0 {
            Self::Seen(difference)
        } else {
            Self::NoContrast(difference)
        }
    }

    /// The column behind what a filter found, thin plumes; none without contrast.
    #[must_use]
    pub fn column(self, found: Estimate<PpmMetresKelvin>) -> Option<Estimate<PpmMetres>> {
        let Self::Seen(contrast) = self else { return None };
        let (q, k) = (found.value.0, contrast.value.0);
        let by_contrast = q * contrast.std.0 / (k * k);
        Some(Estimate {
            value: PpmMetres(q / k),
            std: PpmMetres((found.std.0 / k).hypot(by_contrast)),
        })
    }
}

/// Bands in which the ground shows and the gases do not: transmittance at least nine tenths of the
/// largest, absorption under a twentieth of each gas's strongest.
#[must_use]
pub fn clear_bands(air: &Air, gases: &[&Signature]) -> Vec<usize> {
    let clearest = air.transmittance.iter().copied().fold(0.0, f64::max);
    let quiet = |band: usize| {
        gases.iter().all(|gas| {
            let strongest = gas.unit_per_ppmm.iter().fold(0.0, |m: f64, s| m.max(s.abs()));
            gas.unit_per_ppmm.get(band).is_none_or(|s| s.abs() <= 0.05 * strongest)
        })
    };
    (0..air.bands.len()).filter(|&b| air.transmittance[b] >= 0.9 * clearest && quiet(b)).collect()
}

/// Brightness temperature of the ground under a pixel's radiance, W m⁻² sr⁻¹ µm⁻¹, over some bands;
/// none where these hold no light. The deviation is that of the median of as many bands.
#[must_use]
pub fn ground(radiance: &[f32], air: &Air, bands: &[usize]) -> Option<Estimate<Kelvin>> {
    let windows: Vec<Clear> = bands.iter().map(|&b| Clear::new(air, b)).collect();
    of_pixel(radiance, &windows)
}

/// The ground of a whole cube: temperature and its deviation, K; NaN where the bands hold no light.
#[must_use]
pub fn grounds(cube: &Cube, air: &Air, bands: &[usize]) -> Estimate<Raster> {
    let windows: Vec<Clear> = bands.iter().map(|&b| Clear::new(air, b)).collect();
    let pixels = cube.data.par_chunks_exact(cube.bands.len());
    let nothing = Estimate { value: Kelvin(f64::NAN), std: Kelvin(f64::NAN) };
    let seen: Vec<(f32, f32)> = pixels
        .map(|pixel| of_pixel(pixel, &windows).unwrap_or(nothing))
        .map(|ground| (ground.value.0 as f32, ground.std.0 as f32))
        .collect();
    let (value, std) = seen.into_iter().unzip();
    let raster = |values| Raster { lines: cube.lines, samples: cube.samples, values };
    Estimate { value: raster(value), std: raster(std) }
}

/// A band through which the ground is read.
struct Clear {
    band: usize,
    transmittance: f64,
    path: f64,
    center: Nanometres,
    /// What the width of the band adds to the temperature its centre reads: constant to 1e-4 K from
    /// 250 to 350 K for bands up to 50 nm.
    wider_k: f64,
}

impl Clear {
    fn new(air: &Air, band: usize) -> Self {
        let own = &air.bands[band];
        let read = brightness(own.center, band_radiance(own, USUAL));
        Self {
            band,
            transmittance: air.transmittance[band],
            path: air.path_radiance[band],
            center: own.center,
            wider_k: USUAL.0 - read.unwrap_or(USUAL).0,
        }
    }

    fn kelvin(&self, radiance: &[f32]) -> Option<f64> {
        let leaving = (f64::from(radiance[self.band]) - self.path) / self.transmittance;
        Some(brightness(self.center, leaving)?.0 + self.wider_k)
    }
}

fn of_pixel(radiance: &[f32], windows: &[Clear]) -> Option<Estimate<Kelvin>> {
    let mut kelvin: Vec<f64> = windows.iter().filter_map(|w| w.kelvin(radiance)).collect();
    if kelvin.is_empty() {
        return None;
    }
    let count = kelvin.len() as f64;
    let middle = median(&mut kelvin);
    let mut away: Vec<f64> = kelvin.iter().map(|k| (k - middle).abs()).collect();
    let std = MAD_TO_STD * median(&mut away) * (std::f64::consts::FRAC_PI_2 / count).sqrt();
    Some(Estimate { value: Kelvin(middle), std: Kelvin(std) })
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    let half = values.len() / 2;
    if values.len() % 2 == 1 { values[half] } else { f64::midpoint(values[half - 1], values[half]) }
}

/// The column whose linear answer is `linear`; `weights` are the shares of the bands in the answer,
/// in any scale. None when no column of the signature's table answers so much: the plume is opaque
/// to this filter and only a lower limit, the table's last column, is known. A negative answer is
/// noise and stays as it is.
#[must_use]
pub fn thick(linear: PpmMetres, signature: &Signature, weights: &[f64]) -> Option<PpmMetres> {
    if linear.0 <= 0.0 {
        return Some(linear);
    }
    let answer = |column: f64| answer(PpmMetres(column), signature, weights);
    let (mut low, mut high) = (0.0, signature.columns.last()?.0);
    if answer(high) < linear.0 {
        return None;
    }
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if answer(middle) < linear.0 { low = middle } else { high = middle }
    }
    Some(PpmMetres(f64::midpoint(low, high)))
}

/// What a linear filter answers to a column, ppm m.
fn answer(column: PpmMetres, signature: &Signature, weights: &[f64]) -> f64 {
    let lit = |((ln_t, unit), weight): ((f64, &f64), &f64)| {
        (*unit < 0.0).then(|| (weight * ln_t.exp_m1() / unit, *weight))
    };
    let ln_t = signature.log_transmittance(column);
    let (sum, all) = ln_t
        .into_iter()
        .zip(&signature.unit_per_ppmm)
        .zip(weights)
        .filter_map(lit)
        .fold((0.0, 0.0), |(s, a), (x, w)| (s + x, a + w));
    sum / all
}

#[cfg(test)]
mod tests;
