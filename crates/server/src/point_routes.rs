//! Sites as points of a map, in a form that a browser hands to its graphics as it is.
//!
//! ```text
//! answer = "pts1"  flags  points  gone  fold  longitude*  latitude*  id*  gone-id*  probability*
//! flags  = 1 where this is all there is, 2 where there is more than fits: then there are no points
//! ```
//! `flags` and counts are 32 bits, `fold` 64, all without a sign and the small end first; longitudes and latitudes whole
//! ten-millionths of a degree of 32 bits with a sign; ids the 16 bytes of their numbers, by number; a probability is one
//! byte of 255 parts.

use axum::{extract::State, http::HeaderMap, response::Response};
use cathartes_core::{site::SiteId, units::Degrees};
use cathartes_store::{PointQuery, SitePoint, SitePoints};
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    access::Caller,
    app::App,
    params::{Asked, time_range},
    problem::{Problem, Refusals},
    tiles::Kept,
};

/// Beyond these a map is better served by tiles.
const MOST_POINTS: u32 = 150_000;
const BEGINS: &[u8; 4] = b"pts1";
const WHOLE: u32 = 1;
const MORE: u32 = 2;
/// Of a degree.
const PARTS: f64 = 1e7;
/// Of the head, of a point and of one that is gone.
const BYTES: [usize; 3] = [24, 25, 16];

/// Which of them.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// A moment, or two with a slash between them, `..` for an open end.
    datetime: Option<String>,
    /// What is new since this fold, as the last answer named it; everything when absent.
    since: Option<i64>,
}

/// Sites as points of a map: all of them, or what is new since a fold. Each is a place, a number and a probability; of
/// more than 150,000 none are given, and tiles are there for those.
#[utoipa::path(get, path = "/api/v1/sites/points", tag = "sites", params(Wanted),
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>),
        (status = 304, description = "What If-None-Match names is still so"), Refusals))]
pub(crate) async fn points(
    State(app): State<App>,
    _: Caller,
    headers: HeaderMap,
    Asked(wanted): Asked<Wanted>,
) -> Result<Response, Problem> {
    let time = wanted.datetime.as_deref().map(time_range).transpose()?;
    // Asked before anything is read: what is folded meanwhile makes the answer old.
    let last = app.store.last_fold().await?;
    let as_of = last.as_of.map_or(0, Timestamp::as_microsecond);
    let tag = format!("\"{}-{as_of}\"", last.number);
    let kept = Kept { tag, control: "private, no-cache" };
    if kept.known(&headers) {
        return Ok(kept.unchanged());
    }
    let query = PointQuery { time, since: wanted.since, limit: MOST_POINTS };
    let bytes = written(&app.store.site_points(&query).await?);
    Ok(kept.answer("application/octet-stream", bytes.into()))
}

fn written(told: &SitePoints) -> Vec<u8> {
    let SitePoints { fold, whole, points, gone, more } = told;
    let [head, point, other] = BYTES;
    let mut bytes = Vec::with_capacity(head + point * points.len() + other * gone.len());
    bytes.extend(BEGINS);
    let flags = if *whole { WHOLE } else { 0 } | if *more { MORE } else { 0 };
    for number in [flags, points.len() as u32, gone.len() as u32] {
        bytes.extend(number.to_le_bytes());
    }
    bytes.extend(fold.to_le_bytes());
    bytes.extend(points.iter().flat_map(|point| parts(point.place.longitude)));
    bytes.extend(points.iter().flat_map(|point| parts(point.place.latitude)));
    let ids = points.iter().map(|point| &point.id).chain(gone);
    bytes.extend(ids.flat_map(|SiteId(number)| number.to_be_bytes()));
    bytes.extend(points.iter().map(chance));
    bytes
}

fn parts(Degrees(degrees): Degrees) -> [u8; 4] {
    ((degrees * PARTS).round() as i32).to_le_bytes()
}

fn chance(point: &SitePoint) -> u8 {
    let probability = 1.0 / (1.0 + (-point.ln_odds).exp());
    (255.0 * probability).round() as u8
}

#[cfg(test)]
mod tests;
