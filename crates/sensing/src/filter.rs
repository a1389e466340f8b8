//! The matched filter of one column.
//!
//! With `y = x/μ − 1` (radiance over the mean of its column), ground covariance `C` of `y` and the
//! signature `s`, relative change of radiance per ppm m, a pixel with enhancement `α` is read as
//!
//! ```text
//! y = α s + noise,   noise ~ N(0, C)
//! α̂ = sᵀC⁻¹y / sᵀC⁻¹s,   σ = 1/√(sᵀC⁻¹s),   z = α̂/σ.
//! ```
//!
//! It is the filter of radiance with target `t = μ∘s`, only in units in which columns of different
//! gain agree. The covariance is shrunk to its diagonal,
//!
//! ```text
//! C ← (1−a) C + a diag(C),
//! ```
//!
//! with `a` by leave-one-out likelihood: every pixel is judged by the covariance of the others.
//! With the correlation matrix `R = diag(C)^-½ C diag(C)^-½ = U λ Uᵀ` of `n` pixels, `β = (1−a)/(n−1)`
//! and `gᵢ = nβλᵢ + a`, the mean over pixels is, to first order in their scatter,
//!
//! ```text
//! 2 NLL(a) = Σ ln gᵢ + ln(1 − β r₀) + r₀/(1 − β r₀),   r₀ = Σ λᵢ/gᵢ,
//! ```
//!
//! so that one eigen-decomposition serves every `a`.
//!
//! Limits: absorption is not linear (see `quantity` for strong plumes), and the ground is not
//! normal (see `significance` for what the score is worth then).
//!
//! Theiler (2012), Proc. SPIE 8390 83900C; Thompson et al. (2015), Atmos. Meas. Tech. 8, 4383;
//! Kraut & Scharf (1999), IEEE Trans. Signal Process. 47, 2538 (the adaptive cosine estimator).

use faer::{
    Mat, Par,
    dyn_stack::{MemBuffer, MemStack},
    linalg::evd::{self, ComputeEigenvectors},
};

use crate::{
    linear::{backward, cholesky, dot, dot32, forward, inverse_lower},
    statistics::Moments,
};

/// The filter of one column, ready for radiance.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct ColumnFilter {
    /// What every band is divided by: 1/μ.
    pub(crate) inverse: Vec<f32>,
    /// C⁻¹s/√(sᵀC⁻¹s): applied to `y` it gives `z`.
    pub(crate) weights: Vec<f32>,
    /// σ of a pixel as bright as the mean, ppm m.
    pub(crate) sigma_ppmm: f64,
    /// Lower Cholesky factor of the shrunk covariance.
    factor: Vec<f64>,
}

impl ColumnFilter {
    /// Builds the filter; `None` when the covariance has no inverse or the gas leaves no mark.
    pub(crate) fn new(moments: &Moments, signature: &[f64], shrinkage: f64) -> Option<Self> {
        let p = signature.len();
        let mut factor = moments.covariance.clone();
        shrink(&mut factor, p, shrinkage);
        cholesky(&mut factor, p)?;
        let mut weights = signature.to_vec();
        forward(&factor, &mut weights);
        backward(&factor, &mut weights);
        let information = dot(&weights, signature);
        if !(information > 0.0 && information.is_finite()) {
            return None;
        }
        let sigma_ppmm = information.sqrt().recip();
        Some(Self {
            inverse: moments.mean.iter().map(|m| m.recip() as f32).collect(),
            weights: weights.iter().map(|w| (w * sigma_ppmm) as f32).collect(),
            sigma_ppmm,
            factor,
        })
    }
}

/// A filter unfolded for radiance: `z = w·x − offset`.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Folded {
    pub(crate) weights: Vec<f32>,
    pub(crate) offset: f32,
}

impl Folded {
    pub(crate) fn score(&self, radiance: &[f32]) -> f32 {
        dot32(&self.weights, radiance) - self.offset
    }
}

impl From<&ColumnFilter> for Folded {
    fn from(filter: &ColumnFilter) -> Self {
        let weights = filter.weights.iter().zip(&filter.inverse).map(|(w, i)| w * i).collect();
        let offset = filter.weights.iter().map(|&w| f64::from(w)).sum::<f64>() as f32;
        Self { weights, offset }
    }
}

/// Turns pixels of a column into numbers without covariance.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Whitener {
    /// L⁻¹ by rows, each padded with zeros, over the mean: applied to radiance.
    rows: Vec<f32>,
    /// L⁻¹1.
    offset: Vec<f32>,
}

