//! Find sources from gas traces: readings and winds in, places with rates and a report out.
//!
//! ```text
//! readings, wind, site → sift → one trace a gas → invert → files, renamed into place at the end
//! ```
//!
//! Every step is a function of its arguments; the same input, options and seed give the same bytes,
//! whatever the number of threads.

use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use cathartes_core::{gas::CrossSection, source::Location, trace::Trace};
use cathartes_formats::{seen_plumes, site::Site};
use cathartes_sensing::invert::{self, SeenPlume};
use jiff::Timestamp;

use crate::{
    gas,
    outcome::{Outcome, explained},
};

mod files;
mod frame;
mod inputs;
mod mean;
mod report;
mod volume;
mod words;

pub use cathartes_core::units::Metres;
pub use words::counted;
pub(crate) use words::rate;

/// What to read, and how to judge it.
#[derive(Debug, Clone)]
pub struct Job {
    /// A table of readings, or a flight log.
    pub readings: PathBuf,
    /// Winds.
    pub wind: PathBuf,
    /// Where a flight log holds its gas.
    pub log_map: Option<PathBuf>,
    /// What is known of the site.
    pub site: Option<PathBuf>,
    /// Name of the gas of readings that name none, or the only one to look at.
    pub gas: Option<String>,
    /// Plumes that imagers saw.
    pub plumes: Vec<PathBuf>,
    /// Plan another leg of this length.
    pub next_leg: Option<Metres>,
    /// Where the results go.
    pub out: PathBuf,
    /// Seed of every number drawn.
    pub seed: u64,
    /// Draws kept of each chain; the usual number when absent.
    pub draws: Option<usize>,
    /// Whether results of an earlier run may be replaced.
    pub force: bool,
    /// The folder of the user's own gases.
    pub gas_folder: Option<PathBuf>,
}

/// What happens, for whoever watches.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The readings were read.
    Read {
        /// Kept.
        readings: usize,
        /// What was left out and why, a sentence a reason.
        left_out: Vec<String>,
        /// Sensors.
        sensors: usize,
        /// Slugs of the gases.
        gases: Vec<String>,
    },
    /// A step of a gas began; `of` steps in all.
    Step {
        /// Slug of the gas.
        gas: String,
        /// What is being done.
        what: &'static str,
        /// Steps done before it.
        done: usize,
        /// Steps in all.
        of: usize,
    },
}

/// What became of one gas.
#[derive(Debug, Clone, PartialEq)]
pub struct Located {
    /// English name.
    pub gas_name: String,
    /// All there is to say.
    pub location: Location,
    /// The same in sentences, the most important first.
    pub words: Vec<String>,
    /// When it was measured, as far as the readings say.
    pub measured: Option<(Timestamp, Timestamp)>,
    /// Where its files are.
    pub folder: PathBuf,
}

/// Steps of one gas.
const STEPS: usize = 2;

/// One gas, ready to be located.
struct Prepared<'l> {
    gas: &'l CrossSection,
    trace: Trace,
    notes: Vec<String>,
    volume: volume::Chosen,
    options: invert::Options,
    outcome: Outcome,
}

/// Everything there is to write down of one gas.
struct Results<'a> {
    job: &'a Job,
    inputs: &'a inputs::Inputs,
    one: &'a Prepared<'a>,
    location: &'a Location,
    words: &'a [String],
}

/// Locates the sources of every gas of the readings. One gas leaves its files in the folder itself,
/// several leave them in a folder each; all are there when all is done, or none.
///
/// # Errors
///
/// When an input cannot be read, inputs contradict each other, or the disk refuses. A result that
/// names no source is none.
pub fn run(job: &Job, watch: &dyn Fn(Event)) -> anyhow::Result<Vec<Located>> {
    work(job, watch).map_err(|error| explained(error, &job.readings, &job.out))
}

