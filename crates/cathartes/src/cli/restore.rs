//! `cathartes restore`: a backup put into an empty record, of either database.

use std::{path::PathBuf, process::ExitCode};

use super::{
    record::{Place, actor, waited},
    say,
};

/// Put a backup into an empty record: all of it or nothing.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The folder of the backup
    folder: PathBuf,
    #[command(flatten)]
    place: Place,
}

/// Restores.
pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    waited(async {
        let store = args.place.open().await?;
        let restored = store.restore(&actor("restore"), &args.folder).await?;
        store.close().await;
        let rows: u64 = restored.tables.iter().map(|(_, rows, _)| rows).sum();
        say(&format!("{rows} rows and {} files are back", restored.blobs));
        Ok(ExitCode::SUCCESS)
    })
}
