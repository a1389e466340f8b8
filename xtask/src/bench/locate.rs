//! Sources of gas traces: of known ones through readers and writers, of simulated sites, and of traces
//! without a source. The figures go to docs/validation/locate.md.

use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail, ensure};

use crate::stage::{self, cargo};

pub(crate) fn run(arguments: &[&str]) -> Result<ExitCode> {
    let mut test = test("traces");
    test.args(arguments).args(["--", "--include-ignored", "--nocapture", "--test-threads", "1"]);
    done(&mut test)
}

pub(crate) fn sites(words: &[&str]) -> Result<ExitCode> {
    trial("trials::nine_in_ten_regions_hold_the_source", words)
}

pub(crate) fn quiet(words: &[&str]) -> Result<ExitCode> {
    trial("trials::of_thirty_traces_without_a_source_at_most_one_names_one", words)
}

fn trial(name: &str, words: &[&str]) -> Result<ExitCode> {
    let mut test = test("sites");
    test.args(["--", "--ignored", "--exact", name, "--nocapture"]);
    if let Some(range) = range(words)? {
        test.env("LOCATE_SITES", range);
    }
    done(&mut test)
}

/// Seeds from and to, when they were asked for.
fn range(words: &[&str]) -> Result<Option<String>> {
    let [word] = words else {
        ensure!(words.is_empty(), "one range of seeds at most, as 1:20");
        return Ok(None);
    };
    let ends =
        word.split_once(':').and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
    let (from, to): (u64, u64) =
        ends.with_context(|| format!("`{word}`: write FROM:TO, as 1:20"))?;
    if from >= to {
        bail!("`{word}` holds no seed; the second number is the first one left out");
    }
    Ok(Some(format!("{from}:{to}")))
}

fn test(name: &str) -> Command {
    cargo(&["test", "--release", "--package", "cathartes-pipeline", "--test", name])
}

fn done(test: &mut Command) -> Result<ExitCode> {
    Ok(if stage::succeeds(test)? { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

#[cfg(test)]
mod tests;
