//! A scripted area along a border: one hidden source, flown over twice and measured on the ground once, a licensed
//! landfill beside it, a tip that leads nowhere, and nine strips along the line, three with a source that nobody has told
//! of. Everything is brought into a fresh record through its doors; the sites that come out are laid beside the truth,
//! and what waits for analysts is shown in the workbench.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use super::{number, sky};
use crate::served;

const GROUND: &str = "[scene]\nlines = 240\nsamples = 200\n\n[instrument]\nname = \"aviris-ng\"\naltitude_m = 3000\n\n\
    [wind]\nspeed_m_s = 3.5\nfrom_deg = 250\n\n[place]\nutm_zone = 13\nnorthing_m = 3520000\n";
/// Name, day, seed, easting of the corner, and the rates of the hidden source and of the landfill.
const FLIGHTS: [(&str, &str, u32, u32, [u32; 2]); 12] = [
    ("line-1", "2026-09-12T16:00:00Z", 21, 250_000, [1200, 900]),
    ("line-2", "2026-09-26T16:30:00Z", 22, 250_000, [800, 700]),
    ("line-3", "2026-09-27T16:10:00Z", 23, 253_000, [0, 0]),
    ("line-4", "2026-09-27T16:20:00Z", 24, 254_000, [700, 0]),
    ("line-5", "2026-09-27T16:30:00Z", 25, 255_000, [0, 0]),
    ("line-6", "2026-09-27T16:40:00Z", 26, 256_000, [0, 0]),
    ("line-7", "2026-09-28T15:50:00Z", 27, 257_000, [500, 0]),
    ("line-8", "2026-09-28T16:00:00Z", 28, 258_000, [0, 0]),
    ("line-9", "2026-09-28T16:10:00Z", 29, 259_000, [0, 0]),
    ("line-10", "2026-09-28T16:20:00Z", 30, 260_000, [900, 0]),
    ("line-11", "2026-09-28T16:30:00Z", 31, 261_000, [0, 0]),
    ("line-12", "2026-09-28T16:40:00Z", 32, 262_000, [0, 0]),
];
/// Those after these are the strips.
const STORY: usize = 3;
const WIND: &str = "3.5,250,0.7";
/// Line and sample of the hidden source, of the landfill, and of the tip in the third flight.
const HIDDEN: [u32; 2] = [130, 50];
const LANDFILL: [u32; 2] = [50, 120];
/// Where the source of `fixtures/trace_readings.csv` is, m east and north of its origin, and its rate.
const RELEASE_M: [f64; 2] = [12.0, -8.0];
const RELEASE_KG_H: f64 = 6.0;
const METRES_PER_DEGREE: f64 = 111_200.0;
const MAPPING: &str = "[columns]\nlatitude = \"Lat\"\nlongitude = \"Lon\"\ntime = \"When\"\ncollector = \"Office\"\n\
    reliability = \"Source\"\ncredibility = \"Info\"\n\n[constants]\nradius_90_m = \"200\"\n\
    classification = \"restricted\"\n";
/// Until every job is done, or something is wrong.
const PATIENCE: Duration = Duration::from_secs(600);
/// A site within this of a place is at it, m.
const NEAR_M: f64 = 150.0;
const SITES: &str = "8";

/// A place on the Earth, degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct At {
    latitude: f64,
    longitude: f64,
}

impl At {
    pub(super) fn moved(self, [east_m, north_m]: [f64; 2]) -> Self {
        let latitude = self.latitude + north_m / METRES_PER_DEGREE;
        let along = METRES_PER_DEGREE * self.latitude.to_radians().cos();
        Self { latitude, longitude: self.longitude + east_m / along }
    }

    /// Longitude and latitude, as JSON has them.
    pub(super) fn position(self) -> [f64; 2] {
        [self.longitude, self.latitude]
    }

    fn distance_m(self, other: Self) -> f64 {
        let along = METRES_PER_DEGREE * self.latitude.to_radians().cos();
        let north = (other.latitude - self.latitude) * METRES_PER_DEGREE;
        north.hypot((other.longitude - self.longitude) * along)
    }
}

/// What is true of the area.
#[derive(Debug, Clone)]
pub(super) struct Truth {
    hidden: At,
    landfill: At,
    tip: At,
    /// In the strips.
    unreported: Vec<At>,
}

