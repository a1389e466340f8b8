//! From a form to the record.

use axum::{
    Form,
    extract::{Path, State},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use cathartes_release::{
    answer::{Answer, DISPUTE_DAYS, State as Stands, keys, words as say},
    policy::Permission,
    recipient::Language,
};
use cathartes_store::{NewAnswer, Release, StoreError, Via};
use jiff::{SignedDuration, Timestamp};

use super::{
    door::{self, Guest},
    forms::Filled,
    html::{self, t},
    pages::Door,
    view::{self, More},
};
use crate::{app::App, problem::Problem};

/// Takes an answer. Whoever was shut out meanwhile types the PIN once more, and what they said comes along.
pub(super) async fn answer(
    State(app): State<App>,
    Path(alias): Path<String>,
    headers: HeaderMap,
    Form(filled): Form<Filled>,
) -> Response {
    let guest = match door::guest(&app, &headers).await {
        Ok(Some(guest)) => guest,
        Ok(None) => return once_more(&headers, &filled),
        Err(problem) => return not_now(&headers, &problem, &filled),
    };
    if !guest.is_csrf(&filled.csrf) {
        return once_more(&headers, &filled);
    }
    match door::release(&app, &guest, &alias, Permission::Read).await {
        Ok(Some(release)) => taken(&app, &headers, &guest, &release, &filled).await,
        Ok(None) => super::no_release(&headers, &guest),
        Err(problem) => not_now(&headers, &problem, &filled),
    }
}

/// Keeps what a form says and shows the release again.
pub(super) async fn taken(
    app: &App,
    headers: &HeaderMap,
    guest: &Guest,
    release: &Release,
    filled: &Filled,
) -> Response {
    if !door::may(app, &guest.kept.what.code, release, Permission::Answer) {
        return super::no_release(headers, guest);
    }
    let language = door::language(headers, Some(&guest.body));
    let answer = match filled.answer() {
        Ok(answer) => answer,
        Err(error) => {
            let trouble = format!("{} {}", say::trouble(&error, language), typed(language, filled));
            let more = More { trouble: Some(trouble), ..More::default() };
            return view::shown(app, headers, guest, (release, Via::Page), more).await;
        }
    };
    match kept(app, guest, release, (&answer, filled)).await {
        Ok(number) => {
            let to = format!("/p/r/{}?said={number}", release.alias);
            let mut response = Redirect::to(&to).into_response();
            html::guard(&mut response);
            response
        }
        Err(StoreError::Refused(_)) => {
            let trouble = t(language, "La nota es demasiado larga.", "The note is too long.");
            let more = More { trouble: Some(trouble.to_owned()), ..More::default() };
            view::shown(app, headers, guest, (release, Via::Page), more).await
        }
        Err(error) => not_now(headers, &error.into(), filled),
    }
}

/// Keeps an answer; its number. What holds already and is said once more adds nothing: whoever went back after a cut has
/// another form before them, and has said nothing new.
async fn kept(
    app: &App,
    guest: &Guest,
    release: &Release,
    (answer, filled): (&Answer, &Filled),
) -> Result<i64, StoreError> {
    let last = app.store.answers(release.id).await?.pop();
    if let Some(last) = last.filter(|last| view::said(last) == *answer) {
        return Ok(last.number);
    }
    let now = Timestamp::now();
    // Another release has other answers, whatever form they come by.
    let form = format!("{} {}", release.id, filled.key);
    let new = kept_as(release, answer, (&form, Via::Page), now);
    Ok(app.store.add_answer(&guest.actor(), &new, now).await?.0.number)
}

/// What somebody typed, so that it is not typed again from memory.
fn typed(language: Language, filled: &Filled) -> String {
    let typed = filled.typed();
    if typed.is_empty() {
        return String::new();
    }
    format!("{} {typed}", t(language, "Usted escribió:", "You typed:"))
}

/// An answer for the record. Its key is made of that of its form and of what it says.
pub(super) fn kept_as(
    release: &Release,
    answer: &Answer,
    (form, via): (&str, Via),
    now: Timestamp,
) -> NewAnswer {
    let days = SignedDuration::from_hours(24 * i64::from(DISPUTE_DAYS));
    let due = (answer.state == Stands::Dispute).then(|| now.checked_add(days).unwrap_or(now));
    NewAnswer {
        release: release.id,
        key: keys::of_answer(form.as_bytes(), answer).to_string(),
        state: word(answer.state.word()),
        outcome: answer.outcome.and_then(|outcome| outcome.word().parse().ok()),
        details: serde_json::to_value(&answer.details).unwrap_or_default(),
        reason: answer.reason.map(|reason| reason.word().to_owned()),
        note: answer.note.clone(),
        via,
        at: now,
        due,
    }
}

fn word(state: &str) -> cathartes_store::AnswerState {
    state.parse().unwrap_or(cathartes_store::AnswerState::Received)
}

/// The door, with what was said carried through it.
fn once_more(headers: &HeaderMap, filled: &Filled) -> Response {
    let door = Door {
        action: "/c".to_owned(),
        code: Some(&filled.code),
        carried: filled.carried(),
        ..Door::default()
    };
    super::show_door(door::language(headers, None), &door, axum::http::StatusCode::UNAUTHORIZED)
}

/// The same when we are to blame.
fn not_now(headers: &HeaderMap, problem: &Problem, filled: &Filled) -> Response {
    tracing::warn!(problem = problem.detail, "an answer could not be kept");
    let language = door::language(headers, None);
    let door = Door {
        action: "/c".to_owned(),
        code: Some(&filled.code),
        carried: filled.carried(),
        trouble: super::sorry(language).to_owned(),
    };
    super::show_door(language, &door, axum::http::StatusCode::SERVICE_UNAVAILABLE)
}
