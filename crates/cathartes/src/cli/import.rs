//! `cathartes import`: folders of images and traces become jobs, files of reports observations, and a register
//! takes the place of the last.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::ensure;
use cathartes_pipeline::import::{self, Brought, Plan, Timestamp};
use cathartes_server::Store;

use super::{
    record::{Place, actor, waited},
    say,
};

/// Bring folders of images and traces, files of reports, or a register of licensed emitters into the record.
///
/// Images and traces are kept under what they hold, and a search of each is asked for. Reports (CSV, `GeoJSON`,
/// KML, Cursor-on-Target, STIX) become observations; their files are not kept. The same again adds nothing.
/// `cathartes serve` or `cathartes work` does the jobs.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Folders, which are looked into, or files of reports
    #[arg(required = true)]
    what: Vec<PathBuf>,
    #[command(flatten)]
    place: Place,
    /// What files of reports call things, and what holds where they are silent
    #[arg(long, value_name = "MAPPING.toml")]
    mapping: Option<PathBuf>,
    /// The file is a register of licensed emitters, which takes the place of the one before
    #[arg(long)]
    register: bool,
    /// The files are authorities, each in the place of the one before of its number
    #[arg(long, conflicts_with = "register")]
    authority: bool,
    /// The files are tracks or logs of flights: each is certified against the authorities of the record
    #[arg(long, conflicts_with_all = ["register", "authority"])]
    flight: bool,
    /// What a log of a flight does not say
    #[arg(long, value_name = "ABOUT.toml", requires = "flight")]
    about: Option<PathBuf>,
    /// The height of the ground, for limits above it
    #[arg(long, value_name = "GRID.asc", requires = "flight")]
    ground: Option<PathBuf>,
    /// Gas to search images for, by slug, formula, name or CAS number; may be repeated
    #[arg(long)]
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
    ensure!(
        !args.register || args.what.len() == 1,
        "--register takes one file: it is all there is"
    );
    waited(async move {
        let store = args.place.open().await?;
        let mut some = false;
        for what in &args.what {
            some |= if args.authority {
                authority(&store, what).await?
            } else if args.flight {
                flight(&store, what, &args).await?
            } else if what.is_dir() {
                folder(&store, what, &args).await?
            } else {
                file(&store, what, &args).await?
            };
        }
        store.close().await;
        Ok(if some { ExitCode::SUCCESS } else { ExitCode::from(1) })
    })
}

/// Whether there was anything in it.
async fn folder(store: &Store, folder: &Path, args: &Args) -> anyhow::Result<bool> {
    let shown = folder.display();
    ensure!(!args.register, "{shown}: a register is a file");
    ensure!(!args.gas.is_empty(), "{shown}: say what its images are searched for by --gas");
    let Args { gas, wind, time, seed, .. } = args;
    let plan = Plan { gases: gas.clone(), wind: wind.clone(), time: *time, seed: *seed };
    let imported = import::folder(store, &actor("import"), folder, &plan).await?;
    for (path, job) in &imported.jobs {
        say(&format!("{job}  {}", path.display()));
    }
    for path in &imported.left {
        eprintln!("left: {} is neither image nor trace", path.display());
    }
    say(&format!("{} jobs", imported.jobs.len()));
    Ok(!imported.jobs.is_empty())
}

/// Whether it is in the record now.
async fn authority(store: &Store, file: &Path) -> anyhow::Result<bool> {
    let new = import::bring_authority(store, &actor("import"), file).await?;
    let word = if new { "holds now" } else { "was here" };
    say(&format!("{}: {word}", file.display()));
    Ok(true)
}

/// Likewise; what it may not be is told.
async fn flight(store: &Store, file: &Path, args: &Args) -> anyhow::Result<bool> {
    let more = (args.about.as_deref(), args.ground.as_deref());
    let brought = import::bring_flight(store, &actor("import"), file, more).await?;
    for fault in &brought.faults {
        eprintln!("in the log: {fault}");
    }
    let known = if brought.new { "" } else { ", was here" };
    say(&format!("{}: {} is {}{known}", file.display(), brought.sortie, brought.verdict));
    brought.why.iter().for_each(|why| say(&format!("  {why}")));
    Ok(true)
}

/// Likewise.
async fn file(store: &Store, file: &Path, args: &Args) -> anyhow::Result<bool> {
    let (actor, mapping) = (actor("import"), args.mapping.as_deref());
    let (brought, what) = if args.register {
        (import::register(store, &actor, file, mapping).await?, "licensed emitters")
    } else {
        (import::reports(store, &actor, file, mapping).await?, "observations")
    };
    let Brought { new, known, left_out, faults } = brought;
    for fault in &faults {
        eprintln!("left out: {}, {fault}", file.display());
    }
    let shown = file.display();
    say(&format!("{shown}: {new} {what} are new, {known} were here, {left_out} rows left out"));
    Ok(new + known > 0)
}
