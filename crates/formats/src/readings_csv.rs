//! Readings of gas sensors as CSV with a header.
//!
//! ```text
//! sensor_id,sensor_name,sensor_type,time,east,north,up,east2,north2,up2,value_ppm
//! 0,fence A,point,0,12.5,80,2.4,,,,2.013
//! 1,reflector 3,beam,0,60,100,1.6,43.9,69.1,1.6,2.957
//! 2,drone,mobile,2024-05-09T12:00:01Z,...
//! ```
//!
//! | column | holds |
//! |---|---|
//! | `sensor_id` | a whole number |
//! | `sensor_name` | what people call it; may be missing |
//! | `sensor_type` | `point`, `beam` or `mobile`; missing: a beam has a far end, all else is mobile |
//! | `time` | seconds from one moment, or RFC 3339 with its offset; one kind a file |
//! | `east`, `north`, `up` | m; `up` is height above the ground |
//! | `longitude`, `latitude` | degrees on WGS 84, instead of `east` and `north` |
//! | `east2`, `north2`, `up2` | the far end of a beam; `longitude2`, `latitude2` likewise |
//! | `value_ppm` | mixing ratio with its background; along a beam the mean |
//! | `gas` | slug; may be missing |
//!
//! Columns may stand in any order and others beside them; lines that start with `#` are skipped. A
//! row that does not say what it should is left out with its [`Reason`]; only a header that does not
//! is an error. Rows are kept at 120 bytes each, at most [`MOST_ROWS`].

use std::collections::HashMap;

use cathartes_core::{
    trace::{LocalPlace, Sensor},
    units::{Metres, PartsPerMillion, Seconds},
};
use jiff::Timestamp;

use crate::readings::{At, Head, Kind, LeftOut, MOST_ROWS, Reason, Row, Table, on_earth};

const HEADER: &str =
    "sensor_id,sensor_name,sensor_type,time,east,north,up,east2,north2,up2,value_ppm";
/// Pure gas, ppm.
const ALL_OF_IT: f64 = 1e6;
/// Farther than anything of a site, m.
const FARTHEST: f64 = 1e6;
/// Distinct sensors of a file.
const MOST_SENSORS: usize = 10_000;
/// Distinct gases of a file.
const MOST_GASES: usize = 64;
const LONGEST_NAME: usize = 80;

/// Why a table says no readings.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadingsError {
    /// Nothing in it.
    #[error("the file is empty; the header is {HEADER}")]
    Nothing,
    /// A column is missing.
    #[error(
        "row 1: the column `{column}` is missing; the header is {HEADER}, or longitude,latitude in place of east,north"
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
    #[error("no row under the header; give at least one reading")]
    Empty,
    /// Nothing that could be kept.
    #[error("row {row}: {reason}, and no other row is better; correct the file")]
    NothingLeft {
        /// The first row.
        row: u64,
        /// Why it cannot be kept.
        reason: Reason,
    },
    /// More of something than we take.
    #[error("row {row}: more than {most} {what}; divide the file")]
    TooMany {
        /// Row, from 1.
        row: u64,
        /// The limit.
        most: usize,
        /// Of what.
        what: &'static str,
    },
}

/// Reads the text of a table; nothing is judged yet but row by row.
///
/// # Errors
///
/// [`ReadingsError`] when the header is not right or no row is.
pub fn read(text: &[u8]) -> Result<Table, ReadingsError> {
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .trim(csv::Trim::All)
        .flexible(true)
        .from_reader(text);
    let header = reader.byte_headers().map_err(|_| ReadingsError::NoRow { row: 1 })?.clone();
    let columns = Columns::find(&header)?;
    let mut filler = Filler { columns, fields: header.len(), ..Filler::default() };
    for record in reader.byte_records() {
        let record = record.map_err(|error| ReadingsError::NoRow {
            row: error.position().map_or(0, csv::Position::line),
        })?;
        filler.add(&record)?;
    }
    let table = filler.table;
    match (table.rows.is_empty(), table.left_out.first()) {
        (true, None) => Err(ReadingsError::Empty),
        (true, Some(left)) => {
            Err(ReadingsError::NothingLeft { row: left.row, reason: left.reason })
        }
        _ => Ok(table),
    }
}

