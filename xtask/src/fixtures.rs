//! `cargo xtask fixtures gas`: data inside the program, made again from what it was made of.

use std::process::{Command, ExitCode};

use anyhow::{Context, Result};

/// Makes `crates/formats/data/gases.bin`; the work is an example of `cathartes-pipeline`, so that
/// this program need not link the libraries.
pub(crate) fn gas() -> Result<ExitCode> {
    let status = Command::new("cargo")
        .args(["run", "--quiet", "-p", "cathartes-pipeline", "--example", "gas-library"])
        .current_dir(crate::root())
        .status()
        .context("cargo")?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::from(2) })
}
