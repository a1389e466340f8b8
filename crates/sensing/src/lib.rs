//! Radiance to enhancement, plumes and rates.
//!
//! Pure functions: no file, no clock, no unseeded number. The same input and seed give the same
//! bits whatever the thread count.

pub mod maps;
pub mod plumes;
pub mod signature;
pub mod rate;
