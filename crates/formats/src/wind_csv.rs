//! Wind by time: a CSV with the columns `time`, `speed_m_s`, `from_deg`, `sd`.
//!
//! ```text
//! time,speed_m_s,from_deg,sd
//! 2026-05-03T18:00:00Z,3.2,285,0.6
//! 2026-05-03T18:10:00Z,3.9,290,0.7
//! ```
//!
//! Time is RFC 3339 with its offset, speed and `sd` (one deviation of the speed) are m/s, the
//! bearing is where the wind blows from, clockwise from north. Columns may stand in any order and
//! others beside them; lines that start with `#` are skipped; rows are in order of time.
//!
//! Between two rows speed is linear in time, the bearing turns the short way, and the deviation
//! grows by what the speed did in between. Beyond both ends, and in a gap of more than
//! [`LONGEST_GAP`], nobody knows the wind.

use cathartes_core::{
    estimate::Estimate,
    units::{Degrees, MetresPerSecond},
    wind::Wind,
};
use jiff::{SignedDuration, Timestamp};

/// The longest time between two rows that is interpolated.
pub const LONGEST_GAP: SignedDuration = SignedDuration::from_hours(3);
/// How long the first and last row still hold outside.
pub const LONGEST_REACH: SignedDuration = SignedDuration::from_mins(10);

const COLUMNS: [&str; 4] = ["time", "speed_m_s", "from_deg", "sd"];
/// Stronger than any wind measured at the ground, m/s.
const STRONGEST: f64 = 120.0;

/// Winds by rising time, at least one.
#[derive(Debug, Clone, PartialEq)]
pub struct WindSeries {
    rows: Vec<(Timestamp, Wind)>,
}

/// Why a wind file says no wind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WindError {
    /// A column is missing.
    #[error("row 1: the column `{column}` is missing; the header is {}", COLUMNS.join(","))]
    NoColumn {
        /// The column.
        column: &'static str,
    },
    /// A row that is no row of a CSV.
    #[error("row {row}: {reason}; give every row as many fields as the header")]
    NoRow {
        /// Row, from 1, the header being the first.
        row: u64,
        /// What the CSV reader says.
        reason: String,
    },
    /// A value that does not say what its column needs.
    #[error("row {row}: `{column}` cannot be `{value}`; {remedy}")]
    Invalid {
        /// Row, from 1, the header being the first.
        row: u64,
        /// Its column.
        column: &'static str,
        /// What stands there.
        value: String,
        /// What should.
        remedy: &'static str,
    },
    /// Time goes back or stands still.
    #[error("row {row}: time does not rise; sort the rows and leave out repeated ones")]
    Unordered {
        /// Row, from 1, the header being the first.
        row: u64,
    },
    /// A header and nothing under it.
    #[error("no row under the header; give at least one wind")]
    Empty,
    /// A time nobody measured at.
    #[error("no wind for {time}: the rows around it are too far away; add a row near that time")]
    Unknown {
        /// The time asked for.
        time: Timestamp,
    },
}

impl WindSeries {
    /// Reads the text of a wind file.
    ///
    /// # Errors
    ///
    /// [`WindError`] with the row and the remedy.
    pub fn read(text: &[u8]) -> Result<Self, WindError> {
        let mut reader =
            csv::ReaderBuilder::new().comment(Some(b'#')).trim(csv::Trim::All).from_reader(text);
        let header = reader.byte_headers().map_err(|e| no_row(&e, 1))?.clone();
        let mut at = [0; 4];
        for (place, column) in at.iter_mut().zip(COLUMNS) {
            let found = header.iter().position(|name| name.eq_ignore_ascii_case(column.as_bytes()));
            *place = found.ok_or(WindError::NoColumn { column })?;
        }
        let mut rows: Vec<(Timestamp, Wind)> = Vec::new();
        for record in reader.byte_records() {
            let record = record.map_err(|e| no_row(&e, 0))?;
            let row = Row { record: &record, at };
            let read = row.read()?;
            if rows.last().is_some_and(|last| last.0 >= read.0) {
                return Err(WindError::Unordered { row: row.number() });
            }
            rows.push(read);
        }
        if rows.is_empty() { Err(WindError::Empty) } else { Ok(Self { rows }) }
    }

