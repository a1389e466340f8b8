//! `cathartes answer`: answers of partners that come without a network.

use std::{
    fs,
    io::{self, Read as _},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, bail};
use cathartes_pipeline::import::Timestamp;
use cathartes_server::{answer_sheet, bring};
use clap::Subcommand;

use super::{
    record::{Place, actor, waited},
    say,
};

/// Answers of partners that come without a network: take them, print the sheet they come from.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Take a file of answers, or lines of a sheet as they were read aloud, one a line
    Import(ImportArgs),
    /// Print the sheet by which a release is answered without a network
    Sheet(SheetArgs),
}

#[derive(Debug, clap::Args)]
struct ImportArgs {
    /// The file; - for what is typed
    file: PathBuf,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, clap::Args)]
struct SheetArgs {
    /// The answer code of the release
    code: String,
    #[command(flatten)]
    place: Place,
}

/// Runs the subcommand; the exit code is 1 when something was refused.
pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    match args.command {
        Command::Import(args) => waited(import(args)),
        Command::Sheet(args) => waited(sheet(args)),
    }
}

async fn import(args: ImportArgs) -> anyhow::Result<ExitCode> {
    let text = text(&args.file)?;
    let store = args.place.open().await?;
    let brought = bring(&store, &actor("answer"), &text, Timestamp::now()).await;
    store.close().await;
    let brought = brought?;
    for one in &brought {
        let known = if one.new { "" } else { ", was here" };
        match &one.said {
            Ok(said) => say(&format!("{}: {said}{known}", one.number)),
            Err(why) => eprintln!("{}: refused: {why}", one.number),
        }
    }
    let all = !brought.is_empty() && brought.iter().all(|one| one.said.is_ok());
    Ok(if all { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn text(file: &Path) -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    if file == Path::new("-") {
        io::stdin().read_to_end(&mut bytes)?;
    } else {
        bytes = fs::read(file).with_context(|| file.display().to_string())?;
    }
    // A mark at its beginning is what some editors put there.
    let text = String::from_utf8(bytes).context("answers are text in UTF-8")?;
    Ok(text.trim_start_matches('\u{feff}').to_owned())
}

async fn sheet(args: SheetArgs) -> anyhow::Result<ExitCode> {
    let store = args.place.open().await?;
    let sheet = answer_sheet(&store, &args.code).await;
    store.close().await;
    let Some(sheet) = sheet? else {
        bail!(
            "no release has the code `{}`: `cathartes release list` tells those there are",
            args.code
        );
    };
    say(sheet.trim_end());
    Ok(ExitCode::SUCCESS)
}
