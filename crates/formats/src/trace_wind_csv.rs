//! Wind along a trace as CSV with a header.
//!
//! ```text
//! sensor_id,time,speed,direction_from_deg,turb_h_deg,turb_v_deg,temperature_K,pressure_kPa
//! -1,0,2.5,43.8,12.8,7.7,288.15,101.325
//! ```
//!
//! | column | holds |
//! |---|---|
//! | `sensor_id` | the sensor it was measured for, -1 for all; may be missing: all |
//! | `time` | seconds or RFC 3339, as the readings have it |
//! | `speed`, `direction_from_deg` | m/s, and where it blows *from*, clockwise from true north |
//! | `u_east`, `v_north` | m/s towards east and north; where both pairs stand these count |
//! | `turb_h_deg`, `turb_v_deg` | deviation of the direction, across and up and down; may be missing or empty |
//! | `temperature_K`, `pressure_kPa` | of the air; may be missing or empty |
//!
//! Columns may stand in any order and others beside them; lines that start with `#` are skipped. A
//! row that cannot be is left out with its [`Reason`], and so is one whose time does not rise.

use std::collections::BTreeMap;

use cathartes_core::{
    trace::{Sensor, WindReading, WindRecord},
    units::{Degrees, Kelvin, Kilopascals, MetresPerSecond, Seconds},
};

use crate::{
    readings::{LeftOut, MOST_ROWS, Reason},
    readings_csv::moment,
};

const HEADER: &str = "sensor_id,time,speed,direction_from_deg";
/// Stronger than any wind measured at the ground, m/s.
const STRONGEST: f64 = 120.0;
/// The sensor that stands for all.
const ALL: i64 = -1;

/// Why a file says no wind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TraceWindError {
    /// A column is missing.
    #[error(
        "row 1: the column `{column}` is missing; the header is {HEADER}, or u_east,v_north in place of speed,direction_from_deg"
    )]
    NoColumn {
        /// The column.
        column: &'static str,
    },
    /// Not a CSV at all.
    #[error("row {row}: not a row of comma-separated values; save the file as UTF-8 CSV")]
    NoRow {
        /// Row, from 1.
        row: u64,
    },
    /// A header and nothing under it.
    #[error("no row under the header; give at least one wind")]
    Empty,
    /// Nothing that could be kept.
    #[error("row {row}: {reason}, and no other row is better; correct the file")]
    NothingLeft {
        /// The first row.
        row: u64,
        /// Why it cannot be kept.
        reason: Reason,
    },
    /// More than we take.
    #[error("row {row}: more than {MOST_ROWS} rows; divide the file")]
    TooMany {
        /// Row, from 1.
        row: u64,
    },
}

/// Winds of a file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct WindTable {
    /// By the number of the sensor they are for, -1 for all, by rising time.
    pub by_sensor: BTreeMap<i64, Vec<WindReading>>,
    /// What is not kept.
    pub left_out: Vec<LeftOut>,
    /// Whether times count from 1970-01-01 UTC.
    pub utc: bool,
}

impl WindTable {
    /// The winds for these sensors, with times since `start`.
    #[must_use]
    pub fn record(&self, sensors: &[Sensor], start: Seconds) -> WindRecord {
        let since = |winds: &Vec<WindReading>| {
            let shift =
                |wind: &WindReading| WindReading { time: Seconds(wind.time.0 - start.0), ..*wind };
            winds.iter().map(shift).collect::<Vec<_>>()
        };
        let own = sensors
            .iter()
            .enumerate()
            .filter(|(_, sensor)| sensor.id != ALL)
            .filter_map(|(i, sensor)| Some((i, since(self.by_sensor.get(&sensor.id)?))));
        WindRecord {
            own: own.collect(),
            common: self.by_sensor.get(&ALL).map(since).unwrap_or_default(),
        }
    }
}

/// Reads the text of a table.
///
/// # Errors
///
/// [`TraceWindError`] when the header is not right or no row is.
pub fn read(text: &[u8]) -> Result<WindTable, TraceWindError> {
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .trim(csv::Trim::All)
        .flexible(true)
        .from_reader(text);
    let header = reader.byte_headers().map_err(|_| TraceWindError::NoRow { row: 1 })?.clone();
    let columns = Columns::find(&header)?;
    let (mut table, mut clock) = (WindTable::default(), None);
    let mut rows = 0;
    for record in reader.byte_records() {
        let record = record.map_err(|error| TraceWindError::NoRow {
            row: error.position().map_or(0, csv::Position::line),
        })?;
        let row = record.position().map_or(0, csv::Position::line);
        rows += 1;
        if rows > MOST_ROWS {
            return Err(TraceWindError::TooMany { row });
        }
        let torn = record.len() != header.len();
        let read = if torn { Err(Reason::Torn) } else { columns.wind(&record) };
        if let Err(reason) = read.and_then(|read| table.add(read, &mut clock)) {
            table.left_out.push(LeftOut { row, reason });
        }
    }
    table.utc = clock.unwrap_or_default();
    match (table.by_sensor.is_empty(), table.left_out.first()) {
        (true, None) => Err(TraceWindError::Empty),
        (true, Some(left)) => {
            Err(TraceWindError::NothingLeft { row: left.row, reason: left.reason })
        }
        _ => Ok(table),
    }
}

