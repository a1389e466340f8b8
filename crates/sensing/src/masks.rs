//! Which pixels and columns are left out, each by a criterion that is measured in the scene.
//!
//! | reason | criterion |
//! |---|---|
//! | no data | a band that is not a finite number |
//! | saturated | a band at its scene maximum, when so many pixels share that very value that it is a ceiling |
//! | dark | a mean over the window below a twentieth of the scene's median |
//! | dead column | fewer than half of its pixels usable, or a median below a tenth of its neighbours' |
//! | noisy column | band-to-band scatter above three times the median of its neighbours' |
//! | flare | twice as bright as the scene, and three times redder across the window than its column |
//! | cloud | four times as bright as the scene, and as flat as its column within a tenth |
//!
//! Everything left out is NaN in the maps and takes no part in any statistics.

use cathartes_core::cube::Cube;
use rayon::prelude::*;

use crate::{
    maps::{Mask, MaskReason},
    statistics::Sums,
};

/// Mean radiance under this share of the scene's median is dark.
const DARK: f32 = 0.05;
/// A ceiling is a value shared by at least this many pixels, and this share of them.
const CEILING_PIXELS: usize = 16;
const CEILING_SHARE: f64 = 1e-5;

/// Brightness of every pixel and what may be used of the scene.
#[derive(Debug, Clone)]
pub(crate) struct Survey {
    /// Mean radiance of the window bands.
    pub(crate) brightness: Vec<f32>,
    /// Pixels in use.
    pub(crate) used: Vec<bool>,
    /// What was left out.
    pub(crate) masks: Vec<Mask>,
}

/// Running maximum of every band and how many pixels share it.
#[derive(Debug, Clone)]
struct Ceiling {
    tops: Vec<f32>,
    counts: Vec<u32>,
}

impl Ceiling {
    fn nothing(bands: usize) -> Self {
        Self { tops: vec![f32::MIN; bands], counts: vec![0; bands] }
    }

    fn see(&mut self, spectrum: &[f32]) {
        for ((top, count), &x) in self.tops.iter_mut().zip(&mut self.counts).zip(spectrum) {
            let above = x > *top;
            let same = u32::from(x == *top);
            *count = if above { 1 } else { *count + same };
            *top = if above { x } else { *top };
        }
    }

    fn merge(mut self, other: &Self) -> Self {
        for (k, (&top, &count)) in other.tops.iter().zip(&other.counts).enumerate() {
            if top > self.tops[k] {
                (self.tops[k], self.counts[k]) = (top, count);
            } else if top == self.tops[k] {
                self.counts[k] += count;
            }
        }
        self
    }
}

/// Looks at every pixel once; `window` is how many leading bands make the window.
pub(crate) fn survey(cube: &Cube, window: usize) -> Survey {
    let (p, width) = (cube.bands.len(), cube.samples * cube.bands.len());
    let lines: Vec<(Vec<f32>, Ceiling)> =
        cube.data.par_chunks(width * 16).map(|chunk| survey_chunk(chunk, p, window)).collect();
    let looked: Vec<f32> = lines.iter().flat_map(|(l, _)| l.iter().copied()).collect();
    let ceiling = lines.iter().map(|(_, c)| c).fold(Ceiling::nothing(p), Ceiling::merge);
    let mut survey =
        Survey { brightness: looked.clone(), used: vec![true; looked.len()], masks: Vec::new() };
    survey.drop_pixels(MaskReason::NoData, "a band is not a finite number".into(), |i| {
        !looked[i].is_finite()
    });
    survey.drop_saturated(cube, &ceiling);
    let median = survey.median_brightness();
    let floor = DARK * median;
    survey.drop_pixels(
        MaskReason::Dark,
        format!("mean radiance below {floor:.4} (a twentieth of the median)"),
        |i| !(looked[i] > 0.0 && looked[i] >= floor),
    );
    survey.drop_dead_columns(cube.samples);
    survey
}

