//! The gas columns at which a plume's light is tabulated: none, then so many in equal ratios.

/// Columns of a table of plumes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Columns {
    /// The first above zero, ppm m.
    pub(super) first_ppmm: f64,
    /// Each over the one before.
    pub(super) ratio: f64,
    /// How many, zero among them.
    pub(super) count: usize,
}

impl Columns {
    /// The column at an index, ppm m.
    pub(super) fn at(self, k: usize) -> f64 {
        if k == 0 { 0.0 } else { self.first_ppmm * self.ratio.powi(k as i32 - 1) }
    }

    /// Lower index and share of the next; beyond the table the last two rows are continued.
    pub(super) fn bracket(self, ppmm: f64) -> (usize, f32) {
        let k = if ppmm < self.first_ppmm {
            0
        } else {
            (((ppmm / self.first_ppmm).ln() / self.ratio.ln()) as usize + 1).min(self.count - 2)
        };
        (k, ((ppmm - self.at(k)) / (self.at(k + 1) - self.at(k))) as f32)
    }
}
