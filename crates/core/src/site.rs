//! A place that probably holds a hidden source, and the ledger of all that speaks for and against it.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    geometry::LatLon,
    observation::{ObservationId, Period, hyphenated, number_of},
    source::Ellipse90,
    units::Metres,
};

/// Number of a site: that of the observation which gave rise to it, and so stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SiteId(pub u128);

impl TryFrom<String> for SiteId {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        number_of(&text).map(Self)
    }
}

impl From<SiteId> for String {
    fn from(id: SiteId) -> Self {
        id.to_string()
    }
}

impl fmt::Display for SiteId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hyphenated(self.0, f)
    }
}

/// One line of a ledger.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Term {
    /// The observation it comes from; none for what is believed beforehand, for age and for registers.
    pub observation: Option<ObservationId>,
    /// When it was observed; none for what stands at all times.
    pub at: Option<Timestamp>,
    /// What it says, for people.
    pub words: String,
    /// What it adds to the ln of the odds.
    pub ln_odds: f64,
}

/// Lines in the order in which they are added up.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ledger {
    /// First line first.
    pub terms: Vec<Term>,
}

impl Ledger {
    /// ln of the odds that there is a hidden source: the terms added from the first to the last, bit
    /// for bit.
    #[must_use]
    pub fn ln_odds(&self) -> f64 {
        self.terms.iter().fold(0.0, |sum, term| sum + term.ln_odds)
    }

    /// The same as a probability, 1 / (1 + e^−x).
    #[must_use]
    pub fn probability(&self) -> f64 {
        1.0 / (1.0 + (-self.ln_odds()).exp())
    }
}

impl fmt::Display for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for term in &self.terms {
            writeln!(f, "{:>+8.3}  {}", term.ln_odds, term.words)?;
        }
        let (sum, percent) = (self.ln_odds(), 100.0 * self.probability());
        write!(f, "{sum:>+8.3}  together: {percent:.1} %")
    }
}

/// A site as of one moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Site {
    /// Its number.
    pub id: SiteId,
    /// Where its source is, if there is one.
    pub place: LatLon,
    /// Holds it nine times in ten.
    pub ellipse: Ellipse90,
    /// Slugs of the gases that sensors saw of it.
    pub gases: Vec<String>,
    /// Why it is as probable as it is.
    pub ledger: Ledger,
    /// What was observed of it.
    pub observations: Vec<ObservationId>,
    /// The moment.
    pub as_of: Timestamp,
}

impl Site {
    /// From when to when anything of it was observed.
    #[must_use]
    pub fn observed(&self) -> Period {
        let moments = || self.ledger.terms.iter().filter_map(|term| term.at);
        let (first, last) = (moments().min(), moments().max());
        Period { from: first.unwrap_or(self.as_of), to: last.unwrap_or(self.as_of) }
    }
}

/// A licensed or known emitter, which explains gas away.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LicensedEmitter {
    /// What its register calls it.
    pub name: String,
    /// Slugs of what it may emit; none: anything.
    pub gases: Vec<String>,
    /// Its middle.
    pub place: LatLon,
    /// Its ground lies within this.
    pub radius: Metres,
}

#[cfg(test)]
mod tests;
