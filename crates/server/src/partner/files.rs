//! Files out of a sealed dossier, one by one or as a whole. Each is an export, and stands in the log before it leaves.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use cathartes_release::policy::Permission;

use super::{door, html, opened};
use crate::app::App;

/// One file of a release's dossier.
pub(super) async fn read(
    State(app): State<App>,
    Path((alias, name)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let guest = match door::guest(&app, &headers).await {
        Ok(Some(guest)) => guest,
        Ok(None) => return super::session_over(&headers),
        Err(problem) => return super::trouble(&headers, &problem),
    };
    let release = match door::release(&app, &guest, &alias, Permission::Read).await {
        Ok(Some(release)) => release,
        Ok(None) => return super::no_release(&headers, &guest),
        Err(problem) => return super::trouble(&headers, &problem),
    };
    let dossier = match opened::opened(&app, &release).await {
        Ok(dossier) => dossier,
        Err(problem) => return super::trouble(&headers, &problem),
    };
    let Some((name, bytes)) = dossier.files.into_iter().find(|(known, _)| *known == name) else {
        return super::no_release(&headers, &guest);
    };
    if let Err(problem) = opened::taken(&app, &guest, &release, &name).await {
        return super::trouble(&headers, &problem);
    }
    let mut response = (StatusCode::OK, bytes).into_response();
    let kind = HeaderValue::from_static(media_type(&name));
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    let file = name.replace('/', "-");
    if let Ok(value) =
        HeaderValue::from_str(&format!("attachment; filename=\"{}-{file}\"", release.alias))
    {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    html::guard(&mut response);
    response
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
