//! A quick fit, source after source, before anything is drawn.
//!
//! Noise comes from the differences of neighbouring readings, the background from a fit that
//! distrusts what sticks out above it. Then the place with the best score gets a source, all sources
//! are fitted together by Levenberg–Marquardt under fixed weights, and so on until no place is worth
//! it. What the fit leaves says how large the model's own error is and how long it lasts.

use std::{ops::Range, sync::Arc};

use rand::RngExt;
use rand_distr::{Distribution, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;

use super::{
    Options,
    background::{Basis, Looseness},
    dictionary::Dictionary,
    fit::{chi2, refine},
    model::{
        DISCREPANCY, DRIFT, Model, NOISE, NU, OWN_DRIFT, Pilot, Prior, Room, State, of_plumes,
    },
    plume::Pack,
    readings::{MOMENT, Readings, fours, median},
    seen::Seen,
    together::{count, together},
    wander::Wander,
};

/// By how much χ² has to fall for one more source.
const WORTH: f64 = 25.0;
/// Places tried for each.
const TRIED: usize = 5;
/// Relative error of the model before it is known.
const FIRST_DISCREPANCY: f64 = 0.3;
/// ln of the factor by which each further source is less probable.
const LN_MORE: f64 = -1.6;
/// By what share of its level the air's own gas usually drifts over a record, and how many times that
/// it may: what drifts more is gas of a source.
const USUAL_DRIFT: f64 = 0.01;
const MOST_DRIFT: f64 = 8.0;
/// By what share of how far sensors disagree each drifts by itself.
const USUAL_OWN: f64 = 0.3;
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
    let (basis, packs) = (Basis::new(&readings), packs(&readings));
    let wander = Wander::new(&readings, NOISE + noise.len());
    let mut prior = prior(&readings, &noise, room, options);
    prior.scales.extend(wander.range().map(|_| (0.0, wander.std)));
    let scales: Vec<f64> = prior.scales.iter().map(|s| s.0).collect();
    let counts = vec![1.0; readings.len()];
    let (middle, downwind) = (readings.middle(), readings.downwind());
    let mut model = Model {
        middle,
        downwind,
        readings,
        basis,
        packs,
        wander,
        prior,
        half_width: options.source_half_width.0,
        lid: options.lid.map(|l| l.0),
        counts,
        pilot: Pilot::default(),
    };
    let mut state = empty(&model, scales);
    first_weights(&mut model, &mut state);
    let mut dictionary = Dictionary::new(&model, &state.scales);
    greedy(&model, &dictionary, &mut state);
    let beside = from_beside(&model, &state);
    second_weights(&mut model, &mut state);
    dictionary = Dictionary::new(&model, &state.scales);
    greedy(&model, &dictionary, &mut state);
    second_weights(&mut model, &mut state);
    dictionary = Dictionary::new(&model, &state.scales);
    model.prior.ln_rate.0 = typical_rate(&model, &dictionary, options).ln();
    state.total = Arc::new(model.total(&state.sources));
    model.weigh(&mut state);
    Start { model, dictionary, state, beside }
}

fn packs(readings: &Readings) -> Vec<Pack> {
    let pack =
        |some: Range<usize>| Pack::new(&readings.flows[some.clone()], &readings.sights[some]);
    readings.runs.iter().flat_map(fours).map(pack).collect()
}

fn empty(model: &Model, scales: Vec<f64>) -> State {
    let background = vec![0.0; model.basis.len()];
    State {
        sources: Vec::new(),
        scales,
        background,
        total: Arc::new(model.total(&[])),
        air: Arc::default(),
        ln_each: Arc::default(),
        ln_likelihood: 0.0,
        ln_prior: 0.0,
    }
}

/// A tenth of the differences of neighbours is smaller than this times √2: plumes, drift and
/// outliers hardly reach that tenth.
fn noise(values: &[f64]) -> f64 {
    let mut steps: Vec<f64> = values.windows(2).map(|w| (w[1] - w[0]).abs()).collect();
    steps.sort_by(f64::total_cmp);
    let tenth = steps.get(steps.len() / 10).map_or(0.0, |s| s / (0.1257 * 2.0_f64.sqrt()));
    // Readings that repeat are rounded: a twentieth of a usual step is the least.
    let rounded = steps.iter().find(|s| **s > 0.0).map_or(1e-3, |s| 0.3 * s);
    tenth.max(rounded).max(1e-6)
}

