//! One explanation: its gases, and the sum over the scales of its parts.
//!
//! With the scales θ = (r of every gas, surface, τ) the evidence E(θ) is analytic. Its sum over the
//! grid is taken around the best θ̂, one scale at a time,
//!
//! ```text
//! ln Σ_θ p(θ) E(θ) ≈ ln p(θ̂)E(θ̂) + Σ_i ln Σ_v p(θ̂ with θ_i = v) E(…) / p(θ̂)E(θ̂),
//! ```
//!
//! exact when the scales are independent. With noise τI in place of I,
//!
//! ```text
//! ln E = −½ p ln τ + ½ zᵀz (1 − 1/τ) + ½ bᵀA⁻¹b − ½ ln det A,   A = I + S DᵀD S/τ,  b = S Dᵀz/τ,
//! ```
//!
//! S the prior deviations. That all strengths have one sign multiplies it by
//! `½ Π 2Φ(ζ) + ½ Π 2Φ(−ζ)`, ζ each strength over its deviation (their correlation is left out).

use crate::{
    look_alike::evidence::{Solved, ln_sum_exp, solve},
    normal::upper_tail,
};

use super::dictionary::{Data, Dictionary};

/// r.
const SNR: [f64; 8] = [4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0];
/// Deviation of another surface, relative radiance, with its probability.
const SURFACE: [(f64, f64); 5] = [(0.0, 0.6), (0.001, 0.1), (0.003, 0.1), (0.01, 0.1), (0.03, 0.1)];
/// τ, with its probability.
const NOISE: [(f64, f64); 6] =
    [(0.8, 0.1), (1.0, 0.35), (1.25, 0.25), (1.6, 0.15), (2.5, 0.1), (4.0, 0.05)];
/// Probability of a gas that nobody listed, beside listed gases and without any; its r is any of [`SNR`].
const UNLISTED: (f64, f64) = (0.05, 0.5);
/// How far the r of a gas is looked for around its last.
const AROUND: usize = 2;
/// Directions shorter than this change nothing.
const TOO_SHORT: f64 = 0.1;

/// Which gases, at which scales.
#[derive(Debug, Clone, PartialEq, Eq)]
struct State {
    /// (gas, place in [`SNR`]).
    gases: Vec<(usize, usize)>,
    surface: usize,
    noise: usize,
    /// Place in [`SNR`], from 1; 0 without such a gas.
    unlisted: usize,
}

impl State {
    fn ln_prior(&self, dictionary: &Dictionary) -> f64 {
        let any = if self.gases.is_empty() { UNLISTED.1 } else { UNLISTED.0 };
        let unlisted = if self.unlisted == 0 { 1.0 - any } else { any / SNR.len() as f64 };
        let one = |&(g, r): &(usize, usize)| ln_snr_prior(SNR[r], dictionary.gases[g].most_snr);
        let gases: f64 = self.gases.iter().map(one).sum();
        NOISE[self.noise].1.ln() + SURFACE[self.surface].1.ln() + unlisted.ln() + gases
    }

    /// r of a gas that nobody listed.
    fn unlisted_snr(&self) -> f64 {
        self.unlisted.checked_sub(1).map_or(0.0, |r| SNR[r])
    }
}

/// ln of the prior of a signal-to-noise ratio: even, and less the more gas it takes beyond all plumes.
fn ln_snr_prior(snr: f64, most_snr: f64) -> f64 {
    -(SNR.len() as f64).ln() - (snr / most_snr).powi(2)
}

/// An explanation weighed.
#[derive(Debug, Clone)]
pub(super) struct Model {
    /// Its gases, rising.
    pub(super) gases: Vec<usize>,
    /// ln of the evidence, summed over scales.
    pub(super) ln_evidence: f64,
    /// Share of the evidence with a gas that nobody listed.
    pub(super) unlisted_share: f64,
    state: State,
    best: Solution,
}

/// A fit at one state.
#[derive(Debug, Clone)]
struct Solution {
    ln: f64,
    tau: f64,
    /// Directions with their prior deviations; the gases' own stand first, in the order of the state.
    chosen: Vec<(usize, f64)>,
    solved: Option<Solved>,
}

impl Model {
    /// Nothing of the library.
    pub(super) fn none(dictionary: &Dictionary, data: &Data) -> Self {
        let state = State { gases: Vec::new(), surface: 0, noise: 1, unlisted: 0 };
        Self::settled(dictionary, data, state, None)
    }

    /// One gas more.
    pub(super) fn with(&self, dictionary: &Dictionary, data: &Data, gas: usize) -> Self {
        let mut state = self.state.clone();
        state.gases.push((gas, 2));
        Self::settled(dictionary, data, state, Some(self.state.gases.len()))
    }

