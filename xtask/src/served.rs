//! A server of our own, for as long as a command needs it.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result, bail};

/// The server, which ends when this is dropped.
pub(crate) struct Served(Child);

impl Served {
    /// Waits until somebody ends it.
    pub(crate) fn ended(&mut self) -> Result<()> {
        self.0.wait()?;
        Ok(())
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let stopped = Command::new("kill").args(["-TERM", &self.0.id().to_string()]).status();
        if stopped.is_err() {
            let _ = self.0.kill();
        }
        let _ = self.0.wait();
    }
}

/// Serves a record; the link of its first start, empty when there was one before.
pub(crate) fn start(
    cathartes: &impl Fn() -> Command,
    record: &Path,
    more: &[&str],
) -> Result<(Served, String)> {
    let data = record.display().to_string();
    let mut command = cathartes();
    command
        .args(["serve", "--data", &data, "--listen", "127.0.0.1:0"])
        .args(more)
        .env("RUST_LOG", "warn");
    let mut served = Served(command.stdout(Stdio::piped()).spawn()?);
    let said = served.0.stdout.take().context("the server says nothing")?;
    let mut link = String::new();
    for line in BufReader::new(said).lines() {
        let line = line?;
        println!("{line}");
        if let Some((_, first)) = line.split_once("within a day): ") {
            first.clone_into(&mut link);
        }
        if line.starts_with("listening on") {
            return Ok((served, link));
        }
    }
    bail!("the server ended; see above")
}
