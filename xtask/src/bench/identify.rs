//! Gases of simulated plumes: calls against truth, smallest columns, kinds of emitter, and what a gas more
//! costs the bank. The figures go to docs/validation/identify.md.

use std::process::ExitCode;

use anyhow::Result;

use crate::stage::{self, cargo};

pub(crate) fn run(arguments: &[&str]) -> Result<ExitCode> {
    let mut test =
        cargo(&["test", "--release", "--package", "cathartes-pipeline", "--test", "identify"]);
    test.args(arguments).args(["--", "--include-ignored", "--nocapture", "--test-threads", "1"]);
    Ok(if stage::succeeds(&mut test)? { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

pub(crate) fn bank(arguments: &[&str]) -> Result<ExitCode> {
    let mut bench = cargo(&["bench", "--package", "cathartes-pipeline", "--bench", "bank"]);
    bench.args(arguments);
    Ok(if stage::succeeds(&mut bench)? { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
