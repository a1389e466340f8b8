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
    let on_earth = |east: f64, north: f64| -> Option<Value> {
        let place = frame.on_earth(Metres(east), Metres(north))?;
        let rounded = |degrees: f64| (degrees * PLACES).round() / PLACES;
        Some(json!([rounded(place.longitude.0), rounded(place.latitude.0)]))
    };
    let mut features = vec![feature(
        "Polygon",
        &json!([ring(&corners(volume), &on_earth)?]),
        &json!({ "what": "search volume", "gas": location.gas }),
    )];
    for source in &location.sources {
        let place = source.place;
        let properties = properties(&location.gas, source);
        let point = on_earth(place.east.0, place.north.0)?;
        features.push(feature("Point", &point, &with("source", &properties)));
        let ellipse = json!([ring(&ellipse(source), &on_earth)?]);
        let what = with("where the source is with 90 %", &properties);
        features.push(feature("Polygon", &ellipse, &what));
    }
    if let Some(leg) = &location.next_leg {
        let track: Vec<(f64, f64)> = leg.track.iter().map(ground).collect();
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

fn ground(place: &LocalPlace) -> (f64, f64) {
    (place.east.0, place.north.0)
}

fn corners(volume: &SearchVolume) -> Vec<(f64, f64)> {
    let (e, n) = (volume.east, volume.north);
    let (west, east, south, north) = (e.from.0, e.to.0, n.from.0, n.to.0);
    vec![(west, south), (east, south), (east, north), (west, north), (west, south)]
}

/// Anticlockwise, the last corner the first again.
fn ellipse(source: &Source) -> Vec<(f64, f64)> {
    let along = source.ellipse.bearing.0.to_radians();
    let at = |i: usize| {
        let turn = std::f64::consts::TAU * (i % CORNERS) as f64 / CORNERS as f64;
        // Bearings turn clockwise, rings of RFC 7946 do not.
        let (a, b) =
            (turn.cos() * source.ellipse.semi_major.0, -turn.sin() * source.ellipse.semi_minor.0);
        let (sin, cos) = along.sin_cos();
        (source.place.east.0 + a * sin + b * cos, source.place.north.0 + a * cos - b * sin)
    };
    (0..=CORNERS).map(at).collect()
}

fn ring(places: &[(f64, f64)], on_earth: &impl Fn(f64, f64) -> Option<Value>) -> Option<Value> {
    let corners: Option<Vec<Value>> = places.iter().map(|(e, n)| on_earth(*e, *n)).collect();
    corners.map(Value::Array)
}

#[cfg(test)]
mod tests;
