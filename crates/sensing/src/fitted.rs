//! A spectrum against the gases fitted to it, and what the fit leaves.
//!
//! With `y` the logarithm of a plume's or a pixel's radiance over its surroundings, less what ground
//! alone gives there in the mean, and `T_g(c)` the transmittance of the gas g in column `c`,
//!
//! ```text
//! y = Σ_g ln T_g(c_g) + e,   e ~ N(0, C),     r = y − Σ_g ln T_g(c_g)
//! ĉ = argmin rᵀC⁻¹r,   cov ĉ = (JᵀC⁻¹J)⁻¹ max(1, χ²),   J = ∂ Σ ln T / ∂c,   χ² = rᵀC⁻¹r/(p − k)
//! ```
//!
//! over the `p` bands of the gas's spectral window, by Gauss and Newton for `k` gases together. Heat is
//! read in ppm m K, where a little gas changes the radiance in proportion: `ln T = a h/μ`.
//!
//! `C` is no pixel's covariance over √N. Ground and air are correlated from pixel to pixel, so a mean over
//! a plume keeps most of their scatter and loses the detector's: the same shape laid over some 240 free
//! places of the scene says how much. Of those `n` spectra, with covariance `S`,
//!
//! ```text
//! C = κ [(1 − a) S + a diag S],   κ = mean of qᵢ/(1 − β qᵢ) over p,   β = (1 − a)/(n − 1)
//! ```
//!
//! `a` by leave-one-out likelihood (see `filter`), `qᵢ` the square of the i-th spectrum in the covariance
//! before κ: free ground, each place judged by the others, has χ² = 1 in the mean. For single pixels the
//! `n` are single pixels of those places.
//!
//! What is left is parted for the eye. Ground differs first in a few ways that all bands share; with
//! `E Λ Eᵀ` the first principal directions of `S`,
//!
//! ```text
//! ground = G C⁻¹ r,   G = κ (1 − a) E Λ Eᵀ,     residual = r − ground,   noise = √diag(C − G).
//! ```
//!
//! χ² judges `r` as a whole, so nothing is hidden by the parting. Without a gas that belongs there it is
//! far above 1; with the right one it is near 1, and above it for strong plumes, whose tabulated shapes,
//! and whose mean over pixels of different columns, are right to a few per cent only: sigma grows with it.
//!
//! Limits: the gas lies in front of the ground that its surroundings show, and gas that was not found there
//! is taken off; a plume over ground that is found nowhere else in the scene has a χ² of its own; columns of
//! a mean bend as those of one pixel.
//!
//! Aitken (1936), Proc. R. Soc. Edinb. 55, 42 (generalised least squares); Birge (1932), Phys. Rev. 40,
//! 207 (sigma by χ²).

use cathartes_core::{
    estimate::Estimate,
    signature::Signature,
    units::{PpmMetres, PpmMetresKelvin},
};

use crate::{
    filter::{leave_one_out_shrinkage, shrink},
    linear::{backward, cholesky, dot, forward},
    look_alike::ground::{components, moments},
};

/// Spectra of ground below which nobody knows what ground does.
const FEWEST: usize = 40;
/// Steps of Gauss and Newton, and the share of sigma below which another changes nothing.
const STEPS: usize = 25;
const SETTLED: f64 = 1e-6;

/// A spectrum of a plume or of one of its pixels with the gases fitted to it. All in ln of radiance over
/// surroundings, over the bands of the gas's spectral window.
#[derive(Debug, Clone, PartialEq)]
pub struct FittedSpectrum {
    /// Line and sample when it is that of one pixel.
    pub pixel: Option<(u32, u32)>,
    /// Pixels it is the mean of.
    pub pixels: usize,
    /// What was seen, the mean of ground taken off.
    pub measured_ln: Vec<f64>,
    /// Deviation of each band beyond what ground's principal directions explain.
    pub noise_ln: Vec<f64>,
    /// What ground's principal directions explain.
    pub ground_ln: Vec<f64>,
    /// The gases and the ground.
    pub fitted_ln: Vec<f64>,
    /// Measured less fitted.
    pub residual_ln: Vec<f64>,
    /// The gases, the one searched for first.
    pub gases: Vec<FittedGas>,
    /// What the gases leave against what ground alone leaves: about 1 where they explain what is seen.
    pub chi2_per_band: f64,
}

/// One gas of a fit.
#[derive(Debug, Clone, PartialEq)]
pub struct FittedGas {
    /// Its slug.
    pub gas: String,
    /// Mean column; absent for heat, as long as nobody knows the contrast.
    pub column: Option<Estimate<PpmMetres>>,
    /// Column times contrast; heat only.
    pub amplitude: Option<Estimate<PpmMetresKelvin>>,
    /// Its own part.
    pub fitted_ln: Vec<f64>,
}

