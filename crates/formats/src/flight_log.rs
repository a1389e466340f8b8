//! Flight logs with a gas sensor in them: `MAVLink` telemetry (`.tlog`) and PX4 `ULog` (`.ulg`).
//!
//! Loggers write gas under whatever message was free. A map says where:
//!
//! ```text
//! least_height_m = 2.0                  readings below are left out; 0 unless given
//!
//! [[sensor]]                            1 to 16
//! id = 0
//! name = "drone"                        may be missing
//! gas = "ch4"                           may be missing
//! value = "NAMED_VALUE_FLOAT.value"     message.field, an element of an array as message.field[2]
//! only = "name = CH4"                   of messages whose text field says so; may be missing
//! unit = "ppm"                          or "ppb", "percent", "fraction"
//!
//! [position]                            may be missing: what the log has
//! latitude = "vehicle_gps_position.lat"     one message for the three
//! longitude = "vehicle_gps_position.lon"
//! height = "vehicle_gps_position.alt"
//! degrees_per_unit = 1e-7
//! metres_per_unit = 0.001
//! ```
//!
//! Without `[position]`: `GLOBAL_POSITION_INT` with its height above home; or `vehicle_global_position`,
//! else `vehicle_gps_position`. Heights of a `ULog` count from its lowest position: the ground it started
//! from. A reading stands where the vehicle was between two positions at most [`FARTHEST_FIX`] apart;
//! it is left out where there are none. Time is UTC where the log knows it.

use std::collections::BTreeMap;

use cathartes_core::{
    trace::Sensor,
    units::{Metres, PartsPerMillion, Seconds},
};
use serde::Deserialize;

use crate::readings::{At, Head, Kind, LeftOut, MOST_ROWS, Reason, Row, Table, on_earth};

pub(crate) mod mavlink;
pub(crate) mod ulog;

/// Positions farther apart than this leave readings between them out.
pub const FARTHEST_FIX: Seconds = Seconds(5.0);
/// Largest map, bytes.
pub const MAX_MAP_BYTES: usize = 64 << 10;
const MOST_SENSORS: usize = 16;
const LONGEST_NAME: usize = 80;

/// Why a flight log gives no readings.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FlightLogError {
    /// A map that is none.
    #[error("line {line}: {reason}; a map holds least_height_m, [[sensor]] and [position]")]
    Map {
        /// Line, from 1.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// A value of the map that cannot be.
    #[error("`{key}` cannot be `{value}`; {remedy}")]
    Invalid {
        /// Which key.
        key: &'static str,
        /// What stands there.
        value: String,
        /// What should.
        remedy: &'static str,
    },
    /// Neither kind of log.
    #[error("neither MAVLink telemetry nor a ULog; give a .tlog or .ulg as the vehicle wrote it")]
    NoLog,
    /// A message that this log does not have.
    #[error("the log has no `{name}`; it has {known}")]
    Unknown {
        /// What the map asks for.
        name: String,
        /// What there is.
        known: String,
    },
    /// No place for any reading.
    #[error("the log has no position; give another by [position] of the map")]
    NoPosition,
    /// More than we take.
    #[error("more than {MOST_ROWS} readings; divide the log")]
    TooMany,
}

/// Where a log holds its readings.
#[derive(Debug, Clone, PartialEq)]
pub struct LogMap {
    least_height: Metres,
    sensors: Vec<(Head, Option<String>, Wanted, f64)>,
    position: Option<Position>,
}

/// Fields of one message, all those whose text is right.
#[derive(Debug, Clone, PartialEq)]
struct Wanted {
    message: String,
    fields: Vec<String>,
    only: Option<(String, String)>,
}

#[derive(Debug, Clone, PartialEq)]
struct Position {
    wanted: Wanted,
    deg: f64,
    m: f64,
    /// Whether the height counts from the ground already.
    above_ground: bool,
}

