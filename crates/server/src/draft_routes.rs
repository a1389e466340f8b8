//! Drafts of releases: what would leave beside what stays, who approved it, and its files byte for byte.

use axum::{Json, extract::State, http::StatusCode};
use cathartes_core::provenance::Digest;
use cathartes_release::{gate::Difference, product::FieldPath};
use cathartes_store::{Approval, Draft, DraftQuery, DraftState, NewDraft, Refusal, Subject};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Shown, json};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    access::Caller,
    app::App,
    desk::{self, Order},
    draft_files,
    params::{Asked, At, Body, limit},
    problem::{Problem, Refusals},
    product::Told,
    product_routes::shown,
    release_routes::ReleaseView,
};

/// How urgent, when nobody says.
const USUAL_PRIORITY: u8 = 3;

/// A draft to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MakeDraft {
    /// `finding` or `site`.
    kind: String,
    /// Its id.
    id: Uuid,
    /// The code of the recipient.
    recipient: String,
    /// For what, in a word or two.
    #[serde(default)]
    #[schema(max_length = 200)]
    reason: String,
    /// How urgent: 1 is the most, 5 the least; 3 when absent.
    #[schema(minimum = 1, maximum = 5)]
    priority: Option<u8>,
    /// What is said of it, where usual words will not do.
    #[serde(default)]
    told: Told,
    /// An earlier draft whose words are taken, where `told` says nothing.
    words_of: Option<Uuid>,
    /// The earlier release that it takes the place of.
    supersedes: Option<Uuid>,
    /// A number of your choice: the same sent again with it is made once.
    key: Option<Uuid>,
}

/// Which drafts.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct WhichDrafts {
    /// Only those that wait to be approved or sent.
    #[serde(default)]
    waiting: bool,
    /// Of this kind of thing, with `id`.
    kind: Option<String>,
    /// Of this thing alone, with `kind`.
    id: Option<Uuid>,
    /// For this recipient alone.
    recipient: Option<String>,
    /// Older than this one.
    before: Option<Uuid>,
    /// At most so many; 10 when absent.
    #[param(minimum = 1)]
    limit: Option<i64>,
}

/// That what was shown is approved.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Approve {
    /// The digest that was shown.
    digest: String,
    /// Whatever a browser sends its letters with; the same person approves once anyway.
    #[serde(rename = "key")]
    _key: Option<Uuid>,
}

/// That a draft is refused.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Refuse {
    /// Why.
    #[schema(min_length = 1, max_length = 2000)]
    reason: String,
    /// Whatever a browser sends its letters with.
    #[serde(rename = "key")]
    _key: Option<Uuid>,
}

/// A draft.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DraftView {
    /// Its id.
    id: Uuid,
    /// Which draft it is of this thing for this recipient, from 1.
    number: i64,
    /// Of what kind of thing.
    kind: &'static str,
    /// Of which.
    subject: Uuid,
    /// For whom, by code.
    recipient: String,
    /// What the recipient would know the release by.
    alias: String,
    /// How far it has come.
    #[schema(value_type = String)]
    state: DraftState,
    /// SHA-256 of its manifest: what is approved.
    digest: String,
    /// The rules that made it.
    rules: String,
    /// How urgent: 1 is the most.
    priority: u8,
    /// For what.
    reason: String,
    /// The gas.
    gas: Option<String>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// By whom.
    by: String,
    /// Who approved.
    #[schema(value_type = Vec<Object>)]
    approvals: Vec<Approval>,
    /// Who refused it.
    #[schema(value_type = Option<Object>)]
    refusal: Option<Refusal>,
    /// The release that was made of it.
    release: Option<Uuid>,
    /// The earlier release that it takes the place of.
    supersedes: Option<Uuid>,
}