    /// One gas in place of another.
    pub(super) fn instead(
        &self,
        dictionary: &Dictionary,
        data: &Data,
        swap: (usize, usize),
    ) -> Self {
        let mut state = self.state.clone();
        let place = state.gases.iter().position(|g| g.0 == swap.0);
        if let Some(place) = place {
            state.gases[place].0 = swap.1;
        }
        Self::settled(dictionary, data, state, place)
    }

    fn settled(
        dictionary: &Dictionary,
        data: &Data,
        mut state: State,
        fresh: Option<usize>,
    ) -> Self {
        let mut best = solution(dictionary, data, &state);
        let gases = state.gases.len();
        let order = fresh.into_iter().chain((0..gases).filter(|i| Some(*i) != fresh));
        let order: Vec<usize> = order.chain([gases, gases + 1]).collect();
        let (mut ln_evidence, mut unlisted) = (0.0, Beside::default());
        for sweep in 0..2 {
            let mut beside = 0.0;
            for &scale in &order {
                let all = sweep == 0 && Some(scale) == fresh;
                let tried: Vec<(State, Solution)> = options(&state, scale, all)
                    .map(|s| (s.clone(), solution(dictionary, data, &s)))
                    .collect();
                let ln: Vec<f64> = tried.iter().map(|t| t.1.ln).collect();
                let top = tried.into_iter().max_by(|a, b| a.1.ln.total_cmp(&b.1.ln));
                if let Some((s, solution)) = top {
                    (state, best) = (s, solution);
                }
                beside += ln_sum_exp(&ln) - best.ln;
            }
            // Dear, and settled when nothing asked for it the first time.
            if sweep == 0 || state.unlisted > 0 {
                unlisted = beside_unlisted(dictionary, data, &mut state, &mut best);
            }
            ln_evidence = best.ln + beside + unlisted.ln;
        }
        let mut gases: Vec<usize> = state.gases.iter().map(|g| g.0).collect();
        gases.sort_unstable();
        Self { gases, ln_evidence, unlisted_share: unlisted.share, state, best }
    }

    /// Signal-to-noise ratio found for each gas, in the order of [`Self::order`].
    pub(super) fn snr(&self) -> Vec<f64> {
        let Some(solved) = &self.best.solved else { return Vec::new() };
        let n = self.state.gases.len();
        (0..n).map(|i| solved.strengths[i] * self.best.chosen[i].1).collect()
    }

    /// Strength of a gas over its deviation.
    pub(super) fn zeta(&self, gas: usize) -> f64 {
        let at = self.state.gases.iter().position(|g| g.0 == gas);
        let Some((at, solved)) = at.zip(self.best.solved.as_ref()) else { return 0.0 };
        solved.strengths[at] / solved.variance(at).sqrt()
    }

    /// Covariance of these, row by row.
    pub(super) fn snr_covariance(&self) -> Vec<f64> {
        let Some(solved) = &self.best.solved else { return Vec::new() };
        let n = self.state.gases.len();
        let deviation = |i: usize| self.best.chosen[i].1;
        (0..n)
            .flat_map(|i| {
                let row = solved.covariance(i);
                (0..n).map(move |j| row[j] * deviation(i) * deviation(j)).collect::<Vec<f64>>()
            })
            .collect()
    }

    /// Its gases in the order of strengths.
    pub(super) fn order(&self) -> Vec<usize> {
        self.state.gases.iter().map(|g| g.0).collect()
    }

    /// How much the residual asks for each gas that is not yet in: the square of its score.
    pub(super) fn wants(&self, dictionary: &Dictionary, data: &Data) -> Vec<(f64, usize)> {
        let tau = self.best.tau;
        let ask = |g: usize| {
            let at = dictionary.gases[g].first;
            let Some(solved) = &self.best.solved else { return data.b[at].powi(2) / tau };
            let q: Vec<f64> = self
                .best
                .chosen
                .iter()
                .map(|&(i, s)| dictionary.product(at, i) * s / tau)
                .collect();
            let explained: f64 = q.iter().zip(&solved.strengths).map(|(q, s)| q * s).sum();
            let shared: f64 = q.iter().zip(solved.apply(q.clone())).map(|(q, s)| q * s).sum();
            (data.b[at] / tau - explained).powi(2) / (1.0 / tau - shared).max(1e-9)
        };
        let mut wants: Vec<(f64, usize)> = (0..dictionary.gases.len())
            .filter(|g| self.gases.binary_search(g).is_err())
            .map(|g| (ask(g), g))
            .collect();
        wants.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        wants
    }
}

/// What a gas that nobody listed adds to the best state.
#[derive(Debug, Clone, Copy, Default)]
struct Beside {
    /// ln of the sum of evidence over that of the best.
    ln: f64,
    /// Share of it with such a gas.
    share: f64,
}

