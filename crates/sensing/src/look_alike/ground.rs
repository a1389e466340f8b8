//! What the ground alone does to the ratio of a patch to its surroundings, learnt from patches without plumes.

use faer::{
    Mat, Par,
    dyn_stack::{MemBuffer, MemStack},
    linalg::evd::{self, ComputeEigenvectors},
};

use super::ratio::Background;
use crate::{
    filter::{leave_one_out_shrinkage, shrink},
    linear::{cholesky, dot, forward},
};

/// Principal components of single pixels.
const COMPONENTS: usize = 6;
/// Deviation by which tabulated shapes miss the real ones, over the largest change of ln radiance.
const MISFIT: f64 = 0.03;
/// Fewer places than this do not tell what ground does.
const FEWEST: usize = 40;

/// What ground alone does to the ratio of a patch.
pub(super) struct Ground {
    pub(super) mean: Vec<f64>,
    /// What is left of it by band when its principal directions are taken out.
    pub(super) sigma: Vec<f64>,
    /// Lower Cholesky factor of the covariance and the misfit of `seen`.
    factor: Vec<f64>,
    /// Principal directions of patches.
    pub(super) common: Vec<Vec<f64>>,
    /// Principal directions of single pixels.
    pub(super) components: Vec<Vec<f64>>,
}

impl Ground {
    pub(super) fn learn(background: &Background, seen: &[f64]) -> Option<Self> {
        let (n, bands) = (background.patches.len(), seen.len());
        if n < FEWEST {
            return None;
        }
        let (mean, mut covariance) = moments(&background.patches, bands);
        let common = components(&covariance, bands)?;
        let left = background.patches.iter().map(|patch| {
            let centred: Vec<f64> = patch.iter().zip(&mean).map(|(x, m)| x - m).collect();
            without(&centred, &common)
        });
        let (_, rest) = moments(&left.collect::<Vec<_>>(), bands);
        let sigma = (0..bands).map(|b| rest[b * bands + b].sqrt()).collect();
        let a = leave_one_out_shrinkage(&covariance, bands, n);
        shrink(&mut covariance, bands, a);
        let misfit = (MISFIT * swing(seen)).powi(2);
        (0..bands).for_each(|b| covariance[b * bands + b] += misfit);
        cholesky(&mut covariance, bands)?;
        let (_, single) = moments(&background.pixels, bands);
        let components = components(&single, bands)?;
        Some(Self { mean, sigma, factor: covariance, common, components })
    }

    pub(super) fn whitened(&self, x: &[f64]) -> Vec<f64> {
        let mut z = x.to_vec();
        forward(&self.factor, &mut z);
        z
    }
}

/// A spectrum without its parts along orthonormal directions.
pub(super) fn without(spectrum: &[f64], directions: &[Vec<f64>]) -> Vec<f64> {
    let mut left = spectrum.to_vec();
    for direction in directions {
        let along = dot(spectrum, direction);
        left.iter_mut().zip(direction).for_each(|(x, d)| *x -= along * d);
    }
    left
}

/// The largest departure from the mean over bands.
pub(super) fn swing(spectrum: &[f64]) -> f64 {
    let mean = spectrum.iter().sum::<f64>() / spectrum.len() as f64;
    spectrum.iter().map(|x| (x - mean).abs()).fold(0.0, f64::max)
}

/// Mean and the lower half of the covariance.
pub(crate) fn moments(rows: &[Vec<f64>], p: usize) -> (Vec<f64>, Vec<f64>) {
    let n = rows.len() as f64;
    let mean: Vec<f64> = (0..p).map(|b| rows.iter().map(|r| r[b]).sum::<f64>() / n).collect();
    let mut covariance = vec![0.0; p * p];
    for row in rows {
        let centred: Vec<f64> = row.iter().zip(&mean).map(|(x, m)| x - m).collect();
        for a in 0..p {
            for b in 0..=a {
                covariance[a * p + b] += centred[a] * centred[b] / (n - 1.0);
            }
        }
    }
    (mean, covariance)
}

pub(crate) fn components(covariance: &[f64], p: usize) -> Option<Vec<Vec<f64>>> {
    let full = Mat::from_fn(p, p, |a, b| covariance[a.max(b) * p + a.min(b)]);
    let mut values = faer::diag::Diag::<f64>::zeros(p);
    let mut vectors = Mat::<f64>::zeros(p, p);
    let (how, spec) = (ComputeEigenvectors::Yes, faer::Spec::default());
    let request = evd::self_adjoint_evd_scratch::<f64>(p, how, Par::Seq, spec);
    let mut memory = MemBuffer::new(request);
    evd::self_adjoint_evd(
        full.as_ref(),
        values.as_mut(),
        Some(vectors.as_mut()),
        Par::Seq,
        MemStack::new(&mut memory),
        spec,
    )
    .ok()?;
    // Eigenvalues rise.
    let column = |k: usize| (0..p).map(|b| vectors[(b, p - 1 - k)]).collect();
    Some((0..COMPONENTS.min(p)).map(column).collect())
}
