//! How simulated recipients behave, and what their link does to what is sent over it.
//!
//! All of this is **assumed**, written down before anything was run, and not changed after. Nobody has published how officers
//! answer notices of this kind; what is known is that few do (of over 1,200 notices of methane that a programme of the United
//! Nations sent, 15 were answered: UNEP, An Eye on Methane, 2024), and that in surveys the number of contacts raises response
//! more than anything else (C. Cook, F. Heath and R. L. Thompson, Educ. Psychol. Meas. 60, 821 (2000)). The model is the
//! simplest that has both:
//!
//! ```text
//! Every letter about a release is one chance for the next step of it: to open it, to assign it, to say what came of it.
//! P(the k-th letter at a step is acted on) = p_step w^(k−1)        w < 1: who did not act is less likely to, each time
//! to somebody above:  1 − (1 − p)/2                                half of what an officer leaves, the head has done
//! delay until then ~ exponential with the mean of the step         so most answers come early and some very late
//! ```
//!
//! A step that was taken gives one chance for the next without any letter. What was answered and lost on the way is sent again,
//! unchanged, when the next letter about it is noticed.

use rand::{Rng, RngExt};

/// What an officer may do next about a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Doing {
    Open,
    Assign,
    End,
}

/// A chance and how long it takes then, hours.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Chance {
    pub(crate) probability: f64,
    pub(crate) mean_h: f64,
}

/// How one body behaves.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Manner {
    pub(crate) code: &'static str,
    pub(crate) name: &'static str,
    /// To open, to assign, to say what came of it.
    pub(crate) steps: [Chance; 3],
    /// How much less each further letter does.
    pub(crate) wears_factor: f64,
    /// Share of openings after which it says that we are wrong, and can show it.
    pub(crate) disputes_share: f64,
    pub(crate) link: Link,
}

/// What a link does, both ways.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Link {
    pub(crate) lost_share: f64,
    pub(crate) twice_share: f64,
    pub(crate) delay_mean_h: f64,
}

const GOOD: Link = Link { lost_share: 0.01, twice_share: 0.01, delay_mean_h: 0.5 };
const BAD: Link = Link { lost_share: 0.3, twice_share: 0.15, delay_mean_h: 36.0 };

const fn chance(probability: f64, mean_h: f64) -> Chance {
    Chance { probability, mean_h }
}

/// The three of the exercise.
pub(crate) const ALL: [Manner; 3] = [
    Manner {
        code: "X-DILIGENT",
        name: "Unidad Diligente",
        steps: [chance(0.90, 12.0), chance(0.85, 24.0), chance(0.80, 288.0)],
        wears_factor: 0.8,
        disputes_share: 0.03,
        link: GOOD,
    },
    Manner {
        code: "X-LAZY",
        name: "Unidad Perezosa",
        steps: [chance(0.50, 72.0), chance(0.40, 120.0), chance(0.35, 480.0)],
        wears_factor: 0.8,
        disputes_share: 0.01,
        link: GOOD,
    },
    Manner {
        code: "X-LOSSY",
        name: "Unidad Remota",
        steps: [chance(0.85, 24.0), chance(0.80, 36.0), chance(0.75, 336.0)],
        wears_factor: 0.8,
        disputes_share: 0.03,
        link: BAD,
    },
];

impl Manner {
    /// After how many hours the k-th letter at a step is acted on, if it is.
    pub(crate) fn acts(
        &self,
        random: &mut impl Rng,
        (doing, letters): (Doing, u32),
        above: bool,
    ) -> Option<f64> {
        let Chance { probability, mean_h } = self.steps[doing as usize];
        let worn = probability * self.wears_factor.powi(letters.saturating_sub(1) as i32);
        let probability = if above { 1.0 - 0.5 * (1.0 - worn) } else { worn };
        let acted = random.random::<f64>() < probability;
        let after_h = exponential(random, mean_h);
        acted.then_some(after_h)
    }
}

impl Link {
    /// After how many hours what is sent arrives: never, once or twice.
    pub(crate) fn arrivals_h(&self, random: &mut impl Rng) -> Vec<f64> {
        let lost = random.random::<f64>() < self.lost_share;
        let twice = random.random::<f64>() < self.twice_share;
        let delays = [0; 2].map(|_| exponential(random, self.delay_mean_h));
        let count = if lost { 0 } else { 1 + usize::from(twice) };
        delays[..count].to_vec()
    }
}

fn exponential(random: &mut impl Rng, mean: f64) -> f64 {
    -(1.0 - random.random::<f64>()).ln() * mean
}

/// What a body that went there says, with what was there.
pub(crate) fn outcome(random: &mut impl Rng, there: bool) -> &'static str {
    // Likewise assumed. One in ten cannot act, whatever is there.
    let shares: &[(f64, &str)] = if there {
        &[
            (0.1, "cannot_act"),
            (0.6, "dismantled"),
            (0.85, "seized"),
            (0.92, "arrests"),
            (0.95, "already_known"),
            (1.0, "nothing_found"),
        ]
    } else {
        &[(0.1, "cannot_act"), (0.8, "nothing_found"), (1.0, "wrong_place")]
    };
    let draw = random.random::<f64>();
    let found = shares.iter().find(|(up_to, _)| draw < *up_to);
    found.map_or("nothing_found", |(_, outcome)| outcome)
}
