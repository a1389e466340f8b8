//! `cargo xtask bench NAME`: speed and memory, measured, never tested by time.
//!
//! A bench is a file `bench/<name>.rs` with `pub(crate) fn run(arguments: &[&str]) -> Result<ExitCode>`
//! and a line in `BENCHES`. It works through the release executable or `cargo bench`.

use std::process::{Command, ExitCode};

use anyhow::{Result, ensure};

use crate::stage::{self, cargo};

mod audit;
mod certificate;
mod chips;
mod fusion;
mod identify;
mod line;
mod locate;
mod names;
mod plumes;
mod read;
mod search;
mod server;
mod web;

type Bench = fn(&[&str]) -> Result<ExitCode>;

/// Name, what it measures, and the bench.
const BENCHES: &[(&str, &str, Bench)] = &[
    (
        "detect",
        "seconds, Mpixel/s and memory of the chain and of every filter on a line of 598 x 2,000",
        search::detect,
    ),
    (
        "empty",
        "scatter and alarms over a hundred scenes without a plume; words: varied SCENES",
        search::empty,
    ),
    (
        "quality",
        "average precision, error and mass of every filter; words: lines=N calm SEED...",
        search::quality,
    ),
    ("read", "reading the methane window of a line of 2 GB, every interleave", read::run),
    ("bank", "seconds of one, ten and sixty gases on a thermal scene", identify::bank),
    (
        "names",
        "thermal lines of ten plumes: which gases were named, and seconds; words: SEED...",
        names::run,
    ),
    (
        "innocents",
        "thermal lines of innocent emitters: what they are said to be; words: SEED...",
        names::innocents,
    ),
    ("identify", "gases of simulated plumes: calls, smallest columns, emitters", identify::run),
    ("chips", "plumes put into real radiance, every filter; needs ../shared/data", chips::run),
    (
        "line",
        "four flight lines of twelve plumes: found, false alarms, rates; words: SEED...",
        line::run,
    ),
    (
        "locate",
        "sources of known traces: named, place, rate, seconds; needs ../shared/data",
        locate::run,
    ),
    (
        "sites",
        "sources of 200 simulated sites: found, false, whether regions hold; hours; word: FROM:TO",
        locate::sites,
    ),
    (
        "quiet",
        "30 traces without a source: noise, passing plumes, drift: named or not; word: FROM:TO",
        locate::quiet,
    ),
    (
        "certificate",
        "certificates a second: plans of 200 legs along 70,000 vertices; word: plans=N",
        certificate::run,
    ),
    ("plan", "seconds and worth of plans of 40 requirements and 6 aircraft", certificate::plan),
    (
        "audit",
        "a commit; proofs from ten million entries of the audit log, and reading them all; words: entries=N commits=N",
        audit::run,
    ),
    (
        "server",
        "140 analysts on one server, SQLite and PostgreSQL: waits, memory, inserts; words: seconds=N ...",
        server::run,
    ),
    (
        "fusion",
        "sites of 500 made-up worlds, a million observations fused; words: FROM:TO observations=N",
        fusion::run,
    ),
    (
        "web",
        "the workbench in Chromium: first page, frames with 100,000 sites, growth; word: minutes=N",
        web::run,
    ),
    ("plumes", "masses, rates and false alarms of plumes of known rate", plumes::run),
];

/// Takes hours, and so runs when it is asked for by name alone.
const HOURS: [&str; 1] = ["sites"];

pub(crate) fn run(words: &[&str]) -> Result<ExitCode> {
    let found = words.first().and_then(|w| BENCHES.iter().find(|(name, _, _)| name == w));
    if let Some((_, _, bench)) = found {
        return bench(&words[1..]);
    }
    for (name, what, _) in BENCHES {
        println!("  {name:<12} {what}");
    }
    Ok(if words.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(2) })
}

/// Runs every bench that takes no hours, for the nightly run.
pub(crate) fn all() -> Result<bool> {
    for (name, _, bench) in BENCHES.iter().filter(|(name, _, _)| !HOURS.contains(name)) {
        println!("bench {name}");
        bench(&[])?;
    }
    Ok(true)
}

/// Builds the release executable with its workbench; gives what makes commands of it, in the root of the workspace.
pub(crate) fn executable() -> Result<impl Fn() -> Command> {
    ensure!(crate::web::built()?, "the workbench does not build");
    ensure!(
        stage::succeeds(&mut cargo(&["build", "--release", "--package", "cathartes"]))?,
        "the executable does not build"
    );
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| crate::root().join("target"), std::path::PathBuf::from);
    Ok(move || {
        let mut command = Command::new(target.join("release/cathartes"));
        command.current_dir(crate::root());
        command
    })
}
