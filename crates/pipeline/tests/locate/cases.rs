//! Traces with known sources, read from their folders.

use std::{collections::BTreeMap, fs, path::Path};

use cathartes_core::{
    trace::{
        Frame, LocalPlace, Probe, Reading, SearchVolume, Sensor, Span, Trace, WindReading,
        WindRecord,
    },
    units::{Degrees, Kelvin, Kilopascals, Metres, MetresPerSecond, PartsPerMillion, Seconds},
};
use serde_json::Value;

/// A source that was there: place in metres and kg/h.
#[derive(Debug, Clone, Copy)]
pub(crate) struct True {
    pub(crate) place: [f64; 3],
    pub(crate) rate: f64,
}

/// A trace, where to look, and what is true.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) trace: Trace,
    pub(crate) volume: SearchVolume,
    pub(crate) truth: Vec<True>,
}

type Row = BTreeMap<String, String>;

fn rows(path: &Path) -> Vec<Row> {
    let text = fs::read_to_string(path).unwrap();
    let mut lines = text.lines().map(|l| l.split(',').map(str::to_owned));
    let columns: Vec<String> = lines.next().unwrap().collect();
    lines.map(|fields| columns.iter().cloned().zip(fields).collect()).collect()
}

fn number(row: &Row, column: &str) -> Option<f64> {
    row.get(column)?.parse().ok()
}

fn place(row: &Row, suffix: &str) -> Option<LocalPlace> {
    let at = |axis: &str| number(row, &format!("{axis}{suffix}")).map(Metres);
    Some(LocalPlace { east: at("east")?, north: at("north")?, up: at("up")? })
}

fn wind(row: &Row) -> WindReading {
    WindReading {
        time: Seconds(number(row, "time").unwrap()),
        east: MetresPerSecond(number(row, "u_east").unwrap()),
        north: MetresPerSecond(number(row, "v_north").unwrap()),
        turbulence_across: number(row, "turb_h_deg").map(Degrees),
        turbulence_up: number(row, "turb_v_deg").map(Degrees),
        temperature: number(row, "temperature_K").map(Kelvin),
        pressure: number(row, "pressure_kPa").map(Kilopascals),
    }
}

fn trace(folder: &Path) -> Trace {
    let mut sensors: Vec<Sensor> = Vec::new();
    let mut readings = Vec::new();
    for (row, line) in (2..).zip(rows(&folder.join("readings.csv"))) {
        let id = number(&line, "sensor_id").unwrap() as i64;
        let known = sensors.iter().position(|s| s.id == id);
        let sensor = known.unwrap_or_else(|| {
            sensors.push(Sensor { id, name: line["sensor_name"].clone() });
            sensors.len() - 1
        });
        let from = place(&line, "").unwrap();
        let probe = place(&line, "2").map_or(Probe::Point(from), |to| Probe::Beam(from, to));
        let value = PartsPerMillion(number(&line, "value_ppm").unwrap());
        let time = Seconds(number(&line, "time").unwrap());
        readings.push(Reading { sensor, time, probe, value, row });
    }
    readings.sort_by(|a, b| a.time.0.total_cmp(&b.time.0));
    let mut record = WindRecord::default();
    for line in rows(&folder.join("wind.csv")) {
        let id = number(&line, "sensor_id").unwrap() as i64;
        let Some(sensor) = sensors.iter().position(|s| s.id == id) else {
            record.common.push(wind(&line));
            continue;
        };
        match record.own.iter_mut().find(|own| own.0 == sensor) {
            Some(own) => own.1.push(wind(&line)),
            None => record.own.push((sensor, vec![wind(&line)])),
        }
    }
    Trace { gas: "ch4".into(), frame: Frame::default(), sensors, readings, wind: record }
}

fn json(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn volume(model: &Value) -> SearchVolume {
    let span = |k: usize| {
        let at = |end: usize| Metres(model["site_limits"][k][end].as_f64().unwrap());
        Span { from: at(0), to: at(1) }
    };
    SearchVolume { east: span(0), north: span(1), up: span(2) }
}

fn truth(file: &Value) -> Vec<True> {
    let at = |s: &Value, key: &str| s[key].as_f64().unwrap();
    let one = |s: &Value| True {
        place: [at(s, "east"), at(s, "north"), at(s, "up")],
        rate: at(s, "rate_kg_h"),
    };
    file["sources"].as_array().unwrap().iter().map(one).collect()
}

/// All cases below a folder, by name; none when there is no such folder.
pub(crate) fn all(root: &Path) -> Vec<Case> {
    let Ok(entries) = fs::read_dir(root) else { return Vec::new() };
    let mut folders: Vec<_> = entries.map(|e| e.unwrap().path()).filter(|p| p.is_dir()).collect();
    folders.sort();
    let case = |folder: &std::path::PathBuf| Case {
        name: folder.file_name().unwrap().to_string_lossy().into_owned(),
        trace: trace(folder),
        volume: volume(&json(&folder.join("model.json"))),
        truth: truth(&json(&folder.join("truth.json"))),
    };
    folders.iter().map(case).collect()
}