/// Where the columns stand.
#[derive(Default)]
struct Columns {
    id: usize,
    name: Option<usize>,
    kind: Option<usize>,
    gas: Option<usize>,
    time: usize,
    near: [usize; 3],
    far: Option<[usize; 3]>,
    value: usize,
    degrees: bool,
}

const LOCAL: [[&str; 3]; 2] = [["east", "north", "up"], ["east2", "north2", "up2"]];
const EARTH: [[&str; 3]; 2] = [["longitude", "latitude", "up"], ["longitude2", "latitude2", "up2"]];

impl Columns {
    fn find(header: &csv::ByteRecord) -> Result<Self, ReadingsError> {
        if header.iter().all(<[u8]>::is_empty) {
            return Err(ReadingsError::Nothing);
        }
        // Spreadsheets put a mark before UTF-8.
        let plain = |title: &[u8]| title.strip_prefix(b"\xef\xbb\xbf").unwrap_or(title).to_vec();
        let titles: Vec<Vec<u8>> = header.iter().map(plain).collect();
        let find = |name: &str| titles.iter().position(|t| t.eq_ignore_ascii_case(name.as_bytes()));
        let need = |column| find(column).ok_or(ReadingsError::NoColumn { column });
        let degrees = find("east").is_none() && find("longitude").is_some();
        let [near, far] = if degrees { EARTH } else { LOCAL };
        let all =
            |names: [&'static str; 3]| Some([find(names[0])?, find(names[1])?, find(names[2])?]);
        Ok(Self {
            id: need("sensor_id")?,
            name: find("sensor_name"),
            kind: find("sensor_type"),
            gas: find("gas"),
            time: need("time")?,
            near: [need(near[0])?, need(near[1])?, need(near[2])?],
            far: all(far),
            value: need("value_ppm")?,
            degrees,
        })
    }
}

#[derive(Default)]
struct Filler {
    columns: Columns,
    fields: usize,
    sensors: HashMap<i64, usize>,
    gases: HashMap<String, usize>,
    /// The kind of the first good time.
    clock: Option<bool>,
    table: Table,
}

impl Filler {
    fn add(&mut self, record: &csv::ByteRecord) -> Result<(), ReadingsError> {
        let row = record.position().map_or(0, csv::Position::line);
        let too_many = |what, most| ReadingsError::TooMany { row, most, what };
        if self.table.rows.len() + self.table.left_out.len() >= MOST_ROWS {
            return Err(too_many("rows", MOST_ROWS));
        }
        match self.row(record, row) {
            Ok(row) => self.table.rows.push(row),
            Err(reason) => self.table.left_out.push(LeftOut { row, reason }),
        }
        if self.sensors.len() > MOST_SENSORS {
            return Err(too_many("sensors", MOST_SENSORS));
        }
        if self.gases.len() > MOST_GASES {
            return Err(too_many("gases", MOST_GASES));
        }
        Ok(())
    }

