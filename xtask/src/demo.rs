//! `cargo xtask demo`: the whole job on a fresh machine, in one command.

use std::process::ExitCode;

use anyhow::Result;

use crate::bench;

pub(crate) fn run() -> Result<ExitCode> {
    let mut cathartes = bench::executable()?;
    let status = cathartes.arg("--help").status()?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
