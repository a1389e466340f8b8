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
//! | step | place and rate of one source, shaped by the information on the nearest one learnt from |
//! | scales | wind turned, plume wider, noise, discrepancy, drift, one at a time |
//! | meander | each φ from its neighbours, or a small step; only its own block changes |
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
    fit::{OWN, information, precisions, shared_slopes, slopes},
    model::{DISCREPANCY, DRIFT, Emitter, MEANDER, NU, Prior, State, TURN, UP},
    pilot::Start,
};
use crate::linear::{backward, cholesky};

mod jump;
mod split;
mod sway;

/// Moves of sources between two draws.
const SOURCE_MOVES: usize = 12;

/// What steps look like, as lower Cholesky factors of the information on them.
#[derive(Debug, Clone)]
struct Shape {
    /// Where it was learnt.
    place: [f64; 3],
    /// On place and ln rate.
    own: Vec<f64>,
    /// On these and what all plumes share.
    all: Vec<f64>,
}

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
    shapes: Vec<Shape>,
    /// The shape when none was learnt.
    round: Shape,
    /// s² of each run of readings, while blocks sway.
    noise2: Vec<f64>,
    /// Whether steps still learn.
    pub(super) learning: bool,
}

impl<'a> Walker<'a> {
    pub(super) fn new(start: &'a Start, state: State, heat: f64, seed: u64) -> Self {
        let steps = start.model.prior.scales.iter().map(|s| 0.3 * s.1).collect();
        let rng = Xoshiro256PlusPlus::seed_from_u64(seed);
        let round = round(&start.model.prior);
        Self { start, state, heat, rng, steps, shapes: Vec::new(), round, noise2: Vec::new(), learning: true }
    }

    /// Every kind of move a few times.
    pub(super) fn sweep(&mut self) {
        for _ in 0..SOURCE_MOVES {
            match self.rng.random_range(0..12) {
                0..2 => self.birth_or_death(),
                2 => self.split_or_merge(),
                3 => self.jump(),
                _ => self.step(),
            }
        }
        (0..=UP).for_each(|which| self.plume_scale(which));
        self.stretch_meander();
        for _ in 0..2 {
            (DISCREPANCY..self.state.scales.len()).for_each(|which| self.scale(which));
            self.stretch_drift();
            self.lean();
        }
        self.meander();
        self.refresh_background();
    }

    pub(super) fn ln_target(&self, state: &State) -> f64 {
        state.ln_prior + self.heat * state.ln_likelihood
    }

