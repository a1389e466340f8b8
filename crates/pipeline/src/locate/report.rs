//! `report.json`: what was read, what was left out and why, and all that is needed to run it again and
//! get the same bytes. `sources.json`: what was found.

use std::{collections::BTreeMap, path::Path};

use cathartes_core::{
    geometry::LatLon,
    identification::Likelihood,
    provenance::Provenance,
    source::{Convergence, Declined, Location, NextLeg, SensorFit, Source},
    trace::{Frame, SearchVolume},
};
use cathartes_formats::readings::{LeftOut, Reason};
use cathartes_sensing::invert;
use serde::Serialize;

use super::{Job, Results, frame::USUAL_GAS, inputs::Inputs, words};

/// Letters of the list of rows that people are shown; the report has all.
const MOST_LETTERS: usize = 60;

#[derive(Serialize)]
struct Report<'a> {
    gas: &'a str,
    gas_name: &'a str,
    molar_mass_g_mol: f64,
    provenance: Provenance,
    inputs_note: &'static str,
    frame: Frame,
    search_volume: SearchVolume,
    readings: Readings<'a>,
    wind: Wind,
    notes: &'a [String],
}

#[derive(Serialize)]
struct Readings<'a> {
    rows: usize,
    used_for_this_gas: usize,
    left_out: Vec<Left>,
    gaps: Vec<GapEntry<'a>>,
    sensors: Vec<&'a str>,
}

#[derive(Serialize)]
struct Wind {
    rows: usize,
    left_out: Vec<Left>,
}

#[derive(Serialize)]
struct Left {
    reason: String,
    count: usize,
    rows: String,
}

#[derive(Serialize)]
struct GapEntry<'a> {
    sensor: &'a str,
    before_row: u64,
    length_s: f64,
}

#[derive(Serialize)]
struct Answer<'a> {
    gas: &'a str,
    words: &'a [String],
    sources: Vec<SourceEntry<'a>>,
    declined: Option<Declined>,
    declined_because: Option<&'static str>,
    count_probability: &'a [f64],
    convergence: Convergence,
    model_fits: bool,
    fit: Vec<FitEntry<'a>>,
    next_leg: Option<&'a NextLeg>,
    provenance: Provenance,
}

#[derive(Serialize)]
struct SourceEntry<'a> {
    #[serde(flatten)]
    source: &'a Source,
    likelihood: Likelihood,
    on_earth: Option<LatLon>,
}

#[derive(Serialize)]
struct FitEntry<'a> {
    sensor_name: &'a str,
    #[serde(flatten)]
    fit: &'a SensorFit,
}

pub(super) fn write(folder: &Path, results: &Results<'_>) -> anyhow::Result<()> {
    let (inputs, one) = (results.inputs, results.one);
    let names: Vec<&str> = one.trace.sensors.iter().map(|sensor| sensor.name.as_str()).collect();
    let gap = |gap: &cathartes_formats::readings::Gap| GapEntry {
        sensor: names.get(gap.sensor).copied().unwrap_or_default(),
        before_row: gap.row,
        length_s: gap.length.0,
    };
    let report = Report {
        gas: &one.gas.gas.slug,
        gas_name: &one.gas.gas.name,
        molar_mass_g_mol: one.gas.gas.molar_mass.0,
        provenance: provenance(results),
        inputs_note: "sha256 is of every byte of the file, as sha256sum prints it",
        frame: one.trace.frame,
        search_volume: one.volume.volume,
        readings: Readings {
            rows: inputs.rows,
            used_for_this_gas: one.trace.readings.len(),
            left_out: grouped(&inputs.table.left_out),
            gaps: inputs.gaps.iter().map(gap).collect(),
            sensors: names.clone(),
        },
        wind: Wind {
            rows: inputs.wind.by_sensor.values().map(Vec::len).sum(),
            left_out: grouped(inputs.wind_left_out()),
        },
        notes: &one.notes,
    };
    write_json(&folder.join("report.json"), &report)
}

