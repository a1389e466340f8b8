//! Times as the tables hold them: microseconds since 1970, UTC.

use jiff::Timestamp;

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
