//! What filters can speak of.

use axum::{
    Json,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

use super::Collection;
use crate::{
    access::Caller,
    app::App,
    params::At,
    problem::{Problem, Refusals},
};

pub(super) const SCHEMA: &str = "application/schema+json";

/// What a filter can speak of: a JSON Schema.
#[utoipa::path(get, path = "/ogc/collections/{collection}/queryables", tag = "ogc",
    params(("collection" = String, Path, description = "scenes, plumes, sources or sites")),
    responses((status = 200, body = Object, content_type = "application/schema+json"), Refusals))]
pub(crate) async fn read(
    State(app): State<App>,
    _: Caller,
    At(name): At<String>,
) -> Result<Response, Problem> {
    let collection = Collection::named(&name)?;
    let text = || json!({ "type": "string" });
    let moment = || json!({ "type": "string", "format": "date-time" });
    let number = || json!({ "type": "number" });
    let id = || json!({ "type": "string", "format": "uuid" });
    let fields = match collection {
        Collection::Scenes => json!({
            "name": text(), "begins": moment(), "recorded": moment(), "job": id(),
            "geometry": { "format": "geometry-polygon" },
        }),
        Collection::Sites => json!({
            "gas": text(), "begins": moment(), "ends": moment(), "probability": number(),
            "observations": number(), "ellipse_semi_major_m": number(), "ellipse_semi_minor_m": number(),
            "geometry": { "format": "geometry-point" },
        }),
        Collection::Of(_) => json!({
            "gas": text(), "recorded_by": text(), "begins": moment(), "ends": moment(),
            "recorded": moment(), "scene": id(), "job": id(),
            "geometry": { "format": "geometry-point" },
        }),
    };
    let path = format!("/ogc/collections/{}/queryables", collection.id());
    let mut response = Json(json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": app.link(&path),
        "type": "object",
        "title": collection.title(),
        "properties": fields,
        // Numbers and texts of an item's properties, by their names.
        "additionalProperties": true,
    }))
    .into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(SCHEMA));
    Ok(response)
}
