//! Authorities and tracks to certificates, requirements and fleets to sorties. Pure functions: no file, no clock, no die
//! but a seeded one.
//!
//! [`Airspace`] is made once of the authorities that hold together; [`Airspace::certify`] claims, leg by leg, how a
//! track keeps to them. `docs/certificate.md` says what is claimed. [`differences`] holds two tracks of one flight against
//! each other, [`searched()`] says what a flight saw, and [`plan()`] sends a fleet to look at what somebody wants known, along
//! tracks that are certified as kept.

mod airspace;
mod certify;
mod differ;
mod footprint;
mod outline;
mod path;
mod plan;
mod searched;
mod vector;
mod vertical;
mod when;
mod why;

pub use airspace::{Airspace, AirspaceError, Certified};
pub use differ::differences;
pub use footprint::{Mount, footprint, middle};
pub use plan::{
    Conditions, Left, Method, Orders, Plan, PlanError, Planned, Problem, Tasking, plan,
};
pub use searched::{Look, SearchedArea, searched};
