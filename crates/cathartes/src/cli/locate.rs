//! `cathartes locate`: sources from gas traces.

use std::{path::PathBuf, process::ExitCode};

use cathartes_pipeline::{
    gas,
    locate::{self, Event, Job, Located, Metres, counted},
};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use super::{common::Common, say};

/// Find sources from gas measured along a track, at fixed inlets or along beams.
///
/// Says where gas comes from, how much, and how sure that is; or that nothing can be named, and why.
/// Files are there when all is done or not at all.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Readings: a CSV, or a flight log (.tlog, .ulg) with --log-map
    readings: PathBuf,
    /// Wind by time: a CSV with speed and direction, or its parts
    #[arg(long, value_name = "FILE")]
    wind: PathBuf,
    /// What is known of the site: search volume, origin, start (TOML)
    #[arg(long, value_name = "FILE")]
    site: Option<PathBuf>,
    /// Where a flight log holds its gas (TOML)
    #[arg(long, value_name = "FILE")]
    log_map: Option<PathBuf>,
    /// The gas of readings that name none [default: the site's, else ch4]; of several, the one to look at
    #[arg(long)]
    gas: Option<String>,
    /// Plumes that `cathartes detect` found over the same ground; may be repeated
    #[arg(long, value_name = "PLUMES.GEOJSON")]
    plumes: Vec<PathBuf>,
    /// Plan the next leg of a drone, of this length
    #[arg(long, value_name = "METRES", value_parser = length)]
    next_leg: Option<Metres>,
    /// Folder for the results
    #[arg(long)]
    out: PathBuf,
    /// Seed of every number drawn
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Draws kept of each chain: more are slower and tell more [default: 200]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(20..100_000))]
    draws: Option<u32>,
    #[command(flatten)]
    common: Common,
}

/// Locates; naming no source is an answer like another, with exit code 0.
pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    args.common.prepare()?;
    let Common { quiet, json, .. } = args.common;
    let hidden = quiet || json;
    let bar = if hidden { ProgressBar::hidden() } else { ProgressBar::new_spinner() };
    bar.set_style(ProgressStyle::with_template("  {spinner} {msg} {elapsed}")?);
    bar.enable_steady_tick(std::time::Duration::from_millis(100));
    let see = |event: Event| {
        if json {
            say(&as_json(&event));
        } else if !quiet {
            let words = in_words(&event);
            if let Event::Read { .. } = event {
                bar.suspend(|| eprintln!("{words}"));
            } else {
                bar.set_message(words);
            }
        }
    };
    let results = locate::run(&job(args), &see);
    bar.finish_and_clear();
    for result in results? {
        if json {
            say(&result_as_json(&result));
        } else if !quiet {
            result.words.iter().for_each(|line| say(line));
            say(&format!("files in {}", result.folder.display()));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn job(args: Args) -> Job {
    Job {
        readings: args.readings,
        wind: args.wind,
        log_map: args.log_map,
        site: args.site,
        gas: args.gas,
        plumes: args.plumes,
        next_leg: args.next_leg,
        out: args.out,
        seed: args.seed,
        draws: args.draws.map(|draws| draws as usize),
        force: args.common.force,
        gas_folder: gas::default_folder(),
    }
}

fn length(text: &str) -> anyhow::Result<Metres> {
    let length: f64 = text.parse()?;
    anyhow::ensure!((1.0..=1e5).contains(&length), "a leg has 1 to 100,000 m");
    Ok(Metres(length))
}

fn in_words(event: &Event) -> String {
    match event {
        Event::Read { readings, left_out, sensors, gases } => {
            let gases = gases.join(", ");
            let (readings, sensors) = (counted(*readings, "reading"), counted(*sensors, "sensor"));
            let first = format!("{readings} of {gases}, {sensors}");
            [&[first], left_out.as_slice()].concat().join("\n")
        }
        Event::Step { gas, what, .. } => format!("{gas}: {what}"),
    }
}

fn as_json(event: &Event) -> String {
    match event {
        Event::Read { readings, left_out, sensors, gases } => {
            json!({ "event": "read", "readings": readings, "left_out": left_out, "sensors": sensors, "gases": gases })
        }
        Event::Step { gas, what, done, of } => {
            json!({ "event": "step", "gas": gas, "what": what, "done": done, "of": of })
        }
    }
    .to_string()
}

fn result_as_json(result: &Located) -> String {
    let location = &result.location;
    json!({
        "event": "located",
        "gas": location.gas,
        "sources": location.sources,
        "declined": location.declined,
        "count_probability": location.count_probability,
        "model_fits": location.model_fits,
        "converged": location.convergence.converged,
        "words": result.words,
        "folder": result.folder.display().to_string(),
    })
    .to_string()
}
