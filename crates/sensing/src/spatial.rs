//! Deciding over space: plumes are connected, noise is not.
//!
//! The significance map `z` is integrated by a bank of kernels: Gaussians of several widths, and
//! lines in several directions for the thin start of a plume. Each reads the map cut at its own ±c,
//! the wider the lower, so that a strong plume does not shine far over its edge. Each response `R`
//! is put in units of its own deviation over the scene; a pixel keeps its best, and its own
//! neighbourhood must agree,
//!
//! ```text
//! T = max over kernels of R / d_R  +  0.3 R₂/d₂,    R₂: Gaussian of two pixels.
//! ```
//!
//! What `T` is worth is learnt from the scene upside down: gas pushes significance up and never
//! down, so `T` of `−z` is distributed as `T` without gas. `decision` is the score of a standard
//! normal that is as rare: a threshold of 3.09 gives one false pixel in a thousand. Beyond the
//! rarest values seen, the relation is continued by its slope in normal scores.
//!
//! Limits: this takes noise to be as often negative as positive. Ground whose spectrum looks like
//! the gas (some plastics, some carbonates for methane) breaks that; see `look_alike`. False pixels
//! come in clusters the size of the kernels.

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

/// Kernels: standard deviation, pixels, and where significance is cut for it.
const KERNELS: [(f32, f32); 4] = [(1.0, 4.0), (2.0, 3.0), (4.0, 2.5), (8.0, 2.0)];
/// The kernel by which a pixel's own neighbourhood must agree, and how much that counts.
const OWN: (usize, f32) = (1, 0.3);
/// The line kernels: deviation across and along, pixels, where significance is cut, and directions.
const LINES: (f32, f32, f32, usize) = (1.0, 4.0, 4.0, 8);
/// Of more pixels every sixteenth tells how responses spread, but for the rarest, which all tell.
const MANY: usize = 100_000;
const RARE: f64 = 0.05;
/// Rarer than so many pixels, responses are those of a few clusters, and few show less than there may
/// be: there the tail falls by e over [`USUAL_FALL`] at the fastest (on empty simulated scenes, seeds
/// below 30).
const PLENTY: f64 = 600.0;
const USUAL_FALL: f32 = 0.42;
/// Places a kernel must find in a map for its tail to be known there.
const PLACES: f32 = 200.0;

/// The decision map: integrated significance as the deviation of a standard normal.
pub(crate) fn decide(significance: Grid) -> Vec<f32> {
    let (up, down) = best_responses(significance);
    let null = Null::learn(&down);
    let mut decision = up;
    decision.par_iter_mut().for_each(|t| *t = null.normal_score(*t));
    decision
}

/// The same for gas that may push either way (colder or warmer than the ground behind it). The map
/// upside down is then no map without gas: `null` comes from maps of things that are no gas.
pub(crate) fn decide_both(significance: Grid, null: &Null) -> Vec<f32> {
    let mut decision = either_way(significance);
    decision.par_iter_mut().for_each(|t| *t = null.normal_score(*t));
    decision
}

/// The stronger of the responses to gas of either sign.
pub(crate) fn either_way(significance: Grid) -> Vec<f32> {
    let (mut up, down) = best_responses(significance);
    up.par_iter_mut().zip(&down).for_each(|(up, down)| *up = up.max(*down));
    up
}

/// Combined response of every pixel, of the map and of the map upside down; NaN where there is no
/// data.
fn best_responses(map: Grid) -> (Vec<f32>, Vec<f32>) {
    let responses = responses(map);
    let known = |at: usize| map.values[at].is_finite();
    let scales: Vec<Option<(f32, f32)>> =
        responses.par_iter().map(|response| spread_of(response, known)).collect();
    let scaled: Vec<(&[f32], f32, f32)> = responses
        .iter()
        .zip(&scales)
        .filter_map(|(response, scale)| scale.map(|(m, d)| (response.as_slice(), m, d.recip())))
        .collect();
    let own = responses.get(OWN.0).zip(scales.get(OWN.0).copied().flatten());
    let best = |at: usize| {
        if !known(at) {
            return (f32::NAN, f32::NAN);
        }
        let (up, down) = scaled.iter().fold((f32::MIN, f32::MIN), |(up, down), (r, m, i)| {
            let t = (r[at] - m) * i;
            (if t > up { t } else { up }, if -t > down { -t } else { down })
        });
        let agrees = own.map_or(0.0, |(r, (m, d))| OWN.1 * ((r[at] - m) * d.recip()));
        (up + agrees, down - agrees)
    };
    (0..map.values.len()).into_par_iter().map(best).unzip()
}

