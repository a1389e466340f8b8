//! When no source is named, and why.

use cathartes_core::{
    source::{Convergence, Declined, DensityMap, Fitted, Location, Source},
    trace::{SearchVolume, Trace},
};

use super::readings::Readings;

/// Fewer readings cannot tell background, place and rate apart.
const LEAST_READINGS: usize = 12;
/// Least share of readings in wind that carries gas somewhere.
const LEAST_WINDY: f64 = 0.2;

/// Readings that must stand out to be of something.
const LEAST_OUTSTANDING: usize = 4;

/// What is plain before anything is searched.
pub(super) fn before(readings: &Readings) -> Option<Declined> {
    let windy = readings.flows.iter().filter(|f| !f.calm).count();
    if readings.len() < LEAST_READINGS {
        Some(Declined::TooFewReadings)
    } else if (windy as f64) < LEAST_WINDY * readings.len() as f64 {
        Some(Declined::WeakWind)
    } else {
        None
    }
}

/// What the draws say. Readings that stand out of what is fitted, and no source that makes them, are
/// of something else, and so is gas whose source cannot be named.
pub(super) fn after(
    sources: &[Source],
    count_probability: &[f64],
    convergence: &Convergence,
    (readings, fitted): (&Readings, &[Fitted]),
) -> Option<Declined> {
    let above = |(i, &at): (usize, &usize)| {
        let value = readings.level + readings.values[i] - fitted[at].value.0;
        value > 5.0 * fitted[at].std.0
    };
    let outstanding = readings.order.iter().enumerate().filter(|&x| above(x)).count();
    let likely = count_probability.first().is_none_or(|none| *none < 0.5);
    if likely && !convergence.converged {
        Some(Declined::NotConverged)
    } else if !sources.is_empty() {
        None
    } else if likely || outstanding >= LEAST_OUTSTANDING.max(readings.len() / 200) {
        Some(Declined::NotFromHere)
    } else {
        Some(Declined::NoSignal)
    }
}

/// The answer when nothing was searched.
pub(super) fn nothing(trace: &Trace, volume: &SearchVolume, why: Declined) -> Location {
    Location {
        gas: trace.gas.clone(),
        sources: Vec::new(),
        declined: Some(why),
        count_probability: Vec::new(),
        convergence: Convergence { r_hat: 1.0, effective_draws: 0.0, converged: false },
        fit: Vec::new(),
        model_fits: false,
        fitted: Vec::new(),
        density: DensityMap { volume: *volume, columns: 0, rows: 0, sources_per_cell: Vec::new() },
        chains: Vec::new(),
        next_leg: None,
    }
}
