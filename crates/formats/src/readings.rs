//! Readings as a file gives them, and which of them are left out.
//!
//! A [`Table`] is what the readers of tables and flight logs make; [`Table::sift`] takes out what
//! cannot be right, row by row with its [`Reason`], and repairs nothing. Its rules, for each sensor
//! and gas by itself:
//!
//! | left out | rule |
//! |---|---|
//! | time goes back | rows outside of the longest run of rising times: the fewest that can go |
//! | repeated, second at once | a row at the time of one that stays, with its value or another |
//! | moved | a fixed sensor more than [`MOVED`] from its commonest place |
//! | stuck | a run of one value so long that, at the sensor's usual share of repeats `p`, one record of `n` readings in [`ONE_IN`] would hold it: `n p^(run − 1) < 1 / ONE_IN` |
//! | saturated | the highest value, above the median, when it stands [`PILED`] times and three times as often as any other of the upper half |
//! | below zero | where fewer than one reading in [`AROUND_ZERO`] is: a sensor that scatters about zero keeps its scatter, because taking one side of it would raise the mean |
//!
//! `p` is `(repeats + 1) / (pairs + 2)` over the pairs of neighbours outside of the run.

use cathartes_core::{
    geometry::LatLon,
    trace::{Frame, LocalPlace, Probe, Reading, Sensor, Trace, WindRecord},
    units::{Degrees, Metres, PartsPerMillion, Seconds},
};
use serde::Serialize;

mod sift;

/// Farther than a survey errs.
pub const MOVED: Metres = Metres(1.0);
/// Records without a fault for one called stuck.
pub const ONE_IN: f64 = 1e6;
/// Readings at the highest value that are no chance.
pub const PILED: usize = 6;
/// Readings for one below zero that is left out.
pub const AROUND_ZERO: usize = 20;
/// Most rows of a file.
pub const MOST_ROWS: usize = 4_000_000;

/// What moves a sensor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// An inlet that stays.
    Point,
    /// A path of light.
    Beam,
    /// Carried about.
    Mobile,
}

/// A sensor of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Its number and name.
    pub sensor: Sensor,
    /// What it is.
    pub kind: Kind,
}

/// One row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Row {
    /// From 1, the header being the first; of a log, its message.
    pub row: u64,
    /// By its place in the table.
    pub sensor: usize,
    /// By its place in the table.
    pub gas: usize,
    /// Since 1970-01-01 UTC or a start nobody states, as the table says.
    pub time: Seconds,
    /// Where.
    pub near: At,
    /// The far end of a beam.
    pub far: Option<At>,
    /// What was measured.
    pub value: PartsPerMillion,
}

/// A place as its file gives it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum At {
    /// In metres of a local frame.
    Local(LocalPlace),
    /// On the Earth, and above the ground.
    Earth(LatLon, Metres),
}

/// Why a row is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Another number of fields than the header.
    Torn,
    /// A field that holds no number where one is needed.
    NotANumber(&'static str),
    /// A number that cannot be.
    Impossible(&'static str),
    /// Its time lies before that of a row above it.
    TimeGoesBack,
    /// A row given twice.
    Repeated,
    /// A second value at one moment.
    SecondAtOnce,
    /// A fixed sensor elsewhere.
    Moved,
    /// One value for too long.
    Stuck,
    /// At the end of its range.
    Saturated,
    /// Less than nothing.
    BelowZero,
    /// No wind was measured near its time.
    NoWind,
    /// The log does not say where it was.
    NoPosition,
    /// Below the least height of a flight that is taken.
    OnTheGround,
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Torn => "another number of fields than the header",
            Self::NotANumber(column) => return write!(f, "`{column}` holds no number"),
            Self::Impossible(column) => return write!(f, "`{column}` holds what cannot be"),
            Self::TimeGoesBack => "its time lies before that of a row above it",
            Self::Repeated => "a row given twice",
            Self::SecondAtOnce => "a second value of one sensor at one moment",
            Self::Moved => {
                "a fixed sensor more than 1 m from its usual place; call it mobile if it was moved"
            }
            Self::Stuck => "the sensor repeats one value for too long: stuck",
            Self::Saturated => "the sensor is at the top of its range: saturated",
            Self::BelowZero => "below zero",
            Self::NoWind => "no wind was measured near its time",
            Self::NoPosition => "the log holds no position near its time",
            Self::OnTheGround => "measured on the ground, before or after the flight",
        })
    }
}

