//! OGC API Features, part 1: scenes, plumes, sources and sites for any GIS.
//!
//! The address of the next page says how far the walk is, so it costs what the first page did.

#![allow(clippy::unused_async, reason = "a handler is async, whether it waits for anything or not")]

use axum::{
    Json,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use cathartes_core::{filter::Condition, site::SiteId};
use cathartes_formats::cql2;
use cathartes_store::{Bbox, Cursor, Finding, Kind, Page, Query, SceneQuery, TimeRange};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use utoipa::IntoParams;
use uuid::Uuid;

use crate::{
    access::Caller,
    app::App,
    openapi,
    params::{Asked, At, bbox, limit, time_range},
    problem::{Problem, Refusals},
};

pub(crate) mod queryables;
pub(crate) mod scenes;
mod sites;
pub(crate) mod tiles;

pub(crate) use tiles::KeptTiles;

const CONFORMS_TO: [&str; 12] = [
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter",
    "http://www.opengis.net/spec/cql2/1.0/conf/cql2-text",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-cql2",
    "http://www.opengis.net/spec/cql2/1.0/conf/advanced-comparison-operators",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tileset",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tilesets-list",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/geodata-tilesets",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/mvt",
];
const CRS84: &str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";
/// What relations of OGC's own begin with.
const OGC_REL: &str = "http://www.opengis.net/def/rel/ogc/1.0/";
const GREGORIAN: &str = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian";
/// The one language of filters that is understood.
const LANGUAGE: &str = "cql2-text";
const GEOJSON: &str = "application/geo+json";

/// What there is to ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Collection {
    Scenes,
    Sites,
    Of(Kind),
}

const COLLECTIONS: [Collection; 4] = [
    Collection::Scenes,
    Collection::Of(Kind::Plume),
    Collection::Of(Kind::Source),
    Collection::Sites,
];

impl Collection {
    fn named(name: &str) -> Result<Self, Problem> {
        let known = COLLECTIONS.into_iter().find(|collection| collection.id() == name);
        known.ok_or_else(|| Problem::absent("collection", name))
    }

    fn id(self) -> &'static str {
        match self {
            Self::Scenes => "scenes",
            Self::Sites => "sites",
            Self::Of(Kind::Plume) => "plumes",
            Self::Of(Kind::Source) => "sources",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Scenes => "Scenes that were searched",
            Self::Sites => "Sites, by everything that was observed",
            Self::Of(Kind::Plume) => "Plumes that imagers saw",
            Self::Of(Kind::Source) => "Sources located from gas traces",
        }
    }
}

/// Which items.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ItemQuery {
    /// At most so many; 10 when absent, 10,000 at most.
    #[param(minimum = 1)]
    limit: Option<i64>,
    /// `west,south,east,north` in degrees.
    bbox: Option<String>,
    /// A moment, or two with a slash between them, `..` for an open end.
    datetime: Option<String>,
    /// Slug of a gas; not for scenes.
    gas: Option<String>,
    /// A condition in CQL2 text, such as `gas = 'ch4' AND mass_kg > 12.5`.
    filter: Option<String>,
    /// The language of the filter: cql2-text.
    #[serde(rename = "filter-lang")]
    #[param(rename = "filter-lang")]
    filter_lang: Option<String>,
    /// Where the next page begins, as a `next` link says it.
    after: Option<String>,
}

/// The same, understood.
struct Wanted {
    limit: u32,
    bbox: Option<Bbox>,
    time: Option<TimeRange>,
    filter: Option<Condition>,
    after: Option<Cursor>,
}

impl ItemQuery {
    fn understood(&self) -> Result<Wanted, Problem> {
        Ok(Wanted {
            limit: limit(self.limit)?,
            bbox: self.bbox.as_deref().map(bbox).transpose()?,
            time: self.datetime.as_deref().map(time_range).transpose()?,
            filter: self.condition()?,
            after: self.after.as_deref().map(str::parse).transpose()?,
        })
    }

    fn condition(&self) -> Result<Option<Condition>, Problem> {
        if let Some(other) = self.filter_lang.as_deref().filter(|language| *language != LANGUAGE) {
            let other = other.escape_debug();
            return Err(Problem::bad_request(format!("filter-lang `{other}`: write {LANGUAGE}")));
        }
        let read = self.filter.as_deref().map(cql2::read).transpose();
        read.map_err(|error| Problem::bad_request(format!("filter: {error}")))
    }