/// Makes the area, brings it into a record that is served, and tells what came of it.
pub(super) fn run(cathartes: &impl Fn() -> Command, demo: &Path, keep: bool) -> Result<()> {
    let start = Instant::now();
    let folder = demo.join("border");
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| folder.display().to_string())?;
    }
    let truth = made(cathartes, &folder)?;
    let record = folder.join("record");
    println!("\n$ cathartes serve --data demo/border/record");
    let (mut served, first_link) = served::start(cathartes, &record, &[])?;
    imported(cathartes, &folder, &record)?;
    sky::flown(cathartes, &folder, &record.display().to_string(), truth.hidden)?;
    let sites = folded(cathartes, &record)?;
    println!("\n$ cathartes sites --data demo/border/record --limit {SITES}");
    let data = record.display().to_string();
    cathartes().args(["sites", "--data", &data, "--limit", SITES]).status()?;
    println!("{}", beside(&sites, &truth));
    println!("the border took {:.1} s", start.elapsed().as_secs_f64());
    println!(
        "the queue waits in the workbench; the link makes your account and opens it: {first_link}"
    );
    if keep {
        println!("the server goes on until you press Ctrl-C");
        served.ended()?;
    } else {
        println!("it ends with this command, which is not on a terminal; --keep leaves it running");
    }
    Ok(())
}

/// Scenes, a trace, reports and a register in folders of their own.
fn made(cathartes: &impl Fn() -> Command, folder: &Path) -> Result<Truth> {
    let written = |name: &str, text: &str| {
        let path = folder.join(name);
        let parent = path.parent().context("a file in no folder")?;
        fs::create_dir_all(parent)?;
        fs::write(&path, text).with_context(|| path.display().to_string())
    };
    let mut truths = Vec::new();
    for (name, _, seed, easting, rates) in FLIGHTS {
        written(&format!("{name}.toml"), &recipe(seed, easting, rates))?;
        fs::create_dir_all(folder.join(name))?;
        let path = |name: String| folder.join(name).display().to_string();
        let (recipe, image) = (path(format!("{name}.toml")), path(format!("{name}/{name}.img")));
        let made = cathartes().args(["simulate", &recipe, "--out", &image, "--quiet"]).status()?;
        ensure!(made.success(), "`cathartes simulate {recipe}` stopped; see above");
        let truth = folder.join(name).join(format!("{name}.truth.json"));
        truths.push(serde_json::from_slice::<Value>(&fs::read(&truth)?)?);
    }
    let [first, _, third, strips @ ..] = truths.as_slice() else {
        bail!("{} flights of {}", truths.len(), FLIGHTS.len())
    };
    let told = strips.iter().zip(&FLIGHTS[STORY..]).filter(|(_, flight)| flight.4[0] > 0);
    let truth = Truth {
        hidden: source(first, 0)?,
        landfill: source(first, 1)?,
        tip: source(third, 0)?,
        unreported: told.map(|(strip, _)| source(strip, 0)).collect::<Result<_>>()?,
    };
    for file in ["readings", "wind"] {
        let from = crate::root().join(format!("fixtures/trace_{file}.csv"));
        written(&format!("trace/{file}.csv"), &fs::read_to_string(from)?)?;
    }
    written("trace/site.toml", &site(truth.hidden.moved(RELEASE_M.map(|m| -m))))?;
    written("mapping.toml", MAPPING)?;
    written("reports.csv", &reports(&truth))?;
    written("named.csv", "Lat,Lon,When,Office,Source,Info,sign,Telephone\n")?;
    written("register.csv", &register(truth.landfill))?;
    Ok(truth)
}

/// The third flight has a plume so faint that nobody could see it: it marks where the tip points.
fn recipe(seed: u32, easting: u32, rates: [u32; 2]) -> String {
    let plume = |([line, sample], rate): ([u32; 2], u32)| {
        let rate = if rate == 0 { "0.001".to_owned() } else { rate.to_string() };
        format!(
            "\n[[plume]]\nkind = \"puffs\"\ngas = \"ch4\"\nline = {line}\nsample = {sample}\nrate_kg_h = {rate}\n"
        )
    };
    let plumes: String = [HIDDEN, LANDFILL].into_iter().zip(rates).map(plume).collect();
    format!("seed = {seed}\n\n{GROUND}easting_m = {easting}\n{plumes}")
}

fn source(truth: &Value, plume: usize) -> Result<At> {
    let place = &truth["plumes"][plume]["source_place"];
    let degrees = |name: &str| place[name].as_f64().context("the truth has no place");
    Ok(At { latitude: degrees("latitude")?, longitude: degrees("longitude")? })
}

/// What is known where the readings were taken.
fn site(origin: At) -> String {
    let At { latitude, longitude } = origin;
    format!(
        "gas = \"ch4\"\nstart = \"2026-09-20T15:00:00Z\"\n\n[origin]\nlatitude = {latitude}\n\
         longitude = {longitude}\n\n[search]\neast = [-40.0, 40.0]\nnorth = [-50.0, 50.0]\nup = [0.0, 5.0]\n"
    )
}