/// Tries a gas that nobody listed: every other r where there was none, else those around its own.
fn beside_unlisted(
    dictionary: &Dictionary,
    data: &Data,
    state: &mut State,
    best: &mut Solution,
) -> Beside {
    let own = state.unlisted;
    let asked = |u: &usize| match own {
        0 => *u > 0 && u.is_multiple_of(2),
        own => *u == 0 || u.abs_diff(own) == 1,
    };
    let mut ln = vec![(own, best.ln)];
    for unlisted in (0..=SNR.len()).filter(asked) {
        let other = State { unlisted, ..state.clone() };
        let solution = solution(dictionary, data, &other);
        ln.push((unlisted, solution.ln));
        if solution.ln > best.ln {
            (*state, *best) = (other, solution);
        }
    }
    let all: Vec<f64> = ln.iter().map(|l| l.1).collect();
    let total = ln_sum_exp(&all);
    let none = ln.iter().filter(|l| l.0 == 0).map(|l| (l.1 - total).exp()).sum::<f64>();
    Beside { ln: total - best.ln, share: 1.0 - none }
}

/// The states that differ in one scale: that of a gas, then surface, then τ.
fn options(state: &State, scale: usize, all: bool) -> impl Iterator<Item = State> + use<> {
    let gases = state.gases.len();
    let range = match scale.checked_sub(gases) {
        None if all => 0..SNR.len(),
        None => {
            let at = state.gases[scale].1;
            at.saturating_sub(AROUND)..(at + AROUND + 1).min(SNR.len())
        }
        Some(0) => 0..SURFACE.len(),
        Some(_) => 0..NOISE.len(),
    };
    let state = state.clone();
    range.map(move |value| {
        let mut other = state.clone();
        match scale.checked_sub(gases) {
            None => other.gases[scale].1 = value,
            Some(0) => other.surface = value,
            Some(_) => other.noise = value,
        }
        other
    })
}

fn solution(dictionary: &Dictionary, data: &Data, state: &State) -> Solution {
    let loose: f64 =
        state.gases.iter().map(|&(g, r)| SNR[r].powi(2) * dictionary.gases[g].loose).sum();
    let unlisted = state.unlisted_snr().powi(2) * dictionary.unlisted_loose;
    let tau = NOISE[state.noise].0 + loose + unlisted;
    let chosen = chosen(dictionary, state, tau);
    let k = chosen.len();
    let mut a = vec![0.0; k * k];
    for (i, &(at, s)) in chosen.iter().enumerate() {
        for (j, &(other, t)) in chosen[..=i].iter().enumerate() {
            a[i * k + j] = s * t * dictionary.product(at, other) / tau;
        }
        a[i * k + i] += 1.0;
    }
    let b: Vec<f64> = chosen.iter().map(|&(at, s)| s * data.b[at] / tau).collect();
    let solved = solve(a, b);
    let noise = 0.5 * (data.square * (1.0 - tau.recip()) - dictionary.bands * tau.ln());
    let fit = solved.as_ref().map_or(0.0, |s| s.ln_evidence + one_sign(s, state.gases.len()));
    Solution { ln: noise + fit + state.ln_prior(dictionary), tau, chosen, solved }
}

/// Directions in use, with their prior deviations.
fn chosen(dictionary: &Dictionary, state: &State, tau: f64) -> Vec<(usize, f64)> {
    let own = state.gases.iter().map(|&(g, r)| (dictionary.gases[g].first, SNR[r]));
    let misfit = state.gases.iter().flat_map(|&(g, r)| {
        let gas = &dictionary.gases[g];
        (gas.first + 1..gas.end).map(move |at| (at, SNR[r]))
    });
    let surface = SURFACE[state.surface].0;
    let surfaces = dictionary.surface.clone().map(|at| (at, surface));
    let unlisted = state.unlisted_snr();
    let unlisteds = dictionary.unlisted.clone().map(|at| (at, unlisted));
    let long =
        |&(at, s): &(usize, f64)| s * s * dictionary.product(at, at) > TOO_SHORT.powi(2) * tau;
    own.chain(misfit.chain(surfaces).chain(unlisteds).filter(long)).collect()
}

fn one_sign(solved: &Solved, gases: usize) -> f64 {
    if gases < 2 {
        return 0.0;
    }
    let (mut up, mut down) = (0.5_f64.ln(), 0.5_f64.ln());
    for i in 0..gases {
        let zeta = solved.strengths[i] / solved.variance(i).sqrt();
        up += (2.0 * upper_tail(-zeta)).max(1e-300).ln();
        down += (2.0 * upper_tail(zeta)).max(1e-300).ln();
    }
    ln_sum_exp(&[up, down])
}
