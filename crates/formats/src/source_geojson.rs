//! Sources as `GeoJSON` (RFC 7946): WGS 84, longitude first, outer rings anticlockwise.
//!
//! Each source is two features of one id: a point, and the polygon of [`CORNERS`] corners that holds it
//! nine times in ten. The search volume is a polygon, the next leg a line. Every property has its unit
//! in its name.

use cathartes_core::{
    identification::Likelihood,
    source::{Location, Source},
    trace::{Frame, LocalPlace, SearchVolume},
    units::Metres,
};
use serde_json::{Map, Value, json};

/// Corners of an ellipse.
pub const CORNERS: usize = 64;
/// 1e-7° is a centimetre on the ground.
const PLACES: f64 = 1e7;

/// The text of a file; `None` where nobody said where the frame is on the Earth.
#[must_use]
pub fn text(location: &Location, frame: Frame, volume: &SearchVolume) -> Option<String> {
    frame.origin?;
    let on_earth = |east: Metres, north: Metres| -> Option<Value> {
        let place = frame.on_earth(east, north)?;
        let rounded = |degrees: f64| (degrees * PLACES).round() / PLACES;
        Some(json!([rounded(place.longitude.0), rounded(place.latitude.0)]))
    };
    let mut features = vec![feature(
        "Polygon",
        &json!([ring(&volume.ring(), &on_earth)?]),
        &json!({ "what": "search volume", "gas": location.gas }),
    )];
    for source in &location.sources {
        let place = source.place;
        let properties = properties(&location.gas, source);
        let point = on_earth(place.east, place.north)?;
        features.push(feature("Point", &point, &with("source", &properties)));
        let ellipse = json!([ring(&source.ellipse.ring(&place, CORNERS), &on_earth)?]);
        let what = with("where the source is with 90 %", &properties);
        features.push(feature("Polygon", &ellipse, &what));
    }
    if let Some(leg) = &location.next_leg {
        let track: Vec<(Metres, Metres)> = leg.track.iter().map(ground).collect();
        let properties = json!({
            "what": "next leg",
            "height_m": leg.track.first().map(|place| place.up.0),
            "deviation_now_m": leg.deviation_now.0,
            "deviation_after_m": leg.deviation_after.0,
        });
        features.push(feature("LineString", &ring(&track, &on_earth)?, &properties));
    }
    let lines: Vec<String> = features.iter().map(Value::to_string).collect();
    Some(format!(
        "{{\n\"type\": \"FeatureCollection\",\n\"features\": [\n{}\n]\n}}\n",
        lines.join(",\n")
    ))
}

fn feature(kind: &str, coordinates: &Value, properties: &Value) -> Value {
    json!({
        "type": "Feature",
        "geometry": { "type": kind, "coordinates": coordinates },
        "properties": properties,
    })
}

fn with(what: &str, properties: &Map<String, Value>) -> Value {
    let mut all = Map::from_iter([("what".to_owned(), json!(what))]);
    all.extend(properties.clone());
    Value::Object(all)
}

fn properties(gas: &str, source: &Source) -> Map<String, Value> {
    let likelihood = Likelihood::of(source.existence_probability).to_string();
    let all = [
        ("gas", json!(gas)),
        ("source", json!(source.number)),
        ("height_m", json!(source.place.up.0)),
        ("height_low_90_percent_m", json!(source.up_range.low.0)),
        ("height_high_90_percent_m", json!(source.up_range.high.0)),
        ("rate_kg_per_h", json!(source.rate.0)),
        ("rate_low_90_percent_kg_per_h", json!(source.rate_range.low.0)),
        ("rate_high_90_percent_kg_per_h", json!(source.rate_range.high.0)),
        ("existence_probability", json!(source.existence_probability)),
        ("likelihood", json!(likelihood)),
        ("ellipse_semi_major_m", json!(source.ellipse.semi_major.0)),
        ("ellipse_semi_minor_m", json!(source.ellipse.semi_minor.0)),
        ("ellipse_bearing_deg", json!(source.ellipse.bearing.0)),
    ];
    all.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn ground(place: &LocalPlace) -> (Metres, Metres) {
    (place.east, place.north)
}

fn ring(
    places: &[(Metres, Metres)],
    on_earth: &impl Fn(Metres, Metres) -> Option<Value>,
) -> Option<Value> {
    let corners: Option<Vec<Value>> = places.iter().map(|(e, n)| on_earth(*e, *n)).collect();
    corners.map(Value::Array)
}

#[cfg(test)]
mod tests;