    /// Accepts or refuses a state whose sources or scales differ.
    fn attempt(&mut self, mut next: State, ln_back_over_forth: f64) -> bool {
        let model = &self.start.model;
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

    /// Place and rate of one source, and half of the time what all plumes share, by the nearest
    /// shape that was learnt.
    fn step(&mut self) {
        let k = self.state.sources.len();
        if k == 0 {
            return;
        }
        let chosen = self.rng.random_range(0..k);
        let from = &self.state.sources[chosen];
        let (place, ln_rate) = (from.place, from.ln_rate);
        let (follows, all) = (self.rng.random::<bool>(), self.rng.random::<bool>());
        let sizes = if follows { [0.5, 1.5, 4.0] } else { [0.2, 0.6, 1.2] };
        let size = sizes[self.rng.random_range(0..3)];
        let delta = self.drawn(place, all);
        let to = std::array::from_fn(|k| place[k] + size * delta[k]);
        if !self.start.model.prior.room.holds(to) {
            return;
        }
        let shapes = [to, place].map(|p| ln_shape(self.shape_near(p, all), &delta));
        let (model, mut next) = (&self.start.model, self.state.clone());
        next.sources[chosen].place = to;
        next.sources[chosen].ln_rate = ln_rate + size * delta[3];
        for (scale, d) in next.scales.iter_mut().zip(&delta[OWN..]) {
            *scale += size * d;
        }
        if follows {
            let shifts = model.blocks.follow(place, to);
            next.meander.iter_mut().zip(shifts).for_each(|(phi, shift)| *phi += shift);
        }
        if follows || all {
            next = self.reblown(next);
        } else {
            next.sources[chosen] = model.emitter(to, ln_rate + size * delta[3], &next.air());
        }
        self.attempt(next, shapes[0] - shapes[1]);
    }

    /// A step of unit size at a place.
    fn drawn(&mut self, place: [f64; 3], all: bool) -> Vec<f64> {
        let length = if all { OWN + UP + 1 } else { OWN };
        let mut delta: Vec<f64> = (0..length).map(|_| self.normal()).collect();
        backward(self.shape_near(place, all), &mut delta);
        delta
    }

    fn shape_near(&self, place: [f64; 3], all: bool) -> &[f64] {
        let distance2 = |s: &Shape| (0..3).map(|k| (s.place[k] - place[k]).powi(2)).sum::<f64>();
        let near = self.shapes.iter().min_by(|a, b| distance2(a).total_cmp(&distance2(b)));
        let near = near.unwrap_or(&self.round);
        if all { &near.all } else { &near.own }
    }

    /// Takes over the information that readings have on the sources as they are now.
    pub(super) fn learn_shapes(&mut self) {
        let (model, state) = (&self.start.model, &self.state);
        let mut precisions = precisions(model).to_vec();
        precisions.extend((TURN..=UP).map(|k| model.prior.scales[k].1.powi(-2)));
        let shared = shared_slopes(model, state);
        let shape = |s: &Emitter| {
            let mut slopes = slopes(model, s, &state.air());
            let mut own = information(model, &slopes, &precisions, self.heat);
            slopes.extend(shared.iter().cloned());
            let mut all = information(model, &slopes, &precisions, self.heat);
            cholesky(&mut own, OWN)?;
            cholesky(&mut all, OWN + UP + 1)?;
            Some(Shape { place: s.place, own, all })
        };
        self.shapes = state.sources.iter().filter_map(shape).collect();
    }

    /// A scale that changes what sources do; a turned wind takes them along half of the time.
    fn plume_scale(&mut self, which: usize) {
        let delta = self.steps[which] * self.normal();
        let mut next = self.state.clone();
        next.scales[which] += delta;
        let along = which == TURN && self.rng.random::<f64>() < 0.5;
        if along {
            let model = &self.start.model;
            next.sources.iter_mut().for_each(|s| s.place = model.turned(s.place, delta));
        }
        let next = self.reblown(next);
        let accepted = self.attempt(next, 0.0);
        self.learn_step(which, accepted);
    }

    /// A state whose places, scales or meander changed, with what its sources do then.
    fn reblown(&self, mut state: State) -> State {
        let again = |s: &Emitter| self.start.model.emitter(s.place, s.ln_rate, &state.air());
        state.sources = state.sources.iter().map(again).collect();
        state
    }

    /// A scale of the errors or of the background.
    fn scale(&mut self, which: usize) {
        let mut next = self.state.clone();
        next.scales[which] += self.steps[which] * self.normal();
        self.start.model.weigh(&mut next);
        let accepted = self.decide(next, 0.0);
        self.learn_step(which, accepted);
    }

    fn learn_step(&mut self, which: usize, accepted: bool) {
        if self.learning {
            self.steps[which] *= if accepted { 1.1 } else { 0.955 };
        }
    }

    /// Turns the wind one way and all of its meander the other: nothing is blown elsewhere.
    fn lean(&mut self) {
        let by = self.steps[TURN] * self.normal();
        let mut next = self.state.clone();
        next.scales[TURN] += by;
        next.meander.iter_mut().for_each(|phi| *phi -= by);
        next.ln_prior = self.start.model.ln_prior(&next);
        self.decide(next, 0.0);
    }

    /// The meander with its deviation.
    fn stretch_meander(&mut self) {
        let ln_factor = self.steps[MEANDER] * self.normal();
        let mut next = self.state.clone();
        next.scales[MEANDER] += ln_factor;
        next.meander.iter_mut().for_each(|phi| *phi *= ln_factor.exp());
        let ln = next.meander.len() as f64 * ln_factor;
        let next = self.reblown(next);
        self.attempt(next, ln);
    }

    /// The drift and the background with it, stretched about its mean: K − 1 numbers grow alike.
    fn stretch_drift(&mut self) {
        let knots = self.start.model.basis.knots;
        let ln_factor = self.steps[DRIFT] * self.normal();
        let mut next = self.state.clone();
        next.scales[DRIFT] += ln_factor;
        let air = &mut next.background[..knots];
        let mean = air.iter().sum::<f64>() / knots as f64;
        air.iter_mut().for_each(|b| *b = mean + ln_factor.exp() * (*b - mean));
        self.start.model.weigh(&mut next);
        self.decide(next, (knots - 1) as f64 * ln_factor);
    }

    /// Draws the background, given everything else.
    fn refresh_background(&mut self) {
        let model = &self.start.model;
        let total = self.state.total.clone();
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

/// A twentieth of the room, of the rate a fifth, and of what plumes share what is believed of it.
fn round(prior: &Prior) -> Shape {
    let size = prior.room.size.map(|s| 20.0 / s);
    let shared = [0, 1, 2].map(|k| 2.0 / prior.scales[k].1);
    let all = [size[0], size[1], size[2], 5.0, shared[0], shared[1], shared[2]];
    let diagonal = |d: &[f64]| {
        let mut factor = vec![0.0; d.len() * d.len()];
        d.iter().enumerate().for_each(|(k, x)| factor[k * d.len() + k] = *x);
        factor
    };
    Shape { place: [0.0; 3], own: diagonal(&all[..OWN]), all: diagonal(&all) }
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
