//! The workbench as `web/` builds it, in the executable: pages, scripts, styles, the map of the world.
//!
//! Nothing is packed here: each file that gains by it has a packed twin beside it from the start.

#![allow(clippy::unused_async, reason = "a handler is async, whether it waits for anything or not")]

use std::sync::LazyLock;

use axum::{
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use cathartes_core::geometry::LatLon;
use cathartes_formats::airspace::{AirspaceError, border};
use rust_embed::{Embed, EmbeddedFile};

use crate::{problem::Problem, tiles::Kept};

/// Only what comes from here runs, and nothing that is shown comes from elsewhere. Styles that a library writes
/// into its own elements are let through.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
                      img-src 'self' data: blob:; connect-src 'self'; worker-src 'self' blob:; frame-src 'self'; \
                      base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
/// A name that holds the digest of what it names never means anything else.
const FOREVER: &str = "public, max-age=31536000, immutable";
const ASK_AGAIN: &str = "no-cache";
/// The map of the world that the workbench has, one to fifty million.
const WORLD: &str = "assets/countries-50m-";

#[derive(Embed)]
#[folder = "../../web/dist"]
struct Built;

/// Coasts and borders of the map of the world; none where there is no such map.
pub(crate) fn lines() -> &'static [Vec<LatLon>] {
    static LINES: LazyLock<Vec<Vec<LatLon>>> = LazyLock::new(|| {
        let is = |name: &str| name.starts_with(WORLD) && media_type(name) == "application/json";
        let file = Built::iter().find(|name| is(name)).and_then(|name| Built::get(&name));
        let read = file.map(|file| border::lines(&file.data)).transpose();
        let told = |error: &AirspaceError| tracing::error!(%error, "the map of the world");
        read.inspect_err(told).ok().flatten().unwrap_or_default()
    });
    &LINES
}

/// The workbench, or where the record can be read without one.
pub(crate) async fn first(headers: HeaderMap) -> Response {
    file("index.html", ASK_AGAIN, &headers).unwrap_or_else(|| Redirect::to("/ogc").into_response())
}

/// A part of it.
pub(crate) async fn part(
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let path = format!("assets/{name}");
    file(&path, FOREVER, &headers).ok_or_else(|| Problem::absent("page", path))
}

/// The mark in the tab of a browser.
pub(crate) async fn mark(headers: HeaderMap) -> Result<Response, Problem> {
    file("mark.svg", ASK_AGAIN, &headers).ok_or_else(|| Problem::absent("page", "mark.svg"))
}

fn file(path: &str, control: &'static str, headers: &HeaderMap) -> Option<Response> {
    let (found, packed) = found(path, packs(headers))?;
    let kept = Kept { tag: tag(&found), control };
    let mut response = if kept.known(headers) {
        kept.unchanged()
    } else {
        kept.answer(media_type(path), found.data.into_owned().into())
    };
    let common = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::VARY, "accept-encoding"),
    ];
    let packing = (packed && response.status() == StatusCode::OK)
        .then_some((header::CONTENT_ENCODING, "gzip"));
    let headers = common.into_iter().chain(packing);
    let headers = headers.map(|(name, value)| (name, HeaderValue::from_static(value)));
    response.headers_mut().extend(headers);
    Some(response)
}

/// The file or its packed twin, and whether it is that.
fn found(path: &str, packs: bool) -> Option<(EmbeddedFile, bool)> {
    let twin = if packs { Built::get(&format!("{path}.gz")) } else { None };
    twin.map(|file| (file, true)).or_else(|| Some((Built::get(path)?, false)))
}

fn packs(headers: &HeaderMap) -> bool {
    let said = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    said.is_some_and(|said| said.split(',').any(|one| one.trim().starts_with("gzip")))
}

fn tag(file: &EmbeddedFile) -> String {
    let [a, b, c, d, e, f, g, h, ..] = file.metadata.sha256_hash();
    format!("\"{:016x}\"", u64::from_be_bytes([a, b, c, d, e, f, g, h]))
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests;
