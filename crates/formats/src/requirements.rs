//! Requirements: what somebody wants known, as a `GeoJSON` feature collection of points and polygons.
//!
//! | property | holds |
//! |---|---|
//! | `id` | letters, digits and `-`, at most 40; each once |
//! | `question` | one line of at most 200 characters |
//! | `sensor` | `gas`, `imagery`, `signals` or `maritime` |
//! | `latest` | RFC 3339 with its offset: of no use after this |
//! | `priority` | 1 (first) to 5; missing: 3 |
//! | `radius_m` | how far around a point; missing: 500 |
//! | `revisit_h` | between two looks that count as two; missing: any two do |
//! | `wanted_probability` | that what is there is found; missing: 0.9 |
//! | `site_probability` | that there is anything, where no site says it; missing: one half |
//! | `site` | the number of a site |
//! | `sample_m` | the coarsest ground sample that answers it |
//! | `rate_kg_h` | the rate that is to be found |
//! | `purpose` | need not be there; that of the sensor, and no other |
//!
//! Of a polygon the outer ring counts. Other properties are refused, what is about persons or weapons with its reason.

use std::collections::BTreeMap;

use cathartes_core::{
    geometry::LatLon,
    observation::Whereabouts,
    site::SiteId,
    sortie::{Requirement, SensorClass, Target},
    units::{KgPerHour, Metres, Seconds},
};
use jiff::Timestamp;

use crate::{
    armed,
    observations::{Feature, ImportError, features},
};

/// Largest file, bytes.
pub const MAX_BYTES: usize = 16 << 20;
/// Requirements of one plan at most.
pub const MOST: usize = 2_000;
const LONGEST_ID: usize = 40;
const LONGEST_QUESTION: usize = 200;
const MOST_CORNERS: usize = 5_000;

const FIELDS: [&str; 13] = [
    "id",
    "question",
    "sensor",
    "latest",
    "priority",
    "radius_m",
    "revisit_h",
    "wanted_probability",
    "site_probability",
    "site",
    "sample_m",
    "rate_kg_h",
    "purpose",
];

/// Why a file holds no requirements.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RequirementsError {
    /// Larger than any.
    #[error("the file has {bytes} bytes of at most {MAX_BYTES}; divide it")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// No `GeoJSON`.
    #[error("{0}")]
    Form(ImportError),
    /// None, or too many.
    #[error("there are {count} features; give 1 to {MOST}")]
    Count {
        /// How many.
        count: usize,
    },
    /// A feature that is no requirement.
    #[error("feature {number}: {what}")]
    Feature {
        /// From 1.
        number: usize,
        /// What is wrong, in which field, and what to do.
        what: String,
    },
    /// A requirement of weapons.
    #[error("feature {number}: `{field}`: {}", armed::EXPLANATION)]
    Armed {
        /// From 1.
        number: usize,
        /// Which property.
        field: String,
    },
}

/// Reads requirements; all of them are right, or none is taken.
///
/// # Errors
///
/// [`RequirementsError`] with the feature, the field and the remedy.
pub fn parse(bytes: &[u8]) -> Result<Vec<Requirement>, RequirementsError> {
    if bytes.len() > MAX_BYTES {
        return Err(RequirementsError::TooLarge { bytes: bytes.len() });
    }
    let features = features(bytes).map_err(RequirementsError::Form)?;
    if !(1..=MOST).contains(&features.len()) {
        return Err(RequirementsError::Count { count: features.len() });
    }
    let mut all: Vec<Requirement> = Vec::new();
    for (number, feature) in (1..).zip(features) {
        let wrong = |what: String| RequirementsError::Feature { number, what };
        let Feature { shape, properties } = feature;
        let fields = Fields(properties.map_err(wrong)?);
        if let Some(field) = fields.armed() {
            return Err(RequirementsError::Armed { number, field });
        }
        let shape = shape.unwrap_or_else(|| Err("no geometry; give a Point or a Polygon".into()));
        let requirement = shape.and_then(|shape| fields.requirement(shape)).map_err(wrong)?;
        if all.iter().any(|other| other.id == requirement.id) {
            return Err(wrong(format!(
                "`id`: another has `{}`; give each its own",
                requirement.id
            )));
        }
        all.push(requirement);
    }
    Ok(all)
}

/// Properties as texts.
struct Fields(BTreeMap<String, String>);

impl Fields {
    fn armed(&self) -> Option<String> {
        let said = |(name, value): &(&String, &String)| {
            armed::names_weapons(name) || *name == "purpose" && armed::names_weapons(value)
        };
        self.0.iter().find(said).map(|(name, _)| name.chars().take(80).collect())
    }

