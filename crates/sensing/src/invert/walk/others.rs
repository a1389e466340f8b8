//! How the sources that stay give way to one that comes, and take over from one that goes.
//!
//! ```text
//! q_i' = q_i − t_i q,     t = (Cᵀ W̃ C + ridge)⁻¹ Cᵀ W̃ c
//! ```
//!
//! C holds what 1 kg/h of each of them adds to the readings, c what it does of the other, W̃ the pilot's
//! weights with the background taken out: what the other explains they need not. Places and scales stay, and
//! with them t, so that the map is a shear of the rates; of their logarithms its Jacobian is the product of the old
//! ones over the new.

use crate::{
    invert::model::{Emitter, Model},
    linear::{backward, cholesky, forward},
};

/// Share of each source's own information that is added to it: of two alike, neither gives way beyond reason.
const RIDGE: f64 = 0.02;

/// Sources that stay.
pub(super) struct Others<'a> {
    model: &'a Model,
    columns: Vec<Vec<f64>>,
    /// The same with the background taken out.
    cleaned: Vec<Vec<f64>>,
    factor: Vec<f64>,
}

impl<'a> Others<'a> {
    pub(super) fn new(model: &'a Model, sources: &[Emitter]) -> Self {
        let columns: Vec<Vec<f64>> = sources.iter().map(|s| s.column.mean.clone()).collect();
        let cleaned: Vec<Vec<f64>> = columns.iter().map(|c| model.cleaned(c)).collect();
        let k = columns.len();
        let mut factor = vec![0.0; k * k];
        for (i, row) in columns.iter().enumerate() {
            for j in 0..=i {
                factor[i * k + j] = model.inner(row, &cleaned[j]);
            }
            factor[i * k + i] = factor[i * k + i].max(1e-12) * (1.0 + RIDGE);
        }
        if cholesky(&mut factor, k).is_none() {
            factor = (0..k * k).map(|at| if at % (k + 1) == 0 { 1e6 } else { 0.0 }).collect();
        }
        Self { model, columns, cleaned, factor }
    }

    /// t.
    fn taken(&self, column: &[f64]) -> Vec<f64> {
        let mut t: Vec<f64> = self.cleaned.iter().map(|c| self.model.inner(column, c)).collect();
        forward(&self.factor, &mut t);
        backward(&self.factor, &mut t);
        t
    }

    /// What a residual and the other have in common when these give way, and what the other has with itself.
    pub(super) fn beside(&self, column: &[f64], left: &[f64]) -> (f64, f64) {
        let (mut alone, mut cleaned) = (column.to_vec(), self.model.cleaned(column));
        for (k, t) in self.taken(column).into_iter().enumerate() {
            alone.iter_mut().zip(&self.columns[k]).for_each(|(a, c)| *a -= t * c);
            cleaned.iter_mut().zip(&self.cleaned[k]).for_each(|(a, c)| *a -= t * c);
        }
        (self.model.inner(&alone, left), self.model.inner(&alone, &cleaned))
    }

    /// Their rates when the other comes (−1) or goes (1), and ln of the Jacobian; none when one would not be
    /// above zero.
    pub(super) fn give_way(
        &self,
        sources: &mut [Emitter],
        other: &Emitter,
        sign: f64,
    ) -> Option<f64> {
        let (rate, mut ln_jacobian) = (sign * other.ln_rate.exp(), 0.0);
        for (source, t) in sources.iter_mut().zip(self.taken(&other.column.mean)) {
            let next = source.ln_rate.exp() + rate * t;
            if !(next > 0.0 && next.is_finite()) {
                return None;
            }
            ln_jacobian += source.ln_rate - next.ln();
            source.ln_rate = next.ln();
        }
        Some(ln_jacobian)
    }
}
