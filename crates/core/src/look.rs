//! What a look at something is worth, so that those who have little time look first where it helps most.
//!
//! ```text
//! value(t) = u · c · 2^(−(t − t₀) / 14 d)
//! u = max(4 p (1 − p), 0.05)          p: probability that it exists; 1/2 when nobody knows
//! c = 1 + log₁₀(1 + r)                r: kg/h of a finding, 0 when unknown;
//!                                     of a site its observations times its gases, 9 when unknown
//! t₀: when it was last seen
//! ```
//!
//! A look is worth most where it is not known whether there is anything, where much gas comes out or much
//! was observed, and where it is fresh: half is lost in a fortnight. A site has no rate of its own; what
//! stands in its place is how much was observed of it and of how many gases, as several gases in one place
//! speak of a works rather than of a leak. A finding that hardly can be wrong still has a twentieth: some
//! errors are not in its numbers.
//!
//! Freshness falls alike for everything, so of two things the more valuable one stays so for ever. The
//! order can be written down once:
//!
//! ```text
//! rank = log₂(u · c) + t₀ / 14 d      larger rank ⇔ larger value, at every t
//! ```
//!
//! Not true where things do not age alike: a site that is watched every day and a single flight.

use jiff::{SignedDuration, Timestamp};

use crate::units::KgPerHour;

/// In this time half of the value is lost.
pub const HALF_LIFE_S: f64 = 14.0 * 86_400.0;
/// Nothing is so certain that a look is worth nothing.
const LEAST_UNCERTAINTY: f64 = 0.05;
/// Observations times gases of a site of which neither is known: a consequence of 2.
const USUAL_EVIDENCE: f64 = 9.0;

/// What the value of a look depends on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Look {
    /// How open it is whether it exists: 0.05 to 1.
    pub uncertainty_weight: f64,
    /// How much depends on it: 1 and more.
    pub consequence_weight: f64,
    /// When it was last seen.
    pub seen: Timestamp,
}

impl Look {
    /// At a plume or a source.
    #[must_use]
    pub fn at_finding(probability: Option<f64>, rate: Option<KgPerHour>, seen: Timestamp) -> Self {
        let rate = rate.map_or(0.0, |rate| rate.0);
        Self {
            uncertainty_weight: uncertainty_weight(probability),
            consequence_weight: consequence_weight(rate),
            seen,
        }
    }

    /// At a site, by how many observations count for it and how many gases were seen of it.
    #[must_use]
    pub fn at_site(
        probability: Option<f64>,
        evidence: Option<(usize, usize)>,
        seen: Timestamp,
    ) -> Self {
        let times = |(observations, gases): (usize, usize)| (observations * gases.max(1)) as f64;
        Self {
            uncertainty_weight: uncertainty_weight(probability),
            consequence_weight: consequence_weight(evidence.map_or(USUAL_EVIDENCE, times)),
            seen,
        }
    }

    /// What a look is worth at a moment; before it was seen as much as then.
    #[must_use]
    pub fn value_weight(&self, now: Timestamp) -> f64 {
        let age = now.duration_since(self.seen).max(SignedDuration::ZERO);
        self.uncertainty_weight
            * self.consequence_weight
            * (-age.as_secs_f64() / HALF_LIFE_S).exp2()
    }

    /// Puts looks in the order of their values, which is the same at every moment.
    #[must_use]
    pub fn rank_level(&self) -> f64 {
        let seen_s = self.seen.as_microsecond() as f64 * 1e-6;
        (self.uncertainty_weight * self.consequence_weight).log2() + seen_s / HALF_LIFE_S
    }
}

fn uncertainty_weight(probability: Option<f64>) -> f64 {
    let known = probability.filter(|p| (0.0..=1.0).contains(p));
    let p = known.unwrap_or(0.5);
    (4.0 * p * (1.0 - p)).max(LEAST_UNCERTAINTY)
}

fn consequence_weight(much: f64) -> f64 {
    // What is no number says nothing.
    if much.is_finite() && much > 0.0 { 1.0 + much.ln_1p() / std::f64::consts::LN_10 } else { 1.0 }
}

#[cfg(test)]
mod tests;
