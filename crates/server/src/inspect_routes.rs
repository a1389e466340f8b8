//! What an inspector asks for: the log by day, by who, by what and to what; what stands out in it; whether it is whole.
//! Every answer is itself in the log.

use axum::{Json, extract::State, http::StatusCode};
use cathartes_core::certificate::Certificate;
use cathartes_store::{AuditEntry, AuditQuery, KeptSortie, SignedCheckpoint};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::{
    access::{Caller, Permission},
    account_routes::EntryView,
    app::App,
    inspect::{self, Flown, Remark},
    params::{Asked, limit, time_range},
    problem::{Problem, Refusals},
};

/// Entries that are looked through for what stands out.
const MOST: u32 = 200_000;
/// Sorties of a day, likewise.
const SORTIES: u32 = 1_000;
/// How long before a day a draft or a recall may have begun that shows on it.
const BEFORE: SignedDuration = SignedDuration::from_hours(14 * 24);

/// Which entries.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct WhichEntries {
    /// Only those of this time: two moments with `/` between them.
    datetime: Option<String>,
    /// Only what this one did: `account:ana`.
    actor: Option<String>,
    /// Only this: `evidence.read`; `.read` for every look, `release.` for all about releases.
    action: Option<String>,
    /// Only what was done to this.
    subject: Option<String>,
    /// Entries after this one.
    after: Option<i64>,
    /// At most so many.
    #[param(minimum = 1)]
    limit: Option<i64>,
}

impl WhichEntries {
    /// What is looked at, for the log.
    fn words(&self) -> String {
        let asked = [
            ("datetime", &self.datetime),
            ("actor", &self.actor),
            ("action", &self.action),
            ("subject", &self.subject),
        ];
        let asked =
            asked.iter().filter_map(|(name, value)| Some(format!(" {name}={}", value.as_ref()?)));
        format!("entries{}", asked.collect::<String>())
    }
}

/// A day.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct WhichDay {
    /// The time to be looked through: two moments with `/` between them.
    datetime: String,
}

/// Entries, and where to go on.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LogPage {
    /// Entries, oldest first.
    entries: Vec<EntryView>,
    /// Give this as `after` for more; none: these were the last.
    next: Option<i64>,
    /// How many entries the whole log has.
    log_length: i64,
    /// When the log begins.
    #[schema(value_type = Option<String>, format = DateTime)]
    begins: Option<Timestamp>,
}

/// What was signed of the log.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CheckpointView {
    /// How many entries it had.
    entries: u64,
    /// Its root, in hexadecimal.
    root: String,
    /// As it is printed on briefs.
    short: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// The text that was signed.
    text: String,
    /// Its signature, as minisign writes it.
    signature: String,
    /// Who had it made.
    by: String,
}

/// What was found of the whole log.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LogView {
    /// How many entries were read.
    entries: u64,
    /// The root over them, in hexadecimal.
    root: String,
    /// How many checkpoints it fits.
    checkpoints: u64,
    /// What is wrong with it, and where; empty: nothing.
    damages: Vec<String>,
}

impl From<SignedCheckpoint> for CheckpointView {
    fn from(SignedCheckpoint { checkpoint, signature, by }: SignedCheckpoint) -> Self {
        Self {
            entries: checkpoint.entries,
            root: checkpoint.root.to_string(),
            short: checkpoint.short(),
            at: checkpoint.at,
            text: checkpoint.to_string(),
            signature,
            by,
        }
    }
}

/// Entries of the log: of a day, of somebody, of a kind, about something.
#[utoipa::path(get, path = "/api/v1/inspect/entries", tag = "oversight", params(WhichEntries),
    responses((status = 200, body = LogPage), Refusals))]
pub(crate) async fn entries(
    State(app): State<App>,
    caller: Caller,
    Asked(which): Asked<WhichEntries>,
) -> Result<Json<LogPage>, Problem> {
    caller.needs(Permission::Audit)?;
    caller.witness.sees("log.read", which.words());
    let limit = limit(which.limit)?;
    let query = AuditQuery {
        time: which.datetime.as_deref().map(time_range).transpose()?.unwrap_or_default(),
        actor: which.actor,
        action: which.action,
        subject: which.subject,
        after: which.after.unwrap_or(0),
        limit: limit.saturating_add(1),
    };
    let mut found = app.store.audit_entries(&query).await?;
    let more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let next = found.last().filter(|_| more).map(|entry| entry.seq);
    let begins = app.store.audit_times().await?.map(|(begins, _)| begins);
    let log_length = app.store.audit_seq().await?;
    let entries = found.into_iter().map(EntryView::from).collect();
    Ok(Json(LogPage { entries, next, log_length, begins }))
}

/// What stands out in a time: releases late or without a second approval, recalls unread, sorties close to a line or
/// for another purpose, refused imports, many looks, many tries.
#[utoipa::path(get, path = "/api/v1/inspect/remarks", tag = "oversight", params(WhichDay),
    responses((status = 200, body = Vec<Remark>), Refusals))]