pub(super) fn write_sources(folder: &Path, results: &Results<'_>) -> anyhow::Result<()> {
    let (location, trace): (&Location, _) = (results.location, &results.one.trace);
    let source = |source| SourceEntry {
        source,
        likelihood: Likelihood::of(source.existence_probability),
        on_earth: trace.frame.on_earth(source.place.east, source.place.north),
    };
    let name = |fit: &SensorFit| trace.sensors.get(fit.sensor).map_or("", |s| s.name.as_str());
    let fits = location.fit.iter().map(|fit| FitEntry { sensor_name: name(fit), fit });
    let answer = Answer {
        gas: &location.gas,
        words: results.words,
        sources: location.sources.iter().map(source).collect(),
        declined: location.declined,
        declined_because: location.declined.map(words::why),
        count_probability: &location.count_probability,
        convergence: location.convergence,
        model_fits: location.model_fits,
        fit: fits.collect(),
        next_leg: location.next_leg.as_ref(),
        provenance: provenance(results),
    };
    write_json(&folder.join("sources.json"), &answer)
}

fn write_json(path: &Path, value: &impl Serialize) -> anyhow::Result<()> {
    let mut text = serde_json::to_string_pretty(value)?;
    text.push('\n');
    Ok(std::fs::write(path, text)?)
}

/// What was left out of readings and wind, a sentence a reason.
pub(super) fn left_out_words(inputs: &Inputs) -> Vec<String> {
    let of = |file: &'static str, left_out: &[LeftOut]| -> Vec<String> {
        let each = grouped(left_out).into_iter();
        let words = each.map(|left| {
            let rows: String = left.rows.chars().take(MOST_LETTERS).collect();
            let more = if rows.len() < left.rows.len() { " …" } else { "" };
            let count = words::counted(left.count, "row");
            format!("{count} of the {file} left out, {}: row {rows}{more}", left.reason)
        });
        words.collect()
    };
    [of("readings", &inputs.table.left_out), of("wind", inputs.wind_left_out())].concat()
}

/// By reason, with the rows in short: `3, 7-12`.
fn grouped(left_out: &[LeftOut]) -> Vec<Left> {
    let mut by_reason: BTreeMap<Reason, Vec<u64>> = BTreeMap::new();
    for left in left_out {
        by_reason.entry(left.reason).or_default().push(left.row);
    }
    let left = |(reason, mut rows): (Reason, Vec<u64>)| {
        rows.sort_unstable();
        Left { reason: reason.to_string(), count: rows.len(), rows: ranges(&rows) }
    };
    by_reason.into_iter().map(left).collect()
}

fn ranges(rows: &[u64]) -> String {
    let runs = rows.chunk_by(|a, b| *b == *a + 1);
    let one = |run: &[u64]| match run {
        [first, .., last] => format!("{first}-{last}"),
        [row] => row.to_string(),
        [] => String::new(),
    };
    runs.map(one).collect::<Vec<_>>().join(", ")
}

fn provenance(results: &Results<'_>) -> Provenance {
    Provenance {
        inputs: results.inputs.files.clone(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        seed: results.job.seed,
        parameters: parameters(results.job, &results.one.options),
    }
}

/// The options in the form they were understood, in the words of the command line; what the site says
/// is in its file.
fn parameters(job: &Job, options: &invert::Options) -> Vec<(String, String)> {
    let name =
        |path: &Path| path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let mut all = vec![("--wind", name(&job.wind)), ("--seed", job.seed.to_string())];
    let files = [("--site", &job.site), ("--log-map", &job.log_map)];
    all.extend(files.into_iter().filter_map(|(word, path)| Some((word, name(path.as_ref()?)))));
    all.extend(job.plumes.iter().map(|path| ("--plumes", name(path))));
    all.extend(job.gas.clone().map(|gas| ("--gas", gas)));
    all.extend(job.next_leg.map(|leg| ("--next-leg", leg.0.to_string())));
    all.push(("chains", options.chains.to_string()));
    all.push(("--draws", options.draws.to_string()));
    all.push(("most sources", options.most_sources.to_string()));
    if job.gas.is_none() {
        all.push(("gas where nobody names one", USUAL_GAS.to_owned()));
    }
    all.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
