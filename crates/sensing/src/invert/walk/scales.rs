//! What all plumes, errors and the background share, on the move.

use std::sync::Arc;

use rand::RngExt;

use super::Walker;
use crate::invert::model::{ACROSS, DRIFT, Prior, State, TURN, UP, ln_normal};

/// Steps that come after those of the scales: of sources that go along with TURN, ACROSS and UP, of the drift that is
/// stretched, and of sources that come nearer.
const GLIDES: [f64; 5] = [0.02, 0.1, 0.1, 0.3, 0.1];
const STRETCH_DRIFT: usize = 3;
const NEARER: usize = 4;
/// What a step is multiplied by when it is taken and when not: a third of them is to be.
const LEARN: (f64, f64) = (1.4, 0.85);

/// Steps before anything is learnt.
pub(super) fn first_steps(prior: &Prior) -> Vec<f64> {
    prior.scales.iter().map(|scale| 0.3 * scale.1).chain(GLIDES).collect()
}

impl Walker<'_> {
    /// A scale that changes what sources do.
    pub(super) fn plume_scale(&mut self, which: usize) {
        let mut next = self.state.clone();
        next.scales[which] += self.steps[which] * self.normal();
        let next = self.reblown(next);
        let accepted = self.attempt(next, 0.0);
        self.learn_step(which, accepted);
    }

    /// The same with sources that go along: they turn with the wind, and what a wider plume thins out
    /// their rates make up for, heights growing with σz half of the time.
    pub(super) fn glide(&mut self, which: usize) {
        let own = self.glide_step(which);
        let delta = self.steps[own] * self.normal();
        let taller = which == UP && self.rng.random::<bool>();
        let mut next = self.state.clone();
        next.scales[which] += delta;
        let mut ln_jacobian = 0.0;
        for source in &mut next.sources {
            match which {
                TURN => source.place = self.start.model.turned(source.place, delta),
                _ => source.ln_rate += delta,
            }
            if taller {
                source.place[2] *= delta.exp();
                ln_jacobian += delta;
            }
        }
        let accepted = self.attempt_reblown(next, ln_jacobian);
        self.learn_step(own, accepted);
    }

    /// No plume is worked out for sources that went beyond the walls.
    fn attempt_reblown(&mut self, next: State, ln_back_over_forth: f64) -> bool {
        if self.start.model.out_of_question(&next) {
            return false;
        }
        let next = self.reblown(next);
        self.attempt(next, ln_back_over_forth)
    }

    /// Where the step of a glide stands among all.
    fn glide_step(&self, which: usize) -> usize {
        self.start.model.prior.scales.len() + which
    }

    /// Sources nearer to the readings or farther away down the wind, while the plume as it arrives stays: knots
    /// of the wander, width and height make up for the way.
    pub(super) fn nearer(&mut self) {
        let model = &self.start.model;
        let own = self.glide_step(NEARER);
        let ln_factor = self.steps[own] * self.normal();
        let mut next = self.state.clone();
        let along = |place: [f64; 3], k: usize| (place[k] - model.middle[k]) * model.downwind[k];
        for source in &mut next.sources {
            let more = ln_factor.exp_m1() * (along(source.place, 0) + along(source.place, 1));
            (0..2).for_each(|k| source.place[k] += more * model.downwind[k]);
        }
        next.scales[model.wander.range()].iter_mut().for_each(|knot| *knot *= (-ln_factor).exp());
        next.scales[ACROSS] -= ln_factor;
        next.scales[UP] -= ln_factor;
        let count = next.sources.len() as f64 - model.wander.range().len() as f64;
        let accepted = self.attempt_reblown(next, count * ln_factor);
        self.learn_step(own, accepted);
    }

    /// Every other knot of the wander: no reading feels two of these, so that each is taken or not by itself.
    pub(super) fn wander(&mut self, odd: usize) {
        let model = &self.start.model;
        let first = model.wander.range().start;
        let knots = model.wander.range().skip(odd).step_by(2);
        let mut next = self.state.clone();
        for which in knots.clone() {
            next.scales[which] += self.steps[which] * self.normal();
        }
        let mut next = self.reblown(next);
        next.total = Arc::new(model.total(&next.sources));
        let mut gains = vec![0.0; model.wander.hats.knots + 1];
        let mut each = model.ln_each(&next.total, &next.scales, &next.air);
        let old = self.state.ln_each.clone();
        for (i, (new, old)) in each.iter().zip(old.iter()).enumerate() {
            gains[model.wander.felt(i, odd)] += self.heat * model.counts[i] * (new - old);
        }
        let mut taken = vec![true; gains.len()];
        for which in knots {
            let prior = |x: f64| ln_normal(x, model.prior.scales[which]);
            let gain =
                prior(next.scales[which]) - prior(self.state.scales[which]) + gains[which - first];
            let accepted = self.rng.random::<f64>().ln() < gain;
            taken[which - first] = accepted;
            if !accepted {
                next.scales[which] = self.state.scales[which];
            }
            self.learn_step(which, accepted);
        }
        let taken = |i: usize| taken[model.wander.felt(i, odd)];
        for (new, old) in next.sources.iter_mut().zip(&self.state.sources) {
            new.column = Arc::new(new.column.or_else(&old.column, taken));
        }
        next.total = Arc::new(next.total.or_else(&self.state.total, taken));
        for (i, (each, old)) in each.iter_mut().zip(old.iter()).enumerate() {
            if !taken(i) {
                *each = *old;
            }
        }
        next.ln_prior = model.ln_prior(&next);
        model.weighed(&mut next, each);
        self.state = next;
    }

    /// A scale of the errors or of the background.
    pub(super) fn scale(&mut self, which: usize) {
        let mut next = self.state.clone();
        next.scales[which] += self.steps[which] * self.normal();
        self.start.model.weigh_scale(&mut next, which);
        let accepted = self.decide(next, 0.0);
        self.learn_step(which, accepted);
    }

    fn learn_step(&mut self, which: usize, accepted: bool) {
        if self.learning {
            self.steps[which] *= if accepted { LEARN.0 } else { LEARN.1 };
        }
    }

    /// The drift and the background with it, stretched about its mean: K − 1 numbers grow alike.
    pub(super) fn stretch_drift(&mut self) {
        let knots = self.start.model.basis.hats.knots;
        let own = self.glide_step(STRETCH_DRIFT);
        let ln_factor = self.steps[own] * self.normal();
        let mut next = self.state.clone();
        next.scales[DRIFT] += ln_factor;
        let air = &mut next.background[..knots];
        let mean = air.iter().sum::<f64>() / knots as f64;
        for b in air {
            *b = mean + ln_factor.exp() * (*b - mean);
        }
        self.start.model.weigh(&mut next);
        let accepted = self.decide(next, (knots - 1) as f64 * ln_factor);
        self.learn_step(own, accepted);
    }
}
