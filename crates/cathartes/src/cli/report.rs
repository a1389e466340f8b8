//! `cathartes report`: the statement for the overseer.

use std::{path::PathBuf, process::ExitCode};

use cathartes_pipeline::{comply::Month, import::Timestamp, report::Statement};

use super::{
    record::{Place, waited},
    say,
};

/// State what was released in a month, how long everything took and what came of it: pages and tables in both languages.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    place: Place,
    /// Of which month, as 2026-10
    #[arg(long)]
    month: Month,
    /// Folder for the pages and tables
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// As of this moment, for a statement that was made before
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
    /// Replace an earlier statement
    #[arg(long)]
    force: bool,
}

/// States; the exit code is 1 when nothing was released in the month.
pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    waited(async move {
        let store = args.place.open().await?;
        let now = args.at.unwrap_or_else(Timestamp::now);
        let statement = Statement::read(&store, args.month, now).await;
        store.close().await;
        let statement = statement?;
        match &args.out {
            Some(out) => {
                statement.write(out, args.force)?;
                say(&format!("{} is stated in {}", args.month, out.display()));
            }
            None => statement.words().iter().for_each(|line| say(line)),
        }
        Ok(if statement.is_empty() { ExitCode::from(1) } else { ExitCode::SUCCESS })
    })
}
