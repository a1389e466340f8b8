//! `cathartes import`: a folder of images and traces becomes jobs.

use std::{path::PathBuf, process::ExitCode};

use cathartes_pipeline::import::{self, Plan, Timestamp};

use super::{
    record::{Place, actor, waited},
    say,
};

/// Bring a folder of images and traces into the record, and ask for their search.
///
/// Files are kept under what they hold; the same folder again asks for nothing twice. `cathartes serve`
/// or `cathartes work` does the jobs.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The folder; folders in it are looked into
    folder: PathBuf,
    #[command(flatten)]
    place: Place,
    /// Gas to search images for, by slug, formula, name or CAS number; may be repeated
    #[arg(long, required = true)]
    gas: Vec<String>,
    /// Wind: m/s, degrees it blows from, deviation in m/s
    #[arg(long, value_name = "SPEED,FROM_DEG,SD", allow_hyphen_values = true)]
    wind: Option<String>,
    /// When images were taken that do not say: 2026-11-26T12:00:00Z
    #[arg(long, value_name = "TIME")]
    time: Option<Timestamp>,
    /// Seed of every number drawn
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Imports; the exit code is 1 when there was nothing to import.
pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    waited(async move {
        let store = args.place.open().await?;
        let plan = Plan { gases: args.gas, wind: args.wind, time: args.time, seed: args.seed };
        let imported = import::folder(&store, &actor("import"), &args.folder, &plan).await?;
        store.close().await;
        for (path, job) in &imported.jobs {
            say(&format!("{job}  {}", path.display()));
        }
        for path in &imported.left {
            eprintln!("left: {} is neither image nor trace", path.display());
        }
        say(&format!("{} jobs", imported.jobs.len()));
        Ok(if imported.jobs.is_empty() { ExitCode::from(1) } else { ExitCode::SUCCESS })
    })
}
