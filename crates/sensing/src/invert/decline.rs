//! When no source is named, and why.

use cathartes_core::{
    source::{Convergence, Declined, DensityMap, Location, Source},
    trace::{SearchVolume, Trace},
};

use super::readings::Readings;

/// Fewer readings cannot tell background, place and rate apart.
const LEAST_READINGS: usize = 12;
/// Least share of readings in wind that carries gas somewhere.
const LEAST_WINDY: f64 = 0.2;

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

/// What the draws say.
pub(super) fn after(sources: &[Source], convergence: &Convergence) -> Option<Declined> {
    if !convergence.converged {
        Some(Declined::NotConverged)
    } else if sources.is_empty() {
        Some(Declined::NoSignal)
    } else {
        None
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