/// Mean over the window of every pixel, NaN when any band is not finite.
fn survey_chunk(chunk: &[f32], p: usize, window: usize) -> (Vec<f32>, Ceiling) {
    let mut ceiling = Ceiling::nothing(p);
    let looked = chunk
        .chunks_exact(p)
        .map(|spectrum| {
            ceiling.see(spectrum);
            let mean = lane_sum(&spectrum[..window]) / window as f32;
            if (mean + lane_sum(&spectrum[window..])).is_finite() { mean } else { f32::NAN }
        })
        .collect();
    (looked, ceiling)
}

/// Sum in eight lanes: fixed order, wide arithmetic.
fn lane_sum(values: &[f32]) -> f32 {
    let mut lanes = [0.0_f32; 8];
    let eights = values.chunks_exact(8);
    let tail: f32 = eights.remainder().iter().sum();
    for eight in eights {
        for (lane, x) in lanes.iter_mut().zip(eight) {
            *lane += x;
        }
    }
    lanes.iter().sum::<f32>() + tail
}

impl Survey {
    /// Leaves out the pixels still in use for which `bad` holds.
    fn drop_pixels(&mut self, reason: MaskReason, criterion: String, bad: impl Fn(usize) -> bool) {
        let mut pixels = 0;
        for (i, used) in self.used.iter_mut().enumerate() {
            if *used && bad(i) {
                *used = false;
                pixels += 1;
            }
        }
        if pixels > 0 {
            self.masks.push(Mask { reason, criterion, columns: Vec::new(), pixels });
        }
    }

    /// Leaves out whole columns.
    fn drop_columns(
        &mut self,
        reason: MaskReason,
        criterion: String,
        columns: Vec<u32>,
        samples: usize,
    ) {
        if columns.is_empty() {
            return;
        }
        for row in self.used.chunks_exact_mut(samples) {
            for &c in &columns {
                row[c as usize] = false;
            }
        }
        let pixels = columns.len() * (self.used.len() / samples);
        self.masks.push(Mask { reason, criterion, columns, pixels });
    }

    fn drop_saturated(&mut self, cube: &Cube, ceiling: &Ceiling) {
        let p = cube.bands.len();
        let enough = CEILING_PIXELS.max((CEILING_SHARE * self.used.len() as f64) as usize);
        let tops: Vec<(usize, f32)> = (0..p)
            .filter(|&b| ceiling.counts[b] as usize >= enough && ceiling.tops[b] > 0.0)
            .map(|b| (b, ceiling.tops[b]))
            .collect();
        if tops.is_empty() {
            return;
        }
        let criterion = format!(
            "a band at its ceiling (at least {enough} pixels share the very value; first: {:.4} at {:.1} nm)",
            tops[0].1, cube.bands[tops[0].0].center.0
        );
        self.drop_pixels(MaskReason::Saturated, criterion, |i| {
            tops.iter().any(|&(b, top)| cube.data[i * p + b] >= top)
        });
    }

    fn median_brightness(&self) -> f32 {
        let mut seen: Vec<f32> =
            self.brightness.iter().zip(&self.used).filter(|(_, u)| **u).map(|(b, _)| *b).collect();
        median(&mut seen).unwrap_or(0.0)
    }

    fn drop_dead_columns(&mut self, samples: usize) {
        let medians: Vec<Option<f32>> =
            (0..samples).map(|c| self.column_median(c, samples)).collect();
        let dead: Vec<u32> = (0..samples)
            .filter(|&c| match (medians[c], neighbours_median(&medians, c)) {
                (None, _) => true,
                (Some(own), Some(other)) => own < 0.1 * other,
                (Some(_), None) => false,
            })
            .map(|c| c as u32)
            .collect();
        let criterion = "fewer than half of the column's pixels usable, or its median radiance below a tenth of its neighbours'";
        self.drop_columns(MaskReason::DeadColumn, criterion.into(), dead, samples);
    }

    /// Median brightness of a column, when at least half of it is in use.
    fn column_median(&self, column: usize, samples: usize) -> Option<f32> {
        let at = (column..self.used.len()).step_by(samples);
        let mut seen: Vec<f32> =
            at.clone().filter(|&i| self.used[i]).map(|i| self.brightness[i]).collect();
        if 2 * seen.len() < at.len() {
            return None;
        }
        median(&mut seen)
    }

