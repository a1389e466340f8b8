//! Deciding over space: plumes are connected, noise is not.
//!
//! The significance map is integrated by a bank of kernels: Gaussians of several widths and lines
//! of several directions (a plume is narrow and long). Each response `R` is put in units of its own
//! deviation over the scene, and a pixel keeps its best,
//!
//! ```text
//! T = max over kernels of R / d_R.
//! ```
//!
//! What `T` is worth is learnt from the scene upside down: gas pushes significance up and never
//! down, so the distribution of `max(−R/d_R)` is that of `T` without gas. `decision` is the score
//! of a standard normal that is as rare: a threshold of 3.09 gives one false pixel in a thousand.
//! Beyond the rarest values seen, the relation is continued by its slope in normal scores.
//!
//! Limits: this takes noise to be as often negative as positive. Ground whose spectrum looks like
//! the gas (some plastics, some carbonates for methane) breaks that; see `look_alike`.

use rayon::prelude::*;

use crate::{
    normal::{score_of_tail, upper_tail},
    significance::lower_spread,
};

/// A map of lines × samples; NaN is no data.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Grid<'m> {
    pub(crate) values: &'m [f32],
    pub(crate) samples: usize,
}

/// Widths of the round kernels, pixels (standard deviation).
const ROUND: [f32; 4] = [0.8, 1.4, 2.5, 4.5];
/// Width across and deviation along of the line kernels, pixels.
const LINES: [(usize, f32); 2] = [(0, 3.0), (1, 6.0)];
/// Directions of the line kernels.
const DIRECTIONS: usize = 8;

/// The decision map: integrated significance as the deviation of a standard normal.
pub(crate) fn decide(significance: Grid) -> Vec<f32> {
    let (up, down) = best_responses(significance);
    let null = Null::learn(&down);
    let mut decision = up;
    decision.par_iter_mut().for_each(|t| *t = null.normal_score(*t));
    decision
}

/// Best normalised response of every pixel, of the map and of the map upside down.
fn best_responses(map: Grid) -> (Vec<f32>, Vec<f32>) {
    let valid: Vec<f32> = map.values.iter().map(|z| f32::from(u8::from(z.is_finite()))).collect();
    let filled: Vec<f32> =
        map.values.iter().map(|z| if z.is_finite() { *z } else { 0.0 }).collect();
    let mut best = Best::new(map.values);
    best.offer(&filled, &valid);
    for (k, &sigma) in ROUND.iter().enumerate() {
        let value = gaussian(&filled, map.samples, sigma);
        let weight = gaussian(&valid, map.samples, sigma);
        best.offer(&value, &weight);
        for &(_, along) in LINES.iter().filter(|(across, _)| *across == k) {
            for direction in 0..DIRECTIONS {
                let offsets = line_offsets(direction, along);
                let value = shifted_sum(&value, map.samples, &offsets);
                let weight = shifted_sum(&weight, map.samples, &offsets);
                best.offer(&value, &weight);
            }
        }
    }
    (best.up, best.down)
}

/// The best response so far, for the map and for the map upside down.
struct Best {
    up: Vec<f32>,
    down: Vec<f32>,
}

impl Best {
    fn new(map: &[f32]) -> Self {
        let start: Vec<f32> =
            map.iter().map(|z| if z.is_finite() { f32::MIN } else { f32::NAN }).collect();
        Self { up: start.clone(), down: start }
    }

    /// Takes a response into account; `weight` is the share of the kernel on valid pixels.
    fn offer(&mut self, value: &[f32], weight: &[f32]) {
        let response: Vec<f32> = value
            .par_iter()
            .zip(weight)
            .zip(&self.up)
            .map(|((v, w), up)| if up.is_nan() { f32::NAN } else { v / w.max(1e-6).sqrt() })
            .collect();
        let Some((middle, deviation)) = spread_of(&response) else { return };
        let scale = deviation.recip();
        self.up.par_iter_mut().zip(self.down.par_iter_mut()).zip(&response).for_each(
            |((up, down), r)| {
                let r = (r - middle) * scale;
                *up = if r > *up { r } else { *up };
                *down = if -r > *down { -r } else { *down };
            },
        );
    }
}

/// Middle and lower deviation, from every seventh pixel of a large map.
fn spread_of(response: &[f32]) -> Option<(f32, f32)> {
    let step = if response.len() > 200_000 { 7 } else { 1 };
    let seen: Vec<f32> = response.iter().step_by(step).copied().filter(|r| r.is_finite()).collect();
    lower_spread(seen).filter(|(_, deviation)| *deviation > 0.0)
}

/// How rare a response is where there is no gas.
#[derive(Debug, Clone, PartialEq)]
struct Null {
    /// Responses, rising, and the normal score of each.
    knots: Vec<(f32, f32)>,
}

