//! `cargo xtask build-time`: the cold release build of the executable, in a scratch folder.

use std::{fs, process::ExitCode, time::Instant};

use anyhow::Result;

use crate::stage::{self, cargo};

/// Longest a cold release build may take on two cores, s.
const LIMIT_S: f64 = 360.0;

pub(crate) fn run() -> Result<ExitCode> {
    let scratch = std::env::temp_dir().join(format!("cathartes-build-{}", std::process::id()));
    stage::succeeds(&mut cargo(&["fetch", "--locked", "--quiet"]))?;
    let (start, cpu) = (Instant::now(), children_cpu_s());
    let built = stage::succeeds(
        cargo(&["build", "--release", "--locked", "--package", "cathartes", "--quiet"])
            .env("CARGO_TARGET_DIR", &scratch),
    )?;
    let (wall, cpu) = (start.elapsed().as_secs_f64(), children_cpu_s() - cpu);
    let size = fs::metadata(scratch.join("release/cathartes")).map_or(0, |m| m.len());
    if scratch.exists() {
        fs::remove_dir_all(&scratch)?;
    }
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    println!(
        "cold release build on {cores} cores: {wall:.0} s wall, {cpu:.0} s CPU, executable {:.1} MB \
         (limit {LIMIT_S:.0} s wall)",
        size as f64 / 1e6
    );
    Ok(if built && wall <= LIMIT_S { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// CPU seconds of all children that have ended, user and system, from `/proc/self/stat`; zero where
/// there is none.
pub(crate) fn children_cpu_s() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The second field, the name, may hold spaces; it ends at the last bracket.
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    // cutime and cstime are fields 16 and 17 of the whole, 13 and 14 after the name.
    let ticks: f64 = fields.skip(13).take(2).filter_map(|t| t.parse::<f64>().ok()).sum();
    ticks / 100.0
}
