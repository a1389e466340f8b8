//! Files on their way in, piece by piece.
//!
//! ```text
//! POST  /api/v1/uploads        {name, sha256, size_bytes}     → 201, the upload
//! PATCH /api/v1/uploads/{id}   Upload-Offset: N, the bytes    → 200, how much is here
//! GET   /api/v1/uploads/{id}                                  → 200, where to go on after a loss
//! ```

use axum::{
    Json,
    body::Bytes,
    extract::{Request, State},
    http::{HeaderMap, StatusCode},
};
use cathartes_core::provenance::Digest;
use cathartes_store::{Blob, Upload, UploadState};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    access::{Caller, Permission},
    app::App,
    params::{At, Body},
    problem::{Problem, Refusals},
};

/// Longest piece.
pub(crate) const PIECE_BYTES: usize = 64 << 20;
const OFFSET: &str = "upload-offset";

/// A file to be sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Announced {
    /// Its name, without a folder.
    name: String,
    /// What it holds: 64 digits and letters a to f.
    sha256: String,
    /// Its length.
    #[schema(minimum = 0)]
    size_bytes: u64,
}

/// How far an upload is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UploadView {
    /// Its id.
    id: Uuid,
    /// The file's name.
    name: String,
    /// What it must hold.
    sha256: String,
    /// Its length.
    size_bytes: u64,
    /// How much of it is here: the next `Upload-Offset`.
    received_bytes: u64,
    /// `open`, `done` or `refused`.
    #[schema(value_type = String)]
    state: UploadState,
    /// When it was announced.
    #[schema(value_type = String, format = DateTime)]
    created: Timestamp,
}

impl From<Upload> for UploadView {
    fn from(upload: Upload) -> Self {
        let Upload { id, name, sha256, size_bytes, received_bytes, state, created } = upload;
        Self { id, name, sha256: sha256.0, size_bytes, received_bytes, state, created }
    }
}

/// Announces a file; it is done at once when its bytes are here already.
#[utoipa::path(post, path = "/api/v1/uploads", tag = "import", request_body = Announced,
    responses((status = 201, body = UploadView), Refusals))]
pub(crate) async fn begin(
    State(app): State<App>,
    caller: Caller,
    Body(file): Body<Announced>,
) -> Result<(StatusCode, Json<UploadView>), Problem> {
    caller.needs(Permission::Import)?;
    let blob = Blob { sha256: Digest(file.sha256), size_bytes: file.size_bytes };
    let upload = app.store.begin_upload(&caller.actor(), &file.name, &blob).await?;
    Ok((StatusCode::CREATED, Json(upload.into())))
}

/// How far an upload is.
#[utoipa::path(get, path = "/api/v1/uploads/{id}", tag = "import",
    params(("id" = Uuid, Path, description = "The upload")),
    responses((status = 200, body = UploadView), Refusals))]
pub(crate) async fn look(
    State(app): State<App>,
    caller: Caller,
    At(id): At<Uuid>,
) -> Result<Json<UploadView>, Problem> {
    caller.needs(Permission::Import)?;
    Ok(Json(app.store.upload(id).await?.into()))
}

/// Takes the next piece of a file, at most 64 MiB; the last one has the whole checked.
#[utoipa::path(patch, path = "/api/v1/uploads/{id}", tag = "import",
    params(("id" = Uuid, Path, description = "The upload"),
        ("Upload-Offset" = u64, Header, description = "The byte of the file at which the piece begins")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = UploadView), Refusals))]
pub(crate) async fn receive(
    State(app): State<App>,
    caller: Caller,
    At(id): At<Uuid>,
    headers: HeaderMap,
    request: Request,
) -> Result<Json<UploadView>, Problem> {
    caller.needs(Permission::Import)?;
    let offset = headers.get(OFFSET).and_then(|value| value.to_str().ok()?.parse().ok());
    let what = "say where the piece begins in the header Upload-Offset, in bytes";
    let offset_bytes: u64 = offset.ok_or_else(|| Problem::bad_request(what))?;
    let piece = piece(request).await?;
    Ok(Json(app.store.receive(&caller.actor(), id, offset_bytes, &piece).await?.into()))
}

async fn piece(request: Request) -> Result<Bytes, Problem> {
    axum::body::to_bytes(request.into_body(), PIECE_BYTES).await.map_err(|_| {
        let detail = format!("the piece is cut off or longer than {PIECE_BYTES} bytes: send less");
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, detail)
    })
}
