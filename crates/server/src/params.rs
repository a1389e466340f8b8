//! What stands in an address or a body, read at the door.

use axum::{
    Json,
    extract::{FromRequest, FromRequestParts, Path, Query, Request},
    http::request::Parts,
};
use cathartes_core::units::Degrees;
use cathartes_store::{Bbox, TimeRange};
use jiff::Timestamp;
use serde::de::DeserializeOwned;

use crate::problem::Problem;

/// Most items of one answer.
pub(crate) const MOST_ITEMS: u32 = 10_000;
/// Items when nobody asks for a number.
pub(crate) const USUAL_ITEMS: u32 = 10;

/// A part of the path, with our answer when it is none.
pub(crate) struct At<T>(pub(crate) T);
/// The query, likewise.
pub(crate) struct Asked<T>(pub(crate) T);
/// A JSON body, likewise.
pub(crate) struct Body<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for At<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        Ok(Self(Path::<T>::from_request_parts(parts, state).await?.0))
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        Ok(Self(Query::<T>::from_request_parts(parts, state).await?.0))
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        Ok(Self(Json::<T>::from_request(request, state).await?.0))
    }
}

/// The number of items to give.
pub(crate) fn limit(asked: Option<i64>) -> Result<u32, Problem> {
    match asked {
        None => Ok(USUAL_ITEMS),
        Some(limit) if limit >= 1 => Ok(u32::try_from(limit).unwrap_or(MOST_ITEMS).min(MOST_ITEMS)),
        Some(limit) => {
            Err(Problem::bad_request(format!("limit is {limit}: write 1 to {MOST_ITEMS}")))
        }
    }
}

/// `west,south,east,north`, or the same with heights, which are not looked at.
pub(crate) fn bbox(text: &str) -> Result<Bbox, Problem> {
    let numbers = text.split(',').map(|part| part.trim().parse::<f64>().ok());
    let numbers: Option<Vec<f64>> = numbers.collect();
    let what =
        || Problem::bad_request(format!("bbox `{text}`: write west,south,east,north in degrees"));
    bbox_of(&numbers.ok_or_else(what)?)
}

pub(crate) fn bbox_of(numbers: &[f64]) -> Result<Bbox, Problem> {
    let [west, south, east, north] = match numbers {
        [west, south, east, north] | [west, south, _, east, north, _] => {
            [west, south, east, north].map(|side| Degrees(*side))
        }
        _ => {
            let count = numbers.len();
            return Err(Problem::bad_request(format!("bbox has {count} numbers, not 4 or 6")));
        }
    };
    Ok(Bbox::new(west, south, east, north)?)
}

/// A moment, or two with a slash between them, of which one may be open (`..` or nothing).
pub(crate) fn time_range(text: &str) -> Result<TimeRange, Problem> {
    let what = || {
        Problem::bad_request(format!(
            "datetime `{text}`: write 2026-11-26T12:00:00Z, or two of them with a slash between \
             (`..` for an open end), the earlier first"
        ))
    };
    let moment = |text: &str| {
        let read = text.parse::<Timestamp>().ok().filter(|_| as_the_standard_writes(text));
        read.ok_or_else(what)
    };
    let end = |text: &str| match text {
        "" | ".." => Ok(None),
        text => moment(text).map(Some),
    };
    match text.split_once('/') {
        None => {
            let at = Some(moment(text)?);
            Ok(TimeRange { from: at, to: at })
        }
        Some((from, to)) => {
            let range = TimeRange { from: end(from)?, to: end(to)? };
            let open = range.from.is_none() && range.to.is_none();
            let backwards = range.from.zip(range.to).is_some_and(|(from, to)| from > to);
            if open || backwards { Err(what()) } else { Ok(range) }
        }
    }
}

/// Whether a moment is written as RFC 3339 wants it, which ISO 8601 does not: a point before the fraction,
/// a colon in the offset.
fn as_the_standard_writes(text: &str) -> bool {
    let usual = |byte: u8| byte.is_ascii_digit() || b"-+:.TtZz".contains(&byte);
    let offset = text.get(text.len().saturating_sub(6)..).unwrap_or_default().as_bytes();
    let ends = matches!(offset, [b'+' | b'-', _, _, b':', _, _] | [.., b'Z' | b'z']);
    ends && text.bytes().all(usual)
}

#[cfg(test)]
mod tests;
