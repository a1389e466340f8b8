//! Observations from files of others, all into one form.
//!
//! | format | function | a row is |
//! |---|---|---|
//! | CSV with a header | [`csv`] | a row |
//! | `GeoJSON` (RFC 7946) | [`geojson`] | a feature with a point, a polygon, or a line of two points: a bearing |
//! | KML 2.2 (OGC 07-147r2) | [`kml`] | a placemark, likewise |
//! | Cursor-on-Target 2.0 | [`cursor_on_target`] | an `event` |
//! | STIX 2.1 bundle | [`stix`] | an `observed-data` or `sighting` with a `location` |
//!
//! Every row is first a list of named texts, and a [`Mapping`] says how the file names them and what holds
//! where it is silent:
//!
//! ```text
//! [columns]                    our name = the file's name
//! latitude = "Lat"
//! [constants]                  our name = the value of rows that say nothing
//! reliability = "C"
//! ```
//!
//! | our name | holds |
//! |---|---|
//! | `kind` | `gas_seen`, `searched` or `told`; missing: `told` |
//! | `sign` | of what is told: `smell`, `waste`, `seizure`, `imagery_cue`, `emitter_fix`, `other`, `nothing_there` |
//! | `gas`, `detection_probability`, `false_alarms_per_km2`, `profile_ln_ratio` | of a sensor |
//! | `latitude`, `longitude` | degrees on WGS 84, where the format has no place of its own |
//! | `radius_90_m`; or `semi_major_m`, `semi_minor_m`, `ellipse_bearing_deg` | holds the truth nine times in ten |
//! | `bearing_deg`, `bearing_std_deg`, `reach_m` | of a line of sight |
//! | `time`; or `from`, `to` | RFC 3339 with its offset |
//! | `reliability`, `credibility` | A to F, 1 to 6 |
//! | `collector`, `collection`, `handed_on_by` | identifiers; several with `;` between |
//! | `classification`, `releasable_to` | missing: top secret, nobody |
//!
//! A row that cannot be is left out with its [`Fault`]; the others stay. Whatever names a person (a column, a
//! property, a kind of object) is refused at the door, with the reason. Other names are passed over and not kept.

use std::{collections::BTreeMap, fmt};

use cathartes_core::observation::{Observation, Whereabouts};
use serde::Deserialize;

mod cot;
mod door;
mod geo_json;
mod kml_file;
pub(crate) mod markup;
mod row;
mod stix_bundle;
mod table;

pub use door::at_door;
pub(crate) use geo_json::{Feature, features};
pub use row::FIELDS;
pub(crate) use table::each_row;

/// Largest file, bytes.
pub const MAX_BYTES: usize = 256 << 20;
/// Largest mapping, bytes.
pub const MAX_MAPPING_BYTES: usize = 64 << 10;
/// Most faults told one by one; the rest is counted.
pub const MOST_FAULTS: usize = 10_000;

/// What a file calls things, and what holds where it is silent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// Our name to the file's.
    #[serde(default)]
    pub columns: BTreeMap<String, String>,
    /// Our name to a value.
    #[serde(default)]
    pub constants: BTreeMap<String, String>,
}

/// Why a row is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Row, feature, placemark, event or object, from 1; the header of a table is row 1.
    pub row: u64,
    /// What is wrong, where in the row, and what to do.
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "row {}: {}", self.row, self.what)
    }
}

/// One row that can be.
#[derive(Debug, Clone, PartialEq)]
pub struct Read {
    /// As [`Fault::row`].
    pub row: u64,
    /// What it says.
    pub observation: Observation,
}

/// What a file gives.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Imported {
    /// In the order of the file.
    pub observations: Vec<Read>,
    /// The first [`MOST_FAULTS`].
    pub faults: Vec<Fault>,
    /// Rows left out, all of them.
    pub left_out: u64,
}

impl Imported {
    fn add(&mut self, row: u64, read: Result<Observation, String>) {
        match read {
            Ok(observation) => self.observations.push(Read { row, observation }),
            Err(what) => {
                self.left_out += 1;
                if self.faults.len() < MOST_FAULTS {
                    self.faults.push(Fault { row, what });
                }
            }
        }
    }
}

/// Why a whole file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// Larger than any.
    #[error("the file has {bytes} bytes of at most {most}; divide it")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The limit.
        most: usize,
    },
    /// Not what it should be.
    #[error("line {line}: {reason}; {remedy}")]
    Refused {
        /// Line, from 1.
        line: usize,
        /// What is wrong.
        reason: String,
        /// What to do.
        remedy: &'static str,
    },
    /// A mapping that names what is not there.
    #[error("mapping: `{name}` {remedy}")]
    Mapping {
        /// Our name or the file's.
        name: String,
        /// What to do.
        remedy: &'static str,
    },
    /// A column that is about persons.
    #[error("column `{column}`: {}", door::EXPLANATION)]
    Somebody {
        /// Its title.
        column: String,
    },
}

