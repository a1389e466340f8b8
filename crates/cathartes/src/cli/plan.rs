//! `cathartes plan`: sorties for what somebody wants known.

use std::{path::PathBuf, process::ExitCode};

use cathartes_pipeline::plan::{self, Job, Planned};

use super::{
    record::{Place, waited},
    say,
};

/// Plan sorties for requirements: who is sent where, by which way, and how it looks, within endurance and authority.
///
/// Every sortie comes with its certificate and with what it takes to fly it: `QGroundControl`, waypoints, KML, GPX, `GeoJSON`, and a
/// brief in English and Spanish.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// What somebody wants known: `GeoJSON` of points and polygons
    requirements: PathBuf,
    /// What there is to fly
    #[arg(long)]
    fleet: PathBuf,
    /// What permits and forbids; several hold together
    #[arg(long, required = true)]
    authority: Vec<PathBuf>,
    /// The height of the ground
    #[arg(long)]
    ground: Option<PathBuf>,
    /// The wind: m/s, degrees it blows from, deviation in m/s; or a file of winds by time
    #[arg(long, value_name = "SPEED,FROM_DEG,SD", allow_hyphen_values = true)]
    wind: String,
    /// How much warmer the ground is than the air, K, for sensors that need it
    #[arg(long, allow_hyphen_values = true)]
    contrast: Option<f64>,
    /// Pressure at mean sea level, hPa: without it nothing keeps to a flight level for certain
    #[arg(long)]
    qnh: Option<f64>,
    /// Take the probability of sites from a record
    #[arg(long)]
    sites: bool,
    #[command(flatten)]
    place: Place,
    /// Folder for the plans
    #[arg(long)]
    out: PathBuf,
    /// Same input, same seed, same plans
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Replace results of an earlier run
    #[arg(long)]
    force: bool,
}

/// Plans; the exit code is 1 when nothing can be flown.
pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    let sites = if args.sites {
        waited(async {
            let store = args.place.open().await?;
            let sites = plan::sites_of(&store).await?;
            store.close().await;
            Ok(sites)
        })?
    } else {
        Vec::new()
    };
    let job = Job {
        requirements: args.requirements,
        fleet: args.fleet,
        authorities: args.authority,
        ground: args.ground,
        wind: args.wind,
        contrast: args.contrast.map(plan::Kelvin),
        pressure: args.qnh.map(|hpa| plan::Kilopascals(hpa / 10.0)),
        sites,
        seed: args.seed,
        out: args.out,
        force: args.force,
    };
    let Planned { sorties, left, expected_information_share } = plan::run(&job)?;
    for line in &sorties {
        say(line);
    }
    for left in &left {
        say(&format!("left: {}: {}", left.requirement, left.why));
    }
    say(&format!(
        "{} sorties, expected information {expected_information_share:.3}, files in {}",
        sorties.len(),
        job.out.display()
    ));
    Ok(if sorties.is_empty() { ExitCode::from(1) } else { ExitCode::SUCCESS })
}
