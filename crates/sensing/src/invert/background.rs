//! What the readings would be without any source: slowly varying air, and an offset a sensor.
//!
//! ```text
//! background(t, s) = Σ_j b_j hat_j(t) + Σ_l o_sl hat'_l(t)
//! b_{j+1} − b_j ~ N(0, D²/(K−1)),     o_s1 ~ N(0, O²),     o_{s,l+1} − o_sl ~ N(0, E²/(L−1))
//! ```
//!
//! K knots evenly over the record, of all sensors, and L of each: an offset, and how that changes while an inlet is in
//! other air than the rest, or a sensor warms up. D is how far the air drifts over all of the record, O how far sensors
//! disagree, E how far each drifts by itself, all ppm. With one sensor there is nothing of its own; over less than an hour
//! there is an offset alone. Given weights, everything here is normal: its mean and a draw of it come from one Cholesky factor.

use rand_distr::{Distribution, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::{hats::Hats, readings::Readings};
use crate::linear::{backward, cholesky, forward};

/// Most knots; fewer when there are few readings.
const MOST_KNOTS: usize = 64;
/// Seconds from a knot of a sensor's own to the next, and the most of these.
const OWN_S: f64 = 7200.0;
const MOST_OWN: f64 = 12.0;
/// Deviation of the first knot, in units of the spread of the readings: knows nothing.
const VAGUE: f64 = 30.0;

/// Which knots each reading feels.
#[derive(Debug, Clone)]
pub(super) struct Basis {
    pub(super) hats: Hats,
    /// Of each sensor, when there are several; one knot stands for an offset.
    own: Option<Hats>,
    /// The two knots of its own sensor that each reading feels, and by how much the later one.
    felt: Vec<([u32; 2], f64)>,
    len: usize,
    /// Spread of all readings, ppm.
    spread: f64,
}

/// D², O² and E², ppm².
#[derive(Debug, Clone, Copy)]
pub(super) struct Looseness {
    pub(super) drift2: f64,
    pub(super) offset2: f64,
    pub(super) own2: f64,
}

impl Basis {
    pub(super) fn new(readings: &Readings) -> Self {
        let knots = (readings.len() / 12).clamp(2, MOST_KNOTS);
        let (sensors, hats) = (readings.runs.len(), Hats::new(readings, knots));
        let own = (sensors > 1).then(|| Hats::new(readings, own_knots(readings)));
        let each = own.as_ref().map_or(0, |own| own.knots);
        let mut felt = Vec::new();
        for (k, run) in readings.runs.iter().enumerate() {
            let of = |own: &Hats, i| {
                let felt = own.felt(i);
                (felt.map(|(l, _)| (knots + k * each + l) as u32), felt[1].1)
            };
            felt.extend(own.iter().flat_map(|own| run.clone().map(|i| of(own, i))));
        }
        Self { hats, own, felt, len: knots + sensors * each, spread: spread(&readings.values) }
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Background of every reading.
    pub(super) fn values(&self, b: &[f64]) -> Vec<f64> {
        let mut all: Vec<f64> = self.hats.values(b).collect();
        for (v, &([l, next], f)) in all.iter_mut().zip(&self.felt) {
            *v += (1.0 - f) * b[l as usize];
            *v += f * b[next as usize];
        }
        all
    }

    /// Bᵀ x.
    pub(super) fn gather(&self, x: &[f64]) -> Vec<f64> {
        let mut sums = vec![0.0; self.len()];
        self.hats.gather(x.iter().copied(), &mut sums);
        let mut left = x;
        for run in self.felt.chunk_by(|a, b| a.0 == b.0) {
            let (these, rest) = left.split_at(run.len());
            left = rest;
            // Their sums wait in registers.
            let [l, next] = run[0].0.map(|l| l as usize);
            let mut two = [sums[l], sums[next]];
            for (x, &(_, f)) in these.iter().zip(run) {
                two[0] += (1.0 - f) * x;
                two[1] += f * x;
            }
            // Where there is but one knot, nothing is of the later one.
            (sums[next], sums[l]) = (two[1], two[0]);
        }
        sums
    }

    /// Lower Cholesky factor of Bᵀ W B + prior precision.
    pub(super) fn factor(&self, weights: &[f64], loose: Looseness) -> Option<Vec<f64>> {
        let p = self.len();
        let mut h = self.precision(loose);
        self.hats.add_squares(weights.iter().copied(), &mut h, p);
        for (i, (&w, felt)) in weights.iter().zip(&self.felt).enumerate() {
            let common = self.hats.felt(i);
            let felt = [(felt.0[0] as usize, 1.0 - felt.1), (felt.0[1] as usize, felt.1)];
            for (n, &(row, f)) in felt.iter().enumerate() {
                for &(column, g) in common.iter().chain(&felt[..=n]) {
                    h[row * p + column] += w * f * g;
                }
            }
        }
        cholesky(&mut h, p)?;
        Some(h)
    }

    /// The first knots of sensors, and the knots of each.
    fn owned(&self) -> (impl Iterator<Item = usize> + Clone + use<>, usize) {
        let each = self.own.as_ref().map_or(1, |own| own.knots);
        ((self.hats.knots..self.len).step_by(each), each)
    }

    fn precision(&self, loose: Looseness) -> Vec<f64> {
        let (p, k) = (self.len(), self.hats.knots);
        let mut h = vec![0.0; p * p];
        let mut chain = |start: usize, knots: usize, drift2: f64| {
            let link = (knots - 1) as f64 / drift2;
            for j in start..start + knots - 1 {
                h[j * p + j] += link;
                h[(j + 1) * p + j] -= link;
                h[(j + 1) * p + j + 1] += link;
            }
        };
        chain(0, k, loose.drift2);
        let (sensors, each) = self.owned();
        sensors.clone().for_each(|s| chain(s, each, loose.own2));
        h[0] += self.vague().recip();
        sensors.for_each(|s| h[s * p + s] += loose.offset2.recip());
        h
    }

    fn vague(&self) -> f64 {
        (VAGUE * self.spread).powi(2)
    }

    /// ln of the prior density, without constants.
    pub(super) fn ln_prior(&self, b: &[f64], loose: Looseness) -> f64 {
        let chain = |b: &[f64], drift2: f64| {
            let links = (b.len() - 1) as f64;
            let steps: f64 = b.windows(2).map(|w| (w[1] - w[0]).powi(2)).sum();
            if links > 0.0 { steps * links / drift2 + links * drift2.ln() } else { 0.0 }
        };
        let (sensors, each) = self.owned();
        let of_sensor = |s: usize| {
            b[s].powi(2) / loose.offset2 + loose.offset2.ln() + chain(&b[s..s + each], loose.own2)
        };
        -0.5 * (b[0].powi(2) / self.vague()
            + chain(&b[..self.hats.knots], loose.drift2)
            + sensors.map(of_sensor).sum::<f64>())
    }

    /// Mean of the background given values without sources and their weights; a draw of it when
    /// dice are given.
    pub(super) fn given(
        &self,
        values: &[f64],
        weights: &[f64],
        loose: Looseness,
        dice: Option<&mut Xoshiro256PlusPlus>,
    ) -> Option<Vec<f64>> {
        let l = self.factor(weights, loose)?;
        let weighted: Vec<f64> = values.iter().zip(weights).map(|(y, w)| y * w).collect();
        let mut b = self.gather(&weighted);
        forward(&l, &mut b);
        if let Some(dice) = dice {
            for x in &mut b {
                *x += Distribution::<f64>::sample(&StandardNormal, dice);
            }
        }
        backward(&l, &mut b);
        Some(b)
    }
}

/// One for every two hours, and one more.
fn own_knots(readings: &Readings) -> usize {
    1 + (readings.duration() / OWN_S).round().clamp(0.0, MOST_OWN) as usize
}

/// Half of what lies between the 16th and 84th percentile, above zero.
fn spread(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |share: f64| sorted[(share * (sorted.len() - 1) as f64) as usize];
    (0.5 * (at(0.84) - at(0.16))).max(1e-3 * (at(1.0) - at(0.0))).max(1e-6)
}

#[cfg(test)]
mod tests;
