//! Sources fitted together under the pilot's weights: Levenberg–Marquardt, the background taken out.
//!
//! ```text
//! (Jᵀ W̃ J + λ diag + P) δ = Jᵀ W̃ e − P (θ − θ₀),     θ = east, north, up, ln rate of each source
//! ```
//!
//! P is the precision of the prior: weak, but it keeps what readings do not tell from running away.

use super::{
    column::Column,
    model::{Emitter, Model, State, TURN, UP},
};
use crate::linear::{backward, cholesky, forward};

/// Unknowns of a source.
pub(super) const OWN: usize = 4;
/// Steps of the differences, m.
const STEP: f64 = 0.05;

/// Derivatives of the readings by place and ln rate of one source.
pub(super) fn slopes(model: &Model, source: &Emitter, scales: &[f64]) -> Vec<Vec<f64>> {
    let rate = source.ln_rate.exp();
    let along = |k: usize| {
        let mut place = source.place;
        // Inwards, so that the upper face of the room has a slope too.
        let step = if place[k] + STEP > model.prior.room.low[k] + model.prior.room.size[k] {
            -STEP
        } else {
            STEP
        };
        place[k] += step;
        let moved: Column = model.column(place, scales);
        let slope = |(a, b): (&f64, &f64)| rate * (a - b) / step;
        moved.mean.iter().zip(&source.column.mean).map(slope).collect()
    };
    let mut all: Vec<Vec<f64>> = (0..3).map(along).collect();
    all.push(source.column.mean.iter().map(|c| rate * c).collect());
    all
}

/// Derivatives by what all sources share: turn, ln a, ln b.
pub(super) fn shared_slopes(model: &Model, state: &State) -> Vec<Vec<f64>> {
    const STEP: f64 = 0.01;
    let by = |which: usize| {
        let mut scales = state.scales.clone();
        scales[which] += STEP;
        let moved: Vec<Emitter> =
            state.sources.iter().map(|s| model.emitter(s.place, s.ln_rate, &scales)).collect();
        let total = model.total(&moved);
        total.mean.iter().zip(&state.total.mean).map(|(a, b)| (a - b) / STEP).collect()
    };
    (TURN..=UP).map(by).collect()
}

/// β Jᵀ W̃ J with the prior's precision, row by row.
pub(super) fn information(
    model: &Model,
    slopes: &[Vec<f64>],
    precisions: &[f64],
    heat: f64,
) -> Vec<f64> {
    let p = slopes.len();
    let mut all = vec![0.0; p * p];
    for (j, slope) in slopes.iter().enumerate() {
        let cleaned = model.cleaned(slope);
        for i in j..p {
            let sum = heat * model.inner(&slopes[i], &cleaned);
            (all[i * p + j], all[j * p + i]) = (sum, sum);
        }
        all[j * p + j] += precisions[j];
    }
    all
}

/// The same with the knots of the wander before: these may follow what the others do. The background gives way
/// to no knot.
pub(super) fn with_wander(
    model: &Model,
    slopes: &[Vec<f64>],
    turn: &[f64],
    rest: &[f64],
    heat: f64,
) -> Vec<f64> {
    let (knots, q) = (model.wander.hats.knots, slopes.len());
    let p = knots + q;
    let mut h = vec![0.0; p * p];
    let weights = || turn.iter().zip(&model.pilot.weights).map(|(s, w)| heat * w * s);
    model.wander.hats.add_squares(weights().zip(turn).map(|(w, s)| w * s), &mut h, p);
    let priors = &model.prior.scales[model.wander.range()];
    priors.iter().enumerate().for_each(|(j, prior)| h[j * p + j] += prior.1.powi(-2));
    for (i, slope) in slopes.iter().enumerate() {
        let row = &mut h[(knots + i) * p..][..p];
        let along = weights().zip(model.cleaned(slope)).map(|(w, c)| w * c);
        model.wander.hats.gather(along, &mut row[..knots]);
        row[knots..].copy_from_slice(&rest[i * q..(i + 1) * q]);
    }
    h
}

/// Of the prior of one source.
pub(super) fn precisions(model: &Model) -> [f64; OWN] {
    let [x, y, z] = model.prior.room.size.map(|s| 12.0 / (s * s));
    [x, y, z, model.prior.ln_rate.1.powi(-2)]
}

/// What is left of the readings, under the pilot's weights.
pub(super) fn chi2(model: &Model, sources: &[Emitter]) -> f64 {
    let residual = model.without(&model.total(sources));
    model.inner(&residual, &model.cleaned(&residual))
}

/// Moves all sources of a state to where they fit best, and gives χ² there.
pub(super) fn refine(model: &Model, state: &mut State) -> f64 {
    let (mut damping, mut best) = (1e-2, chi2(model, &state.sources));
    if state.sources.is_empty() {
        return best;
    }
    for _ in 0..25 {
        let Some(sources) = step(model, state, damping) else { break };
        let next = chi2(model, &sources);
        if next < best {
            let enough = best - next < 1e-3 * (1.0 + best.sqrt());
            state.sources = sources;
            best = next;
            damping *= 0.3;
            if enough {
                break;
            }
        } else {
            damping *= 10.0;
            if damping > 1e6 {
                break;
            }
        }
    }
    best
}

fn step(model: &Model, state: &State, damping: f64) -> Option<Vec<Emitter>> {
    let all: Vec<Vec<f64>> =
        state.sources.iter().flat_map(|s| slopes(model, s, &state.scales)).collect();
    let p = all.len();
    let precisions = precisions(model).repeat(state.sources.len());
    let mut h = information(model, &all, &precisions, 1.0);
    (0..p).for_each(|i| h[i * p + i] *= 1.0 + damping);
    let cleaned = model.cleaned(&model.without(&model.total(&state.sources)));
    let mut delta: Vec<f64> = all.iter().map(|s| model.inner(s, &cleaned)).collect();
    cholesky(&mut h, p)?;
    forward(&h, &mut delta);
    backward(&h, &mut delta);
    let room = &model.prior.room;
    let moved = state.sources.iter().zip(delta.chunks(OWN)).map(|(source, d)| {
        let place = std::array::from_fn(|k| {
            let reach = 0.25 * room.size[k];
            (source.place[k] + d[k].clamp(-reach, reach))
                .clamp(room.low[k], room.low[k] + room.size[k])
        });
        model.emitter(place, source.ln_rate + d[3].clamp(-1.5, 1.5), &state.scales)
    });
    Some(moved.collect())
}
