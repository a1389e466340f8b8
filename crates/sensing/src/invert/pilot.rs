//! Where chains start: a quick fit, source after source.
//!
//! Noise comes from the differences of neighbouring readings, the background from a fit that
//! distrusts what sticks out above it. Then the place with the best score gets a source, all sources
//! are fitted together by Levenberg–Marquardt under fixed weights, and so on until no place is worth
//! it. What the fit leaves says how large the model's own error is and how long it lasts.

use std::sync::Arc;

use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::{
    Options,
    background::{Basis, Looseness},
    dictionary::Dictionary,
    fit::{chi2, refine},
    meander::Blocks,
    model::{Column, DISCREPANCY, Model, NU, Pilot, Prior, Room, State},
    readings::Readings,
    seen::Seen,
};

/// By how much χ² has to fall for one more source.
const WORTH: f64 = 25.0;
/// By what share χ² has to fall for sources beside the room instead of in it.
const CLEARLY: f64 = 0.2;
/// Places tried for each.
const TRIED: usize = 5;
/// Relative error of the model before it is known.
const FIRST_DISCREPANCY: f64 = 0.3;
/// ln of the factor by which each further source is less probable.
const LN_MORE: f64 = -2.3;
/// Deviation of ln of the rate.
const RATE_STD: f64 = 1.5;

/// A model, its dictionary and a state to start from.
#[derive(Debug, Clone)]
pub(super) struct Start {
    pub(super) model: Model,
    pub(super) dictionary: Dictionary,
    pub(super) state: State,
    /// Whether the gas is rather from beside the room.
    pub(super) beside: bool,
}

pub(super) fn start(readings: Readings, room: Room, options: &Options) -> Start {
    let noise: Vec<f64> =
        readings.runs.iter().map(|run| noise(&readings.values[run.clone()])).collect();
    let (basis, blocks) = (Basis::new(&readings), Blocks::new(&readings));
    let prior = prior(&noise, room, options);
    let scales: Vec<f64> = prior.scales.iter().map(|s| s.0).collect();
    let together = vec![1.0; noise.len()];
    let middle = readings.middle();
    let mut model = Model {
        middle,
        readings,
        basis,
        blocks,
        prior,
        half_width: options.source_half_width.0,
        lid: options.lid.map(|l| l.0),
        together,
        pilot: Pilot::default(),
    };
    let mut state = empty(&model, scales);
    first_weights(&mut model, &mut state);
    let mut dictionary = Dictionary::new(&model, &state.air());
    greedy(&model, &dictionary, &mut state, None);
    let beside = from_beside(&model, &state);
    second_weights(&mut model, &mut state);
    dictionary = Dictionary::new(&model, &state.air());
    greedy(&model, &dictionary, &mut state, None);
    second_weights(&mut model, &mut state);
    dictionary = Dictionary::new(&model, &state.air());
    model.prior.ln_rate.0 = typical_rate(&state, &dictionary, options).ln();
    state.total = Arc::new(model.total(&state.sources));
    model.weigh(&mut state);
    Start { model, dictionary, state, beside }
}

fn empty(model: &Model, scales: Vec<f64>) -> State {
    let background = vec![0.0; model.basis.len()];
    State {
        sources: Vec::new(),
        scales,
        meander: vec![0.0; model.blocks.len()],
        background,
        total: Arc::new(model.total(&[])),
        ln_likelihood: 0.0,
        ln_prior: 0.0,
    }
}

/// A quarter of the differences of neighbours is smaller than this times √2: plumes, drift and
/// outliers hardly reach that quarter.
fn noise(values: &[f64]) -> f64 {
    let mut steps: Vec<f64> = values.windows(2).map(|w| (w[1] - w[0]).abs()).collect();
    steps.sort_by(f64::total_cmp);
    let quarter = steps.get(steps.len() / 4).map_or(0.0, |s| s / (0.3186 * 2.0_f64.sqrt()));
    // Readings that repeat are rounded: a twentieth of a usual step is the least.
    let rounded = steps.iter().find(|s| **s > 0.0).map_or(1e-3, |s| 0.3 * s);
    quarter.max(rounded).max(1e-6)
}

