//! Sources that come, go, and come elsewhere.

use rand::RngExt;

use super::Walker;
use crate::{
    invert::{
        dictionary::Hints,
        model::{Emitter, State, ln_normal},
    },
    normal::{score_of_tail, upper_tail},
};

/// Share of rates drawn from what is believed beforehand.
const BLIND: f64 = 0.3;
/// By how much proposals are wider than what the pilot says.
const WIDER: f64 = 2.0;

/// How rates of a source at one place are proposed.
struct RateHint {
    prior: (f64, f64),
    /// Normal cut off at zero, mean and deviation in kg/h; absent when the readings say nothing.
    fitted: Option<(f64, f64)>,
}

impl RateHint {
    fn draw(&self, walker: &mut Walker) -> f64 {
        let blind = walker.rng.random::<f64>() < BLIND;
        match self.fitted {
            Some((mean, std)) if !blind => {
                let u = walker.rng.random::<f64>().max(1e-12);
                // The score above −mean/std, from the upper side where tails are exact.
                let z = score_of_tail(u * upper_tail(-mean / std));
                (mean + std * z).max(1e-12).ln()
            }
            _ => self.prior.0 + self.prior.1 * walker.normal(),
        }
    }

    /// ln of the density on ln rate.
    fn ln_density(&self, ln_rate: f64) -> f64 {
        let blind = ln_normal(ln_rate, self.prior);
        let Some((mean, std)) = self.fitted else { return blind };
        let cut = upper_tail(-mean / std).ln();
        let fitted = ln_normal(ln_rate.exp(), (mean, std)) - cut + ln_rate;
        let top = blind.max(fitted);
        top + (BLIND * (blind - top).exp() + (1.0 - BLIND) * (fitted - top).exp()).ln()
    }
}

/// What a state without the source in question says of where it should be.
struct Scene<'a> {
    hints: Hints<'a>,
    cleaned: Vec<f64>,
}

impl<'a> Walker<'a> {
    pub(super) fn birth_or_death(&mut self) {
        if self.rng.random::<bool>() { self.birth() } else { self.death() }
    }

    fn scene(&self, state: &State) -> Scene<'a> {
        let model = &self.start.model;
        let without = model.without(&model.total(&state.sources));
        let cleaned = model.cleaned(&without);
        Scene { hints: self.start.dictionary.hints(&cleaned), cleaned }
    }

    fn rate_hint(&self, scene: &Scene, emitter: &Emitter) -> RateHint {
        let model = &self.start.model;
        let column = &emitter.column.mean;
        let information = model.inner(column, &model.cleaned(column));
        let along = model.inner(column, &scene.cleaned);
        let (mean, std) = (along / information, WIDER / information.sqrt());
        let usable = information > 1e-12 && mean > -5.0 * std;
        RateHint { prior: model.prior.ln_rate, fitted: usable.then_some((mean, std)) }
    }

    /// A new source, and ln of the density with which it was proposed.
    fn propose(&mut self, scene: &Scene) -> (Emitter, f64) {
        let place = scene.hints.draw(&mut self.rng);
        let mut emitter = self.start.model.emitter(place, 0.0, &self.state.air());
        let hint = self.rate_hint(scene, &emitter);
        emitter.ln_rate = hint.draw(self);
        let ln = scene.hints.ln_density(place) + hint.ln_density(emitter.ln_rate);
        (emitter, ln)
    }

    /// ln of the density with which a source would be proposed.
    fn ln_proposed(&self, scene: &Scene, emitter: &Emitter) -> f64 {
        let hint = self.rate_hint(scene, emitter);
        scene.hints.ln_density(emitter.place) + hint.ln_density(emitter.ln_rate)
    }

    fn birth(&mut self) {
        if self.state.sources.len() >= self.start.model.prior.most {
            return;
        }
        let scene = self.scene(&self.state);
        let (emitter, ln) = self.propose(&scene);
        let mut next = self.state.clone();
        next.sources.push(emitter);
        self.attempt(next, -ln);
    }

    fn death(&mut self) {
        let k = self.state.sources.len();
        if k == 0 {
            return;
        }
        let mut next = self.state.clone();
        let gone = next.sources.remove(self.rng.random_range(0..k));
        let ln = self.ln_proposed(&self.scene(&next), &gone);
        self.attempt(next, ln);
    }

    pub(super) fn jump(&mut self) {
        let k = self.state.sources.len();
        if k == 0 {
            return;
        }
        let mut next = self.state.clone();
        let gone = next.sources.remove(self.rng.random_range(0..k));
        let scene = self.scene(&next);
        let back = self.ln_proposed(&scene, &gone);
        let (emitter, forth) = self.propose(&scene);
        next.sources.push(emitter);
        self.attempt(next, back - forth);
    }
}
