//! What the user types. Each subcommand lives in its own file with its arguments and its `run`.

use std::{io::Write, process::ExitCode};

use clap::{Parser, Subcommand};

mod answer;
mod audit;
mod authority;
mod backup;
mod check;
mod common;
mod comply;
mod detect;
mod dossier;
mod follow;
mod gas;
mod import;
mod key;
mod limit;
mod locate;
mod plan;
mod recipient;
mod record;
mod release;
mod remind;
mod report;
mod restore;
mod searched;
mod serve;
mod simulate;
mod sites;
mod work;

/// The exit code of a program stopped from outside, as shells count it: 128 + SIGINT.
const STOPPED: i32 = 130;

/// Finds clandestine chemical sites from the air by what they release.
#[derive(Debug, Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Answer(answer::Args),
    Audit(audit::Args),
    Authority(authority::Args),
    Backup(backup::Args),
    Check(check::Args),
    Comply(comply::Args),
    Detect(Box<detect::Args>),
    Dossier(dossier::Args),
    Follow(follow::Args),
    Gas(gas::Args),
    Import(import::Args),
    Key(key::Args),
    Limit(limit::Args),
    Locate(locate::Args),
    Plan(Box<plan::Args>),
    Recipient(recipient::Args),
    Release(Box<release::Args>),
    Remind(remind::Args),
    Report(report::Args),
    Restore(restore::Args),
    Searched(searched::Args),
    Serve(serve::Args),
    Simulate(simulate::Args),
    Sites(sites::Args),
    Work(work::Args),
}

impl Command {
    /// Whether it takes being stopped from outside into its own hands.
    fn stops_by_itself(&self) -> bool {
        matches!(self, Self::Serve(_) | Self::Work(_))
    }
}

/// Parses the command line, runs it, and turns the outcome into an exit code: 0 done, 1 the answer
/// is "no", 2 could not run.
pub(crate) fn run() -> ExitCode {
    let cli = Cli::parse();
    if !cli.command.stops_by_itself() {
        // Without it, half-written results stay behind a stop until the next search; nothing else.
        let _ = ctrlc::set_handler(|| {
            cathartes_pipeline::detect::abandon();
            std::process::exit(STOPPED);
        });
    }
    let outcome: anyhow::Result<ExitCode> = match cli.command {
        Command::Answer(args) => answer::run(args),
        Command::Audit(args) => audit::run(args),
        Command::Authority(args) => authority::run(args),
        Command::Backup(args) => backup::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Comply(args) => comply::run(args),
        Command::Detect(args) => detect::run(*args),
        Command::Dossier(args) => dossier::run(&args),
        Command::Follow(args) => follow::run(args),
        Command::Gas(args) => gas::run(args),
        Command::Import(args) => import::run(args),
        Command::Key(args) => key::run(&args),
        Command::Limit(args) => limit::run(&args),
        Command::Locate(args) => locate::run(args),
        Command::Plan(args) => plan::run(*args),
        Command::Recipient(args) => recipient::run(args),
        Command::Release(args) => release::run(*args),
        Command::Remind(args) => remind::run(args),
        Command::Report(args) => report::run(args),
        Command::Restore(args) => restore::run(&args),
        Command::Searched(args) => searched::run(&args),
        Command::Serve(args) => serve::run(&args),
        Command::Simulate(args) => simulate::run(&args),
        Command::Sites(args) => sites::run(&args),
        Command::Work(args) => work::run(&args),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::from(2)
    })
}

/// A line on standard output; when nobody reads it any more there is nobody to tell.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}
