//! STAC API 1.1 over the scenes whose time is known, for people who work with images.

#![allow(clippy::unused_async, reason = "a handler is async, whether it waits for anything or not")]

use axum::{Json, extract::State, response::Response};
use cathartes_store::{Page, Scene, SceneQuery};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    access::Caller,
    app::App,
    ogc::{encoded, geojson, scenes::footprint},
    openapi,
    params::{Asked, At, Body, bbox, bbox_of, limit, time_range},
    problem::{Problem, Refusals},
};

mod search;

use search::Search;

const VERSION: &str = "1.1.0";
const COLLECTION: &str = "scenes";
const CONFORMS_TO: [&str; 6] = [
    "https://api.stacspec.org/v1.0.0/core",
    "https://api.stacspec.org/v1.0.0/collections",
    "https://api.stacspec.org/v1.0.0/ogcapi-features",
    "https://api.stacspec.org/v1.0.0/item-search",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
];

/// A search as it stands in an address.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct SearchQuery {
    /// At most so many; 10 when absent, 10,000 at most.
    #[param(minimum = 1)]
    limit: Option<i64>,
    /// `west,south,east,north` in degrees.
    bbox: Option<String>,
    /// A GeoJSON geometry, instead of bbox: only scenes whose ground touches it.
    intersects: Option<String>,
    /// A moment, or two with a slash between them, `..` for an open end.
    datetime: Option<String>,
    /// Ids with commas between them.
    ids: Option<String>,
    /// Collections with commas between them: there is one, scenes.
    collections: Option<String>,
    /// Where the next page begins, as a `next` link says it.
    token: Option<String>,
}

/// The same in a body.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SearchBody {
    /// At most so many; 10 when absent, 10,000 at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<i64>,
    /// West, south, east, north in degrees.
    #[serde(skip_serializing_if = "Option::is_none")]
    bbox: Option<Vec<f64>>,
    /// A GeoJSON geometry, instead of bbox: only scenes whose ground touches it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    intersects: Option<Value>,
    /// A moment, or two with a slash between them, `..` for an open end.
    #[serde(skip_serializing_if = "Option::is_none")]
    datetime: Option<String>,
    /// Only these.
    #[serde(skip_serializing_if = "Option::is_none")]
    ids: Option<Vec<String>>,
    /// There is one: scenes.
    #[serde(skip_serializing_if = "Option::is_none")]
    collections: Option<Vec<String>>,
    /// Where the next page begins, as a `next` link says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
}

impl SearchBody {
    /// What to ask the record; `None` when another collection is asked for.
    fn understood(&self) -> Result<Option<Search>, Problem> {
        let region = self.intersects.as_ref().map(search::region).transpose()?;
        if self.bbox.is_some() && region.is_some() {
            return Err(Problem::bad_request("ask by bbox or by intersects, not by both"));
        }
        let bbox = self.bbox.as_deref().map(bbox_of).transpose()?;
        let around = region.as_ref().map(search::around).transpose()?;
        let scenes = SceneQuery {
            // An id that is none is the id of no item.
            ids: self.ids.as_ref().map(|ids| ids.iter().filter_map(|id| id.parse().ok()).collect()),
            bbox: bbox.or(around),
            time: self.datetime.as_deref().map(time_range).transpose()?,
            filter: None,
            dated: true,
            after: self.token.as_deref().map(str::parse).transpose()?,
            limit: limit(self.limit)?,
        };
        let ours =
            self.collections.as_ref().is_none_or(|all| all.iter().any(|one| one == COLLECTION));
        Ok(ours.then_some(Search { scenes, region }))
    }
}

impl SearchQuery {
    fn body(&self) -> Result<SearchBody, Problem> {
        let list = |text: &String| text.split(',').map(str::to_owned).collect();
        let geometry = |text: &String| {
            let read = serde_json::from_str(text);
            read.map_err(|error| Problem::bad_request(format!("intersects is no JSON: {error}")))
        };
        let sides = |b: cathartes_store::Bbox| vec![b.west.0, b.south.0, b.east.0, b.north.0];
        Ok(SearchBody {
            limit: self.limit,
            bbox: self.bbox.as_deref().map(bbox).transpose()?.map(sides),
            intersects: self.intersects.as_ref().map(geometry).transpose()?,
            datetime: self.datetime.clone(),
            ids: self.ids.as_ref().map(list),
            collections: self.collections.as_ref().map(list),
            token: self.token.clone(),
        })
    }

