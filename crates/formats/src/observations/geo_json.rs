//! Observations as `GeoJSON`: a feature collection, or one feature.
//!
//! ```text
//! { "type": "FeatureCollection", "features": [ { "type": "Feature",
//!     "geometry": { "type": "Point", "coordinates": [-3.1, 40.2] },
//!     "properties": { "radius_90_m": 50, "time": "2026-05-03T18:00:00Z" } } ] }
//! ```
//!
//! Of a polygon the outer ring counts. A line of two points is a bearing from the first to the second.

use std::collections::BTreeMap;

use cathartes_core::{
    geometry::{LatLon, bearing_and_distance},
    observation::Whereabouts,
    source::Ellipse90,
    units::{Degrees, Metres},
};
use serde_json::Value;

use super::{ImportError, Imported, Mapping, Shape, door, row::Row};

const REMEDY: &str = "give a GeoJSON FeatureCollection (RFC 7946)";
/// Properties deeper than this are not looked into; they are not kept either.
const DEEPEST: usize = 8;

/// One feature: its place, and its properties as texts.
pub(crate) struct Feature {
    pub(crate) shape: Shape,
    pub(crate) properties: Result<BTreeMap<String, String>, String>,
}

pub(super) fn read(bytes: &[u8], mapping: &Mapping) -> Result<Imported, ImportError> {
    let mut imported = Imported::default();
    for (row, feature) in (1..).zip(features(bytes)?) {
        let Feature { shape, properties } = feature;
        let place =
            shape.unwrap_or_else(|| Err("no geometry; give a place to each feature".into()));
        let observation =
            properties.and_then(|fields| Row::of(mapping, &fields).observation(Some(place)));
        imported.add(row, observation);
    }
    Ok(imported)
}

/// Every feature of a file.
pub(crate) fn features(bytes: &[u8]) -> Result<Vec<Feature>, ImportError> {
    let refused =
        |line: usize, reason: String| ImportError::Refused { line, reason, remedy: REMEDY };
    let file: Value = serde_json::from_slice(bytes)
        .map_err(|error| refused(error.line(), super::first_line(&error.to_string())))?;
    match file.get("type").and_then(Value::as_str) {
        Some("FeatureCollection") => {
            let features = file.get("features").and_then(Value::as_array);
            let features = features.ok_or_else(|| refused(1, "there are no `features`".into()))?;
            Ok(features.iter().map(feature).collect())
        }
        Some("Feature") => Ok(vec![feature(&file)]),
        _ => Err(refused(1, "`type` is neither FeatureCollection nor Feature".into())),
    }
}

fn feature(feature: &Value) -> Feature {
    let shape = feature.get("geometry").filter(|g| !g.is_null()).map(shape);
    let properties = feature.get("properties").unwrap_or(&Value::Null);
    Feature { shape, properties: properties_of(properties) }
}

/// Properties as texts; refused when one is about persons.
pub(super) fn properties_of(properties: &Value) -> Result<BTreeMap<String, String>, String> {
    if let Some(name) = somebody(properties, 0) {
        return Err(format!("property `{}`: {}", super::first_line(&name), door::EXPLANATION));
    }
    let Some(properties) = properties.as_object() else { return Ok(BTreeMap::new()) };
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(yes) => Some(yes.to_string()),
        Value::Array(all) => {
            let all: Option<Vec<&str>> = all.iter().map(Value::as_str).collect();
            all.map(|all| all.join(";"))
        }
        _ => None,
    };
    Ok(properties.iter().filter_map(|(name, value)| Some((name.clone(), text(value)?))).collect())
}

fn somebody(value: &Value, depth: usize) -> Option<String> {
    if depth > DEEPEST {
        return None;
    }
    match value {
        Value::Object(fields) => fields.iter().find_map(|(name, value)| {
            let here = door::names_somebody(name).then(|| name.clone());
            here.or_else(|| somebody(value, depth + 1))
        }),
        Value::Array(all) => all.iter().find_map(|value| somebody(value, depth + 1)),
        _ => None,
    }
}

fn shape(geometry: &Value) -> Result<Whereabouts, String> {
    let coordinates = geometry.get("coordinates").unwrap_or(&Value::Null);
    let kind = geometry.get("type").and_then(Value::as_str).unwrap_or_default();
    match kind {
        "Point" => Ok(point(place(coordinates)?)),
        "Polygon" => Ok(area(places(coordinates.get(0).unwrap_or(&Value::Null))?)),
        "LineString" => line(&places(coordinates)?),
        _ => {
            let kind = super::first_line(kind);
            Err(format!("geometry `{kind}`; give a Point, a Polygon or a LineString of two points"))
        }
    }
}

fn place(pair: &Value) -> Result<LatLon, String> {
    let number = |at: usize| pair.get(at).and_then(Value::as_f64);
    let pair = number(0).zip(number(1));
    let (longitude, latitude) =
        pair.ok_or("coordinates are no numbers; write [longitude, latitude]")?;
    Ok(LatLon { latitude: Degrees(latitude), longitude: Degrees(longitude) })
}

fn places(list: &Value) -> Result<Vec<LatLon>, String> {
    let list = list.as_array().ok_or("coordinates are no list of places")?;
    list.iter().map(place).collect()
}

/// A point; its ellipse comes from the row.
pub(super) fn point(place: LatLon) -> Whereabouts {
    let one = Metres(1.0);
    let ellipse = Ellipse90 { semi_major: one, semi_minor: one, bearing: Degrees(0.0) };
    Whereabouts::Point { place, ellipse }
}

/// A polygon from a ring that ends where it begins.
pub(super) fn area(mut ring: Vec<LatLon>) -> Whereabouts {
    if ring.len() > 1 && ring.first() == ring.last() {
        ring.pop();
    }
    Whereabouts::Area { ring }
}

/// A bearing from the first of two places to the second; its deviation comes from the row.
pub(super) fn line(places: &[LatLon]) -> Result<Whereabouts, String> {
    let [from, to] = places else {
        return Err(format!("a line of {} points; a line of sight has two", places.len()));
    };
    let on_earth = |p: &LatLon| p.latitude.0.abs() <= 90.0 && p.longitude.0.abs() <= 360.0;
    if !on_earth(from) || !on_earth(to) {
        return Err("a line that is not on the Earth; write [longitude, latitude]".into());
    }
    let (bearing, reach) = bearing_and_distance(*from, *to);
    Ok(Whereabouts::Bearing { from: *from, bearing, bearing_std: Degrees(1.0), reach })
}