fn work(job: &Job, watch: &dyn Fn(Event)) -> anyhow::Result<Vec<Located>> {
    let mut inputs = inputs::read(job)?;
    let library = gas::library(job.gas_folder.as_deref())?;
    let traces = frame::traces(&mut inputs, job.gas.as_deref(), &library)?;
    watch(Event::Read {
        readings: traces.iter().map(|(_, trace)| trace.readings.len()).sum(),
        left_out: report::left_out_words(&inputs),
        sensors: inputs.table.sensors.len(),
        gases: traces.iter().map(|(gas, _)| gas.gas.slug.clone()).collect(),
    });
    let several = traces.len() > 1;
    let mut prepared = Vec::with_capacity(traces.len());
    for (gas, trace) in traces {
        let folder = if several { job.out.join(&gas.gas.slug) } else { job.out.clone() };
        prepared.push(prepare(job, &inputs, gas, trace, &folder)?);
    }
    let mut done = Vec::with_capacity(prepared.len());
    for one in prepared {
        let step = |what, done| {
            watch(Event::Step { gas: one.gas.gas.slug.clone(), what, done, of: STEPS });
        };
        step("search for sources", 0);
        let location = invert::locate(&one.trace, &one.volume.volume, &one.options)?;
        step("files", 1);
        let words = words::of(&location, &one.gas.gas, &one.trace);
        let results =
            Results { job, inputs: &inputs, one: &one, location: &location, words: &words };
        files::write(one.outcome.folder(), &results)?;
        done.push((one, location, words));
    }
    done.into_iter()
        .map(|(one, location, words)| {
            let gas_name = one.gas.gas.name.clone();
            let measured = measured(&one.trace);
            Ok(Located { gas_name, location, words, measured, folder: one.outcome.finish()? })
        })
        .collect()
}

fn prepare<'l>(
    job: &Job,
    inputs: &inputs::Inputs,
    gas: &'l CrossSection,
    mut trace: Trace,
    folder: &Path,
) -> anyhow::Result<Prepared<'l>> {
    let mut notes = Vec::new();
    notes.extend(mean::thin(&mut trace));
    let volume = volume::choose(&inputs.site, &trace);
    notes.extend(volume.note.clone());
    let (plumes, note) = seen(inputs, &trace)?;
    notes.extend(note);
    let options = invert::Options { plumes, ..options(job, &inputs.site, gas) };
    let outcome = Outcome::begin(folder, job.force)?;
    Ok(Prepared { gas, trace, notes, volume, options, outcome })
}

fn options(job: &Job, site: &Site, gas: &CrossSection) -> invert::Options {
    let usual = invert::Options::new(gas.gas.molar_mass, job.seed);
    let draws = job.draws.unwrap_or(usual.draws);
    invert::Options {
        typical_rate: site.typical_rate.or(usual.typical_rate),
        source_half_width: site.source_half_width.unwrap_or(usual.source_half_width),
        lid: site.lid.or(usual.lid),
        most_sources: site.most_sources.unwrap_or(usual.most_sources),
        next_leg: job.next_leg,
        draws,
        // Who asks for more draws grants them the time.
        most_work: usual.most_work / usual.draws as u64 * draws as u64,
        ..usual
    }
}

/// From the first reading to the last.
fn measured(trace: &Trace) -> Option<(Timestamp, Timestamp)> {
    let start_s = trace.frame.start?.0;
    let at = |seconds: f64| Timestamp::from_microsecond(((start_s + seconds) * 1e6) as i64).ok();
    let times = || trace.readings.iter().map(|reading| reading.time.0);
    Some((at(times().reduce(f64::min)?)?, at(times().reduce(f64::max)?)?))
}

/// What imagers saw of this gas, in the frame of the trace.
fn seen(
    inputs: &inputs::Inputs,
    trace: &Trace,
) -> anyhow::Result<(Vec<SeenPlume>, Option<String>)> {
    let of_gas: Vec<&seen_plumes::Seen> =
        inputs.plumes.iter().filter(|plume| plume.gas == trace.gas).collect();
    if of_gas.is_empty() {
        let note = (!inputs.plumes.is_empty() || inputs.silent_plumes > 0)
            .then(|| "the plumes given say nothing of this gas".to_owned());
        return Ok((Vec::new(), note));
    }
    ensure!(
        trace.frame.origin.is_some(),
        "plumes lie on the Earth, and nobody said where 0 m east, 0 m north is: give [origin] in \
         site.toml"
    );
    let plumes = of_gas.iter().map(|plume| frame::seen_plume(plume, trace.frame));
    let plumes: Vec<SeenPlume> = plumes.collect::<Option<_>>().context("a plume has no place")?;
    let count = counted(plumes.len(), "plume");
    let note = format!("taken into account: {count} of this gas from imagers");
    Ok((plumes, Some(note)))
}
