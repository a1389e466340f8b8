//! Sources of simulated sites: whether regions hold the truth nine times in ten, and whether nothing is
//! named where there is nothing.
//!
//! `cargo xtask bench sites` and `cargo xtask bench quiet` run the long ones. Seeds from 1000 on are
//! scored; `LOCATE_SITES=1:20` takes others, and those below 100 are for development.

#![expect(clippy::unwrap_used, reason = "a trial that cannot be set up has failed")]

#[path = "../judge/mod.rs"]
mod judge;
mod puffs;
mod sensors;
mod site;
mod trials;
mod weather;

mod tests;
