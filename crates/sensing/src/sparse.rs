//! The sparse filter: most pixels hold no gas, and saying so cleans the background.
//!
//! Per column, with `R` the albedo factor `xᵀμ/μᵀμ`, target `t = μ∘s` and `α ≥ 0` in ppm m, iterate
//!
//! ```text
//! ω = 1/(R (α + ε))
//! μ, C from x − Rαt,  t = μ∘s
//! α = max(0, ((x − μ)ᵀC⁻¹t − ω) / (R tᵀC⁻¹t)).
//! ```
//!
//! Others form `C` anew each time. But with `a = Rα` and `y = x/μ₀ − 1` only two directions change,
//!
//! ```text
//! C = C₀ − u tᵀ − t uᵀ + var(a) t tᵀ,   u = mean(y a),
//! ```
//!
//! so `C₀` is factored once and `C⁻¹t` follows by Woodbury from two more solves. And a pixel at zero
//! has `ω = 1/(Rε)`, more than any score: it stays at zero, so only the pixels still above zero are
//! looked at again.
//!
//! Columns too short for a covariance of their own share one, each in units of its own mean.
//!
//! `ε = 1e-4` ppm m; 30 iterations are usual. The answer is biased low for weak plumes and zero
//! for most of the ground; its significance is that of the matched filter with the cleaned `μ, C`.
//!
//! Foote et al. (2020), IEEE TGRS 58, 6480 (MAG1C).

use crate::{
    linear::{backward, cholesky, dot, dot32, forward},
    statistics::Sums,
};

/// ε, ppm m.
const EPSILON: f64 = 1e-4;

/// What the iteration leaves behind for one column, pixel by pixel in the order given.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sparse {
    /// α, ppm m.
    pub(crate) enhancement_ppmm: Vec<f32>,
    /// 1/(R √(tᵀC⁻¹t)), ppm m.
    pub(crate) sigma_ppmm: Vec<f32>,
    /// (x − μ)ᵀC⁻¹t / √(tᵀC⁻¹t).
    pub(crate) score: Vec<f32>,
}

/// The column's background: `C₀` factored, and the signature.
struct Background<'s> {
    factor: Vec<f64>,
    signature: &'s [f64],
}

/// One filter: `C⁻¹t`, `tᵀC⁻¹t`, and what the mean answers.
struct Answer {
    weights: Vec<f32>,
    /// μᵀC⁻¹t in units where the first mean is zero.
    offset: f64,
    information: f64,
    target: Vec<f64>,
}

impl Background<'_> {
    fn solve(&self, b: &[f64]) -> Vec<f64> {
        let mut x = b.to_vec();
        forward(&self.factor, &mut x);
        backward(&self.factor, &mut x);
        x
    }

    /// The filter when nothing is taken off.
    fn first(&self) -> Answer {
        let weights = self.solve(self.signature);
        Answer {
            information: dot(&weights, self.signature).max(1e-10),
            weights: weights.iter().map(|w| *w as f32).collect(),
            offset: 0.0,
            target: self.signature.to_vec(),
        }
    }

    /// The filter after `a t` is taken off every pixel: `mean` and `variance` of `a`, `u = mean(y a)`.
    fn next(&self, t: &[f64], u: &[f64], (mean, variance): (f64, f64)) -> Answer {
        let target: Vec<f64> =
            self.signature.iter().zip(t).map(|(s, t)| s * (1.0 - mean * t)).collect();
        let (wt, wu, wb) = (self.solve(t), self.solve(u), self.solve(&target));
        // (M⁻¹ + UᵀC₀⁻¹U) k = UᵀC₀⁻¹b with U = [t u], M = [[v, −1], [−1, 0]].
        let (a, b, d) = (dot(t, &wt), dot(t, &wu) - 1.0, dot(u, &wu) - variance);
        let (e, f) = (dot(t, &wb), dot(u, &wb));
        let det = a * d - b * b;
        let (k0, k1) = ((e * d - b * f) / det, (a * f - b * e) / det);
        let weights: Vec<f64> =
            wb.iter().zip(wt.iter().zip(&wu)).map(|(w, (t, u))| w - k0 * t - k1 * u).collect();
        Answer {
            information: dot(&weights, &target).max(1e-10),
            offset: -mean * dot(t, &weights),
            weights: weights.iter().map(|w| *w as f32).collect(),
            target,
        }
    }
}

