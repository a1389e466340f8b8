//! `cathartes backup`: a copy of the whole record, while it is in use.

use std::{path::PathBuf, process::ExitCode};

use super::{
    record::{Place, actor, waited},
    say,
};

/// Copy the whole record into a new folder, while everything runs.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The folder, which must not be there yet
    folder: PathBuf,
    #[command(flatten)]
    place: Place,
}

/// Copies.
pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    waited(async {
        let store = args.place.open().await?;
        let taken = store.backup(&actor("backup"), &args.folder).await?;
        store.close().await;
        for (table, rows, _) in &taken.tables {
            say(&format!("{rows:>10}  {table}"));
        }
        say(&format!("{:>10}  files", taken.blobs));
        Ok(ExitCode::SUCCESS)
    })
}
