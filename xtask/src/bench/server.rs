//! A shift of analysts on one server, on both databases: p99 of calls, memory, bulk inserts.
//! The figures go to docs/validation/server.md.

use std::process::ExitCode;

use anyhow::Result;

use crate::stage::{self, cargo};

pub(crate) fn run(arguments: &[&str]) -> Result<ExitCode> {
    let mut bench = cargo(&["bench", "--package", "cathartes-server", "--bench", "load", "--"]);
    bench.args(arguments);
    Ok(if stage::succeeds(&mut bench)? { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