    fn address(&self, app: &App, path: &str) -> String {
        let limit = self.limit.map(|limit| limit.to_string());
        let all = [
            ("limit", limit.as_ref()),
            ("bbox", self.bbox.as_ref()),
            ("intersects", self.intersects.as_ref()),
            ("datetime", self.datetime.as_ref()),
            ("ids", self.ids.as_ref()),
            ("collections", self.collections.as_ref()),
            ("token", self.token.as_ref()),
        ];
        let parts =
            all.into_iter().filter_map(|(name, value)| Some(format!("{name}={}", encoded(value?))));
        let parts: Vec<String> = parts.collect();
        let mark = if parts.is_empty() { "" } else { "?" };
        app.link(&format!("{path}{mark}{}", parts.join("&")))
    }
}

/// The root of the catalogue.
#[utoipa::path(get, path = "/stac", tag = "stac", responses((status = 200, body = Object), Refusals))]
pub(crate) async fn landing(State(app): State<App>, _: Caller) -> Json<Value> {
    let link = |rel: &str, kind: &str, path: &str| json!({ "rel": rel, "type": kind, "href": app.link(path) });
    let search = |method: &str| {
        let href = app.link("/stac/search");
        json!({ "rel": "search", "type": "application/geo+json", "href": href, "method": method })
    };
    Json(json!({
        "type": "Catalog",
        "stac_version": VERSION,
        "id": "cathartes",
        "title": "Cathartes",
        "description": "Scenes that were searched for gas",
        "conformsTo": CONFORMS_TO,
        "links": [
            link("self", "application/json", "/stac"),
            link("root", "application/json", "/stac"),
            link("service-desc", openapi::MEDIA_TYPE, "/api"),
            link("conformance", "application/json", "/stac/conformance"),
            link("data", "application/json", "/stac/collections"),
            link("child", "application/json", "/stac/collections/scenes"),
            search("GET"),
            search("POST"),
        ],
    }))
}

/// Which parts of the standards hold.
#[utoipa::path(get, path = "/stac/conformance", tag = "stac", responses((status = 200, body = Object), Refusals))]
pub(crate) async fn conformance(_: Caller) -> Json<Value> {
    Json(json!({ "conformsTo": CONFORMS_TO }))
}

/// All collections: there is one.
#[utoipa::path(get, path = "/stac/collections", tag = "stac", responses((status = 200, body = Object), Refusals))]
pub(crate) async fn collections(State(app): State<App>, _: Caller) -> Result<Json<Value>, Problem> {
    let scenes = described(&app).await?;
    let link = |rel: &str, path: &str| json!({ "rel": rel, "type": "application/json", "href": app.link(path) });
    let links = [link("self", "/stac/collections"), link("root", "/stac")];
    Ok(Json(json!({ "collections": [scenes], "links": links })))
}

/// The collection of scenes.
#[utoipa::path(get, path = "/stac/collections/{collection}", tag = "stac",
    params(("collection" = String, Path, description = "scenes")),
    responses((status = 200, body = Object), Refusals))]
pub(crate) async fn collection(
    State(app): State<App>,
    _: Caller,
    At(name): At<String>,
) -> Result<Json<Value>, Problem> {
    there(&name)?;
    Ok(Json(described(&app).await?))
}

fn there(name: &str) -> Result<(), Problem> {
    if name == COLLECTION { Ok(()) } else { Err(Problem::absent("collection", name)) }
}

async fn described(app: &App) -> Result<Value, Problem> {
    let (bbox, time) = app.store.scene_extent().await?;
    let bbox = bbox.map_or(json!([-180.0, -90.0, 180.0, 90.0]), |b| {
        json!([b.west.0, b.south.0, b.east.0, b.north.0])
    });
    let (from, to) = time.map_or((None, None), |time| (time.from, time.to));
    let link = |rel: &str, kind: &str, path: &str| json!({ "rel": rel, "type": kind, "href": app.link(path) });
    Ok(json!({
        "type": "Collection",
        "stac_version": VERSION,
        "id": COLLECTION,
        "title": "Scenes",
        "description": "Scenes that were searched for gas",
        "license": "other",
        "extent": {
            "spatial": { "bbox": [bbox] },
            "temporal": { "interval": [[from, to]] },
        },
        "links": [
            link("self", "application/json", "/stac/collections/scenes"),
            link("root", "application/json", "/stac"),
            link("parent", "application/json", "/stac"),
            link("items", "application/geo+json", "/stac/collections/scenes/items"),
        ],
    }))
}

/// Scenes, a page at a time.
#[utoipa::path(get, path = "/stac/collections/{collection}/items", tag = "stac",
    params(("collection" = String, Path, description = "scenes"), SearchQuery),
    responses((status = 200, body = Object, content_type = "application/geo+json"), Refusals))]
pub(crate) async fn items(
    State(app): State<App>,
    _: Caller,
    At(name): At<String>,
    Asked(query): Asked<SearchQuery>,
) -> Result<Response, Problem> {
    there(&name)?;
    by_address(&app, &query, "/stac/collections/scenes/items").await
}

