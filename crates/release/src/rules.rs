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
//! A field that no rule names does not leave. Rules are read whole or refused: a rule for a field that there is not,
//! one that cannot do anything with its field, two for one field, or a key nobody knows are errors that name the rule.

use std::collections::BTreeMap;

use cathartes_core::{marking::Classification, units::Metres};
use serde::Deserialize;

mod check;

/// The rule sets that are shipped, by their names.
pub const SHIPPED: [(&str, &str); 3] = [
    ("agency", include_str!("../rules/agency.toml")),
    ("partner", include_str!("../rules/partner.toml")),
    ("public", include_str!("../rules/public.toml")),
];

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
        by: BTreeMap<String, String>,
    },
    /// A picture is made again from its pixels, smaller.
    Reduce {
        /// Longest side of what is left.
        longest_px: u32,
    },
    /// A probability becomes the nearest of the steps from 0 to 1 that are this far apart.
    Step {
        /// From one to the next.
        step_probability: f64,
    },
    /// A number becomes a name that only this recipient knows.
    Rename,
}

/// One rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// The kind of field it is for.
    pub path: String,
    /// What it does.
    pub action: Action,
    /// The field may be held as closely as this and what is left of it leaves; none: as the recipient's ceiling.
    pub up_to: Option<Classification>,
    /// Why, for those who approve.
    pub why: String,
}

/// The rules for one kind of recipient: see [`Rules::read`].
#[derive(Debug, Clone, PartialEq)]
pub struct Rules {
    /// What recipients name them by.
    pub name: String,
    /// Caveats that those who receive this know how to heed; what has another stays.
    pub caveats: Vec<String>,
    /// Nothing leaves before it is this old.
    pub delay_hours: u32,
    /// The rules, one for a field.
    pub rules: Vec<Rule>,
}

/// Why rules are refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RulesError {
    /// It is no TOML, or not one with `name` and `[[rule]]`.
    #[error("{0}")]
    Form(String),
    /// Something about one rule.
    #[error("rule {number} (`{path}`): {what}")]
    Rule {
        /// Which, from 1.
        number: usize,
        /// The field it names, as far as that can be read.
        path: String,
        /// What is wrong, and what to do.
        what: String,
    },
    /// There are no such rules among those that are shipped.
    #[error("no rules are called `{0}`: shipped are agency, partner and public")]
    NotShipped(String),
}

/// The file, before its rules are looked at.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    #[serde(default)]
    caveats: Vec<String>,
    #[serde(default)]
    delay_hours: u32,
    #[serde(default)]
    rule: Vec<toml::Table>,
}

impl Rules {
    /// Of the text of a file.
    ///
    /// # Errors
    ///
    /// [`RulesError`] with the rule that cannot be.
    pub fn read(text: &str) -> Result<Self, RulesError> {
        let file: File =
            toml::from_str(text).map_err(|error| RulesError::Form(error.to_string()))?;
        let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if file.name.is_empty() || !file.name.chars().all(word) {
            let what = format!("`{}` is no name: write small letters, digits and -", file.name);
            return Err(RulesError::Form(what));
        }
        let mut rules: Vec<Rule> = Vec::with_capacity(file.rule.len());
        for (i, table) in file.rule.into_iter().enumerate() {
            let path = table.get("path").and_then(toml::Value::as_str).unwrap_or("?").to_owned();
            let said = |what| RulesError::Rule { number: i + 1, path: path.clone(), what };
            let rule = check::rule(table).map_err(said)?;
            if let Some(first) = rules.iter().position(|earlier| earlier.path == rule.path) {
                let what = format!("rule {} is for the same field: keep one of them", first + 1);
                return Err(said(what));
            }
            rules.push(rule);
        }
        Ok(Self { name: file.name, caveats: file.caveats, delay_hours: file.delay_hours, rules })
    }

    /// Those of that name that are shipped.
    ///
    /// # Errors
    ///
    /// [`RulesError::NotShipped`] for another name.
    pub fn shipped(name: &str) -> Result<Self, RulesError> {
        let known = SHIPPED.iter().find(|(of, _)| *of == name);
        let (_, text) = known.ok_or_else(|| RulesError::NotShipped(name.to_owned()))?;
        Self::read(text)
    }
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
            Self::Step { step_probability } => write!(f, "steps of {step_probability}"),
            Self::Rename => f.write_str("rename"),
        }
    }
}

#[cfg(test)]
mod tests;
