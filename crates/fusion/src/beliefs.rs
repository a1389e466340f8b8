//! What is believed before anything is observed. Every figure enters the ledger by name; an analyst's
//! office sets its own.

use cathartes_core::{
    observation::{Credibility, Grade, Reliability},
    units::Seconds,
};

const DAY_S: f64 = 86_400.0;

/// How common sites are, how they emit, how long they last, and what a grade is worth.
#[derive(Debug, Clone, PartialEq)]
pub struct Beliefs {
    /// Hidden sources a square kilometre; under 0.1.
    pub hidden_per_km2: f64,
    /// Emitters that are innocent and in no register, a square kilometre; under 0.1.
    pub innocent_per_km2: f64,
    /// Share of the time that a hidden source emits.
    pub hidden_emits_fraction: f64,
    /// The same of an innocent or licensed one.
    pub innocent_emits_fraction: f64,
    /// How long it takes emission to forget its state.
    pub emission_memory: Seconds,
    /// Mean life of a hidden source in one place.
    pub hidden_life: Seconds,
    /// Mean life of an innocent emitter in one place.
    pub innocent_life: Seconds,
    /// Share of what is told by collectors of reliability A to F that turned out true, at
    /// credibility 3.
    pub true_fraction: [f64; 6],
    /// What credibility 1 to 6 multiplies the odds of being true by.
    pub credibility_factor: [f64; 6],
    /// How much oftener an innocent emitter is told of as a site than nothing is, against a hidden one.
    pub mistaken_ratio: f64,
    /// One thing told cannot multiply the odds of a site known already by more than this: what is
    /// rumoured is told again at the same place.
    pub most_of_one_factor: f64,
    /// Probability that somebody who goes to a site overlooks it.
    pub overlooked_probability: f64,
    /// Share of observations of a site that may fall outside of its gate.
    pub outside_gate_fraction: f64,
}

impl Default for Beliefs {
    fn default() -> Self {
        Self {
            hidden_per_km2: 0.001,
            innocent_per_km2: 0.002,
            hidden_emits_fraction: 0.4,
            innocent_emits_fraction: 0.7,
            emission_memory: Seconds(6.0 * 3600.0),
            hidden_life: Seconds(400.0 * DAY_S),
            innocent_life: Seconds(7300.0 * DAY_S),
            true_fraction: [0.95, 0.8, 0.6, 0.4, 0.2, 0.3],
            credibility_factor: [4.0, 2.0, 1.0, 0.5, 0.25, 1.0],
            mistaken_ratio: 0.02,
            most_of_one_factor: 100.0,
            overlooked_probability: 0.2,
            outside_gate_fraction: 0.003,
        }
    }
}

impl Beliefs {
    /// Odds that what is told with a grade is true.
    #[must_use]
    pub fn odds_ratio(&self, grade: Grade) -> f64 {
        let row = match grade.reliability {
            Reliability::A => 0,
            Reliability::B => 1,
            Reliability::C => 2,
            Reliability::D => 3,
            Reliability::E => 4,
            Reliability::F => 5,
        };
        let column = match grade.credibility {
            Credibility::Confirmed => 0,
            Credibility::ProbablyTrue => 1,
            Credibility::PossiblyTrue => 2,
            Credibility::Doubtful => 3,
            Credibility::Improbable => 4,
            Credibility::CannotBeJudged => 5,
        };
        let fraction = self.true_fraction[row];
        fraction / (1.0 - fraction) * self.credibility_factor[column]
    }

    /// Largest squared distance in deviations within the gate: χ² of two degrees of freedom.
    pub(crate) fn gate(&self) -> f64 {
        -2.0 * self.outside_gate_fraction.ln()
    }
}
