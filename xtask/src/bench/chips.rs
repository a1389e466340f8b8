//! Plumes put into a piece of real radiance: how well each filter shows them, and whether anything is
//! claimed. The figures go to docs/validation/chips.md.

use std::process::ExitCode;

use anyhow::Result;

use crate::stage::{self, cargo};

pub(crate) fn run(arguments: &[&str]) -> Result<ExitCode> {
    let mut test = cargo(&["test", "--package", "cathartes-pipeline", "--test", "real_chips"]);
    test.args(arguments).args(["--", "--include-ignored", "--nocapture", "--test-threads", "1"]);
    Ok(if stage::succeeds(&mut test)? { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
