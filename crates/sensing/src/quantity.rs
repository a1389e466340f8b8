//! The quantity map: how much gas, unbiased, pixel by pixel.
//!
//! The filter answers `u = wᵀy` with `w = C⁻¹s/(sᵀC⁻¹s)`, the enhancement of a thin plume over
//! ground as bright as the mean of its column. Two things bias it. Ground `r` times as bright
//! carries `r` times the signal, and absorption saturates. With `T_b(α)` the transmittance of the
//! signature's table,
//!
//! ```text
//! wᵀ y = r · wᵀ(T(α) − 1) + (r − 1) wᵀ1,      f(α) = wᵀ(T(α) − 1),
//! ```
//!
//! where `wᵀ1` is small because brightness is the largest part of `C`. Ground of another colour is
//! as bright as the bands say in which the filter sees the gas; there the gas dims it by `D`,
//!
//! ```text
//! q = Σ v_b x_b/μ_b = r D(α),   v_b = w_b s_b / wᵀs,   D(α) = Σ v_b T_b(α),
//! (u + wᵀ1) / q = (f(α) + wᵀ1) / D(α) = g(α),          α̂ = g⁻¹((u + wᵀ1)/q),
//! ```
//!
//! so that brightness and gas are found together. What is left of a median against brightness in
//! the background is subtracted, and its robust deviation there, in units of `σ/(q g′(α̂))`, is the
//! stated sigma.
//!
//! `α` in ppm m. Negative values are noise and are kept; nothing is read beyond the table's last
//! column, where absorption hardly grows any more: such a pixel holds at least that much.
//!
//! Foote et al. (2020), IEEE TGRS 58, 6480 (albedo); Schaum (2021) on strong plumes.

use crate::{filter::ColumnFilter, linear::dot32};

/// Brightness over the column's mean below which a pixel is taken to be this bright.
const DARKEST: f32 = 0.02;

/// Inverts the response of one column's filter.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Inversion {
    /// Columns of gas, ppm m, rising from zero.
    columns: Vec<f32>,
    /// g(α) at each, rising.
    response: Vec<f32>,
    /// v/μ: the weights of radiance that make the brightness.
    light: Vec<f32>,
    /// wᵀ1: what a change of brightness alone answers.
    brightening: f32,
}

impl Inversion {
    /// For one filter and the signature's table.
    pub(crate) fn new(filter: &ColumnFilter, rows: &[(f64, Vec<f64>)]) -> Self {
        let brightening = filter.weights.iter().sum::<f32>() * filter.sigma_ppmm as f32;
        let v = shares(filter, rows);
        let light = v.iter().zip(&filter.inverse).map(|(v, i)| *v as f32 * i).collect();
        let mut out = Self { columns: vec![0.0], response: vec![brightening], light, brightening };
        for (column, transmittance) in rows {
            let sum = |of: &dyn Fn(usize) -> f64| (0..v.len()).map(of).sum::<f64>();
            let f = sum(&|b| f64::from(filter.weights[b]) * (transmittance[b] - 1.0));
            let left = sum(&|b| v[b] * transmittance[b]);
            let g = ((f * filter.sigma_ppmm + f64::from(brightening)) / left) as f32;
            if left <= 0.0 || g <= out.response[out.response.len() - 1] {
                break;
            }
            out.columns.push(*column as f32);
            out.response.push(g);
        }
        out
    }

    /// Enhancement of a pixel for what its filter answers, and how many times the filter's sigma
    /// that is uncertain.
    pub(crate) fn solve(&self, answer: f32, radiance: &[f32]) -> (f32, f32) {
        let seen = dot32(&self.light, &radiance[..self.light.len()]).max(DARKEST);
        let n = self.columns.len();
        let g = (answer + self.brightening) / seen;
        if n < 2 {
            return (g, seen.recip());
        }
        let k = self.response.partition_point(|v| *v <= g).clamp(1, n - 1);
        let slope = |k: usize| {
            (self.columns[k] - self.columns[k - 1]) / (self.response[k] - self.response[k - 1])
        };
        let alpha = self.columns[k] + (g - self.response[k]) * slope(k);
        (alpha.min(self.columns[n - 1]), slope(k) / slope(1) / seen)
    }
}

/// v: the share of each band in what a filter sees of a little gas.
fn shares(filter: &ColumnFilter, rows: &[(f64, Vec<f64>)]) -> Vec<f64> {
    let little = rows.first().map_or(&[][..], |(_, transmittance)| transmittance);
    let seen: Vec<f64> =
        filter.weights.iter().zip(little).map(|(w, t)| f64::from(*w) * (t - 1.0)).collect();
    let total: f64 = seen.iter().sum();
    seen.into_iter().map(|s| s / total).collect()
}

#[cfg(test)]
mod tests;
