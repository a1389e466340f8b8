//! What left: to whom, whether it was opened, what came back, and taking it back.

use axum::{
    Json,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use cathartes_release::{export::Format, policy::Permission};
use cathartes_store::{Answer, AnswerState, Recall, Release, ReleaseQuery};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Shown, json};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    access::Caller,
    app::App,
    asset_routes, desk,
    draft_routes::about,
    params::{Asked, At, Body, limit},
    problem::{Problem, Refusals},
};

/// Which releases.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct WhichReleases {
    /// Only those that hold and had no outcome yet.
    #[serde(default)]
    open: bool,
    /// Of this kind of thing, with `id`.
    kind: Option<String>,
    /// Of this thing alone, with `kind`.
    id: Option<Uuid>,
    /// To this recipient alone.
    recipient: Option<String>,
    /// Older than this one.
    before: Option<Uuid>,
    /// At most so many; 10 when absent.
    #[param(minimum = 1)]
    limit: Option<i64>,
}

/// A release is taken back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TakeBack {
    /// Why.
    #[schema(min_length = 1, max_length = 2000)]
    reason: String,
}

/// What is said to a dispute.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Say {
    /// What.
    #[schema(min_length = 1, max_length = 4000)]
    text: String,
}

/// Where a release stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Standing {
    /// It waits to be carried.
    Waiting,
    /// It went out and nobody opened it.
    Sent,
    /// It was opened.
    Opened,
    /// Somebody has it.
    Assigned,
    /// They are on the way.
    OnTheWay,
    /// They said what came of it.
    Outcome,
    /// They say that it is wrong.
    Dispute,
    /// It was taken back.
    Recalled,
    /// A later one took its place.
    Superseded,
    /// It holds no more.
    Expired,
}

/// A release.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReleaseView {
    /// Its id.
    id: Uuid,
    /// The draft that it was.
    draft: Uuid,
    /// Of what kind of thing.
    kind: &'static str,
    /// Of which.
    subject: Uuid,
    /// To whom, by code.
    recipient: String,
    /// What the recipient knows it by.
    alias: String,
    /// The gas.
    gas: Option<String>,
    /// How urgent: 1 is the most.
    priority: u8,
    /// SHA-256 of its manifest: what was approved.
    digest: String,
    /// When it was sealed.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// By whom.
    by: String,
    /// Until when it holds.
    #[schema(value_type = String, format = DateTime)]
    expires: Timestamp,
    /// When it went out.
    #[schema(value_type = Option<String>, format = DateTime)]
    sent: Option<Timestamp>,
    /// When it was first opened.
    #[schema(value_type = Option<String>, format = DateTime)]
    opened: Option<Timestamp>,
    /// That it was taken back.
    #[schema(value_type = Option<Object>)]
    recalled: Option<Recall>,
    /// The earlier release that it takes the place of.
    supersedes: Option<Uuid>,
    /// The later one that takes its place.
    superseded_by: Option<Uuid>,
    /// The answer that holds.
    #[schema(value_type = Option<Object>)]
    answer: Option<Answer>,
    /// Where it stands.
    #[schema(value_type = String)]
    state: Standing,
    /// Since when nothing was heard, while something is waited for.
    #[schema(value_type = Option<String>, format = DateTime)]
    silent_since: Option<Timestamp>,
}

impl ReleaseView {
    pub(crate) fn of(release: Release, now: Timestamp) -> Self {
        let state = standing(&release, now);
        let waited = matches!(
            state,
            Standing::Waiting
                | Standing::Sent
                | Standing::Opened
                | Standing::Assigned
                | Standing::OnTheWay
        );
        let heard = release.answer.as_ref().map(|answer| answer.received);
        let silent_since = heard.or(release.opened).or(release.sent).unwrap_or(release.at);
        Self {
            id: release.id,
            draft: release.draft,
            kind: release.subject.word(),
            subject: release.subject.id(),
            recipient: release.recipient,
            alias: release.alias,
            gas: release.basis.gas,
            priority: release.basis.priority,
            digest: release.manifest_sha256.0,
            at: release.at,
            by: release.by,
            expires: release.expires,
            sent: release.sent,
            opened: release.opened,
            recalled: release.recalled,
            supersedes: release.supersedes,
            superseded_by: release.superseded_by,
            answer: release.answer,
            state,
            silent_since: waited.then_some(silent_since),
        }
    }
}

fn standing(release: &Release, now: Timestamp) -> Standing {
    let said = release.answer.as_ref().map(|answer| answer.state);
    match said {
        _ if release.recalled.is_some() => Standing::Recalled,
        _ if release.superseded_by.is_some() => Standing::Superseded,
        Some(AnswerState::Outcome) => Standing::Outcome,
        Some(AnswerState::Dispute) => Standing::Dispute,
        _ if release.expires <= now => Standing::Expired,
        Some(AnswerState::OnTheWay) => Standing::OnTheWay,
        Some(AnswerState::Assigned) => Standing::Assigned,
        Some(AnswerState::Received) => Standing::Opened,
        None if release.opened.is_some() => Standing::Opened,
        None if release.sent.is_some() => Standing::Sent,
        None => Standing::Waiting,
    }
}

