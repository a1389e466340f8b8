//! Accounts: who there is, and how somebody new comes in.

use std::time::Duration;

use axum::{Json, extract::State, http::StatusCode};
use cathartes_store::{Account, AccountChange, AuditEntry, Proof, Role};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::{
    access::{Caller, Permission},
    app::App,
    params::{Asked, At, Body, limit},
    password,
    problem::{Problem, Refusals},
};

/// How long an invitation can be used.
const INVITED: Duration = Duration::from_secs(3 * 24 * 3_600);

/// An account, without what proves it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AccountView {
    /// Its name.
    name: String,
    /// What it is for.
    #[schema(value_type = String)]
    role: Role,
    /// Whether it may be used.
    active: bool,
}

/// Whom to invite.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Invite {
    /// What the account will be for: analyst, senior, `releasing_officer`, `collection_manager`,
    /// inspector or administrator.
    #[schema(value_type = String)]
    role: Role,
}

/// A link that makes one account.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Invitation {
    /// Give it to one who is meant, by a way you trust.
    link: String,
}

/// The use of an invitation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Accept {
    /// From the link.
    token: String,
    /// A name: a to z, 0 to 9, and - _ . @
    name: String,
    /// Fifteen characters or more.
    #[schema(format = Password)]
    password: String,
}

/// What is to change of an account.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangeAccount {
    /// Another role.
    #[schema(value_type = Option<String>)]
    role: Option<Role>,
    /// Whether it may be used.
    active: Option<bool>,
}

/// Where to read in the audit log.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AuditQuery {
    /// Entries after this one.
    after: Option<i64>,
    /// At most so many.
    #[param(minimum = 1)]
    limit: Option<i64>,
}

impl From<Account> for AccountView {
    fn from(account: Account) -> Self {
        Self { name: account.name, role: account.role, active: account.active }
    }
}

/// Everybody who has an account.
#[utoipa::path(get, path = "/api/v1/accounts", tag = "accounts",
    responses((status = 200, body = Vec<AccountView>), Refusals))]
pub(crate) async fn list(
    State(app): State<App>,
    caller: Caller,
) -> Result<Json<Vec<AccountView>>, Problem> {
    caller.needs(Permission::Accounts)?;
    let accounts = app.store.accounts().await?;
    Ok(Json(accounts.into_iter().map(AccountView::from).collect()))
}

/// Makes a link that makes one account.
#[utoipa::path(post, path = "/api/v1/invitations", tag = "accounts", request_body = Invite,
    responses((status = 201, body = Invitation), Refusals))]
pub(crate) async fn invite(
    State(app): State<App>,
    caller: Caller,
    Body(invite): Body<Invite>,
) -> Result<(StatusCode, Json<Invitation>), Problem> {
    caller.needs(Permission::Accounts)?;
    let token = app.store.invite(&caller.actor(), invite.role, Timestamp::now(), INVITED).await?;
    let link = app.link(&format!("/first?token={token}"));
    Ok((StatusCode::CREATED, Json(Invitation { link })))
}

/// Makes the account of an invitation.
#[utoipa::path(post, path = "/api/v1/accounts", tag = "accounts", request_body = Accept, security(()),
    responses((status = 201, body = AccountView), Refusals))]
pub(crate) async fn accept(
    State(app): State<App>,
    Body(accept): Body<Accept>,
) -> Result<(StatusCode, Json<AccountView>), Problem> {
    let account = made(&app, accept.token, &accept.name, accept.password).await?;
    Ok((StatusCode::CREATED, Json(account.into())))
}

/// Makes an account for whoever holds an invitation and chose a password that is good enough.
pub(crate) async fn made(
    app: &App,
    token: String,
    name: &str,
    password: String,
) -> Result<Account, Problem> {
    let hash = password::hash(app, password).await?;
    Ok(app.store.accept(&token, Timestamp::now(), name, Proof::Password(&hash)).await?)
}

/// Changes the role of an account, or whether it may be used.
#[utoipa::path(patch, path = "/api/v1/accounts/{name}", tag = "accounts", request_body = ChangeAccount,
    params(("name" = String, Path, description = "The account's name")),
    responses((status = 200, body = AccountView), Refusals))]
pub(crate) async fn change(
    State(app): State<App>,
    caller: Caller,
    At(name): At<String>,
    Body(wanted): Body<ChangeAccount>,
) -> Result<Json<AccountView>, Problem> {
    caller.needs(Permission::Accounts)?;
    let account = app.store.account(&name).await?;
    let account = account.ok_or_else(|| Problem::absent("account", &name))?;
    if account.id == caller.account().id {
        let detail = "nobody changes their own account: ask another administrator";
        return Err(Problem::new(StatusCode::FORBIDDEN, detail));
    }
    let wanted = AccountChange { role: wanted.role, active: wanted.active };
    let changed = app.store.change_account(&caller.actor(), account.id, wanted).await?;
    Ok(Json(changed.into()))
}

/// One entry of the audit log.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EntryView {
    /// Place in the log.
    seq: i64,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Who.
    actor: String,
    /// What was done.
    action: String,
    /// To what.
    subject: String,
    /// More of it.
    #[schema(value_type = Object)]
    detail: Value,
}

impl From<AuditEntry> for EntryView {
    fn from(entry: AuditEntry) -> Self {
        let AuditEntry { seq, at, actor, action, subject, detail, .. } = entry;
        Self { seq, at, actor, action, subject, detail }
    }
}

/// The audit log, oldest first.
#[utoipa::path(get, path = "/api/v1/audit", tag = "accounts", params(AuditQuery),
    responses((status = 200, body = Vec<EntryView>), Refusals))]
pub(crate) async fn audit(
    State(app): State<App>,
    caller: Caller,
    Asked(query): Asked<AuditQuery>,
) -> Result<Json<Vec<EntryView>>, Problem> {
    caller.needs(Permission::Audit)?;
    let entries = app.store.audit_after(query.after.unwrap_or(0), limit(query.limit)?).await?;
    Ok(Json(entries.into_iter().map(EntryView::from).collect()))
}
