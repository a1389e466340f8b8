//! How closely something is held, what else has to be heeded, and who may have it.
//!
//! What is derived from several things is held as closely as the closest of them, heeds all their caveats, and is for
//! those alone who may have each of them.
//!
//! A marking is written as a *banner* over a whole and as a *portion* before a part:
//!
//! ```text
//! banner  = level ["//" caveat *("/" caveat)] "//" to      SECRET//ORIGINATOR//REL TO norte, sur
//! portion = "(" letters [the same] "//" ("REL" | "NR") ")"       (S//ORIGINATOR//REL)
//! to      = "REL TO" code *("," code) | "NOT RELEASABLE"
//! level   = UNCLASSIFIED | RESTRICTED | CONFIDENTIAL | SECRET | TOP SECRET     letters: U R C S TS
//! ```
//!
//! A banner that does not say to whom it is releasable is releasable to nobody.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// How closely it is held.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Classification {
    /// Open.
    Unclassified,
    /// For duty.
    Restricted,
    /// Harmful when known.
    Confidential,
    /// Gravely so.
    Secret,
    /// Exceptionally so. What nobody classified is held as closely as this.
    #[default]
    TopSecret,
}

impl Classification {
    /// All there are, the most open first.
    pub const ALL: [Self; 5] =
        [Self::Unclassified, Self::Restricted, Self::Confidential, Self::Secret, Self::TopSecret];

    /// As it is written in portions.
    #[must_use]
    pub fn letters(self) -> &'static str {
        match self {
            Self::Unclassified => "U",
            Self::Restricted => "R",
            Self::Confidential => "C",
            Self::Secret => "S",
            Self::TopSecret => "TS",
        }
    }

    /// As it is written in banners.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Unclassified => "UNCLASSIFIED",
            Self::Restricted => "RESTRICTED",
            Self::Confidential => "CONFIDENTIAL",
            Self::Secret => "SECRET",
            Self::TopSecret => "TOP SECRET",
        }
    }
}

impl fmt::Display for Classification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

const REL_TO: &str = "REL TO ";
const NOT_RELEASABLE: &str = "NOT RELEASABLE";

/// Classification, what else has to be heeded, and who may have it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Marking {
    /// How closely it is held.
    pub classification: Classification,
    /// Handling caveats, as they are written in banners.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub caveats: Vec<String>,
    /// Identifiers of the bodies that may have it; none: nobody but us.
    #[serde(default)]
    pub releasable_to: Vec<String>,
}

impl Marking {
    /// The marking of what is derived from this and another.
    #[must_use]
    pub fn high_water(&self, other: &Self) -> Self {
        let mut caveats = self.caveats.iter().chain(&other.caveats).cloned().collect::<Vec<_>>();
        caveats.sort_unstable();
        caveats.dedup();
        let both = self.releasable_to.iter().filter(|body| other.releasable_to.contains(body));
        Self {
            classification: self.classification.max(other.classification),
            caveats,
            releasable_to: both.cloned().collect(),
        }
    }

    /// Whether a body may have it at all.
    #[must_use]
    pub fn is_for(&self, body: &str) -> bool {
        self.releasable_to.iter().any(|named| named == body)
    }

    /// The marking of what is derived from all of these; none where one of them has none, or there is none.
    pub fn high_water_of<'a>(all: impl IntoIterator<Item = Option<&'a Self>>) -> Option<Self> {
        let mut all = all.into_iter();
        let first = all.next()??.clone();
        all.try_fold(first, |sum, marking| Some(sum.high_water(marking?)))
    }

    /// As it is written over a whole.
    #[must_use]
    pub fn banner(&self) -> String {
        let to = match self.releasable_to.as_slice() {
            [] => NOT_RELEASABLE.to_owned(),
            bodies => format!("{REL_TO}{}", bodies.join(", ")),
        };
        joined([self.classification.word(), &self.caveats.join("/"), &to])
    }

    /// As it is written before a part; to whom stands in the banner.
    #[must_use]
    pub fn portion(&self) -> String {
        let to = if self.releasable_to.is_empty() { "NR" } else { "REL" };
        format!("({})", joined([self.classification.letters(), &self.caveats.join("/"), to]))
    }
}

fn joined(parts: [&str; 3]) -> String {
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("//")
}

/// Why a text is no banner.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BannerError {
    /// It begins with no level.
    #[error("`{0}` is no level: write {levels}", levels = Classification::ALL.map(Classification::word).join(", "))]
    Level(String),
    /// A caveat is written as none is.
    #[error("`{0}` is no caveat: write capitals, digits, blanks and -")]
    Caveat(String),
    /// A body is named as none is.
    #[error("`{0}` names no body: write letters, digits and - after REL TO, with commas between")]
    Body(String),
    /// There is something behind the end.
    #[error("`{0}` stands behind the end of the banner")]
    Rest(String),
}

impl FromStr for Marking {
    type Err = BannerError;

    fn from_str(banner: &str) -> Result<Self, BannerError> {
        let mut parts = banner.split("//").map(str::trim);
        let level = parts.next().unwrap_or_default();
        let known = Classification::ALL.into_iter().find(|of| of.word() == level);
        let classification = known.ok_or_else(|| BannerError::Level(level.to_owned()))?;
        let mut marking = Self { classification, ..Self::default() };
        let mut parts = parts.peekable();
        if let Some(caveats) = parts.next_if(|part| !is_to(part)) {
            marking.caveats = caveats.split('/').map(caveat).collect::<Result<_, _>>()?;
        }
        if let Some(to) = parts.next_if(|part| is_to(part)) {
            let bodies = to.strip_prefix(REL_TO).map(|bodies| bodies.split(',').map(body));
            marking.releasable_to = bodies.into_iter().flatten().collect::<Result<_, _>>()?;
        }
        match parts.next() {
            Some(rest) => Err(BannerError::Rest(rest.to_owned())),
            None => Ok(marking),
        }
    }
}

fn is_to(part: &str) -> bool {
    part == NOT_RELEASABLE || part.starts_with(REL_TO)
}

fn caveat(text: &str) -> Result<String, BannerError> {
    let letter = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || " -".contains(c);
    let word = !text.trim().is_empty() && text.trim() == text && text.chars().all(letter);
    if word { Ok(text.to_owned()) } else { Err(BannerError::Caveat(text.to_owned())) }
}

fn body(text: &str) -> Result<String, BannerError> {
    let text = text.trim();
    let word = !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if word { Ok(text.to_owned()) } else { Err(BannerError::Body(text.to_owned())) }
}

#[cfg(test)]
mod tests;
