//! `cathartes key`: what dossiers, answers and checkpoints are sealed with.

use std::{path::PathBuf, process::ExitCode};

use cathartes_pipeline::dossier;
use clap::Subcommand;

use super::say;

/// Make a key to seal with.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write release.key, which only you may read, and release.pub, for everybody
    New {
        /// Folder for both; made when it is not there
        folder: PathBuf,
    },
}

pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let Command::New { folder } = &args.command;
    let (secret, public, key) = dossier::new_key(folder)?;
    say(&format!("secret key {}: keep it, and a copy of it, from everybody", secret.display()));
    say(&format!("public key {}: give it to recipients by hand", public.display()));
    say(&key.line());
    Ok(ExitCode::SUCCESS)
}
