//! The partner bodies that receive releases.

use cathartes_core::marking::Classification;
use serde::{Deserialize, Serialize};

/// How far a recipient may hand on what it gets: Traffic Light Protocol 2.0 (FIRST, 2022).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Tlp {
    /// To nobody.
    #[serde(rename = "TLP:RED")]
    Red,
    /// Within its body.
    #[serde(rename = "TLP:AMBER+STRICT")]
    AmberStrict,
    /// Within its body and to those it serves.
    #[serde(rename = "TLP:AMBER")]
    Amber,
    /// Within its community.
    #[serde(rename = "TLP:GREEN")]
    Green,
    /// To anybody.
    #[serde(rename = "TLP:CLEAR")]
    Clear,
}

impl Tlp {
    /// As it is written.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Red => "TLP:RED",
            Self::AmberStrict => "TLP:AMBER+STRICT",
            Self::Amber => "TLP:AMBER",
            Self::Green => "TLP:GREEN",
            Self::Clear => "TLP:CLEAR",
        }
    }
}

/// Languages that partners read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// Spanish.
    Es,
    /// English.
    En,
}

/// A partner body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipient {
    /// The identifier that markings name it by: letters, digits and `-`.
    pub code: String,
    /// What it calls itself.
    pub name: String,
    /// What it reads first.
    pub language: Language,
    /// How closely held a thing may be and still go there.
    pub ceiling: Classification,
    /// How far it may hand on what it gets.
    pub tlp: Tlp,
    /// The sanitising rules for it, by their name.
    pub rules: String,
}
