//! The partner's side: pages behind a link, a QR code or a typed code, and a PIN. On an old telephone with a poor network,
//! without scripts, in Spanish first.
//!
//! ```text
//! /p/{key}  /c/{code}  /c --PIN--> /p (what waits) --> /p/r/{alias} (one release) --tap--> an answer in the record
//! ```
//!
//! What is shown of a release comes out of its sealed dossier, opened and checked anew each time; the record says only
//! where it stands. Opening it is the receipt.

mod answering;
mod door;
mod files;
mod forms;
mod html;
mod import;
mod map;
mod notice;
mod offline;
mod opened;
mod own;
mod pages;
mod sheet;
mod view;

use axum::{
    Form, Router,
    extract::{Path, Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use cathartes_release::{
    answer::{code::AnswerCode, words as say},
    policy::Permission,
    recipient::Language,
};
use cathartes_store::{KeptRecipient, Release, Via};
use serde::Deserialize;

use crate::{app::App, problem::Problem};
pub use import::{Brought, bring, sheet as answer_sheet};

use door::{Guest, Outside};
use forms::Filled;
use html::t;
use pages::Door;

/// Longest form: a note, amounts, and what goes with them.
const FORM_BYTES: usize = 16 << 10;

/// All pages of partners. None of them is part of the interface for programs.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/p", get(list))
        .route("/p/", get(list))
        .route("/p/out", post(leave))
        .route("/p/lang/{language}", get(language))
        .route("/p/{key}", get(link).post(enter_by_link))
        .route("/p/r/{alias}", get(release))
        .route("/p/r/{alias}/answer", post(answering::answer).get(back))
        .route("/p/r/{alias}/f/{name}", get(files::read))
        .route("/p/r/{alias}/sheet", get(sheet::read))
        .route("/p/r/{alias}/offline", get(offline::read))
        .route("/c", get(code).post(enter_by_code))
        .route("/c/{code}", get(code_known).post(enter_by_code))
        .layer(axum::extract::DefaultBodyLimit::max(FORM_BYTES))
}

/// What a release page was asked to say besides.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    /// The number of the answer that was just taken.
    said: Option<i64>,
}

/// Where somebody was when they chose a language.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Back {
    to: String,
}

async fn link(State(app): State<App>, Path(key): Path<String>, headers: HeaderMap) -> Response {
    let kept = match door::by_link(&app, &key).await {
        Ok(Some(kept)) => kept,
        Ok(None) => return no_link(&headers),
        Err(problem) => return trouble(&headers, &problem),
    };
    match door::guest(&app, &headers).await {
        Ok(Some(guest)) if guest.kept.id == kept.id => Redirect::to("/p").into_response(),
        Ok(_) => {
            ask(&headers, Some(&kept), &Door { action: format!("/p/{key}"), ..Door::default() })
        }
        Err(problem) => trouble(&headers, &problem),
    }
}

async fn enter_by_link(
    State(app): State<App>,
    Path(key): Path<String>,
    headers: HeaderMap,
    Form(filled): Form<Filled>,
) -> Response {
    let kept = match door::by_link(&app, &key).await {
        Ok(Some(kept)) => kept,
        Ok(None) => return no_link(&headers),
        Err(problem) => return trouble(&headers, &problem),
    };
    let name = format!("link:{}", kept.what.code);
    match door::enter(&app, Some(kept.clone()), &name, &filled.pin).await {
        Ok(guest) => entered(&app, &guest, "/p"),
        Err(outside) => {
            let door = Door { action: format!("/p/{key}"), ..Door::default() };
            refused(&headers, Some(&kept), door, &outside)
        }
    }
}

async fn code(headers: HeaderMap) -> Response {
    ask(&headers, None, &Door { action: "/c".to_owned(), code: Some(""), ..Door::default() })
}

/// The code that a QR code holds.
async fn code_known(
    State(app): State<App>,
    Path(typed): Path<String>,
    headers: HeaderMap,
) -> Response {
    let door = || Door { action: "/c".to_owned(), code: Some(&typed), ..Door::default() };
    let Ok(code) = typed.parse::<AnswerCode>() else { return ask(&headers, None, &door()) };
    match (door::by_code(&app, &code).await, door::guest(&app, &headers).await) {
        (Ok(Some((release, kept))), Ok(Some(guest))) if kept.id == guest.kept.id => {
            Redirect::to(&format!("/p/r/{}", release.alias)).into_response()
        }
        (Ok(found), Ok(_)) => ask(&headers, found.as_ref().map(|(_, kept)| kept), &door()),
        (Err(problem), _) | (_, Err(problem)) => trouble(&headers, &problem),
    }
}

