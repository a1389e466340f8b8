//! The quantity map: how much gas, unbiased, pixel by pixel.
//!
//! The filter answers `u = wᵀy` with `w = C⁻¹s/(sᵀC⁻¹s)`, the enhancement of a thin plume over
//! ground as bright as the mean of its column. Two things bias it. Ground `r` times as bright
//! carries `r` times the signal, and absorption saturates. With `T_b(α)` the transmittance of the
//! signature's table,
//!
//! ```text
//! wᵀ y = r · wᵀ(T(α) − 1) + (r − 1) wᵀ1,      α̂ = f⁻¹((u − (r−1) wᵀ1)/r),   f(α) = wᵀ(T(α) − 1),
//! ```
//!
//! where `wᵀ1` is small because brightness is the largest part of `C`; it is taken off all the
//! same. The brightness itself is taken from the window's mean radiance and freed of the plume's
//! own absorption in two rounds. What is left of a median against brightness in the background is
//! subtracted, and its robust deviation there, in units of the filter's `σ/r`, is the stated sigma.
//!
//! `α` in ppm m. Negative values are noise and are kept.
//!
//! Foote et al. (2020), IEEE TGRS 58, 6480 (albedo); Schaum (2021) on strong plumes.

use cathartes_core::{signature::Signature, units::PpmMetres};

use crate::filter::ColumnFilter;

/// Inverts the response of one column's filter.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Inversion {
    /// Columns of gas, ppm m, rising from zero.
    columns: Vec<f32>,
    /// f(α) at each, rising.
    response: Vec<f32>,
    /// Mean transmittance over the window at each.
    dimming: Vec<f32>,
    /// wᵀ1: what a change of brightness alone answers.
    brightening: f32,
}

/// Transmittance of the table's rows, once for all columns: (α, T by band).
pub(crate) fn transmittances(signature: &Signature) -> Vec<(f64, Vec<f64>)> {
    let mut rows: Vec<f64> = signature.columns.iter().map(|c| c.0).filter(|c| *c > 0.0).collect();
    if rows.is_empty() {
        rows = vec![1e3, 1e4];
    }
    rows.into_iter()
        .map(|c| (c, signature.log_transmittance(PpmMetres(c)).iter().map(|t| t.exp()).collect()))
        .collect()
}

impl Inversion {
    /// For one filter; `window` leading bands make the brightness, weighted by `mean` radiance.
    pub(crate) fn new(filter: &ColumnFilter, rows: &[(f64, Vec<f64>)], window: usize) -> Self {
        let brightening = filter.weights.iter().sum::<f32>() * filter.sigma_ppmm as f32;
        let mut out =
            Self { columns: vec![0.0], response: vec![0.0], dimming: vec![1.0], brightening };
        let radiance: Vec<f64> =
            filter.inverse[..window].iter().map(|i| f64::from(*i).recip()).collect();
        let light: f64 = radiance.iter().sum();
        for (column, transmittance) in rows {
            let response: f64 = filter
                .weights
                .iter()
                .zip(transmittance)
                .map(|(w, t)| f64::from(*w) * (t - 1.0) * filter.sigma_ppmm)
                .sum();
            if response as f32 <= out.response[out.response.len() - 1] {
                break;
            }
            let left: f64 = radiance.iter().zip(transmittance).map(|(l, t)| l * t).sum();
            out.columns.push(*column as f32);
            out.response.push(response as f32);
            out.dimming.push((left / light) as f32);
        }
        out
    }

    /// Enhancement and true relative brightness for a filter answer and a seen brightness.
    pub(crate) fn solve(&self, answer: f32, seen: f32) -> (f32, f32) {
        let invert = |r: f32| self.invert((answer - (r - 1.0) * self.brightening) / r);
        let mut r = seen;
        let mut alpha = invert(r);
        for _ in 0..2 {
            r = seen / self.dimming_at(alpha);
            alpha = invert(r);
        }
        (alpha, r)
    }

    fn invert(&self, response: f32) -> f32 {
        if self.columns.len() < 2 {
            return response;
        }
        let k = segment(&self.response, response);
        interpolate(
            (self.response[k - 1], self.columns[k - 1]),
            (self.response[k], self.columns[k]),
            response,
        )
    }

    fn dimming_at(&self, alpha: f32) -> f32 {
        if alpha <= 0.0 || self.columns.len() < 2 {
            return 1.0;
        }
        let k = segment(&self.columns, alpha);
        interpolate(
            (self.columns[k - 1], self.dimming[k - 1]),
            (self.columns[k], self.dimming[k]),
            alpha,
        )
        .max(0.05)
    }
}

/// The piece of a rising table a value lies on: the index of its upper end.
fn segment(values: &[f32], at: f32) -> usize {
    values.partition_point(|v| *v <= at).clamp(1, values.len() - 1)
}

fn interpolate(a: (f32, f32), b: (f32, f32), at: f32) -> f32 {
    a.1 + (at - a.0) * (b.1 - a.1) / (b.0 - a.0)
}

#[cfg(test)]
mod tests;
