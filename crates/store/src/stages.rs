//! How a review goes on: who has to look next, or that it is decided.
//!
//! ```text
//! first --confirm--> second --the same--> decided       what the policy wants seen twice
//!   |                  `----another-----> senior --> decided
//!   |--reject, cannot_tell--> decided
//!   |--second_look--> second
//!   `--collect--> collecting --a new observation--> first, in a new round
//! ```
//!
//! What counts are the reviews of the round that nobody superseded, one an author. A wish for a second look is no
//! opinion: who fulfils it decides. When authors differ, somebody who may settle has the last word.

use std::{fmt, str::FromStr};

use crate::{StoreError, reviews::Verdict};

/// Where something stands in its review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Nobody decided on it in this round.
    First,
    /// Somebody did; another is to look without knowing what they said.
    Second,
    /// Two differ; somebody who may settle decides.
    Senior,
    /// More is to be measured first.
    Collecting,
    /// It is decided.
    Decided,
    /// Another finding stands in its place: nobody need look.
    Corrected,
}

impl Stage {
    /// All there are.
    pub const ALL: [Self; 6] =
        [Self::First, Self::Second, Self::Senior, Self::Collecting, Self::Decided, Self::Corrected];

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Second => "second",
            Self::Senior => "senior",
            Self::Collecting => "collecting",
            Self::Decided => "decided",
            Self::Corrected => "corrected",
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Stage {
    type Err = StoreError;

    fn from_str(word: &str) -> Result<Self, StoreError> {
        let known = Self::ALL.into_iter().find(|stage| stage.word() == word);
        known.ok_or_else(|| {
            let all = Self::ALL.map(Self::word).join(", ");
            StoreError::Refused(format!("`{word}` is no stage: {all}"))
        })
    }
}

/// What is looked at twice before it is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SecondLook {
    /// Only what somebody wants seen again.
    Never,
    /// What somebody confirmed.
    #[default]
    Confirmed,
    /// Everything.
    Always,
}

impl SecondLook {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Confirmed => "confirmed",
            Self::Always => "always",
        }
    }

    /// Whether what one says alone is seen again.
    fn wants(self, verdict: Verdict) -> bool {
        match self {
            Self::Never => false,
            Self::Confirmed => verdict == Verdict::Confirm,
            Self::Always => verdict != Verdict::Collect,
        }
    }
}

impl FromStr for SecondLook {
    type Err = StoreError;

    fn from_str(word: &str) -> Result<Self, StoreError> {
        let all = [Self::Never, Self::Confirmed, Self::Always];
        let what = || format!("`{word}` says no second look: never, confirmed or always");
        let known = all.into_iter().find(|one| one.word() == word);
        known.ok_or_else(|| StoreError::Refused(what()))
    }
}

/// What holds when somebody reviews.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReviewRule {
    /// What is looked at twice.
    pub second_look: SecondLook,
    /// Whether whoever reviews may have the last word.
    pub may_settle: bool,
}

/// One review of a round that stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) verdict: Verdict,
    pub(crate) settles: bool,
}

/// Where that leads which was said in a round, oldest first, one an author; the verdict where it is decided.
pub(crate) fn led_to(said: &[Said], second_look: SecondLook) -> (Stage, Option<Verdict>) {
    if let Some(last) = said.iter().rev().find(|one| one.settles) {
        return decided(last.verdict);
    }
    let mut opinions: Vec<Verdict> = said.iter().map(|one| one.verdict).collect();
    opinions.retain(|verdict| *verdict != Verdict::SecondLook);
    let Some(first) = opinions.first().copied() else {
        return match said.len() {
            0 => (Stage::First, None),
            1 => (Stage::Second, None),
            _ => (Stage::Senior, None),
        };
    };
    if opinions.iter().any(|other| *other != first) {
        return (Stage::Senior, None);
    }
    if said.len() == 1 && second_look.wants(first) {
        return (Stage::Second, None);
    }
    decided(first)
}

fn decided(verdict: Verdict) -> (Stage, Option<Verdict>) {
    match verdict {
        Verdict::Collect => (Stage::Collecting, None),
        verdict => (Stage::Decided, Some(verdict)),
    }
}

#[cfg(test)]
mod tests;
