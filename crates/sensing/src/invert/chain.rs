//! A chain: walkers from cold (β = 1, the posterior itself) to hot, which trade places.
//!
//! ```text
//! β_j = ratio^j;     two neighbours trade with min(1, exp((β_i − β_j)(ln L_j − ln L_i)))
//! ```
//!
//! A hot walker crosses where a cold one is caught, and hands down what it finds.
//!
//! Geyer (1991), Proc. 23rd Symp. Interface, 156.

use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::{model::State, pilot::Start, walk::Walker};

/// Walkers of a chain.
const RUNGS: usize = 6;
/// From one β to the next: near enough for a quarter of all trades to be struck.
const RATIO: f64 = 0.68;

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
}

/// Walkers and their draws.
#[derive(Debug, Clone)]
pub(super) struct Chain<'a> {
    walkers: Vec<Walker<'a>>,
    rng: Xoshiro256PlusPlus,
    pub(super) draws: Vec<Draw>,
    pub(super) sums: Sums,
}

impl<'a> Chain<'a> {
    /// The n-th chain of a seed, from a state.
    pub(super) fn new(start: &'a Start, mut state: State, seed: u64, n: usize) -> Self {
        start.model.settle(&mut state);
        let seed = seed.wrapping_add((n as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let walker = |j: usize| {
            Walker::new(start, state.clone(), RATIO.powi(j as i32), seed.wrapping_add(j as u64 + 1))
        };
        Self {
            walkers: (0..RUNGS).map(walker).collect(),
            rng: Xoshiro256PlusPlus::seed_from_u64(seed),
            draws: Vec::new(),
            sums: Sums::new(start.model.readings.len()),
        }
    }

    /// Where the cold walker is.
    pub(super) fn state(&self) -> &State {
        &self.walkers[0].state
    }

    /// Moves without keeping anything; steps learn.
    pub(super) fn warm_up(&mut self, sweeps: usize) {
        self.walkers.iter_mut().for_each(|w| w.learning = true);
        for n in 0..sweeps {
            if n % 10 == 0 {
                self.walkers.iter_mut().for_each(Walker::learn_shapes);
            }
            self.sweep();
        }
        self.walkers.iter_mut().for_each(|w| w.learning = false);
    }

    pub(super) fn run(&mut self, draws: usize) {
        for _ in 0..draws {
            self.sweep();
            self.keep();
        }
    }

    /// Forgets what was drawn, not where the walkers are.
    pub(super) fn forget(&mut self) {
        self.draws.clear();
        self.sums = Sums::new(self.sums.sources.len());
    }

    fn sweep(&mut self) {
        self.walkers.iter_mut().for_each(Walker::sweep);
        for j in (1..self.walkers.len()).rev() {
            self.trade(j - 1, j);
        }
    }

    fn trade(&mut self, i: usize, j: usize) {
        let (a, b) = (&self.walkers[i], &self.walkers[j]);
        let ln = (a.heat - b.heat) * (b.state.ln_likelihood - a.state.ln_likelihood);
        if self.rng.random::<f64>().ln() < ln {
            let (low, high) = self.walkers.split_at_mut(j);
            std::mem::swap(&mut low[i].state, &mut high[0].state);
        }
    }

    fn keep(&mut self) {
        let state: &State = &self.walkers[0].state;
        let model = &self.walkers[0].start.model;
        let total = &state.total;
        let add = |to: &mut [f64], from: &[f64]| to.iter_mut().zip(from).for_each(|(t, f)| *t += f);
        add(&mut self.sums.sources, &total.mean);
        add(&mut self.sums.background, &model.basis.values(&state.background));
        add(&mut self.sums.variance, &model.variances(total, &state.scales));
        self.sums.draws += 1;
        self.draws.push(Draw {
            sources: state.sources.iter().map(|s| (s.place, s.ln_rate.exp())).collect(),
            ln_posterior: state.ln_prior + state.ln_likelihood,
            ln_likelihood: state.ln_likelihood,
            scales: state.scales.clone(),
        });
    }
}