impl From<Draft> for DraftView {
    fn from(draft: Draft) -> Self {
        let Draft { id, number, what, at, by, state, approvals, refusal, release } = draft;
        let NewDraft {
            subject, recipient, alias, manifest_sha256, rules, basis, supersedes, ..
        } = what;
        Self {
            id,
            number,
            kind: subject.word(),
            subject: subject.id(),
            recipient,
            alias,
            state,
            digest: manifest_sha256.0,
            rules,
            priority: basis.priority,
            reason: basis.reason,
            gas: basis.gas,
            at,
            by,
            approvals,
            refusal,
            release,
            supersedes,
        }
    }
}

/// Drafts, the newest first.
#[utoipa::path(get, path = "/api/v1/drafts", tag = "releases", params(WhichDrafts),
    responses((status = 200, body = Vec<DraftView>), Refusals))]
pub(crate) async fn list(
    State(app): State<App>,
    _: Caller,
    Asked(asked): Asked<WhichDrafts>,
) -> Result<Json<Vec<DraftView>>, Problem> {
    let WhichDrafts { waiting, kind, id, recipient, before, limit: most } = asked;
    let subject = about(kind, id)?;
    let query = DraftQuery { waiting, subject, recipient, before, limit: limit(most)? };
    Ok(Json(app.store.drafts(&query).await?.into_iter().map(DraftView::from).collect()))
}

/// A subject of two halves that go together.
pub(crate) fn about(kind: Option<String>, id: Option<Uuid>) -> Result<Option<Subject>, Problem> {
    match (kind, id) {
        (Some(kind), Some(id)) => Ok(Some(Subject::new(&kind, id)?)),
        (None, None) => Ok(None),
        _ => Err(Problem::bad_request("`kind` and `id` go together: give both or neither")),
    }
}

/// Makes a draft of something confirmed: what its recipient would get, by the rules for it.
#[utoipa::path(post, path = "/api/v1/drafts", tag = "releases", request_body = MakeDraft,
    responses((status = 201, body = DraftView), Refusals))]
pub(crate) async fn make(
    State(app): State<App>,
    caller: Caller,
    Body(made): Body<MakeDraft>,
) -> Result<(StatusCode, Json<DraftView>), Problem> {
    let order = order(&app, made).await?;
    let draft = app.desk.make(caller.account(), &order, Timestamp::now()).await?;
    Ok((StatusCode::CREATED, Json(draft.into())))
}

async fn order(app: &App, made: MakeDraft) -> Result<Order, Problem> {
    let MakeDraft { kind, id, recipient, reason, priority, told, words_of, supersedes, key } = made;
    let told = match words_of {
        Some(earlier) => app.desk.words_of(earlier).await?.with(told),
        None => told,
    };
    let priority = priority.unwrap_or(USUAL_PRIORITY);
    let subject = Subject::new(&kind, id)?;
    Ok(Order { subject, recipient, told, priority, reason, supersedes, key })
}

/// What would leave of a thing to a recipient, and what not, each field with its rule. Nothing is kept.
#[utoipa::path(post, path = "/api/v1/drafts/tried", tag = "releases", request_body = MakeDraft,
    responses((status = 200, body = Object), Refusals))]
pub(crate) async fn try_it(
    State(app): State<App>,
    caller: Caller,
    Body(made): Body<MakeDraft>,
) -> Result<Json<Shown>, Problem> {
    let order = order(&app, made).await?;
    let prepared = app.desk.prepare(caller.account(), &order, Timestamp::now()).await?;
    let differences = prepared.cleared.differences.iter();
    let pictures = |one: &Difference| difference(one, |_| String::new());
    Ok(Json(json!({
        "rules": prepared.rules.name,
        "banner": prepared.cleared.marking.banner(),
        "differences": differences.map(pictures).collect::<Vec<_>>(),
        "residual": prepared.residual,
    })))
}

/// One draft with everything that whoever approves it has to see.
#[utoipa::path(get, path = "/api/v1/drafts/{id}", tag = "releases", params(("id" = Uuid, Path, description = "The draft")),
    responses((status = 200, body = Object), Refusals))]
