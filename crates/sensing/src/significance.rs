//! From filter score to significance: zero mean and unit variance where there is no gas, for dark
//! and for bright ground.
//!
//! The ground is not normal: bright pixels scatter more in radiance, dark ones less, and both have
//! longer tails than a Gaussian. Pixels are put in bins of equal number by brightness; the middle
//! of a bin is its median `m`, its deviation `d` comes from the lower side alone,
//!
//! ```text
//! d = (median − 15.87 % quantile),   z ← (z − m)/d,
//! ```
//!
//! because gas pushes scores up and never down: the negative side holds no plume. Between bin
//! centres both are interpolated linearly.
//!
//! Gas too faint to be found counts in the mean of its columns and pushes the rest of them down.
//! Before anything else the background's median over each column and its nearest neighbours is
//! therefore taken off (`level`).
//!
//! Kelly (1986), IEEE Trans. Aerosp. Electron. Syst. 22, 115 (constant false-alarm rate).

use rayon::prelude::*;

/// Most bins of brightness, and fewest pixels in one.
const BINS: usize = 32;
const PIXELS_PER_BIN: usize = 400;
/// Of more pixels every sixteenth tells where the bins lie.
const MANY: usize = 100_000;

/// Background pixels wanted for a level, and columns either side that share one at least.
const LEVEL_PIXELS: usize = 400;
const LEVEL_REACH: usize = 4;

/// Takes off every column the level of the background around it.
pub(crate) fn level(values: &mut [f32], samples: usize, background: &[bool]) {
    let medians: Vec<(usize, f64)> = (0..samples)
        .into_par_iter()
        .map(|sample| column_median(values, (sample, samples), background))
        .collect();
    let levels: Vec<f32> = (0..samples).map(|sample| level_of(&medians, sample)).collect();
    values.par_chunks_mut(samples).for_each(|row| {
        row.iter_mut().zip(&levels).for_each(|(v, l)| *v -= l);
    });
}

/// Background pixels of a column, and their median.
fn column_median(
    values: &[f32],
    (sample, samples): (usize, usize),
    background: &[bool],
) -> (usize, f64) {
    let at = (sample..values.len()).step_by(samples);
    let mut seen: Vec<f32> =
        at.filter(|&at| background[at] && values[at].is_finite()).map(|at| values[at]).collect();
    let half = seen.len() / 2;
    let median = if seen.is_empty() {
        0.0
    } else {
        f64::from(*seen.select_nth_unstable_by(half, f32::total_cmp).1)
    };
    (seen.len(), median)
}

/// Mean of the medians around a column, each as heavy as its pixels.
fn level_of(medians: &[(usize, f64)], sample: usize) -> f32 {
    let mut reach = LEVEL_REACH;
    loop {
        let around = sample.saturating_sub(reach)..(sample + reach + 1).min(medians.len());
        let whole = around.len() == medians.len();
        let (n, sum) =
            medians[around].iter().fold((0, 0.0), |(n, sum), (k, m)| (n + k, sum + *k as f64 * m));
        if n >= LEVEL_PIXELS || whole {
            return if n == 0 { 0.0 } else { (sum / n as f64) as f32 };
        }
        reach *= 2;
    }
}

/// Middle and deviation of the score against brightness.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Calibration {
    /// Brightness at the centre of each bin, rising.
    centers: Vec<f32>,
    /// Median of the score there.
    pub(crate) middle: Vec<f32>,
    /// Deviation of the score there.
    pub(crate) deviation: Vec<f32>,
}

impl Calibration {
    /// Learns from the pixels with a finite score that `background` marks.
    pub(crate) fn learn(score: &[f32], brightness: &[f32], background: &[bool]) -> Self {
        let known = |at: &usize| background[*at] && score[*at].is_finite();
        let n = (0..score.len()).filter(known).count();
        let every = if n > MANY { 16 } else { 1 };
        let mut some: Vec<f32> =
            (0..score.len()).filter(known).step_by(every).map(|at| brightness[at]).collect();
        some.sort_unstable_by(f32::total_cmp);
        let bins = (n / PIXELS_PER_BIN).clamp(1, BINS);
        let quantile = |half: usize| some.get(some.len() * half / (2 * bins)).copied();
        let edges: Vec<f32> = (1..bins).filter_map(|k| quantile(2 * k)).collect();
        let mut scores = vec![Vec::with_capacity(n / bins); bins];
        for at in (0..score.len()).filter(known) {
            scores[edges.partition_point(|e| *e <= brightness[at])].push(score[at]);
        }
        let learnt: Vec<(f32, f32, f32)> = scores
            .into_par_iter()
            .enumerate()
            .filter_map(|(k, scores)| {
                let (middle, deviation) = lower_spread(scores)?;
                (deviation > 0.0).then_some((quantile(2 * k + 1)?, middle, deviation))
            })
            .collect();
        Self {
            centers: learnt.iter().map(|l| l.0).collect(),
            middle: learnt.iter().map(|l| l.1).collect(),
            deviation: learnt.iter().map(|l| l.2).collect(),
        }
    }

    /// Middle and deviation for one brightness.
    pub(crate) fn at(&self, brightness: f32) -> (f32, f32) {
        let n = self.centers.len();
        if n == 0 {
            return (0.0, 1.0);
        }
        let k = self.centers.partition_point(|c| *c <= brightness);
        if k == 0 || k == n {
            let end = k.min(n - 1);
            return (self.middle[end], self.deviation[end]);
        }
        let w = (brightness - self.centers[k - 1]) / (self.centers[k] - self.centers[k - 1]);
        let mix = |v: &[f32]| v[k - 1] + w * (v[k] - v[k - 1]);
        (mix(&self.middle), mix(&self.deviation))
    }

    /// Turns scores into significance in place.
    pub(crate) fn apply(&self, score: &mut [f32], brightness: &[f32]) {
        score.par_iter_mut().zip(brightness).for_each(|(z, &r)| {
            let (middle, deviation) = self.at(r);
            *z = (*z - middle) / deviation;
        });
    }
}

/// Median, and its distance to the 15.87 % quantile: what a deviation is for a normal.
pub(crate) fn lower_spread(mut values: Vec<f32>) -> Option<(f32, f32)> {
    if values.len() < 8 {
        return None;
    }
    let half = values.len() / 2;
    let low = (values.len() as f64 * 0.158_655) as usize;
    let middle = *values.select_nth_unstable_by(half, f32::total_cmp).1;
    let low = *values[..half].select_nth_unstable_by(low, f32::total_cmp).1;
    Some((middle, middle - low))
}

#[cfg(test)]
mod tests;