impl Mapping {
    /// Reads a mapping.
    ///
    /// # Errors
    ///
    /// [`ImportError`] with the line or the name, and the remedy.
    pub fn parse(bytes: &[u8]) -> Result<Self, ImportError> {
        if bytes.len() > MAX_MAPPING_BYTES {
            return Err(ImportError::TooLarge { bytes: bytes.len(), most: MAX_MAPPING_BYTES });
        }
        let text = std::str::from_utf8(bytes).map_err(|_| ImportError::Refused {
            line: 1,
            reason: "no UTF-8 text".into(),
            remedy: "save the mapping as UTF-8",
        })?;
        let mapping: Self = toml::from_str(text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            ImportError::Refused {
                line: before.matches('\n').count() + 1,
                reason: first_line(error.message()),
                remedy: "a mapping holds [columns] and [constants], each of our names to a text",
            }
        })?;
        mapping.checked()
    }

    fn checked(self) -> Result<Self, ImportError> {
        let unknown = |name: &&String| !FIELDS.contains(&name.as_str());
        if let Some(name) = self.columns.keys().chain(self.constants.keys()).find(unknown) {
            let remedy = "is none of our names; the guide lists them";
            return Err(ImportError::Mapping { name: name.clone(), remedy });
        }
        Ok(self)
    }

    /// What the file calls one of our names.
    pub(crate) fn theirs<'m>(&'m self, ours: &'m str) -> &'m str {
        self.columns.get(ours).map_or(ours, String::as_str)
    }
}

/// Reads a file of any of these formats, which it is told by: JSON of type `bundle` is STIX, other JSON is
/// `GeoJSON`; XML that begins with `kml` is KML, other XML is Cursor-on-Target; anything else is a table.
///
/// # Errors
///
/// [`ImportError`] as of the format.
pub fn read(bytes: &[u8], mapping: &Mapping) -> Result<Imported, ImportError> {
    let bytes = unmarked(bytes);
    match form(bytes) {
        Form::Json if stix_bundle::is_bundle(bytes) => stix(bytes, mapping),
        Form::Json => geojson(bytes, mapping),
        Form::Xml if markup::root(bytes).is_some_and(|name| name == "kml") => kml(bytes, mapping),
        Form::Xml => cursor_on_target(bytes, mapping),
        Form::Text => csv(bytes, mapping),
    }
}

/// Without the mark that some programs put before UTF-8.
pub(crate) fn unmarked(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// What a file is written in, by its first character.
pub(crate) enum Form {
    Json,
    Xml,
    Text,
}

pub(crate) fn form(bytes: &[u8]) -> Form {
    match unmarked(bytes).iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'{') => Form::Json,
        Some(b'<') => Form::Xml,
        _ => Form::Text,
    }
}

/// Reads a table.
///
/// # Errors
///
/// [`ImportError`] when the header is not right or the file is no table.
pub fn csv(bytes: &[u8], mapping: &Mapping) -> Result<Imported, ImportError> {
    table::read(fits(bytes)?, mapping)
}

/// Reads `GeoJSON`.
///
/// # Errors
///
/// [`ImportError`] when it is no `GeoJSON`.
pub fn geojson(bytes: &[u8], mapping: &Mapping) -> Result<Imported, ImportError> {
    geo_json::read(fits(bytes)?, mapping)
}

/// Reads KML; what stands before damage is kept.
///
/// # Errors
///
/// [`ImportError`] when it is larger than any.
pub fn kml(bytes: &[u8], mapping: &Mapping) -> Result<Imported, ImportError> {
    Ok(kml_file::read(fits(bytes)?, mapping))
}

/// Reads Cursor-on-Target events, one after the other or inside of any element; what stands before damage
/// is kept.
///
/// # Errors
///
/// [`ImportError`] when it is larger than any.
pub fn cursor_on_target(bytes: &[u8], mapping: &Mapping) -> Result<Imported, ImportError> {
    Ok(cot::read(fits(bytes)?, mapping))
}

/// Reads a STIX 2.1 bundle.
///
/// # Errors
///
/// [`ImportError`] when it is no bundle.
pub fn stix(bytes: &[u8], mapping: &Mapping) -> Result<Imported, ImportError> {
    stix_bundle::read(fits(bytes)?, mapping)
}

pub(crate) fn fits(bytes: &[u8]) -> Result<&[u8], ImportError> {
    if bytes.len() > MAX_BYTES {
        return Err(ImportError::TooLarge { bytes: bytes.len(), most: MAX_BYTES });
    }
    Ok(bytes)
}

pub(crate) fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().chars().take(200).collect()
}

/// A place that the format itself gives.
pub(crate) type Shape = Option<Result<Whereabouts, String>>;

#[cfg(test)]
mod tests;