    /// Leaves out flares and clouds among pixels much brighter than the scene.
    pub(crate) fn drop_bright(&mut self, cube: &Cube, sums: &[Sums], window: usize) {
        let p = cube.bands.len();
        let median = self.median_brightness();
        let shape = |i: usize| {
            let sums = &sums[i % cube.samples];
            (!sums.unit.is_empty())
                .then(|| Shape::of(&cube.data[i * p..i * p + window], &sums.unit))
        };
        let bright = self.brightness.clone();
        self.drop_pixels(
            MaskReason::Flare,
            format!("mean radiance above {:.4} (twice the median) and three times redder than the column", 2.0 * median),
            |i| bright[i] > 2.0 * median && shape(i).is_some_and(|s| s.redness > 3.0),
        );
        self.drop_pixels(
            MaskReason::Cloud,
            format!(
                "mean radiance above {:.4} (four times the median) and flat within a tenth",
                4.0 * median
            ),
            |i| bright[i] > 4.0 * median && shape(i).is_some_and(|s| s.unevenness < 0.1),
        );
    }

    /// Leaves out columns whose spectra are far rougher than their neighbours'.
    pub(crate) fn drop_noisy_columns(&mut self, sums: &[Sums]) {
        let rough: Vec<Option<f32>> = sums.iter().map(roughness).collect();
        let noisy: Vec<u32> = (0..rough.len())
            .filter(|&c| {
                let other = neighbours_median(&rough, c);
                rough[c].zip(other).is_some_and(|(own, other)| own > 3.0 * other)
            })
            .map(|c| c as u32)
            .collect();
        let criterion =
            "band-to-band scatter above three times the median of the 30 columns around";
        self.drop_columns(MaskReason::NoisyColumn, criterion.into(), noisy, sums.len());
    }
}

/// The shape of a spectrum against the mean of its column.
struct Shape {
    /// Relative radiance at the long end over the short end.
    redness: f32,
    /// Range of relative radiance over eight parts of the window, over its mean.
    unevenness: f32,
}

impl Shape {
    fn of(spectrum: &[f32], mean: &[f32]) -> Self {
        let relative: Vec<f32> = spectrum.iter().zip(mean).map(|(x, m)| x / m).collect();
        let parts: Vec<f32> = relative
            .chunks(relative.len().div_ceil(8))
            .map(|part| part.iter().sum::<f32>() / part.len() as f32)
            .collect();
        let (low, high) =
            parts.iter().fold((f32::MAX, f32::MIN), |(l, h), x| (l.min(*x), h.max(*x)));
        let middle = parts.iter().sum::<f32>() / parts.len() as f32;
        Self { redness: parts[parts.len() - 1] / parts[0], unevenness: (high - low) / middle }
    }
}

/// Deviation of the second difference along the bands, averaged over them, from a column's sums.
fn roughness(sums: &Sums) -> Option<f32> {
    let p = sums.unit.len();
    if sums.n < 2 || p < 3 {
        return None;
    }
    let n = sums.n as f64;
    let cov = |a: usize, b: usize| {
        sums.outer[a.max(b) * p + a.min(b)] / n - sums.sum[a] * sums.sum[b] / (n * n)
    };
    let mut terms: Vec<f32> = (1..p - 1)
        .map(|b| {
            let (l, r) = (b - 1, b + 1);
            let v = cov(l, l) + 4.0 * cov(b, b) + cov(r, r) - 4.0 * cov(l, b) - 4.0 * cov(b, r)
                + 2.0 * cov(l, r);
            v.max(0.0).sqrt() as f32
        })
        .collect();
    median(&mut terms)
}

/// Median of the fifteen values on either side, without the own.
fn neighbours_median(values: &[Option<f32>], at: usize) -> Option<f32> {
    let range = at.saturating_sub(15)..(at + 16).min(values.len());
    let mut around: Vec<f32> = range.filter(|&i| i != at).filter_map(|i| values[i]).collect();
    median(&mut around)
}

/// The middle value; of two, the upper.
pub(crate) fn median(values: &mut [f32]) -> Option<f32> {
    let middle = values.len() / 2;
    (!values.is_empty()).then(|| *values.select_nth_unstable_by(middle, f32::total_cmp).1)
}

#[cfg(test)]
mod tests;
