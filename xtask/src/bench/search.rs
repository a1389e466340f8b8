//! What a search costs and what it finds: `cargo bench` of the pipeline's `search` bench.

use std::process::ExitCode;

use anyhow::Result;

use crate::stage::{self, cargo};

pub(crate) fn detect(words: &[&str]) -> Result<ExitCode> {
    run("detect", words)
}

pub(crate) fn quality(words: &[&str]) -> Result<ExitCode> {
    run("quality", words)
}

fn run(what: &str, words: &[&str]) -> Result<ExitCode> {
    let mut bench =
        cargo(&["bench", "--package", "cathartes-pipeline", "--bench", "search", "--quiet", "--"]);
    bench.arg(what).args(words);
    Ok(if stage::succeeds(&mut bench)? { ExitCode::SUCCESS } else { ExitCode::from(2) })
}
