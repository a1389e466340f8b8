//! How many readings err together, so that each counts for its share only.
//!
//! ```text
//! κ_s = (1 + 2 Σ_lag ρ_s(lag)) (1 + Σ_s' ρ_ss')
//! ```
//!
//! `ρ_s(lag)` is the correlation of what a fit leaves of a sensor's readings, in deviations, up to where it
//! first fails to be positive; `ρ_ss'` that of two sensors at the same moment, which is half of the usual time
//! between readings: beams that look through one plume share its whims. Both count from where noise alone would not show as much.

use super::readings::Readings;

/// Fewer pairs tell nothing.
const LEAST_PAIRS: usize = 12;
/// What is left counts no further than this, in deviations.
const CLIP: f64 = 4.0;

/// κ of every run of readings.
pub(super) fn together(readings: &Readings, z: &[f64]) -> Vec<f64> {
    let z: Vec<f64> = z.iter().map(|z| z.clamp(-CLIP, CLIP)).collect();
    let runs = &readings.runs;
    let one = |k: usize| {
        let others = (0..runs.len()).filter(|&j| j != k);
        let alongside: f64 = others.map(|j| at_once(readings, &z, [k, j])).sum();
        in_a_row(&z[runs[k].clone()]) * (1.0 + alongside)
    };
    (0..runs.len()).map(one).collect()
}

fn in_a_row(z: &[f64]) -> f64 {
    let square: f64 = z.iter().map(|z| z * z).sum();
    let correlation =
        |lag: usize| z[lag..].iter().zip(z).map(|(a, b)| a * b).sum::<f64>() / square.max(1e-12);
    let most = (z.len() / 4).min(60);
    let least = noise_of(z.len());
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
    if pairs >= LEAST_PAIRS && correlation > noise_of(pairs) { correlation } else { 0.0 }
}

/// What noise alone shows of correlation.
fn noise_of(count: usize) -> f64 {
    1.0 / (count as f64).sqrt()
}

#[cfg(test)]
mod tests;