    /// The address of the same question, from another place on.
    fn address(&self, app: &App, collection: Collection, after: Option<Cursor>) -> String {
        let mut parts = Vec::new();
        let mut put = |name: &str, value: Option<String>| {
            parts.extend(value.map(|value| format!("{name}={}", encoded(&value))));
        };
        put("limit", self.limit.map(|limit| limit.to_string()));
        put("bbox", self.bbox.clone());
        put("datetime", self.datetime.clone());
        put("gas", self.gas.clone());
        put("filter", self.filter.clone());
        put("filter-lang", self.filter_lang.clone());
        put("after", after.map(|cursor| cursor.to_string()));
        let mark = if parts.is_empty() { "" } else { "?" };
        let items = format!("/ogc/collections/{}/items", collection.id());
        app.link(&format!("{items}{mark}{}", parts.join("&")))
    }
}

/// What is here.
#[utoipa::path(get, path = "/ogc", tag = "ogc", responses((status = 200, body = Object), Refusals))]
pub(crate) async fn landing(State(app): State<App>, _: Caller) -> Json<Value> {
    let link = |rel: &str, kind: &str, path: &str| json!({ "rel": rel, "type": kind, "href": app.link(path) });
    Json(json!({
        "title": "Cathartes",
        "description": "Scenes, plumes, sources and sites of the record",
        "links": [
            link("self", "application/json", "/ogc"),
            link("service-desc", openapi::MEDIA_TYPE, "/api"),
            link("conformance", "application/json", "/ogc/conformance"),
            link("data", "application/json", "/ogc/collections"),
            link(&format!("{OGC_REL}tiling-schemes"), "application/json", "/ogc/tileMatrixSets"),
        ],
    }))
}

/// Which parts of the standard hold.
#[utoipa::path(get, path = "/ogc/conformance", tag = "ogc", responses((status = 200, body = Object), Refusals))]
pub(crate) async fn conformance(_: Caller) -> Json<Value> {
    Json(json!({ "conformsTo": CONFORMS_TO }))
}

/// What there is to ask for.
#[utoipa::path(get, path = "/ogc/collections", tag = "ogc", responses((status = 200, body = Object), Refusals))]
pub(crate) async fn collections(State(app): State<App>, _: Caller) -> Json<Value> {
    let all: Vec<Value> = COLLECTIONS.into_iter().map(|one| described(&app, one)).collect();
    let link =
        json!({ "rel": "self", "type": "application/json", "href": app.link("/ogc/collections") });
    Json(json!({ "links": [link], "collections": all }))
}

/// One collection.
#[utoipa::path(get, path = "/ogc/collections/{collection}", tag = "ogc",
    params(("collection" = String, Path, description = "scenes, plumes, sources or sites")),
    responses((status = 200, body = Object), Refusals))]
pub(crate) async fn collection(
    State(app): State<App>,
    _: Caller,
    At(name): At<String>,
) -> Result<Json<Value>, Problem> {
    Ok(Json(described(&app, Collection::named(&name)?)))
}

fn described(app: &App, collection: Collection) -> Value {
    let id = collection.id();
    let path = format!("/ogc/collections/{id}");
    let link = |rel: &str, kind: &str, path: &str| json!({ "rel": rel, "type": kind, "href": app.link(path) });
    let tiles = format!("{path}/tiles");
    let links = [
        link("self", "application/json", &path),
        link("items", GEOJSON, &format!("{path}/items")),
        link(&format!("{OGC_REL}queryables"), queryables::SCHEMA, &format!("{path}/queryables")),
        link(&format!("{OGC_REL}tilesets-vector"), "application/json", &tiles),
    ];
    json!({
        "id": id,
        "title": collection.title(),
        "itemType": "feature",
        "crs": [CRS84],
        "extent": {
            "spatial": { "bbox": [[-180, -90, 180, 90]], "crs": CRS84 },
            "temporal": { "interval": [[null, null]], "trs": GREGORIAN },
        },
        "links": links,
    })
}

/// Items of a collection, a page at a time.
#[utoipa::path(get, path = "/ogc/collections/{collection}/items", tag = "ogc",
    params(("collection" = String, Path, description = "scenes, plumes, sources or sites"), ItemQuery),
    responses((status = 200, body = Object, content_type = "application/geo+json"), Refusals))]
