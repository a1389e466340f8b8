//! OGC API Tiles, part 1: every collection as vector tiles, for maps of the web.

#![allow(clippy::unused_async, reason = "a handler is async, whether it waits for anything or not")]

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue},
    response::Response,
};
use cathartes_core::{
    map_tile::MapTile,
    site::Site,
    units::{Degrees, Metres},
};
use cathartes_formats::{
    region::Region,
    vector_tile::{self, Feature, MARGIN},
};
use cathartes_store::{
    Bbox, Cursor, Finding, Page, Query, Scene, SceneQuery, SiteQuery, Tally, digest_of,
};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use utoipa::IntoParams;

use super::{Collection, ItemQuery, Wanted, properties, scenes};
use crate::{
    access::Caller,
    app::App,
    params::{Asked, At, MOST_ITEMS},
    problem::{Problem, Refusals},
    site_routes,
    tiles::{Kept, MATRIX_SET, known, square},
};

mod kept;

pub(crate) use kept::KeptTiles;
use kept::{Key, Made};

const MATRIX_SET_URI: &str = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad";
const CRS: &str = "http://www.opengis.net/def/crs/EPSG/0/3857";
const MVT: &str = "application/vnd.mapbox-vector-tile";
/// Scale and pixel of the world in one tile of 256 pixels, by the standard.
const SCALE: f64 = 559_082_264.028_717_2;
const PIXEL_PX: u32 = 256;
/// A shape that reaches farther from its point is not drawn in the tiles beside.
const MOST_REACH: Metres = Metres(20_000.0);
/// Says that there was more in a tile than it took.
const LEFT_OUT: HeaderName = HeaderName::from_static("cathartes-left-out");

/// Which of a collection.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct TileQuery {
    /// A moment, or two with a slash between them, `..` for an open end.
    datetime: Option<String>,
    /// Slug of a gas.
    gas: Option<String>,
    /// A condition in CQL2 text, such as `gas = 'ch4' AND mass_kg > 12.5`.
    filter: Option<String>,
    /// The language of the filter: cql2-text.
    #[serde(rename = "filter-lang")]
    #[param(rename = "filter-lang")]
    filter_lang: Option<String>,
}

/// The divisions of the world: there is one.
#[utoipa::path(get, path = "/ogc/tileMatrixSets", tag = "ogc",
    responses((status = 200, body = Object), Refusals))]
pub(crate) async fn matrix_sets(State(app): State<App>, _: Caller) -> Json<Value> {
    let href = app.link(&format!("/ogc/tileMatrixSets/{MATRIX_SET}"));
    let link = json!({ "rel": "self", "type": "application/json", "href": href });
    let one = json!({ "id": MATRIX_SET, "uri": MATRIX_SET_URI, "links": [link] });
    Json(json!({ "tileMatrixSets": [one] }))
}

/// One division of the world.
#[utoipa::path(get, path = "/ogc/tileMatrixSets/{tileMatrixSet}", tag = "ogc",
    params(("tileMatrixSet" = String, Path, description = "WebMercatorQuad")),
    responses((status = 200, body = Object), Refusals))]
pub(crate) async fn matrix_set(_: Caller, At(name): At<String>) -> Result<Json<Value>, Problem> {
    known(&name)?;
    let matrix = |zoom: u8| {
        let across = 1_u64 << zoom;
        let half = MapTile::new(0, 0, 0).map_or(0.0, |world| world.side().0) / 2.0;
        json!({
            "id": zoom.to_string(),
            "scaleDenominator": SCALE / across as f64,
            "cellSize": 2.0 * half / across as f64 / f64::from(PIXEL_PX),
            "cornerOfOrigin": "topLeft",
            "pointOfOrigin": [-half, half],
            "tileWidth": PIXEL_PX,
            "tileHeight": PIXEL_PX,
            "matrixWidth": across,
            "matrixHeight": across,
        })
    };
    Ok(Json(json!({
        "id": MATRIX_SET,
        "title": "The map of the web",
        "uri": MATRIX_SET_URI,
        "crs": CRS,
        "orderedAxes": ["X", "Y"],
        "wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
        "tileMatrices": (0..=MapTile::DEEPEST).map(matrix).collect::<Vec<_>>(),
    })))
}

