//! What the audit log costs: a commit, proofs from ten million entries, reading all of them again. Words: `commits=N`, `entries=N`,
//! `folder=DIR`, `keep=DIR`. The figures go to docs/validation/release.md.

use std::process::ExitCode;

use anyhow::Result;

use crate::stage::{self, cargo};

pub(crate) fn run(arguments: &[&str]) -> Result<ExitCode> {
    let mut bench = cargo(&["bench", "--package", "cathartes-store", "--bench", "audit", "--"]);
    bench.args(arguments);
    Ok(if stage::succeeds(&mut bench)? { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
