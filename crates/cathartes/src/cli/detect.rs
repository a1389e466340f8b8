//! `cathartes detect`: search scenes for gases.

use std::{ops::RangeInclusive, path::PathBuf, process::ExitCode, time::Duration};

use anyhow::Context;
use cathartes_pipeline::{
    detect::{
        self, Auxiliary, Estimate, Filter, Follow, Invalid, Job, Kelvin, Metres, Options, Thermal,
    },
    gas,
    wind::WindSource,
};

mod watch;

use super::common::Common;
use watch::Watch;

/// Search scenes for gases: maps of enhancement, plumes, pictures and a report.
///
/// One scene leaves its files in OUT itself, several leave them in OUT/NAME. Files are there when
/// all is done or not at all.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Images, or their headers: ENVI, NetCDF-4 of EMIT or AVIRIS-3, GeoTIFF
    #[arg(required = true)]
    scenes: Vec<PathBuf>,
    /// Gas to search for, by slug, formula, name or CAS number; a kind of emitter (`dairy`) for the gases
    /// of its profile; `all` for the library; may be repeated
    #[arg(long, required = true)]
    gas: Vec<String>,
    /// Folder for the results
    #[arg(long)]
    out: PathBuf,
    /// Filter: auto is the best chain, the others are for comparison
    #[arg(long, default_value = "auto", value_name = "auto|classic|lognormal|sparse|ace")]
    filter: String,
    /// Wavelengths to search in, nm [default: each gas's own]
    #[arg(long, value_name = "LOW:HIGH", value_parser = window)]
    window: Option<RangeInclusive<f64>>,
    /// Wind: m/s, degrees it blows from, deviation in m/s; or a CSV by time
    #[arg(long, value_name = "SPEED,FROM_DEG,SD|FILE", allow_hyphen_values = true)]
    wind: Option<String>,
    /// False plumes accepted per scene, on average
    #[arg(long, default_value_t = 0.1)]
    false_alarms: f64,
    /// Angle of the sun from the vertical, degrees [default: from the file, else time and place]
    #[arg(long, value_name = "DEG")]
    sun_zenith: Option<f64>,
    /// Height of the sensor above the ground, m [default: a thousand pixels where they are below 20 m, else above all air]
    #[arg(long, value_name = "METRES")]
    height: Option<f64>,
    /// Leave out pixels with NaN or infinite radiance and columns of zeros, instead of stopping
    #[arg(long)]
    mask_invalid: bool,
    /// Longitude and latitude of every pixel (ENVI)
    #[arg(long, value_name = "FILE")]
    igm: Option<PathBuf>,
    /// The image pixel of every map cell (ENVI)
    #[arg(long, value_name = "FILE")]
    glt: Option<PathBuf>,
    /// Band centres and widths: CSV with the columns `center_nm` and `fwhm_nm`
    #[arg(long, value_name = "FILE")]
    wavelengths: Option<PathBuf>,
    /// Air between ground and a thermal imager: a MODTRAN channel table (.chn) [default: from the scene]
    #[arg(long, value_name = "FILE")]
    air: Option<PathBuf>,
    /// Spectra of the sky from the ground (AERI NetCDF), which tell how warm a plume is
    #[arg(long, value_name = "FILE")]
    sky: Option<PathBuf>,
    /// Temperature of the air at the ground and its deviation, K [default: from --sky, else the scene]
    #[arg(long, value_name = "K,SD", value_parser = temperature)]
    air_temperature: Option<Estimate<Kelvin>>,
    /// Folder of profiles of emitters (*.toml) that go before the built-in ones of the same id
    #[arg(long, value_name = "FOLDER")]
    profiles: Option<PathBuf>,
    /// Seed of every number drawn
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Memory to use, with K, M or G
    #[arg(long, default_value = "4G", value_parser = memory)]
    memory: u64,
    /// Search while the line is flown: SCENE is an ENVI image that grows, or `-` for standard input
    #[arg(long)]
    follow: bool,
    /// The ENVI header of a line on standard input
    #[arg(long, value_name = "FILE", requires = "follow")]
    header: Option<PathBuf>,
    /// Seconds without a new line after which a growing file is taken to be complete
    #[arg(long, value_name = "SECONDS", default_value_t = 10.0, requires = "follow")]
    patience: f64,
    #[command(flatten)]
    common: Common,
}

