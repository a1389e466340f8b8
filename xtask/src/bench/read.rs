//! Reading the methane window of a flight line of 2 GB, every interleave, 1 and 2 threads, against a
//! plain read of the same bytes. A minute; the figures go to docs/validation/formats.md.

use std::process::ExitCode;

use anyhow::Result;

use crate::stage::{self, cargo};

pub(crate) fn run(arguments: &[&str]) -> Result<ExitCode> {
    let mut bench = cargo(&["bench", "--quiet", "--package", "cathartes-formats"]);
    bench.args(["--bench", "envi_read", "--"]).args(arguments);
    Ok(if stage::succeeds(&mut bench)? { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
