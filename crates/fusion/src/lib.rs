//! Observations to sites, with the ledger that explains them.
//!
//! A [`Picture`] takes observations one by one, tells which site each belongs to, and gives any site
//! with its place, its probability and every term that made it. Pure functions: no file, no clock, no
//! die.

mod acts;
mod beliefs;
mod evidence;
mod existence;
mod gaussian;
mod ground;
mod index;
mod judge;
mod ledger;
mod line;
mod picture;
mod place;
mod words;

pub use acts::{Act, ActError, ActNumber};
pub use beliefs::Beliefs;
pub use gaussian::{Covariance, fused, intersected};
pub use picture::{Effect, Picture, PictureError};
