//! Messages to recipients that wait for somebody of ours: escalations go out only when one was approved.

use axum::{Json, extract::State, http::StatusCode};
use cathartes_core::provenance::Digest;
use cathartes_store::{Message, Role};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    access::Caller,
    app::App,
    params::{Asked, At, Body, limit},
    problem::{Problem, Refusals},
};

/// A message to a recipient.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MessageView {
    /// Its id.
    id: Uuid,
    /// To whom, by code.
    recipient: String,
    /// About which release.
    release: Option<Uuid>,
    /// What it is.
    kind: &'static str,
    /// What it says; its words stand in `letter`.
    #[schema(value_type = Object)]
    body: Value,
    /// SHA-256 of what it says: what is approved.
    body_sha256: String,
    /// How far it has come.
    state: &'static str,
    /// Not before this.
    #[schema(value_type = String, format = DateTime)]
    due: Timestamp,
    /// When somebody approved it.
    #[schema(value_type = Option<String>, format = DateTime)]
    approved_at: Option<Timestamp>,
    /// Who did.
    approved_by: Option<String>,
}

impl From<Message> for MessageView {
    fn from(message: Message) -> Self {
        let (approved_at, approved_by) = message.approved.unzip();
        Self {
            id: message.id,
            recipient: message.what.recipient,
            release: message.what.release,
            kind: message.what.kind.word(),
            body: message.what.body,
            body_sha256: message.body_sha256.0,
            state: message.state.word(),
            due: message.what.due,
            approved_at,
            approved_by,
        }
    }
}

/// How many to give.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct HowManyMessages {
    /// At most so many; 10 when absent.
    #[param(minimum = 1)]
    limit: Option<i64>,
}

/// What was shown to whoever approves.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ApproveMessage {
    /// SHA-256 of what it says, as it was shown.
    body_sha256: String,
}

/// Why something is not to go out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DropMessage {
    /// Why.
    #[schema(max_length = 2000)]
    reason: String,
}

/// Who goes over somebody's head has to answer for it: those who also send and recall.
fn decides(caller: &Caller) -> Result<(), Problem> {
    match caller.account().role {
        Role::Senior | Role::ReleasingOfficer => Ok(()),
        role => {
            let detail =
                format!("the role {role} may not decide what goes to a partner's superiors");
            Err(Problem::new(StatusCode::FORBIDDEN, detail))
        }
    }
}

/// Messages that wait until somebody of ours approves them, the longest due first.
#[utoipa::path(get, path = "/api/v1/messages/waiting", tag = "releases", params(HowManyMessages),
    responses((status = 200, body = [MessageView]), Refusals))]
pub(crate) async fn waiting(
    State(app): State<App>,
    _: Caller,
    Asked(HowManyMessages { limit: asked }): Asked<HowManyMessages>,
) -> Result<Json<Vec<MessageView>>, Problem> {
    let all = app.store.waiting_messages(false, Timestamp::MAX, limit(asked)?).await?;
    Ok(Json(all.into_iter().map(MessageView::from).collect()))
}

/// Lets a message go out that waits for somebody of ours. The digest says what was shown.
#[utoipa::path(post, path = "/api/v1/messages/{id}/approval", tag = "releases", params(("id" = Uuid, Path)),
    request_body = ApproveMessage, responses((status = 200, body = MessageView), Refusals))]
pub(crate) async fn approve(
    State(app): State<App>,
    caller: Caller,
    At(id): At<Uuid>,
    Body(ApproveMessage { body_sha256 }): Body<ApproveMessage>,
) -> Result<Json<MessageView>, Problem> {
    decides(&caller)?;
    let (by, now) = (caller.actor(), Timestamp::now());
    let message = app.store.approve_message(&by, id, &Digest(body_sha256), now).await?;
    Ok(Json(message.into()))
}

/// Lets a message not go out that waits, and says why.
#[utoipa::path(post, path = "/api/v1/messages/{id}/drop", tag = "releases", params(("id" = Uuid, Path)),
    request_body = DropMessage, responses((status = 200, body = MessageView), Refusals))]
pub(crate) async fn drop(
    State(app): State<App>,
    caller: Caller,
    At(id): At<Uuid>,
    Body(DropMessage { reason }): Body<DropMessage>,
) -> Result<Json<MessageView>, Problem> {
    decides(&caller)?;
    let message = app.store.drop_message(&caller.actor(), id, &reason, Timestamp::now()).await?;
    Ok(Json(message.into()))
}