/// One message.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Sample {
    /// The how-manieth of the log, from 1.
    row: u64,
    time: Seconds,
    values: [f64; 3],
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    least_height_m: f64,
    sensor: Vec<SensorEntry>,
    position: Option<PositionEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SensorEntry {
    id: i64,
    name: Option<String>,
    gas: Option<String>,
    value: String,
    only: Option<String>,
    unit: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PositionEntry {
    latitude: String,
    longitude: String,
    height: String,
    degrees_per_unit: f64,
    metres_per_unit: f64,
}

impl LogMap {
    /// Reads a map.
    ///
    /// # Errors
    ///
    /// [`FlightLogError`] with the place and the remedy.
    pub fn parse(bytes: &[u8]) -> Result<Self, FlightLogError> {
        let map = |line, reason: &str| FlightLogError::Map { line, reason: reason.to_owned() };
        if bytes.len() > MAX_MAP_BYTES {
            return Err(map(1, "larger than any map"));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| map(1, "no UTF-8 text"))?;
        let file: File = toml::from_str(text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let reason: String = error.message().chars().take(200).collect();
            map(before.matches('\n').count() + 1, reason.lines().next().unwrap_or_default())
        })?;
        if !(1..=MOST_SENSORS).contains(&file.sensor.len()) {
            return Err(map(1, "one to 16 sensors are needed"));
        }
        if !(0.0..=1000.0).contains(&file.least_height_m) {
            let value = file.least_height_m.to_string();
            return Err(invalid("least_height_m", &value, "write m from 0 to 1,000"));
        }
        Ok(Self {
            least_height: Metres(file.least_height_m),
            sensors: file.sensor.into_iter().map(sensor).collect::<Result<_, _>>()?,
            position: file.position.as_ref().map(position).transpose()?,
        })
    }
}

fn invalid(key: &'static str, value: &str, remedy: &'static str) -> FlightLogError {
    FlightLogError::Invalid { key, value: value.chars().take(80).collect(), remedy }
}

fn sensor(entry: SensorEntry) -> Result<(Head, Option<String>, Wanted, f64), FlightLogError> {
    let scale = match entry.unit.as_str() {
        "ppm" => 1.0,
        "ppb" => 1e-3,
        "percent" => 1e4,
        "fraction" => 1e6,
        other => return Err(invalid("unit", other, "write ppm, ppb, percent or fraction")),
    };
    let (message, field) = dotted("value", &entry.value)?;
    let remedy = "write field = text, as name = CH4";
    let only = entry.only.map(|only| {
        let (field, text) = only.split_once('=').ok_or_else(|| invalid("only", &only, remedy))?;
        Ok((field.trim().to_owned(), text.trim().to_owned()))
    });
    let name = entry.name.unwrap_or_else(|| format!("sensor {}", entry.id));
    let name = name.chars().take(LONGEST_NAME).collect();
    let head = Head { sensor: Sensor { id: entry.id, name }, kind: Kind::Mobile };
    let wanted = Wanted { message, fields: vec![field], only: only.transpose()? };
    Ok((head, entry.gas, wanted, scale))
}

fn position(entry: &PositionEntry) -> Result<Position, FlightLogError> {
    let (message, latitude) = dotted("latitude", &entry.latitude)?;
    let (other, longitude) = dotted("longitude", &entry.longitude)?;
    let (third, height) = dotted("height", &entry.height)?;
    if other != message || third != message {
        return Err(invalid("longitude", &entry.longitude, "take the three from one message"));
    }
    let fits = |unit: f64| unit.is_finite() && unit > 0.0;
    if !fits(entry.degrees_per_unit) || !fits(entry.metres_per_unit) {
        let value = format!("{}, {}", entry.degrees_per_unit, entry.metres_per_unit);
        return Err(invalid("degrees_per_unit, metres_per_unit", &value, "write numbers above 0"));
    }
    let wanted = Wanted { message, fields: vec![latitude, longitude, height], only: None };
    let above_ground = false;
    Ok(Position { wanted, deg: entry.degrees_per_unit, m: entry.metres_per_unit, above_ground })
}

fn dotted(key: &'static str, text: &str) -> Result<(String, String), FlightLogError> {
    let remedy = "write message.field, as NAMED_VALUE_FLOAT.value";
    let parts = text.split_once('.').filter(|(a, b)| !a.is_empty() && !b.is_empty());
    parts.map(|(a, b)| (a.to_owned(), b.to_owned())).ok_or_else(|| invalid(key, text, remedy))
}

/// Reads a log by its map; nothing is judged yet but places and heights.
///
/// # Errors
///
/// [`FlightLogError`] when it is no log, or has not what the map names.
pub fn read(bytes: &[u8], map: &LogMap) -> Result<Table, FlightLogError> {
    let log = Log::open(bytes)?;
    let path = log.path(map.position.as_ref())?;
    let mut table = Table { utc: log.utc(), ..Table::default() };
    let mut gases: BTreeMap<String, usize> = BTreeMap::new();
    for (head, gas, wanted, scale) in &map.sensors {
        let next = gases.len();
        let gas = *gases.entry(gas.clone().unwrap_or_default()).or_insert(next);
        let sensor = table.sensors.len();
        table.sensors.push(head.clone());
        let samples = log.samples(wanted)?;
        if table.rows.len() + samples.len() > MOST_ROWS {
            return Err(FlightLogError::TooMany);
        }
        for sample in samples {
            let [value, ..] = sample.values;
            match place(&path, sample.time, map.least_height) {
                _ if !value.is_finite() => table.leave(sample.row, Reason::NotANumber("value")),
                Err(reason) => table.leave(sample.row, reason),
                Ok(near) => {
                    let value = PartsPerMillion(value * scale);
                    let (row, time) = (sample.row, sample.time);
                    table.rows.push(Row { row, sensor, gas, time, near, far: None, value });
                }
            }
        }
    }
    let mut names: Vec<(usize, String)> = gases.into_iter().map(|(name, at)| (at, name)).collect();
    names.sort();
    table.gases = names.into_iter().map(|(_, name)| name).collect();
    Ok(table)
}

