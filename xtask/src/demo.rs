//! `cargo xtask demo`: the whole job on a fresh machine, in one command. A short flight line with known
//! plumes is made and searched, releases of gas, one of them real where its readings are at hand, are
//! located from what sensors read of them, and what was found is laid beside the truth. At last a scripted area
//! along a border is brought into a record that is served, and its sites are listed.

use std::{fs, path::Path, process::ExitCode, time::Instant};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::bench;

mod border;
mod real;
mod release;
mod sky;

/// The recipe, and the wind it carries with the deviation a weather service would give.
const RECIPE: &str = "docs/guide/first-line.toml";
const WIND: &str = "3.5,250,0.7";
/// A plume found within this distance of a true source is that source's, pixels.
const NEAR_PX: f64 = 20.0;
/// A true enhancement that counts as gas, ppm m.
const GAS_PPMM: f32 = 10.0;

pub(crate) fn run(keep: bool) -> Result<ExitCode> {
    println!("building the release executable (minutes the first time) ...");
    let cathartes = bench::executable()?;
    let start = Instant::now();
    let folder = crate::root().join("demo");
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

    println!("\n{}", compared(&folder)?);
    release::write_site(&folder)?;
    run(&release::ARGUMENTS)?;
    println!("{}", release::compared(&folder)?);
    let real = real::arguments(&crate::root(), &folder)?;
    match &real {
        Some(words) => {
            run(&words.iter().map(String::as_str).collect::<Vec<_>>())?;
            println!("{}", real::compared(&crate::root(), &folder)?);
        }
        None => println!("{}", real::left_out()),
    }
    println!(
        "done in {:.1} s but for the border. Look, in this order:",
        start.elapsed().as_secs_f64()
    );
    for (file, what) in WHERE_TO_LOOK {
        println!("  demo/results/{file:<20} {what}");
    }
    for (file, what) in release::WHERE_TO_LOOK {
        println!("  demo/located/{file:<20} {what}");
    }
    if real.is_some() {
        let (file, what) = real::WHERE_TO_LOOK;
        println!("  demo/real/{file:<23} {what}");
    }
    println!("what it all means: docs/guide/results.md and docs/guide/locate.md");
    border::run(&cathartes, &folder, keep)?;
    Ok(ExitCode::SUCCESS)
}

const WHERE_TO_LOOK: [(&str, &str); 6] = [
    ("quicklook.png", "the scene, the enhancement over it, plumes outlined and numbered"),
    ("plumes.geojson", "place, mass, rate and false-alarm probability of every plume"),
    ("plume-1.png", "why the strongest is believed to be gas"),
    ("enhancement.ch4.tif", "the map: ppm-m and its standard deviation"),
    ("significance.ch4.tif", "the map that decides: how sure, in deviations"),
    ("report.json", "all it takes to do it again"),
];

/// Every true source beside the plume found at it, and what the other plumes are.
fn compared(folder: &Path) -> Result<String> {
    let read = |name: &str| {
        let path = folder.join(name);
        fs::read(&path).with_context(|| path.display().to_string())
    };
    let truth = serde_json::from_slice(&read("line.truth.json")?)?;
    let found = serde_json::from_slice(&read("results/plumes.geojson")?)?;
    Ok(beside(&truth, &found, &read("line.truth.ch4.img")?))
}

fn beside(truth: &Value, found: &Value, gas: &[u8]) -> String {
    let sources = || truth["plumes"].as_array().into_iter().flatten();
    let rows: String = sources().map(|source| row(source, found)).collect();
    let others = features(found)
        .filter(|p| !sources().any(|source| distance_px(p, place(source)) < NEAR_PX));
    let (torn, none): (Vec<&Value>, Vec<&Value>) = others.partition(|p| over_gas(p, truth, gas));
    let flagged = none.iter().filter(|p| p["look_alike_flagged"] == true).count();
    format!(
        "true source        true rate    found    rate by mass\n{rows}\
         parts of these plumes that the wind has torn off: {}\n\
         plumes found where no gas is: {}, of these called look-alikes: {flagged}\n",
        torn.len(),
        none.len(),
    )
}

/// Whether there is gas within two pixels of a plume's origin in the true map (`f32`, line by line).
fn over_gas(plume: &Value, truth: &Value, gas: &[u8]) -> bool {
    let [lines, samples] = ["lines", "samples"].map(|key| number(truth, key) as usize);
    let [line, sample] =
        ["origin_line_px", "origin_sample_px"].map(|key| number(plume, key) as usize);
    let (values, _) = gas.as_chunks::<4>();
    let near = |at: usize, end: usize| at.saturating_sub(2)..(at + 3).min(end);
    near(line, lines)
        .flat_map(|l| near(sample, samples).map(move |s| l * samples + s))
        .filter_map(|at| values.get(at))
        .any(|bytes| f32::from_le_bytes(*bytes) > GAS_PPMM)
}

fn row(source: &Value, found: &Value) -> String {
    let [line, sample] = place(source);
    let plume = features(found).find(|p| distance_px(p, [line, sample]) < NEAR_PX);
    let what = plume.map_or("none".into(), |p| {
        let [rate, sigma] =
            ["rate_by_mass_kg_per_h", "rate_by_mass_sigma_kg_per_h"].map(|key| number(p, key));
        format!("plume {:<2} {rate:.0} ± {sigma:.0} kg/h", p["plume"])
    });
    let rate = number(source, "rate_kg_h");
    format!("line {line:>4.0}, {sample:>4.0} {rate:>11.0} kg/h    {what}\n")
}

fn place(source: &Value) -> [f64; 2] {
    ["line_px", "sample_px"].map(|key| number(&source["source"], key))
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
