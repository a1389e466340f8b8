//! Radiance to enhancement, plumes and rates.
//!
//! Pure functions: no file, no clock, no unseeded number. The same input and seed give the same
//! bits whatever the thread count.

pub mod bank;
pub mod emitter;
mod filter;
pub mod fitted;
pub mod follow;
pub mod identify;
pub mod invert;
mod linear;
pub mod little;
mod logarithm;
pub mod logistic;
pub mod look_alike;
pub mod maps;
mod masks;
pub mod normal;
pub mod plumes;
mod quantity;
pub mod rate;
pub mod search;
pub mod signature;
mod significance;
pub mod simulate;
mod sparse;
pub mod spatial;
mod statistics;
pub mod thermal;
#[cfg(test)]
mod toy;
