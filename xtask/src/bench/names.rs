//! Whole thermal lines through the executable: which gases of which plumes were named, and how long it
//! took.
//!
//! A line has 320 x 1,000 pixels and 256 bands (`HyTES` from 1,500 m over mixed ground), with eight plumes of
//! eight gases and two of two gases at once. Words are seeds; four from 1000 on when none is given. A gas
//! counts as named from 80 % on its own. The figures go to docs/validation/identify.md.

use std::{collections::BTreeSet, fmt::Write as _, fs, path::Path, process::ExitCode};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

/// The gases of each plume with their rates, kg/h.
const PLUMES: [&[(&str, f64)]; 10] = [
    &[("nh3", 30.0)],
    &[("methanol", 150.0)],
    &[("ethylene", 120.0)],
    &[("so2", 800.0)],
    &[("ph3", 200.0)],
    &[("n2o", 400.0)],
    &[("formic-acid", 60.0)],
    &[("hno3", 80.0)],
    &[("methanol", 150.0), ("ethylene", 120.0)],
    &[("nh3", 40.0), ("formic-acid", 60.0)],
];
/// Innocent emitters with the gases over them that show, kg/h. What dry cleaners give off is not tabulated.
const INNOCENTS: [(&str, &[(&str, f64)]); 10] = [
    ("dairy", &[("nh3", 30.0), ("ch4", 400.0)]),
    ("fertiliser-store", &[("nh3", 60.0)]),
    ("landfill", &[("ch4", 600.0)]),
    ("paint-shop", &[("toluene", 2500.0), ("methanol", 150.0)]),
    ("power-plant", &[("so2", 1200.0)]),
    ("refinery", &[("propylene", 600.0), ("ethylene", 120.0)]),
    ("wastewater", &[("ch4", 400.0), ("nh3", 20.0)]),
    ("brick-kiln", &[("so2", 800.0), ("ethylene", 60.0)]),
    ("dairy", &[("nh3", 40.0), ("methanol", 100.0)]),
    ("power-plant", &[("so2", 800.0), ("nh3", 15.0)]),
];
const LINES: usize = 1000;
const SAMPLES: usize = 320;
const WIND: &str = "3,250,0.5";
/// How far the head of a plume found may be from the source, pixels.
const NEAR_PX: f64 = 40.0;
const NAMED_FROM: f64 = 0.8;

/// Counts over all lines.
#[derive(Default)]
struct Score {
    plumes: usize,
    found: usize,
    false_plumes: usize,
    /// Gases there, gases named, and how many of those are there.
    gases: usize,
    named: usize,
    right: usize,
    rates: Vec<Rate>,
}

pub(crate) fn run(words: &[&str]) -> Result<ExitCode> {
    println!("| seed | plume | gases there | found, gases named from 80 % |\n|---|---|---|---|");
    let mut score = Score::default();
    let mut seconds = Vec::new();
    searched(words, &PLUMES, |seed, results| {
        score.add(seed, &features(results)?);
        seconds.push(after_reading(results)?);
        Ok(())
    })?;
    let Score { plumes, found, false_plumes, gases, named, right, rates } = score;
    println!(
        "\n{found} of {plumes} plumes found, {false_plumes} false; names: precision {:.2} ({right} of {named}), \
         recall {:.2} ({right} of {gases})",
        right as f64 / named.max(1) as f64,
        right as f64 / gases as f64
    );
    println!("{}", said_of_rates(rates));
    println!("seconds after reading, by line: {seconds:.1?}");
    Ok(ExitCode::SUCCESS)
}

