//! What a shift leaves to the next.

use axum::{Json, extract::State, http::StatusCode};
use cathartes_store::{Handover, NewHandover, Role, Subject};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    access::{Caller, Permission},
    app::App,
    params::{Asked, At, Body, limit},
    problem::{Problem, Refusals},
    review_routes::SubjectView,
};

/// Longest text, in characters.
const LONGEST_TEXT: usize = 20_000;
/// Most that one hands over at once.
const MOST_ITEMS: usize = 1_000;

/// A handover to be kept.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MakeHandover {
    /// The account that it is for; whoever comes next when absent.
    to: Option<String>,
    /// What is to be said.
    #[serde(default)]
    #[schema(max_length = 20000)]
    text: String,
    /// What you look at and leave to them.
    #[serde(default)]
    items: Vec<SubjectView>,
}

/// A handover that is kept.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HandoverView {
    /// Its id.
    id: Uuid,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// By whom.
    by: String,
    /// The account that it is for.
    to: Option<String>,
    /// What is to be said.
    text: String,
    /// What was left.
    items: Vec<SubjectView>,
    /// When somebody took it.
    #[schema(value_type = Option<String>, format = DateTime)]
    taken_at: Option<Timestamp>,
    /// Who did.
    taken_by: Option<String>,
}

/// How many to give.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct HowManyHandovers {
    /// At most so many; 10 when absent.
    #[param(minimum = 1)]
    limit: Option<i64>,
}

/// Somebody who judges.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Colleague {
    /// The name of the account.
    name: String,
    /// What it is for.
    #[schema(value_type = String)]
    role: Role,
}

impl From<Handover> for HandoverView {
    fn from(Handover { id, what, at, by, taken }: Handover) -> Self {
        let NewHandover { to, text, items } = what;
        let items = items.into_iter().map(SubjectView::from).collect();
        let (taken_at, taken_by) = taken.map_or((None, None), |(at, by)| (Some(at), Some(by)));
        Self { id, at, by, to, text, items, taken_at, taken_by }
    }
}

/// Leaves what you look at to somebody, for twelve hours, or to whoever comes next: all of it or nothing.
#[utoipa::path(post, path = "/api/v1/handovers", tag = "reviews", request_body = MakeHandover,
    responses((status = 201, body = HandoverView), Refusals))]
pub(crate) async fn make(
    State(app): State<App>,
    caller: Caller,
    Body(MakeHandover { to, text, items }): Body<MakeHandover>,
) -> Result<(StatusCode, Json<HandoverView>), Problem> {
    caller.needs(Permission::Judge)?;
    let (length, count) = (text.chars().count(), items.len());
    if length > LONGEST_TEXT || count > MOST_ITEMS {
        let detail = format!(
            "{length} characters and {count} items: at most {LONGEST_TEXT} and {MOST_ITEMS}"
        );
        return Err(Problem::bad_request(detail));
    }
    if let Some(name) = &to {
        let account = app.store.account(name).await?.filter(|account| account.active);
        let judges = account.is_some_and(|account| caller.permits(&account, Permission::Judge));
        if !judges {
            let detail = format!("`{name}` is nobody who reviews: GET /api/v1/colleagues");
            return Err(Problem::bad_request(detail));
        }
    }
    let items = items.iter().map(SubjectView::subject).collect::<Result<Vec<Subject>, _>>()?;
    let new = NewHandover { to, text, items };
    let kept = app.store.hand_over(&caller.actor(), &new, Timestamp::now()).await?;
    Ok((StatusCode::CREATED, Json(kept.into())))
}

/// What shifts left to each other, the newest first.
#[utoipa::path(get, path = "/api/v1/handovers", tag = "reviews", params(HowManyHandovers),
    responses((status = 200, body = Vec<HandoverView>), Refusals))]
pub(crate) async fn list(
    State(app): State<App>,
    _: Caller,
    Asked(query): Asked<HowManyHandovers>,
) -> Result<Json<Vec<HandoverView>>, Problem> {
    let handovers = app.store.handovers(limit(query.limit)?).await?;
    Ok(Json(handovers.into_iter().map(HandoverView::from).collect()))
}

/// Says that you took a handover: that it was for you, or for whoever comes.
#[utoipa::path(post, path = "/api/v1/handovers/{id}/taken", tag = "reviews",
    params(("id" = Uuid, Path, description = "The handover")),
    responses((status = 200, body = HandoverView), Refusals))]
pub(crate) async fn take(
    State(app): State<App>,
    caller: Caller,
    At(id): At<Uuid>,
) -> Result<Json<HandoverView>, Problem> {
    caller.needs(Permission::Judge)?;
    Ok(Json(app.store.take_handover(&caller.actor(), id).await?.into()))
}

/// Who reviews, by name.
#[utoipa::path(get, path = "/api/v1/colleagues", tag = "reviews",
    responses((status = 200, body = Vec<Colleague>), Refusals))]
pub(crate) async fn colleagues(
    State(app): State<App>,
    caller: Caller,
) -> Result<Json<Vec<Colleague>>, Problem> {
    let mut all = app.store.accounts().await?;
    all.retain(|account| account.active && caller.permits(account, Permission::Judge));
    let one =
        |account: cathartes_store::Account| Colleague { name: account.name, role: account.role };
    Ok(Json(all.into_iter().map(one).collect()))
}
