//! Signing in and out.

#![allow(clippy::unused_async, reason = "a handler is async, whether it waits for anything or not")]

use std::time::{Duration, Instant};

use axum::{
    Json,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use cathartes_store::{Account, Actor, Note, Role, Session};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::{
    access::{COOKIE, Caller},
    app::App,
    params::Body,
    password,
    problem::{Problem, Refusals},
};

/// How long a browser stays signed in: a shift.
const SHIFT: Duration = Duration::from_secs(12 * 3_600);
/// How long a program's token lasts.
const PROGRAM: Duration = Duration::from_secs(30 * 24 * 3_600);

/// Who somebody is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Credentials {
    /// The account's name.
    name: String,
    /// Its password.
    #[schema(format = Password)]
    password: String,
}

/// Who is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SignedIn {
    /// The account's name.
    name: String,
    /// What it is for.
    #[schema(value_type = String)]
    role: Role,
    /// When it ends.
    #[schema(value_type = String, format = DateTime)]
    expires: Timestamp,
    /// What a browser sends as X-CSRF-Token with every change.
    #[serde(skip_serializing_if = "Option::is_none")]
    csrf: Option<String>,
}

/// A token for a program, told once.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Token {
    /// Goes into `Authorization: Bearer …`.
    token: String,
    /// When it ends.
    #[schema(value_type = String, format = DateTime)]
    expires: Timestamp,
}

impl SignedIn {
    pub(crate) fn of(session: &Session) -> Self {
        Self {
            name: session.account.name.clone(),
            role: session.account.role,
            expires: session.expires,
            csrf: session.csrf.clone(),
        }
    }
}

/// Signs a browser in.
#[utoipa::path(post, path = "/api/v1/session", tag = "accounts", request_body = Credentials, security(()),
    responses((status = 200, body = SignedIn), Refusals))]
pub(crate) async fn sign_in(
    State(app): State<App>,
    Body(credentials): Body<Credentials>,
) -> Result<Response, Problem> {
    let account = proved(&app, credentials).await?;
    entered(&app, &account, |session| Json(SignedIn::of(session)).into_response()).await
}

/// Makes a token for a program.
#[utoipa::path(post, path = "/api/v1/tokens", tag = "accounts", request_body = Credentials, security(()),
    responses((status = 201, body = Token), Refusals))]
pub(crate) async fn make_token(
    State(app): State<App>,
    Body(credentials): Body<Credentials>,
) -> Result<(StatusCode, Json<Token>), Problem> {
    let account = proved(&app, credentials).await?;
    let (token, session) = app.store.sign_in(&account, false, Timestamp::now(), PROGRAM).await?;
    Ok((StatusCode::CREATED, Json(Token { token, expires: session.expires })))
}

/// Who is signed in.
#[utoipa::path(get, path = "/api/v1/session", tag = "accounts",
    responses((status = 200, body = SignedIn), Refusals))]
pub(crate) async fn who(caller: Caller) -> Json<SignedIn> {
    Json(SignedIn::of(&caller.session))
}

/// Signs out.
#[utoipa::path(delete, path = "/api/v1/session", tag = "accounts",
    responses((status = 204), Refusals))]
pub(crate) async fn sign_out(State(app): State<App>, caller: Caller) -> Result<Response, Problem> {
    app.store.sign_out(caller.account(), &caller.token).await?;
    let gone = format!("{COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict");
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, gone)]).into_response())
}

/// Begins a browser's session and gives it its cookie.
pub(crate) async fn entered(
    app: &App,
    account: &Account,
    answer: impl FnOnce(&Session) -> Response,
) -> Result<Response, Problem> {
    let (token, session) = app.store.sign_in(account, true, Timestamp::now(), SHIFT).await?;
    let secure = app.secure();
    let age = SHIFT.as_secs();
    let cookie =
        format!("{COOKIE}={token}; Path=/; Max-Age={age}; HttpOnly; SameSite=Strict{secure}");
    let mut response = answer(&session);
    let value = HeaderValue::from_str(&cookie).map_err(|_| Problem::bad_request("an odd token"))?;
    response.headers_mut().insert(header::SET_COOKIE, value);
    Ok(response)
}

/// Refuses a name that was tried too often.
pub(crate) fn not_too_often(app: &App, name: &str) -> Result<(), Problem> {
    let Some(wait) = app.throttle.wait(name, Instant::now()) else { return Ok(()) };
    let detail = format!("too many wrong tries: wait {} s", wait.as_secs().max(1));
    Err(Problem::too_many(detail, wait))
}

/// The account of somebody who knows its password.
async fn proved(app: &App, credentials: Credentials) -> Result<Account, Problem> {
    let Credentials { name, password } = credentials;
    not_too_often(app, &name)?;
    let account = app.store.account(&name).await?.filter(|account| account.active);
    let known = account.as_ref().map(|account| account.name.clone());
    let hash = account.as_ref().map(|account| account.password_hash.clone());
    if let (true, Some(account)) = (password::fits(app, hash, password).await?, account) {
        app.throttle.passed(&name);
        return Ok(account);
    }
    app.throttle.failed(&name, Instant::now());
    refused(app, known, "password").await?;
    Err(Problem::new(StatusCode::UNAUTHORIZED, "the name or the password is wrong"))
}

/// Writes down that somebody could not come in. Names that nobody has are not kept: some of them are passwords.
pub(crate) async fn refused(
    app: &App,
    name: Option<String>,
    by: &'static str,
) -> Result<(), Problem> {
    let note = Note {
        actor: Actor::Server,
        action: "session.refused",
        subject: name.clone().unwrap_or_else(|| "a name that nobody has".to_owned()),
        detail: json!({ "by": by }),
    };
    match name {
        Some(_) => app.scribe.note(note).await,
        // Anybody can make up names: one entry a minute says that somebody does.
        None => app.scribe.look(note).await,
    }
}