impl From<&ColumnFilter> for Whitener {
    fn from(filter: &ColumnFilter) -> Self {
        Self::of(&filter.factor, &filter.inverse)
    }
}

impl Whitener {
    pub(crate) fn new(moments: &Moments) -> Option<Self> {
        let mut factor = moments.covariance.clone();
        cholesky(&mut factor, moments.mean.len())?;
        let inverse: Vec<f32> = moments.mean.iter().map(|m| m.recip() as f32).collect();
        Some(Self::of(&factor, &inverse))
    }

    /// For a lower Cholesky factor and one over the mean.
    fn of(factor: &[f64], inverse: &[f32]) -> Self {
        let p = inverse.len();
        let rows = inverse_lower(factor, p);
        let offset = rows.chunks_exact(p).map(|row| row.iter().sum::<f64>() as f32).collect();
        let scaled = rows.iter().zip(inverse.iter().cycle());
        Self { rows: scaled.map(|(r, i)| (r * f64::from(*i)) as f32).collect(), offset }
    }

    /// How much worse than ground of its column a pixel fits when its gas is taken off:
    /// `(yᵀC⁻¹y − z²)/(p − 1)`, about 1 for ground and for gas over ground, more for things that
    /// are neither. Never less than 1.
    pub(crate) fn misfit(&self, radiance: &[f32], z: f32) -> f32 {
        let p = self.offset.len();
        ((self.square(&radiance[..p]) - z * z) / (p - 1) as f32).max(1.0)
    }

    /// yᵀC⁻¹y of a pixel.
    pub(crate) fn square(&self, radiance: &[f32]) -> f32 {
        let p = radiance.len();
        self.rows
            .chunks_exact(p)
            .zip(&self.offset)
            .enumerate()
            .map(|(a, (row, o))| {
                // Whole lanes of eight: what is beyond the diagonal is zero.
                let end = (a + 1).next_multiple_of(8).min(p);
                (dot32(&row[..end], &radiance[..end]) - o).powi(2)
            })
            .sum()
    }
}

/// `C ← (1−a) C + a diag(C)` on the lower half.
pub(crate) fn shrink(covariance: &mut [f64], p: usize, a: f64) {
    for (i, row) in covariance.chunks_exact_mut(p).enumerate() {
        for c in &mut row[..i] {
            *c *= 1.0 - a;
        }
    }
}

/// The shrinkage of best leave-one-out likelihood for a covariance of `n` pixels.
pub(crate) fn leave_one_out_shrinkage(covariance: &[f64], p: usize, n: usize) -> f64 {
    let Some(eigenvalues) = correlation_spectrum(covariance, p) else { return 1e-3 };
    let n = n as f64;
    let likelihood = |a: f64| {
        let beta = (1.0 - a) / (n - 1.0);
        let g = eigenvalues.iter().map(|l| n * beta * l + a);
        let (log_det, r0) =
            g.zip(&eigenvalues).fold((0.0, 0.0), |(d, r), (g, l)| (d + g.ln(), r + l / g));
        let left = 1.0 - beta * r0;
        if left > 0.0 { log_det + left.ln() + r0 / left } else { f64::INFINITY }
    };
    (0..=48)
        .map(|k| 10_f64.powf(-6.0 + f64::from(k) / 8.0))
        .map(|a| (likelihood(a.min(0.999)), a.min(0.999)))
        .fold((f64::INFINITY, 1e-3), |best, next| if next.0 < best.0 { next } else { best })
        .1
}

/// Eigenvalues of the correlation matrix, none below zero.
fn correlation_spectrum(covariance: &[f64], p: usize) -> Option<Vec<f64>> {
    let scale: Vec<f64> = (0..p).map(|i| covariance[i * p + i].sqrt().recip()).collect();
    if scale.iter().any(|s| !s.is_finite()) {
        return None;
    }
    let r = Mat::from_fn(p, p, |a, b| covariance[a.max(b) * p + a.min(b)] * scale[a] * scale[b]);
    let mut values = faer::diag::Diag::<f64>::zeros(p);
    let request = evd::self_adjoint_evd_scratch::<f64>(
        p,
        ComputeEigenvectors::No,
        Par::Seq,
        faer::Spec::default(),
    );
    let mut memory = MemBuffer::new(request);
    evd::self_adjoint_evd(
        r.as_ref(),
        values.as_mut(),
        None,
        Par::Seq,
        MemStack::new(&mut memory),
        faer::Spec::default(),
    )
    .ok()?;
    Some((0..p).map(|i| values[i].max(0.0)).collect())
}

#[cfg(test)]
mod tests;
