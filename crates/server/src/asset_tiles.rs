//! The maps of a scene as pictures, square by square.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use cathartes_formats::raster_tile::{self, RasterTileError};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::{
    access::Caller,
    app::App,
    asset_routes::asset,
    params::{Asked, At},
    problem::{Problem, Refusals},
    tiles::{Kept, known, square},
};

/// The end of the scale of a significance map, deviations, as in the quick look.
const SUREST: f64 = 8.0;

/// How it is drawn.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Drawing {
    /// Value at the end of the scale of colours, in the unit of the map; without it 8 deviations of a
    /// significance map, and five times the middle deviation of an enhancement map.
    #[param(exclusive_minimum = 0.0)]
    top: Option<f64>,
}

/// One tile of a map of a scene: zoom, row from the north, column from the west.
#[utoipa::path(get, tag = "record",
    path = "/api/v1/scenes/{id}/assets/{name}/tiles/{tileMatrixSet}/{tileMatrix}/{tileRow}/{tileCol}",
    params(("id" = Uuid, Path, description = "The scene"),
        ("name" = String, Path, description = "The file: enhancement.ch4.tif"),
        ("tileMatrixSet" = String, Path, description = "WebMercatorQuad"),
        ("tileMatrix" = u8, Path, description = "Zoom, 0 to 22"),
        ("tileRow" = u32, Path, description = "Row from the north"),
        ("tileCol" = u32, Path, description = "Column from the west"), Drawing),
    responses((status = 200, content_type = "image/png", body = Vec<u8>),
        (status = 204, description = "The map is not there"),
        (status = 304, description = "What If-None-Match names is still so"), Refusals))]
pub(crate) async fn tile(
    State(app): State<App>,
    _: Caller,
    At((id, name, matrix_set, zoom, row, column)): At<(Uuid, String, String, u8, u32, u32)>,
    headers: HeaderMap,
    Asked(drawing): Asked<Drawing>,
) -> Result<Response, Problem> {
    known(&matrix_set)?;
    let tile = square(zoom, row, column)?;
    let top = drawing.top(&name)?;
    let asset = asset(&app, id, &name).await?;
    if !asset.media_type.contains("geotiff") {
        return Err(Problem::absent("map in the file", &name));
    }
    // A file is named by what it holds; another version may draw it otherwise.
    let version = env!("CARGO_PKG_VERSION");
    let shown = top.map_or_else(|| "usual".to_owned(), |top| top.to_string());
    let tag = format!("\"{}-{zoom}-{row}-{column}-{shown}-{version}\"", asset.sha256.0);
    let kept = Kept { tag, control: "private, max-age=86400" };
    if kept.known(&headers) {
        return Ok(kept.unchanged());
    }
    let Ok(_turn) = app.drawing.acquire().await else {
        let detail = "the server is going down: ask again";
        return Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, detail));
    };
    let reader = app.store.blobs().reader(&asset.sha256).await?;
    let drawn = tokio::task::spawn_blocking(move || raster_tile::draw(reader, tile, top)).await;
    match drawn {
        Ok(Ok(bytes)) => Ok(kept.answer("image/png", bytes.unwrap_or_default().into())),
        Ok(Err(error @ RasterTileError::NoPlace(_))) => {
            Err(Problem::new(StatusCode::NOT_FOUND, error.to_string()))
        }
        Ok(Err(error)) => Err(Problem::internal(&error)),
        Err(error) => Err(Problem::internal(&error)),
    }
}

impl Drawing {
    fn top(&self, name: &str) -> Result<Option<f64>, Problem> {
        match self.top {
            Some(top) if top.is_finite() && top > 0.0 => Ok(Some(top)),
            Some(top) => Err(Problem::bad_request(format!("top is {top}: write a number above 0"))),
            None => Ok(name.starts_with("significance.").then_some(SUREST)),
        }
    }
}
