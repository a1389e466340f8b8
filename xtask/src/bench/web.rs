//! `cargo xtask bench web`: the workbench in Debian's Chromium, drawn by software on the processors there are.
//!
//! A record of a hundred thousand sites is made through the door for reports, and `web/e2e/figures.mjs` measures how long
//! the first page takes from a cold cache, how many frames a second a map of all of them has while it is moved, and
//! whether a page that is left open grows.

use std::{
    fmt::Write as _,
    fs,
    path::Path,
    process::{Command, ExitCode},
};

use anyhow::{Result, ensure};

use crate::{served, stage};

/// Rows and columns of places.
const ROWS: u32 = 250;
const COLUMNS: u32 = 400;
/// Degrees from one place to the next: three kilometres, so that each is a site of its own, and none too many for a tile.
const STEP_DEG: f64 = 0.032;
const MAPPING: &str = "[columns]\nlatitude = \"Lat\"\nlongitude = \"Lon\"\n\n[constants]\ntime = \"2026-11-20T18:00:00Z\"\n\
    reliability = \"B\"\ncredibility = \"2\"\nradius_90_m = \"150\"\nclassification = \"restricted\"\n";

/// Words: `minutes=N`, how long a page is left open.
pub(crate) fn run(words: &[&str]) -> Result<ExitCode> {
    let minutes = words.iter().find_map(|word| word.strip_prefix("minutes=")).unwrap_or("2");
    let cathartes = super::executable()?;
    crate::setup::browser()?;
    let folder = tempfile::tempdir()?;
    let record = folder.path().join("record");
    let (_served, first) = served::start(&cathartes, &record, &["--workers", "1"])?;
    filled(&cathartes, folder.path(), &record)?;
    let mut node = Command::new("node");
    node.arg("e2e/figures.mjs").current_dir(crate::root().join("web"));
    let base = first.split("/first").next().unwrap_or_default();
    node.env("BASE", base).env("FIRST", &first).env("MINUTES", minutes);
    Ok(if stage::succeeds(&mut node)? { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Brings a report of every place into the record, and waits until they are sites.
fn filled(cathartes: &impl Fn() -> Command, folder: &Path, record: &Path) -> Result<()> {
    let (reports, mapping) = (folder.join("reports.csv"), folder.join("mapping.toml"));
    let mut text = "Lat,Lon,collector,sign\n".to_owned();
    for (row, column) in (0..ROWS).flat_map(|row| (0..COLUMNS).map(move |column| (row, column))) {
        let (latitude, longitude) = (STEP_DEG * f64::from(row), STEP_DEG * f64::from(column));
        writeln!(text, "{:.4},{:.4},office-1,smell", 30.0 + latitude, -110.0 + longitude)?;
    }
    fs::write(&reports, text)?;
    fs::write(&mapping, MAPPING)?;
    let data = record.display().to_string();
    let (reports, mapping) = (reports.display().to_string(), mapping.display().to_string());
    let words = ["import", &reports, "--mapping", &mapping, "--data", &data];
    ensure!(stage::succeeds(cathartes().args(words))?, "the reports were not imported");
    loop {
        let answer =
            cathartes().args(["sites", "--data", &data, "--json", "--limit", "1"]).output()?;
        let listed: serde_json::Value = serde_json::from_slice(&answer.stdout)?;
        if listed["jobs_waiting"] == 0 {
            return Ok(());
        }
        std::thread::sleep(std::time::Duration::from_secs(1));
    }
}
