//! What one source does to every reading, at a rate of one.

use std::sync::OnceLock;

/// Mixing ratio and swing of 1 kg/h in every reading.
#[derive(Debug, Clone, Default)]
pub(super) struct Column {
    pub(super) mean: Vec<f64>,
    pub(super) swing: Vec<f64>,
    /// The mean with the background taken out, once somebody has asked for it.
    cleaned: OnceLock<Vec<f64>>,
}

impl Column {
    pub(super) fn new(mean: Vec<f64>, swing: Vec<f64>) -> Self {
        Self { mean, swing, cleaned: OnceLock::new() }
    }

    /// The same, of which nothing is known under other weights.
    pub(super) fn anew(&self) -> Self {
        Self::new(self.mean.clone(), self.swing.clone())
    }

    /// The mean with the background taken out, made when it is first asked for.
    pub(super) fn cleaned(&self, made: impl FnOnce() -> Vec<f64>) -> &[f64] {
        self.cleaned.get_or_init(made)
    }

    /// Readings of this where they are taken, and else of another.
    pub(super) fn or_else(&self, other: &Self, taken: impl Fn(usize) -> bool) -> Self {
        let pick = |new: &[f64], old: &[f64]| {
            let both = new.iter().zip(old).enumerate();
            both.map(|(i, (new, old))| if taken(i) { *new } else { *old }).collect()
        };
        Self::new(pick(&self.mean, &other.mean), pick(&self.swing, &other.swing))
    }
}
