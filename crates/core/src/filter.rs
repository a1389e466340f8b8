//! Conditions on what is in a record, as values: what a language of filters says and a database answers.

use jiff::Timestamp;

use crate::{geometry::LatLon, units::Degrees};

/// What a field is compared with.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// A number, in the unit that the name of its field says.
    Number(f64),
    /// A text.
    Text(String),
    /// A moment.
    Moment(Timestamp),
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// The same.
    Equal,
    /// Not the same.
    Unequal,
    /// Before or below.
    Less,
    /// After or above.
    Greater,
    /// Not after or above.
    AtMost,
    /// Not before or below.
    AtLeast,
}

/// A box of longitudes and latitudes; one whose west is east of its east goes over the antimeridian.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    /// Western edge.
    pub west: Degrees,
    /// Southern edge.
    pub south: Degrees,
    /// Eastern edge.
    pub east: Degrees,
    /// Northern edge.
    pub north: Degrees,
}

impl Area {
    /// A box that holds one place.
    #[must_use]
    pub fn of(place: LatLon) -> Self {
        let LatLon { latitude, longitude } = place;
        Self { west: longitude, south: latitude, east: longitude, north: latitude }
    }
}

/// A condition. What is compared with an absent field is neither true nor false, as in SQL.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// All of these hold.
    All(Vec<Condition>),
    /// Any of these holds.
    Any(Vec<Condition>),
    /// It does not hold.
    Not(Box<Condition>),
    /// A field compared with a value.
    Compare(String, Comparison, Literal),
    /// A field from one value to another, both included.
    Between(String, Literal, Literal),
    /// A field that is one of these.
    OneOf(String, Vec<Literal>),
    /// A text where `%` is anything and `_` any one letter; capitals matter.
    Like(String, String),
    /// A field that is absent.
    Absent(String),
    /// The place lies in a box.
    Within(Area),
}
