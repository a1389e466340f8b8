//! `cargo xtask demo`: the whole job on a fresh machine, in one command. A short flight line with known
//! plumes is made and searched, and what was found is laid beside the truth.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Instant,
};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::bench;

/// The recipe, and the wind it carries with the deviation a weather service would give.
const RECIPE: &str = "docs/guide/first-line.toml";
const WIND: &str = "3.5,250,0.7";
/// A plume found within this distance of a true source is that source's, pixels.
const NEAR_PX: f64 = 20.0;

pub(crate) fn run() -> Result<ExitCode> {
    println!("building the release executable (minutes the first time) ...");
    let cathartes = bench::executable()?;
    let start = Instant::now();
    let folder = crate::root().join("demo");
    let (image, results) = (folder.join("line.img"), folder.join("results"));
    let run = |arguments: &[&str]| {
        println!("\n$ cathartes {}", arguments.join(" "));
        let mut command = cathartes();
        let status = command.args(arguments).status()?;
        ensure!(status.success(), "`cathartes {}` stopped; see above", arguments.join(" "));
        Ok(())
    };
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    run(&["simulate", RECIPE, "--out", "demo/line.img"])?;
    run(&[
        "detect",
        "demo/line.img",
        "--gas",
        "ch4",
        "--wind",
        WIND,
        "--height",
        "3000",
        "--out",
        "demo/results",
        "--force",
    ])?;

    println!("\n{}", compared(&truth_of(&image), &results.join("plumes.geojson"))?);
    println!("done in {:.1} s. Look, in this order:", start.elapsed().as_secs_f64());
    for (file, what) in WHERE_TO_LOOK {
        println!("  demo/results/{file:<20} {what}");
    }
    println!("what it all means: docs/guide/results.md");
    Ok(ExitCode::SUCCESS)
}

const WHERE_TO_LOOK: [(&str, &str); 5] = [
    ("quicklook.png", "the scene, the enhancement over it, plumes outlined and numbered"),
    ("plumes.geojson", "place, mass, rate and false-alarm probability of every plume"),
    ("plume-1.png", "why the strongest is believed to be gas"),
    ("enhancement.ch4.tif", "the map: ppm-m and its standard deviation"),
    ("significance.ch4.tif", "the map that decides: how sure, in deviations"),
    ("report.json", "all it takes to do it again"),
];

fn truth_of(image: &Path) -> PathBuf {
    image.with_extension("truth.json")
}

/// Every true source beside the plume found at it.
fn compared(truth: &Path, found: &Path) -> Result<String> {
    let read = |path: &Path| -> Result<Value> {
        let text = fs::read(path).with_context(|| path.display().to_string())?;
        serde_json::from_slice(&text).with_context(|| path.display().to_string())
    };
    Ok(beside(&read(truth)?, &read(found)?))
}

fn beside(truth: &Value, found: &Value) -> String {
    let sources = truth["plumes"].as_array().into_iter().flatten();
    let rows: Vec<(String, bool)> = sources.map(|source| row(source, found)).collect();
    let taken = rows.iter().filter(|(_, found)| *found).count();
    let others = features(found).count().saturating_sub(taken);
    let rows: String = rows.into_iter().map(|(row, _)| row).collect();
    let head = "true source        true rate    found    rate by mass";
    format!("{head}\n{rows}plumes found where none is: {others}\n")
}

/// One true source, and whether a plume was found at it.
fn row(source: &Value, found: &Value) -> (String, bool) {
    let place = ["line_px", "sample_px"].map(|key| number(&source["source"], key));
    let plume = features(found).find(|p| distance_px(p, place) < NEAR_PX);
    let what = plume.map_or("none".into(), |p| {
        let [rate, sigma] =
            ["rate_by_mass_kg_per_h", "rate_by_mass_sigma_kg_per_h"].map(|k| number(p, k));
        format!("plume {:<2} {rate:.0} ± {sigma:.0} kg/h", p["plume"])
    });
    let [line, sample] = place;
    let rate = number(source, "rate_kg_h");
    (format!("line {line:>4.0}, {sample:>4.0} {rate:>11.0} kg/h    {what}\n"), plume.is_some())
}

fn features(found: &Value) -> impl Iterator<Item = &Value> {
    found["features"].as_array().into_iter().flatten().map(|f| &f["properties"])
}

fn distance_px(plume: &Value, [line, sample]: [f64; 2]) -> f64 {
    let apart =
        [number(plume, "origin_line_px") - line, number(plume, "origin_sample_px") - sample];
    apart[0].hypot(apart[1])
}

fn number(value: &Value, key: &str) -> f64 {
    value[key].as_f64().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests;
