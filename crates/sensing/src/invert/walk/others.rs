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

use std::sync::Arc;

use crate::{
    invert::{
        column::Column,
        model::{Emitter, Model},
    },
    linear::{backward, cholesky, forward},
};

/// Share of each source's own information that is added to it: of two alike, neither gives way beyond reason.
const RIDGE: f64 = 0.02;

/// Sources that stay.
pub(super) struct Others<'a> {
    model: &'a Model,
    columns: Vec<Arc<Column>>,
    factor: Vec<f64>,
}

impl<'a> Others<'a> {
    pub(super) fn new(model: &'a Model, sources: &[Emitter]) -> Self {
        let columns: Vec<Arc<Column>> = sources.iter().map(|s| s.column.clone()).collect();
        let k = columns.len();
        let mut factor = vec![0.0; k * k];
        for (i, row) in columns.iter().enumerate() {
            for j in 0..=i {
                factor[i * k + j] = model.inner(&row.mean, model.cleaned_of(&columns[j]));
            }
            factor[i * k + i] = factor[i * k + i].max(1e-12) * (1.0 + RIDGE);
        }
        if cholesky(&mut factor, k).is_none() {
            factor = (0..k * k).map(|at| if at % (k + 1) == 0 { 1e6 } else { 0.0 }).collect();
        }
        Self { model, columns, factor }
    }

    /// t.
    fn taken(&self, column: &[f64]) -> Vec<f64> {
        let inner = |c: &Arc<Column>| self.model.inner(column, self.model.cleaned_of(c));
        let mut t: Vec<f64> = self.columns.iter().map(inner).collect();
        forward(&self.factor, &mut t);
        backward(&self.factor, &mut t);
        t
    }

    /// What a residual and the other have in common when these give way, and what the other has with itself.
    pub(super) fn beside(&self, column: &Column, left: &[f64]) -> (f64, f64) {
        let (mut alone, mut cleaned) =
            (column.mean.clone(), self.model.cleaned_of(column).to_vec());
        for (other, t) in self.columns.iter().zip(self.taken(&column.mean)) {
            alone.iter_mut().zip(&other.mean).for_each(|(a, c)| *a -= t * c);
            let other = self.model.cleaned_of(other);
            cleaned.iter_mut().zip(other).for_each(|(a, c)| *a -= t * c);
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
