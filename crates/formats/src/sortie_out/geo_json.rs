//! Sorties as `GeoJSON` (RFC 7946): of each a line with heights, and one a visit. Every property has its unit in its name.

use cathartes_core::{
    sortie::{Pattern, Sortie, Visit},
    track::Fix,
};
use serde_json::{Value, json};

use super::{degrees, metres};

/// The text of a file.
#[must_use]
pub fn geojson(sorties: &[Sortie]) -> String {
    let lines: Vec<String> = sorties.iter().flat_map(features).map(|one| one.to_string()).collect();
    let features = lines.join(",\n");
    format!("{{\n\"type\": \"FeatureCollection\",\n\"features\": [\n{features}\n]\n}}\n")
}

fn features(sortie: &Sortie) -> Vec<Value> {
    let fixes = &sortie.track.fixes;
    let times: Vec<String> = fixes.iter().map(|fix| fix.time.to_string()).collect();
    let whole = json!({
        "what": "sortie",
        "sortie": sortie.id,
        "aircraft": sortie.aircraft,
        "kind": sortie.track.aircraft,
        "operator": sortie.track.operator,
        "purpose": sortie.track.purpose.word(),
        "duration_s": sortie.duration.0.round(),
        "endurance_left_s": sortie.endurance_left.0.round(),
        "expected_information": sortie.expected_information_share,
        "requirements": sortie.visits.iter().map(|visit| &visit.requirement).collect::<Vec<_>>(),
        "times": times,
    });
    let mut all = vec![line(fixes, &whole)];
    all.extend(sortie.visits.iter().map(|visit| {
        let [first, last] = visit.fixes;
        line(fixes.get(first..=last).unwrap_or_default(), &properties(sortie, visit))
    }));
    all
}

fn properties(sortie: &Sortie, visit: &Visit) -> Value {
    let mut all = json!({
        "what": "visit",
        "sortie": sortie.id,
        "requirement": visit.requirement,
        "sensor": visit.sensor,
        "pattern": visit.pattern.word(),
        "height_m": metres(visit.height.0),
        "from": visit.time.from.to_string(),
        "to": visit.time.to.to_string(),
        "detection_probability": visit.detection_probability,
    });
    match visit.pattern {
        Pattern::SurveyLines { spacing, lines, bearing } => {
            all["spacing_m"] = json!(metres(spacing.0));
            all["lines"] = json!(lines);
            all["bearing_deg"] = json!(metres(bearing.0));
        }
        Pattern::Orbit { radius } => all["radius_m"] = json!(metres(radius.0)),
        Pattern::Racetrack { stand_off, length } => {
            all["stand_off_m"] = json!(metres(stand_off.0));
            all["length_m"] = json!(metres(length.0));
        }
    }
    all
}

fn line(fixes: &[Fix], properties: &Value) -> Value {
    let at = |fix: &Fix| {
        let place = [fix.place.longitude.0, fix.place.latitude.0].map(degrees);
        json!([place[0], place[1], metres(fix.height.0)])
    };
    json!({
        "type": "Feature",
        "geometry": {
            "type": "LineString",
            "coordinates": fixes.iter().map(at).collect::<Vec<Value>>(),
        },
        "properties": properties,
    })
}