/// What a gas does to ln of radiance.
pub(crate) enum Mark<'a> {
    /// By its column, bent as it saturates.
    Column(&'a Signature),
    /// In proportion, by slug: a ppm m K.
    Amplitude(&'a str, Vec<f64>),
}

impl Mark<'_> {
    pub(crate) fn ln(&self, amount: f64) -> Vec<f64> {
        match self {
            Self::Column(signature) => signature.log_transmittance(PpmMetres(amount)),
            Self::Amplitude(_, per_unit) => per_unit.iter().map(|h| amount * h).collect(),
        }
    }

    /// The change with one ppm m, or ppm m K, more.
    fn slope(&self, amount: f64) -> Vec<f64> {
        let more = self.ln(amount + 1.0).into_iter();
        more.zip(self.ln(amount)).map(|(more, ln)| more - ln).collect()
    }

    fn fitted(&self, amount: Estimate<f64>, fitted_ln: Vec<f64>) -> FittedGas {
        let Estimate { value, std } = amount;
        match self {
            Self::Column(signature) => FittedGas {
                gas: signature.gas.clone(),
                column: Some(Estimate { value: PpmMetres(value), std: PpmMetres(std) }),
                amplitude: None,
                fitted_ln,
            },
            Self::Amplitude(gas, _) => FittedGas {
                gas: (*gas).to_owned(),
                column: None,
                amplitude: Some(Estimate {
                    value: PpmMetresKelvin(value),
                    std: PpmMetresKelvin(std),
                }),
                fitted_ln,
            },
        }
    }
}

/// What ground alone makes of spectra of one shape.
pub(crate) struct Scatter {
    mean: Vec<f64>,
    /// Lower Cholesky factor of C.
    factor: Vec<f64>,
    /// Principal directions, each with its part of the variance of C.
    principal: Vec<(f64, Vec<f64>)>,
    noise: Vec<f64>,
}

/// Where the fit stands.
struct Solved {
    amounts: Vec<Estimate<f64>>,
    /// What each gas makes.
    parts: Vec<Vec<f64>>,
    /// r.
    left: Vec<f64>,
    chi2_per_band: f64,
}

impl Scatter {
    /// From spectra of ground, in their leading bands; `None` where they tell too little.
    pub(crate) fn learn(spectra: &[Vec<f64>], bands: usize) -> Option<Self> {
        let n = spectra.len();
        if n < FEWEST {
            return None;
        }
        let (mean, covariance) = moments(spectra, bands);
        let a = leave_one_out_shrinkage(&covariance, bands, n);
        let mut shrunk = covariance.clone();
        shrink(&mut shrunk, bands, a);
        let mut factor = shrunk.clone();
        cholesky(&mut factor, bands)?;
        let scale = left_out(spectra, &mean, &factor, (1.0 - a) / (n - 1) as f64);
        let principal: Vec<(f64, Vec<f64>)> = components(&covariance, bands)?
            .into_iter()
            .map(|e| (scale * (1.0 - a) * variance_along(&covariance, &e), e))
            .collect();
        let beyond = |b: usize| {
            let shared: f64 = principal.iter().map(|(v, e)| v * e[b] * e[b]).sum();
            (scale * shrunk[b * bands + b] - shared).max(0.0).sqrt()
        };
        let noise = (0..bands).map(beyond).collect();
        for l in &mut factor {
            *l *= scale.sqrt();
        }
        Some(Self { mean, factor, principal, noise })
    }

    /// Fits gases to a spectrum together; `None` when they cannot be told apart or it is no number.
    pub(crate) fn fit(&self, seen: &[f64], marks: &[Mark]) -> Option<FittedSpectrum> {
        let measured_ln: Vec<f64> = seen.iter().zip(&self.mean).map(|(x, m)| x - m).collect();
        let Solved { amounts, parts, left, chi2_per_band } = self.solve(&measured_ln, marks)?;
        let ground_ln = self.ground(&left);
        let residual_ln: Vec<f64> = left.iter().zip(&ground_ln).map(|(r, g)| r - g).collect();
        let fitted_ln = measured_ln.iter().zip(&residual_ln).map(|(y, r)| y - r).collect();
        let gases = marks.iter().zip(amounts).zip(parts);
        Some(FittedSpectrum {
            pixel: None,
            pixels: 1,
            noise_ln: self.noise.clone(),
            gases: gases.map(|((mark, amount), part)| mark.fitted(amount, part)).collect(),
            measured_ln,
            ground_ln,
            fitted_ln,
            residual_ln,
            chi2_per_band,
        })
    }

