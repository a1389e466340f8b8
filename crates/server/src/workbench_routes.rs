//! What the page of the workbench asks before anything else, and the map under it.

use axum::{
    Json,
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::TryStreamExt;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    access::Caller,
    app::App,
    problem::{Problem, Refusals},
    tiles::Kept,
};

/// It may be another map tomorrow: one asks again.
const CONTROL: &str = "private, no-cache";

/// How this server is set up.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Workbench {
    /// Whether there is a map for the background, at /basemap.pmtiles.
    basemap: bool,
    /// What is looked at twice before it is decided: never, confirmed or always.
    second_look: &'static str,
    /// Of the program.
    version: &'static str,
}

/// How this server is set up.
#[utoipa::path(get, path = "/api/v1/workbench", tag = "reviews",
    responses((status = 200, body = Workbench), Refusals))]
pub(crate) async fn workbench(State(app): State<App>, _: Caller) -> Json<Workbench> {
    Json(Workbench {
        basemap: app.basemap.is_some(),
        second_look: app.second_look.word(),
        version: env!("CARGO_PKG_VERSION"),
    })
}

/// The map for the background, whole or the stretch that `Range` names.
#[utoipa::path(get, path = "/basemap.pmtiles", tag = "record",
    responses((status = 200, content_type = "application/vnd.pmtiles", body = Vec<u8>),
        (status = 206, description = "The stretch that was asked for"),
        (status = 304, description = "What If-None-Match names is still so"),
        (status = 416, description = "It has no such stretch"), Refusals))]
pub(crate) async fn basemap(
    State(app): State<App>,
    _: Caller,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let file = app.basemap.as_ref().ok_or_else(|| Problem::absent("page", "/basemap.pmtiles"))?;
    let (size_bytes, tag) = file.size_bytes_and_tag().await?;
    let said = |name| headers.get(name).and_then(|value: &header::HeaderValue| value.to_str().ok());
    let kept = Kept { tag: tag.clone(), control: CONTROL };
    if kept.known(&headers) {
        return Ok(kept.unchanged());
    }
    // Of another version of the file a stretch is of no use.
    let same = said(header::IF_RANGE).is_none_or(|known| known == tag);
    let asked = said(header::RANGE).filter(|_| same).map(|text| stretch(text, size_bytes));
    let (status, from, to) = match asked {
        None | Some(Stretch::NotUnderstood) => (StatusCode::OK, 0, size_bytes),
        Some(Stretch::Of(from, to)) => (StatusCode::PARTIAL_CONTENT, from, to),
        Some(Stretch::Nowhere) => {
            let whole = [(header::CONTENT_RANGE, format!("bytes */{size_bytes}"))];
            let detail = format!("the map has {size_bytes} bytes: ask for some of them");
            let problem = Problem::new(StatusCode::RANGE_NOT_SATISFIABLE, detail);
            return Ok((whole, problem).into_response());
        }
    };
    let headers = [
        (header::CONTENT_TYPE, "application/vnd.pmtiles".to_owned()),
        (header::CONTENT_LENGTH, (to - from).to_string()),
        (header::ACCEPT_RANGES, "bytes".to_owned()),
        (header::ETAG, tag),
        (header::CACHE_CONTROL, CONTROL.to_owned()),
    ];
    let part = (status == StatusCode::PARTIAL_CONTENT)
        .then(|| [(header::CONTENT_RANGE, format!("bytes {from}-{}/{size_bytes}", to - 1))]);
    let pieces = if from == to {
        Body::empty()
    } else {
        Body::from_stream(file.read(from..to).await?.map_err(std::io::Error::other))
    };
    let mut answer = (status, headers, pieces).into_response();
    for (name, value) in part.into_iter().flatten() {
        answer.headers_mut().extend(value.parse().ok().map(|value| (name, value)));
    }
    Ok(answer)
}

/// What of a file is asked for: from here, up to before there.
#[derive(Debug, PartialEq, Eq)]
enum Stretch {
    Of(u64, u64),
    /// None of it.
    Nowhere,
    /// Several at once, or no bytes: then the whole is an answer.
    NotUnderstood,
}

fn stretch(text: &str, size_bytes: u64) -> Stretch {
    let ends = text.strip_prefix("bytes=").and_then(|ends| ends.trim().split_once('-'));
    let range = match ends {
        Some(("", last)) => {
            last.parse().ok().map(|last| (size_bytes.saturating_sub(last), size_bytes))
        }
        Some((from, "")) => from.parse().ok().map(|from| (from, size_bytes)),
        Some((from, to)) => {
            let both = from.parse().ok().zip(to.parse::<u64>().ok());
            both.filter(|(from, to)| from <= to).map(|(from, to)| (from, to.saturating_add(1)))
        }
        None => None,
    };
    match range {
        None => Stretch::NotUnderstood,
        Some((from, to)) if from < to.min(size_bytes) => Stretch::Of(from, to.min(size_bytes)),
        Some(_) => Stretch::Nowhere,
    }
}

#[cfg(test)]
mod tests;
