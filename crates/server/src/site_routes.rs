//! Sites with their ledgers, and what analysts do to them.
//!
//! Nothing is folded here: an act goes into the log and asks for a fold, which a worker does; what it came to
//! stands beside the act afterwards.

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use cathartes_core::{
    identification::Likelihood,
    observation::ObservationId,
    site::{Site, SiteId, Term},
};
use cathartes_store::{AskedAct, KeptAct, KeptObservation};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    access::{Caller, Permission},
    app::App,
    params::{Asked, At, Body, limit},
    problem::{Problem, Refusals},
};

/// How many to give.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct HowMany {
    /// At most so many; 10 when absent.
    #[param(minimum = 1)]
    limit: Option<i64>,
}

/// What analysts do to sites.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Act {
    /// Two sites are one and the same.
    Merge {
        /// The one that stays.
        into: Uuid,
        /// The one that goes into it.
        from: Uuid,
    },
    /// Some observations of a site are of another.
    Split {
        /// The site they count for.
        from: Uuid,
        /// Them.
        observations: Vec<Uuid>,
    },
    /// An earlier act is not to hold any more; an undo that is undone lets its act hold again.
    Undo {
        /// The number of the act.
        act: i64,
    },
}

/// An act in the log.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InLog {
    /// Its number: GET /api/v1/acts says what came of it.
    act: i64,
    /// The job that does it.
    job: Uuid,
}

impl From<Act> for AskedAct {
    fn from(act: Act) -> Self {
        let site = |id: Uuid| SiteId(id.as_u128());
        match act {
            Act::Merge { into, from } => Self::Merge { into: site(into), from: site(from) },
            Act::Split { from, observations } => {
                let observations = observations.iter().map(|id| ObservationId(id.as_u128()));
                Self::Split { from: site(from), observations: observations.collect() }
            }
            Act::Undo { act } => Self::Undo { act },
        }
    }
}

/// Sites, the likeliest first, without their ledgers.
#[utoipa::path(get, path = "/api/v1/sites", tag = "sites", params(HowMany),
    responses((status = 200, body = Object), Refusals))]
pub(crate) async fn list(
    State(app): State<App>,
    _: Caller,
    Asked(query): Asked<HowMany>,
) -> Result<Json<Value>, Problem> {
    let sites = app.store.likeliest_sites(limit(query.limit)?).await?;
    let waiting = app.store.last_fold().await?.to != app.store.extent().await?;
    let all: Vec<Value> = sites.iter().map(summary).collect();
    // Whether something came since that is not in them yet.
    Ok(Json(json!({ "sites": all, "being_folded": waiting })))
}

/// One site with its ledger, whose terms add up to `ln_odds` in the order in which they stand, and what was observed
/// of it. A site that was merged leads to the one it was merged into.
#[utoipa::path(get, path = "/api/v1/sites/{id}", tag = "sites",
    params(("id" = Uuid, Path, description = "The site")),
    responses((status = 200, body = Object), (status = 307, description = "merged into another"), Refusals))]
pub(crate) async fn look(
    State(app): State<App>,
    _: Caller,
    At(id): At<Uuid>,
) -> Result<Response, Problem> {
    let number = SiteId(id.as_u128());
    let Some(site) = app.store.site(number).await? else {
        let other = app.store.stands_as(number).await?;
        let other = other.ok_or_else(|| Problem::absent("site", id))?;
        return Ok(
            Redirect::temporary(&app.link(&format!("/api/v1/sites/{other}"))).into_response()
        );
    };
    Ok(Json(whole(&app, &site).await?).into_response())
}

/// All of a site.
pub(crate) async fn whole(app: &App, site: &Site) -> Result<Value, Problem> {
    let observations = app.store.observations(&site.observations).await?;
    let mut all = summary(site);
    all["ledger"] = site.ledger.terms.iter().map(line).collect();
    all["ledger_in_words"] = json!(site.ledger.to_string());
    all["observations"] = observations.iter().map(observation).collect();
    Ok(all)
}

/// Merges two sites, splits one, or undoes an earlier act.
#[utoipa::path(post, path = "/api/v1/acts", tag = "sites", request_body = Act,
    responses((status = 202, body = InLog), Refusals))]
pub(crate) async fn act(
    State(app): State<App>,
    caller: Caller,
    Body(act): Body<Act>,
) -> Result<(StatusCode, Json<InLog>), Problem> {
    caller.needs(Permission::Judge)?;
    let (act, job) = app.store.ask_act(&caller.actor(), &act.into()).await?;
    Ok((StatusCode::ACCEPTED, Json(InLog { act, job })))
}

/// What was done to sites, the newest first, and what came of it.
#[utoipa::path(get, path = "/api/v1/acts", tag = "sites", params(HowMany),
    responses((status = 200, body = Vec<Object>), Refusals))]
pub(crate) async fn acts(
    State(app): State<App>,
    _: Caller,
    Asked(query): Asked<HowMany>,
) -> Result<Json<Value>, Problem> {
    let acts = app.store.acts(limit(query.limit)?).await?;
    let view = |kept: &KeptAct| {
        let KeptAct { number, act, at, by, state, .. } = kept;
        let mut all = state.as_ref().map_or(json!({ "state": "waits" }), |state| json!(state));
        all["number"] = json!(number);
        all["act"] = json!(act);
        all["at"] = json!(at);
        all["by"] = json!(by);
        all
    };
    Ok(Json(acts.iter().map(view).collect()))
}

/// A site without its ledger.
pub(crate) fn summary(site: &Site) -> Value {
    let mut all = properties(site);
    all["id"] = json!(site.id);
    all["place"] = place(site);
    all
}

fn place(site: &Site) -> Value {
    json!({ "latitude_deg": site.place.latitude.0, "longitude_deg": site.place.longitude.0 })
}

/// What is told of a site everywhere.
pub(crate) fn properties(site: &Site) -> Value {
    let (probability, observed) = (site.ledger.probability(), site.observed());
    json!({
        "probability": probability,
        "likelihood": Likelihood::of(probability).to_string(),
        "ln_odds": site.ledger.ln_odds(),
        "gas": (!site.gases.is_empty()).then(|| site.gases.join(";")),
        "gases": site.gases,
        "ellipse_semi_major_m": site.ellipse.semi_major.0,
        "ellipse_semi_minor_m": site.ellipse.semi_minor.0,
        "ellipse_bearing_deg": site.ellipse.bearing.0,
        "observations": site.observations.len(),
        "begins": observed.from,
        "ends": observed.to,
        "as_of": site.as_of,
    })
}

fn line(term: &Term) -> Value {
    let Term { observation, at, words, ln_odds } = term;
    json!({ "ln_odds": ln_odds, "words": words, "at": at, "observation": observation })
}

/// An observation as the record keeps it.
pub(crate) fn observation(kept: &KeptObservation) -> Value {
    let mut all = json!(kept.observation);
    all["id"] = json!(kept.id);
    all["taken_from"] = json!(kept.taken_from);
    all["recorded"] = json!(kept.created);
    all["recorded_by"] = json!(kept.created_by);
    all
}
