//! How many readings err together, so that each counts for its share only.
//!
//! ```text
//! κ = max(1, min(1, z²) (1 + 2 Σ ρ(lag)) (1 + Σ ρ′)),     κ_i = (1 − g_i) κ(air) + g_i κ(plumes)
//! ```
//!
//! of each sensor, once of the air, whose errors are mostly noise, and once of plumes, whose errors last as
//! long as a crossing does. g is the share of a reading's variance that is of plumes; z counts by g for the one
//! and by 1 − g for the other, and z² is its mean by these weights: errors smaller than allowed for do less harm.
//! ρ is the correlation of what a fit leaves of its readings, in deviations, with the same
//! some readings later, up to where it first fails to be positive; ρ′ that with another sensor at the same
//! moment, which is half of the usual time between readings: beams that look through one plume share its
//! whims. Both count from where noise alone would not show as much.
//!
//! A fit follows what readings err by together, so that what it leaves shows too little of it: readings count for
//! 1/1.7 of that, those of beams, which all look through one plume, for 1/2.5. Both were chosen on simulated sites that are not
//! scored, so that nine in ten ellipses hold their sources there (Syring & Martin's calibration, once and for all).
//!
//! Syring & Martin (2019), Biometrika 106, 479.

use std::ops::Range;

use super::{plume::Sight, readings::Readings};

/// Fewer pairs tell nothing.
const LEAST_PAIRS: usize = 12;
/// κ over what is left shows of it, of points and of beams.
const UNSEEN: (f64, f64) = (1.7, 2.5);
/// What is left counts no further than this, in deviations.
const CLIP: f64 = 4.0;

/// κ of every reading, by the share of its variance that is of plumes.
pub(super) fn together(readings: &Readings, z: &[f64], shares: &[f64]) -> Vec<f64> {
    let z: Vec<f64> = z.iter().map(|z| z.clamp(-CLIP, CLIP)).collect();
    let of = |part: &dyn Fn(f64) -> f64| -> Vec<f64> {
        let parts: Vec<f64> = shares.iter().map(|&share| part(share)).collect();
        let z: Vec<f64> = z.iter().zip(&parts).map(|(z, part)| z * part).collect();
        let run = |(k, run): (usize, &Range<usize>)| {
            let squares = |v: &[f64]| v[run.clone()].iter().map(|x| x * x).sum::<f64>();
            let strength = squares(&z) / squares(&parts).max(1e-12);
            (strength.min(1.0) * of_run(readings, &z, k)).max(1.0)
        };
        readings.runs.iter().enumerate().map(run).collect()
    };
    let (of_plumes, of_air) = (of(&|share| share), of(&|share| 1.0 - share));
    let mut all = vec![0.0; z.len()];
    for (k, run) in readings.runs.iter().enumerate() {
        for i in run.clone() {
            all[i] = of_air[k] + shares[i] * (of_plumes[k] - of_air[k]);
        }
    }
    all
}

/// For how much a reading counts: 1/κ.
pub(super) fn count(sight: &Sight, together: f64) -> f64 {
    let unseen = if sight.reach.is_some() { UNSEEN.1 } else { UNSEEN.0 };
    1.0 / (unseen * together)
}

fn of_run(readings: &Readings, z: &[f64], k: usize) -> f64 {
    let others = (0..readings.runs.len()).filter(|&j| j != k);
    let alongside: f64 = others.map(|j| at_once(readings, z, [k, j])).sum();
    in_a_row(&z[readings.runs[k].clone()]) * (1.0 + alongside)
}

fn in_a_row(z: &[f64]) -> f64 {
    let square: f64 = z.iter().map(|z| z * z).sum();
    let correlation =
        |lag: usize| z[lag..].iter().zip(z).map(|(a, b)| a * b).sum::<f64>() / square.max(1e-12);
    let most = (z.len() / 4).min(60);
    let fourth: f64 = z.iter().map(|z| z.powi(4)).sum();
    // As many readings as these would say as much if all weighed the same, three being a normal's kurtosis.
    let least = noise_of((3.0 * square * square / fourth.max(1e-12)).min(z.len() as f64));
    1.0 + 2.0 * (1..=most).map(correlation).take_while(|&c| c > least).sum::<f64>()
}

/// Correlation of two runs at the same moments, when it is more than noise.
fn at_once(readings: &Readings, z: &[f64], [k, j]: [usize; 2]) -> f64 {
    let (mut sums, mut pairs) = ([0.0; 3], 0);
    let moment = 0.5 * readings.interval();
    let mut other = readings.runs[j].clone().peekable();
    for a in readings.runs[k].clone() {
        while other.next_if(|&b| readings.times[b] < readings.times[a] - moment).is_some() {}
        let Some(&b) = other.peek() else { break };
        if readings.times[b] <= readings.times[a] + moment {
            sums[0] += z[a] * z[b];
            sums[1] += z[a] * z[a];
            sums[2] += z[b] * z[b];
            pairs += 1;
        }
    }
    let correlation = sums[0] / (sums[1] * sums[2]).sqrt().max(1e-12);
    if pairs >= LEAST_PAIRS && correlation > noise_of(pairs as f64) { correlation } else { 0.0 }
}

/// What noise alone shows of correlation.
fn noise_of(count: f64) -> f64 {
    1.0 / count.max(1.0).sqrt()
}

#[cfg(test)]
mod tests;