impl Null {
    fn learn(down: &[f32]) -> Self {
        let mut seen: Vec<f32> = down.iter().copied().filter(|d| d.is_finite()).collect();
        seen.par_sort_unstable_by(f32::total_cmp);
        let n = seen.len();
        let mut knots: Vec<(f32, f32)> = Vec::new();
        let mut tail = 0.999;
        while n > 0 && tail * n as f64 > 8.0 {
            let at = (n - 1).min(((1.0 - tail) * n as f64) as usize);
            let knot = (seen[at], score_of_tail(tail) as f32);
            if knots.last().is_none_or(|k| knot.0 > k.0 + 1e-4) {
                knots.push(knot);
            }
            tail *= if tail > 0.5 { 0.9 } else { 0.7 };
        }
        Self { knots }
    }

    fn normal_score(&self, t: f32) -> f32 {
        let n = self.knots.len();
        if n < 2 || t.is_nan() {
            return t;
        }
        let k = self.knots.partition_point(|knot| knot.0 <= t).clamp(1, n - 1);
        let (a, b) = if t > self.knots[n - 1].0 {
            (self.knots[n.saturating_sub(5)], self.knots[n - 1])
        } else {
            (self.knots[k - 1], self.knots[k])
        };
        b.1 + (t - b.0) * (b.1 - a.1) / (b.0 - a.0)
    }
}

/// The per-pixel false-alarm rate of a decision threshold.
#[must_use]
pub fn false_alarm_rate(threshold: f64) -> f64 {
    upper_tail(threshold)
}

/// The decision threshold with a per-pixel false-alarm rate.
#[must_use]
pub fn threshold(false_alarm_rate: f64) -> f64 {
    score_of_tail(false_alarm_rate)
}

/// Convolution with a Gaussian of unit sum, zero beyond the map.
pub(crate) fn gaussian(map: &[f32], samples: usize, sigma: f32) -> Vec<f32> {
    let reach = (3.0 * sigma).ceil() as i32;
    let taps: Vec<f32> =
        (-reach..=reach).map(|d| (-0.5 * (d as f32 / sigma).powi(2)).exp()).collect();
    let total: f32 = taps.iter().sum();
    let line = |dl: i32, ds: i32, k: usize| (dl, ds, taps[k] / total);
    let along: Vec<_> = (-reach..=reach).enumerate().map(|(k, d)| line(0, d, k)).collect();
    let across: Vec<_> = (-reach..=reach).enumerate().map(|(k, d)| line(d, 0, k)).collect();
    shifted_sum(&shifted_sum(map, samples, &along), samples, &across)
}

/// Offsets (lines, samples, weight) of a Gaussian line through the origin.
fn line_offsets(direction: usize, along: f32) -> Vec<(i32, i32, f32)> {
    let angle = std::f32::consts::PI * direction as f32 / DIRECTIONS as f32;
    let reach = (2.0 * along).ceil() as i32;
    let step = angle.cos().abs().max(angle.sin().abs()).recip();
    let mut offsets: Vec<(i32, i32, f32)> = (-reach..=reach)
        .map(|k| {
            let d = k as f32 * step;
            let weight = (-0.5 * (d / along).powi(2)).exp();
            ((d * angle.sin()).round() as i32, (d * angle.cos()).round() as i32, weight)
        })
        .collect();
    let total: f32 = offsets.iter().map(|o| o.2).sum();
    offsets.iter_mut().for_each(|o| o.2 /= total);
    offsets
}

/// Sum of shifted copies of a map, zero beyond its edges.
fn shifted_sum(map: &[f32], samples: usize, offsets: &[(i32, i32, f32)]) -> Vec<f32> {
    let lines = (map.len() / samples) as i32;
    let mut out = vec![0.0_f32; map.len()];
    out.par_chunks_mut(samples).enumerate().for_each(|(line, row)| {
        for &(dl, ds, weight) in offsets {
            let from = line as i32 + dl;
            if from < 0 || from >= lines {
                continue;
            }
            let source = &map[from as usize * samples..(from as usize + 1) * samples];
            let shift = ds.unsigned_abs() as usize;
            if shift >= samples {
                continue;
            }
            let (into, source) = if ds < 0 {
                (&mut row[shift..], &source[..samples - shift])
            } else {
                (&mut row[..samples - shift], &source[shift..])
            };
            for (o, s) in into.iter_mut().zip(source) {
                *o += weight * s;
            }
        }
    });
    out
}

/// Pixels within `reach` lines and samples of a marked one.
pub(crate) fn dilate(marked: &[bool], samples: usize, reach: usize) -> Vec<bool> {
    let lines = marked.len() / samples;
    let mut out = vec![false; marked.len()];
    for (at, _) in marked.iter().enumerate().filter(|(_, m)| **m) {
        let (line, sample) = (at / samples, at % samples);
        for l in line.saturating_sub(reach)..(line + reach + 1).min(lines) {
            let row = l * samples;
            out[row + sample.saturating_sub(reach)..row + (sample + reach + 1).min(samples)]
                .fill(true);
        }
    }
    out
}

#[cfg(test)]
mod tests;
