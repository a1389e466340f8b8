//! Sorties for requirements: who is sent where, how it gets there and back, and how it looks.
//!
//! ```text
//! max Σ w p min(q, 1 − Π (1 − d))        over sorties that keep to the authorities, within endurance and time
//! ```
//! What a look is worth stands in `plan/value.rs`. [`Problem`] makes everything ready and is the exact oracle: a sortie is
//! possible when every piece of it is certified as kept at its time. [`Method`] chooses: greedily, by search, or by trying all.
//!
//! Each aircraft flies one sortie for one purpose. A prohibition that is in force at any time at which an aircraft may fly is
//! flown around at all times. Ways are the shortest in the plane, not the quickest in the wind.

use cathartes_core::{
    site::Site,
    sortie::{Fleet, Requirement, Sortie},
    units::{Kelvin, Kilopascals},
    wind::Wind,
};
use thiserror::Error;

use crate::{Airspace, Certified};

mod changes;
mod choose;
mod craft;
mod crew;
mod exact;
mod greedy;
mod lay;
mod level;
mod pattern;
mod plane;
mod problem;
mod room;
mod search;
mod steps;
mod sun;
mod value;

pub use problem::{Orders, Problem};

/// What the air is like.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Conditions {
    /// The wind, everywhere and all the time.
    pub wind: Wind,
    /// How much the ground differs from the air, when somebody knows.
    pub contrast: Option<Kelvin>,
    /// At mean sea level, when somebody knows: without it nothing is near a flight level for certain.
    pub pressure: Option<Kilopascals>,
}

/// What a plan is made of.
#[derive(Debug, Clone, Copy)]
pub struct Tasking<'a> {
    /// What may be flown.
    pub airspace: &'a Airspace,
    /// What there is to fly.
    pub fleet: &'a Fleet,
    /// What somebody wants known.
    pub requirements: &'a [Requirement],
    /// What is believed of sites; those that a requirement is about say how probable it is that there is anything.
    pub sites: &'a [Site],
    /// What the air is like.
    pub conditions: Conditions,
}

/// How sorties are chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// What adds most is added, again and again.
    Greedy,
    /// From there parts are taken out and put in again, so many times: same seed, same plan.
    Search {
        /// Of the dice.
        seed: u64,
        /// How many times.
        rounds: u32,
    },
    /// Everything is tried; for a few requirements.
    Exact,
}

impl Method {
    /// Search as thorough as it usually pays.
    #[must_use]
    pub fn usual(seed: u64) -> Self {
        Self::Search { seed, rounds: 10_000 }
    }
}

/// Why there is no plan.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PlanError {
    /// An empty fleet.
    #[error("the fleet has no aircraft; give at least one")]
    NoAircraft,
    /// Nothing to do.
    #[error("there is no requirement; give at least one")]
    NoRequirement,
    /// Two that cannot be told apart.
    #[error("two have the name `{0}`: give every aircraft and every requirement a name of its own")]
    SameName(String),
    /// A plan is of one part of the Earth.
    #[error(
        "`{0}` is more than 1,500 km from the middle of all: plan what is far apart one by one"
    )]
    TooFar(String),
    /// Too many to try.
    #[error("there are more than {most} orders to try for `{aircraft}`: search instead")]
    TooMany {
        /// Whose.
        aircraft: String,
        /// As many as are tried.
        most: usize,
    },
}

/// A sortie with what is claimed of its track, which is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    /// The flight.
    pub sortie: Sortie,
    /// What a certificate says.
    pub certified: Certified,
}

/// A requirement of which less is planned than was wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// Which.
    pub requirement: String,
    /// Why, and what would help.
    pub why: String,
}

/// Sorties, each certified as kept, and what is left.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// In the order of the fleet.
    pub sorties: Vec<Planned>,
    /// Requirements that nobody looks at, in their order.
    pub left: Vec<Left>,
    /// Σ w p min(q, 1 − Π (1 − d)) of all sorties together.
    pub expected_information_share: f64,
}

/// Plans sorties. Same arguments, same plan.
///
/// # Errors
///
/// [`PlanError`] for what cannot be planned at all; what cannot be flown is left in the plan with its reason.
pub fn plan(tasking: &Tasking<'_>, method: Method) -> Result<Plan, PlanError> {
    let problem = Problem::new(tasking)?;
    let orders = match method {
        Method::Greedy => problem.greedy(),
        Method::Search { seed, rounds } => problem.search(seed, rounds),
        Method::Exact => problem.exact()?,
    };
    Ok(problem.plan(&orders))
}

/// Whether names are names.
fn distinct(tasking: &Tasking<'_>) -> Result<(), PlanError> {
    let aircraft = tasking.fleet.aircraft.iter().map(|one| one.id.as_str());
    let requirements = tasking.requirements.iter().map(|one| one.id.as_str());
    for names in [aircraft.collect::<Vec<_>>(), requirements.collect()] {
        let mut names = names;
        names.sort_unstable();
        if let Some(pair) = names.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(PlanError::SameName(pair[0].to_owned()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