/// What sensors read when they read little: the level of the air, and by how much they disagree on it.
fn ambient(readings: &Readings) -> (f64, f64) {
    let low = |run: &std::ops::Range<usize>| {
        let mut sorted = readings.values[run.clone()].to_vec();
        sorted.sort_by(f64::total_cmp);
        sorted[sorted.len() / 10]
    };
    let lows: Vec<f64> = readings.runs.iter().map(low).collect();
    let level = median(lows.clone());
    let apart = lows.iter().map(|l| (l - level).abs()).collect();
    ((level + readings.level).abs(), median(apart))
}

fn prior(readings: &Readings, noise: &[f64], room: Room, options: &Options) -> Prior {
    let (level, apart) = ambient(readings);
    let least = noise.iter().copied().fold(f64::INFINITY, f64::min);
    let drift = (USUAL_DRIFT * level).max(0.1 * least);
    let offset = apart.max(least);
    // The plume of the moment is narrower than the one that turbulence over minutes tells of.
    let across = if readings.interval() < MOMENT { (-0.4, 0.4) } else { (-0.1, 0.2) };
    let mut scales = vec![
        (0.0, 4.0_f64.to_radians()),
        across,
        (-0.1, 0.3),
        (0.2_f64.ln(), 1.0),
        (drift.ln(), 0.8),
        (offset.ln(), 0.8),
        ((USUAL_OWN * offset).ln(), 1.0),
    ];
    // Sensors of one kind are alike, and gas in puffs passes for noise.
    let usual = median(noise.to_vec());
    scales.extend(noise.iter().map(|s| (s.min(usual).ln(), 0.7)));
    let seen = options.plumes.iter().map(Seen::new).collect();
    Prior {
        room,
        most: options.most_sources,
        ln_more: LN_MORE,
        ln_rate: (0.0, RATE_STD),
        scales,
        ln_most_drift: (MOST_DRIFT * drift).ln(),
        seen,
    }
}

/// Fits the background alone, distrusting what lies above it.
fn first_weights(model: &mut Model, state: &mut State) {
    let loose = state.loose();
    let values = model.readings.values.clone();
    let nothing = model.total(&[]);
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
    /// A state drawn from what is believed before anything is read; the background is fitted to it.
    pub(super) fn believed(&self, dice: &mut Xoshiro256PlusPlus) -> State {
        let prior = &self.model.prior;
        let mut state = self.state.clone();
        let mut count = 0;
        while count < prior.most && dice.random::<f64>().ln() < prior.ln_more {
            count += 1;
        }
        for (scale, &(mean, std)) in state.scales.iter_mut().zip(&prior.scales) {
            *scale = mean + std * normal(dice);
        }
        for drift in [DRIFT, OWN_DRIFT] {
            state.scales[drift] = state.scales[drift].min(prior.ln_most_drift);
        }
        let source = |dice: &mut Xoshiro256PlusPlus| {
            let room = &prior.room;
            let place = std::array::from_fn(|k| room.low[k] + room.size[k] * dice.random::<f64>());
            let ln_rate = prior.ln_rate.0 + prior.ln_rate.1 * normal(dice);
            self.model.emitter(place, ln_rate, &state.scales)
        };
        state.sources = (0..count).map(|_| source(dice)).collect();
        self.model.settle(&mut state);
        state
    }

    /// The same with errors, and proposals, as states that were cooled have found them.
    pub(super) fn better(mut self, states: &[State]) -> Self {
        let model = &mut self.model;
        // By likelihood alone: what a source too few leaves would pass for errors that last.
        let best =
            states.iter().max_by(|a, b| a.ln_likelihood.total_cmp(&b.ln_likelihood)).cloned();
        let Some(mut best) = best else { return self };
        best.sources.iter_mut().for_each(|s| s.column = Arc::new(s.column.anew()));
        let variances = model.variances(&best.total, &best.scales);
        let residual = model.residual(&best.total, &best.background);
        learn_errors(model, &best, &residual, &variances);
        self.dictionary = Dictionary::new(model, &best.scales);
        self.state = best;
        self
    }
}

