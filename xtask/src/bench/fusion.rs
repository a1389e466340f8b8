//! Sites of made-up worlds: whether probabilities mean what they say, whether ellipses hold, against plain
//! clustering; then how fast a million observations are fused, and how fast a record of fewer is folded. The figures go to docs/validation/fusion.md.

use std::process::ExitCode;

use anyhow::Result;

use crate::stage::{self, cargo};

pub(crate) fn run(words: &[&str]) -> Result<ExitCode> {
    let package = ["--release", "--package", "cathartes-fusion"];
    let mut worlds = cargo(&["test"]);
    worlds.args(package).args(["--test", "worlds", "--", "--ignored", "--nocapture"]);
    if let Some(range) = words.iter().find(|w| w.contains(':')) {
        worlds.env("FUSION_WORLDS", range);
    }
    let mut speed = cargo(&["bench", "--package", "cathartes-fusion", "--bench", "speed", "--"]);
    speed.args(words.iter().filter(|w| w.contains('=')));
    let mut fold = cargo(&["bench", "--package", "cathartes-pipeline", "--bench", "fold", "--"]);
    fold.args(words.iter().filter(|w| w.contains('=')));
    let passed = stage::succeeds(&mut worlds)? & stage::succeeds(&mut speed)?;
    Ok(if stage::succeeds(&mut fold)? && passed { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