impl Table {
    fn leave(&mut self, row: u64, reason: Reason) {
        self.left_out.push(LeftOut { row, reason });
    }
}

enum Log<'b> {
    Mavlink(mavlink::Telemetry<'b>),
    Ulog(ulog::ULog<'b>),
}

impl<'b> Log<'b> {
    fn open(bytes: &'b [u8]) -> Result<Self, FlightLogError> {
        if let Some(log) = ulog::ULog::open(bytes) {
            return Ok(Self::Ulog(log));
        }
        mavlink::Telemetry::open(bytes).map(Self::Mavlink).ok_or(FlightLogError::NoLog)
    }

    fn utc(&self) -> bool {
        match self {
            Self::Mavlink(_) => true,
            Self::Ulog(log) => log.utc(),
        }
    }

    fn samples(&self, wanted: &Wanted) -> Result<Vec<Sample>, FlightLogError> {
        match self {
            Self::Mavlink(log) => log.samples(wanted),
            Self::Ulog(log) => log.samples(wanted),
        }
    }

    /// Where the vehicle was, by rising time; heights above the ground.
    fn path(&self, given: Option<&Position>) -> Result<Vec<Sample>, FlightLogError> {
        let own = match self {
            Self::Mavlink(_) => mavlink::POSITIONS.to_vec(),
            Self::Ulog(_) => ulog::POSITIONS.to_vec(),
        };
        let choices = match given {
            Some(given) => vec![given.clone()],
            None => own.into_iter().map(usual).collect(),
        };
        let mut found = choices.into_iter().filter_map(|position| {
            let samples = self.samples(&position.wanted).ok()?;
            (!samples.is_empty()).then_some((position, samples))
        });
        let (position, mut path) = found.next().ok_or(FlightLogError::NoPosition)?;
        for sample in &mut path {
            let [latitude, longitude, height] = sample.values;
            sample.values =
                [latitude * position.deg, longitude * position.deg, height * position.m];
        }
        path.retain(|s| s.values.iter().all(|v| v.is_finite()) && s.values[..2] != [0.0, 0.0]);
        path.sort_by(|a, b| a.time.0.total_cmp(&b.time.0));
        if !position.above_ground {
            let lowest = path.iter().map(|s| s.values[2]).fold(f64::INFINITY, f64::min);
            for sample in &mut path {
                sample.values[2] -= lowest;
            }
        }
        Ok(path)
    }
}

/// Message; latitude, longitude, height; degrees and metres of one; whether from the ground.
type Usual = (&'static str, [&'static str; 3], f64, f64, bool);

fn usual((message, fields, deg, m, above_ground): Usual) -> Position {
    let fields = fields.map(str::to_owned).to_vec();
    let wanted = Wanted { message: message.to_owned(), fields, only: None };
    Position { wanted, deg, m, above_ground }
}

/// The place at a time, linear between two positions.
fn place(path: &[Sample], time: Seconds, least: Metres) -> Result<At, Reason> {
    let next = path.partition_point(|sample| sample.time < time);
    let at = |i: usize| path.get(i).ok_or(Reason::NoPosition);
    let b = at(next)?;
    let a = if b.time == time { b } else { at(next.checked_sub(1).ok_or(Reason::NoPosition)?)? };
    let apart = b.time.0 - a.time.0;
    if apart > FARTHEST_FIX.0 {
        return Err(Reason::NoPosition);
    }
    let share = if apart > 0.0 { (time.0 - a.time.0) / apart } else { 0.0 };
    let between = |i: usize| a.values[i] + share * (b.values[i] - a.values[i]);
    // A barometer errs about zero before the flight.
    if between(2).max(0.0) < least.0 {
        return Err(Reason::OnTheGround);
    }
    let place = on_earth(between(0), between(1)).ok_or(Reason::NoPosition)?;
    Ok(At::Earth(place, Metres(between(2).max(0.0))))
}

#[cfg(test)]
mod tests;
