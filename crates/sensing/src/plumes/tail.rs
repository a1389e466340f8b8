//! How often background alone reaches a level anywhere in a scene.
//!
//! The number of clusters of a smooth Gaussian map above a high level u falls as
//!
//! ```text
//! E N(u) = N₀ S(u)^(1/θ),    S(u) = (u/u₀) exp(−(u² − u₀²)/2),
//! ```
//!
//! u₀ a moderate level and N₀ the clusters counted above it: how many independent tests the scene
//! holds is counted, not assumed, whatever the smoothing was. θ is 1 for Gaussian tails; it is
//! estimated from the cluster peaks below [`CEILING`], which plumes do not reach in number, as the
//! mean of −ln S truncated there, with [`PRIOR`] peaks' worth of belief in 1. The probability that
//! background makes a peak of at least u anywhere is 1 − exp(−E N(u)).
//!
//! Stops being true when background has rare bright spots of a kind that the bulk of it does not
//! show (roofs of one paint): these are plumes to this count, and a matter for `look_alike`.
//!
//! Worsley et al. (1992), J. Cereb. Blood Flow Metab. 12, 900; Pickands (1975), Ann. Stat. 3, 119.

use cathartes_core::raster::Raster;

use super::segment::clusters;

/// Peaks above this are left out of the fit: they may be plumes.
const CEILING: f64 = 4.5;
/// Weight of the Gaussian tail in the fit, in peaks.
const PRIOR: f64 = 40.0;
/// Clusters it takes to count them.
const ENOUGH: usize = 40;
/// Extrapolation further than this claims too much.
const FLOOR: f64 = 1e-9;

/// The upper tail of a decision map.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Tail {
    /// u₀.
    level: f64,
    /// N₀.
    clusters: f64,
    /// θ.
    heaviness: f64,
}

impl Tail {
    pub(crate) fn measure(decision: &Raster) -> Self {
        let peaks = |level: f64| -> Vec<f64> {
            let above = |i: usize| f64::from(decision.values[i]) >= level;
            clusters(decision.lines, decision.samples, above)
                .iter()
                .map(|c| c.iter().map(|&i| f64::from(decision.values[i])).fold(level, f64::max))
                .filter(|&peak| peak < CEILING)
                .collect()
        };
        let (level, peaks) = [3.0, 2.5, 2.0, 1.5]
            .into_iter()
            .map(|level| (level, peaks(level)))
            .find(|(level, peaks)| peaks.len() >= ENOUGH || *level == 1.5)
            .unwrap_or_default();
        let heaviness = heaviness(level, &peaks);
        Self { level, clusters: (peaks.len() as f64).max(1.0), heaviness }
    }

    /// Clusters of background expected above a level.
    pub(crate) fn expected_above(&self, level: f64) -> f64 {
        self.clusters * (-excess(self.level, level.max(self.level)) / self.heaviness).exp()
    }

    /// The level that background is expected to pass so many times in this scene.
    pub(crate) fn level_for(&self, expected: f64) -> f64 {
        let (mut low, mut high) = (self.level, 40.0);
        for _ in 0..60 {
            let middle = 0.5 * (low + high);
            if self.expected_above(middle) > expected {
                low = middle;
            } else {
                high = middle;
            }
        }
        high
    }

    /// Probability that background passes a level anywhere in the scene.
    pub(crate) fn probability(&self, level: f64) -> f64 {
        (-(-self.expected_above(level)).exp_m1()).max(FLOOR)
    }
}

/// −ln S(u).
fn excess(from: f64, to: f64) -> f64 {
    0.5 * (to * to - from * from) - (to / from).ln()
}

/// θ from peaks truncated at the ceiling: for an exponential of mean θ cut at c, the mean is
/// θ − c / (exp(c/θ) − 1); solved by bisection, then drawn to 1 by the prior.
fn heaviness(level: f64, peaks: &[f64]) -> f64 {
    let cut = excess(level, CEILING);
    let mean = peaks.iter().map(|&p| excess(level, p).max(0.0)).sum::<f64>()
        / (peaks.len() as f64).max(1.0);
    let truncated = |theta: f64| theta - cut / (cut / theta).exp_m1();
    let (mut low, mut high) = (0.3, 5.0);
    for _ in 0..40 {
        let middle = 0.5 * (low + high);
        if truncated(middle) < mean {
            low = middle;
        } else {
            high = middle;
        }
    }
    let n = peaks.len() as f64;
    ((high * n + PRIOR) / (n + PRIOR)).clamp(0.8, 3.0)
}
