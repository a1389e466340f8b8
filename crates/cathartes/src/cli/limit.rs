//! `cathartes limit`: the smallest emission rate a flight finds.

use std::process::ExitCode;

use cathartes_pipeline::limit::{self, Answer, ColumnQuestion, Columns, Question};
use indicatif::{ProgressBar, ProgressStyle};

/// Measure by simulation the smallest emission rate a flight would find; with --contrast, the smallest
/// columns a thermal imager would identify.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// `aviris-ng`, `emit`, `hytes`, `mako` or `hyper-cam`.
    #[arg(long, default_value = "aviris-ng")]
    instrument: String,
    /// The gas; with --contrast also `all`.
    #[arg(long, default_value = "ch4")]
    gas: String,
    /// Height above ground, m.
    #[arg(long)]
    altitude: f64,
    /// Wind at plume height, m/s.
    #[arg(long, required_unless_present = "contrast")]
    wind: Option<f64>,
    /// Thermal contrast of ground and plume, K: asks for columns instead of rates.
    #[arg(long, allow_hyphen_values = true)]
    contrast: Option<f64>,
    /// Chance of being found.
    #[arg(long, default_value_t = 0.9, value_parser = chance)]
    chance: f64,
    /// False alarms accepted in 100 km2.
    #[arg(long, default_value_t = 1.0, value_parser = above_zero)]
    false_alarms: f64,
    /// Plumes to try; the uncertainty falls with their square root.
    #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u32).range(24..=100_000))]
    trials: u32,
    /// Seed of every scene.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Print the answer with every trial as JSON.
    #[arg(long)]
    json: bool,
    /// No progress.
    #[arg(long)]
    quiet: bool,
}

fn chance(text: &str) -> Result<f64, String> {
    let value: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    if (0.05..=0.99).contains(&value) {
        Ok(value)
    } else {
        Err("has to be from 0.05 to 0.99".into())
    }
}

fn above_zero(text: &str) -> Result<f64, String> {
    let value: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    if value > 0.0 && value.is_finite() { Ok(value) } else { Err("has to be above 0".into()) }
}

pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    if let Some(contrast_k) = args.contrast {
        return columns(args, contrast_k);
    }
    let question = Question {
        instrument: args.instrument.clone(),
        gas: args.gas.clone(),
        altitude_m: args.altitude,
        wind_m_s: args.wind.unwrap_or(f64::NAN),
        chance: args.chance,
        false_alarms_per_100_km2: args.false_alarms,
        trials: args.trials as usize,
        seed: args.seed,
    };
    let answer = watched(args.quiet, |watch| limit::limit(&question, watch))?;
    if args.json {
        println!("{}", serde_json::to_string_pretty(&answer)?);
    } else {
        print(&answer);
    }
    Ok(ExitCode::SUCCESS)
}

/// Runs with a bar of progress.
fn watched<T>(
    quiet: bool,
    run: impl FnOnce(limit::Watch<'_>) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let bar = if quiet { ProgressBar::hidden() } else { ProgressBar::new(0) };
    bar.set_style(ProgressStyle::with_template("{msg} {wide_bar} {pos} of {len}, {eta} left")?);
    let answer = run(&|what, done, all| {
        bar.set_message(what.to_owned());
        bar.set_length(all as u64);
        bar.set_position(done as u64);
    });
    bar.finish_and_clear();
    answer
}

fn columns(args: &Args, contrast_k: f64) -> anyhow::Result<ExitCode> {
    let question = ColumnQuestion {
        instrument: args.instrument.clone(),
        gas: args.gas.clone(),
        altitude_m: args.altitude,
        contrast_k,
        seed: args.seed,
    };
    let answer = watched(args.quiet, |watch| limit::columns(&question, watch))?;
    if args.json {
        println!("{}", serde_json::to_string_pretty(&answer)?);
    } else {
        print_columns(&answer);
    }
    Ok(ExitCode::SUCCESS)
}

fn print_columns(answer: &Columns) {
    let q = &answer.question;
    println!(
        "smallest mean column over 30 pixels that {} identifies with 90 %, nine times in ten,\nfrom {} m at a \
         contrast of {} K, ppm-m:",
        q.instrument, q.altitude_m, q.contrast_k
    );
    for gas in &answer.gases {
        let column = gas.column_ppmm.map_or("never".to_owned(), |ppmm| format!("{ppmm:.0}"));
        println!("  {:<20} {column:>8}", gas.gas);
    }
}

fn print(answer: &Answer) {
    let q = &answer.question;
    let [low, high] = answer.rate_90_percent_kg_h;
    println!(
        "{} finds {} from {:.3} kg/h on (90 % range {low:.3} to {high:.3}) with a chance of {:.0} %",
        q.instrument,
        q.gas,
        answer.rate_kg_h,
        100.0 * q.chance
    );
    println!(
        "  from {} m with {} m/s of wind, pixels of {:.2} m, {} false alarms per 100 km2",
        q.altitude_m, q.wind_m_s, answer.pixel_m, q.false_alarms_per_100_km2
    );
    println!("  half of the plumes of {:.3} kg/h are found", answer.half_rate_kg_h);
    let flagged = answer.trials.iter().filter(|t| t.seen && !t.found).count();
    println!(
        "  {} plumes tried; {flagged} were seen but flagged as look-alikes",
        answer.trials.len()
    );
    let f = &answer.false_alarms;
    println!(
        "  false alarms: {} in {:.1} km2 without gas where {:.1} were stated",
        f.counted_alarms, f.plume_free_km2, f.stated_alarms
    );
    match f.at_asked_per_100_km2.zip(f.at_asked_90_percent_per_100_km2) {
        Some((rate, [low, high])) => println!(
            "  where {} per 100 km2 are stated, {rate:.2} (90 % range {low:.2} to {high:.2}) come",
            q.false_alarms_per_100_km2
        ),
        None => {
            println!("  too few to measure what the rate asked for is worth; use more --trials");
        }
    }
}
