//! What ground a flight searched, and how weak a source it would have found there: evidence against sites, for those that
//! nobody saw.
//!
//! ```toml
//! [sensor]                       # in the file of --about
//! gas = "ch4"
//! ground_m = 420                 # height of the ground, where --ground says nothing
//! elevation_deg = -90            # where it looks, unless the log says
//! horizontal_field_deg = 34
//! vertical_field_deg = 0.06
//! detection_probability = 0.9    # of a source at the limit
//! false_alarms_per_km2 = 0.01
//! limits = [ { height_m = 500, kg_per_h = 1.2 }, { height_m = 3000, kg_per_h = 8.0 } ]
//! ```
//! Limits are those that `cathartes limit` gives at heights above the ground; between them the logarithm of the limit is
//! linear in that of the height, beyond them nothing counts as searched.

use std::{fs, path::Path};

use anyhow::{Context, bail};
use cathartes_core::{
    flown::{FlownLog, LogFix},
    geometry::LatLon,
    terrain::Terrain,
    units::{Degrees, KgPerHour, Metres},
};
use cathartes_formats::flown;
use cathartes_tasking::{Look, Mount, SearchedArea, footprint, searched};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{About, named, terrain_of};
use crate::outcome::Outcome;

/// The sensor of a flight.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sensor {
    gas: String,
    ground_m: Option<Metres>,
    elevation_deg: Option<Degrees>,
    horizontal_field_deg: Option<Degrees>,
    vertical_field_deg: Option<Degrees>,
    detection_probability: f64,
    false_alarms_per_km2: f64,
    limits: Vec<Limit>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
struct Limit {
    height_m: Metres,
    kg_per_h: KgPerHour,
}

/// What was searched, and what was not looked at.
#[derive(Debug, Clone)]
pub struct Search {
    /// By detection limit.
    pub areas: Vec<SearchedArea>,
    /// Positions of which nobody can say what was seen.
    pub blind: usize,
    /// Positions in all.
    pub fixes: usize,
}

/// Writes `searched.geojson`, which `cathartes import` takes as evidence.
///
/// # Errors
///
/// When a file cannot be read, the log is no log, `about` names no sensor, or the disk refuses.
pub fn search(
    log: &Path,
    about: &Path,
    ground: Option<&Path>,
    (out, force): (&Path, bool),
) -> anyhow::Result<Search> {
    let about = About::open(about)?;
    let Some(sensor) = about.sensor() else {
        bail!(
            "--about names no sensor: say under [sensor] what it looks for and how weak a source it finds"
        );
    };
    let (name, bytes) = named(log)?;
    let read = flown::open(&bytes).context(name)?;
    let terrain = ground.map(|path| terrain_of(&named(path)?)).transpose()?;
    let looks = looks(&read, &about, sensor, terrain.as_ref());
    let areas = searched(&looks);
    let outcome = Outcome::begin(out, force)?;
    let text = serde_json::to_string_pretty(&geojson(&areas, &about, sensor))? + "\n";
    fs::write(outcome.folder().join("searched.geojson"), text)?;
    outcome.finish()?;
    Ok(Search { areas, blind: read.fixes.len() - looks.len(), fixes: read.fixes.len() })
}

fn looks(log: &FlownLog, about: &About, sensor: &Sensor, terrain: Option<&Terrain>) -> Vec<Look> {
    let look = |fix: &LogFix| {
        let (height, _) = about.height(fix).ok()?;
        let under = [fix.place.longitude, fix.place.latitude];
        let known = terrain.and_then(|terrain| {
            terrain.range([under[0], under[1], under[0], under[1]]).map(|[_, highest]| highest)
        });
        let ground = known.or(sensor.ground_m)?;
        let above = Metres(height.0 - ground.0);
        let limit = sensor.limit(above)?;
        let corners = footprint(fix, sensor.mount().as_ref(), height, ground)?;
        Some(Look { time: fix.time, corners, limit: Some(limit) })
    };
    log.fixes.iter().filter_map(look).collect()
}

impl Sensor {
    fn mount(&self) -> Option<Mount> {
        Some(Mount {
            elevation: self.elevation_deg?,
            horizontal_field: self.horizontal_field_deg?,
            vertical_field: self.vertical_field_deg?,
        })
    }

    /// What it finds from a height; none from where nobody measured it.
    fn limit(&self, above: Metres) -> Option<KgPerHour> {
        let mut known: Vec<&Limit> = self.limits.iter().collect();
        known.sort_by(|one, other| one.height_m.0.total_cmp(&other.height_m.0));
        let after = known.iter().position(|limit| limit.height_m.0 >= above.0)?;
        let high = known[after];
        if high.height_m == above {
            return Some(high.kg_per_h);
        }
        let low = known[after.checked_sub(1)?];
        let ln = |limit: &Limit| (limit.height_m.0.ln(), limit.kg_per_h.0.ln());
        let ((from, lower), (to, upper)) = (ln(low), ln(high));
        let share = (above.0.ln() - from) / (to - from);
        Some(KgPerHour((lower + share * (upper - lower)).exp()))
    }
}

fn geojson(areas: &[SearchedArea], about: &About, sensor: &Sensor) -> Value {
    let position = |place: &LatLon| json!([place.longitude.0, place.latitude.0]);
    let features = areas.iter().flat_map(|area| {
        area.polygons.iter().map(move |ring| {
            let mut places: Vec<Value> = ring.iter().map(position).collect();
            places.extend(places.first().cloned());
            json!({
                "type": "Feature",
                "geometry": { "type": "Polygon", "coordinates": [places] },
                "properties": {
                    "kind": "searched",
                    "gas": sensor.gas,
                    "detection_probability": sensor.detection_probability,
                    "false_alarms_per_km2": sensor.false_alarms_per_km2,
                    "detection_limit_kg_per_h": area.limit,
                    "from": area.from,
                    "to": area.to,
                    "collector": about.collector(),
                    "collection": about.collection(),
                    "reliability": "B",
                    "credibility": 2,
                },
            })
        })
    });
    json!({ "type": "FeatureCollection", "features": features.collect::<Vec<_>>() })
}
