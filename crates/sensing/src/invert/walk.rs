//! One walker: a state that moves so that it is where the posterior is, as often as the posterior is
//! there (reversible-jump Metropolis–Hastings).
//!
//! ```text
//! target = prior × likelihood^β;     accepted with min(1, target'/target × back/forth)
//! ```
//!
//! | move | proposes |
//! |---|---|
//! | birth, death | a source where the residual asks for one (or anywhere), with the rate that fits; one less |
//! | jump, slide | a death and a birth at once; the same nearby |
//! | split, merge | two sources for one with the same centre and rate; the reverse |
//! | nearer | all sources up or down the wind, with the wander and the widths that make up for it |
//! | step | place and rate of one source, shaped by the information on the nearest one learnt from |
//! | step together | all places, rates, and what all plumes share |
//! | scales | wind turned, plume wider, sources going along or not; noise, discrepancy, drift |
//! | background | a draw of it, exact, by way of the weights λ that make Student's errors normal |
//!
//! Whenever sources change, the background changes by what the pilot says it would take up of the
//! change: a fixed linear map, hence without a Jacobian.
//!
//! Green (1995), Biometrika 82, 711.

use std::sync::Arc;

use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, Gamma, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::{
    fit::{OWN, information, precisions, shared_slopes, slopes, with_wander},
    model::{DISCREPANCY, Emitter, NU, Prior, State, TURN, UP},
    pilot::Start,
};
use crate::linear::{backward, cholesky};
use jump::Left;

mod jump;
mod others;
mod scales;
mod split;

/// Rounds of moves of sources in a sweep.
const ROUNDS: usize = 3;
/// Below this β everything moves easily, and one round will do.
pub(super) const HOT: f64 = 0.05;
/// Births or deaths in each: few are accepted, and the number of sources is the last to settle.
const BIRTHS: usize = 3;

/// What steps look like: where it was learnt, and the lower Cholesky factor of the information on
/// place and ln rate.
type Shape = ([f64; 3], Vec<f64>);

/// A state on the move.
#[derive(Debug, Clone)]
pub(super) struct Walker<'a> {
    pub(super) start: &'a Start,
    pub(super) state: State,
    /// β.
    pub(super) heat: f64,
    rng: Xoshiro256PlusPlus,
    /// Step of each scale, and of those that sources go along with.
    pub(super) steps: Vec<f64>,
    shapes: Vec<Shape>,
    /// The shape when none was learnt.
    round: Vec<f64>,
    /// Of all sources together and what they share, by their number.
    joint: Vec<Option<Arc<Vec<f64>>>>,
    /// Whether steps still learn.
    pub(super) learning: bool,
    /// What the sources last asked about leave, and what no source leaves.
    left: [Option<Arc<Left<'a>>>; 2],
    /// Readings times what their plumes and background ask for, of every round so far.
    pub(super) work: u64,
}

impl<'a> Walker<'a> {
    pub(super) fn new(start: &'a Start, state: State, heat: f64, seed: u64) -> Self {
        let steps = scales::first_steps(&start.model.prior);
        let rng = Xoshiro256PlusPlus::seed_from_u64(seed);
        let round = round(&start.model.prior);
        let (shapes, joint) = (Vec::new(), Vec::new());
        Self {
            start,
            state,
            heat,
            rng,
            steps,
            shapes,
            round,
            joint,
            learning: true,
            work: 0,
            left: [None, None],
        }
    }

    /// Every kind of move a few times.
    pub(super) fn sweep(&mut self) {
        let rounds = if self.heat < HOT { 1 } else { ROUNDS };
        for _ in 0..rounds {
            (0..BIRTHS).for_each(|_| self.birth_or_death());
            self.jump_or_split();
            for _ in 0..2 {
                self.step();
                self.slide();
            }
            (0..3).for_each(|_| self.step_together());
            self.work += (self.start.model.readings.len() * (1 + self.state.sources.len())) as u64;
        }
        for which in 0..=UP {
            self.plume_scale(which);
            self.glide(which);
        }
        for _ in 0..rounds.min(2) {
            self.nearer();
            (DISCREPANCY..self.start.model.wander.range().start)
                .for_each(|which| self.scale(which));
            self.stretch_drift();
        }
        (0..2).for_each(|odd| self.wander(odd));
        self.refresh_background();
    }

