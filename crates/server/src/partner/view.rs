//! From the record to what a partner sees: where a release stands of the record, what it says out of its sealed dossier.

use axum::{
    http::{HeaderMap, StatusCode},
    response::Response,
};
use cathartes_release::{
    answer::{Answer as Said, Details, OutcomeCode, Reason, State},
    recipient::Language,
};
use cathartes_store::{
    Answer, Message, MessageKind, Opened, Release, ReleaseQuery, StoreError, Via,
};
use jiff::Timestamp;
use uuid::Uuid;

use super::{
    door::{self, Guest},
    forms::Hidden,
    html::{Page, t},
    notice::{self, Note, Told, View},
    opened, own,
    pages::{self, Row, Standing},
};
use crate::{app::App, problem::Problem};

/// Releases of one list. What is older is reached by its code.
const LISTED: u32 = 500;

/// What a page of a release is to say besides.
#[derive(Debug, Default)]
pub(super) struct More {
    /// The number of the answer that was just taken.
    pub(super) said: Option<i64>,
    /// What went wrong.
    pub(super) trouble: Option<String>,
}

/// The list of a recipient's releases.
pub(super) async fn list(app: &App, guest: &Guest, language: Language) -> Result<Page, Problem> {
    let recipient = Some(guest.kept.what.code.clone());
    let query = ReleaseQuery { recipient, limit: LISTED, ..ReleaseQuery::default() };
    let releases = app.store.releases(&query).await?;
    let now = Timestamp::now();
    let alias_of = |id: Uuid| releases.iter().find(|one| one.id == id).map(|one| one.alias.clone());
    let row = |release: &Release| Row {
        alias: release.alias.clone(),
        made: release.at,
        standing: standing(release, now, &alias_of),
        said: release.answer.as_ref().map(said),
        opened: release.opened.is_some(),
    };
    let mut rows: Vec<Row> = releases.iter().map(row).collect();
    rows.sort_by_key(Row::order);
    let own = own::figures(language, &own::Own::of(&releases, now));
    Ok(pages::list(language, &guest.body.name, &rows, &own))
}

fn standing(
    release: &Release,
    now: Timestamp,
    alias_of: &impl Fn(Uuid) -> Option<String>,
) -> Standing {
    Standing {
        recalled: release.recalled.as_ref().map(|recall| (recall.at, recall.reason.clone())),
        superseded_by: release.superseded_by.and_then(alias_of),
        supersedes: release.supersedes.and_then(alias_of),
        expired: release.expires <= now,
    }
}

/// One release, and that it was opened.
pub(super) async fn shown(
    app: &App,
    headers: &HeaderMap,
    guest: &Guest,
    (release, via): (&Release, Via),
    more: More,
) -> Response {
    let language = door::language(headers, Some(&guest.body));
    let status = if more.trouble.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    match view(app, guest, (release, via), more, language).await {
        Ok(view) => notice::release(language, &view).answer(status),
        Err(problem) => super::trouble(headers, &problem),
    }
}

async fn view(
    app: &App,
    guest: &Guest,
    (release, via): (&Release, Via),
    more: More,
    language: Language,
) -> Result<View, Problem> {
    let dossier = opened::opened(app, release).await?;
    let now = Timestamp::now();
    let first = receipt(app, guest, (release, via), now).await?;
    let told = told(app, release).await?;
    let notes = app.store.messages_about(release.id).await?;
    let notes = notes.iter().filter(|message| is_told(message, now));
    let mut related = Vec::new();
    for id in [release.superseded_by, release.supersedes].into_iter().flatten() {
        related.extend(app.store.release(id).await?.map(|other| (id, other.alias)));
    }
    let alias_of =
        |id: Uuid| related.iter().find(|(other, _)| *other == id).map(|(_, alias)| alias.clone());
    let news = news(language, first, more.said.and_then(|n| told.iter().find(|t| t.number == n)));
    Ok(View {
        alias: release.alias.clone(),
        made: release.at,
        expires: release.expires,
        standing: standing(release, now, &alias_of),
        tlp: dossier.tlp,
        content: dossier.content,
        files: dossier
            .files
            .iter()
            .map(|(name, bytes)| (name.clone(), bytes.len() as u64))
            .collect(),
        told,
        notes: notes.filter_map(|message| note(language, message)).collect(),
        news,
        trouble: more.trouble,
        hidden: Hidden {
            alias: release.alias.clone(),
            code: release.answer_code.clone(),
            csrf: guest.csrf(),
            key: Uuid::now_v7().to_string(),
        },
    })
}