/// A row that is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeftOut {
    /// Its number.
    pub row: u64,
    /// Why.
    pub reason: Reason,
}

/// Time without readings of a sensor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gap {
    /// The first row after it.
    pub row: u64,
    /// The sensor, by its place in the table.
    pub sensor: usize,
    /// How long.
    pub length: Seconds,
}

/// Readings of a file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// In the order they come.
    pub sensors: Vec<Head>,
    /// As the file names them; an empty name where it names none.
    pub gases: Vec<String>,
    /// What is kept.
    pub rows: Vec<Row>,
    /// What is not.
    pub left_out: Vec<LeftOut>,
    /// Whether times count from 1970-01-01 UTC.
    pub utc: bool,
}

impl Table {
    /// Takes out what cannot be right, and puts the rest in order of time. Gaps are where a sensor
    /// was silent for more than ten of its usual intervals.
    pub fn sift(&mut self) -> Vec<Gap> {
        sift::sift(self)
    }

    /// The first place on the Earth, when the file gives such.
    #[must_use]
    pub fn first_on_earth(&self) -> Option<LatLon> {
        self.rows.iter().find_map(|row| match row.near {
            At::Earth(place, _) => Some(place),
            At::Local(_) => None,
        })
    }

    /// Every gas with its trace, without wind, seconds from the frame's start. A row whose place needs
    /// an origin that the frame has not is left out as impossible.
    pub fn traces(&mut self, frame: Frame) -> Vec<Trace> {
        let start = if self.utc { frame.start.unwrap_or_default().0 } else { 0.0 };
        let sensors: Vec<Sensor> = self.sensors.iter().map(|head| head.sensor.clone()).collect();
        let empty = |gas: &String| Trace {
            gas: gas.clone(),
            frame,
            sensors: sensors.clone(),
            readings: Vec::new(),
            wind: WindRecord::default(),
        };
        let mut traces: Vec<Trace> = self.gases.iter().map(empty).collect();
        for row in &self.rows {
            let reading = probe(row, frame).map(|probe| Reading {
                sensor: row.sensor,
                time: Seconds(row.time.0 - start),
                probe,
                value: row.value,
                row: row.row,
            });
            match (reading, traces.get_mut(row.gas)) {
                (Some(reading), Some(trace)) => trace.readings.push(reading),
                _ => self
                    .left_out
                    .push(LeftOut { row: row.row, reason: Reason::Impossible("longitude") }),
            }
        }
        traces
    }
}

fn probe(row: &Row, frame: Frame) -> Option<Probe> {
    let near = local(row.near, frame)?;
    Some(match row.far {
        Some(far) => Probe::Beam(near, local(far, frame)?),
        None => Probe::Point(near),
    })
}

fn local(at: At, frame: Frame) -> Option<LocalPlace> {
    match at {
        At::Local(place) => Some(place),
        At::Earth(place, up) => {
            let (east, north) = frame.local(place)?;
            Some(LocalPlace { east, north, up })
        }
    }
}

/// Whether a place on the Earth can be.
pub(crate) fn on_earth(latitude: f64, longitude: f64) -> Option<LatLon> {
    let fits = (-90.0..=90.0).contains(&latitude) && (-180.0..=360.0).contains(&longitude);
    fits.then_some(LatLon { latitude: Degrees(latitude), longitude: Degrees(longitude) })
}

#[cfg(test)]
mod tests;
