//! Logs of flights as positions, whatever wrote them.
//!
//! | module | reads | time | height |
//! |---|---|---|---|
//! | [`mavlink`] | `MAVLink` telemetry (`.tlog`) | of arrival at the ground | above sea level |
//! | [`ulog`] | PX4 `ULog` (`.ulg`) | since boot, tied to UTC by the receiver | above sea level |
//! | [`klv`] | MISB ST 0601 packets | precision time stamp | above sea level or ellipsoid |
//! | [`mpeg_ts`] | an MPEG-2 transport stream that carries them | likewise | likewise |
//! | [`adsb`] | Mode S frames with their times | of arrival | pressure altitude, or above the ellipsoid |
//! | [`table`] | CSV | RFC 3339 | above sea level |
//! | [`gpx`] | GPX 1.1 | of the point | above sea level |
//! | [`cot`] | Cursor-on-Target events | of the event | above the ellipsoid |
//!
//! [`open`] tells them apart by what they hold; names say nothing. [`live`] takes datagrams one by one.
//! What is wrong with a log is a [`LogFault`](cathartes_core::flown::LogFault) in the result and
//! never an error, as long as there is a position at all. Nothing is repaired: a fix that cannot be
//! is left out, and a fault says so.
//!
//! What a reader keeps takes at most 40 times the bytes of its log, and at most [`MOST_FIXES`] fixes.

use cathartes_core::flown::FlownLog;

pub mod adsb;
pub mod cot;
mod gather;
pub mod gpx;
pub mod klv;
pub mod live;
pub mod mavlink;
pub mod mpeg_ts;
pub mod table;
pub mod ulog;

pub use gather::{FASTEST, LONGEST_GAP};

/// Most fixes of a log.
pub const MOST_FIXES: usize = 4_000_000;

/// Why a log gives no positions.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FlownError {
    /// Nothing that is read here.
    #[error(
        "no flight log that is known here; give MAVLink telemetry, a ULog, ST 0601 KLV alone or in \
         a transport stream, Mode S frames with times, CSV, GPX or Cursor-on-Target"
    )]
    NoLog,
    /// No position in it.
    #[error(
        "the log has no position ({first}); give the log of a flight with a receiver that knew where it was"
    )]
    NoPosition {
        /// The first thing wrong with it.
        first: String,
    },
    /// Positions, and nothing that ties them to UTC.
    #[error("the log does not say when its positions were: {remedy}")]
    NoTime {
        /// What helps.
        remedy: &'static str,
    },
    /// More aircraft than one.
    #[error("the log is of {count} aircraft, {known}; name one of them")]
    Several {
        /// How many.
        count: usize,
        /// The first of them.
        known: String,
    },
    /// An aircraft that is not in it.
    #[error("the log knows no `{name}`; it is of {known}")]
    NoSuch {
        /// Which was asked for.
        name: String,
        /// Which there are.
        known: String,
    },
    /// A table without a column.
    #[error("row 1: the column `{column}` is missing; the header is {}", table::HEADER)]
    NoColumn {
        /// The column.
        column: &'static str,
    },
    /// More than we take.
    #[error("more than {MOST_FIXES} positions; divide the log")]
    TooMany,
}

/// Reads any log of one aircraft.
///
/// # Errors
///
/// [`FlownError`] when it is none, has no position, or is of several aircraft.
pub fn open(bytes: &[u8]) -> Result<FlownLog, FlownError> {
    gathered(bytes)?.log(None)
}

/// Reads what any log says of one of its aircraft, by the name that the log has for it.
///
/// # Errors
///
/// [`FlownError`] when it is none, or has no position of this aircraft.
pub fn open_one(bytes: &[u8], platform: &str) -> Result<FlownLog, FlownError> {
    gathered(bytes)?.log(Some(platform))
}

fn gathered(bytes: &[u8]) -> Result<gather::Gather, FlownError> {
    let read = match () {
        () if ulog::is_one(bytes) => ulog::gathered,
        () if mpeg_ts::is_one(bytes) => mpeg_ts::gathered,
        () if klv::is_one(bytes) => klv::gathered,
        () if gpx::is_one(bytes) => gpx::gathered,
        () if cot::is_one(bytes) => cot::gathered,
        () if table::is_one(bytes) => table::gathered,
        () if adsb::is_one(bytes) => adsb::gathered,
        () if mavlink::is_one(bytes) => mavlink::gathered,
        () => return Err(FlownError::NoLog),
    };
    read(bytes)
}

#[cfg(test)]
mod tests;
