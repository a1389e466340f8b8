//! What waits for a look, the most useful first.

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use cathartes_core::geometry::LatLon;
use cathartes_formats::gas_library;
use cathartes_store::{QueueQuery, Queued, Sort, Stage, Standing, Waiting};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    access::{Caller, Permission},
    app::App,
    params::{Asked, Body, bbox, limit},
    problem::{Problem, Refusals},
    review_routes::LASTS,
};

/// Items when nobody asks for a number.
const USUAL_ITEMS: i64 = 20;

/// What of the queue.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// At most so many; 20 when absent.
    #[param(minimum = 1)]
    limit: Option<i64>,
    /// Only plume, source, site, or finding, which is a plume or a source.
    kind: Option<String>,
    /// Slug of a gas.
    gas: Option<String>,
    /// Only first, second, senior or collecting; what is being measured is left out when absent.
    stage: Option<String>,
    /// `west,south,east,north` in degrees.
    bbox: Option<String>,
}

/// What to take from the queue.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TakeNext {
    /// Only plume, source, site, or finding, which is a plume or a source.
    kind: Option<String>,
    /// Slug of a gas.
    gas: Option<String>,
    /// Only first, second or senior.
    stage: Option<String>,
    /// `west,south,east,north` in degrees.
    bbox: Option<String>,
}

/// Something that waits.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Item {
    /// `finding` or `site`.
    kind: &'static str,
    /// Its id.
    id: Uuid,
    /// plume, source or site.
    what: &'static str,
    /// first, second, senior or collecting.
    stage: &'static str,
    /// What a look is worth now: uncertainty times consequence times freshness.
    value: f64,
    /// How open it is whether it exists, 0.05 to 1.
    uncertainty: f64,
    /// How much depends on it, 1 and more.
    consequence: f64,
    /// Since when at this stage.
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
    /// Slug of its gas; of a site those of all, with `;` between them.
    gas: Option<String>,
    /// Where.
    place: Option<Place>,
    /// What it is, in a few words.
    words: String,
    /// Who looks at it.
    claimed_by: Option<String>,
    /// Until when, unless they ask again.
    #[schema(value_type = Option<String>, format = DateTime)]
    claimed_until: Option<Timestamp>,
}

/// A place.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub(crate) struct Place {
    /// Degrees north.
    latitude_deg: f64,
    /// Degrees east.
    longitude_deg: f64,
}

/// The queue, or the beginning of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Queue {
    /// The most useful first.
    items: Vec<Item>,
    /// How many wait of what was asked for.
    waiting: i64,
    /// Whether there are more than that.
    waiting_more: bool,
}

/// What was taken.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Taken {
    /// It, with the claim of whoever asked.
    item: Item,
}

impl From<LatLon> for Place {
    fn from(place: LatLon) -> Self {
        Self { latitude_deg: place.latitude.0, longitude_deg: place.longitude.0 }
    }
}

impl Item {
    fn of(Queued { subject, standing, claim }: Queued, now: Timestamp) -> Self {
        let (claimed_by, claimed_until) =
            claim.map_or((None, None), |claim| (Some(claim.by), Some(claim.until)));
        Self {
            kind: subject.word(),
            id: subject.id(),
            what: standing.sort.word(),
            stage: standing.stage.word(),
            value: standing.look.value_weight(now),
            uncertainty: standing.look.uncertainty_weight,
            consequence: standing.look.consequence_weight,
            since: standing.since,
            place: standing.place.map(Place::from),
            words: words(&standing),
            gas: standing.gas,
            claimed_by,
            claimed_until,
        }
    }
}