impl WindTable {
    fn add(
        &mut self,
        (sensor, wind, utc): (i64, WindReading, bool),
        clock: &mut Option<bool>,
    ) -> Result<(), Reason> {
        if *clock.get_or_insert(utc) != utc {
            return Err(Reason::Impossible("time"));
        }
        let last = self.by_sensor.get(&sensor).and_then(|winds| winds.last());
        match last {
            Some(last) if last.time == wind.time && last.east == wind.east => Err(Reason::Repeated),
            Some(last) if last.time == wind.time => Err(Reason::SecondAtOnce),
            Some(last) if last.time > wind.time => Err(Reason::TimeGoesBack),
            _ => {
                self.by_sensor.entry(sensor).or_default().push(wind);
                Ok(())
            }
        }
    }
}

/// Where the columns stand.
struct Columns {
    sensor: Option<usize>,
    time: usize,
    flow: Flow,
    across: Option<usize>,
    up: Option<usize>,
    temperature: Option<usize>,
    pressure: Option<usize>,
}

enum Flow {
    Towards { east: usize, north: usize },
    From { speed: usize, bearing: usize },
}

impl Columns {
    fn find(header: &csv::ByteRecord) -> Result<Self, TraceWindError> {
        let plain = |title: &[u8]| title.strip_prefix(b"\xef\xbb\xbf").unwrap_or(title).to_vec();
        let titles: Vec<Vec<u8>> = header.iter().map(plain).collect();
        let find = |name: &str| titles.iter().position(|t| t.eq_ignore_ascii_case(name.as_bytes()));
        let need = |column| find(column).ok_or(TraceWindError::NoColumn { column });
        let time = need("time")?;
        let flow = match (find("u_east"), find("v_north")) {
            (Some(east), Some(north)) => Flow::Towards { east, north },
            _ => Flow::From { speed: need("speed")?, bearing: need("direction_from_deg")? },
        };
        Ok(Self {
            sensor: find("sensor_id"),
            time,
            flow,
            across: find("turb_h_deg"),
            up: find("turb_v_deg"),
            temperature: find("temperature_k"),
            pressure: find("pressure_kpa"),
        })
    }

    /// The sensor's number, its wind, and whether the time is UTC.
    fn wind(&self, record: &csv::ByteRecord) -> Result<(i64, WindReading, bool), Reason> {
        let field =
            |at: usize| std::str::from_utf8(record.get(at).unwrap_or_default()).unwrap_or("?");
        let number = |at: usize, name, low: f64, high: f64| {
            let value: f64 = field(at).parse().map_err(|_| Reason::NotANumber(name))?;
            match value {
                _ if !value.is_finite() => Err(Reason::NotANumber(name)),
                _ if (low..=high).contains(&value) => Ok(value),
                _ => Err(Reason::Impossible(name)),
            }
        };
        let maybe = |at: Option<usize>, name, low, high| match at {
            Some(at) if !field(at).is_empty() => number(at, name, low, high).map(Some),
            _ => Ok(None),
        };
        let sensor = match self.sensor {
            Some(at) => field(at).parse().map_err(|_| Reason::NotANumber("sensor_id"))?,
            None => ALL,
        };
        let (time, utc) = moment(field(self.time)).ok_or(Reason::NotANumber("time"))?;
        let (east, north) = match self.flow {
            Flow::Towards { east, north } => (
                number(east, "u_east", -STRONGEST, STRONGEST)?,
                number(north, "v_north", -STRONGEST, STRONGEST)?,
            ),
            Flow::From { speed, bearing } => {
                let speed = number(speed, "speed", 0.0, STRONGEST)?;
                let from = number(bearing, "direction_from_deg", -360.0, 360.0)?.to_radians();
                (-speed * from.sin(), -speed * from.cos())
            }
        };
        let wind = WindReading {
            time,
            east: MetresPerSecond(east),
            north: MetresPerSecond(north),
            turbulence_across: maybe(self.across, "turb_h_deg", 0.0, 180.0)?.map(Degrees),
            turbulence_up: maybe(self.up, "turb_v_deg", 0.0, 90.0)?.map(Degrees),
            temperature: maybe(self.temperature, "temperature_K", 150.0, 350.0)?.map(Kelvin),
            pressure: maybe(self.pressure, "pressure_kPa", 10.0, 120.0)?.map(Kilopascals),
        };
        Ok((sensor, wind, utc))
    }
}

#[cfg(test)]
mod tests;
