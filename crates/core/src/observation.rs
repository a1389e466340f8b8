//! One dated, located, graded piece of evidence, whatever it comes from.
//!
//! A [`Draft`] is what somebody says; [`Observation::new`] makes an observation of it, or says what
//! cannot be. From then on nothing is checked again. There is no field for a person, a telephone, a
//! number plate or a face, no free text that could hold one, and an unknown field is refused.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    geometry::LatLon,
    marking::Marking,
    source::Ellipse90,
    units::{Degrees, Metres},
};

mod check;
mod grade;

pub use check::ObservationError;
pub use grade::{Credibility, Grade, Reliability};

/// Number of an observation, given by the record; sorts by the time it was recorded, as UUID version 7.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ObservationId(pub u128);

impl TryFrom<String> for ObservationId {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        number_of(&text).map(Self)
    }
}

impl From<ObservationId> for String {
    fn from(id: ObservationId) -> Self {
        id.to_string()
    }
}

impl fmt::Display for ObservationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hyphenated(self.0, f)
    }
}

/// A number as a UUID is written.
pub(crate) fn hyphenated(number: u128, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let hex = format!("{number:032x}");
    let (a, b, c, d, e) = (&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]);
    write!(f, "{a}-{b}-{c}-{d}-{e}")
}

/// The number that a UUID is.
pub(crate) fn number_of(text: &str) -> Result<u128, String> {
    let hex: String = text.chars().filter(|c| *c != '-').collect();
    let number = u128::from_str_radix(&hex, 16).ok().filter(|_| hex.len() == 32);
    number.ok_or_else(|| "no UUID; write 32 hexadecimal digits".to_owned())
}

/// What a sensor could have seen, and how often it errs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sight {
    /// Probability that it sees a source that emits while it looks, at its limit over this ground.
    pub detection_probability: f64,
    /// How many false detections a square kilometre of ground searched brings.
    pub false_alarms_per_km2: f64,
}

/// What sort of thing somebody, or something without a known limit, tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sign {
    /// Gas smelt or otherwise noticed without an instrument of known limit.
    Smell,
    /// Waste of chemical work.
    Waste,
    /// Chemicals or equipment seized.
    Seizure,
    /// Something in a picture.
    ImageryCue,
    /// An emitter fixed by its signals.
    EmitterFix,
    /// Anything else that speaks for a site.
    Other,
    /// Somebody went there and there was nothing.
    NothingThere,
}

/// What an observation says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum What {
    /// A sensor saw gas: a plume, or a source from a trace.
    GasSeen {
        /// Slug of the gas.
        gas: String,
        /// What the sensor could have seen.
        sight: Sight,
        /// ln of how much better the gases fit a kind of emitter of interest than an innocent one.
        profile_ln_ratio: Option<f64>,
    },
    /// Ground was searched. What was seen there comes as observations of its own with the same
    /// collection; a place of which none speaks was clean.
    Searched {
        /// Slug of the gas.
        gas: String,
        /// What the sensor could have seen.
        sight: Sight,
    },
    /// Somebody, or something without a known limit, tells of a sign.
    Told {
        /// Of what.
        sign: Sign,
    },
}

/// Where it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "shape", rename_all = "snake_case", deny_unknown_fields)]
pub enum Whereabouts {
    /// About a point.
    Point {
        /// The middle.
        place: LatLon,
        /// Holds the truth nine times in ten.
        ellipse: Ellipse90,
    },
    /// Somewhere in a polygon, anywhere alike; edges are straight in longitude and latitude.
    Area {
        /// Corners in order, not closed, either way around.
        ring: Vec<LatLon>,
    },
    /// Somewhere along a line of sight.
    Bearing {
        /// Where it was taken.
        from: LatLon,
        /// Where it points, clockwise from true north.
        bearing: Degrees,
        /// Its standard deviation.
        bearing_std: Degrees,
        /// How far it carries.
        reach: Metres,
    },
}

/// From when to when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// The first moment.
    pub from: Timestamp,
    /// The last; the same for a moment.
    pub to: Timestamp,
}

/// Who collected it and through whose hands it came. Sensors, offices and bodies have identifiers:
/// letters, digits and `-_./:`, no blanks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OriginChain {
    /// Sensor or body that collected it first.
    pub collector: String,
    /// Which flight, pass or document of the collector. Two observations of one collection are one
    /// look at the world.
    pub collection: Option<String>,
    /// Who handed it on, the first after the collector first.
    #[serde(default)]
    pub handed_on_by: Vec<String>,
}

/// What somebody says, before anything is checked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// What.
    pub what: What,
    /// Where.
    pub place: Whereabouts,
    /// When.
    pub when: Period,
    /// How far to trust it.
    pub grade: Grade,
    /// From whom.
    pub origin: OriginChain,
    /// For whom.
    pub marking: Marking,
}

/// An observation that can be: see [`Observation::new`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Draft", into = "Draft")]
pub struct Observation(Draft);

impl Observation {
    /// Checks a draft.
    ///
    /// # Errors
    ///
    /// [`ObservationError`] with the field, what it holds and what should stand there.
    pub fn new(draft: Draft) -> Result<Self, ObservationError> {
        check::draft(&draft)?;
        Ok(Self(draft))
    }

    /// What it says.
    #[must_use]
    pub fn what(&self) -> &What {
        &self.0.what
    }

    /// Where.
    #[must_use]
    pub fn place(&self) -> &Whereabouts {
        &self.0.place
    }

    /// When.
    #[must_use]
    pub fn when(&self) -> Period {
        self.0.when
    }

    /// How far to trust it.
    #[must_use]
    pub fn grade(&self) -> Grade {
        self.0.grade
    }

    /// From whom.
    #[must_use]
    pub fn origin(&self) -> &OriginChain {
        &self.0.origin
    }

    /// For whom.
    #[must_use]
    pub fn marking(&self) -> &Marking {
        &self.0.marking
    }
}

impl TryFrom<Draft> for Observation {
    type Error = ObservationError;

    fn try_from(draft: Draft) -> Result<Self, ObservationError> {
        Self::new(draft)
    }
}

impl From<Observation> for Draft {
    fn from(observation: Observation) -> Self {
        observation.0
    }
}

#[cfg(test)]
mod tests;
