//! Whether a source foretells readings that it was not fitted to.
//!
//! The record is cut into stretches of time. Each in turn is kept back while rates and background are
//! fitted to the rest, once with and once without the source, places as they are; the source is worth
//! naming when the readings kept back are, on the whole, nearer to what the first fit foretells.

use super::model::{Column, Model, Pilot, State};
use crate::linear::{backward, cholesky, forward};

/// Stretches of time.
const STRETCHES: usize = 8;

/// Source by source, whether it foretells: whether the misfit of readings kept back falls by it.
pub(super) fn foretell(model: &Model, state: &State, places: &[[f64; 3]]) -> Vec<bool> {
    let columns: Vec<Column> = places.iter().map(|&p| model.column(p, &state.scales)).collect();
    let all: Vec<&Column> = columns.iter().collect();
    let mut gains = vec![0.0; places.len()];
    for stretch in 0..STRETCHES {
        let Some((fewer, held)) = kept_back(model, state, stretch) else { continue };
        let whole = misfit(model, &fewer, &all, &held);
        for (k, gain) in gains.iter_mut().enumerate() {
            let mut others = all.clone();
            others.remove(k);
            *gain += misfit(model, &fewer, &others, &held) - whole;
        }
    }
    gains.into_iter().map(|gain| gain > 0.0).collect()
}

/// The model without a stretch, and which readings that is.
fn kept_back(model: &Model, state: &State, stretch: usize) -> Option<(Model, Vec<usize>)> {
    let (start, _) = model.readings.ends();
    let length = model.readings.duration() / STRETCHES as f64 * (1.0 + 1e-9);
    let within = |&i: &usize| ((model.readings.times[i] - start) / length) as usize == stretch;
    let held: Vec<usize> = (0..model.readings.len()).filter(within).collect();
    let mut weights = model.pilot.weights.clone();
    for &i in &held {
        weights[i] = 0.0;
    }
    let factor = model.basis.factor(&weights, state.loose())?;
    Some((Model { pilot: Pilot { weights, factor }, ..model.clone() }, held))
}

/// Misfit of the readings kept back, Σ ln(1 + w e²): one stretch that a rate from elsewhere overshoots must not
/// decide for all.
fn misfit(model: &Model, fewer: &Model, columns: &[&Column], held: &[usize]) -> f64 {
    let k = columns.len();
    let cleaned: Vec<Vec<f64>> = columns.iter().map(|c| fewer.cleaned(&c.mean)).collect();
    let mut h: Vec<f64> = Vec::with_capacity(k * k);
    for column in columns {
        h.extend(cleaned.iter().map(|c| fewer.inner(&column.mean, c)));
    }
    // Far below what any reading says of a rate that it can see.
    (0..k).for_each(|i| h[i * k + i] = h[i * k + i].mul_add(1.0 + 1e-6, 1e-9));
    let values = fewer.cleaned(&fewer.readings.values);
    let mut rates: Vec<f64> = columns.iter().map(|c| fewer.inner(&c.mean, &values)).collect();
    if cholesky(&mut h, k).is_none() {
        return 0.0;
    }
    forward(&h, &mut rates);
    backward(&h, &mut rates);
    let mut rest = model.readings.values.clone();
    for (column, rate) in columns.iter().zip(&rates) {
        rest.iter_mut().zip(&column.mean).for_each(|(r, c)| *r -= rate.max(0.0) * c);
    }
    let rest = fewer.cleaned(&rest);
    held.iter().map(|&i| (model.pilot.weights[i] * rest[i] * rest[i]).ln_1p()).sum()
}
