//! How closely sites and findings are held, and who there is to have something of them.

use std::collections::BTreeMap;

use axum::{Json, extract::State};
use cathartes_core::marking::Marking;
use cathartes_release::recipient::Recipient;
use cathartes_store::{KeptMarking, NewMarking, Subject};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Shown, json};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    access::{Caller, Permission},
    app::App,
    params::{At, Body},
    problem::{Problem, Refusals},
    product,
};

/// A marking to be set.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetMarking {
    /// Of all fields; none: they stay.
    #[schema(value_type = Option<Object>)]
    marking: Option<Marking>,
    /// Fields that are held otherwise, by their names.
    #[serde(default)]
    #[schema(value_type = Object)]
    overrides: BTreeMap<String, Marking>,
    /// Why.
    #[schema(min_length = 1, max_length = 2000)]
    why: String,
    /// The id of the marking that you saw; none for the first.
    supersedes: Option<Uuid>,
}

/// How something is marked.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MarkingView {
    /// The id of this marking; none when nobody set one.
    id: Option<Uuid>,
    /// Of all fields.
    #[schema(value_type = Option<Object>)]
    marking: Option<Marking>,
    /// Fields that are held otherwise.
    #[schema(value_type = Object)]
    overrides: BTreeMap<String, Marking>,
    /// Why.
    why: String,
    /// When it was set.
    #[schema(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
    /// By whom.
    by: Option<String>,
    /// What follows from the observations, where nobody said otherwise.
    #[schema(value_type = Option<Object>)]
    derived: Option<Marking>,
}

/// How closely a finding or a site is held.
#[utoipa::path(get, path = "/api/v1/markings/{kind}/{id}", tag = "releases",
    params(("kind" = String, Path, description = "finding or site"), ("id" = Uuid, Path, description = "Its id")),
    responses((status = 200, body = MarkingView), Refusals))]
pub(crate) async fn look(
    State(app): State<App>,
    _: Caller,
    At((kind, id)): At<(String, Uuid)>,
) -> Result<Json<MarkingView>, Problem> {
    Ok(Json(view(&app, Subject::new(&kind, id)?).await?))
}

async fn view(app: &App, subject: Subject) -> Result<MarkingView, Problem> {
    let derived = product::derived(&app.store, subject).await?;
    Ok(match app.store.marking(subject).await? {
        Some(KeptMarking { id, what: NewMarking { marking, overrides, why, .. }, at, by }) => {
            MarkingView {
                id: Some(id),
                marking,
                overrides,
                why,
                at: Some(at),
                by: Some(by),
                derived,
            }
        }
        None => MarkingView {
            id: None,
            marking: None,
            overrides: BTreeMap::new(),
            why: String::new(),
            at: None,
            by: None,
            derived,
        },
    })
}

/// Says how closely a finding or a site is held and who may have it, in the place of what was said before.
#[utoipa::path(post, path = "/api/v1/markings/{kind}/{id}", tag = "releases", request_body = SetMarking,
    params(("kind" = String, Path, description = "finding or site"), ("id" = Uuid, Path, description = "Its id")),
    responses((status = 200, body = MarkingView), Refusals))]
pub(crate) async fn set(
    State(app): State<App>,
    caller: Caller,
    At((kind, id)): At<(String, Uuid)>,
    Body(SetMarking { marking, overrides, why, supersedes }): Body<SetMarking>,
) -> Result<Json<MarkingView>, Problem> {
    caller.needs(Permission::Mark)?;
    let subject = Subject::new(&kind, id)?;
    for path in overrides.keys() {
        product::field(path).map_err(Problem::bad_request)?;
    }
    let new = NewMarking { subject, marking, overrides, why, supersedes };
    app.store.put_marking(&caller.actor(), &new, Timestamp::now()).await?;
    Ok(Json(view(&app, subject).await?))
}

/// Who there is to send something to, by code.
#[utoipa::path(get, path = "/api/v1/recipients", tag = "releases",
    responses((status = 200, body = Vec<Object>), Refusals))]
pub(crate) async fn recipients(
    State(app): State<App>,
    _: Caller,
) -> Result<Json<Vec<Shown>>, Problem> {
    let all = app.store.recipients().await?;
    let one = |kept: cathartes_store::KeptRecipient| {
        // Neither its secret nor what its key hashes to is anybody's to see.
        let body: Option<Recipient> = serde_json::from_value(kept.what.body).ok();
        let mut view = json!(body);
        view["code"] = json!(kept.what.code);
        view["active"] = json!(kept.what.active && body.is_some());
        view
    };
    Ok(Json(all.into_iter().map(one).collect()))
}
