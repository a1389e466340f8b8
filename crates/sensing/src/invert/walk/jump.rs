//! Sources that come, go, and come elsewhere.

use std::sync::{Arc, OnceLock};

use rand::RngExt;

use super::{Walker, others::Others};
use crate::{
    invert::{
        dictionary::Hints,
        model::{Emitter, State, ln_normal},
        pilot::Start,
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

/// A state that one source has left, the others having taken over what they can of it.
struct Vacated<'a> {
    state: State,
    gone: Emitter,
    others: Others<'a>,
    ln_jacobian: f64,
    /// What its sources leave of the readings.
    left: Arc<Left<'a>>,
}

/// What some sources leave of the readings, and where that asks for one more.
#[derive(Debug)]
pub(super) struct Left<'a> {
    sources: Vec<Emitter>,
    /// The background taken out.
    pub(super) residual: Vec<f64>,
    hints: OnceLock<Hints<'a>>,
}

impl<'a> Left<'a> {
    fn new(start: &'a Start, sources: &[Emitter]) -> Arc<Self> {
        let model = &start.model;
        let residual = model.cleaned(&model.without(&model.total(sources)));
        Arc::new(Self { sources: sources.to_vec(), residual, hints: OnceLock::new() })
    }

    fn is_of(&self, sources: &[Emitter]) -> bool {
        let same = |(a, b): (&Emitter, &Emitter)| {
            Arc::ptr_eq(&a.column, &b.column) && a.ln_rate.to_bits() == b.ln_rate.to_bits()
        };
        self.sources.len() == sources.len() && self.sources.iter().zip(sources).all(same)
    }

    fn hints(&self, start: &'a Start) -> &Hints<'a> {
        self.hints.get_or_init(|| start.dictionary.hints(&self.residual))
    }
}

impl<'a> Walker<'a> {
    pub(super) fn birth_or_death(&mut self) {
        if self.rng.random::<bool>() { self.birth() } else { self.death() }
    }

    /// What sources leave of the readings: most of what is proposed is refused, so that the same are asked about over and over, and
    /// of no source it is always the same.
    pub(super) fn left(&mut self, sources: &[Emitter]) -> Arc<Left<'a>> {
        let known = &mut self.left[usize::from(sources.is_empty())];
        match known {
            Some(left) if left.is_of(sources) => left.clone(),
            _ => known.insert(Left::new(self.start, sources)).clone(),
        }
    }

    fn rate_hint(&self, others: &Others<'_>, residual: &[f64], emitter: &Emitter) -> RateHint {
        let (along, information) = others.beside(&emitter.column, residual);
        let (mean, std) = (along / information, WIDER / (self.heat * information).sqrt());
        let usable = information > 1e-12 && mean > -5.0 * std;
        let prior = self.start.model.prior.ln_rate;
        RateHint { prior, fitted: usable.then_some((mean, std)) }
    }

    /// A new source at a place, and ln of the density of its rate.
    fn placed(&mut self, others: &Others<'_>, residual: &[f64], place: [f64; 3]) -> (Emitter, f64) {
        let mut emitter = self.start.model.emitter(place, 0.0, &self.state.scales);
        let hint = self.rate_hint(others, residual, &emitter);
        emitter.ln_rate = hint.draw(self);
        let ln = hint.ln_density(emitter.ln_rate);
        (emitter, ln)
    }

    /// Takes one source away; none when there is none, or the others cannot make up for it.
    fn without_one(&mut self) -> Option<Vacated<'a>> {
        let k = self.state.sources.len();
        let chosen = (k > 0).then(|| self.rng.random_range(0..k))?;
        let mut state = self.state.clone();
        let gone = state.sources.remove(chosen);
        let others = Others::new(&self.start.model, &state.sources);
        let ln_jacobian = others.give_way(&mut state.sources, &gone, 1.0)?;
        let left = if state.sources.is_empty() {
            self.left(&[])
        } else {
            Left::new(self.start, &state.sources)
        };
        Some(Vacated { state, gone, others, ln_jacobian, left })
    }

    fn birth(&mut self) {
        if self.state.sources.len() >= self.start.model.prior.most {
            return;
        }
        let mut next = self.state.clone();
        let others = Others::new(&self.start.model, &next.sources);
        let left = self.left(&next.sources);
        let hints = left.hints(self.start);
        let place = hints.draw(&mut self.rng);
        let (emitter, ln_rate) = self.placed(&others, &left.residual, place);
        let Some(ln_jacobian) = others.give_way(&mut next.sources, &emitter, -1.0) else { return };
        next.sources.push(emitter);
        self.attempt(next, ln_jacobian - ln_rate - hints.ln_density(place));
    }

    fn death(&mut self) {
        let Some(Vacated { state, gone, others, ln_jacobian, left }) = self.without_one() else {
            return;
        };
        let hint = self.rate_hint(&others, &left.residual, &gone);
        let hints = left.hints(self.start);
        let ln = hints.ln_density(gone.place) + hint.ln_density(gone.ln_rate);
        self.attempt(state, ln_jacobian + ln);
    }

    /// One source elsewhere nearby, at the rate that fits there.
    pub(super) fn slide(&mut self) {
        let Some(vacated) = self.without_one() else { return };
        let Some(place) = self.nearby(vacated.gone.place) else { return };
        self.elsewhere(vacated, place, 0.0);
    }

    /// One source anywhere else.
    pub(super) fn jump(&mut self) {
        let Some(vacated) = self.without_one() else { return };
        let hints = vacated.left.hints(self.start);
        let place = hints.draw(&mut self.rng);
        let ln = hints.ln_density(vacated.gone.place) - hints.ln_density(place);
        self.elsewhere(vacated, place, ln);
    }

    /// Puts what has gone to another place; `ln` is of the way back over the way forth, of places alone.
    fn elsewhere(&mut self, from: Vacated<'_>, place: [f64; 3], ln: f64) {
        let Vacated { mut state, gone, others, ln_jacobian, left } = from;
        let (emitter, forth) = self.placed(&others, &left.residual, place);
        let back = self.rate_hint(&others, &left.residual, &gone).ln_density(gone.ln_rate);
        let Some(again) = others.give_way(&mut state.sources, &emitter, -1.0) else { return };
        state.sources.push(emitter);
        self.attempt(state, ln + back - forth + ln_jacobian + again);
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
}
