//! `cathartes dossier`: what was sent to a recipient, checked and shown.

use std::{path::PathBuf, process::ExitCode};

use cathartes_pipeline::dossier::{self, Checked};
use clap::Subcommand;

use super::say;

/// Check a dossier against the key it was sealed with, or show what it says.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Whether the seal holds and every file is the one that was sealed
    Verify(FileArgs),
    /// The same, and what it says
    Show(FileArgs),
}

#[derive(Debug, clap::Args)]
struct FileArgs {
    /// The dossier, as it was received
    file: PathBuf,
    /// The public key: a file, as `minisign -G` and `cathartes key new` write it
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
}

/// Runs; the exit code is 1 when the dossier is not what was sealed.
pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let (Command::Verify(files) | Command::Show(files)) = &args.command;
    let opened = match dossier::check(&files.file, &files.key)? {
        Checked::Refused(why) => {
            say(&format!("no: {why}"));
            return Ok(ExitCode::from(1));
        }
        Checked::Whole(opened) => opened,
    };
    say(&format!("yes: {}", opened.comment));
    if let Command::Show(_) = &args.command {
        for [name, what] in dossier::said(&opened)? {
            say(&format!("{name:<28} {what}"));
        }
    }
    Ok(ExitCode::SUCCESS)
}
