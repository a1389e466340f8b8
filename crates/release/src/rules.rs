//! Sanitising rules: data, one file for each kind of recipient.
//!
//! ```toml
//! name = "partner"
//!
//! [[rule]]
//! path = "place"                  # `[*]` stands for any number
//! action = "search_area"
//! radius_m = 500
//! up_to = "secret"                # what is left may leave though the field is held as closely as this
//! why = "where the sensor saw it better than this stays here"
//! ```
//!
//! A field that no rule names does not leave.

use cathartes_core::{marking::Classification, units::Metres};
use serde::Deserialize;

/// What is done to a field.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case", deny_unknown_fields)]
pub enum Action {
    /// It leaves as it is.
    Keep,
    /// It stays.
    Drop,
    /// A place becomes the square of a grid that it lies in.
    Grid {
        /// Side of a square.
        #[serde(rename = "cell_m")]
        cell: Metres,
    },
    /// A place becomes a circle that it lies in, not in its middle.
    SearchArea {
        /// How far the circle reaches.
        #[serde(rename = "radius_m")]
        radius: Metres,
    },
    /// A time becomes its hour.
    Hour,
    /// A time becomes its day, UTC.
    Day,
    /// A rate becomes the band between two of these that holds it.
    Band {
        /// Ends of bands, kg/h, ascending.
        edges_kg_h: Vec<f64>,
    },
    /// A name becomes what the table says; a name that it does not have stays.
    Replace {
        /// Name to what stands for it.
        by: std::collections::BTreeMap<String, String>,
    },
    /// A picture is made again from its pixels, smaller.
    Reduce {
        /// Longest side of what is left.
        longest_px: u32,
    },
    /// A number becomes a name that only this recipient knows.
    Rename,
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Rule {
    /// The kind of field it is for.
    pub path: String,
    /// What it does.
    #[serde(flatten)]
    pub action: Action,
    /// The field may be held as closely as this and what is left of it leaves; none: as the recipient's ceiling.
    pub up_to: Option<Classification>,
    /// Why, for those who approve.
    pub why: String,
}

/// The rules for one kind of recipient.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// What recipients name them by.
    pub name: String,
    /// Caveats that those who receive this know how to heed; what has another stays.
    #[serde(default)]
    pub caveats: Vec<String>,
    /// Nothing leaves before it is this old.
    #[serde(default)]
    pub delay_hours: u32,
    /// The rules; of several for one field, the first.
    #[serde(rename = "rule")]
    pub rules: Vec<Rule>,
}

impl std::fmt::Display for Action {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Keep => f.write_str("keep"),
            Self::Drop => f.write_str("drop"),
            Self::Grid { cell } => write!(f, "grid of {cell}"),
            Self::SearchArea { radius } => write!(f, "search area of {radius}"),
            Self::Hour => f.write_str("hour"),
            Self::Day => f.write_str("day"),
            Self::Band { edges_kg_h } => write!(f, "band between {edges_kg_h:?} kg/h"),
            Self::Replace { by } => write!(f, "replace by {} names", by.len()),
            Self::Reduce { longest_px } => write!(f, "reduce to {longest_px} px"),
            Self::Rename => f.write_str("rename"),
        }
    }
}
