//! Plumes as `GeoJSON` (RFC 7946): WGS 84, longitude first, outer rings anticlockwise, no ring
//! across the antimeridian.
//!
//! Every property has its unit in its name. What is not known is left out, never zero. A scene
//! without geometry still lists its plumes: `geometry` is null and the outline is in pixels.

use std::{
    fs::File,
    io::{self, BufWriter, Write},
    path::Path,
};

use cathartes_core::{
    estimate::{Estimate, Interval90},
    gas::Gas,
    geometry::Geometry,
    plume::Plume,
    units::KgPerHour,
    wind::Wind,
};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

mod rings;

/// Gases less probable than this are not listed.
const WORTH_TELLING: f64 = 0.01;

/// What holds for every plume of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Scene<'a> {
    /// Name of the scene.
    pub name: &'a str,
    /// Start of the acquisition.
    pub time: Option<Timestamp>,
    /// Where its pixels are.
    pub geometry: &'a Geometry,
    /// The wind the rates were made with.
    pub wind: Option<Wind>,
}

/// One plume of a file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Listed<'a> {
    /// The plume.
    pub plume: &'a Plume,
    /// What it is a plume of.
    pub gas: &'a Gas,
    /// Name of its picture beside the file.
    pub picture: Option<&'a str>,
    /// Name of its spectrum beside the file.
    pub spectrum: Option<&'a str>,
}

/// Why a list of plumes was not written.
#[derive(Debug, thiserror::Error)]
#[error("{file}: {source}")]
pub struct PlumeGeojsonError {
    file: String,
    source: io::Error,
}

/// Writes the plumes of one scene.
///
/// # Errors
///
/// [`PlumeGeojsonError`] when the disk refuses.
pub fn write(
    path: &Path,
    scene: &Scene<'_>,
    plumes: &[Listed<'_>],
) -> Result<(), PlumeGeojsonError> {
    let io = |source| PlumeGeojsonError { file: path.display().to_string(), source };
    let mut file = BufWriter::new(File::create(path).map_err(io)?);
    file.write_all(text(scene, plumes).as_bytes()).map_err(io)?;
    file.flush().map_err(io)
}

/// One feature a line, so that the file can be read and compared by eye.
fn text(scene: &Scene<'_>, plumes: &[Listed<'_>]) -> String {
    let features: Vec<String> =
        plumes.iter().map(|listed| feature(scene, listed).to_string()).collect();
    let note = if *scene.geometry == Geometry::Unknown {
        let note = "the scene has no geometry: outlines and origins are in pixels, line and sample \
                    from the outer corner of the first pixel";
        format!(",\n\"note\": {}", json!(note))
    } else {
        String::new()
    };
    let head = format!("\"type\": \"FeatureCollection\",\n\"name\": {}{note}", json!(scene.name));
    format!("{{\n{head},\n\"features\": [\n{}\n]\n}}\n", features.join(",\n"))
}

fn feature(scene: &Scene<'_>, listed: &Listed<'_>) -> Value {
    let Listed { plume, gas, picture, spectrum } = *listed;
    let geometry = rings::geometry(&plume.outline, scene.geometry);
    let mut properties = Properties::default();
    properties.identity(scene, plume, gas);
    properties.measures(plume);
    properties.rates(plume);
    properties.look_alike(plume);
    properties.identification(plume);
    properties.emitter(plume);
    properties.surroundings(scene);
    properties.put("picture", json!(picture));
    properties.put("spectrum", json!(spectrum));
    if geometry.is_none() {
        let ring = |ring: &Vec<_>| -> Value { ring.iter().map(rings::pixel_pair).collect() };
        properties.put("outline_px", plume.outline.iter().map(ring).collect());
    }
    json!({
        "type": "Feature",
        "id": format!("{}/{}/{}", scene.name, plume.gas, plume.number),
        "geometry": geometry,
        "properties": properties.0,
    })
}

#[derive(Default)]
struct Properties(Map<String, Value>);

impl Properties {
    fn put(&mut self, name: &str, value: Value) {
        if !value.is_null() {
            self.0.insert(name.to_owned(), value);
        }
    }

    /// A number, rounded to what its readers can use; absent when it is none.
    fn number(&mut self, name: &str, value: f64) {
        self.put(name, json!(significant(value)));
    }

    fn estimate(&mut self, name: &str, unit: &str, value: Estimate<f64>) {
        self.number(&format!("{name}_{unit}"), value.value);
        self.number(&format!("{name}_sigma_{unit}"), value.std);
    }

    fn identity(&mut self, scene: &Scene<'_>, plume: &Plume, gas: &Gas) {
        self.put("scene", json!(scene.name));
        self.put("plume", json!(plume.number));
        self.put("gas", json!(gas.slug));
        self.put("gas_name", json!(gas.name));
        self.put("gas_cas", json!(gas.cas));
        self.put("pixels", json!(plume.pixels.len()));
        self.number("origin_line_px", plume.origin.line_px);
        self.number("origin_sample_px", plume.origin.sample_px);
        if let Some(origin) = scene.geometry.locate(plume.origin) {
            self.put("origin_latitude_deg", json!(rings::rounded(origin.latitude.0)));
            self.put("origin_longitude_deg", json!(rings::rounded(origin.longitude.0)));
        }
    }

