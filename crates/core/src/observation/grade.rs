//! The Admiralty grade: how reliable who says it is, and how credible what is said, entered apart.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How reliable the collector has been.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Reliability {
    /// Completely.
    A,
    /// Usually.
    B,
    /// Fairly.
    C,
    /// Not usually.
    D,
    /// Not.
    E,
    /// Cannot be judged.
    F,
}

/// How credible what is said is by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub enum Credibility {
    /// 1.
    Confirmed,
    /// 2.
    ProbablyTrue,
    /// 3.
    PossiblyTrue,
    /// 4.
    Doubtful,
    /// 5.
    Improbable,
    /// 6.
    CannotBeJudged,
}

/// Both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grade {
    /// Of the collector.
    pub reliability: Reliability,
    /// Of what is said.
    pub credibility: Credibility,
}

impl Reliability {
    /// From its letter.
    #[must_use]
    pub fn of_letter(letter: &str) -> Option<Self> {
        Some(match letter.trim() {
            "A" | "a" => Self::A,
            "B" | "b" => Self::B,
            "C" | "c" => Self::C,
            "D" | "d" => Self::D,
            "E" | "e" => Self::E,
            "F" | "f" => Self::F,
            _ => return None,
        })
    }
}

impl TryFrom<u8> for Credibility {
    type Error = String;

    fn try_from(figure: u8) -> Result<Self, String> {
        Ok(match figure {
            1 => Self::Confirmed,
            2 => Self::ProbablyTrue,
            3 => Self::PossiblyTrue,
            4 => Self::Doubtful,
            5 => Self::Improbable,
            6 => Self::CannotBeJudged,
            _ => return Err(format!("credibility is 1 to 6, not {figure}")),
        })
    }
}

impl From<Credibility> for u8 {
    fn from(credibility: Credibility) -> Self {
        credibility as Self + 1
    }
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}{}", self.reliability, u8::from(self.credibility))
    }
}