/// A code and a PIN; what was answered before the session ended comes along and is kept.
async fn enter_by_code(
    State(app): State<App>,
    headers: HeaderMap,
    Form(filled): Form<Filled>,
) -> Response {
    let chosen = door::language(&headers, None);
    let carried = if filled.say.is_empty() { Vec::new() } else { filled.carried() };
    let door =
        Door { action: "/c".to_owned(), code: Some(&filled.code), carried, ..Door::default() };
    let code = match filled.code.parse::<AnswerCode>() {
        Ok(code) => code,
        Err(error) => {
            let door = Door { trouble: say::code(&error, chosen), ..door };
            return show_door(chosen, &door, StatusCode::BAD_REQUEST);
        }
    };
    let found = match door::by_code(&app, &code).await {
        Ok(found) => found,
        Err(problem) => return trouble(&headers, &problem),
    };
    let kept = found.as_ref().map(|(_, kept)| kept.clone());
    match (door::enter(&app, kept.clone(), &format!("code:{code}"), &filled.pin).await, found) {
        (Ok(guest), Some((release, _))) if filled.say.is_empty() => {
            entered(&app, &guest, &format!("/p/r/{}", release.alias))
        }
        (Ok(guest), Some((release, _))) => {
            let response = answering::taken(&app, &headers, &guest, &release, &filled).await;
            with_session(&app, &guest, response)
        }
        (Ok(_), None) => no_link(&headers),
        (Err(outside), _) => refused(&headers, kept.as_ref(), door, &outside),
    }
}

async fn list(State(app): State<App>, headers: HeaderMap) -> Result<Response, Response> {
    let guest = inside(&app, &headers).await?;
    match view::list(&app, &guest, door::language(&headers, Some(&guest.body))).await {
        Ok(page) => Ok(page.answer(StatusCode::OK)),
        Err(problem) => Err(trouble(&headers, &problem)),
    }
}

async fn release(
    State(app): State<App>,
    Path(alias): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Response> {
    let (guest, release) = released(&app, &headers, &alias).await?;
    let more = view::More { said: asked.said, ..view::More::default() };
    Ok(view::shown(&app, &headers, &guest, (&release, Via::Page), more).await)
}

/// Somebody opened the address of a form: the release is what they want.
async fn back(Path(alias): Path<String>) -> Redirect {
    Redirect::to(&format!("/p/r/{alias}"))
}

async fn leave(State(app): State<App>, headers: HeaderMap) -> Response {
    let language = door::language(&headers, None);
    let page = pages::closed(
        language,
        t(language, "Ha salido", "You have left"),
        t(
            language,
            "Para volver, abra su enlace o escriba el código de la hoja.",
            "To come back, open your link or type the code of the sheet.",
        ),
    );
    let mut response = page.answer(StatusCode::OK);
    set(
        &mut response,
        &format!("{}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax{}", door::COOKIE, app.secure()),
    );
    response
}

async fn language(
    State(app): State<App>,
    Path(chosen): Path<String>,
    Query(back): Query<Back>,
) -> Response {
    let chosen = if chosen == "en" { "en" } else { "es" };
    // To one of our pages and nowhere else.
    let ours = back.to.starts_with("/p") || back.to.starts_with("/c");
    let plain =
        back.to.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'-' | b'_'));
    let to = if ours && plain && !back.to.starts_with("//") { back.to.as_str() } else { "/p" };
    let mut response = Redirect::to(to).into_response();
    let cookie = format!(
        "{}={chosen}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax{}",
        door::LANGUAGE,
        app.secure()
    );
    set(&mut response, &cookie);
    html::guard(&mut response);
    response
}

/// The door, as it is for whoever it belongs to.
fn ask(headers: &HeaderMap, kept: Option<&KeptRecipient>, door: &Door<'_>) -> Response {
    let body = kept.and_then(|kept| door::body(kept).ok());
    show_door(door::language(headers, body.as_ref()), door, StatusCode::OK)
}

fn show_door(language: Language, door: &Door<'_>, status: StatusCode) -> Response {
    pages::door(language, door).answer(status)
}