/// Notes what was opened; whether the release was so for the first time.
async fn receipt(
    app: &App,
    guest: &Guest,
    (release, via): (&Release, Via),
    now: Timestamp,
) -> Result<bool, StoreError> {
    let actor = guest.actor();
    let first = app.store.add_receipt(&actor, (release.id, Opened::Release), via, now).await?;
    if release.recalled.is_some() {
        app.store.add_receipt(&actor, (release.id, Opened::Recall), via, now).await?;
    }
    if app.store.disputes(release.id).await?.iter().any(|dispute| dispute.reply.is_some()) {
        app.store.add_receipt(&actor, (release.id, Opened::Reply), via, now).await?;
    }
    Ok(first)
}

/// What was said, with what we said to it.
async fn told(app: &App, release: &Release) -> Result<Vec<Told>, StoreError> {
    let disputes = app.store.disputes(release.id).await?;
    let reply = |answer: &Answer| {
        let dispute = disputes.iter().find(|dispute| dispute.answer.id == answer.id)?;
        dispute.reply.as_ref().map(|reply| (reply.at, reply.text.clone()))
    };
    let told = |answer: &Answer| Told {
        number: answer.number,
        at: answer.at,
        answer: said(answer),
        due: answer.due,
        reply: reply(answer),
    };
    Ok(app.store.answers(release.id).await?.iter().map(told).collect())
}

fn news(language: Language, first: bool, said: Option<&Told>) -> Vec<String> {
    let mut news = Vec::new();
    if first {
        let words = t(
            language,
            "Queda registrado que lo recibió. No tiene que hacer nada más para eso.",
            "It is recorded that you received it. You need do nothing more for that.",
        );
        news.push(words.to_owned());
    }
    if let Some(told) = said {
        let what = pages::answer_words(language, &told.answer);
        news.push(format!("{} {what}", t(language, "Registrado:", "Recorded:")));
    }
    news
}

/// Whether a message may be seen by whom it is for.
fn is_told(message: &Message, now: Timestamp) -> bool {
    let approved = !message.what.needs_approval || message.approved.is_some();
    let holds = message.dropped.is_none() && message.what.due <= now;
    message.sent.is_some() || (approved && holds)
}

/// What a message gives back; reminders and what stands on the page already is left out.
fn note(language: Language, message: &Message) -> Option<Note> {
    let kind = match message.what.kind {
        MessageKind::Correction => t(language, "Corrección", "Correction"),
        MessageKind::LookAgain => t(language, "Miramos otra vez", "We looked again"),
        MessageKind::Statistics => t(language, "Sus cifras", "Your figures"),
        _ => return None,
    };
    let body = &message.what.body;
    let text = [&body["letter"]["text"], &body["text"]].into_iter().find_map(|text| text.as_str());
    Some(Note { at: message.at, kind, text: text?.to_owned() })
}

/// An answer of the record as a value.
pub(super) fn said(answer: &Answer) -> Said {
    let state = State::ALL.into_iter().find(|state| state.word() == answer.state.word());
    let outcome = answer.outcome.and_then(|kept| {
        OutcomeCode::ALL.into_iter().find(|outcome| outcome.word() == kept.word())
    });
    let reason = answer.reason.as_deref();
    let reason = Reason::ALL.into_iter().find(|known| reason == Some(known.word()));
    let details: Details = serde_json::from_value(answer.details.clone()).unwrap_or_default();
    let state = state.unwrap_or(State::Received);
    Said { state, outcome, reason, details, note: answer.note.clone() }
}
