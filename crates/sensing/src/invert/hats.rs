//! What changes evenly between moments: piecewise linear in time, by its values at knots.

use super::readings::Readings;

/// Knots evenly over a record, and which two of them each reading feels.
#[derive(Debug, Clone)]
pub(super) struct Hats {
    pub(super) knots: usize,
    /// The knot before a reading.
    pub(super) left: Vec<usize>,
    /// How far it is on the way to the next.
    pub(super) part: Vec<f64>,
}

impl Hats {
    /// At least two knots.
    pub(super) fn new(readings: &Readings, knots: usize) -> Self {
        let (start, _) = readings.ends();
        let step = readings.duration() / (knots - 1) as f64;
        let at = |t: &f64| ((t - start) / step).clamp(0.0, (knots - 1) as f64);
        let left: Vec<usize> =
            readings.times.iter().map(|t| (at(t) as usize).min(knots - 2)).collect();
        let part = readings.times.iter().zip(&left).map(|(t, &j)| at(t) - j as f64).collect();
        Self { knots, left, part }
    }

    /// The value at every reading.
    pub(super) fn values<'a>(&'a self, b: &'a [f64]) -> impl Iterator<Item = f64> + 'a {
        self.left.iter().zip(&self.part).map(|(&j, &f)| (1.0 - f) * b[j] + f * b[j + 1])
    }

    /// What readings give to each knot.
    pub(super) fn gather(&self, x: impl Iterator<Item = f64>, sums: &mut [f64]) {
        for ((&j, &f), x) in self.left.iter().zip(&self.part).zip(x) {
            sums[j] += (1.0 - f) * x;
            sums[j + 1] += f * x;
        }
    }

    /// Adds Hᵀ W H to the lower half of a square matrix of p columns, from its first on.
    pub(super) fn add_squares(&self, weights: impl Iterator<Item = f64>, h: &mut [f64], p: usize) {
        for ((&j, &f), w) in self.left.iter().zip(&self.part).zip(weights) {
            h[j * p + j] += w * (1.0 - f) * (1.0 - f);
            h[(j + 1) * p + j] += w * f * (1.0 - f);
            h[(j + 1) * p + j + 1] += w * f * f;
        }
    }
}

#[cfg(test)]
mod tests;
