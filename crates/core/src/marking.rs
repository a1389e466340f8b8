//! How closely something is held, what else has to be heeded, and who may have it.
//!
//! What is derived from several things is held as closely as the closest of them, heeds all their caveats, and is for
//! those alone who may have each of them.

use std::fmt;

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
}