/// Tiles of a collection.
#[utoipa::path(get, path = "/ogc/collections/{collection}/tiles", tag = "ogc",
    params(("collection" = String, Path, description = "scenes, plumes, sources or sites")),
    responses((status = 200, body = Object), Refusals))]
pub(crate) async fn tilesets(
    State(app): State<App>,
    _: Caller,
    At(name): At<String>,
) -> Result<Json<Value>, Problem> {
    let collection = Collection::named(&name)?;
    let href = app.link(&format!("/ogc/collections/{name}/tiles"));
    let link = json!({ "rel": "self", "type": "application/json", "href": href });
    Ok(Json(json!({ "tilesets": [described(&app, collection)], "links": [link] })))
}

/// How the tiles of a collection are found.
#[utoipa::path(get, path = "/ogc/collections/{collection}/tiles/{tileMatrixSet}", tag = "ogc",
    params(("collection" = String, Path, description = "scenes, plumes, sources or sites"),
        ("tileMatrixSet" = String, Path, description = "WebMercatorQuad")),
    responses((status = 200, body = Object), Refusals))]
pub(crate) async fn tileset(
    State(app): State<App>,
    _: Caller,
    At((name, matrix_set)): At<(String, String)>,
) -> Result<Json<Value>, Problem> {
    known(&matrix_set)?;
    Ok(Json(described(&app, Collection::named(&name)?)))
}

/// One tile: zoom, row from the north, column from the west.
#[utoipa::path(get, tag = "ogc",
    path = "/ogc/collections/{collection}/tiles/{tileMatrixSet}/{tileMatrix}/{tileRow}/{tileCol}",
    params(("collection" = String, Path, description = "scenes, plumes, sources or sites"),
        ("tileMatrixSet" = String, Path, description = "WebMercatorQuad"),
        ("tileMatrix" = u8, Path, description = "Zoom, 0 to 22"),
        ("tileRow" = u32, Path, description = "Row from the north"),
        ("tileCol" = u32, Path, description = "Column from the west"), TileQuery),
    responses((status = 200, content_type = "application/vnd.mapbox-vector-tile", body = Vec<u8>),
        (status = 204, description = "Nothing is there"),
        (status = 304, description = "What If-None-Match names is still so"), Refusals))]
pub(crate) async fn tile(
    State(app): State<App>,
    _: Caller,
    At((name, matrix_set, zoom, row, column)): At<(String, String, u8, u32, u32)>,
    headers: HeaderMap,
    Asked(query): Asked<TileQuery>,
) -> Result<Response, Problem> {
    known(&matrix_set)?;
    let collection = Collection::named(&name)?;
    let tile = square(zoom, row, column)?;
    let made = match collection {
        Collection::Of(kind) => {
            // Counted first: what is found while a tile is made is in it or makes it old.
            let Tally { findings, reach } = app.store.tally(kind).await?;
            let key = Key { collection, tile, query: query.clone(), findings };
            app.tiles.or_made(&key, make(&app, collection, query, (tile, reach))).await?
        }
        // Scenes are asked for by all of their ground, and sites are points.
        Collection::Scenes | Collection::Sites => {
            make(&app, collection, query, (tile, Metres(0.0))).await?.into()
        }
    };
    // Something new may be there at any time, so one asks again; the same is not sent again.
    let kept = Kept { tag: made.tag.clone(), control: "private, no-cache" };
    let mut response =
        if kept.known(&headers) { kept.unchanged() } else { kept.answer(MVT, made.bytes.clone()) };
    if made.more {
        response.headers_mut().insert(LEFT_OUT, HeaderValue::from_static("true"));
    }
    Ok(response)
}

async fn make(
    app: &App,
    collection: Collection,
    query: TileQuery,
    (tile, reach): (MapTile, Metres),
) -> Result<Made, Problem> {
    let (features, next) = features(app, collection, query, around(tile, reach)?).await?;
    let bytes =
        tokio::task::spawn_blocking(move || vector_tile::write(tile, collection.id(), &features));
    let bytes = match bytes.await {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(error)) => return Err(Problem::internal(&error)),
        Err(error) => return Err(Problem::internal(&error)),
    };
    let tag = format!("\"{}\"", digest_of(&bytes).0);
    Ok(Made { tag, bytes: bytes.into(), more: next.is_some() })
}

