//! What changes evenly between moments: piecewise linear, by its values at knots.
//!
//! Knots stand evenly among the moments at which there are readings, not in time: of nights without any, there is
//! nothing to know.

use super::readings::Readings;

/// Knots evenly over the moments of a record, and which two of them each reading feels.
#[derive(Debug, Clone)]
pub(super) struct Hats {
    pub(super) knots: usize,
    /// The knot before a reading.
    pub(super) left: Vec<usize>,
    /// How far it is on the way to the next.
    pub(super) part: Vec<f64>,
}

impl Hats {
    pub(super) fn new(readings: &Readings, knots: usize) -> Self {
        let mut moments = readings.times.clone();
        moments.sort_by(f64::total_cmp);
        moments.dedup();
        let links = (knots - 1) as f64 / (moments.len() - 1).max(1) as f64;
        let at = |t: &f64| links * moments.partition_point(|moment| moment < t) as f64;
        let left: Vec<usize> =
            readings.times.iter().map(|t| (at(t) as usize).min(knots.saturating_sub(2))).collect();
        let part = readings.times.iter().zip(&left).map(|(t, &j)| at(t) - j as f64).collect();
        Self { knots, left, part }
    }

    /// The knots that a reading feels and by how much: two, or the only one twice.
    pub(super) fn felt(&self, reading: usize) -> [(usize, f64); 2] {
        let (j, f) = (self.left[reading], self.part[reading]);
        [(j, 1.0 - f), ((j + 1).min(self.knots - 1), f)]
    }

    /// The value at every reading.
    pub(super) fn values<'a>(&'a self, b: &'a [f64]) -> impl Iterator<Item = f64> + 'a {
        self.left.iter().zip(&self.part).map(|(&j, &f)| (1.0 - f) * b[j] + f * b[j + 1])
    }

    /// What readings give to each knot.
    pub(super) fn gather(&self, x: impl Iterator<Item = f64>, sums: &mut [f64]) {
        // Neighbours in time mostly feel the same knots: their sums wait in registers.
        let (mut at, mut two) = (0, [0.0; 2]);
        for ((&j, &f), x) in self.left.iter().zip(&self.part).zip(x) {
            if j != at {
                sums[at] += two[0];
                sums[at + 1] += two[1];
                (at, two) = (j, [0.0; 2]);
            }
            two[0] += (1.0 - f) * x;
            two[1] += f * x;
        }
        sums[at] += two[0];
        sums[at + 1] += two[1];
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
