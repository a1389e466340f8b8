//! What analysts work with and a partner may get a part of: named fields, each with its marking.

use std::{collections::BTreeMap, fmt};

use cathartes_core::{
    estimate::Interval90,
    geometry::LatLon,
    marking::Marking,
    observation::Period,
    source::Ellipse90,
    units::{KgPerHour, Metres},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Name of a field: words with dots between them, and `[n]` behind those there are several of, as `sources[0].place`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FieldPath(String);

impl FieldPath {
    /// # Errors
    ///
    /// A sentence for a text that names no field.
    pub fn new(text: impl Into<String>) -> Result<Self, String> {
        let text = text.into();
        let word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase());
        let step = |step: &str| match step.strip_suffix(']').and_then(|s| s.split_once('[')) {
            Some((name, n)) => word(name) && !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()),
            None => word(step),
        };
        if text.split('.').all(step) {
            return Ok(Self(text));
        }
        Err(format!(
            "`{text}` names no field: write lower-case words with dots, as sources[0].place"
        ))
    }

    /// As it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// With every number in brackets as `*`: what rules speak of.
    #[must_use]
    pub fn kind(&self) -> String {
        let parts = self.0.split('[').enumerate().map(|(i, part)| match part.split_once(']') {
            Some((_, rest)) if i > 0 => format!("[*]{rest}"),
            _ => part.to_owned(),
        });
        parts.collect()
    }
}

impl TryFrom<String> for FieldPath {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::new(text)
    }
}

impl From<FieldPath> for String {
    fn from(path: FieldPath) -> Self {
        path.0
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A picture: three bytes a pixel, red, green and blue, from the upper left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// How many pixels a row has.
    pub width_px: u32,
    /// How many rows.
    pub height_px: u32,
    /// The pixels.
    pub rgb: Vec<u8>,
}

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Value {
    /// A point and how sure of it.
    Place {
        /// The middle.
        place: LatLon,
        /// Holds the truth nine times in ten.
        ellipse: Ellipse90,
    },
    /// Somewhere in a circle.
    Circle {
        /// The middle.
        middle: LatLon,
        /// How far it reaches.
        radius: Metres,
    },
    /// Somewhere in a square of a grid: its corners, not closed, anticlockwise.
    Cell {
        /// The corners.
        corners: [LatLon; 4],
    },
    /// From when to when.
    Observed(Period),
    /// A moment.
    At {
        /// The moment.
        at: Timestamp,
    },
    /// How much, with nine chances in ten.
    Rate(Interval90<KgPerHour>),
    /// A probability.
    Probability {
        /// From 0 to 1.
        probability: f64,
    },
    /// A name: of a sensor, an aircraft, a kind of thing.
    Name {
        /// The name.
        name: String,
    },
    /// Names.
    Names {
        /// In order.
        names: Vec<String>,
    },
    /// Sentences.
    Words {
        /// The sentences.
        words: String,
    },
    /// What something is known by here.
    Id {
        /// The number.
        id: Uuid,
    },
    /// What something is known by to one recipient.
    Alias {
        /// The name.
        alias: String,
    },
    /// A picture.
    Picture(Image),
}

/// What a field can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// A point with its ellipse.
    Place,
    /// A period or a moment.
    Time,
    /// How much.
    Rate,
    /// From 0 to 1.
    Probability,
    /// A name, or several where something is of several of them.
    Name,
    /// Names.
    Names,
    /// Sentences.
    Words,
    /// A number of ours.
    Id,
    /// A picture.
    Picture,
}

impl FieldKind {
    /// As a sentence says it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Place => "a place",
            Self::Time => "a time",
            Self::Rate => "a rate",
            Self::Probability => "a probability",
            Self::Name => "a name",
            Self::Names => "names",
            Self::Words => "sentences",
            Self::Id => "a number of ours",
            Self::Picture => "a picture",
        }
    }

    /// Whether a value is one of this kind. What was made for a recipient is of none: no product holds it.
    #[must_use]
    pub fn holds(self, value: &Value) -> bool {
        match value {
            Value::Place { .. } => self == Self::Place,
            Value::Observed(_) | Value::At { .. } => self == Self::Time,
            Value::Rate(_) => self == Self::Rate,
            Value::Probability { .. } => self == Self::Probability,
            Value::Name { .. } => self == Self::Name,
            Value::Names { .. } => matches!(self, Self::Name | Self::Names),
            Value::Words { .. } => self == Self::Words,
            Value::Id { .. } => self == Self::Id,
            Value::Picture(_) => self == Self::Picture,
            Value::Circle { .. } | Value::Cell { .. } | Value::Alias { .. } => false,
        }
    }
}

/// The fields that there are, by their kinds of path.
pub const FIELDS: [(&str, FieldKind); 22] = [
    ("analysts[*]", FieldKind::Name),
    ("collection", FieldKind::Name),
    ("confidence", FieldKind::Name),
    ("expires", FieldKind::Time),
    ("gases", FieldKind::Names),
    ("id", FieldKind::Id),
    ("images[*]", FieldKind::Picture),
    ("ledger[*].words", FieldKind::Words),
    ("likelihood", FieldKind::Probability),
    ("observed", FieldKind::Time),
    ("place", FieldKind::Place),
    ("platform", FieldKind::Name),
    ("rate", FieldKind::Rate),
    ("scenes[*]", FieldKind::Id),
    ("sensor", FieldKind::Name),
    ("sources[*].place", FieldKind::Place),
    ("sources[*].rate", FieldKind::Rate),
    ("title", FieldKind::Words),
    ("unknown.en", FieldKind::Words),
    ("unknown.es", FieldKind::Words),
    ("what.en", FieldKind::Words),
    ("what.es", FieldKind::Words),
];

/// What the fields of a kind of path hold; none: there are no such fields.
#[must_use]
pub fn field_kind(path: &str) -> Option<FieldKind> {
    FIELDS.iter().find(|(of, _)| *of == path).map(|(_, kind)| *kind)
}

/// Whether it is a place or a plume.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProductKind {
    /// A place that probably holds a hidden source.
    Site,
    /// A plume or a source.
    Finding,
}

/// Everything about one site or finding that could be told.
///
/// Its fields are those of [`FIELDS`]; `confidence` is low, moderate or high.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Product {
    /// Its id in the record.
    pub id: Uuid,
    /// Of what kind.
    pub kind: ProductKind,
    /// How closely it is held where a field says nothing else; none: it stays.
    pub marking: Option<Marking>,
    /// Fields that are held otherwise.
    pub overrides: BTreeMap<FieldPath, Marking>,
    /// The fields.
    pub fields: BTreeMap<FieldPath, Value>,
}

impl Product {
    /// How closely a field is held.
    #[must_use]
    pub fn marking_of(&self, path: &FieldPath) -> Option<&Marking> {
        self.overrides.get(path).or(self.marking.as_ref())
    }
}

#[cfg(test)]
mod tests;