/// What may be seen of a collection in a box, and where more of it begins.
async fn features(
    app: &App,
    collection: Collection,
    query: TileQuery,
    bbox: Bbox,
) -> Result<(Vec<Feature>, Option<Cursor>), Problem> {
    let TileQuery { datetime, gas, filter, filter_lang } = query;
    let items = ItemQuery { datetime, filter, filter_lang, ..ItemQuery::default() };
    let Wanted { time, filter, .. } = items.understood()?;
    let (bbox, after, limit) = (Some(bbox), None, MOST_ITEMS);
    Ok(match collection {
        Collection::Of(kind) => {
            let wanted = Query { kind, gas, bbox, time, filter, after, limit };
            let Page { items, next } = app.store.findings(&wanted).await?;
            (items.iter().map(of_finding).collect(), next)
        }
        Collection::Sites => {
            let wanted = SiteQuery { gas, bbox, time, filter, after, limit };
            let Page { items, next } = app.store.sites(&wanted).await?;
            (items.iter().map(of_site).collect(), next)
        }
        Collection::Scenes => {
            let wanted = SceneQuery { bbox, time, filter, after, limit, ..SceneQuery::default() };
            let Page { items, next } = app.store.scenes(&wanted).await?;
            (items.iter().map(of_scene).collect(), next)
        }
    })
}

fn described(app: &App, collection: Collection) -> Value {
    let path = format!("/ogc/collections/{}/tiles/{MATRIX_SET}", collection.id());
    let scheme = app.link(&format!("/ogc/tileMatrixSets/{MATRIX_SET}"));
    json!({
        "title": collection.title(),
        "dataType": "vector",
        "crs": CRS,
        "tileMatrixSetURI": MATRIX_SET_URI,
        "links": [
            { "rel": "self", "type": "application/json", "href": app.link(&path) },
            {
                "rel": "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme",
                "type": "application/json",
                "href": scheme,
            },
            {
                "rel": "item",
                "type": MVT,
                "href": app.link(&format!("{path}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}")),
                "templated": true,
            },
        ],
    })
}

/// Where to look for what may be seen in a tile, of what reaches so far.
fn around(tile: MapTile, reach: Metres) -> Result<Bbox, Problem> {
    let widest = [0.0, 1.0].map(|down| tile.place([0.0, down]).latitude.0.to_radians().cos());
    let margin = MARGIN + reach.0.min(MOST_REACH.0) / (tile.side().0 * widest[0].min(widest[1]));
    let (from, to) = (tile.place([-margin, -margin]), tile.place([1.0 + margin, 1.0 + margin]));
    let round = to.longitude.0 - from.longitude.0 >= 360.0;
    let within = |degrees: f64| (degrees + 180.0).rem_euclid(360.0) - 180.0;
    let (west, east) =
        if round { (-180.0, 180.0) } else { (within(from.longitude.0), within(to.longitude.0)) };
    Ok(Bbox::new(Degrees(west), to.latitude, Degrees(east), from.latitude)?)
}

fn of_finding(seen: &Finding) -> Feature {
    let finding = &seen.found;
    Feature {
        id: seen.id.to_string(),
        place: finding.place,
        // A shape that cannot be drawn leaves the point.
        shape: finding.geometry.as_ref().and_then(|shape| Region::read(shape).ok()),
        properties: properties(seen),
    }
}

fn of_site(site: &Site) -> Feature {
    let properties = match site_routes::properties(site) {
        Value::Object(properties) => properties,
        _ => Map::new(),
    };
    Feature { id: site.id.to_string(), place: Some(site.place), shape: None, properties }
}

/// The middle of a scene, and its outline.
fn of_scene(scene: &Scene) -> Feature {
    let shape = Region::read(&scenes::footprint(scene)).ok();
    let place = scene.scene.bbox().map(|around| around.middle());
    Feature { id: scene.id.to_string(), place, shape, properties: scenes::properties(scene) }
}

#[cfg(test)]
mod tests;
