//! How fast certificates and plans are made. The figures go to docs/validation/flights.md.

use std::process::ExitCode;

use anyhow::Result;

use crate::stage::{self, cargo};

pub(crate) fn run(arguments: &[&str]) -> Result<ExitCode> {
    of_tasking("certificate", arguments)
}

pub(crate) fn plan(arguments: &[&str]) -> Result<ExitCode> {
    of_tasking("plan", arguments)
}

fn of_tasking(name: &str, arguments: &[&str]) -> Result<ExitCode> {
    let mut bench = cargo(&["bench", "--package", "cathartes-tasking", "--bench", name, "--"]);
    bench.args(arguments);
    Ok(if stage::succeeds(&mut bench)? { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