    fn solve(&self, measured: &[f64], marks: &[Mark]) -> Option<Solved> {
        let (p, k) = (measured.len(), marks.len());
        let mut amounts = vec![0.0; k];
        let mut normal = Normal::default();
        for _ in 0..STEPS {
            let (_, left) = parts(marks, &amounts, measured);
            let slopes = marks.iter().zip(&amounts).map(|(mark, c)| mark.slope(*c));
            normal = Normal::new(slopes.map(|s| self.whitened(&s[..p])).collect())?;
            let step = normal.step(&self.whitened(&left));
            amounts.iter_mut().zip(&step).for_each(|(c, d)| *c += d);
            if (0..k).all(|i| step[i].abs() <= SETTLED * normal.sigma(i)) {
                break;
            }
        }
        let (parts, left) = parts(marks, &amounts, measured);
        let white = self.whitened(&left);
        let chi2_per_band = dot(&white, &white) / (p - k.min(p - 1)) as f64;
        let wider = chi2_per_band.max(1.0).sqrt();
        let amount = |(i, value)| Estimate { value, std: normal.sigma(i) * wider };
        let amounts: Vec<Estimate<f64>> = amounts.into_iter().enumerate().map(amount).collect();
        let known = chi2_per_band.is_finite() && amounts.iter().all(|c| c.std.is_finite());
        known.then_some(Solved { amounts, parts, left, chi2_per_band })
    }

    fn whitened(&self, x: &[f64]) -> Vec<f64> {
        let mut z = x.to_vec();
        forward(&self.factor, &mut z);
        z
    }

    /// G C⁻¹ r.
    fn ground(&self, left: &[f64]) -> Vec<f64> {
        let mut weighed = self.whitened(left);
        backward(&self.factor, &mut weighed);
        let mut ground = vec![0.0; left.len()];
        for (variance, e) in &self.principal {
            let along = variance * dot(e, &weighed);
            ground.iter_mut().zip(e).for_each(|(g, e)| *g += along * e);
        }
        ground
    }
}

/// What each gas makes, and what all of them leave.
fn parts(marks: &[Mark], amounts: &[f64], measured: &[f64]) -> (Vec<Vec<f64>>, Vec<f64>) {
    let bands = measured.len();
    let part = |(mark, amount): (&Mark, &f64)| {
        let mut ln = mark.ln(*amount);
        ln.truncate(bands);
        ln
    };
    let parts: Vec<Vec<f64>> = marks.iter().zip(amounts).map(part).collect();
    let all = |b: usize| parts.iter().map(|part| part[b]).sum::<f64>();
    let left = measured.iter().enumerate().map(|(b, y)| y - all(b)).collect();
    (parts, left)
}

/// Whitened slopes, and the factor of their products.
#[derive(Default)]
struct Normal {
    slopes: Vec<Vec<f64>>,
    factor: Vec<f64>,
}

impl Normal {
    fn new(slopes: Vec<Vec<f64>>) -> Option<Self> {
        let k = slopes.len();
        let mut factor: Vec<f64> =
            (0..k * k).map(|i| dot(&slopes[i / k], &slopes[i % k])).collect();
        cholesky(&mut factor, k)?;
        Some(Self { slopes, factor })
    }

    fn step(&self, left: &[f64]) -> Vec<f64> {
        let mut step: Vec<f64> = self.slopes.iter().map(|s| dot(s, left)).collect();
        forward(&self.factor, &mut step);
        backward(&self.factor, &mut step);
        step
    }

    fn sigma(&self, of: usize) -> f64 {
        let mut unit = vec![0.0; self.slopes.len()];
        unit[of] = 1.0;
        forward(&self.factor, &mut unit);
        dot(&unit, &unit).sqrt()
    }
}

/// κ: how much farther than its covariance says a spectrum of ground lies when the others judge it.
fn left_out(spectra: &[Vec<f64>], mean: &[f64], factor: &[f64], beta: f64) -> f64 {
    let square = |spectrum: &Vec<f64>| {
        let mut z: Vec<f64> = spectrum.iter().zip(mean).map(|(x, m)| x - m).collect();
        forward(factor, &mut z);
        let q = dot(&z, &z);
        q / (1.0 - beta * q).max(1e-3)
    };
    spectra.iter().map(square).sum::<f64>() / (spectra.len() * mean.len()) as f64
}

/// eᵀSe, of the lower half.
fn variance_along(covariance: &[f64], e: &[f64]) -> f64 {
    let p = e.len();
    let row = |i: usize| {
        let below = dot(&covariance[i * p..i * p + i], &e[..i]);
        e[i] * (2.0 * below + covariance[i * p + i] * e[i])
    };
    (0..p).map(row).sum()
}

#[cfg(test)]
mod tests;
