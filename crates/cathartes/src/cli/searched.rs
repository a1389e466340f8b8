//! `cathartes searched`: what ground a flight searched.

use std::{path::PathBuf, process::ExitCode};

use cathartes_pipeline::comply;

use super::say;

/// Work out of the log of a flight which ground its sensor searched, and how weak a source it would have found there.
///
/// `searched.geojson` is evidence for `cathartes import`: where nothing was found, it speaks against a site.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The log of a flight.
    log: PathBuf,
    /// Whose flight it was, and under [sensor] what it looked with.
    #[arg(long)]
    about: PathBuf,
    /// The height of the ground: an ASCII grid of ESRI in degrees.
    #[arg(long)]
    ground: Option<PathBuf>,
    /// Folder for searched.geojson.
    #[arg(long)]
    out: PathBuf,
    /// Replace results of an earlier run.
    #[arg(long)]
    force: bool,
}

/// Works it out; the exit code is 1 when nothing was searched.
pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let ground = args.ground.as_deref();
    let search = comply::search(&args.log, &args.about, ground, (&args.out, args.force))?;
    for area in &search.areas {
        let limit = area.limit.map_or("unknown limit".to_owned(), |l| format!("{:.3} kg/h", l.0));
        say(&format!(
            "{:.2} km2 searched to {limit} in {} polygons, {} looks from {} to {}",
            area.area.0 / 1e6,
            area.polygons.len(),
            area.looks,
            area.from,
            area.to
        ));
    }
    say(&format!("of {} of {} positions nobody can say what was seen", search.blind, search.fixes));
    Ok(if search.areas.is_empty() { ExitCode::from(1) } else { ExitCode::SUCCESS })
}
