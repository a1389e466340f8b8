//! Whether there is a hidden source at a place: a chain of five states.
//!
//! | | state | |
//! |---|---|---|
//! | n | nothing | what is seen here is false |
//! | i₀, i₁ | an innocent emitter, quiet or emitting | |
//! | h₀, h₁ | a hidden source, quiet or emitting | |
//!
//! ```text
//! age:    h → h e^(−Δ/T_h) + (1 − i) (1 − e^(−Δ/T_h)) π_h,     the same of i; n takes the rest
//!         share emitting f → d + (f − d) e^(−Δ/τ)
//! weigh:  p_s → p_s ℓ_s / Σ p ℓ
//! seen at z, expected N(z; x, S):       ℓ = 1 of n, i₀, h₀;   (1 − P) + P N / λ' of i₁, h₁
//! searched and not seen:                ℓ = 1 of n, i₀, h₀;    1 − P of i₁, h₁
//! told, true in a share q of cases:     ℓ = 1 of n;  1 + m q N / π_h of i;  1 + q N / π_h of h
//! the observation that the site began with: N = 1 a square kilometre, nothing else made it, and λ and
//!                                          odds o = q / (1 − q) stand for λ' and q
//! ```
//!
//! `π` a priori sources a square kilometre, `d` share of the time they emit, `τ` memory of emission, `T` mean
//! life in one place, `P` probability of detection, `λ` false detections a square kilometre, `N` density a
//! square kilometre, `m` how much oftener than nothing an innocent emitter is told of as a hidden source.
//! `λ' = λ + P (d_h π_h + d_i π_i)`: what is seen beside a site may be false, or of another that nobody knows yet; what
//! is told may be about another, which is why `q` and not `o` stands there. What is told with a grade is true with that grade's share: alone, it makes a site that probable.
//!
//! It stops being true where more than one source lies within the gate of the other, where `π` reaches 0.1 a
//! square kilometre, where false detections come in clusters that no register names, where a collector's
//! untruths are not spread evenly over the ground but follow rumours (bounded by
//! `most_of_one_factor`), and where emission follows the clock rather than chance.
//!
//! The states are Markov chain two of Mušicki & Evans (2004), *Joint integrated probabilistic data
//! association: JIPDA*, IEEE Trans. Aerospace and Electronic Systems 40, 1093 (exists and seen, exists and unseen,
//! does not exist), with a second kind of emitter beside. Gates and false detections: Bar-Shalom & Li (1995),
//! *Multitarget-Multisensor Tracking*.

use cathartes_core::{observation::Sight, units::Seconds};

use crate::beliefs::Beliefs;

/// No state is ever ruled out for good.
const LEAST: f64 = 1e-200;

/// What an observation says of each state: n, i₀, i₁, h₀, h₁.
pub(crate) type Likelihood = [f64; 5];

/// Probabilities of the states.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Chain([f64; 5]);

impl Chain {
    /// What is believed beforehand, where `licensed_per_km2` is the density of known emitters here.
    pub(crate) fn before(beliefs: &Beliefs, licensed_per_km2: f64) -> Self {
        let (h, i) = (beliefs.hidden_per_km2, beliefs.innocent_per_km2 + licensed_per_km2);
        let (f, g) = (beliefs.hidden_emits_fraction, beliefs.innocent_emits_fraction);
        let mut chain = Self([1.0, i * (1.0 - g), i * g, h * (1.0 - f), h * f]);
        chain.weigh(&[1.0; 5]);
        chain
    }

    /// ln of the odds of a hidden source.
    pub(crate) fn ln_odds(&self) -> f64 {
        let [n, i0, i1, h0, h1] = self.0;
        (h0 + h1).ln() - (n + i0 + i1).ln()
    }

    pub(crate) fn weigh(&mut self, likelihood: &Likelihood) {
        let mut sum = 0.0;
        for (p, l) in self.0.iter_mut().zip(likelihood) {
            *p *= l;
            sum += *p;
        }
        self.0 = self.0.map(|p| (p / sum).max(LEAST));
    }

    pub(crate) fn age(&mut self, by: Seconds, beliefs: &Beliefs) {
        let kept = |life: Seconds| (-by.0 / life.0).exp();
        let (stay, forget) = (kept(beliefs.innocent_life), kept(beliefs.emission_memory));
        let [_, i0, i1, h0, h1] = self.0;
        let (innocent, hidden) = (i0 + i1, h0 + h1);
        let grown = |[quiet, emitting]: [f64; 2], share: f64, stay: f64, born: f64| {
            let all = quiet + emitting;
            let (f, born) = (share + (emitting / all - share) * forget, born * (1.0 - stay));
            [all * stay * (1.0 - f) + born * (1.0 - share), all * stay * f + born * share]
        };
        let born = (1.0 - hidden) * beliefs.innocent_per_km2;
        let [i0, i1] = grown([i0, i1], beliefs.innocent_emits_fraction, stay, born);
        let (stay, born) = (kept(beliefs.hidden_life), (1.0 - innocent) * beliefs.hidden_per_km2);
        let [h0, h1] = grown([h0, h1], beliefs.hidden_emits_fraction, stay, born);
        self.0 = [(1.0 - i0 - i1 - h0 - h1).max(LEAST), i0, i1, h0, h1];
    }
}

/// A sensor saw something; `per_km2` its density where it is, none for what the site began with.
pub(crate) fn seen(sight: &Sight, per_km2: Option<f64>, beliefs: &Beliefs) -> Likelihood {
    let (probability, alarms) = (sight.detection_probability, sight.false_alarms_per_km2);
    let Some(density) = per_km2 else {
        let one = probability / alarms;
        return [1.0, 0.0, one, 0.0, one];
    };
    let unknown = beliefs.hidden_emits_fraction * beliefs.hidden_per_km2
        + beliefs.innocent_emits_fraction * beliefs.innocent_per_km2;
    let one = 1.0 - probability + probability * density / (alarms + probability * unknown);
    [1.0, 1.0, one, 1.0, one]
}

/// A sensor looked and saw nothing.
pub(crate) fn clean(probability: f64) -> Likelihood {
    [1.0, 1.0, 1.0 - probability, 1.0, 1.0 - probability]
}

/// Somebody told; `odds` of being true, or their share, over the density of hidden sources, times the
/// density here.
pub(crate) fn told(odds: f64, began: bool, beliefs: &Beliefs) -> Likelihood {
    let m = beliefs.mistaken_ratio;
    if began {
        return [1.0, m * odds, m * odds, odds, odds];
    }
    let (i, h) = (1.0 + m * odds, 1.0 + odds);
    let bound = (beliefs.most_of_one_factor / h).min(1.0);
    let (i, h) = ((i * bound).max(1.0), h * bound);
    [1.0, i, i, h, h]
}

/// Somebody went there and saw nothing.
pub(crate) fn nothing_there(truth_probability: f64, overlooked_probability: f64) -> Likelihood {
    let h = 1.0 - truth_probability * (1.0 - overlooked_probability);
    [1.0, 1.0, 1.0, h, h]
}

/// The gases fit a kind of emitter of interest better (or worse) than an innocent one. Good for a hidden
/// source it speaks against an innocent one, and the other way about; of noise it says nothing.
pub(crate) fn profile(ln_ratio: f64) -> Likelihood {
    let (i, h) = ((-ln_ratio.max(0.0)).exp(), ln_ratio.min(0.0).exp());
    [1.0, i, i, h, h]
}

#[cfg(test)]
mod tests;
