//! Evidence of Gaussian-linear explanations.
//!
//! In units in which background has unit covariance, an explanation with directions G (each as
//! long as its prior deviation) says `z ~ N(0, I + GGᵀ)`. Against background alone,
//!
//! ```text
//! ln E = ½ bᵀA⁻¹b − ½ ln det A,    A = I + GᵀG,  b = Gᵀz,
//! ```
//!
//! and the strengths along G have mean A⁻¹b. The first term rewards fit, the second punishes
//! freedom that was not needed.

use crate::linear::{backward, cholesky, dot, forward};

/// One explanation tried.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Fit {
    /// ln of the evidence against background alone.
    pub(crate) ln_evidence: f64,
    /// Strength of every direction, in prior deviations.
    pub(crate) strengths: Vec<f64>,
    /// Strength of the first direction over its posterior deviation.
    pub(crate) first_z: f64,
}

/// The evidence of directions, each whitened and as long as its prior deviation.
pub(crate) fn fit(z: &[f64], directions: &[Vec<f64>]) -> Fit {
    let k = directions.len();
    let mut a = vec![0.0; k * k];
    for (i, g) in directions.iter().enumerate() {
        for (j, h) in directions[..=i].iter().enumerate() {
            a[i * k + j] = dot(g, h) + f64::from(u8::from(i == j));
        }
    }
    let b: Vec<f64> = directions.iter().map(|g| dot(g, z)).collect();
    // I + GᵀG is positive definite unless something in it is not a number.
    if k == 0 || cholesky(&mut a, k).is_none() {
        return Fit { ln_evidence: 0.0, strengths: vec![0.0; k], first_z: 0.0 };
    }
    let ln_det: f64 = (0..k).map(|i| a[i * k + i].ln()).sum();
    let mut strengths = b.clone();
    forward(&a, &mut strengths);
    let mut unit = vec![0.0; k];
    unit[0] = 1.0;
    forward(&a, &mut unit);
    let gain = 0.5 * dot(&strengths, &strengths);
    let variance = dot(&unit, &unit);
    backward(&a, &mut strengths);
    let first_z = strengths[0] / variance.sqrt();
    Fit { ln_evidence: gain - ln_det, strengths, first_z }
}

/// ln of the mean of exponentials.
pub(crate) fn ln_mean_exp(values: &[f64]) -> f64 {
    let top = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if !top.is_finite() {
        return top;
    }
    let mean = values.iter().map(|v| (v - top).exp()).sum::<f64>() / values.len() as f64;
    top + mean.ln()
}
