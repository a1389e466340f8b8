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
    let Some(solved) = solve(a, b) else {
        return Fit { ln_evidence: 0.0, strengths: vec![0.0; k], first_z: 0.0 };
    };
    let first_z = solved.strengths[0] / solved.variance(0).sqrt();
    Fit { ln_evidence: solved.ln_evidence, strengths: solved.strengths, first_z }
}

/// Directions fitted together.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Solved {
    /// ln of the evidence against background alone.
    pub(crate) ln_evidence: f64,
    /// Strength of every direction, in prior deviations.
    pub(crate) strengths: Vec<f64>,
    /// Lower Cholesky factor of A.
    factor: Vec<f64>,
}

impl Solved {
    /// Column of A⁻¹: covariance of one strength with all.
    pub(crate) fn covariance(&self, of: usize) -> Vec<f64> {
        let mut unit = vec![0.0; self.strengths.len()];
        unit[of] = 1.0;
        forward(&self.factor, &mut unit);
        backward(&self.factor, &mut unit);
        unit
    }

    pub(crate) fn variance(&self, of: usize) -> f64 {
        let mut unit = vec![0.0; self.strengths.len()];
        unit[of] = 1.0;
        forward(&self.factor, &mut unit);
        dot(&unit, &unit)
    }

    /// A⁻¹x.
    pub(crate) fn apply(&self, mut x: Vec<f64>) -> Vec<f64> {
        forward(&self.factor, &mut x);
        backward(&self.factor, &mut x);
        x
    }
}

/// The evidence from A (lower half) and b; `None` without directions. `I + GᵀG` is positive definite
/// unless something in it is not a number.
pub(crate) fn solve(mut a: Vec<f64>, b: Vec<f64>) -> Option<Solved> {
    let k = b.len();
    if k == 0 {
        return None;
    }
    cholesky(&mut a, k)?;
    let ln_det: f64 = (0..k).map(|i| a[i * k + i].ln()).sum();
    let mut strengths = b;
    forward(&a, &mut strengths);
    let gain = 0.5 * dot(&strengths, &strengths);
    backward(&a, &mut strengths);
    Some(Solved { ln_evidence: gain - ln_det, strengths, factor: a })
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

/// ln of the sum of exponentials.
pub(crate) fn ln_sum_exp(values: &[f64]) -> f64 {
    ln_mean_exp(values) + (values.len() as f64).ln()
}
