//! The files of a scene.

use axum::{
    body::Body,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use cathartes_store::{Asset, Blob};
use futures_util::TryStreamExt;
use uuid::Uuid;

use crate::{
    access::Caller,
    app::App,
    params::At,
    problem::{Problem, Refusals},
};

/// One file of a scene.
#[utoipa::path(get, path = "/api/v1/scenes/{id}/assets/{name}", tag = "record",
    params(("id" = Uuid, Path, description = "The scene"),
        ("name" = String, Path, description = "The file")),
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>), Refusals))]
pub(crate) async fn read(
    State(app): State<App>,
    _: Caller,
    At((id, name)): At<(Uuid, String)>,
) -> Result<Response, Problem> {
    let asset = asset(&app, id, &name).await?;
    let blob = Blob { sha256: asset.sha256, size_bytes: asset.size_bytes };
    whole(&app, &blob, asset.media_type).await
}

/// All of a blob, which never changes: it is named by what it holds.
pub(crate) async fn whole(app: &App, blob: &Blob, media_type: String) -> Result<Response, Problem> {
    let pieces = app.store.blobs().read(&blob.sha256).await?;
    let headers = [
        (header::CONTENT_TYPE, media_type),
        (header::CONTENT_LENGTH, blob.size_bytes.to_string()),
        (header::ETAG, format!("\"{}\"", blob.sha256.0)),
        (header::CACHE_CONTROL, "private, max-age=31536000, immutable".to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    let pieces = pieces.map_err(std::io::Error::other);
    Ok((StatusCode::OK, headers, Body::from_stream(pieces)).into_response())
}

/// A file of a scene by its name.
pub(crate) async fn asset(app: &App, scene: Uuid, name: &str) -> Result<Asset, Problem> {
    let found = app.store.scene(scene).await?.ok_or_else(|| Problem::absent("scene", scene))?;
    let asset = found.scene.assets.into_iter().find(|asset| asset.name == name);
    asset.ok_or_else(|| Problem::absent("file of this scene", name))
}