    fn measures(&mut self, plume: &Plume) {
        self.number("false_alarm_probability", plume.false_alarm_probability);
        let peak = Estimate { value: plume.peak.value.0, std: plume.peak.std.0 };
        self.estimate("peak", "ppm_m", peak);
        if let Some(length) = plume.length {
            self.number("length_m", length.0);
        }
        if let Some(area) = plume.area {
            self.number("area_m2", area.0);
        }
        if let Some(mass) = plume.mass {
            self.estimate("mass", "kg", Estimate { value: mass.value.0, std: mass.std.0 });
        }
    }

    fn rates(&mut self, plume: &Plume) {
        let mut rate = |name, rate: Option<Estimate<KgPerHour>>, range: Option<Interval90<_>>| {
            if let Some(rate) = rate {
                let rate = Estimate { value: rate.value.0, std: rate.std.0 };
                self.estimate(name, "kg_per_h", rate);
            }
            if let Some(Interval90 { low: KgPerHour(low), high: KgPerHour(high) }) = range {
                self.number(&format!("{name}_low_90_percent_kg_per_h"), low);
                self.number(&format!("{name}_high_90_percent_kg_per_h"), high);
            }
        };
        rate("rate_by_mass", plume.rate_by_mass, plume.rate_by_mass_range);
        rate("rate_by_sections", plume.rate_by_sections, plume.rate_by_sections_range);
    }

    fn look_alike(&mut self, plume: &Plume) {
        if let Some(rival) = &plume.look_alike {
            self.put("look_alike", json!(rival.rival));
            self.put("look_alike_flagged", json!(rival.flagged));
            self.number("look_alike_ln_evidence_ratio", rival.ln_evidence_ratio);
        }
    }

    /// Every gas with a chance of one in a hundred, and what cannot be told apart.
    fn identification(&mut self, plume: &Plume) {
        let Some(known) = &plume.identification else { return };
        let gases: Value = known
            .gases
            .iter()
            .filter(|gas| gas.probability >= WORTH_TELLING)
            .map(|gas| {
                let mut one = Self::default();
                one.put("gas", json!(gas.gas));
                one.number("probability", gas.probability);
                one.put("likelihood", json!(gas.likelihood.to_string()));
                if let Some(column) = gas.column {
                    let column = Estimate { value: column.value.0, std: column.std.0 };
                    one.estimate("column", "ppm_m", column);
                }
                if let Some(amplitude) = gas.amplitude {
                    let amplitude = Estimate { value: amplitude.value.0, std: amplitude.std.0 };
                    one.estimate("column_times_contrast", "ppm_m_k", amplitude);
                }
                Value::Object(one.0)
            })
            .collect();
        self.put("gases", gases);
        let groups: Value = known
            .groups
            .iter()
            .filter(|group| group.probability >= WORTH_TELLING)
            .map(|group| {
                let (gases, words) = (&group.gases, group.likelihood.to_string());
                json!({ "one_of": gases, "probability": significant(group.probability), "likelihood": words })
            })
            .collect();
        self.put("not_told_apart", groups);
        self.number("none_of_these_probability", known.none_probability);
        self.number("unlisted_gas_probability", known.unlisted_probability);
        self.put("best_explanation", json!(known.best));
        let correlation: Vec<Option<f64>> =
            known.best_correlation.iter().map(|x| significant(*x)).collect();
        self.put("best_explanation_correlation", json!(correlation));
    }

    /// Kinds of emitter with a chance of one in a hundred, and what spoke for each.
    fn emitter(&mut self, plume: &Plume) {
        let Some(verdict) = &plume.emitter else { return };
        let kinds: Value = verdict
            .kinds
            .iter()
            .filter(|kind| kind.probability >= WORTH_TELLING)
            .map(|kind| {
                let contributions: Value = kind
                    .contributions
                    .iter()
                    .filter(|c| c.ln_evidence_ratio.abs() >= 0.1)
                    .map(|c| {
                        let ln = significant(c.ln_evidence_ratio);
                        json!({ "gases": c.gases, "ln_evidence_ratio": ln })
                    })
                    .collect();
                json!({
                    "kind": kind.id,
                    "name": kind.name,
                    "standing": kind.standing,
                    "probability": significant(kind.probability),
                    "likelihood": kind.likelihood.to_string(),
                    "contributions": contributions,
                })
            })
            .collect();
        self.put("emitter_kinds", kinds);
        self.number("of_interest_probability", verdict.of_interest_probability);
        if !verdict.not_told_apart.is_empty() {
            self.put("emitter_kinds_not_told_apart", json!(verdict.not_told_apart));
        }
        self.put("gases_this_instrument_did_not_look_for", json!(verdict.unseen));
    }

    fn surroundings(&mut self, scene: &Scene<'_>) {
        self.put("time_utc", json!(scene.time.map(|time| time.to_string())));
        if let Some(wind) = scene.wind {
            let speed = Estimate { value: wind.speed.value.0, std: wind.speed.std.0 };
            self.estimate("wind_speed", "m_per_s", speed);
            self.number("wind_from_deg", wind.from.0);
        }
    }
}

/// Six figures are more than any of these numbers is good for; `None` for what is no number.
fn significant(value: f64) -> Option<f64> {
    if !value.is_finite() {
        return None;
    }
    format!("{value:.5e}").parse().ok()
}

#[cfg(test)]
mod tests;