fn refused(
    headers: &HeaderMap,
    kept: Option<&KeptRecipient>,
    door: Door<'_>,
    outside: &Outside,
) -> Response {
    let body = kept.and_then(|kept| door::body(kept).ok());
    let language = door::language(headers, body.as_ref());
    let trouble = match outside {
        Outside::Wrong if door.code.is_some() => {
            t(language, "El código o el PIN no es correcto.", "The code or the PIN is wrong.")
                .to_owned()
        }
        Outside::Wrong => t(language, "El PIN no es correcto.", "The PIN is wrong.").to_owned(),
        Outside::Locked(until) => format!(
            "{} {}",
            t(
                language,
                "Demasiados intentos. Esta puerta se abre otra vez:",
                "Too many tries. This door opens again:",
            ),
            cathartes_release::words::moment(language, *until)
        ),
        Outside::Trouble => sorry(language).to_owned(),
    };
    show_door(language, &Door { trouble, ..door }, outside.status())
}

fn sorry(language: Language) -> &'static str {
    t(
        language,
        "No pudimos hacerlo en este momento. Nada se perdió: intente otra vez en un minuto.",
        "We could not do this just now. Nothing is lost: try again in a minute.",
    )
}

fn entered(app: &App, guest: &Guest, to: &str) -> Response {
    let mut response = Redirect::to(to).into_response();
    html::guard(&mut response);
    with_session(app, guest, response)
}

fn with_session(app: &App, guest: &Guest, mut response: Response) -> Response {
    let (age, secure) = (door::OPEN.as_secs(), app.secure());
    let session = &guest.session;
    set(
        &mut response,
        &format!(
            "{}={session}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax{secure}",
            door::COOKIE
        ),
    );
    response
}

fn set(response: &mut Response, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

/// Whoever was let in, or what is said to somebody who was not.
async fn inside(app: &App, headers: &HeaderMap) -> Result<Guest, Response> {
    match door::guest(app, headers).await {
        Ok(Some(guest)) => Ok(guest),
        Ok(None) => Err(session_over(headers)),
        Err(problem) => Err(trouble(headers, &problem)),
    }
}

/// The same, with a release that they may read.
async fn released(
    app: &App,
    headers: &HeaderMap,
    alias: &str,
) -> Result<(Guest, Release), Response> {
    let guest = inside(app, headers).await?;
    match door::release(app, &guest, alias, Permission::Read).await {
        Ok(Some(release)) => Ok((guest, release)),
        Ok(None) => Err(no_release(headers, &guest)),
        Err(problem) => Err(trouble(headers, &problem)),
    }
}

fn no_link(headers: &HeaderMap) -> Response {
    let language = door::language(headers, None);
    let title = t(language, "Este enlace no abre nada", "This link opens nothing");
    let words = t(
        language,
        "Puede que esté incompleto o que haya uno nuevo. Ábralo otra vez como se lo enviaron, escriba el código de la \
         hoja, o pida uno nuevo a su oficina de enlace.",
        "It may be incomplete, or there may be a new one. Open it again as it was sent to you, type the code of the \
         sheet, or ask your liaison office for a new one.",
    );
    pages::closed(language, title, words).answer(StatusCode::NOT_FOUND)
}

fn no_release(headers: &HeaderMap, guest: &Guest) -> Response {
    let language = door::language(headers, Some(&guest.body));
    let title = t(language, "No hay tal aviso", "There is no such notice");
    let words = t(
        language,
        "Vuelva a la lista de sus avisos, o escriba el código de la hoja.",
        "Go back to the list of your notices, or type the code of the sheet.",
    );
    pages::closed(language, title, words).answer(StatusCode::NOT_FOUND)
}

fn session_over(headers: &HeaderMap) -> Response {
    let language = door::language(headers, None);
    let title = t(language, "La sesión terminó", "The session has ended");
    let words = t(
        language,
        "Abra su enlace otra vez, o escriba el código de la hoja.",
        "Open your link again, or type the code of the sheet.",
    );
    pages::closed(language, title, words).answer(StatusCode::UNAUTHORIZED)
}

fn trouble(headers: &HeaderMap, problem: &Problem) -> Response {
    let language = door::language(headers, None);
    tracing::warn!(problem = problem.detail, "a page of a partner could not be made");
    let title = t(language, "En este momento no se puede", "Not just now");
    pages::closed(language, title, sorry(language)).answer(StatusCode::SERVICE_UNAVAILABLE)
}