    /// The wind at a time.
    ///
    /// # Errors
    ///
    /// [`WindError::Unknown`] beyond the rows and in long gaps.
    pub fn at(&self, time: Timestamp) -> Result<Wind, WindError> {
        let next = self.rows.partition_point(|row| row.0 < time);
        let (before, after) =
            (next.checked_sub(1).and_then(|i| self.rows.get(i)), self.rows.get(next));
        match (before, after) {
            (_, Some((t, wind))) if *t == time => Some(*wind),
            (Some(a), Some(b)) if b.0.duration_since(a.0) <= LONGEST_GAP => {
                Some(between(a, b, time))
            }
            (a, b) => [a, b]
                .into_iter()
                .flatten()
                .map(|(t, wind)| (t.duration_since(time).abs(), wind))
                .filter(|(apart, _)| *apart <= LONGEST_REACH)
                .min_by_key(|(apart, _)| *apart)
                .map(|(_, wind)| *wind),
        }
        .ok_or(WindError::Unknown { time })
    }
}

/// One row and where its columns stand.
struct Row<'r> {
    record: &'r csv::ByteRecord,
    at: [usize; 4],
}

impl Row<'_> {
    fn number(&self) -> u64 {
        self.record.position().map_or(0, csv::Position::line)
    }

    fn read(&self) -> Result<(Timestamp, Wind), WindError> {
        let time =
            self.field(0, "write RFC 3339 with an offset: 2026-05-03T18:00:00Z", |text| {
                text.parse().ok()
            })?;
        let speed = self.number_in(1, 0.0, STRONGEST, "write m/s from 0 to 120")?;
        let from = self.number_in(2, -360.0, 360.0, "write degrees from 0 to 360")?;
        let std = self.number_in(3, 0.0, STRONGEST, "write m/s from 0 to 120")?;
        let speed = Estimate { value: MetresPerSecond(speed), std: MetresPerSecond(std) };
        Ok((time, Wind { speed, from: Degrees(from.rem_euclid(360.0)) }))
    }

    fn number_in(
        &self,
        column: usize,
        low: f64,
        high: f64,
        remedy: &'static str,
    ) -> Result<f64, WindError> {
        self.field(column, remedy, |text| {
            text.parse().ok().filter(|value| (low..=high).contains(value))
        })
    }

    fn field<T>(
        &self,
        column: usize,
        remedy: &'static str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, WindError> {
        let bytes = self.record.get(self.at[column]).unwrap_or_default();
        std::str::from_utf8(bytes).ok().and_then(read).ok_or_else(|| WindError::Invalid {
            row: self.number(),
            column: COLUMNS[column],
            value: String::from_utf8_lossy(bytes).chars().take(40).collect(),
            remedy,
        })
    }
}

fn no_row(error: &csv::Error, otherwise: u64) -> WindError {
    let row = error.position().map_or(otherwise, csv::Position::line);
    let reason = match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("{len} fields where the header has {expected_len}")
        }
        _ => "not a row of comma-separated values".to_owned(),
    };
    WindError::NoRow { row, reason }
}

fn between(a: &(Timestamp, Wind), b: &(Timestamp, Wind), time: Timestamp) -> Wind {
    let seconds = |from: Timestamp, to: Timestamp| to.duration_since(from).as_secs_f64();
    let w = seconds(a.0, time) / seconds(a.0, b.0);
    let mix = |x: f64, y: f64| x + w * (y - x);
    let (low, high) = (a.1.speed, b.1.speed);
    let drift = (w * (1.0 - w)).sqrt() * (high.value.0 - low.value.0);
    let turn = (b.1.from.0 - a.1.from.0 + 540.0).rem_euclid(360.0) - 180.0;
    Wind {
        speed: Estimate {
            value: MetresPerSecond(mix(low.value.0, high.value.0)),
            std: MetresPerSecond(mix(low.std.0, high.std.0).hypot(drift)),
        },
        from: Degrees((a.1.from.0 + w * turn).rem_euclid(360.0)),
    }
}

#[cfg(test)]
mod tests;