fn normal(dice: &mut Xoshiro256PlusPlus) -> f64 {
    StandardNormal.sample(dice)
}

/// Whether sources beside the room alone explain the readings better than those in it, under
/// weights that know of neither.
fn from_beside(model: &Model, inside: &State) -> bool {
    let mut wide = model.clone();
    let room = &mut wide.prior.room;
    for k in 0..2 {
        room.low[k] -= 2.0 * room.size[k];
        room.size[k] *= 5.0;
    }
    let mut outside = State { sources: Vec::new(), ..inside.clone() };
    let dictionary = Dictionary::new(&wide, &outside.scales);
    greedy(&wide, &dictionary, &mut outside);
    let sources = &outside.sources;
    if sources.is_empty() || sources.iter().any(|s| model.prior.room.holds(s.place)) {
        return false;
    }
    let (within, beside) = (chi2(model, &inside.sources), chi2(model, sources));
    within - beside > WORTH
}

/// How long errors last, and weights to match.
fn learn_errors(model: &mut Model, state: &State, residual: &[f64], variances: &[f64]) {
    let z: Vec<f64> = residual.iter().zip(variances).map(|(e, v)| e / v.sqrt()).collect();
    let own = of_plumes(&state.total, &state.scales);
    let shares: Vec<f64> = own.iter().zip(variances).map(|(own, v)| own / v).collect();
    let together = together(&model.readings, &z, &shares);
    let counts = model.readings.sights.iter().zip(together).map(|(sight, k)| count(sight, k));
    model.counts = counts.collect();
    let student = |(v, e): (&f64, &f64)| (NU + 1.0) / (NU * v + e * e);
    let mut weights: Vec<f64> = variances.iter().zip(residual).map(student).collect();
    weights.iter_mut().zip(&model.counts).for_each(|(w, counts)| *w *= counts);
    set_pilot(model, weights, state.loose());
}

/// Adds sources while one is worth it, then drops those that are not.
fn greedy(model: &Model, dictionary: &Dictionary, state: &mut State) {
    let mut now = refine(model, state);
    while state.sources.len() < model.prior.most {
        let cleaned = model.cleaned(&model.without(&model.total(&state.sources)));
        let cells = dictionary.best(&cleaned, TRIED);
        if cells.is_empty() {
            break;
        }
        let fitted = |(cell, rate): (usize, f64)| {
            let mut tried = state.clone();
            let place = dictionary.middle(cell);
            tried.sources.push(model.emitter(place, rate.ln(), &state.scales));
            (refine(model, &mut tried), tried)
        };
        let tried: Vec<(f64, State)> = cells.into_par_iter().map(fitted).collect();
        let best = tried.into_iter().min_by(|a, b| a.0.total_cmp(&b.0));
        let Some((next, better)) = best else { break };
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
        let ln = model.ln_likelihood(&total, &scales, &model.basis.values(&background));
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

/// What a source here may emit: the lower quartile of what places that explain the readings half as well
/// as the best would have to. Places at the edge of a plume ask for any rate, and are no guide.
fn typical_rate(model: &Model, dictionary: &Dictionary, options: &Options) -> f64 {
    if let Some(rate) = options.typical_rate {
        return rate.0;
    }
    let scores = dictionary.scores(&model.cleaned(&model.readings.values));
    let best = scores.iter().map(|s| s.0).fold(0.0, f64::max);
    let mut rates: Vec<f64> =
        scores.iter().filter(|s| s.0 > 0.0 && s.0 >= 0.5 * best).map(|s| s.1).collect();
    rates.sort_by(f64::total_cmp);
    rates.get(rates.len() / 4).copied().unwrap_or_else(|| dictionary.noticeable())
}
