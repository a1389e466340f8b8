//! Authorities and tracks to certificates. Pure functions: no file, no clock, no die.
//!
//! [`Airspace`] is made once of the authorities that hold together; [`Airspace::certify`] claims, leg by leg, how a
//! track keeps to them. `docs/certificate.md` says what is claimed. [`differences`] holds two tracks of one flight against
//! each other.

mod airspace;
mod certify;
mod differ;
mod footprint;
mod outline;
mod path;
mod searched;
mod vector;
mod vertical;
mod when;
mod why;

pub use airspace::{Airspace, AirspaceError, Certified};
pub use differ::differences;
pub use footprint::{Mount, footprint, middle};
pub use path::onward;
pub use searched::{Look, SearchedArea, searched};
