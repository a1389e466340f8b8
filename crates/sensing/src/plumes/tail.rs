//! How often background alone reaches a level anywhere in a scene.
//!
//! Clusters of a decision map above a level u come from two kinds of background: noise, whose
//! number falls as that of a smooth Gaussian field, and clutter, ground that looks a little like
//! the gas, whose peaks fall off exponentially:
//!
//! ```text
//! E N(u) = N₃ [ (1 − w) (u/3) exp(−(u² − 9)/2) + w exp(−(u − 3)/β) ],    u ≥ 3.
//! ```
//!
//! N₃ is the number of clusters above 3, counted in the scene itself: how many independent tests it
//! holds is not assumed, whatever the smoothing was. The share of clutter w comes from the clusters
//! that peak between 4 and 6, where noise is rare and plumes are few, drawn to [`USUAL`] with the
//! weight of [`PRIOR`] clusters; [`BETA`] is measured on simulated mixed ground (seeds below 100).
//! The probability that background peaks above u anywhere is 1 − exp(−E N(u)).
//!
//! Where decoys show what background alone decides ([`crate::bank`]), all of it is there to be measured:
//! w is one and β the mean of what their clusters pass 3 by, drawn to [`DECOY_BETA`] with the weight of
//! [`PRIOR`] clusters.
//!
//! On ground without clutter this asks for a little more than it must. It stops being true where
//! ground has a few spots that look very much like the gas: a matter for `look_alike`.
//!
//! Worsley et al. (1992), J. Cereb. Blood Flow Metab. 12, 900; Pickands (1975), Ann. Stat. 3, 119.

use cathartes_core::raster::Raster;

use super::segment::clusters;

/// Where clusters are counted.
const LEVEL: f64 = 3.0;
/// Where their peaks tell clutter from noise.
const TELLING: std::ops::Range<f64> = 4.0..6.0;
/// β, in deviations.
const BETA: f64 = 1.6;
/// β of decoys before any is seen.
const DECOY_BETA: f64 = 0.4;
/// w of ground nobody has seen yet, and its weight in clusters.
const USUAL: f64 = 0.2;
const PRIOR: f64 = 10.0;
/// Extrapolation further than this claims too much.
const FLOOR: f64 = 1e-9;

/// The upper tail of a decision map.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Tail {
    /// N₃.
    clusters: f64,
    /// w.
    clutter: f64,
    /// β.
    beta: f64,
}

impl Tail {
    pub(crate) fn measure(decision: &Raster) -> Self {
        let value = |i: usize| f64::from(decision.values[i]);
        let clusters = clusters(decision.lines, decision.samples, |i| value(i) >= LEVEL);
        let peak = |c: &Vec<usize>| c.iter().map(|&i| value(i)).fold(LEVEL, f64::max);
        let telling = clusters.iter().map(peak).filter(|p| TELLING.contains(p)).count() as f64;
        let n = clusters.len() as f64;
        let between = |tail: &dyn Fn(f64) -> f64| tail(TELLING.start) - tail(TELLING.end);
        let (by_noise, by_clutter) = (between(&noise), between(&|u| clutter(u, BETA)));
        let beyond = telling - by_noise * n + PRIOR * USUAL * by_clutter;
        let share = (beyond / (by_clutter * (n + PRIOR))).clamp(0.0, 1.0);
        Self { clusters: n.max(1.0), clutter: share, beta: BETA }
    }

    /// The tail of background that is known apart.
    pub(crate) fn of_background(decision: &Raster) -> Self {
        let value = |i: usize| f64::from(decision.values[i]);
        let clusters = clusters(decision.lines, decision.samples, |i| value(i) >= LEVEL);
        let beyond = |c: &Vec<usize>| c.iter().map(|&i| value(i) - LEVEL).fold(0.0, f64::max);
        let n = clusters.len() as f64;
        let sum: f64 = clusters.iter().map(beyond).sum();
        let beta = (sum + PRIOR * DECOY_BETA) / (n + PRIOR);
        Self { clusters: n.max(1.0), clutter: 1.0, beta }
    }

    /// Clusters of background expected above a level.
    pub(crate) fn expected_above(&self, level: f64) -> f64 {
        let level = level.max(LEVEL);
        let by_clutter = clutter(level, self.beta);
        self.clusters * ((1.0 - self.clutter) * noise(level) + self.clutter * by_clutter)
    }

    /// The level that background is expected to pass so many times in this scene.
    pub(crate) fn level_for(&self, expected: f64) -> f64 {
        let (mut low, mut high) = (LEVEL, 60.0);
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

    /// Probability that background passes a level anywhere in the scene, when only a share of what
    /// does counts.
    pub(crate) fn probability(&self, level: f64, share: f64) -> f64 {
        (-(-share * self.expected_above(level)).exp_m1()).max(FLOOR)
    }
}

/// Share of the clusters of a Gaussian map that pass a level.
fn noise(level: f64) -> f64 {
    level / LEVEL * (-0.5 * (level * level - LEVEL * LEVEL)).exp()
}

/// The same for clutter.
fn clutter(level: f64, beta: f64) -> f64 {
    (-(level - LEVEL) / beta).exp()
}
