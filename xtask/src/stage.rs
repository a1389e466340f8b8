//! Stages of a long command: said when they start, timed when they end, told once more in a table.

use std::{
    io::{BufRead, BufReader, Read},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result};

/// What became of one stage.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Done {
    pub(crate) name: String,
    pub(crate) passed: bool,
    pub(crate) took: Duration,
}

/// The stages of one command.
#[derive(Debug, Default)]
pub(crate) struct Stages {
    total: usize,
    done: Vec<Done>,
}

impl Stages {
    pub(crate) fn of(total: usize) -> Self {
        Self { total, done: Vec::new() }
    }

    /// Runs one stage. An error is told at once and counts as failed; the stages after it still run,
    /// because one run should tell everything that is wrong.
    pub(crate) fn run(&mut self, name: &str, work: impl FnOnce() -> Result<bool>) {
        println!("[{}/{}] {name} ...", self.done.len() + 1, self.total);
        let start = Instant::now();
        let passed = work().unwrap_or_else(|error| {
            println!("error: {error:#}");
            false
        });
        let took = start.elapsed();
        let word = if passed { "ok" } else { "FAILED" };
        println!(
            "[{}/{}] {name}: {word}, {:.1} s",
            self.done.len() + 1,
            self.total,
            took.as_secs_f64()
        );
        self.done.push(Done { name: name.to_owned(), passed, took });
    }

    pub(crate) fn passed(&self) -> bool {
        self.done.iter().all(|d| d.passed)
    }

    pub(crate) fn table(&self) -> String {
        let row = |name: &str, word: &str, took: Duration| {
            format!("  {name:<12} {word:<7} {:>7.1} s\n", took.as_secs_f64())
        };
        let word = |passed: bool| if passed { "ok" } else { "FAILED" };
        let all: Duration = self.done.iter().map(|d| d.took).sum();
        let rows = self.done.iter().map(|d| row(&d.name, word(d.passed), d.took));
        rows.chain([row("together", "", all)]).collect()
    }
}

/// Runs a command with its output on ours; whether it succeeded.
pub(crate) fn succeeds(command: &mut Command) -> Result<bool> {
    let said = told(command);
    let status = command.stdin(Stdio::null()).status().with_context(|| missing(&said))?;
    Ok(status.success())
}

/// Runs a command, passes its output on line by line, and keeps it.
pub(crate) fn watched(command: &mut Command) -> Result<(bool, String)> {
    let said = told(command);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().with_context(|| missing(&said))?;
    let (out, err) = (child.stdout.take(), child.stderr.take());
    let kept = std::thread::scope(|scope| {
        let readers = [scope.spawn(|| out.map(pass_on)), scope.spawn(|| err.map(pass_on))];
        readers.into_iter().filter_map(|r| r.join().ok().flatten()).collect::<String>()
    });
    Ok((child.wait()?.success(), kept))
}

fn pass_on(pipe: impl Read) -> String {
    let mut kept = String::new();
    for line in BufReader::new(pipe).lines().map_while(Result::ok) {
        println!("{line}");
        kept.push_str(&line);
        kept.push('\n');
    }
    kept
}

/// The output of a quiet command; none when it is not there or does not succeed.
pub(crate) fn output(program: &str, arguments: &[&str]) -> Option<String> {
    let run = Command::new(program).args(arguments).stdin(Stdio::null()).output().ok()?;
    run.status.success().then(|| String::from_utf8_lossy(&run.stdout).into_owned())
}

/// `cargo` in the root of the workspace.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(crate::root());
    command
}

fn told(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let said = words.map(|w| w.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ");
    println!("    $ {said}");
    said
}

fn missing(said: &str) -> String {
    format!("`{said}` cannot start; is the program installed and on PATH?")
}

#[cfg(test)]
mod tests;