/// Releases, the newest first.
#[utoipa::path(get, path = "/api/v1/releases", tag = "releases", params(WhichReleases),
    responses((status = 200, body = Vec<ReleaseView>), Refusals))]
pub(crate) async fn list(
    State(app): State<App>,
    _: Caller,
    Asked(asked): Asked<WhichReleases>,
) -> Result<Json<Vec<ReleaseView>>, Problem> {
    let WhichReleases { open, kind, id, recipient, before, limit: most } = asked;
    let subject = about(kind, id)?;
    let query = ReleaseQuery { open, subject, recipient, before, limit: limit(most)? };
    let (all, now) = (app.store.releases(&query).await?, Timestamp::now());
    Ok(Json(all.into_iter().map(|release| ReleaseView::of(release, now)).collect()))
}

/// One release with everything that happened with it.
#[utoipa::path(get, path = "/api/v1/releases/{id}", tag = "releases", params(("id" = Uuid, Path, description = "The release")),
    responses((status = 200, body = Object), Refusals))]
pub(crate) async fn look(
    State(app): State<App>,
    _: Caller,
    At(id): At<Uuid>,
) -> Result<Json<Shown>, Problem> {
    let release = app.desk.release(id).await?;
    let timeline = app.store.timeline(id).await?;
    let disputes = app.store.disputes(id).await?;
    let mut all = json!(ReleaseView::of(release, Timestamp::now()));
    all["timeline"] = json!(timeline);
    all["disputes"] = json!(disputes);
    Ok(Json(all))
}

/// Takes a release back; its recipient is told.
#[utoipa::path(post, path = "/api/v1/releases/{id}/recall", tag = "releases", request_body = TakeBack,
    params(("id" = Uuid, Path, description = "The release")), responses((status = 200, body = ReleaseView), Refusals))]
pub(crate) async fn recall(
    State(app): State<App>,
    caller: Caller,
    At(id): At<Uuid>,
    Body(TakeBack { reason }): Body<TakeBack>,
) -> Result<Json<ReleaseView>, Problem> {
    let now = Timestamp::now();
    let release = app.desk.recall(caller.account(), id, &reason, now).await?;
    Ok(Json(ReleaseView::of(release, now)))
}

/// The sealed dossier, byte for byte as it left.
#[utoipa::path(get, path = "/api/v1/releases/{id}/dossier", tag = "releases",
    params(("id" = Uuid, Path, description = "The release")),
    responses((status = 200, content_type = "application/zip", body = Vec<u8>), Refusals))]
pub(crate) async fn dossier(
    State(app): State<App>,
    caller: Caller,
    At(id): At<Uuid>,
) -> Result<Response, Problem> {
    let release = app.desk.release(id).await?;
    app.desk.may(caller.account(), Permission::Read, &release).await?;
    let name = format!("{}.dossier.zip", release.alias);
    let whole = asset_routes::whole(&app, &release.dossier, "application/zip".to_owned()).await?;
    Ok(named(whole, &name))
}

/// A release in another form: geojson, kml, cot, tak, stix or text.
#[utoipa::path(get, path = "/api/v1/releases/{id}/export/{format}", tag = "releases",
    params(("id" = Uuid, Path, description = "The release"), ("format" = String, Path, description = "The form")),
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>), Refusals))]
pub(crate) async fn export(
    State(app): State<App>,
    caller: Caller,
    At((id, format)): At<(Uuid, String)>,
) -> Result<Response, Problem> {
    let format: Format = format.parse().map_err(Problem::bad_request)?;
    let release = app.desk.release(id).await?;
    let releasable = app.desk.releasable(caller.account(), &release).await?;
    let bytes = desk::written(format, &releasable, &release);
    let headers = [
        (header::CONTENT_TYPE, format.media_type()),
        (header::CACHE_CONTROL, "private, no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    let response = (StatusCode::OK, headers, bytes).into_response();
    Ok(named(response, &format!("{}.{}", release.alias, format.extension())))
}

/// With a name to be kept under.
fn named(mut response: Response, name: &str) -> Response {
    // Names of releases are letters, digits and hyphens.
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

/// Says something to a dispute; its recipient is told.
#[utoipa::path(post, path = "/api/v1/releases/{id}/disputes/{answer}", tag = "releases", request_body = Say,
    params(("id" = Uuid, Path, description = "The release"), ("answer" = Uuid, Path, description = "The answer that disputes")),
    responses((status = 204), Refusals))]
pub(crate) async fn reply(
    State(app): State<App>,
    caller: Caller,
    At((id, answer)): At<(Uuid, Uuid)>,
    Body(Say { text }): Body<Say>,
) -> Result<StatusCode, Problem> {
    app.desk.reply(caller.account(), (id, answer), &text, Timestamp::now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