pub(crate) async fn look(
    State(app): State<App>,
    _: Caller,
    At(id): At<Uuid>,
) -> Result<Json<Shown>, Problem> {
    let draft = app.desk.draft(id).await?;
    let differences = draft_files::differences(&app, &draft).await?;
    let residual: Shown =
        desk::json(&app.store, &draft.what.residual, "what could be inferred").await?;
    let waits =
        matches!(draft.state, DraftState::Open | DraftState::ApprovedOnce | DraftState::Approved);
    let outdated = if waits { app.desk.outdated(&draft).await? } else { Vec::new() };
    let unsealed = draft_files::unsealed(&app, &draft).await?;
    let files = unsealed.members().iter();
    let files = files.map(|file| json!({ "name": file.name, "size_bytes": file.bytes.len() }));
    let files: Vec<Shown> = files.collect();
    let link = |path: &FieldPath, side: &str| format!("/api/v1/drafts/{id}/pictures/{side}/{path}");
    let shown = differences.iter().map(|one| difference(one, |side| link(&one.path, side)));
    let shown: Vec<Shown> = shown.collect();
    let tlp = unsealed.manifest().tlp.word();
    let mut all = json!(DraftView::from(draft));
    all["banner"] = json!(tlp);
    all["differences"] = json!(shown);
    all["residual"] = residual;
    all["outdated"] = json!(outdated);
    all["files"] = json!(files);
    Ok(Json(all))
}

/// A field on both sides; pictures by where they are.
fn difference(one: &Difference, picture: impl Fn(&str) -> String) -> Shown {
    json!({
        "path": one.path,
        "before": shown(&one.before, &picture("before")),
        "after": one.after.as_ref().map(|after| shown(after, &picture("after"))),
        "rule": one.rule,
        "why": one.why,
    })
}

/// Approves what was shown: another than who drafted it, twice by two. The digest says what was shown.
#[utoipa::path(post, path = "/api/v1/drafts/{id}/approval", tag = "releases", request_body = Approve,
    params(("id" = Uuid, Path, description = "The draft")), responses((status = 200, body = DraftView), Refusals))]
pub(crate) async fn approve(
    State(app): State<App>,
    caller: Caller,
    At(id): At<Uuid>,
    Body(Approve { digest, .. }): Body<Approve>,
) -> Result<Json<DraftView>, Problem> {
    let shown = Digest(digest);
    let draft = app.desk.approve(caller.account(), id, &shown, Timestamp::now()).await?;
    Ok(Json(draft.into()))
}

/// Refuses a draft, with the reason.
#[utoipa::path(post, path = "/api/v1/drafts/{id}/refusal", tag = "releases", request_body = Refuse,
    params(("id" = Uuid, Path, description = "The draft")), responses((status = 200, body = DraftView), Refusals))]
pub(crate) async fn refuse(
    State(app): State<App>,
    caller: Caller,
    At(id): At<Uuid>,
    Body(Refuse { reason, .. }): Body<Refuse>,
) -> Result<Json<DraftView>, Problem> {
    let draft = app.desk.refuse(caller.account(), id, &reason, Timestamp::now()).await?;
    Ok(Json(draft.into()))
}

/// Seals what two approved and sends it. The same again gives the same release.
#[utoipa::path(post, path = "/api/v1/drafts/{id}/release", tag = "releases",
    params(("id" = Uuid, Path, description = "The draft")), responses((status = 200, body = ReleaseView), Refusals))]
pub(crate) async fn send(
    State(app): State<App>,
    caller: Caller,
    At(id): At<Uuid>,
) -> Result<Json<ReleaseView>, Problem> {
    let now = Timestamp::now();
    Ok(Json(ReleaseView::of(app.desk.send(caller.account(), id, now).await?, now)))
}
