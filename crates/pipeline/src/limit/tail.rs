//! How strong the strongest false plumes are.

/// Strengths of false plumes beyond a level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct FalseTail {
    pub(super) above: f64,
    pub(super) excess: f64,
    pub(super) count: usize,
    pub(super) area_km2: f64,
}

impl FalseTail {
    /// From the peaks of all false plumes; those above their median make the tail.
    pub(super) fn fit(mut peaks: Vec<f64>, area_km2: f64) -> Option<Self> {
        peaks.sort_by(f64::total_cmp);
        let tail = peaks.get(peaks.len() / 2..).filter(|t| t.len() >= 5)?;
        let above = tail[0];
        let count = tail.len() - 1;
        let excess = tail.iter().map(|z| z - above).sum::<f64>() / count as f64;
        Some(Self { above, excess, count, area_km2 })
    }

    fn folds(&self, per_km2: f64) -> f64 {
        (self.count as f64 / self.area_km2 / per_km2).ln()
    }

    pub(super) fn threshold(&self, per_km2: f64) -> f64 {
        self.above + self.excess * self.folds(per_km2).max(0.0)
    }

    pub(super) fn std(&self, per_km2: f64) -> f64 {
        self.excess * (self.folds(per_km2).abs() + 1.0) / (self.count as f64).sqrt()
    }
}