/// Runs the iteration on the pixels `y` of a column (each as long as the signature, in the units of
/// `sums`, of which they are all the pixels); `None` when the covariance has no inverse.
pub(crate) fn sparse(
    y: &[f32],
    sums: &Sums,
    signature: &[f64],
    iterations: usize,
) -> Option<Sparse> {
    let p = signature.len();
    let background = Background { factor: factor(sums, p)?, signature };
    let albedo = albedo(y, &sums.unit);
    let mut answer = background.first();
    let mut alpha: Vec<f64> = y
        .chunks_exact(p)
        .zip(&albedo)
        .map(|(y, r)| (answer.score(y) / (r * answer.information)).max(0.0))
        .collect();
    let mut active: Vec<usize> = (0..alpha.len()).filter(|&i| alpha[i] > 0.0).collect();
    for _ in 0..iterations {
        let taken = |&i: &usize| (&y[i * p..(i + 1) * p], albedo[i] * alpha[i]);
        let (u, moments) = taken_off(active.iter().map(taken), p, albedo.len());
        answer = background.next(&answer.target, &u, moments);
        for &i in &active {
            let weight = 1.0 / (albedo[i] * (alpha[i] + EPSILON));
            let score = answer.score(&y[i * p..(i + 1) * p]);
            alpha[i] = ((score - weight) / (albedo[i] * answer.information)).max(0.0);
        }
        active.retain(|&i| alpha[i] > 0.0);
    }
    let deviation = answer.information.sqrt();
    Some(Sparse {
        enhancement_ppmm: alpha.iter().map(|a| *a as f32).collect(),
        sigma_ppmm: albedo.iter().map(|r| (1.0 / (r * deviation)) as f32).collect(),
        score: y.chunks_exact(p).map(|y| (answer.score(y) / deviation) as f32).collect(),
    })
}

/// The same for columns too short to have a covariance each: their spectra, each in units of its
/// own column's mean, as one background; `None` for columns without a pixel.
pub(crate) fn sparse_together(
    spectra: &[Vec<f32>],
    sums: &[Sums],
    signature: &[f64],
    iterations: usize,
) -> Vec<Option<Sparse>> {
    let p = signature.len();
    let mut all = Sums { unit: vec![0.0; p], sum: vec![0.0; p], outer: vec![0.0; p * p], n: 0 };
    for one in sums.iter().filter(|one| one.n > 0) {
        all.n += one.n;
        let share = one.n as f32;
        all.unit.iter_mut().zip(&one.unit).for_each(|(a, b)| *a += share * b);
        all.sum.iter_mut().zip(&one.sum).for_each(|(a, b)| *a += b);
        all.outer.iter_mut().zip(&one.outer).for_each(|(a, b)| *a += b);
    }
    let whole = sparse(&spectra.concat(), &all, signature, iterations);
    let mut at = 0;
    let mut part = |one: &Sums| {
        let here = at..at + one.n;
        at = here.end;
        let whole = whole.as_ref().filter(|_| one.n > 0)?;
        Some(Sparse {
            enhancement_ppmm: whole.enhancement_ppmm[here.clone()].to_vec(),
            sigma_ppmm: whole.sigma_ppmm[here.clone()].to_vec(),
            score: whole.score[here].to_vec(),
        })
    };
    sums.iter().map(&mut part).collect()
}

impl Answer {
    fn score(&self, y: &[f32]) -> f64 {
        f64::from(dot32(&self.weights, y)) - self.offset
    }
}

/// Lower factor of the covariance of a column's `y`.
fn factor(sums: &Sums, p: usize) -> Option<Vec<f64>> {
    let n = sums.n as f64;
    let mut c = vec![0.0; p * p];
    for a in 0..p {
        for b in 0..=a {
            c[a * p + b] = sums.outer[a * p + b] / n - sums.sum[a] * sums.sum[b] / (n * n);
        }
    }
    cholesky(&mut c, p)?;
    Some(c)
}

/// xᵀμ/μᵀμ of every pixel.
fn albedo(y: &[f32], mean: &[f32]) -> Vec<f64> {
    let square: Vec<f32> = mean.iter().map(|m| m * m).collect();
    let all: f64 = square.iter().map(|s| f64::from(*s)).sum();
    y.chunks_exact(mean.len()).map(|y| 1.0 + f64::from(dot32(&square, y)) / all).collect()
}

/// mean(y a) over `n` pixels, and mean and variance of `a`, from the pixels where `a` is not zero.
fn taken_off<'y>(
    pixels: impl Iterator<Item = (&'y [f32], f64)>,
    p: usize,
    n: usize,
) -> (Vec<f64>, (f64, f64)) {
    let mut u = vec![0.0; p];
    let (mut sum, mut square) = (0.0, 0.0);
    for (y, a) in pixels {
        for (u, &y) in u.iter_mut().zip(y) {
            *u += a * f64::from(y);
        }
        sum += a;
        square += a * a;
    }
    let n = n as f64;
    for u in &mut u {
        *u /= n;
    }
    (u, (sum / n, square / n - (sum / n).powi(2)))
}

#[cfg(test)]
mod tests;