    fn row(&mut self, record: &csv::ByteRecord, row: u64) -> Result<Row, Reason> {
        if record.len() != self.fields {
            return Err(Reason::Torn);
        }
        let field =
            |at: usize| std::str::from_utf8(record.get(at).unwrap_or_default()).unwrap_or("?");
        let id: i64 =
            field(self.columns.id).parse().map_err(|_| Reason::NotANumber("sensor_id"))?;
        let value = finite(field(self.columns.value), "value_ppm")?;
        if value > ALL_OF_IT {
            return Err(Reason::Impossible("value_ppm"));
        }
        let near = self.place(&field, self.columns.near, 0)?;
        let far = match self.columns.far {
            Some(at) if at.iter().any(|&at| !field(at).is_empty()) => {
                Some(self.place(&field, at, 1)?)
            }
            _ => None,
        };
        let kind = match self.columns.kind.map(field).unwrap_or_default() {
            "" | "beam" if far.is_some() => Kind::Beam,
            "beam" => {
                return Err(Reason::NotANumber(if self.columns.degrees {
                    "longitude2"
                } else {
                    "east2"
                }));
            }
            "point" => Kind::Point,
            "" | "mobile" => Kind::Mobile,
            _ => return Err(Reason::Impossible("sensor_type")),
        };
        let far = far.filter(|_| kind == Kind::Beam);
        let time = self.time(field(self.columns.time))?;
        let name = self.columns.name.map(field).unwrap_or_default();
        let sensor = self.sensor(id, name, kind);
        let gas = self.gas(self.columns.gas.map(field).unwrap_or_default());
        Ok(Row { row, sensor, gas, time, near, far, value: PartsPerMillion(value) })
    }

    fn place<'f>(
        &self,
        field: &impl Fn(usize) -> &'f str,
        at: [usize; 3],
        end: usize,
    ) -> Result<At, Reason> {
        let names = if self.columns.degrees { EARTH } else { LOCAL };
        let names = names.get(end).copied().unwrap_or_default();
        let number = |i: usize| finite(field(at[i]), names[i]);
        let (x, y, up) = (number(0)?, number(1)?, number(2)?);
        if !(-100.0..=FARTHEST).contains(&up) {
            return Err(Reason::Impossible(names[2]));
        }
        if self.columns.degrees {
            let place = on_earth(y, x).ok_or(Reason::Impossible(names[1]))?;
            return Ok(At::Earth(place, Metres(up)));
        }
        if x.abs() > FARTHEST || y.abs() > FARTHEST {
            return Err(Reason::Impossible(names[0]));
        }
        Ok(At::Local(LocalPlace { east: Metres(x), north: Metres(y), up: Metres(up) }))
    }

    fn time(&mut self, text: &str) -> Result<Seconds, Reason> {
        let (time, utc) = moment(text).ok_or(Reason::NotANumber("time"))?;
        if *self.clock.get_or_insert(utc) != utc {
            return Err(Reason::Impossible("time"));
        }
        self.table.utc = utc;
        Ok(time)
    }

    fn sensor(&mut self, id: i64, name: &str, kind: Kind) -> usize {
        *self.sensors.entry(id).or_insert_with(|| {
            let name = if name.is_empty() {
                format!("sensor {id}")
            } else {
                name.chars().take(LONGEST_NAME).collect()
            };
            self.table.sensors.push(Head { sensor: Sensor { id, name }, kind });
            self.table.sensors.len() - 1
        })
    }

    fn gas(&mut self, name: &str) -> usize {
        if let Some(known) = self.gases.get(name) {
            return *known;
        }
        let name: String = name.chars().take(LONGEST_NAME).collect();
        self.table.gases.push(name.clone());
        self.gases.insert(name, self.table.gases.len() - 1);
        self.table.gases.len() - 1
    }
}

fn finite(text: &str, column: &'static str) -> Result<f64, Reason> {
    let value: Option<f64> = text.parse().ok();
    value.filter(|value| value.is_finite()).ok_or(Reason::NotANumber(column))
}

/// Seconds as a number, or since 1970 from RFC 3339; and which.
pub(crate) fn moment(text: &str) -> Option<(Seconds, bool)> {
    if let Ok(seconds) = text.parse::<f64>() {
        return seconds.is_finite().then_some((Seconds(seconds), false));
    }
    let time: Timestamp = text.parse().ok()?;
    Some((Seconds(time.as_duration().as_secs_f64()), true))
}

#[cfg(test)]
mod tests;
