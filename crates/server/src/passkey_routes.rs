//! Passkeys of an account, and signing in by one.

use std::{sync::Arc, time::Instant};

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use cathartes_store::{Credential, CredentialKind, NewCredential};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    access::Caller,
    app::App,
    params::{At, Body},
    passkeys::{Passkeys, Used},
    problem::{Problem, Refusals},
    session_routes::{self, SignedIn},
};

/// Longest name of a key.
const LONGEST_LABEL: usize = 100;
/// How somebody who was refused wanted in.
const BY: &str = "passkey";

/// What a browser is asked for.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Challenge {
    /// Comes back with the answer.
    ceremony: Uuid,
    /// For `navigator.credentials`.
    #[schema(value_type = Object)]
    options: Value,
}

/// A new key.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPasskey {
    /// From the challenge.
    ceremony: Uuid,
    /// What its owner calls it.
    #[schema(min_length = 1, max_length = 100)]
    label: String,
    /// What `navigator.credentials.create` gave.
    #[schema(value_type = Object)]
    credential: Value,
}

/// The answer of a key.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Answer {
    /// From the challenge.
    ceremony: Uuid,
    /// What `navigator.credentials.get` gave.
    #[schema(value_type = Object)]
    credential: Value,
}

/// Who wants in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Name {
    /// The account's name.
    name: String,
}

/// A key that is kept.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PasskeyView {
    /// Its id.
    id: Uuid,
    /// What its owner calls it.
    label: String,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    created: Timestamp,
}

impl From<Credential> for PasskeyView {
    fn from(Credential { id, what, created }: Credential) -> Self {
        Self { id, label: what.label, created }
    }
}

/// Asks for a new passkey of the account that is signed in.
#[utoipa::path(post, path = "/api/v1/passkeys/challenge", tag = "accounts",
    responses((status = 200, body = Challenge), Refusals))]
pub(crate) async fn make(
    State(app): State<App>,
    caller: Caller,
) -> Result<Json<Challenge>, Problem> {
    let has = app.store.credentials(caller.account()).await?;
    let (ceremony, options) = passkeys(&app)?.make(caller.account(), &has)?;
    Ok(Json(Challenge { ceremony, options }))
}

/// Keeps it.
#[utoipa::path(post, path = "/api/v1/passkeys", tag = "accounts", request_body = NewPasskey,
    responses((status = 201, body = PasskeyView), Refusals))]
pub(crate) async fn keep(
    State(app): State<App>,
    caller: Caller,
    Body(new): Body<NewPasskey>,
) -> Result<(StatusCode, Json<PasskeyView>), Problem> {
    let length = new.label.chars().count();
    if !(1..=LONGEST_LABEL).contains(&length) {
        let detail = format!("the label has {length} characters: 1 to {LONGEST_LABEL}");
        return Err(Problem::bad_request(detail));
    }
    let made = passkeys(&app)?.made(caller.account(), new.ceremony, new.credential)?;
    let new = NewCredential {
        kind: CredentialKind::Passkey,
        subject: made.subject,
        label: new.label,
        detail: made.detail,
    };
    let kept = app.store.add_credential(caller.account(), &new).await?;
    Ok((StatusCode::CREATED, Json(kept.into())))
}

/// The passkeys of the account that is signed in.
#[utoipa::path(get, path = "/api/v1/passkeys", tag = "accounts",
    responses((status = 200, body = Vec<PasskeyView>), Refusals))]
pub(crate) async fn list(
    State(app): State<App>,
    caller: Caller,
) -> Result<Json<Vec<PasskeyView>>, Problem> {
    let has = app.store.credentials(caller.account()).await?;
    let passkeys = has.into_iter().filter(|has| has.what.kind == CredentialKind::Passkey);
    Ok(Json(passkeys.map(PasskeyView::from).collect()))
}

/// Takes one back: it opens nothing from now on, and all sessions of the account end.
#[utoipa::path(delete, path = "/api/v1/passkeys/{id}", tag = "accounts",
    params(("id" = Uuid, Path, description = "The passkey's id")),
    responses((status = 204), Refusals))]
pub(crate) async fn take_back(
    State(app): State<App>,
    caller: Caller,
    At(id): At<Uuid>,
) -> Result<StatusCode, Problem> {
    let has = app.store.credentials(caller.account()).await?;
    let its = |has: &Credential| has.id == id && has.what.kind == CredentialKind::Passkey;
    if !has.iter().any(its) {
        return Err(Problem::absent("passkey", id));
    }
    app.store.remove_credential(caller.account(), id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Asks for a passkey of an account, to sign in by.
#[utoipa::path(post, path = "/api/v1/session/challenge", tag = "accounts", request_body = Name, security(()),
    responses((status = 200, body = Challenge), Refusals))]
pub(crate) async fn ask(
    State(app): State<App>,
    Body(Name { name }): Body<Name>,
) -> Result<Json<Challenge>, Problem> {
    let passkeys = passkeys(&app)?;
    session_routes::not_too_often(&app, &name)?;
    let account = app.store.account(&name).await?.filter(|account| account.active);
    if let Some(account) = &account {
        let has = app.store.credentials(account).await?;
        if has.iter().any(|has| has.what.kind == CredentialKind::Passkey) {
            let (ceremony, options) = passkeys.ask(account, &has)?;
            return Ok(Json(Challenge { ceremony, options }));
        }
    }
    app.throttle.failed(&name, Instant::now());
    session_routes::refused(&app, account.map(|account| account.name), BY).await?;
    Err(Problem::new(StatusCode::UNAUTHORIZED, "no passkey opens an account of this name"))
}

/// Signs a browser in by the answer of a passkey.
#[utoipa::path(post, path = "/api/v1/session/passkey", tag = "accounts", request_body = Answer, security(()),
    responses((status = 200, body = SignedIn), Refusals))]
pub(crate) async fn enter(
    State(app): State<App>,
    Body(answer): Body<Answer>,
) -> Result<Response, Problem> {
    let passkeys = passkeys(&app)?;
    let who = passkeys.who(answer.ceremony);
    let Used { subject, changed } = match passkeys.used(answer.ceremony, answer.credential) {
        Ok(used) => used,
        Err(problem) => {
            session_routes::refused(&app, who, BY).await?;
            return Err(problem);
        }
    };
    // It may have been taken back since it was asked for.
    let Some(account) = app.store.holder(CredentialKind::Passkey, &subject).await? else {
        session_routes::refused(&app, who, BY).await?;
        let why = "this passkey opens no account any more";
        return Err(Problem::new(StatusCode::UNAUTHORIZED, why));
    };
    if let Some((id, detail)) = changed {
        app.store.used_credential(&account, id, &detail).await?;
    }
    let answer = |session: &_| Json(SignedIn::of(session)).into_response();
    session_routes::entered(&app, &account, answer).await
}

fn passkeys(app: &App) -> Result<&Arc<Passkeys>, Problem> {
    let none = || {
        let why = "passkeys need a name that people type, not a number: start the server with \
                   --public-url https://…";
        Problem::new(StatusCode::NOT_FOUND, why)
    };
    app.passkeys.as_ref().ok_or_else(none)
}
