//! Files of reports and registers come in. They are read at once and never kept: they may hold what this system
//! refuses to hold, and whoever sends one wants to hear which of its rows were left out.

use axum::{
    Json,
    extract::{Request, State},
    http::StatusCode,
};
use cathartes_core::provenance::Digest;
use cathartes_formats::{
    licensed_emitters,
    observations::{self, Fault, ImportError, Mapping, at_door},
};
use cathartes_store::{Note, TakenFrom, digest_of};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::{
    access::{Caller, Permission},
    app::App,
    problem::{Problem, Refusals},
};

/// Longest body.
const FILE_BYTES: usize = 64 << 20;

/// A file as it is, and what it calls things.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sent {
    /// All its text: CSV, `GeoJSON`, KML, Cursor-on-Target or STIX.
    file: String,
    /// A mapping in TOML, as `cathartes import --mapping` takes it.
    mapping: Option<String>,
}

/// What became of a file.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Brought {
    /// Rows that are in the record now and were not before.
    new: u64,
    /// Rows that were there already.
    known: u64,
    /// Rows left out.
    left_out: u64,
    /// Why, the first of them.
    faults: Vec<LeftOut>,
}

/// A row that was left out.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LeftOut {
    /// Row, feature, placemark, event or object, from 1.
    row: u64,
    /// What is wrong and what to do.
    what: String,
}

impl From<Fault> for LeftOut {
    fn from(Fault { row, what }: Fault) -> Self {
        Self { row, what }
    }
}

impl From<ImportError> for Problem {
    fn from(error: ImportError) -> Self {
        Self::bad_request(error.to_string())
    }
}

/// Takes a file of reports of other sources, at most 64 MiB. The same rows again add nothing.
#[utoipa::path(post, path = "/api/v1/observations", tag = "import", request_body = Sent,
    responses((status = 200, body = Brought), Refusals))]
pub(crate) async fn observations(
    State(app): State<App>,
    caller: Caller,
    request: Request,
) -> Result<Json<Brought>, Problem> {
    caller.needs(Permission::Import)?;
    let read = read(request, observations::read).await;
    let refused = match &read {
        Ok((read, _)) => {
            read.faults.iter().map(|fault| fault.what.clone()).find(|what| at_door(what))
        }
        Err(problem) => Some(problem.detail.clone()).filter(|what| at_door(what)),
    };
    if let Some(why) = refused {
        let (actor, action) = (caller.actor(), "import.refused");
        let (subject, detail) = ("/api/v1/observations".to_owned(), json!({ "why": why }));
        app.scribe.note(Note { actor, action, subject, detail }).await?;
    }
    let (read, sha256) = read?;
    let one = |read: observations::Read| {
        (read.observation, TakenFrom::File { sha256: sha256.clone(), row: read.row })
    };
    let said: Vec<_> = read.observations.into_iter().map(one).collect();
    let added = app.store.add_observations(&caller.actor(), &said).await?;
    let faults = read.faults.into_iter().map(LeftOut::from).collect();
    let (new, known, left_out) = (added.new.len() as u64, added.known, read.left_out);
    Ok(Json(Brought { new, known, left_out, faults }))
}

/// Takes a register of licensed emitters, at most 64 MiB, which stands in the place of the last as a whole.
#[utoipa::path(put, path = "/api/v1/register", tag = "import", request_body = Sent,
    responses((status = 200, body = Brought), Refusals))]
pub(crate) async fn register(
    State(app): State<App>,
    caller: Caller,
    request: Request,
) -> Result<Json<Brought>, Problem> {
    caller.needs(Permission::Import)?;
    let (read, sha256) = read(request, licensed_emitters::read).await?;
    let all = read.emitters.len() as u64;
    if let (0, Some(fault)) = (all, read.faults.first()) {
        return Err(Problem::bad_request(format!("none of its rows can be: {fault}")));
    }
    let new = app.store.replace_register(&caller.actor(), &read.emitters, &sha256).await?;
    let (new, known) = if new { (all, 0) } else { (0, all) };
    let faults = read.faults.into_iter().map(LeftOut::from).collect();
    Ok(Json(Brought { new, known, left_out: read.left_out, faults }))
}

/// What a file says, read where no other request waits for it, and its digest.
async fn read<T: Send + 'static>(
    request: Request,
    by: fn(&[u8], &Mapping) -> Result<T, ImportError>,
) -> Result<(T, Digest), Problem> {
    let body = axum::body::to_bytes(request.into_body(), FILE_BYTES).await.map_err(|_| {
        let detail = format!("the body is cut off or longer than {FILE_BYTES} bytes: divide it");
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, detail)
    })?;
    let all = tokio::task::spawn_blocking(move || -> Result<(T, Digest), Problem> {
        let sent: Sent = serde_json::from_slice(&body).map_err(|error| {
            let detail = format!("{error}: send {{\"file\": TEXT, \"mapping\": TEXT}} as JSON");
            Problem::bad_request(detail)
        })?;
        let mapping = sent.mapping.unwrap_or_default();
        let read = by(sent.file.as_bytes(), &Mapping::parse(mapping.as_bytes())?)?;
        Ok((read, digest_of(sent.file.as_bytes())))
    });
    let broken = |_| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "reading the file broke off");
    all.await.map_err(broken)?
}
