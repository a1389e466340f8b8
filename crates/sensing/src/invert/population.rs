//! A population: walkers that are cooled together, from beliefs alone (β = 0) to the posterior (β = 1).
//!
//! ```text
//! target_β = prior × likelihood^β;     w_i ∝ L_i^(β' − β),     (Σ w)² / Σ w² = share × walkers
//! ```
//!
//! The next β' is as far as that share of walkers still counts. Walkers are drawn again by their
//! weights, then each moves under β'. So those caught where the posterior has little are left behind
//! in proportion to how little that is; no walker has to climb out of where it is caught.
//!
//! Del Moral, Doucet & Jasra (2006), J. R. Stat. Soc. B 68, 411.

use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;

use super::{
    model::State,
    pilot::Start,
    walk::{HOT, Walker},
};

/// Share of walkers that have to count after a step of β, hot and cold.
const SHARES: (f64, f64) = (0.6, 0.8);

/// What is kept of a state.
#[derive(Debug, Clone)]
pub(super) struct Draw {
    /// Place, and kg/h.
    pub(super) sources: Vec<([f64; 3], f64)>,
    pub(super) ln_posterior: f64,
    pub(super) ln_likelihood: f64,
    pub(super) scales: Vec<f64>,
}

/// Sums over draws, reading by reading.
#[derive(Debug, Clone)]
pub(super) struct Sums {
    pub(super) draws: usize,
    pub(super) sources: Vec<f64>,
    pub(super) background: Vec<f64>,
    pub(super) variance: Vec<f64>,
}

impl Sums {
    fn new(readings: usize) -> Self {
        let zeros = vec![0.0; readings];
        Self { draws: 0, sources: zeros.clone(), background: zeros.clone(), variance: zeros }
    }

    fn add(&mut self, sources: &[f64], background: &[f64], variance: &[f64]) {
        let add = |to: &mut [f64], from: &[f64]| to.iter_mut().zip(from).for_each(|(t, f)| *t += f);
        add(&mut self.sources, sources);
        add(&mut self.background, background);
        add(&mut self.variance, variance);
    }
}

/// Walkers and their draws.
#[derive(Debug, Clone)]
pub(super) struct Population<'a> {
    walkers: Vec<Walker<'a>>,
    rng: Xoshiro256PlusPlus,
    /// Walker after walker.
    pub(super) draws: Vec<Draw>,
    pub(super) sums: Sums,
}

