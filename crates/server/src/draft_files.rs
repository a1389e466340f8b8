//! The files of a draft: what it holds beside what would leave, and the dossier byte for byte.

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use cathartes_release::{dossier::Unsealed, gate::Difference, product::Value};
use cathartes_store::Draft;
use uuid::Uuid;

use crate::{
    access::Caller,
    app::App,
    desk,
    params::At,
    problem::{Problem, Refusals},
    product_routes::png,
};

pub(crate) async fn differences(app: &App, draft: &Draft) -> Result<Vec<Difference>, Problem> {
    Ok(desk::json(&app.store, &draft.what.differences, "what became of fields").await?)
}

pub(crate) async fn unsealed(app: &App, draft: &Draft) -> Result<Unsealed, Problem> {
    let bytes = app.store.blobs().whole(&draft.what.dossier.sha256).await?;
    Unsealed::read(&bytes).map_err(|error| Problem::internal(&error))
}

/// A picture of a draft: as it is here, or as it would leave.
#[utoipa::path(get, path = "/api/v1/drafts/{id}/pictures/{side}/{field}", tag = "releases",
    params(("id" = Uuid, Path, description = "The draft"), ("side" = String, Path, description = "before or after"),
        ("field" = String, Path, description = "The name of its field: images[0]")),
    responses((status = 200, content_type = "image/png", body = Vec<u8>), Refusals))]
pub(crate) async fn picture(
    State(app): State<App>,
    _: Caller,
    At((id, side, field)): At<(Uuid, String, String)>,
) -> Result<Response, Problem> {
    let draft = app.desk.draft(id).await?;
    let all = differences(&app, &draft).await?;
    let one = all.iter().find(|one| one.path.as_str() == field);
    let value = one.and_then(|one| match side.as_str() {
        "before" => Some(&one.before),
        "after" => one.after.as_ref(),
        _ => None,
    });
    match value {
        Some(Value::Picture(image)) => png(image),
        _ => Err(Problem::absent("picture", format!("{side}/{field}"))),
    }
}

/// A file of the dossier of a draft, byte for byte as it would leave.
#[utoipa::path(get, path = "/api/v1/drafts/{id}/files/{name}", tag = "releases",
    params(("id" = Uuid, Path, description = "The draft"), ("name" = String, Path, description = "The file, `:` for `/` in its name")),
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>), Refusals))]
pub(crate) async fn file(
    State(app): State<App>,
    _: Caller,
    At((id, name)): At<(Uuid, String)>,
) -> Result<Response, Problem> {
    let draft = app.desk.draft(id).await?;
    let unsealed = unsealed(&app, &draft).await?;
    let wanted = name.replace(':', "/");
    let found = unsealed.members().iter().find(|file| file.name == wanted);
    let file = found.ok_or_else(|| Problem::absent("file of this draft", &name))?;
    let headers = [
        (header::CONTENT_TYPE, media_type(&file.name)),
        (header::CACHE_CONTROL, "private, no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // Shown within a page of ours and nowhere else; nothing in it runs.
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'",
        ),
    ];
    Ok((StatusCode::OK, headers, file.bytes.clone()).into_response())
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("pdf") => "application/pdf",
        Some("json") => "application/json",
        Some("geojson") => "application/geo+json",
        Some("kml") => "application/vnd.google-earth.kml+xml",
        Some("png") => "image/png",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
