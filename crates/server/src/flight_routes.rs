//! What permits and forbids flights, and the sorties with their certificates.

use axum::{Json, extract::State, response::Response};
use cathartes_core::certificate::Verdict;
use cathartes_store::{Blob, KeptAuthority, KeptSortie, NewAuthority, NewSortie};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    access::Caller,
    app::App,
    asset_routes,
    params::{Asked, At, limit, time_range},
    problem::{Problem, Refusals},
};

/// An authority that holds.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuthorityView {
    /// Its id.
    id: Uuid,
    /// Its number at its issuer.
    number: String,
    /// Who says it.
    issuer: String,
    /// SHA-256 of its document.
    sha256: String,
    /// Its volumes, as a `FeatureCollection` with `clause`, `rule`, `floor` and `ceiling`.
    #[schema(value_type = Object)]
    volumes: Value,
    /// When it came.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Who brought it.
    by: String,
}

/// A sortie, planned or flown.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SortieView {
    /// Its id.
    id: Uuid,
    /// Its name.
    name: String,
    /// plan or flown.
    kind: String,
    /// Who flies.
    operator: String,
    /// What kind of aircraft.
    aircraft: String,
    /// What for.
    purpose: String,
    /// First fix.
    #[schema(value_type = String, format = DateTime)]
    begins: Timestamp,
    /// Last fix.
    #[schema(value_type = String, format = DateTime)]
    ends: Timestamp,
    /// Whether it keeps to its authorities: kept, not proven or broken.
    #[schema(value_type = String)]
    verdict: Verdict,
    /// What keeps it from that.
    why: Vec<String>,
    /// Its track, thinned for a map, as a `GeoJSON` geometry.
    #[schema(value_type = Object)]
    geometry: Value,
    /// SHA-256 of its track.
    track_sha256: String,
    /// SHA-256 of its certificate.
    certificate_sha256: String,
    /// When it came.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Who brought it.
    by: String,
}

/// Which sorties.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct WhichSorties {
    /// Only those that were in the air in this time: a moment, or two with `/` between them.
    datetime: Option<String>,
    /// At most so many; 10 when absent.
    #[param(minimum = 1)]
    limit: Option<i64>,
}

impl From<KeptAuthority> for AuthorityView {
    fn from(KeptAuthority { id, authority, at, by }: KeptAuthority) -> Self {
        let NewAuthority { number, issuer, document, outline } = authority;
        Self { id, number, issuer, sha256: document.sha256.0, volumes: outline, at, by }
    }
}

impl From<KeptSortie> for SortieView {
    fn from(KeptSortie { id, sortie, at, by }: KeptSortie) -> Self {
        let NewSortie { name, kind, operator, aircraft, purpose, begins, ends, verdict, .. } =
            sortie;
        Self {
            id,
            name,
            kind,
            operator,
            aircraft,
            purpose,
            begins,
            ends,
            verdict,
            why: sortie.why,
            geometry: sortie.outline,
            track_sha256: sortie.track.sha256.0,
            certificate_sha256: sortie.certificate.sha256.0,
            at,
            by,
        }
    }
}

/// The authorities that hold, by number.
#[utoipa::path(get, path = "/api/v1/authorities", tag = "flights",
    responses((status = 200, body = Vec<AuthorityView>), Refusals))]
pub(crate) async fn authorities(
    State(app): State<App>,
    _: Caller,
) -> Result<Json<Vec<AuthorityView>>, Problem> {
    let hold = app.store.authorities().await?;
    Ok(Json(hold.into_iter().map(AuthorityView::from).collect()))
}

/// Sorties, the last that began first.
#[utoipa::path(get, path = "/api/v1/sorties", tag = "flights", params(WhichSorties),
    responses((status = 200, body = Vec<SortieView>), Refusals))]
pub(crate) async fn sorties(
    State(app): State<App>,
    _: Caller,
    Asked(query): Asked<WhichSorties>,
) -> Result<Json<Vec<SortieView>>, Problem> {
    let time = query.datetime.as_deref().map(time_range).transpose()?.unwrap_or_default();
    let sorties = app.store.sorties(time, limit(query.limit)?).await?;
    Ok(Json(sorties.into_iter().map(SortieView::from).collect()))
}

/// The document of an authority, byte for byte.
#[utoipa::path(get, path = "/api/v1/authorities/{id}/document", tag = "flights",
    params(("id" = Uuid, Path, description = "The authority")),
    responses((status = 200, content_type = "application/json", body = Object), Refusals))]
pub(crate) async fn document(
    State(app): State<App>,
    _: Caller,
    At(id): At<Uuid>,
) -> Result<Response, Problem> {
    let hold = app.store.authorities().await?;
    let found = hold.into_iter().find(|one| one.id == id);
    let found = found.ok_or_else(|| Problem::absent("authority that holds", id))?;
    bytes(&app, &found.authority.document).await
}

/// The track or the certificate of a sortie, byte for byte.
#[utoipa::path(get, path = "/api/v1/sorties/{id}/{file}", tag = "flights",
    params(("id" = Uuid, Path, description = "The sortie"),
        ("file" = String, Path, description = "track or certificate")),
    responses((status = 200, content_type = "application/json", body = Object), Refusals))]
pub(crate) async fn file(
    State(app): State<App>,
    _: Caller,
    At((id, file)): At<(Uuid, String)>,
) -> Result<Response, Problem> {
    let kept = app.store.sortie(id).await?.ok_or_else(|| Problem::absent("sortie", id))?;
    match file.as_str() {
        "track" => bytes(&app, &kept.sortie.track).await,
        "certificate" => bytes(&app, &kept.sortie.certificate).await,
        other => Err(Problem::absent("file of a sortie", other)),
    }
}

async fn bytes(app: &App, blob: &Blob) -> Result<Response, Problem> {
    asset_routes::whole(app, blob, "application/json".to_owned()).await
}