pub(crate) async fn remarks(
    State(app): State<App>,
    caller: Caller,
    Asked(which): Asked<WhichDay>,
) -> Result<Json<Vec<Remark>>, Problem> {
    caller.needs(Permission::Audit)?;
    let time = time_range(&which.datetime)?;
    caller.witness.sees("log.read", "remarks");
    let (from, to) = (time.from.unwrap_or(Timestamp::MIN), time.to.unwrap_or(Timestamp::MAX));
    let mut remarks =
        inspect::of_log(&long_before(&app, (from, to)).await?, to.min(Timestamp::now()));
    let before = from.saturating_sub(BEFORE).unwrap_or(Timestamp::MIN);
    // What began before shows for as long as it goes on; the rest, on its own day.
    let lasting = [inspect::Kind::ReleaseLate, inspect::Kind::RecallUnread];
    remarks.retain(|remark| {
        remark.at >= from || lasting.contains(&remark.kind) && remark.at >= before
    });
    let mut flown = Vec::new();
    for sortie in app.store.sorties(time, SORTIES).await? {
        let certificate = certificate(&app, &sortie).await?;
        flown.push(Flown { sortie, certificate });
    }
    remarks.extend(inspect::of_sorties(&flown));
    Ok(Json(remarks))
}

/// All entries of a time; of before it, those of drafts, releases and answers.
async fn long_before(
    app: &App,
    (from, to): (Timestamp, Timestamp),
) -> Result<Vec<AuditEntry>, Problem> {
    let before = from.saturating_sub(BEFORE).unwrap_or(Timestamp::MIN);
    let mut entries = Vec::new();
    for action in ["draft.", "release.", "answer."] {
        let time = cathartes_store::TimeRange { from: Some(before), to: Some(from) };
        let query = AuditQuery {
            time,
            action: Some(action.to_owned()),
            limit: MOST,
            ..AuditQuery::default()
        };
        entries.extend(app.store.audit_entries(&query).await?);
    }
    let time = cathartes_store::TimeRange { from: Some(from), to: Some(to) };
    let query = AuditQuery { time, limit: MOST, ..AuditQuery::default() };
    entries.extend(app.store.audit_entries(&query).await?);
    entries.sort_by_key(|entry| entry.seq);
    entries.dedup_by_key(|entry| entry.seq);
    Ok(entries)
}

async fn certificate(app: &App, kept: &KeptSortie) -> Result<Option<Certificate>, Problem> {
    let bytes = app.store.blobs().whole(&kept.sortie.certificate.sha256).await?;
    Ok(serde_json::from_slice(&bytes).ok())
}

/// What was signed of the log, the earliest first.
#[utoipa::path(get, path = "/api/v1/inspect/checkpoints", tag = "oversight",
    responses((status = 200, body = Vec<CheckpointView>), Refusals))]
pub(crate) async fn checkpoints(
    State(app): State<App>,
    caller: Caller,
) -> Result<Json<Vec<CheckpointView>>, Problem> {
    caller.needs(Permission::Audit)?;
    let signed = app.store.signed_checkpoints().await?;
    Ok(Json(signed.into_iter().map(CheckpointView::from).collect()))
}

/// Reads the whole log again and says what is wrong with it: a minute for ten million entries, and one at a time.
#[utoipa::path(get, path = "/api/v1/inspect/whole", tag = "oversight",
    responses((status = 200, body = LogView), Refusals))]
pub(crate) async fn whole(
    State(app): State<App>,
    caller: Caller,
) -> Result<Json<LogView>, Problem> {
    caller.needs(Permission::Audit)?;
    let Ok(_turn) = app.verifying.try_lock() else {
        let detail = "somebody has the log read already: ask again in a minute";
        return Err(Problem::new(StatusCode::CONFLICT, detail));
    };
    let found = app.store.verify_audit(&[]).await?;
    Ok(Json(LogView {
        entries: found.entries,
        root: found.root.to_string(),
        checkpoints: found.checkpoints,
        damages: found.damages.iter().map(ToString::to_string).collect(),
    }))
}

/// The proof that an entry is in the log as it is now: what `cathartes-verify proof` takes.
#[utoipa::path(get, path = "/api/v1/inspect/proofs/{seq}", tag = "oversight",
    params(("seq" = i64, Path, description = "Which entry")),
    responses((status = 200, body = Object), Refusals))]
pub(crate) async fn proof(
    State(app): State<App>,
    caller: Caller,
    crate::params::At(seq): crate::params::At<i64>,
) -> Result<Json<Value>, Problem> {
    caller.needs(Permission::Audit)?;
    let signed = app.store.signed_checkpoints().await?;
    let now = app.store.audit_seq().await? as u64;
    // One that was signed is worth more than one of the moment.
    let entries =
        signed.last().map(|last| last.checkpoint.entries).filter(|n| *n >= seq.unsigned_abs());
    let proof = app.store.audit_proof(seq, entries.unwrap_or(now)).await?;
    Ok(Json(serde_json::to_value(proof).map_err(|error| Problem::internal(&error))?))
}
