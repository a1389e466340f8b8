//! Who may fly what, where, when and for what: authorities with their clauses and volumes.
//!
//! Forbid wins over permit, and what nothing permits is forbidden. `docs/certificate.md` has the words in full.

use jiff::{Timestamp, civil::Weekday};

use crate::{geometry::LatLon, observation::Period, units::Metres};

/// A document that permits and forbids.
#[derive(Debug, Clone, PartialEq)]
pub struct Authority {
    /// Who says it.
    pub issuer: String,
    /// Its number at the issuer's; no two that hold together share one.
    pub number: String,
    /// When its permissions hold.
    pub valid: Period,
    /// Whom its permissions are for.
    pub operators: Vec<String>,
    /// Which kinds of aircraft its permissions are for.
    pub aircraft: Vec<String>,
    /// What it says.
    pub clauses: Vec<Clause>,
}

/// One thing that is permitted or forbidden.
#[derive(Debug, Clone, PartialEq)]
pub struct Clause {
    /// Its number within the document.
    pub number: String,
    /// Which of both.
    pub rule: Rule,
    /// For what; a prohibition of none is of all.
    pub purposes: Vec<Purpose>,
    /// Whom it is of, where that is not said by the document.
    pub operators: Option<Vec<String>>,
    /// Which kinds of aircraft it is of, where that is not said by the document.
    pub aircraft: Option<Vec<String>>,
    /// Where.
    pub volume: Volume,
    /// When: in any of these; always where there is none.
    pub windows: Vec<TimeWindow>,
}

/// What a clause does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// It permits.
    Permit,
    /// It forbids.
    Forbid,
}

impl Rule {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Permit, Self::Forbid];

    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Permit => "permit",
            Self::Forbid => "forbid",
        }
    }
}

/// What an aircraft flies for. There are no others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// To measure gases.
    ChemicalSurvey,
    /// To take pictures.
    Imagery,
    /// To receive radio signals.
    Signals,
    /// To watch the sea.
    Maritime,
}

impl Purpose {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::ChemicalSurvey, Self::Imagery, Self::Signals, Self::Maritime];

    /// Its words.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::ChemicalSurvey => "chemical survey",
            Self::Imagery => "imagery",
            Self::Signals => "signals",
            Self::Maritime => "maritime",
        }
    }
}

/// A part of the air.
#[derive(Debug, Clone, PartialEq)]
pub struct Volume {
    /// Over these, at least one.
    pub polygons: Vec<Polygon>,
    /// From here up.
    pub floor: Limit,
    /// Up to here; endless where there is none.
    pub ceiling: Option<Limit>,
}

/// An outline and its holes, of geodesics.
#[derive(Debug, Clone, PartialEq)]
pub struct Polygon {
    /// The outline first; the last place of a ring is not the first again.
    pub rings: Vec<Vec<LatLon>>,
}

/// A height and what it is counted from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Limit {
    /// Above mean sea level.
    Amsl(Metres),
    /// Above the ground.
    Agl(Metres),
    /// Pressure altitude, which flight levels count in hundreds of feet.
    Pressure(Metres),
}

impl Limit {
    /// Pressure altitude of a flight level.
    pub const FLIGHT_LEVEL: Metres = Metres(30.48);

    /// Whether this floor is the ground, below which nothing is.
    #[must_use]
    pub fn is_ground(self) -> bool {
        matches!(self, Self::Agl(height) if height.0 <= 0.0)
    }
}

impl std::fmt::Display for Limit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            floor if floor.is_ground() => f.write_str("the ground"),
            Self::Amsl(height) => write!(f, "{height} above mean sea level"),
            Self::Agl(height) => write!(f, "{height} above the ground"),
            Self::Pressure(height) => {
                write!(f, "flight level {}", height.0 / Self::FLIGHT_LEVEL.0)
            }
        }
    }
}

/// When: all that it has must hold.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TimeWindow {
    /// Not before this.
    pub from: Option<Timestamp>,
    /// Not after this.
    pub to: Option<Timestamp>,
    /// Within any of these; at any time of the week where there is none.
    pub weekly: Vec<Weekly>,
}

/// A part of some days of every week, UTC.
#[derive(Debug, Clone, PartialEq)]
pub struct Weekly {
    /// The days on which it begins.
    pub days: Vec<Weekday>,
    /// Minutes after midnight.
    pub from_min: u16,
    /// Minutes after midnight, up to 1,440; on the following day when it is not after the other.
    pub to_min: u16,
}
