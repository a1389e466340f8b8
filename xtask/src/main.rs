//! The project's own commands: `cargo xtask demo | test | tidy | web | bench NAME | nightly | prove | build-time`.
//!
//! This program links none of the library crates, so that it builds in seconds on a fresh machine.

mod bench;
mod build_time;
mod cost;
mod demo;
mod exercise;
mod fixtures;
mod nightly;
mod prove;
mod served;
mod setup;
mod stage;
mod test;
mod tidy;
mod web;

use std::{
    io::IsTerminal,
    path::{Path, PathBuf},
    process::ExitCode,
};

const USAGE: &str = "cargo xtask COMMAND

  demo          make a small scene, search it, locate releases, fold a border into sites, and open the
                workbench; on a terminal, and with --keep, its server runs until Ctrl-C
  test          install what the tests need, then the workbench, fmt, clippy, tidy, doc
                tests, tests
  web           build the workbench, which the executable carries
  tidy          the rules of the house that compilers do not check
  bench NAME    measure speed and memory; without a name: which there are
  exercise      releases to simulated recipients over months, with reminders and without, killed at every
                step; another seed than 1000 by a number behind it
  fixtures gas  make the built-in gas library again from ../shared/data/spectra
  nightly       fuzz targets a minute each, long statistics, licences, benches
  prove         prove what the policies of releases keep to (installs cvc5)
  build-time    cold release build of the executable, timed";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        // Whoever looks on wants to look around; a script wants an end.
        ["demo"] => demo::run(std::io::stdout().is_terminal()),
        ["demo", "--keep"] => demo::run(true),
        ["test"] => Ok(test::run()),
        ["web"] => web::built().map(|built| ExitCode::from(u8::from(!built))),
        ["tidy"] => tidy::run(),
        ["bench", rest @ ..] => bench::run(rest),
        ["exercise"] => exercise::run(None),
        ["exercise", seed] => exercise::run(Some(seed)),
        ["fixtures", "gas"] => fixtures::gas(),
        ["nightly"] => Ok(nightly::run()),
        ["prove"] => prove::run(),
        ["build-time"] => build_time::run(),
        ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        _ => {
            eprintln!("{USAGE}");
            Ok(ExitCode::from(2))
        }
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::from(2)
    })
}

/// The root of the workspace.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}
