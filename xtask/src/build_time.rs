//! `cargo xtask build-time`: the cold release build of the executable, in a scratch folder.

use std::{fs, process::ExitCode};

use anyhow::Result;

use crate::{
    cost,
    stage::{self, cargo},
};

/// Longest a cold release build may take on two cores, s.
const LIMIT_S: f64 = 360.0;

pub(crate) fn run() -> Result<ExitCode> {
    let scratch = std::env::temp_dir().join(format!("cathartes-build-{}", std::process::id()));
    stage::succeeds(&mut cargo(&["fetch", "--locked", "--quiet"]))?;
    let mut build = cargo(&["build", "--release", "--locked", "--package", "cathartes", "--quiet"]);
    let (built, cost) = cost::of(build.env("CARGO_TARGET_DIR", &scratch))?;
    let size = fs::metadata(scratch.join("release/cathartes")).map_or(0, |m| m.len());
    if scratch.exists() {
        fs::remove_dir_all(&scratch)?;
    }
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    println!(
        "cold release build on {cores} cores: {:.0} s wall, {:.0} s CPU",
        cost.wall_s, cost.cpu_s
    );
    println!("executable: {:.1} MB; limit: {LIMIT_S:.0} s wall", size as f64 / 1e6);
    let kept = built && cost.wall_s <= LIMIT_S;
    Ok(if kept { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
