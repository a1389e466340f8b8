//! The mean spectrum of a plume over its ground, in units in which ground has unit covariance.
//!
//! Every pixel is whitened by its own kind of ground, `w = L_k⁻¹(y − m_k)` (see [`crate::bank`]). The
//! plume is the mean of these with weights ω; 1 ppm m K of a gas with the relative change `h` makes
//!
//! ```text
//! w̄ = Σ ω_i w_i,     E w̄ = W h,   W = Σ ω_i c_i L_{k(i)}⁻¹,
//! ```
//!
//! with `c_i` the contrast of a pixel over that of the plume, where known, and `ω ∝ c`. Ground does not
//! average out as 1/√n: the same patch laid over free places gives the mean and covariance `Q = MMᵀ` of
//! w̄ without gas, shrunk to its diagonal, and
//!
//! ```text
//! z = M⁻¹(w̄ − mean),     O = M⁻¹ W  is the lens through which a relative change is seen.
//! ```

use crate::{
    bank::Bank,
    filter::{leave_one_out_shrinkage, shrink},
    linear::{cholesky, forward, inverse_lower},
    look_alike::{
        ground::moments,
        ratio::{Patch, Scene},
    },
    plumes::mass::{SKIRT_PX, grown},
};

use super::IdentifyError;

/// Places without which nobody knows what ground does.
const FEWEST: usize = 40;

/// How a change of radiance over the plume appears in whitened units.
#[derive(Debug, Clone, PartialEq)]
pub struct Lens {
    /// O, row by row.
    operator: Vec<f64>,
    /// Radiance that changes are relative to.
    mean: Vec<f64>,
    /// What ground alone makes of the spectrum.
    ground: Vec<f64>,
}

/// Which pixels a plume has.
#[derive(Debug, Clone, Copy)]
pub struct PlumePixels<'p> {
    /// As (line, sample).
    pub pixels: &'p [(u32, u32)],
    /// Thermal contrast of each pixel over that of the plume, when known.
    pub relative_contrast: Option<&'p [f64]>,
}

impl Lens {
    /// For spectra whose ground has a known covariance (lower half, row by row) of radiance relative
    /// to `mean_radiance`; `None` when it has no inverse.
    #[must_use]
    pub fn from_covariance(relative_covariance: &[f64], mean_radiance: &[f64]) -> Option<Self> {
        let p = mean_radiance.len();
        let mut factor = relative_covariance.to_vec();
        cholesky(&mut factor, p)?;
        let operator = inverse_lower(&factor, p);
        Some(Self { operator, mean: mean_radiance.to_vec(), ground: vec![0.0; p] })
    }

    /// For spectra of which ground alone gave some, relative to `mean_radiance`: their covariance,
    /// shrunk to its diagonal, and their mean. `None` when they tell too little.
    #[must_use]
    pub fn from_ground(relative_changes: &[Vec<f64>], mean_radiance: &[f64]) -> Option<Self> {
        let (mean, factor) = learnt(relative_changes, mean_radiance.len())?;
        let operator = inverse_lower(&factor, mean_radiance.len());
        let mut lens = Self { operator, mean: mean_radiance.to_vec(), ground: Vec::new() };
        lens.ground = lens.of_relative(&mean);
        Some(lens)
    }

    /// A change of radiance in whitened units.
    #[must_use]
    pub fn whitened(&self, change_of_radiance: &[f64]) -> Vec<f64> {
        let seen = self.of_relative(&self.relative(change_of_radiance));
        seen.iter().zip(&self.ground).map(|(z, g)| z - g).collect()
    }

    pub(super) fn bands(&self) -> usize {
        self.mean.len()
    }

    pub(super) fn relative(&self, change: &[f64]) -> Vec<f64> {
        change.iter().zip(&self.mean).map(|(x, m)| x / m).collect()
    }

    pub(super) fn of_relative(&self, change: &[f64]) -> Vec<f64> {
        self.operator
            .chunks_exact(self.bands())
            .map(|row| crate::linear::dot(row, change))
            .collect()
    }

    /// `O e_b`.
    pub(super) fn column(&self, band: usize) -> Vec<f64> {
        self.operator.chunks_exact(self.bands()).map(|row| row[band]).collect()
    }

    /// `|O e_b|²`.
    pub(super) fn power(&self, band: usize) -> f64 {
        self.operator.chunks_exact(self.bands()).map(|row| row[band] * row[band]).sum()
    }
}

