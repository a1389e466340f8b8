//! What kind of emitter a plume speaks for.
//!
//! A kind E says of every gas g how probable it is that a plume holds it, `q_g(E)`. Identification said
//! how probable it is that *this* plume does, `P_g`, from a prior `π` the same for all. Gases judged one by
//! one, what the spectrum says of the kind is
//!
//! ```text
//! p(spectrum | E) / p(spectrum) = Π_g [ q_g(E) P_g/π + (1 − q_g(E)) (1 − P_g)/(1 − π) ],
//! P(E) ∝ prior weight × that.
//! ```
//!
//! Presence and absence both count, each as far as it was seen: a gas of which nothing is known has `P = π`
//! and a factor of one. Of gases that a profile does not name `q` is [`STRAY`]: places have neighbours. A
//! group of gases not to be told apart is one gas, there when any of them is. Gases that the instrument
//! does not see do not count, and are said.
//!
//! Two kinds are not told apart when no gas that is seen is more probable for one than for the other by
//! [`DIFFERENT`]. Only kinds with a profile compete; a place of another kind is taken for one of
//! these. Nothing here knows where the plume is: what is licensed there is another matter.
//!
//! Good (1950), Probability and the Weighing of Evidence.

use cathartes_core::{
    emitter::{Contribution, EmitterKind, EmitterVerdict, KindProbability, Standing},
    identification::{Identification, Likelihood},
};

/// Probability that a plume holds a gas which its kind does not give off.
const STRAY: f64 = 0.02;
/// Difference of presence from which a gas tells two kinds apart.
const DIFFERENT: f64 = 0.3;
/// Kinds below this probability need not be told apart from the first.
const WORTH_TELLING: f64 = 0.05;

/// A gas, or a group that cannot be told apart, as it was seen.
struct Unit {
    gases: Vec<String>,
    /// P.
    seen: f64,
    /// π.
    prior: f64,
}

impl Unit {
    /// q of a kind.
    fn presence(&self, kind: &EmitterKind) -> f64 {
        let of = |gas: &String| {
            let given = kind.gases.iter().find(|g| g.gas == *gas);
            given.map_or(0.0, |g| g.presence_probability)
        };
        let none: f64 = self.gases.iter().map(|gas| 1.0 - of(gas)).product();
        (1.0 - none).clamp(STRAY, 1.0 - STRAY)
    }

    fn ln_evidence(&self, kind: &EmitterKind) -> f64 {
        let q = self.presence(kind);
        let there = q * self.seen / self.prior;
        let not = (1.0 - q) * (1.0 - self.seen) / (1.0 - self.prior);
        (there + not).max(1e-12).ln()
    }
}

/// The kinds of emitter that a plume may be from.
#[must_use]
pub fn judge(plume: &Identification, kinds: &[EmitterKind]) -> EmitterVerdict {
    let units = units(plume);
    let mut weighed: Vec<(f64, &EmitterKind)> = kinds
        .iter()
        .map(|kind| {
            let seen: f64 = units.iter().map(|u| u.ln_evidence(kind)).sum();
            (kind.prior_weight.ln() + seen, kind)
        })
        .collect();
    weighed.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.id.cmp(&b.1.id)));
    let top = weighed.first().map_or(0.0, |w| w.0);
    let total: f64 = weighed.iter().map(|w| (w.0 - top).exp()).sum();
    let judged: Vec<KindProbability> =
        weighed.iter().map(|(ln, kind)| of_kind((ln - top).exp() / total, kind, &units)).collect();
    let of_interest = judged.iter().filter(|k| k.standing == Standing::OfInterest);
    EmitterVerdict {
        of_interest_probability: of_interest.map(|k| k.probability).sum(),
        not_told_apart: not_told_apart(&judged, &weighed, &units),
        unseen: unseen(plume, kinds),
        kinds: judged,
    }
}

/// Every group once, and every gas in none.
fn units(plume: &Identification) -> Vec<Unit> {
    let prior = plume.prior_probability.clamp(1e-6, 0.5);
    let unit = |gases: Vec<String>, seen: f64| Unit {
        prior: 1.0 - (1.0 - prior).powi(gases.len() as i32),
        seen: seen.clamp(0.0, 1.0),
        gases,
    };
    let groups = plume.groups.iter().map(|g| unit(g.gases.clone(), g.probability));
    let alone = plume.gases.iter().filter(|g| g.group.is_none());
    groups.chain(alone.map(|g| unit(vec![g.gas.clone()], g.probability))).collect()
}

fn of_kind(probability: f64, kind: &EmitterKind, units: &[Unit]) -> KindProbability {
    let mut contributions: Vec<Contribution> = units
        .iter()
        .map(|u| Contribution { gases: u.gases.clone(), ln_evidence_ratio: u.ln_evidence(kind) })
        .collect();
    contributions.sort_by(|a, b| b.ln_evidence_ratio.abs().total_cmp(&a.ln_evidence_ratio.abs()));
    KindProbability {
        id: kind.id.clone(),
        name: kind.name.clone(),
        standing: kind.standing,
        probability,
        likelihood: Likelihood::of(probability),
        contributions,
    }
}

/// The first kind and those that no gas seen tells from it; nothing when it stands apart.
fn not_told_apart(
    judged: &[KindProbability],
    weighed: &[(f64, &EmitterKind)],
    units: &[Unit],
) -> Vec<String> {
    let Some((_, first)) = weighed.first() else { return Vec::new() };
    let same = |kind: &EmitterKind| {
        units.iter().all(|u| (u.presence(kind) - u.presence(first)).abs() < DIFFERENT)
    };
    let near = judged.iter().zip(weighed).skip(1);
    let doubles = near.filter(|(j, w)| j.probability >= WORTH_TELLING && same(w.1));
    let mut ids: Vec<String> = doubles.map(|(j, _)| j.id.clone()).collect();
    if !ids.is_empty() {
        ids.insert(0, first.id.clone());
    }
    ids
}

/// Gases of some profile that identification did not look for, by name.
fn unseen(plume: &Identification, kinds: &[EmitterKind]) -> Vec<String> {
    let all = kinds.iter().flat_map(|k| &k.gases);
    let mut names: Vec<String> =
        all.filter(|g| plume.of(&g.gas).is_none()).map(|g| g.gas.clone()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

#[cfg(test)]
mod tests;
