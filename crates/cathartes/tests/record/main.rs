//! The record through the executable: served, imported into, killed, copied, checked.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

mod audit;
mod browser;
mod bucket;
mod chain;
mod ground;
mod guide;
mod kill;
mod others;
#[path = "../../../store/tests/support/postgres.rs"]
mod postgres;
mod recipients;
mod releases;
mod served;
mod sign_in;
mod sites;
mod tiles;
mod tls;

use std::{
    path::Path,
    process::{Command, Output},
};

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_cathartes");

pub(crate) fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

pub(crate) fn run(words: &[&str]) -> Output {
    Command::new(PROGRAM).args(words).output().unwrap()
}

/// Runs what must succeed; what it says on standard output.
pub(crate) fn done(words: &[&str]) -> String {
    let output = run(words);
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
