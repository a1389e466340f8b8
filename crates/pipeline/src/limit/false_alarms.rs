//! What a stated rate of false alarms is worth.
//!
//! Every false plume has the stated rate `r` at which it would just have been claimed. Searching
//! plume-free ground of area `A` with a lenient rate `R` counts `n` of them with `r ≤ R`; rarer ones
//! follow a power law,
//!
//! ```text
//! N(r) = n/A (r/R)^k,    k = n / Σ ln(R/rᵢ),
//! ```
//!
//! so that k = 1 and n/A = R where statements are true. `N` at the rate asked for is the answer: few
//! hundred square kilometres, too few to count anything there, are searched. Its range comes from
//! resampling scenes; it stops being true where the law does.

use serde::Serialize;

use super::percentiles;

/// False alarms of plume-free scenes, unflagged ones alone.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FalseAlarms {
    /// Ground without plumes that was searched.
    pub plume_free_km2: f64,
    /// The lenient rate it was searched at.
    pub lenient_per_100_km2: f64,
    /// False plumes stated for that ground at that rate.
    pub stated_alarms: f64,
    /// False plumes that came.
    pub counted_alarms: usize,
    /// Measured rate where the rate asked for was stated; absent when fewer than five came.
    pub at_asked_per_100_km2: Option<f64>,
    /// Its 90 % range.
    pub at_asked_90_percent_per_100_km2: Option<[f64; 2]>,
}

/// Rates of the false plumes, scene by scene, per 100 km².
pub(super) struct Count {
    pub(super) by_scene: Vec<Vec<f64>>,
    pub(super) area_km2: f64,
    pub(super) lenient_per_100_km2: f64,
    pub(super) asked_per_100_km2: f64,
    pub(super) seed: u64,
}

impl Count {
    pub(super) fn weigh(&self) -> FalseAlarms {
        let all: Vec<usize> = (0..self.by_scene.len()).collect();
        let at_asked = self.at_asked(&all);
        let plume_free_km2 = self.area_km2 * all.len() as f64;
        FalseAlarms {
            plume_free_km2,
            lenient_per_100_km2: self.lenient_per_100_km2,
            stated_alarms: self.lenient_per_100_km2 / 100.0 * plume_free_km2,
            counted_alarms: self.rates(&all).count(),
            at_asked_per_100_km2: at_asked,
            at_asked_90_percent_per_100_km2: at_asked
                .map(|_| percentiles(all.len(), self.seed, |scenes| self.at_asked(scenes))),
        }
    }

    fn rates<'c>(&'c self, scenes: &'c [usize]) -> impl Iterator<Item = f64> + 'c {
        let within = |r: &f64| *r <= self.lenient_per_100_km2;
        scenes.iter().flat_map(|&scene| &self.by_scene[scene]).copied().filter(within)
    }

    /// N where the rate asked for was stated.
    fn at_asked(&self, scenes: &[usize]) -> Option<f64> {
        let folds: Vec<f64> =
            self.rates(scenes).map(|r| (self.lenient_per_100_km2 / r).ln()).collect();
        let (n, sum) = (folds.len() as f64, folds.iter().sum::<f64>());
        let per_100_km2 = 100.0 * n / (self.area_km2 * scenes.len() as f64);
        let further = (self.asked_per_100_km2 / self.lenient_per_100_km2).min(1.0);
        (n >= 5.0 && sum > 0.0).then(|| per_100_km2 * further.powf(n / sum))
    }
}
