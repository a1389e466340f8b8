//! What a search costs and what it finds: `cargo bench` of the pipeline's `search` bench, and the
//! whole chain of the release executable on a line written to a file.

use std::process::ExitCode;

use anyhow::{Result, ensure};

use crate::{
    cost,
    stage::{self, cargo},
};

/// The line the whole chain is timed on: 598 x 2,000 pixels, 425 bands, ground as varied as a real
/// AVIRIS-NG chip.
const LINE: &str = "fixtures/recipes/calm-line.toml";

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
    let line = folder.path().join("line");
    let made = cathartes().args(["simulate", LINE]).arg("--out").arg(&line).status()?;
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