fn prior(noise: &[f64], room: Room, options: &Options) -> Prior {
    let mut sorted = noise.to_vec();
    sorted.sort_by(f64::total_cmp);
    let usual = sorted[sorted.len() / 2];
    let mut scales = vec![
        (0.0, 4.0_f64.to_radians()),
        (-0.15, 0.4),
        (-0.1, 0.35),
        (0.2_f64.ln(), 1.0),
        ((3.0 * usual).ln(), 1.2),
        (usual.ln(), 1.2),
        (3.0_f64.to_radians().ln(), 1.0),
    ];
    scales.extend(noise.iter().map(|s| (s.ln(), 0.7)));
    let seen = options.plumes.iter().map(Seen::new).collect();
    Prior {
        room,
        most: options.most_sources,
        ln_more: LN_MORE,
        ln_rate: (0.0, RATE_STD),
        scales,
        seen,
    }
}

/// Fits the background alone, distrusting what lies above it.
fn first_weights(model: &mut Model, state: &mut State) {
    let loose = state.loose();
    let values = model.readings.values.clone();
    let nothing = Column { mean: vec![0.0; values.len()], swing: vec![0.0; values.len()] };
    let variances = model.variances(&nothing, &state.scales);
    let mut weights: Vec<f64> = variances.iter().map(|v| v.recip()).collect();
    for _ in 0..15 {
        let Some(b) = model.basis.given(&values, &weights, loose, None) else { break };
        let residual = model.residual(&nothing, &b);
        for ((w, e), v) in weights.iter_mut().zip(&residual).zip(&variances) {
            let z2 = e * e / v;
            *w = if *e > 0.0 { 1.0 / (1.0 + z2).powi(2) } else { 1.0 / (1.0 + z2 / NU) } / v;
        }
        state.background = b;
    }
    let residual = model.residual(&nothing, &state.background);
    let above: Vec<f64> = residual.iter().zip(&variances).map(|(e, v)| e / v.sqrt()).collect();
    model.blocks.meet(&model.readings, &above);
    let weights = residual
        .iter()
        .zip(&variances)
        .map(|(e, v)| (v + (FIRST_DISCREPANCY * e.max(0.0)).powi(2)).recip());
    set_pilot(model, weights.collect(), loose);
}

fn set_pilot(model: &mut Model, weights: Vec<f64>, loose: Looseness) {
    if let Some(factor) = model.basis.factor(&weights, loose) {
        model.pilot = Pilot { weights, factor };
    }
}

impl Start {
    /// Another state to start from: the first as it is, others found anew by drawing.
    pub(super) fn another(&self, n: usize, seed: u64) -> State {
        let mut state = self.state.clone();
        if n > 0 {
            state.sources.clear();
            let mut dice = Xoshiro256PlusPlus::seed_from_u64(seed ^ (n as u64) << 32);
            greedy(&self.model, &self.dictionary, &mut state, Some(&mut dice));
        }
        state
    }

    /// The same with errors, and proposals, as chains that warmed up have found them.
    pub(super) fn better(mut self, states: &[State]) -> Self {
        let model = &mut self.model;
        // By likelihood alone: what a source too few leaves would pass for errors that last.
        let best = states.iter().max_by(|a, b| a.ln_likelihood.total_cmp(&b.ln_likelihood));
        let Some(best) = best else { return self };
        let variances = model.variances(&best.total, &best.scales);
        let residual = model.residual(&best.total, &best.background);
        learn_errors(model, best, &residual, &variances);
        self.dictionary = Dictionary::new(model, &best.air());
        self.state = best.clone();
        self
    }
}

/// Whether sources beside the room alone explain the readings clearly better than those in it, under
/// weights that know of neither.
fn from_beside(model: &Model, inside: &State) -> bool {
    let mut wide = model.clone();
    let room = &mut wide.prior.room;
    for k in 0..2 {
        room.low[k] -= room.size[k];
        room.size[k] *= 3.0;
    }
    let mut outside = State { sources: Vec::new(), ..inside.clone() };
    let dictionary = Dictionary::new(&wide, &outside.air());
    greedy(&wide, &dictionary, &mut outside, None);
    let sources = &outside.sources;
    if sources.is_empty() || sources.iter().any(|s| model.prior.room.holds(s.place)) {
        return false;
    }
    let (within, beside) = (chi2(model, &inside.sources), chi2(model, sources));
    within - beside > WORTH.max(CLEARLY * within)
}

/// How long errors last, and weights to match.
fn learn_errors(model: &mut Model, state: &State, residual: &[f64], variances: &[f64]) {
    let z: Vec<f64> = residual.iter().zip(variances).map(|(e, v)| e / v.sqrt()).collect();
    model.together = model.readings.runs.iter().map(|run| together(&z[run.clone()])).collect();
    let student = |(v, e): (&f64, &f64)| (NU + 1.0) / (NU * v + e * e);
    let mut weights: Vec<f64> = variances.iter().zip(residual).map(student).collect();
    for (run, together) in model.readings.runs.iter().zip(&model.together) {
        weights[run.clone()].iter_mut().for_each(|w| *w /= together);
    }
    set_pilot(model, weights, state.loose());
}