/// Runs the search; the exit code is 2 when any scene could not be searched.
pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    args.common.prepare()?;
    let watch = Watch::new(args.common.quiet, args.common.json);
    let follow = args.follow.then(|| Follow {
        header: args.header.clone(),
        patience: Duration::try_from_secs_f64(args.patience).unwrap_or(Duration::MAX),
    });
    let job = job(args)?;
    let see = |event| watch.see(&event);
    let results = match follow {
        Some(follow) => vec![detect::follow(&job, &follow, &see)],
        None => detect::run(&job, &see)?,
    };
    let mut code = ExitCode::SUCCESS;
    for (path, result) in job.scenes.iter().zip(results) {
        match result {
            Ok(result) => watch.show(&result),
            Err(error) => {
                watch.fail(path, &error);
                code = ExitCode::from(2);
            }
        }
    }
    Ok(code)
}

fn job(args: Args) -> anyhow::Result<Job> {
    let options = Options {
        filter: args.filter.parse::<Filter>()?,
        window_nm: args.window,
        wind: args.wind.as_deref().map(WindSource::read).transpose()?,
        false_alarms: args.false_alarms,
        seed: args.seed,
        auxiliary: Auxiliary { igm: args.igm, glt: args.glt, wavelengths: args.wavelengths },
        sun_zenith_deg: args.sun_zenith,
        height: args.height.map(Metres),
        invalid: if args.mask_invalid { Invalid::Mask } else { Invalid::Refuse },
        memory_bytes: args.memory,
        force: args.common.force,
        gas_folder: gas::default_folder(),
        thermal: Thermal {
            air: args.air,
            sky: args.sky,
            air_temperature: args.air_temperature,
            profiles: args.profiles,
        },
    };
    Ok(Job { scenes: args.scenes, gases: args.gas, out: args.out, options })
}

fn window(text: &str) -> anyhow::Result<RangeInclusive<f64>> {
    let (low, high) = text.split_once(':').context("write LOW:HIGH in nm, as 2122:2488")?;
    let (low, high): (f64, f64) = (low.trim().parse()?, high.trim().parse()?);
    anyhow::ensure!(0.0 < low && low < high, "LOW must be above 0 and below HIGH, in nm");
    Ok(low..=high)
}

fn temperature(text: &str) -> anyhow::Result<Estimate<Kelvin>> {
    let (value, std) = text.split_once(',').context("write K,SD, as 295,1.5")?;
    let (value, std): (f64, f64) = (value.trim().parse()?, std.trim().parse()?);
    anyhow::ensure!(
        (200.0..400.0).contains(&value) && std > 0.0 && std < 50.0,
        "air has 200 to 400 K, and its deviation is above 0 and below 50 K"
    );
    Ok(Estimate { value: Kelvin(value), std: Kelvin(std) })
}

fn memory(text: &str) -> anyhow::Result<u64> {
    let (number, unit) = text.split_at(text.trim_end_matches(|c: char| c.is_alphabetic()).len());
    let unit = match unit.to_uppercase().as_str() {
        "" => 1.0,
        "K" => 1024.0,
        "M" => 1024.0 * 1024.0,
        "G" => 1024.0 * 1024.0 * 1024.0,
        _ => anyhow::bail!("write a number with K, M or G, as 4G"),
    };
    let number: f64 = number.trim().parse()?;
    anyhow::ensure!(number > 0.0, "write a number above 0 with K, M or G, as 4G");
    Ok((number * unit) as u64)
}

#[cfg(test)]
mod tests;
