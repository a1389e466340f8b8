//! Plumes of known rate through the real search: whether masses, rates, false-alarm probabilities
//! and look-alikes are what they say. Minutes; the figures go to docs/validation/plumes.md.

use std::process::ExitCode;

use anyhow::Result;

use crate::stage::{self, cargo};

pub(crate) fn run(arguments: &[&str]) -> Result<ExitCode> {
    let mut test = cargo(&["test", "--package", "cathartes-pipeline", "--test", "plumes"]);
    test.args(arguments).args(["--", "--ignored", "--nocapture", "--test-threads", "1"]);
    Ok(if stage::succeeds(&mut test)? { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