/// The answers of all kernels, the Gaussians first, by rising width.
fn responses(map: Grid) -> Vec<Vec<f32>> {
    let pixels = map.values.len() as f32;
    let valid: Vec<f32> = map.values.iter().map(|z| f32::from(u8::from(z.is_finite()))).collect();
    let mut responses: Vec<Vec<f32>> = KERNELS
        .into_iter()
        .enumerate()
        .take_while(|(k, (sigma, _))| {
            *k <= OWN.0 || PLACES * 4.0 * std::f32::consts::PI * sigma * sigma <= pixels
        })
        .map(|(_, (sigma, cut))| integrated(map, &valid, sigma, cut))
        .collect();
    let (across, along, cut, directions) = LINES;
    let base = gaussian(&cut_at(map, cut), map.samples, across);
    responses.extend((0..directions).map(|direction| {
        let angle = std::f32::consts::PI * direction as f32 / directions as f32;
        shifted_sum(&base, map.samples, &line_offsets(angle, along))
    }));
    responses
}

/// The map cut and smoothed, over the root of how much data each pixel's kernel holds.
fn integrated(map: Grid, valid: &[f32], sigma: f32, cut: f32) -> Vec<f32> {
    let mut value = gaussian(&cut_at(map, cut), map.samples, sigma);
    let weight = gaussian(valid, map.samples, sigma);
    value.par_iter_mut().zip(&weight).for_each(|(v, w)| *v /= w.max(0.05).sqrt());
    value
}

/// The map held to ±`cut`, zero where there is no data.
fn cut_at(map: Grid, cut: f32) -> Vec<f32> {
    let within = |z: &f32| if z.is_finite() { z.clamp(-cut, cut) } else { 0.0 };
    map.values.par_iter().map(within).collect()
}

/// Middle and lower deviation where there are data, from every seventh pixel of a large map.
fn spread_of(response: &[f32], known: impl Fn(usize) -> bool) -> Option<(f32, f32)> {
    let step = if response.len() > 200_000 { 7 } else { 1 };
    let seen = (0..response.len()).step_by(step).filter(|at| known(*at));
    lower_spread(seen.map(|at| response[at]).collect()).filter(|(_, deviation)| *deviation > 0.0)
}

/// How rare a response is where there is no gas.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Null {
    /// Responses, rising, and the normal score of each.
    knots: Vec<(f32, f32)>,
}

impl Null {
    pub(crate) fn learn(down: &[f32]) -> Self {
        let seen: Vec<f32> = down.iter().copied().filter(|d| d.is_finite()).collect();
        let n = seen.len();
        let every = if n > MANY { 16 } else { 1 };
        let mut some: Vec<f32> = seen.iter().copied().step_by(every).collect();
        some.sort_unstable_by(f32::total_cmp);
        let middle = |tail: f64| some[((1.0 - tail) * some.len() as f64) as usize];
        let rare = if n == 0 { 0.0 } else { middle(RARE) };
        let mut high: Vec<f32> = seen.into_iter().filter(|d| *d >= rare).collect();
        high.sort_unstable_by(f32::total_cmp);
        let mut knots: Vec<(f32, f32)> = Vec::new();
        let (mut tail, mut known) = (0.999, None);
        while n > 0 && tail * n as f64 > 8.0 {
            let from_top = (tail * n as f64) as usize;
            let t = if tail < RARE && from_top <= high.len() {
                high[high.len() - from_top]
            } else {
                middle(tail)
            };
            let (from, by) = *known.get_or_insert((tail, t));
            let usual = by + USUAL_FALL * (from / tail).ln() as f32;
            if tail * n as f64 > PLENTY {
                known = Some((tail, t));
            }
            let knot = (t.max(usual), score_of_tail(tail) as f32);
            if knots.last().is_none_or(|k| knot.0 > k.0 + 1e-4) {
                knots.push(knot);
            }
            tail *= if tail > 0.5 { 0.9 } else { 0.7 };
        }
        Self { knots }
    }

    pub(crate) fn normal_score(&self, t: f32) -> f32 {
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
fn line_offsets(angle: f32, along: f32) -> Vec<(i32, i32, f32)> {
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
    for offset in &mut offsets {
        offset.2 /= total;
    }
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