impl Wanted {
    /// The same as the record asks for it; what only some may decide is left to them.
    fn understood(self, caller: &Caller) -> Result<QueueQuery, Problem> {
        let sorts = match self.kind.as_deref() {
            None => Sort::ALL.to_vec(),
            Some("finding") => vec![Sort::Plume, Sort::Source],
            Some(word) => vec![word.parse()?],
        };
        let mut stages = match self.stage.as_deref().map(str::parse).transpose()? {
            None => vec![Stage::First, Stage::Second, Stage::Senior],
            Some(stage @ (Stage::Decided | Stage::Corrected)) => {
                let detail = format!(
                    "what is {stage} waits for nobody: first, second, senior or collecting"
                );
                return Err(Problem::bad_request(detail));
            }
            Some(stage) => vec![stage],
        };
        if !caller.may(Permission::Settle) {
            stages.retain(|stage| *stage != Stage::Senior);
        }
        Ok(QueueQuery {
            reader: caller.actor(),
            stages,
            sorts,
            gas: self.gas,
            bbox: self.bbox.as_deref().map(bbox).transpose()?,
            limit: limit(Some(self.limit.unwrap_or(USUAL_ITEMS)))?,
        })
    }
}

/// What waits for a look of yours, the most useful first: what is open, matters and is fresh. What you have reviewed in
/// this round is left out, and what only a senior may decide is told to those alone.
#[utoipa::path(get, path = "/api/v1/queue", tag = "reviews", params(Wanted),
    responses((status = 200, body = Queue), Refusals))]
pub(crate) async fn queue(
    State(app): State<App>,
    caller: Caller,
    Asked(wanted): Asked<Wanted>,
) -> Result<Json<Queue>, Problem> {
    let (query, now) = (wanted.understood(&caller)?, Timestamp::now());
    let items = app.store.queue(&query, now).await?;
    let Waiting { count: waiting, more: waiting_more } = app.store.waiting(&query).await?;
    let items = items.into_iter().map(|queued| Item::of(queued, now)).collect();
    Ok(Json(Queue { items, waiting, waiting_more }))
}

/// Takes the most useful of what nobody looks at. Of many who ask at once no two have the same.
#[utoipa::path(post, path = "/api/v1/queue/next", tag = "reviews", request_body = TakeNext,
    responses((status = 200, body = Taken), (status = 204, description = "Nothing is left"), Refusals))]
pub(crate) async fn next(
    State(app): State<App>,
    caller: Caller,
    Body(TakeNext { kind, gas, stage, bbox }): Body<TakeNext>,
) -> Result<Response, Problem> {
    caller.needs(Permission::Judge)?;
    let wanted = Wanted { limit: Some(1), kind, gas, stage, bbox };
    let (query, now) = (wanted.understood(&caller)?, Timestamp::now());
    let taken = app.store.take_next(&caller.actor(), &query, now, LASTS).await?;
    Ok(match taken {
        Some(queued) => Json(Taken { item: Item::of(queued, now) }).into_response(),
        None => StatusCode::NO_CONTENT.into_response(),
    })
}

/// What something is, in a few words.
pub(crate) fn words(standing: &Standing) -> String {
    let gases: Vec<String> =
        standing.gas.iter().flat_map(|gases| gases.split(';')).map(formula).collect();
    let of = match gases.as_slice() {
        [] => String::new(),
        [all @ .., last] if !all.is_empty() => format!(" of {} and {last}", all.join(", ")),
        [one, ..] => format!(" of {one}"),
    };
    let more = match (standing.rate, standing.observations) {
        (Some(rate), _) => format!(", {} kg/h", three_figures(rate.0)),
        (None, Some(1)) => ", 1 observation".to_owned(),
        (None, Some(count)) => format!(", {count} observations"),
        (None, None) => String::new(),
    };
    format!("{}{of}{more}", standing.sort)
}

fn formula(slug: &str) -> String {
    let known = gas_library::builtin().iter().map(|known| &known.gas);
    let known = known.into_iter().find(|gas| gas.slug == slug);
    known.map_or_else(|| slug.to_owned(), |gas| gas.formula.clone())
}

/// As people read rates.
fn three_figures(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return value.to_string();
    }
    let digits = 2 - value.abs().log10().floor() as i32;
    let scale = 10_f64.powi(digits);
    ((value * scale).round() / scale).to_string()
}

#[cfg(test)]
mod tests;
