//! `cargo xtask test`: everything a change must pass, in one run.

use std::process::{Command, ExitCode};

use anyhow::Result;

use crate::{
    setup,
    stage::{self, Stages, cargo},
    tidy, web,
};

/// Tests counted by their runners.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Counts {
    passed: u64,
    failed: u64,
    skipped: u64,
}

pub(crate) fn run() -> ExitCode {
    let mut stages = Stages::of(7);
    let mut counts = Counts::default();
    stages.run("set up", setup::for_tests);
    stages.run("workbench", web::checked);
    stages.run("fmt", || stage::succeeds(&mut cargo(&["fmt", "--all", "--check"])));
    stages.run("clippy", || {
        stage::succeeds(&mut cargo(&[
            "clippy",
            "--workspace",
            "--all-targets",
            "--quiet",
            "--",
            "-D",
            "warnings",
        ]))
    });
    stages.run("tidy", || tidy::passes(&crate::root()));
    stages.run("doc tests", || {
        counted(&mut cargo(&["test", "--workspace", "--doc", "--quiet"]), &mut counts)
    });
    stages.run("tests", || counted(&mut runner(), &mut counts));

    println!("\n{}", stages.table());
    println!("{}", counts.closing_line());
    if stages.passed() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// nextest where it is installed, else cargo's own runner.
fn runner() -> Command {
    if stage::output("cargo", &["nextest", "--version"]).is_some() {
        let mut command = cargo(&["nextest", "run", "--workspace", "--no-fail-fast"]);
        command.args(["--status-level", "slow", "--final-status-level", "fail"]);
        command.args(["--hide-progress-bar", "--no-tests", "fail"]);
        return command;
    }
    cargo(&["test", "--workspace", "--no-fail-fast", "--lib", "--bins", "--tests", "--quiet"])
}

fn counted(command: &mut Command, counts: &mut Counts) -> Result<bool> {
    let (passed, output) = stage::watched(command)?;
    counts.add(&output);
    Ok(passed)
}

impl Counts {
    /// Adds what the closing lines of cargo's runner and of nextest say:
    /// `test result: ok. 3 passed; 0 failed; 1 ignored; ...` and
    /// `Summary [ 0.5s] 12 tests run: 11 passed (1 slow), 1 failed, 2 skipped`.
    fn add(&mut self, output: &str) {
        for line in output.lines() {
            // nextest repeats the output of a failed test, indented: that one is counted already.
            if !line.starts_with("test result:") && !line.trim_start().starts_with("Summary [") {
                continue;
            }
            let words: Vec<&str> =
                line.split([' ', ',', ';', '(', ')']).filter(|w| !w.is_empty()).collect();
            for pair in words.windows(2) {
                let number = pair[0].parse().unwrap_or(0);
                match pair[1] {
                    "passed" => self.passed += number,
                    "failed" | "timed" => self.failed += number,
                    "ignored" | "skipped" => self.skipped += number,
                    _ => {}
                }
            }
        }
    }

    fn closing_line(self) -> String {
        let Self { passed, failed, skipped } = self;
        if skipped == 0 {
            format!("{passed} passed, {failed} failed")
        } else {
            format!("{passed} passed, {failed} failed, {skipped} skipped")
        }
    }
}

#[cfg(test)]
mod tests;
