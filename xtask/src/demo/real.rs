//! A real release of gas, when its readings lie beside the project: what is named, and what is true.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use serde_json::Value;

use super::number;

/// The release that is shown, of those in [`TRACES`].
const CASE: &str = "metec_20220511008";
const TRACES: &str = "../shared/data/traces";

pub(super) const WHERE_TO_LOOK: (&str, &str) =
    ("map.png", "where the gas of the real release comes from, as the readings say");

/// When the release is not there.
pub(super) fn left_out() -> String {
    format!("left out: the real release, because {TRACES}/{CASE} is not there\n")
}

/// The words that locate it, with the searched ground written down; none when it is not there.
pub(super) fn arguments(root: &Path, demo: &Path) -> Result<Option<Vec<String>>> {
    let folder = format!("{TRACES}/{CASE}");
    if !root.join(&folder).is_dir() {
        return Ok(None);
    }
    let path = demo.join("real-site.toml");
    let site = site(&read(&root.join(&folder).join("model.json"))?)?;
    fs::write(&path, site).with_context(|| path.display().to_string())?;
    let [readings, wind] = ["readings", "wind"].map(|name| format!("{folder}/{name}.csv"));
    let words = ["locate", &readings, "--wind", &wind, "--site", "demo/real-site.toml"];
    let end = ["--gas", "ch4", "--out", "demo/real", "--force"];
    Ok(Some(words.iter().chain(&end).map(|word| (*word).to_owned()).collect()))
}

/// Where sources may be; nothing else is told of the release.
fn site(model: &Value) -> Result<String> {
    let span = |(axis, name): (usize, &str)| {
        let end = |i: usize| model["site_limits"][axis][i].as_f64();
        let ends = end(0).zip(end(1)).with_context(|| format!("no limits {name} in model.json"))?;
        Ok(format!("{name} = [{:?}, {:?}]\n", ends.0, ends.1))
    };
    let spans: Result<String> = ["east", "north", "up"].into_iter().enumerate().map(span).collect();
    Ok(format!("[search]\n{}", spans?))
}

fn read(path: &Path) -> Result<Value> {
    let text = fs::read(path).with_context(|| path.display().to_string())?;
    serde_json::from_slice(&text).with_context(|| path.display().to_string())
}

/// What was named, beside the truth.
pub(super) fn compared(root: &Path, demo: &Path) -> Result<String> {
    let truth = read(&root.join(TRACES).join(CASE).join("truth.json"))?;
    let found = read(&demo.join("real/sources.json"))?;
    Ok(format!("a real release ({CASE})\n{}", beside(&truth, &found)))
}

pub(super) fn beside(truth: &Value, found: &Value) -> String {
    let all = |value: &Value| value["sources"].as_array().cloned().unwrap_or_default();
    let (true_ones, named) = (all(truth), all(found));
    let truth = true_ones
        .iter()
        .map(|truth| format!("true:  {}, {:.2} kg/h\n", ground(truth), number(truth, "rate_kg_h")));
    let named: Vec<String> = named
        .iter()
        .filter_map(|source| {
            let nearest = |a: &&Value, b: &&Value| off_m(a, source).total_cmp(&off_m(b, source));
            Some(line(true_ones.iter().min_by(nearest)?, source))
        })
        .collect();
    let why = found["declined_because"].as_str().unwrap_or("none is probable enough");
    let none = named.is_empty().then(|| format!("named: none: {why}\n"));
    truth.chain(named).chain(none).collect()
}

/// A named source with the true one nearest to it.
fn line(truth: &Value, source: &Value) -> String {
    let range = &source["rate_range"];
    let [rate, low, high] = [number(source, "rate"), number(range, "low"), number(range, "high")];
    let word = |holds: bool| if holds { "holds" } else { "does not hold" };
    format!(
        "named: {}, {rate:.2} kg/h ({low:.2} to {high:.2}); {:.1} m off; its 90 % ellipse {} the true place, \
         its 90 % range {} the true rate\n",
        ground(&source["place"]),
        off_m(truth, source),
        word(in_ellipse(truth, source)),
        word((low..=high).contains(&number(truth, "rate_kg_h")))
    )
}

fn ground(place: &Value) -> String {
    format!("{:.1} m east, {:.1} m north", number(place, "east"), number(place, "north"))
}

fn from_m(truth: &Value, source: &Value) -> [f64; 2] {
    ["east", "north"].map(|axis| number(truth, axis) - number(&source["place"], axis))
}

fn off_m(truth: &Value, source: &Value) -> f64 {
    let [east, north] = from_m(truth, source);
    east.hypot(north)
}

fn in_ellipse(truth: &Value, source: &Value) -> bool {
    let ([east, north], ellipse) = (from_m(truth, source), &source["ellipse"]);
    let (sin, cos) = number(ellipse, "bearing").to_radians().sin_cos();
    let along = (east * sin + north * cos) / number(ellipse, "semi_major");
    let across = (east * cos - north * sin) / number(ellipse, "semi_minor");
    along.hypot(across) <= 1.0
}

#[cfg(test)]
mod tests;