/// Lines of innocent emitters only: what the plumes are said to be.
pub(crate) fn innocents(words: &[&str]) -> Result<ExitCode> {
    println!("| seed | plume of | found as | of interest |\n|---|---|---|---|");
    let (mut plumes, mut most) = (0, 0.0_f64);
    let gases: Vec<&[(&str, f64)]> = INNOCENTS.iter().map(|(_, gases)| *gases).collect();
    searched(words, &gases, |seed, results| {
        for feature in features(results)? {
            let properties = &feature["properties"];
            let place = place_of(properties, gases.len());
            let of = place.map_or("no plume", |place| INNOCENTS[place].0);
            let interest = properties["of_interest_probability"].as_f64().unwrap_or(0.0);
            println!(
                "| {seed} | {of} | {} | {interest:.3} |",
                properties["emitter_kinds"][0]["kind"].as_str().unwrap_or("nothing")
            );
            plumes += 1;
            most = most.max(interest);
        }
        Ok(())
    })?;
    println!("\n{plumes} plumes, of interest with {most:.3} at most");
    Ok(if plumes > 0 && most <= 0.5 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// Simulates and searches a line for every seed of the words; four from 1000 on when there is none.
fn searched(
    words: &[&str],
    plumes: &[&[(&str, f64)]],
    mut add: impl FnMut(u64, &Path) -> Result<()>,
) -> Result<()> {
    let seeds: Vec<u64> = words.iter().map(|word| word.parse()).collect::<Result<_, _>>()?;
    let seeds = if seeds.is_empty() { (1000..1004).collect() } else { seeds };
    let cathartes = super::executable()?;
    let folder = crate::root().join("target/bench-names");
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    for seed in seeds {
        fs::write(folder.join("line.toml"), recipe(seed, plumes))?;
        let run = |words: &[&str]| {
            let status = cathartes().current_dir(&folder).args(words).status()?;
            ensure!(status.success(), "`cathartes {}` stopped; see above", words.join(" "));
            Ok(())
        };
        run(&["simulate", "line.toml", "--out", "line.img", "--quiet"])?;
        let out = ["--wind", WIND, "--out", "results", "--force", "--quiet"];
        run(&[&["detect", "line.img", "--gas", "all"], &out[..]].concat())?;
        add(seed, &folder.join("results"))?;
    }
    Ok(fs::remove_file(folder.join("line.img"))?)
}

/// Plumes down the line; mixtures are two steady plumes of one source.
fn recipe(seed: u64, plumes: &[&[(&str, f64)]]) -> String {
    let mut text = format!(
        "seed = {seed}\n[scene]\nlines = {LINES}\nsamples = {SAMPLES}\n[instrument]\nname = \"hytes\"\n\
         altitude_m = 1500\n[view]\nview_zenith_deg = 0\n[ground]\nrelief_m = 0\n[wind]\nspeed_m_s = 3\n\
         from_deg = 250\n[thermal]\nground_k = 306\nair_k = 298\n"
    );
    for (place, gases) in plumes.iter().enumerate() {
        let kind = if gases.len() > 1 { "gaussian" } else { "puffs" };
        for (gas, rate) in *gases {
            let (line, sample) = source(place);
            let _ = write!(
                text,
                "[[plume]]\nkind = \"{kind}\"\ngas = \"{gas}\"\nline = {line}\nsample = {sample}\n\
                 rate_kg_h = {rate}\nlength_m = 300\n"
            );
        }
    }
    text
}

fn source(place: usize) -> (f64, f64) {
    (60.0 + 96.0 * place as f64, 60.0 + 40.0 * (place % 3) as f64)
}

/// The plume whose source the head of one found is near.
fn place_of(properties: &Value, plumes: usize) -> Option<usize> {
    let at = |key: &str| properties[key].as_f64().unwrap_or(f64::NAN);
    let (line, sample) = (at("origin_line_px"), at("origin_sample_px"));
    (0..plumes).find(|&place| {
        let (l, s) = source(place);
        (line - l).abs() < NEAR_PX && (s - NEAR_PX..s + 3.0 * NEAR_PX).contains(&sample)
    })
}

fn features(results: &Path) -> Result<Vec<Value>> {
    let text = fs::read_to_string(results.join("plumes.geojson"))?;
    let plumes: Value = serde_json::from_str(&text)?;
    Ok(plumes["features"].as_array().context("no features")?.clone())
}

impl Score {
    fn add(&mut self, seed: u64, features: &[Value]) {
        let mut told = vec![BTreeSet::new(); PLUMES.len()];
        let mut seen = [false; PLUMES.len()];
        for feature in features {
            let properties = &feature["properties"];
            let names = named(properties);
            let Some(place) = place_of(properties, PLUMES.len()) else {
                self.false_plumes += 1;
                self.named += names.len();
                println!("| {seed} | false | | {names:?} |");
                continue;
            };
            seen[place] = true;
            told[place].extend(names);
            if let [(gas, rate)] = PLUMES[place] {
                self.rates.extend(Rate::of(properties, gas, *rate));
            }
        }
        for (place, gases) in PLUMES.iter().enumerate() {
            let there: BTreeSet<String> = gases.iter().map(|(gas, _)| (*gas).to_owned()).collect();
            self.plumes += 1;
            self.found += usize::from(seen[place]);
            self.gases += there.len();
            self.named += told[place].len();
            self.right += told[place].intersection(&there).count();
            let found = if seen[place] { format!("{:?}", told[place]) } else { "missed".into() };
            println!("| {seed} | {} | {there:?} | {found} |", place + 1);
        }
    }
}

/// A rate said of a plume of one gas.
struct Rate {
    over_true: f64,
    /// Whether the range of 90 % holds the truth.
    held: bool,
}

impl Rate {
    fn of(properties: &Value, gas: &str, truth: f64) -> Option<Self> {
        let at = |key: &str| properties[key].as_f64();
        (properties["gas"] == gas).then_some(())?;
        let rate = at("rate_by_sections_kg_per_h")?;
        let low = at("rate_by_sections_low_90_percent_kg_per_h")?;
        let high = at("rate_by_sections_high_90_percent_kg_per_h")?;
        Some(Self { over_true: rate / truth, held: (low..=high).contains(&truth) })
    }
}

fn said_of_rates(mut rates: Vec<Rate>) -> String {
    rates.sort_by(|a, b| a.over_true.total_cmp(&b.over_true));
    let Some(middle) = rates.get(rates.len() / 2) else { return "no rates".into() };
    let held = rates.iter().filter(|rate| rate.held).count();
    let (n, least, most) = (rates.len(), &rates[0], &rates[rates.len() - 1]);
    format!(
        "rates of {n} plumes of one gas over the true ones: median {:.2}, from {:.2} to {:.2}; {held} of {n} \
         ranges of 90 % hold the truth",
        middle.over_true, least.over_true, most.over_true
    )
}

fn named(properties: &Value) -> Vec<String> {
    let gases = properties["gases"].as_array().into_iter().flatten();
    let sure = gases.filter(|gas| gas["probability"].as_f64() >= Some(NAMED_FROM));
    sure.filter_map(|gas| Some(gas["gas"].as_str()?.to_owned())).collect()
}

/// What `detect` took without reading and writing.
fn after_reading(results: &Path) -> Result<f64> {
    let timings: Value = serde_json::from_str(&fs::read_to_string(results.join("timings.json"))?)?;
    let steps = timings.as_object().context("no timings")?;
    let counted = steps.iter().filter(|(step, _)| !step.starts_with("read"));
    Ok(counted.filter_map(|(_, seconds)| seconds.as_f64()).sum())
}
