//! Files out of a sealed dossier, one by one or as a whole. Each is an export, and stands in the log before it leaves.

use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};

use super::{html, opened};
use crate::app::App;

/// One file of a release's dossier.
pub(super) async fn read(
    State(app): State<App>,
    Path((alias, name)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Response> {
    let (guest, release) = super::released(&app, &headers, &alias).await?;
    let trouble = |problem| super::trouble(&headers, &problem);
    let files = opened::opened(&app, &release).await.map_err(trouble)?.files;
    let file = files.into_iter().find(|(known, _)| *known == name);
    let (name, bytes) = file.ok_or_else(|| super::no_release(&headers, &guest))?;
    opened::taken(&app, &guest, &release, &name).await.map_err(trouble)?;
    Ok(html::attachment(bytes, media_type(&name), &format!("{}-{name}", release.alias)))
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("zip") => "application/zip",
        Some("pdf") => "application/pdf",
        Some("kml") => "application/vnd.google-earth.kml+xml",
        Some("geojson") => "application/geo+json",
        Some("json") => "application/json",
        Some("png") => "image/png",
        _ => "text/plain; charset=utf-8",
    }
}
