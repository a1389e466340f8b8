//! Positions as CSV with a header.
//!
//! ```text
//! time,longitude,latitude,height_m,pressure_altitude_m
//! 2026-10-05T08:00:00Z,-116.8,32.1,1500,1480
//! ```
//!
//! | column | holds |
//! |---|---|
//! | `time` | RFC 3339 with its offset |
//! | `longitude`, `latitude` | degrees on WGS 84 |
//! | `height_m` | above mean sea level; empty: not known |
//! | `pressure_altitude_m` | at 1013.25 hPa; empty: not known; may be missing |
//! | `platform` | whose position; may be missing |
//!
//! Columns may stand in any order and others beside them; lines that start with `#` are skipped. A row
//! that cannot be read is left out with a fault.

use cathartes_core::{
    flown::{Corrupt, Flaw, FlownLog, Height, LogFix, LogPlace, Lost},
    units::Metres,
};
use jiff::Timestamp;

use super::{
    FlownError,
    gather::{Gather, bare_fix, place},
};

pub(super) const HEADER: &str = "time,longitude,latitude,height_m,pressure_altitude_m";
/// No header is longer.
const FIRST: usize = 4096;

/// Whether it begins with a header that names time and place.
#[must_use]
pub fn is_one(bytes: &[u8]) -> bool {
    let bytes = unmarked(bytes);
    let first = bytes.get(..FIRST).unwrap_or(bytes);
    let mut lines = first.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let header = lines.find(|line| !line.is_empty() && !line.starts_with(b"#"));
    let text = header.and_then(|line| std::str::from_utf8(line).ok()).unwrap_or_default();
    let titles = text.to_ascii_lowercase();
    let has = |name| titles.split(',').any(|title| title.trim().trim_matches('"') == name);
    has("time") && has("longitude") && has("latitude")
}

/// Reads a table of one aircraft.
///
/// # Errors
///
/// [`FlownError`] when a column is missing, no row has a position, or they are of several aircraft.
pub fn read(bytes: &[u8]) -> Result<FlownLog, FlownError> {
    gathered(bytes)?.log(None)
}

pub(super) fn gathered(bytes: &[u8]) -> Result<Gather, FlownError> {
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .trim(csv::Trim::All)
        .flexible(true)
        .from_reader(unmarked(bytes));
    let header = reader.byte_headers().map_err(|_| FlownError::NoLog)?.clone();
    let columns = Columns::find(&header)?;
    let mut gather = Gather::default();
    let mut record = csv::ByteRecord::new();
    let mut row = 1;
    // Bytes in memory: reading them cannot fail.
    while let Ok(true) = reader.read_byte_record(&mut record) {
        row += 1;
        let at = LogPlace::Row(row);
        match columns.fix(&record) {
            Ok(fix) => gather.fix(at, columns.platform(&record), fix)?,
            Err((time, what)) => gather.fault(at, time, what),
        }
    }
    Ok(gather)
}

/// Without the mark that spreadsheets put before UTF-8.
fn unmarked(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

struct Columns {
    time: usize,
    longitude: usize,
    latitude: usize,
    height: usize,
    pressure_altitude: Option<usize>,
    platform: Option<usize>,
}

impl Columns {
    fn find(header: &csv::ByteRecord) -> Result<Self, FlownError> {
        let find = |name: &str| header.iter().position(|t| t.eq_ignore_ascii_case(name.as_bytes()));
        let need = |column| find(column).ok_or(FlownError::NoColumn { column });
        Ok(Self {
            time: need("time")?,
            longitude: need("longitude")?,
            latitude: need("latitude")?,
            height: need("height_m")?,
            pressure_altitude: find("pressure_altitude_m"),
            platform: find("platform"),
        })
    }

    fn fix(&self, row: &csv::ByteRecord) -> Result<LogFix, (Option<Timestamp>, Flaw)> {
        let unreadable = |what| Flaw::Corrupt(Corrupt::Unreadable(what));
        let time = text(row, self.time).parse::<Timestamp>();
        let time = time.map_err(|_| (None, unreadable("`time` is no RFC 3339")))?;
        let lost = (Some(time), Flaw::PositionLost(Lost::NotANumber));
        let [latitude, longitude] = [self.latitude, self.longitude].map(|at| number(row, at));
        let place = latitude.zip(longitude).map(|(north, east)| place(north, east)).ok_or(lost)?;
        let metres = |column: Option<usize>, what| match column.map(|at| (text(row, at), at)) {
            None | Some(("", _)) => Ok(None),
            Some((_, at)) => {
                number(row, at).map(|m| Some(Metres(m))).ok_or((Some(time), unreadable(what)))
            }
        };
        let height = metres(Some(self.height), "`height_m` is no number")?;
        let air = metres(self.pressure_altitude, "`pressure_altitude_m` is no number")?;
        Ok(LogFix {
            height: height.map_or(Height::Unknown, Height::AboveSeaLevel),
            pressure_altitude: air,
            ..bare_fix(time, place)
        })
    }

    fn platform<'r>(&self, row: &'r csv::ByteRecord) -> Option<&'r str> {
        self.platform.map(|at| text(row, at)).filter(|name| !name.is_empty())
    }
}

fn text(row: &csv::ByteRecord, at: usize) -> &str {
    row.get(at).and_then(|field| std::str::from_utf8(field).ok()).unwrap_or_default()
}

fn number(row: &csv::ByteRecord, at: usize) -> Option<f64> {
    text(row, at).parse().ok().filter(|number: &f64| number.is_finite())
}

#[cfg(test)]
mod tests;
