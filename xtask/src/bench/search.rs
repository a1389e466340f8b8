//! What a search costs and what it finds: `cargo bench` of the pipeline's `search` bench, and the
//! whole chain of the release executable on a line written to a file.

use std::{fs, process::ExitCode};

use anyhow::{Result, ensure};

use crate::{
    cost,
    stage::{self, cargo},
};

/// The line the whole chain is timed on: 598 x 2,000 pixels, 425 bands, ground as varied as a real
/// AVIRIS-NG chip.
const LINE: &str = r#"seed = 1
[scene]
lines = 2000
samples = 598
[instrument]
noise_scale = 0.34
[ground]
urban = 0.0
water = 0.0
green = 0.0
field_contrast = 0.3
variability = 0.5
[plumes]
count = 12
gas = "ch4"
kind = "puffs"
rate_kg_h = [20.0, 2000.0]
direction_std_deg = 20.0
"#;

pub(crate) fn detect(words: &[&str]) -> Result<ExitCode> {
    whole_chain()?;
    run("detect", words)
}

pub(crate) fn quality(words: &[&str]) -> Result<ExitCode> {
    run("quality", words)
}

pub(crate) fn empty(words: &[&str]) -> Result<ExitCode> {
    run("empty", words)
}

/// From opening the file to the last output, hot in the page cache, best of three.
fn whole_chain() -> Result<()> {
    let cathartes = super::executable()?;
    let folder = tempfile::tempdir_in(crate::root().join("target"))?;
    let (recipe, line) = (folder.path().join("line.toml"), folder.path().join("line"));
    fs::write(&recipe, LINE)?;
    let made = cathartes().arg("simulate").arg(&recipe).arg("--out").arg(&line).status()?;
    ensure!(made.success(), "the line could not be simulated");
    for threads in ["1", "2"] {
        let mut best = None;
        for _ in 0..3 {
            let mut detect = cathartes();
            detect.arg("detect").arg(&line).args(["--gas", "ch4", "--quiet", "--force", "--out"]);
            detect.arg(folder.path().join("out")).env("RAYON_NUM_THREADS", threads);
            let (done, cost) = cost::of(&mut detect)?;
            ensure!(done, "the line could not be searched");
            best = best.filter(|b: &cost::Cost| b.wall_s <= cost.wall_s).or(Some(cost));
        }
        if let Some(cost) = best {
            println!(
                "{threads} threads  auto, from open to the last output: wall {:.2} s  cpu {:.2} s  resident {:.2} GB",
                cost.wall_s,
                cost.cpu_s,
                cost.resident_mb / 1e3
            );
        }
    }
    Ok(())
}

fn run(what: &str, words: &[&str]) -> Result<ExitCode> {
    let mut bench =
        cargo(&["bench", "--package", "cathartes-pipeline", "--bench", "search", "--quiet", "--"]);
    bench.arg(what).args(words);
    Ok(if stage::succeeds(&mut bench)? { ExitCode::SUCCESS } else { ExitCode::from(2) })
}
