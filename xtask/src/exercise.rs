//! `cargo xtask exercise [SEED]`: the loop at work, on simulated recipients, and killed between any two steps. Minutes; the
//! figures go to docs/validation/release.md.

use std::process::ExitCode;

use anyhow::Result;

use crate::stage::{self, cargo};

pub(crate) fn run(seed: Option<&str>) -> Result<ExitCode> {
    // The form of the gate's build, so that nothing is built twice.
    let mut test = cargo(&["test", "--workspace", "--test", "exercise", "--"]);
    test.args(["--include-ignored", "--nocapture", "--test-threads", "1"]);
    if let Some(seed) = seed {
        test.env("SEED", seed);
    }
    Ok(if stage::succeeds(&mut test)? { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