    fn jump_or_split(&mut self) {
        if self.rng.random::<bool>() { self.jump() } else { self.split_or_merge() }
    }

    pub(super) fn ln_target(&self, state: &State) -> f64 {
        state.ln_prior + self.heat * state.ln_likelihood
    }

    /// Accepts or refuses a state whose sources or scales differ.
    fn attempt(&mut self, mut next: State, ln_back_over_forth: f64) -> bool {
        let model = &self.start.model;
        if model.out_of_question(&next) {
            return false;
        }
        next.sort();
        next.total = Arc::new(model.total(&next.sources));
        let pairs = next.total.mean.iter().zip(&self.state.total.mean);
        let change: Vec<f64> = pairs.map(|(n, o)| n - o).collect();
        let taken = model.taken_up(&change);
        next.background.iter_mut().zip(taken).for_each(|(b, t)| *b -= t);
        model.weigh(&mut next);
        self.decide(next, ln_back_over_forth)
    }

    /// The same with the background as it stands and everything weighed.
    fn decide(&mut self, next: State, ln_back_over_forth: f64) -> bool {
        if next.ln_prior == f64::NEG_INFINITY {
            return false;
        }
        let ln = self.ln_target(&next) - self.ln_target(&self.state) + ln_back_over_forth;
        let accepted = self.rng.random::<f64>().ln() < ln;
        if accepted {
            self.state = next;
        }
        accepted
    }

    fn normal(&mut self) -> f64 {
        StandardNormal.sample(&mut self.rng)
    }

    /// Place and rate of one source, by the nearest shape that was learnt.
    fn step(&mut self) {
        let k = self.state.sources.len();
        if k == 0 {
            return;
        }
        let chosen = self.rng.random_range(0..k);
        let from = &self.state.sources[chosen];
        let (place, ln_rate) = (from.place, from.ln_rate);
        let size = [0.4, 1.0, 2.0][self.rng.random_range(0..3)];
        let mut delta: Vec<f64> = (0..OWN).map(|_| self.normal()).collect();
        backward(self.shape_near(place), &mut delta);
        let to = std::array::from_fn(|k| place[k] + size * delta[k]);
        if !self.start.model.prior.room.holds(to) {
            return;
        }
        let shapes = [to, place].map(|p| ln_shape(self.shape_near(p), &delta));
        let (model, mut next) = (&self.start.model, self.state.clone());
        next.sources[chosen] = model.emitter(to, ln_rate + size * delta[3], &next.scales);
        self.attempt(next, shapes[0] - shapes[1]);
    }

    /// All sources and what they share at once, by the shape learnt for as many.
    fn step_together(&mut self) {
        let k = self.state.sources.len();
        let Some(Some(factor)) = self.joint.get(k).cloned() else { return };
        let size = [0.4, 0.8, 1.2][self.rng.random_range(0..3)];
        let knots = self.start.model.wander.range();
        let mut delta = vec![0.0; knots.len()];
        delta.extend((0..=OWN * k + UP).map(|_| size * self.normal()));
        backward(&factor, &mut delta);
        let mut next = self.state.clone();
        next.scales[knots.clone()].iter_mut().zip(&delta).for_each(|(scale, d)| *scale += d);
        let (own, shared) = delta[knots.len()..].split_at(OWN * k);
        for (source, d) in next.sources.iter_mut().zip(own.chunks(OWN)) {
            (0..3).for_each(|k| source.place[k] += d[k]);
            source.ln_rate += d[3];
        }
        next.scales.iter_mut().zip(shared).for_each(|(scale, d)| *scale += d);
        let room = &self.start.model.prior.room;
        // Out of order the way back would have another shape.
        if next.in_order() && next.sources.iter().all(|s| room.holds(s.place)) {
            let next = self.reblown(next);
            self.attempt(next, 0.0);
        }
    }

