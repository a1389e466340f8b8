//! How the wind at the plume strays from that at the mast as time goes.
//!
//! ```text
//! turn(t) = turn + Σ_j δ_j hat_j(t),     δ_j ~ N(0, σ²)
//! ```
//!
//! A knot to every other reading of a sensor, 48 at most. Means over minutes: masts some tens of metres
//! apart differ by σ = 3°. Readings of the moment: gusts are not averaged, and of the turbulence across,
//! half of its variance is of the plume as a whole, σ² = θ²/2 (Gifford's plume that meanders; what
//! is left is its width).
//!
//! Gifford (1959), Adv. Geophys. 6, 117.

use super::{
    hats::Hats,
    readings::{MOMENT, Readings, median},
};

/// Most knots.
const MOST_KNOTS: f64 = 48.0;
/// σ of means, rad, and the least and the most of it of the moment.
const OF_MEANS: f64 = 0.052;
const OF_MOMENTS: (f64, f64) = (0.035, 0.2);

/// The knots, and where in the scales they are.
#[derive(Debug, Clone)]
pub(super) struct Wander {
    first: usize,
    pub(super) hats: Hats,
    /// σ, rad.
    pub(super) std: f64,
}

impl Wander {
    /// With `first` scales before it.
    pub(super) fn new(readings: &Readings, first: usize) -> Self {
        let knots =
            (readings.duration() / (2.0 * readings.interval()).max(1e-9)).clamp(2.0, MOST_KNOTS);
        let across = readings.flows.iter().map(|f| f.spread[0].atan()).collect();
        let std = if readings.interval() < MOMENT {
            (median(across) * 0.5_f64.sqrt()).clamp(OF_MOMENTS.0, OF_MOMENTS.1)
        } else {
            OF_MEANS
        };
        Self { first, hats: Hats::new(readings, knots as usize), std }
    }

    /// Which scales they are.
    pub(super) fn range(&self) -> std::ops::Range<usize> {
        self.first..self.first + self.hats.knots
    }

    /// δ at every reading.
    pub(super) fn values<'a>(&'a self, scales: &'a [f64]) -> impl Iterator<Item = f64> + 'a {
        self.hats.values(&scales[self.range()])
    }

    /// The knot that a reading feels of those with even or odd numbers.
    pub(super) fn felt(&self, reading: usize, odd: usize) -> usize {
        let left = self.hats.left[reading];
        if left % 2 == odd { left } else { left + 1 }
    }
}

#[cfg(test)]
mod tests;