    fn requirement(&self, shape: Whereabouts) -> Result<Requirement, String> {
        if let Some(name) = self.0.keys().find(|name| !FIELDS.contains(&name.as_str())) {
            let name: String = name.chars().take(80).collect();
            return Err(format!(
                "`{name}`: there is no such property; there are {}",
                FIELDS.join(", ")
            ));
        }
        let sensor = self.sensor()?;
        let id = self.text("id", LONGEST_ID)?;
        if !id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
            return Err("`id`: write letters, digits and -".into());
        }
        let latest = self.text("latest", 80)?;
        let latest: Timestamp = latest
            .parse()
            .map_err(|_| "`latest`: write RFC 3339 with an offset: 2026-10-05T18:00:00Z")?;
        let site = self.0.get("site").map(|text| SiteId::try_from(text.clone()));
        Ok(Requirement {
            question: self.text("question", LONGEST_QUESTION)?,
            target: self.target(shape)?,
            sensor,
            priority: self.number("priority", [1.0, 5.0])?.map_or(Ok(3), whole)?,
            latest,
            revisit: self.number("revisit_h", [0.0, 10_000.0])?.map(|h| Seconds(3_600.0 * h)),
            wanted_probability: self.number("wanted_probability", [0.01, 1.0])?.unwrap_or(0.9),
            site_probability: self.number("site_probability", [0.0, 1.0])?,
            site: site.transpose().map_err(|error| format!("`site`: {error}"))?,
            sample: self.number("sample_m", [0.001, 10_000.0])?.map(Metres),
            rate: self.number("rate_kg_h", [1e-6, 1e7])?.map(KgPerHour),
            id,
        })
    }

    fn sensor(&self) -> Result<SensorClass, String> {
        let said = self.text("sensor", 80)?;
        let sensor = SensorClass::ALL.into_iter().find(|class| class.word() == said);
        let sensor = sensor.ok_or("`sensor`: write gas, imagery, signals or maritime")?;
        let purpose = sensor.purpose().word();
        match self.0.get("purpose") {
            Some(other) if other != purpose => Err(format!(
                "`purpose`: a sensor for {said} is flown for `{purpose}`; leave it out"
            )),
            _ => Ok(sensor),
        }
    }

    fn target(&self, shape: Whereabouts) -> Result<Target, String> {
        let radius = self.number("radius_m", [1.0, 100_000.0])?;
        match shape {
            Whereabouts::Point { place, .. } if on_earth(place) => {
                Ok(Target::Place { place, radius: Metres(radius.unwrap_or(500.0)) })
            }
            Whereabouts::Area { mut ring } if ring.iter().all(|place| on_earth(*place)) => {
                if radius.is_some() {
                    return Err("`radius_m`: a polygon has none; take it away".into());
                }
                ring.dedup();
                if ring.len() > 1 && ring.first() == ring.last() {
                    ring.pop();
                }
                if !(3..=MOST_CORNERS).contains(&ring.len()) {
                    return Err("geometry: a polygon has 3 to 5,000 different corners".into());
                }
                Ok(Target::Area { ring })
            }
            Whereabouts::Bearing { .. } => {
                Err("geometry: a line; give a Point or a Polygon".into())
            }
            _ => Err("geometry: not on the Earth; write [longitude, latitude] in degrees".into()),
        }
    }

    fn text(&self, name: &str, longest: usize) -> Result<String, String> {
        let text = self.0.get(name).ok_or_else(|| format!("`{name}` is missing; give it"))?;
        let fits = !text.trim().is_empty()
            && text.chars().count() <= longest
            && !text.contains(char::is_control);
        let remedy = || format!("`{name}`: write one line of at most {longest} characters");
        if fits { Ok(text.clone()) } else { Err(remedy()) }
    }

    fn number(&self, name: &str, [low, high]: [f64; 2]) -> Result<Option<f64>, String> {
        let Some(text) = self.0.get(name) else { return Ok(None) };
        let number = text.parse::<f64>().ok().filter(|number| (low..=high).contains(number));
        let remedy = || format!("`{name}`: write a number from {low} to {high}");
        number.map(Some).ok_or_else(remedy)
    }
}

fn whole(priority: f64) -> Result<u8, String> {
    let remedy = "`priority`: write 1, 2, 3, 4 or 5";
    if priority.fract() == 0.0 { Ok(priority as u8) } else { Err(remedy.into()) }
}

fn on_earth(place: LatLon) -> bool {
    place.latitude.0.abs() <= 89.9 && place.longitude.0.abs() <= 180.0
}

#[cfg(test)]
mod tests;