impl<'a> Population<'a> {
    /// The n-th of a seed.
    pub(super) fn new(start: &'a Start, walkers: usize, seed: u64, n: usize) -> Self {
        let seed = seed.wrapping_add((n as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
        let walker = |j: usize| {
            let state = start.believed(&mut rng);
            Walker::new(start, state, 0.0, seed.wrapping_add(j as u64 + 1))
        };
        Self {
            walkers: (0..walkers).map(walker).collect(),
            rng,
            draws: Vec::new(),
            sums: Sums::new(start.model.readings.len()),
        }
    }

    /// Where the walkers are.
    pub(super) fn states(&self) -> impl Iterator<Item = &State> {
        self.walkers.iter().map(|w| &w.state)
    }

    /// Readings times what their plumes and background ask for, of every round so far.
    pub(super) fn work(&self) -> u64 {
        self.walkers.iter().map(|w| w.work).sum()
    }

    /// Cools from β = 0 to 1, at once when so much work is done; steps learn.
    pub(super) fn cool(&mut self, most: u64) {
        let mut heat = 0.0;
        while heat < 1.0 {
            let next = if self.work() < most { self.next_heat(heat) } else { 1.0 };
            self.draw_again(next - heat);
            if heat < HOT && next >= HOT {
                self.hint();
            }
            heat = next;
            self.walkers.par_iter_mut().for_each(|walker| {
                walker.heat = heat;
                walker.learn_shapes();
                walker.sweep();
            });
            self.share_steps();
        }
        self.walkers.iter_mut().for_each(|w| w.learning = false);
    }

    /// Walkers step alike: what one learns in a few sweeps is mostly chance.
    fn share_steps(&mut self) {
        let count = self.walkers.len() as f64;
        let mut mean = vec![0.0; self.walkers[0].steps.len()];
        for walker in &self.walkers {
            mean.iter_mut().zip(&walker.steps).for_each(|(m, step)| *m += step.ln() / count);
        }
        let steps: Vec<f64> = mean.into_iter().map(f64::exp).collect();
        self.walkers.iter_mut().for_each(|w| w.steps.clone_from(&steps));
    }

    /// Puts some walkers where the pilot found sources, while it is hot enough for them to leave again: a narrow
    /// place is not met by chance.
    fn hint(&mut self) {
        for walker in self.walkers.iter_mut().step_by(3) {
            walker.state = walker.start.state.clone();
            walker.start.model.settle(&mut walker.state);
        }
    }

    fn next_heat(&self, heat: f64) -> f64 {
        let count = |by: f64| {
            let weights = self.weights(by);
            weights.iter().sum::<f64>().powi(2) / weights.iter().map(|w| w * w).sum::<f64>()
        };
        let share = if heat < HOT { SHARES.0 } else { SHARES.1 };
        let enough = share * self.walkers.len() as f64;
        if count(1.0 - heat) >= enough {
            return 1.0;
        }
        // On a scale of ln β: the first steps are tiny.
        let (mut low, mut high) = (1e-9_f64.ln(), (1.0 - heat).ln());
        for _ in 0..40 {
            let middle = 0.5 * (low + high);
            if count(middle.exp()) >= enough { low = middle } else { high = middle }
        }
        heat + low.exp()
    }

    fn weights(&self, by: f64) -> Vec<f64> {
        let ln = |w: &Walker<'_>| by * w.state.ln_likelihood.max(-1e12);
        let top = self.walkers.iter().map(ln).fold(f64::NEG_INFINITY, f64::max);
        self.walkers.iter().map(|w| (ln(w) - top).exp()).collect()
    }

    /// States by their weights, systematically: one throw for all.
    fn draw_again(&mut self, by: f64) {
        let weights = self.weights(by);
        let step = weights.iter().sum::<f64>() / weights.len() as f64;
        let (mut at, mut sum, mut i) = (step * self.rng.random::<f64>(), weights[0], 0);
        let mut states = Vec::with_capacity(weights.len());
        for _ in 0..weights.len() {
            while at > sum && i + 1 < weights.len() {
                i += 1;
                sum += weights[i];
            }
            states.push(self.walkers[i].state.clone());
            at += step;
        }
        self.walkers.iter_mut().zip(states).for_each(|(w, state)| w.state = state);
    }

    /// As many draws as asked for, the walkers' shares alike.
    pub(super) fn run(&mut self, draws: usize) {
        let each = draws.div_ceil(self.walkers.len());
        let run = |walker: &mut Walker<'_>| drawn(walker, each);
        let all: Vec<(Vec<Draw>, Sums)> = self.walkers.par_iter_mut().map(run).collect();
        for (draws, sums) in all {
            self.draws.extend(draws);
            self.sums.add(&sums.sources, &sums.background, &sums.variance);
            self.sums.draws += sums.draws;
        }
    }

    /// Forgets what was drawn, not where the walkers are.
    pub(super) fn forget(&mut self) {
        self.draws.clear();
        self.sums = Sums::new(self.sums.sources.len());
    }
}

/// What a walker says in so many sweeps.
fn drawn(walker: &mut Walker<'_>, sweeps: usize) -> (Vec<Draw>, Sums) {
    let model = &walker.start.model;
    let (mut draws, mut sums) = (Vec::with_capacity(sweeps), Sums::new(model.readings.len()));
    for _ in 0..sweeps {
        walker.sweep();
        let state = &walker.state;
        let variance = model.variances(&state.total, &state.scales);
        sums.add(&state.total.mean, &state.air, &variance);
        sums.draws += 1;
        draws.push(Draw {
            sources: state.sources.iter().map(|s| (s.place, s.ln_rate.exp())).collect(),
            ln_posterior: state.ln_prior + state.ln_likelihood,
            ln_likelihood: state.ln_likelihood,
            scales: state.scales.clone(),
        });
    }
    (draws, sums)
}