/// Two offices tell of the hidden source, one of them by way of another too; a third tells of nothing; one row is
/// wrong.
fn reports(truth: &Truth) -> String {
    let row = |office: &str, at: At, grade: &str, sign: &str, handed_on_by: &str| {
        let At { latitude, longitude } = at;
        format!(
            "{latitude:.5},{longitude:.5},2026-09-10T18:00:00Z,{office},{grade},{sign},{handed_on_by}\n"
        )
    };
    let rows = [
        row("ranger-2", truth.hidden.moved([40.0, 30.0]), "B,3", "smell", ""),
        row("ranger-2", truth.hidden.moved([60.0, 0.0]), "B,3", "smell", "customs-1"),
        row("patrol-7", truth.hidden.moved([-50.0, 60.0]), "C,3", "waste", ""),
        row("tip-line-4", truth.tip, "D,3", "smell", ""),
        "forty,-107.6,2026-09-11T08:00:00Z,patrol-7,C,3,smell,\n".to_owned(),
    ];
    format!("Lat,Lon,When,Office,Source,Info,sign,handed_on_by\n{}", rows.concat())
}

fn register(landfill: At) -> String {
    let At { latitude, longitude } = landfill.moved([60.0, -40.0]);
    format!(
        "name,latitude,longitude,radius_m,gases\nLandfill 4,{latitude:.5},{longitude:.5},150,ch4\n"
    )
}

fn imported(cathartes: &impl Fn() -> Command, folder: &Path, record: &Path) -> Result<()> {
    let data = record.display().to_string();
    let import = |what: &str, more: &[&str]| -> Result<bool> {
        println!("\n$ cathartes import demo/border/{what} {}", more.join(" "));
        let path: PathBuf = folder.join(what);
        let mut command = cathartes();
        command.args(["import", &path.display().to_string(), "--data", &data]).args(more);
        Ok(command.stderr(Stdio::inherit()).status()?.success())
    };
    let mapping = folder.join("mapping.toml").display().to_string();
    for (name, time, ..) in FLIGHTS {
        // The truth stays out of the record.
        let truth = format!("{name}/{name}.truth.ch4");
        for ending in ["img", "hdr"] {
            fs::rename(
                folder.join(format!("{truth}.{ending}")),
                folder.join(format!("{name}.truth.ch4.{ending}")),
            )?;
        }
        fs::rename(
            folder.join(format!("{name}/{name}.truth.json")),
            folder.join(format!("{name}.truth.json")),
        )?;
        let words = ["--gas", "ch4", "--wind", WIND, "--time", time];
        ensure!(import(name, &words)?, "`{name}` was not imported; see above");
    }
    ensure!(import("trace", &["--gas", "ch4"])?, "the trace was not imported; see above");
    ensure!(import("reports.csv", &["--mapping", &mapping])?, "no report was taken; see above");
    ensure!(import("register.csv", &["--register"])?, "the register was not taken; see above");
    ensure!(!import("named.csv", &["--mapping", &mapping])?, "a file that names persons was taken");
    Ok(())
}

/// Waits until every job is done; the sites then.
fn folded(cathartes: &impl Fn() -> Command, record: &Path) -> Result<Value> {
    println!("\nthe server searches, locates and folds ...");
    let (data, begun) = (record.display().to_string(), Instant::now());
    loop {
        let answer =
            cathartes().args(["sites", "--data", &data, "--json", "--limit", SITES]).output()?;
        let listed: Value = serde_json::from_slice(&answer.stdout)
            .with_context(|| String::from_utf8_lossy(&answer.stderr).into_owned())?;
        if listed["jobs_waiting"] == 0 {
            return Ok(listed);
        }
        ensure!(begun.elapsed() < PATIENCE, "jobs are not done after {PATIENCE:?}: {listed}");
        std::thread::sleep(Duration::from_millis(500));
    }
}

/// Every site beside what is there.
pub(super) fn beside(listed: &Value, truth: &Truth) -> String {
    let Truth { hidden, landfill, tip, unreported } = truth;
    let is_true = format!(
        "what is true: a hidden source ({} and {} kg/h under the flights, {RELEASE_KG_H} kg/h when measured on the \
         ground), a licensed landfill, nothing where the tip points, and {} sources in the strips\n",
        FLIGHTS[0].4[0],
        FLIGHTS[1].4[0],
        unreported.len()
    );
    let row = |site: &Value| {
        let place = &site["place"];
        let at = At { latitude: number(place, "latitude"), longitude: number(place, "longitude") };
        let there = [(hidden, "the hidden source"), (landfill, "the landfill"), (tip, "the tip")];
        let strips = unreported.iter().map(|place| (place, "a source nobody told of"));
        let near =
            there.into_iter().chain(strips).find(|(place, _)| at.distance_m(**place) <= NEAR_M);
        let what = near.map_or("nothing".to_owned(), |(place, what)| {
            format!("{what}, {:.0} m off", at.distance_m(*place))
        });
        format!("  said {:>5.1} %   there is {what}\n", 100.0 * number(site, "probability"))
    };
    let rows: String = listed["sites"].as_array().into_iter().flatten().map(row).collect();
    is_true + &rows
}
