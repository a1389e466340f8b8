//! `GeoJSON` (RFC 7946): a point or what the place is within as polygons, and the fields as properties.
//!
//! The content as a whole and each of its sources are features; one without a place has no geometry. `fields` beside them
//! says what each property is called where people read it.

use serde_json::{Map, Value as Json, json};

use super::{
    columns::{Column, Group, groups, of_field, of_release},
    ground,
};
use crate::{
    gate::{Content, Releasable},
    product::Value,
};

/// The text of a file.
#[must_use]
pub fn geojson(releasable: &Releasable<Content>) -> String {
    let language = releasable.terms().recipient.language;
    let mut labels = Map::new();
    let mut features = Vec::new();
    for group in groups(releasable) {
        let of_fields =
            group.fields.iter().flat_map(|(path, value)| of_field(language, path, value));
        let columns: Vec<Column> = of_release(releasable).into_iter().chain(of_fields).collect();
        for column in &columns {
            labels.insert(column.name.clone(), json!(column.label));
        }
        features.extend(of_group(&group, columns).into_iter().map(|feature| feature.to_string()));
    }
    format!(
        "{{\n\"type\": \"FeatureCollection\",\n\"fields\": {},\n\"features\": [\n{}\n]\n}}\n",
        Json::Object(labels),
        features.join(",\n")
    )
}

fn of_group(group: &Group, columns: Vec<Column>) -> Vec<Json> {
    let properties: Map<String, Json> = [("name".to_owned(), json!(group.title))]
        .into_iter()
        .chain(columns.into_iter().map(|c| (c.name, c.value)))
        .collect();
    let geometries = group.place.map_or_else(Vec::new, geometries);
    let geometries = if geometries.is_empty() { vec![Json::Null] } else { geometries };
    let feature = |geometry: Json| json!({ "type": "Feature", "geometry": geometry, "properties": properties });
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