pub(crate) async fn items(
    State(app): State<App>,
    _: Caller,
    At(name): At<String>,
    Asked(query): Asked<ItemQuery>,
) -> Result<Response, Problem> {
    let collection = Collection::named(&name)?;
    let wanted = query.understood()?;
    let after = wanted.after;
    let (features, next) = match (collection, wanted) {
        (Collection::Sites, wanted) => {
            let Page { items, next } = sites::page(&app, &query, wanted).await?;
            (items, next)
        }
        (Collection::Scenes, Wanted { limit, bbox, time, filter, after }) => {
            let scenes = SceneQuery { bbox, time, filter, after, limit, ..SceneQuery::default() };
            let Page { items, next } = app.store.scenes(&scenes).await?;
            (items.iter().map(|scene| scenes::feature(&app, scene)).collect::<Vec<_>>(), next)
        }
        (Collection::Of(kind), Wanted { limit, bbox, time, filter, after }) => {
            let gas = query.gas.clone();
            let seen = Query { kind, gas, bbox, time, filter, after, limit };
            let Page { items, next } = app.store.findings(&seen).await?;
            (items.iter().map(|seen| feature(&app, seen)).collect(), next)
        }
    };
    let link = |rel: &str, href| json!({ "rel": rel, "type": GEOJSON, "href": href });
    let mut links = vec![link("self", query.address(&app, collection, after))];
    links.extend(next.map(|next| link("next", query.address(&app, collection, Some(next)))));
    Ok(geojson(json!({
        "type": "FeatureCollection",
        "numberReturned": features.len(),
        "timeStamp": Timestamp::now(),
        "features": features,
        "links": links,
    })))
}

/// One item.
#[utoipa::path(get, path = "/ogc/collections/{collection}/items/{id}", tag = "ogc",
    params(("collection" = String, Path, description = "scenes, plumes, sources or sites"),
        ("id" = Uuid, Path, description = "The item")),
    responses((status = 200, body = Object, content_type = "application/geo+json"), Refusals))]
pub(crate) async fn item(
    State(app): State<App>,
    _: Caller,
    At((name, id)): At<(String, Uuid)>,
) -> Result<Response, Problem> {
    let found = match Collection::named(&name)? {
        Collection::Sites => {
            let site = app.store.site(SiteId(id.as_u128())).await?;
            site.map(|site| sites::feature(&app, &site))
        }
        Collection::Scenes => app.store.scene(id).await?.map(|scene| scenes::feature(&app, &scene)),
        Collection::Of(kind) => {
            let seen = app.store.finding(id).await?;
            seen.filter(|seen| seen.found.kind == kind).map(|seen| feature(&app, &seen))
        }
    };
    found.map(geojson).ok_or_else(|| Problem::absent("item", id))
}

pub(crate) fn geojson(value: Value) -> Response {
    // The header goes last: `Json` would write its own.
    let mut response = Json(value).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(GEOJSON));
    response
}

/// Everything that is told of a finding.
fn properties(seen: &Finding) -> Map<String, Value> {
    let finding = &seen.found;
    let mut properties: Map<String, Value> = finding.properties.clone();
    let mut put = |name: &str, value: Value| {
        if !value.is_null() {
            properties.insert(name.to_owned(), value);
        }
    };
    put("kind", json!(finding.kind));
    put("gas", json!(finding.gas));
    put("begins", json!(finding.begins));
    put("ends", json!(finding.ends));
    put("scene", json!(finding.scene));
    put("job", json!(seen.job));
    put("supersedes", json!(finding.supersedes));
    put("superseded_by", json!(seen.superseded_by));
    put("recorded", json!(seen.created));
    put("recorded_by", json!(seen.created_by));
    put("provenance", json!(finding.provenance));
    properties
}

/// A finding as a feature.
pub(crate) fn feature(app: &App, seen: &Finding) -> Value {
    let finding = &seen.found;
    let collection = Collection::Of(finding.kind).id();
    let point = || {
        let place = finding.place?;
        Some(json!({ "type": "Point", "coordinates": [place.longitude.0, place.latitude.0] }))
    };
    json!({
        "type": "Feature",
        "id": seen.id,
        "geometry": finding.geometry.clone().or_else(point),
        "properties": properties(seen),
        "links": item_links(app, collection, seen.id),
    })
}

fn item_links(app: &App, collection: &str, id: Uuid) -> Vec<Value> {
    let path = format!("/ogc/collections/{collection}");
    let item = app.link(&format!("{path}/items/{id}"));
    vec![
        json!({ "rel": "self", "type": GEOJSON, "href": item }),
        json!({ "rel": "collection", "type": "application/json", "href": app.link(&path) }),
    ]
}

/// A value as it may stand in a query.
pub(crate) fn encoded(value: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~,:/".contains(&byte);
    let one =
        |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    value.bytes().map(one).collect()
}

#[cfg(test)]
mod tests;
