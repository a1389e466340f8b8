//! The working product: everything that could be told of a site or a finding, as the record has it now.

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use cathartes_formats::raster_tile;
use cathartes_release::product::{Image, Product, Value};
use cathartes_store::Subject;
use jiff::Timestamp;
use serde_json::{Value as Shown, json};
use uuid::Uuid;

use crate::{
    access::Caller,
    app::App,
    params::At,
    problem::{Problem, Refusals},
    product::{self, Told},
};

/// Everything that could be told of a finding or a site: its fields, how closely each is held, and who confirmed it. What of
/// it leaves to somebody is another question.
#[utoipa::path(get, path = "/api/v1/products/{kind}/{id}", tag = "releases",
    params(("kind" = String, Path, description = "finding or site"), ("id" = Uuid, Path, description = "Its id")),
    responses((status = 200, body = Object), Refusals))]
pub(crate) async fn look(
    State(app): State<App>,
    _: Caller,
    At((kind, id)): At<(String, Uuid)>,
) -> Result<Json<Shown>, Problem> {
    let subject = Subject::new(&kind, id)?;
    let known = known(&app, subject).await?;
    let product = product::product(&known, &Told::default(), Timestamp::now());
    let confirmed: Vec<_> = product::confirmed(&known)
        .into_iter()
        .map(|review| json!({ "by": review.by, "verdict": review.verdict, "at": review.at }))
        .collect();
    let pictures = app.link(&format!("/api/v1/products/{kind}/{id}/pictures"));
    let field = |(path, value)| {
        let marking = product.marking_of(path);
        json!({ "path": path, "value": shown(value, &format!("{pictures}/{path}")), "marking": marking })
    };
    Ok(Json(json!({
        "kind": kind,
        "id": id,
        "stage": known.standing.stage.word(),
        "confirmed": confirmed,
        "marking": product.marking,
        "marked": known.marking.is_some(),
        "fields": product.fields.iter().map(field).collect::<Vec<_>>(),
    })))
}

/// A picture of the working product.
#[utoipa::path(get, path = "/api/v1/products/{kind}/{id}/pictures/{field}", tag = "releases",
    params(("kind" = String, Path, description = "finding or site"), ("id" = Uuid, Path, description = "Its id"),
        ("field" = String, Path, description = "The name of its field: images[0]")),
    responses((status = 200, content_type = "image/png", body = Vec<u8>), Refusals))]
pub(crate) async fn picture(
    State(app): State<App>,
    _: Caller,
    At((kind, id, field)): At<(String, Uuid, String)>,
) -> Result<Response, Problem> {
    let known = known(&app, Subject::new(&kind, id)?).await?;
    let product = product::product(&known, &Told::default(), Timestamp::now());
    png(of(&product, &field).ok_or_else(|| Problem::absent("picture", &field))?)
}

async fn known(app: &App, subject: Subject) -> Result<product::Known, Problem> {
    let known = product::known(&app.store, subject).await?;
    known.ok_or_else(|| Problem::absent(subject.word(), subject.id()))
}

/// A value as a program reads it; a picture by where it is.
pub(crate) fn shown(value: &Value, picture: &str) -> Shown {
    match value {
        Value::Picture(Image { width_px, height_px, .. }) => {
            json!({ "is": "picture", "width_px": width_px, "height_px": height_px, "href": picture })
        }
        value => json!(value),
    }
}

fn of<'a>(product: &'a Product, field: &str) -> Option<&'a Image> {
    let mut fields = product.fields.iter();
    fields.find_map(|(path, value)| match value {
        Value::Picture(image) if path.as_str() == field => Some(image),
        _ => None,
    })
}

/// For a screen of ours.
pub(crate) fn png(image: &Image) -> Result<Response, Problem> {
    let bytes = raster_tile::shown(&image.rgb, image.width_px, image.height_px);
    let bytes = bytes.map_err(|error| Problem::internal(&error))?;
    let headers =
        [(header::CONTENT_TYPE, "image/png"), (header::CACHE_CONTROL, "private, no-store")];
    Ok((StatusCode::OK, headers, bytes).into_response())
}
