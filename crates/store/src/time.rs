//! Times as the tables hold them: microseconds since 1970, UTC.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::error::StoreError;

pub(crate) fn from_us(us: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_microsecond(us).map_err(|error| StoreError::damaged("a time", error))
}

pub(crate) fn maybe_from_us(us: Option<i64>) -> Result<Option<Timestamp>, StoreError> {
    us.map(from_us).transpose()
}

pub(crate) fn maybe_us(time: Option<Timestamp>) -> Option<i64> {
    time.map(Timestamp::as_microsecond)
}

/// The moment that follows another by so much; the first one again where that is no time.
pub(crate) fn after(now: Timestamp, lasting: Duration) -> i64 {
    let lasting = SignedDuration::try_from(lasting).unwrap_or(SignedDuration::MAX);
    now.saturating_add(lasting).unwrap_or(now).as_microsecond()
}
