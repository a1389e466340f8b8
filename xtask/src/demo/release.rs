//! A release of gas of known place and rate, located from the readings of a drone and the wind.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use serde_json::Value;

use super::number;

/// What is true of `fixtures/trace_readings.csv`, by `fixtures/make/trace.py`: m and kg/h.
const EAST: f64 = 12.0;
const NORTH: f64 = -8.0;
const RATE: f64 = 6.0;
const SITE: &str = "[search]\neast = [-40, 40]\nnorth = [-50, 50]\nup = [0, 5]\n";

pub(super) const ARGUMENTS: [&str; 9] = [
    "locate",
    "fixtures/trace_readings.csv",
    "--wind",
    "fixtures/trace_wind.csv",
    "--site",
    "demo/site.toml",
    "--out",
    "demo/located",
    "--force",
];

pub(super) const WHERE_TO_LOOK: [(&str, &str); 4] = [
    ("map.png", "where gas comes from, how sure that is, and what was measured where"),
    ("fit.png", "readings against the model, sensor by sensor"),
    ("sources.json", "place, rate and probability of every source"),
    ("report.json", "what was left out and why, and all it takes to do it again"),
];

pub(super) fn write_site(folder: &Path) -> Result<()> {
    let path = folder.join("site.toml");
    fs::write(&path, SITE).with_context(|| path.display().to_string())
}

/// The truth, and how far what was named is from it.
pub(super) fn compared(folder: &Path) -> Result<String> {
    let path = folder.join("located/sources.json");
    let bytes = fs::read(&path).with_context(|| path.display().to_string())?;
    Ok(beside(&serde_json::from_slice(&bytes)?))
}

pub(super) fn beside(found: &Value) -> String {
    let truth = format!("true: {EAST} m east, {} m south, {RATE} kg/h\n", -NORTH);
    let near = |source: &Value| {
        let place = &source["place"];
        (number(place, "east") - EAST).hypot(number(place, "north") - NORTH)
    };
    let sources = found["sources"].as_array().into_iter().flatten();
    let nearest = sources.map(near).min_by(f64::total_cmp);
    let off = nearest.map(|off| format!("the nearest source named is {off:.1} m from it\n"));
    truth + &off.unwrap_or_else(|| "no source is named\n".to_owned())
}