/// The lens of a plume, and its spectrum through it.
///
/// # Errors
///
/// [`IdentifyError`] when the plume or its ground cannot be read.
pub fn look(
    bank: &Bank,
    plume: &PlumePixels,
    seed: u64,
) -> Result<(Lens, Vec<f64>), IdentifyError> {
    let cube = bank.cube();
    let weight = |i: usize| plume.relative_contrast.map_or(1.0, |c| c[i].abs());
    let cells = plume.pixels.iter().enumerate().map(|(i, &(l, s))| (l as i32, s as i32, weight(i)));
    let patch = Patch::new(cells.collect());
    let mut free = bank.background().to_vec();
    for (l, s) in grown(plume.pixels, SKIRT_PX, cube.lines, cube.samples) {
        free[l as usize * cube.samples + s as usize] = false;
    }
    let places = patch.places(&Scene { cube, free: &free }, seed);
    if places.len() < FEWEST {
        return Err(IdentifyError::NoGround { places: places.len(), needed: FEWEST });
    }
    let (seen, by_kind) = mean(bank, patch.cells()).ok_or(IdentifyError::NoPixel)?;
    let elsewhere: Vec<Vec<f64>> =
        places.iter().filter_map(|cells| Some(mean(bank, cells)?.0)).collect();
    let needed = IdentifyError::NoGround { places: elsewhere.len(), needed: FEWEST };
    let (ground, factor) = learnt(&elsewhere, seen.len()).ok_or(needed)?;
    let mean = bank.clutter().mean().to_vec();
    let operator = operator(bank, &by_kind, &factor);
    let solved = |x: &[f64]| {
        let mut z = x.to_vec();
        forward(&factor, &mut z);
        z
    };
    let (z, ground) = (solved(&seen), solved(&ground));
    let whitened = z.iter().zip(&ground).map(|(z, g)| z - g).collect();
    Ok((Lens { operator, mean, ground }, whitened))
}

/// Mean of some spectra, and the factor of their covariance, shrunk to its diagonal.
fn learnt(spectra: &[Vec<f64>], p: usize) -> Option<(Vec<f64>, Vec<f64>)> {
    if spectra.len() < FEWEST {
        return None;
    }
    let (mean, mut factor) = moments(spectra, p);
    let a = leave_one_out_shrinkage(&factor, p, spectra.len());
    shrink(&mut factor, p, a);
    cholesky(&mut factor, p)?;
    Some((mean, factor))
}

/// The weighted mean of whitened pixels, and how much each kind of ground weighs in the signal.
fn mean(bank: &Bank, cells: &[(i32, i32, f64)]) -> Option<(Vec<f64>, Vec<f64>)> {
    let (cube, clutter) = (bank.cube(), bank.clutter());
    let p = cube.bands.len();
    let mut by_kind = vec![(0.0, vec![0.0; p]); clutter.kinds().len()];
    let (mut weight, mut signal) = (0.0, vec![0.0; by_kind.len()]);
    for &(l, s, w) in cells {
        let at = l as usize * cube.samples + s as usize;
        let k = usize::from(clutter.labels()[at]);
        let Some(kind) = clutter.kinds().get(k) else { continue };
        let (n, sum) = &mut by_kind[k];
        *n += w;
        weight += w;
        signal[k] += w * w;
        for ((sum, y), m) in sum.iter_mut().zip(clutter.relative(cube, at)).zip(&kind.mean) {
            *sum += w * f64::from(y - m);
        }
    }
    let mut seen = vec![0.0; p];
    for ((_, sum), kind) in by_kind.iter_mut().zip(clutter.kinds()).filter(|((n, _), _)| *n > 0.0) {
        forward(&kind.factor, sum);
        seen.iter_mut().zip(sum).for_each(|(seen, w)| *seen += *w / weight);
    }
    for s in &mut signal {
        *s /= weight;
    }
    (weight > 0.0).then_some((seen, signal))
}

/// `O = M⁻¹ Σ ω_k L_k⁻¹`, column by column through the factors.
fn operator(bank: &Bank, by_kind: &[f64], factor: &[f64]) -> Vec<f64> {
    let p = bank.cube().bands.len();
    let mut columns = vec![0.0; p * p];
    for (b, column) in columns.chunks_exact_mut(p).enumerate() {
        for (kind, share) in bank.clutter().kinds().iter().zip(by_kind).filter(|k| *k.1 > 0.0) {
            for (i, x) in column.iter_mut().enumerate().skip(b) {
                *x += share * f64::from(kind.whitener[i * p + b]);
            }
        }
        forward(factor, column);
    }
    (0..p).flat_map(|i| (0..p).map(move |b| (i, b))).map(|(i, b)| columns[b * p + i]).collect()
}
