//! `cathartes check`: reads the whole record and says what is damaged.

use std::process::ExitCode;

use super::{
    record::{Place, waited},
    say,
};

/// Read the whole record and say what is damaged.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    place: Place,
}

/// Checks; the exit code is 1 when anything is damaged.
pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    waited(async {
        let store = args.place.open().await?;
        let checked = store.check().await?;
        store.close().await;
        for damage in &checked.damages {
            say(&format!("damaged: {damage}"));
        }
        say(&format!(
            "{} entries of the audit log, {} files, {} scenes, {} findings, {} observations: \
             {}",
            checked.audit_entries,
            checked.blobs,
            checked.scenes,
            checked.findings,
            checked.observations,
            if checked.damages.is_empty() { "all well" } else { "damage found" }
        ));
        Ok(if checked.damages.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
    })
}
