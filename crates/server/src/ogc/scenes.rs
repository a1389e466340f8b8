//! Scenes as features.

use cathartes_store::Scene;
use serde_json::{Map, Value, json};

use super::{Collection, item_links};
use crate::app::App;

pub(super) fn properties(scene: &Scene) -> Map<String, Value> {
    let mut properties = scene.scene.properties.clone();
    properties.insert("name".to_owned(), json!(scene.scene.name));
    properties.insert("begins".to_owned(), json!(scene.scene.time));
    properties.insert("recorded".to_owned(), json!(scene.created));
    properties.insert("job".to_owned(), json!(scene.job));
    let files: Vec<&str> = scene.scene.assets.iter().map(|asset| asset.name.as_str()).collect();
    properties.insert("files".to_owned(), json!(files));
    properties
}

pub(super) fn feature(app: &App, scene: &Scene) -> Value {
    json!({
        "type": "Feature",
        "id": scene.id,
        "geometry": footprint(scene),
        "properties": properties(scene),
        "links": item_links(app, Collection::Scenes.id(), scene.id),
    })
}

/// The ground a scene covers.
pub(crate) fn footprint(scene: &Scene) -> Value {
    let corner = |p: &cathartes_core::geometry::LatLon| json!([p.longitude.0, p.latitude.0]);
    let ring: Vec<Value> = scene.scene.footprint.iter().map(corner).collect();
    match ring.first() {
        Some(first) => {
            let closed: Vec<&Value> = ring.iter().chain([first]).collect();
            json!({ "type": "Polygon", "coordinates": [closed] })
        }
        None => Value::Null,
    }
}
