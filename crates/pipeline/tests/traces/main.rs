//! Traces of sources that are known, real and simulated, from their files to what is named.
//!
//! `cargo xtask bench locate` runs this over `../shared/data/traces`, three seeds a case.
//! `LOCATE_CASES=name,name` and `LOCATE_SEEDS=1,2` choose.

#![expect(clippy::unwrap_used, reason = "a trial that cannot be set up has failed")]

#[path = "../judge/mod.rs"]
mod judge;
mod score;

use std::{
    env, fs,
    path::{Path, PathBuf},
    time::Instant,
};

use cathartes_pipeline::locate::{Job, run};
use judge::{Truth, judge, table};
use score::Score;
use serde_json::Value;

/// For development; what is scored for good has seeds from 1000.
const SEEDS: [u64; 3] = [1, 2, 3];

#[test]
#[ignore = "minutes, and reads cases beside the project; run by `cargo xtask bench locate`"]
fn sources_are_where_they_are_known_to_be() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/traces");
    let Ok(entries) = fs::read_dir(&folder) else {
        println!("left out: {} is not there", folder.display());
        return;
    };
    let mut cases: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    cases.retain(|case| case.is_dir() && asked_for(case));
    cases.sort();
    let seeds = env::var("LOCATE_SEEDS").ok();
    let seeds = seeds
        .map_or(SEEDS.to_vec(), |text| text.split(',').map(|seed| seed.parse().unwrap()).collect());
    println!("{}", score::HEADER);
    let mut all = Vec::new();
    for case in &cases {
        for seed in &seeds {
            let score = trial(case, *seed);
            println!("{score}");
            all.push(score);
        }
    }
    let group = |score: &Score| if score.real { "real" } else { "simulated" }.to_owned();
    let verdicts: Vec<_> = all.iter().map(|score| (group(score), score.verdict.clone())).collect();
    println!("{}", table(&verdicts));
}

fn asked_for(case: &Path) -> bool {
    let name = case.file_name().unwrap().to_string_lossy().into_owned();
    env::var("LOCATE_CASES").map_or(true, |names| names.split(',').any(|asked| asked == name))
}

/// One run from the files of a case.
fn trial(case: &Path, seed: u64) -> Score {
    let root = tempfile::tempdir().unwrap();
    let site = root.path().join("site.toml");
    let model: Value = serde_json::from_slice(&fs::read(case.join("model.json")).unwrap()).unwrap();
    fs::write(&site, limits(&model)).unwrap();
    let job = Job {
        readings: case.join("readings.csv"),
        wind: case.join("wind.csv"),
        log_map: None,
        site: Some(site),
        gas: Some("ch4".to_owned()),
        plumes: Vec::new(),
        next_leg: None,
        out: root.path().join("out"),
        seed,
        draws: None,
        force: false,
        gas_folder: None,
    };
    let begun = Instant::now();
    let located = run(&job, &|_| {}).unwrap();
    let seconds = begun.elapsed().as_secs_f64();
    let name = case.file_name().unwrap().to_string_lossy().into_owned();
    let location = located[0].location.clone();
    let (truth, real) = truth(case);
    let verdict = judge(&truth, &location);
    Score { case: name, seed, real, location, verdict, seconds }
}

/// Where sources may be; nothing else of what the other program was told.
fn limits(model: &Value) -> String {
    let span = |axis: usize| {
        let ends = &model["site_limits"][axis];
        format!("[{:.1}, {:.1}]", ends[0].as_f64().unwrap(), ends[1].as_f64().unwrap())
    };
    format!("[search]\neast = {}\nnorth = {}\nup = {}\n", span(0), span(1), span(2))
}

/// The true sources, and whether they were really there.
fn truth(case: &Path) -> (Vec<Truth>, bool) {
    let text = fs::read(case.join("truth.json")).unwrap();
    let value: Value = serde_json::from_slice(&text).unwrap();
    let number = |source: &Value, key: &str| source[key].as_f64().unwrap();
    let one = |source: &Value| Truth {
        east_m: number(source, "east"),
        north_m: number(source, "north"),
        rate_kg_h: number(source, "rate_kg_h"),
    };
    let sources = value["sources"].as_array().unwrap().iter().map(one).collect();
    (sources, value["real"].as_bool().unwrap_or(false))
}