/// One scene.
#[utoipa::path(get, path = "/stac/collections/{collection}/items/{id}", tag = "stac",
    params(("collection" = String, Path, description = "scenes"),
        ("id" = Uuid, Path, description = "The scene")),
    responses((status = 200, body = Object, content_type = "application/geo+json"), Refusals))]
pub(crate) async fn item(
    State(app): State<App>,
    _: Caller,
    At((name, id)): At<(String, Uuid)>,
) -> Result<Response, Problem> {
    there(&name)?;
    let scene = app.store.scene(id).await?.filter(|scene| scene.scene.time.is_some());
    let scene = scene.ok_or_else(|| Problem::absent("scene", id))?;
    Ok(geojson(described_item(&app, &scene)))
}

/// Searches by an address.
#[utoipa::path(get, path = "/stac/search", tag = "stac", params(SearchQuery),
    responses((status = 200, body = Object, content_type = "application/geo+json"), Refusals))]
pub(crate) async fn search(
    State(app): State<App>,
    _: Caller,
    Asked(query): Asked<SearchQuery>,
) -> Result<Response, Problem> {
    by_address(&app, &query, "/stac/search").await
}

/// Searches by a body.
#[utoipa::path(post, path = "/stac/search", tag = "stac", request_body = SearchBody,
    responses((status = 200, body = Object, content_type = "application/geo+json"), Refusals))]
pub(crate) async fn search_by_body(
    State(app): State<App>,
    _: Caller,
    Body(body): Body<SearchBody>,
) -> Result<Response, Problem> {
    let page = found(&app, &body).await?;
    let href = app.link("/stac/search");
    let next = page.next.map(|next| {
        let body = SearchBody { token: Some(next.to_string()), ..body };
        json!({ "rel": "next", "type": "application/geo+json", "method": "POST", "href": href, "body": body })
    });
    Ok(answer(&app, &page.items, next.into_iter().collect()))
}

async fn by_address(app: &App, query: &SearchQuery, path: &str) -> Result<Response, Problem> {
    let page = found(app, &query.body()?).await?;
    let link = |rel: &str, href: String| json!({ "rel": rel, "type": "application/geo+json", "href": href });
    let mut links = vec![link("self", query.address(app, path))];
    links.extend(page.next.map(|next| {
        let query = SearchQuery { token: Some(next.to_string()), ..query.clone() };
        link("next", query.address(app, path))
    }));
    Ok(answer(app, &page.items, links))
}

async fn found(app: &App, body: &SearchBody) -> Result<Page<Scene>, Problem> {
    match body.understood()? {
        Some(search) => search.found(app).await,
        None => Ok(Page { items: Vec::new(), next: None }),
    }
}

fn answer(app: &App, scenes: &[Scene], mut links: Vec<Value>) -> Response {
    links.push(json!({ "rel": "root", "type": "application/json", "href": app.link("/stac") }));
    let features: Vec<Value> = scenes.iter().map(|scene| described_item(app, scene)).collect();
    geojson(json!({
        "type": "FeatureCollection",
        "numberReturned": features.len(),
        "features": features,
        "links": links,
    }))
}

fn described_item(app: &App, scene: &Scene) -> Value {
    let mut properties = scene.scene.properties.clone();
    // Scenes of earlier versions have a number here, where the standard has a list.
    properties.remove("bands");
    properties.insert("title".to_owned(), json!(scene.scene.name));
    properties.insert("datetime".to_owned(), json!(scene.scene.time));
    properties.insert("created".to_owned(), json!(scene.created));
    let asset = |asset: &cathartes_store::Asset| {
        let href =
            app.link(&format!("/api/v1/scenes/{}/assets/{}", scene.id, encoded(&asset.name)));
        let value = json!({ "href": href, "type": asset.media_type, "roles": [asset.role], "title": asset.name });
        (asset.name.clone(), value)
    };
    let assets: Map<String, Value> = scene.scene.assets.iter().map(asset).collect();
    let link = |rel: &str, kind: &str, path: &str| json!({ "rel": rel, "type": kind, "href": app.link(path) });
    let this = format!("/stac/collections/scenes/items/{}", scene.id);
    let mut item = json!({
        "type": "Feature",
        "stac_version": VERSION,
        "stac_extensions": [],
        "id": scene.id,
        "collection": COLLECTION,
        "geometry": footprint(scene),
        "properties": properties,
        "assets": assets,
        "links": [
            link("self", "application/geo+json", &this),
            link("root", "application/json", "/stac"),
            link("parent", "application/json", "/stac/collections/scenes"),
            link("collection", "application/json", "/stac/collections/scenes"),
        ],
    });
    if let Some(b) = scene.scene.bbox() {
        item["bbox"] = json!([b.west.0, b.south.0, b.east.0, b.north.0]);
    }
    item
}
