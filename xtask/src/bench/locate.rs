//! Sources of traces whose truth is known, through readers and writers: named, where, how much, how long.
//! The figures go to docs/validation/locate.md.

use std::process::ExitCode;

use anyhow::Result;

use crate::stage::{self, cargo};

pub(crate) fn run(arguments: &[&str]) -> Result<ExitCode> {
    let mut test =
        cargo(&["test", "--release", "--package", "cathartes-pipeline", "--test", "traces"]);
    test.args(arguments).args(["--", "--include-ignored", "--nocapture", "--test-threads", "1"]);
    Ok(if stage::succeeds(&mut test)? { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
