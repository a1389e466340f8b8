//! `cargo xtask prove`: what the policies of releases keep to, proved by a solver.
//!
//! `prove/` is a workspace of its own: the first build takes minutes, the proof itself less than a second.

use std::process::ExitCode;

use anyhow::Result;

use crate::{
    setup,
    stage::{self, cargo},
};

pub(crate) fn run() -> Result<ExitCode> {
    Ok(if proved()? { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

pub(crate) fn proved() -> Result<bool> {
    setup::for_proofs()?;
    stage::succeeds(&mut cargo(&[
        "run",
        "--release",
        "--quiet",
        "--manifest-path",
        "prove/Cargo.toml",
    ]))
}
