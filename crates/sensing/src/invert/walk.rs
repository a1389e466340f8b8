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
//! | jump | a death and a birth at once |
//! | split, merge | two sources for one with the same centre and rate; the reverse |
//! | step | place and rate of one source, shaped by the information on them |
//! | scales | wind turned, plume wider, noise, discrepancy, drift, one at a time |
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
    fit::{OWN, information, slopes},
    model::{Emitter, NU, State, TURN, UP},
    pilot::Start,
};
use crate::linear::{backward, cholesky};

mod jump;
mod split;

/// A state on the move.
#[derive(Debug, Clone)]
pub(super) struct Walker<'a> {
    pub(super) start: &'a Start,
    pub(super) state: State,
    /// β.
    pub(super) heat: f64,
    rng: Xoshiro256PlusPlus,
    /// Step of each scale.
    steps: Vec<f64>,
    /// Whether steps still learn.
    pub(super) learning: bool,
}

impl<'a> Walker<'a> {
    pub(super) fn new(start: &'a Start, state: State, heat: f64, seed: u64) -> Self {
        let steps = start.model.prior.scales.iter().map(|s| 0.3 * s.1).collect();
        let rng = Xoshiro256PlusPlus::seed_from_u64(seed);
        Self { start, state, heat, rng, steps, learning: true }
    }

    /// Every kind of move a few times.
    pub(super) fn sweep(&mut self, moves: usize) {
        for _ in 0..moves {
            match self.rng.random_range(0..20) {
                0..3 => self.birth_or_death(),
                3 => self.split_or_merge(),
                4..6 => self.jump(),
                6..15 => self.step(),
                _ => self.scale(),
            }
        }
        self.refresh_background();
    }

    pub(super) fn ln_target(&self, state: &State) -> f64 {
        state.ln_prior + self.heat * state.ln_likelihood
    }

    /// Accepts or refuses a state whose sources or scales differ.
    fn attempt(&mut self, mut next: State, ln_back_over_forth: f64) -> bool {
        let model = &self.start.model;
        let (old, new) = (model.total(&self.state.sources), model.total(&next.sources));
        let change: Vec<f64> = new.mean.iter().zip(&old.mean).map(|(n, o)| n - o).collect();
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

    /// Place and rate of one source, shaped by what is known of them.
    fn step(&mut self) {
        let k = self.state.sources.len();
        if k == 0 {
            return;
        }
        let chosen = self.rng.random_range(0..k);
        let Some(factor) = self.shaped(chosen) else { return };
        let size = [0.25, 0.7, 1.3][self.rng.random_range(0..3)];
        let mut delta: Vec<f64> = (0..OWN).map(|_| self.normal()).collect();
        backward(&factor, &mut delta);
        let from = &self.state.sources[chosen];
        let place = std::array::from_fn(|k| from.place[k] + size * delta[k]);
        if !self.start.model.prior.room.holds(place) {
            return;
        }
        let ln_rate = from.ln_rate + size * delta[3];
        let mut emitter = self.start.model.emitter(place, ln_rate, &self.state.scales);
        let Some(back) = self.shape_of(&emitter) else { return };
        let ln_ratio = ln_shape(&back, &delta) - ln_shape(&factor, &delta);
        emitter.shape = Some(Arc::new(back));
        let mut next = self.state.clone();
        next.sources[chosen] = emitter;
        self.attempt(next, ln_ratio);
    }

    /// Shape of a source of the state, kept with it.
    fn shaped(&mut self, chosen: usize) -> Option<Arc<Vec<f64>>> {
        if let Some(shape) = &self.state.sources[chosen].shape {
            return Some(shape.clone());
        }
        let shape = Arc::new(self.shape_of(&self.state.sources[chosen])?);
        self.state.sources[chosen].shape = Some(shape.clone());
        Some(shape)
    }

    fn shape_of(&self, emitter: &Emitter) -> Option<Vec<f64>> {
        let model = &self.start.model;
        let mut h = information(model, &slopes(model, emitter, &self.state.scales), self.heat);
        cholesky(&mut h, OWN)?;
        Some(h)
    }

    /// One scale by a random step; a turned wind takes the sources along half of the time.
    fn scale(&mut self) {
        let which = self.rng.random_range(0..self.state.scales.len());
        let delta = self.steps[which] * self.normal();
        let mut next = self.state.clone();
        next.scales[which] += delta;
        let accepted = if which <= UP {
            let along = which == TURN && self.rng.random::<f64>() < 0.5;
            let model = &self.start.model;
            for source in &mut next.sources {
                let place = if along { model.turned(source.place, delta) } else { source.place };
                *source = model.emitter(place, source.ln_rate, &next.scales);
            }
            self.attempt(next, 0.0)
        } else {
            self.start.model.weigh(&mut next);
            self.decide(next, 0.0)
        };
        if self.learning {
            self.steps[which] *= if accepted { 1.1 } else { 0.96 };
        }
    }

    /// Draws the background, given everything else.
    fn refresh_background(&mut self) {
        let model = &self.start.model;
        let total = model.total(&self.state.sources);
        let mut weights = model.variances(&total, &self.state.scales);
        let residual = model.residual(&total, &self.state.background);
        for (run, together) in model.readings.runs.iter().zip(&model.together) {
            let power = self.heat / together;
            let Ok(gamma) = Gamma::new(0.5 * power * (NU + 1.0), 1.0) else { return };
            for i in run.clone() {
                let v = weights[i];
                let lambda =
                    gamma.sample(&mut self.rng) / (0.5 * power * (NU + residual[i].powi(2) / v));
                weights[i] = power * lambda / v;
            }
        }
        let without = model.without(&total);
        let loose = self.state.loose();
        if let Some(b) = model.basis.given(&without, &weights, loose, Some(&mut self.rng)) {
            self.state.background = b;
            model.weigh(&mut self.state);
        }
    }
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
