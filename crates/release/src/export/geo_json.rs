//! `GeoJSON` (RFC 7946): a point or what the place is within as polygons, and the fields as properties.
//!
//! The content as a whole and each of its sources are features; one without a place has no geometry. `fields` beside them
//! says what each property is called where people read it.

use serde_json::{Map, Value as Json, json};

use super::{
    columns::{Group, columns, groups},
    ground,
};
use crate::{
    gate::{Content, Releasable},
    product::Value,
};

/// The text of a file.
#[must_use]
pub fn geojson(releasable: &Releasable<Content>) -> String {
    let mut labels = Map::new();
    let mut features: Vec<String> = Vec::new();
    for group in groups(releasable) {
        let mut properties = Map::new();
        for column in columns(releasable, &group) {
            labels.entry(column.name.clone()).or_insert(json!(column.label));
            properties.insert(column.name, column.value);
        }
        features.extend(of_group(&group, &properties).iter().map(Json::to_string));
    }
    let (labels, features) = (Json::Object(labels), features.join(",\n"));
    format!(
        "{{\n\"type\": \"FeatureCollection\",\n\"fields\": {labels},\n\"features\": [\n{features}\n]\n}}\n"
    )
}

/// A feature for each geometry; where there is none, one without.
fn of_group(group: &Group, properties: &Map<String, Json>) -> Vec<Json> {
    let mut geometries = group.place.map_or_else(Vec::new, geometries);
    if geometries.is_empty() {
        geometries.push(Json::Null);
    }
    let feature =
        |geometry| json!({ "type": "Feature", "geometry": geometry, "properties": properties });
    geometries.into_iter().map(feature).collect()
}

fn geometries(place: &Value) -> Vec<Json> {
    let point = ground::point(place).map(|at| json!({ "type": "Point", "coordinates": at }));
    let rings = ground::rings(place);
    let area = match rings.as_slice() {
        [] => None,
        [ring] => Some(json!({ "type": "Polygon", "coordinates": [ring] })),
        many => {
            let polygons: Vec<_> = many.iter().map(|ring| [ring]).collect();
            Some(json!({ "type": "MultiPolygon", "coordinates": polygons }))
        }
    };
    point.into_iter().chain(area).collect()
}

#[cfg(test)]
mod tests;