    fn shape_near(&self, place: [f64; 3]) -> &[f64] {
        let distance2 = |s: &Shape| (0..3).map(|k| (s.0[k] - place[k]).powi(2)).sum::<f64>();
        let near = self.shapes.iter().min_by(|a, b| distance2(a).total_cmp(&distance2(b)));
        near.map_or(&self.round, |s| &s.1)
    }

    /// Takes over the information that readings have on the sources as they are now.
    pub(super) fn learn_shapes(&mut self) {
        let (model, state) = (&self.start.model, &self.state);
        let own = precisions(model);
        let mut all: Vec<Vec<f64>> = Vec::new();
        self.shapes.clear();
        for source in &state.sources {
            let slopes = slopes(model, source, &state.scales);
            let mut h = information(model, &slopes, &own, self.heat);
            if cholesky(&mut h, OWN).is_some() {
                self.shapes.push((source.place, h));
            }
            all.extend(slopes);
        }
        let k = state.sources.len();
        let mut precisions = own.repeat(k);
        precisions.extend((TURN..=UP).map(|k| model.prior.scales[k].1.powi(-2)));
        all.extend(shared_slopes(model, state));
        let rest = information(model, &all, &precisions, self.heat);
        let mut h = with_wander(model, &all, &all[OWN * k], &rest, self.heat);
        let p = precisions.len() + model.wander.hats.knots;
        self.joint.resize(self.joint.len().max(k + 1), None);
        self.joint[k] = cholesky(&mut h, p).map(|()| Arc::new(h));
    }

    /// A state whose places or scales changed, with what its sources do then.
    fn reblown(&self, mut state: State) -> State {
        let again = |s: &Emitter| self.start.model.emitter(s.place, s.ln_rate, &state.scales);
        state.sources = state.sources.iter().map(again).collect();
        state
    }

    /// Draws the background, given everything else.
    fn refresh_background(&mut self) {
        let model = &self.start.model;
        let total = self.state.total.clone();
        let mut weights = model.variances(&total, &self.state.scales);
        let mut residual = model.without(&total);
        residual.iter_mut().zip(self.state.air.iter()).for_each(|(e, b)| *e -= b);
        for ((w, e), counts) in weights.iter_mut().zip(residual).zip(&model.counts) {
            let half = 0.5 * self.heat * counts;
            let Ok(gamma) = Gamma::new(half * (NU + 1.0), 1.0) else { return };
            *w = 2.0 * gamma.sample(&mut self.rng) / (NU * *w + e * e);
        }
        let without = model.without(&total);
        let loose = self.state.loose();
        if let Some(b) = model.basis.given(&without, &weights, loose, Some(&mut self.rng)) {
            self.state.background = b;
            model.weigh(&mut self.state);
        }
    }
}

/// A twentieth of the room, and of the rate a fifth.
fn round(prior: &Prior) -> Vec<f64> {
    let mut factor = vec![0.0; OWN * OWN];
    (0..3).for_each(|k| factor[k * OWN + k] = 20.0 / prior.room.size[k]);
    factor[15] = 5.0;
    factor
}

/// ln of the density of a step under a shape, in units of its size.
fn ln_shape(factor: &[f64], delta: &[f64]) -> f64 {
    let p = delta.len();
    let ln_det: f64 = (0..p).map(|i| factor[i * p + i].ln()).sum();
    // |Lᵀ δ|².
    let square: f64 =
        (0..p).map(|j| (j..p).map(|i| factor[i * p + j] * delta[i]).sum::<f64>().powi(2)).sum();
    ln_det - 0.5 * square
}

#[cfg(test)]
mod tests;
