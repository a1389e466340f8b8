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
const BLIND: f64 = 0.15;
/// By how much proposals are wider than what the pilot says.
const WIDER: f64 = 1.3;

/// Deviations of a slide, as shares of the room.
const SLIDES: [f64; 3] = [0.01, 0.04, 0.15];

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

impl Walker<'_> {
    pub(super) fn birth_or_death(&mut self) {
        if self.rng.random::<bool>() { self.birth() } else { self.death() }
    }

    /// What the sources of a state leave of the readings, the background taken out.
    fn left(&self, state: &State) -> Vec<f64> {
        let model = &self.start.model;
        model.cleaned(&model.without(&model.total(&state.sources)))
    }

    fn rate_hint(&self, left: &[f64], emitter: &Emitter) -> RateHint {
        let model = &self.start.model;
        let column = &emitter.column.mean;
        let information = model.inner(column, &model.cleaned(column));
        let along = model.inner(column, left);
        let (mean, std) = (along / information, WIDER / (self.heat * information).sqrt());
        let usable = information > 1e-12 && mean > -5.0 * std;
        RateHint { prior: model.prior.ln_rate, fitted: usable.then_some((mean, std)) }
    }

    /// A new source, and ln of the density with which it was proposed.
    fn propose(&mut self, hints: &Hints<'_>, left: &[f64]) -> (Emitter, f64) {
        let place = hints.draw(&mut self.rng);
        let mut emitter = self.start.model.emitter(place, 0.0, &self.state.scales);
        let hint = self.rate_hint(left, &emitter);
        emitter.ln_rate = hint.draw(self);
        let ln = hints.ln_density(place) + hint.ln_density(emitter.ln_rate);
        (emitter, ln)
    }

    /// ln of the density with which a source would be proposed.
    fn ln_proposed(&self, hints: &Hints<'_>, left: &[f64], emitter: &Emitter) -> f64 {
        let hint = self.rate_hint(left, emitter);
        hints.ln_density(emitter.place) + hint.ln_density(emitter.ln_rate)
    }

    fn birth(&mut self) {
        if self.state.sources.len() >= self.start.model.prior.most {
            return;
        }
        let left = self.left(&self.state);
        let hints = self.start.dictionary.hints(&left);
        let (emitter, ln) = self.propose(&hints, &left);
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
        let left = self.left(&next);
        let ln = self.ln_proposed(&self.start.dictionary.hints(&left), &left, &gone);
        self.attempt(next, ln);
    }

    /// One source elsewhere nearby, at the rate that fits there.
    pub(super) fn slide(&mut self) {
        let k = self.state.sources.len();
        if k == 0 {
            return;
        }
        let mut next = self.state.clone();
        let gone = next.sources.remove(self.rng.random_range(0..k));
        let Some(place) = self.nearby(gone.place) else { return };
        let left = self.left(&next);
        let mut emitter = self.start.model.emitter(place, 0.0, &self.state.scales);
        let hints = [&gone, &emitter].map(|e| self.rate_hint(&left, e));
        emitter.ln_rate = hints[1].draw(self);
        let ln = hints[0].ln_density(gone.ln_rate) - hints[1].ln_density(emitter.ln_rate);
        next.sources.push(emitter);
        self.attempt(next, ln);
    }

    /// A place of the room near another: over the ground, up, or both.
    fn nearby(&mut self, place: [f64; 3]) -> Option<[f64; 3]> {
        let room = self.start.model.prior.room;
        let size = SLIDES[self.rng.random_range(0..SLIDES.len())];
        let axes = [0..3, 0..2, 2..3][self.rng.random_range(0..3)].clone();
        let mut to = place;
        for k in axes {
            // Of the height readings say least.
            let reach = if k == 2 { 4.0 } else { 1.0 };
            to[k] += reach * size * room.size[k] * self.normal();
        }
        room.holds(to).then_some(to)
    }

    pub(super) fn jump(&mut self) {
        let k = self.state.sources.len();
        if k == 0 {
            return;
        }
        let mut next = self.state.clone();
        let gone = next.sources.remove(self.rng.random_range(0..k));
        let left = self.left(&next);
        let hints = self.start.dictionary.hints(&left);
        let back = self.ln_proposed(&hints, &left, &gone);
        let (emitter, forth) = self.propose(&hints, &left);
        next.sources.push(emitter);
        self.attempt(next, back - forth);
    }
}