/// Adds sources while one is worth it, then drops those that are not. With dice, the place of each
/// is drawn among the good ones instead of being the best.
fn greedy(
    model: &Model,
    dictionary: &Dictionary,
    state: &mut State,
    mut dice: Option<&mut Xoshiro256PlusPlus>,
) {
    let mut now = refine(model, state);
    while state.sources.len() < model.prior.most {
        let cleaned = model.cleaned(&model.without(&model.total(&state.sources)));
        let mut cells = dictionary.best(&cleaned, TRIED);
        if cells.is_empty() {
            break;
        }
        if let Some(dice) = dice.as_deref_mut() {
            cells = vec![cells[dice.random_range(0..cells.len())]];
        }
        let tried = cells.into_iter().map(|(cell, rate)| {
            let mut tried = state.clone();
            let place = dictionary.middle(cell);
            tried.sources.push(model.emitter(place, rate.ln(), &state.air()));
            (refine(model, &mut tried), tried)
        });
        let Some((next, better)) = tried.min_by(|a, b| a.0.total_cmp(&b.0)) else { break };
        if now - next < WORTH {
            break;
        }
        (now, *state) = (next, better);
    }
    prune(model, state, now);
}

/// Drops sources that the others can stand in for.
fn prune(model: &Model, state: &mut State, mut now: f64) {
    let mut k = 0;
    while k < state.sources.len() {
        let mut fewer = state.clone();
        fewer.sources.remove(k);
        let chi2 = refine(model, &mut fewer);
        if chi2 - now < WORTH {
            (now, *state) = (chi2, fewer);
        } else {
            k += 1;
        }
    }
}

/// Weights from what the fit leaves.
fn second_weights(model: &mut Model, state: &mut State) {
    let loose = state.loose();
    let total = model.total(&state.sources);
    let without = model.without(&total);
    let steps = (-16..=4).map(|k| f64::from(k) * 0.25);
    let tried = steps.filter_map(|ln_r| {
        let mut scales = state.scales.clone();
        scales[DISCREPANCY] = ln_r;
        let variances = model.variances(&total, &scales);
        let background = robust(model, &without, &variances, loose)?;
        let residual = model.residual(&total, &background);
        let ln = model.ln_likelihood(&residual, &variances);
        Some((ln, scales, background, residual, variances))
    });
    let best = tried.max_by(|a, b| a.0.total_cmp(&b.0));
    let Some((_, scales, background, residual, variances)) = best else { return };
    (state.scales, state.background) = (scales, background);
    learn_errors(model, state, &residual, &variances);
}

/// Background under Student's errors.
fn robust(model: &Model, without: &[f64], variances: &[f64], loose: Looseness) -> Option<Vec<f64>> {
    let mut weights: Vec<f64> = variances.iter().map(|v| v.recip()).collect();
    let mut background = Vec::new();
    for _ in 0..6 {
        background = model.basis.given(without, &weights, loose, None)?;
        let air = model.basis.values(&background);
        for (i, w) in weights.iter_mut().enumerate() {
            *w = (NU + 1.0) / (NU * variances[i] + (without[i] - air[i]).powi(2));
        }
    }
    Some(background)
}

/// 1 + 2 Σ correlation of what the fit leaves, up to where it first fails to be positive.
fn together(z: &[f64]) -> f64 {
    let clipped: Vec<f64> = z.iter().map(|z| z.clamp(-4.0, 4.0)).collect();
    let square: f64 = clipped.iter().map(|z| z * z).sum();
    let correlation = |lag: usize| {
        clipped[lag..].iter().zip(&clipped).map(|(a, b)| a * b).sum::<f64>() / square.max(1e-12)
    };
    let most = (clipped.len() / 4).min(60);
    // Noise alone shows this much.
    let least = 1.0 / (clipped.len() as f64).sqrt();
    1.0 + 2.0 * (1..=most).map(correlation).take_while(|&c| c > least).sum::<f64>()
}

fn typical_rate(state: &State, dictionary: &Dictionary, options: &Options) -> f64 {
    let fitted: Vec<f64> = state.sources.iter().map(|s| s.ln_rate.exp()).collect();
    let largest = fitted.iter().copied().fold(0.0, f64::max);
    match options.typical_rate {
        Some(rate) => rate.0,
        None if largest > 0.0 => 0.5 * largest,
        None => dictionary.noticeable(),
    }
}
