//! What the readings would be without any source: slowly varying air, and an offset a sensor.
//!
//! ```text
//! background(t, s) = Σ_j b_j hat_j(t) + o_s
//! b_{j+1} − b_j ~ N(0, D²/(K−1)),     o_s ~ N(0, O²)
//! ```
//!
//! K knots evenly over the record; D is how far the air drifts over all of it, O how far sensors
//! disagree, both ppm. With one sensor there is no offset. Given weights, everything here is normal:
//! its mean and a draw of it come from one Cholesky factor.

use rand_distr::{Distribution, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::{hats::Hats, readings::Readings};
use crate::linear::{backward, cholesky, forward};

/// Most knots; fewer when there are few readings.
const MOST_KNOTS: usize = 64;
/// Deviation of the first knot, in units of the spread of the readings: knows nothing.
const VAGUE: f64 = 30.0;

/// Which knots and which offset each reading feels.
#[derive(Debug, Clone)]
pub(super) struct Basis {
    pub(super) hats: Hats,
    pub(super) offsets: usize,
    sensor: Vec<usize>,
    /// Spread of all readings, ppm.
    spread: f64,
}

/// D² and O², ppm².
#[derive(Debug, Clone, Copy)]
pub(super) struct Looseness {
    pub(super) drift2: f64,
    pub(super) offset2: f64,
}

impl Basis {
    pub(super) fn new(readings: &Readings) -> Self {
        let knots = (readings.len() / 12).clamp(2, MOST_KNOTS);
        let mut sensor = vec![0; readings.len()];
        for (k, run) in readings.runs.iter().enumerate() {
            sensor[run.clone()].fill(knots + k);
        }
        let offsets = if readings.runs.len() > 1 { readings.runs.len() } else { 0 };
        let hats = Hats::new(readings, knots);
        Self { hats, offsets, sensor, spread: spread(&readings.values) }
    }

    pub(super) fn len(&self) -> usize {
        self.hats.knots + self.offsets
    }

    /// Background of every reading.
    pub(super) fn values(&self, b: &[f64]) -> Vec<f64> {
        let mut all: Vec<f64> = self.hats.values(b).collect();
        if self.offsets > 0 {
            all.iter_mut().zip(&self.sensor).for_each(|(v, &s)| *v += b[s]);
        }
        all
    }

    /// Bᵀ x.
    pub(super) fn gather(&self, x: &[f64]) -> Vec<f64> {
        let mut sums = vec![0.0; self.len()];
        self.hats.gather(x.iter().copied(), &mut sums);
        if self.offsets > 0 {
            x.iter().zip(&self.sensor).for_each(|(x, &s)| sums[s] += x);
        }
        sums
    }

    /// Lower Cholesky factor of Bᵀ W B + prior precision.
    pub(super) fn factor(&self, weights: &[f64], loose: Looseness) -> Option<Vec<f64>> {
        let p = self.len();
        let mut h = self.precision(loose);
        self.hats.add_squares(weights.iter().copied(), &mut h, p);
        if self.offsets > 0 {
            for (i, &w) in weights.iter().enumerate() {
                let (j, f, s) = (self.hats.left[i], self.hats.part[i], self.sensor[i]);
                h[s * p + j] += w * (1.0 - f);
                h[s * p + j + 1] += w * f;
                h[s * p + s] += w;
            }
        }
        cholesky(&mut h, p)?;
        Some(h)
    }

    fn precision(&self, loose: Looseness) -> Vec<f64> {
        let (p, k) = (self.len(), self.hats.knots);
        let mut h = vec![0.0; p * p];
        h[0] += self.vague().recip();
        let link = (k - 1) as f64 / loose.drift2;
        for j in 0..k - 1 {
            h[j * p + j] += link;
            h[(j + 1) * p + j] -= link;
            h[(j + 1) * p + j + 1] += link;
        }
        (k..p).for_each(|s| h[s * p + s] += loose.offset2.recip());
        h
    }

    fn vague(&self) -> f64 {
        (VAGUE * self.spread).powi(2)
    }

    /// ln of the prior density, without constants.
    pub(super) fn ln_prior(&self, b: &[f64], loose: Looseness) -> f64 {
        let (knots, offsets) = b.split_at(self.hats.knots);
        let links = (self.hats.knots - 1) as f64;
        let steps: f64 = knots.windows(2).map(|w| (w[1] - w[0]).powi(2)).sum();
        let squares: f64 = offsets.iter().map(|o| o * o).sum();
        -0.5 * (b[0].powi(2) / self.vague()
            + steps * links / loose.drift2
            + squares / loose.offset2
            + links * loose.drift2.ln()
            + self.offsets as f64 * loose.offset2.ln())
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

/// Half of what lies between the 16th and 84th percentile, above zero.
fn spread(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |share: f64| sorted[(share * (sorted.len() - 1) as f64) as usize];
    (0.5 * (at(0.84) - at(0.16))).max(1e-3 * (at(1.0) - at(0.0))).max(1e-6)
}
