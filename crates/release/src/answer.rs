//! What a recipient says of a release: that it has it, who goes, what came of it, or that it is wrong.
//!
//! ```text
//! received -> assigned -> on the way -> outcome          in any order and any number: the last one holds
//!                                    -> dispute          which we answer within DISPUTE_DAYS
//! ```
//!
//! The same values travel by page, by typed code ([`code`], [`sheet`]) and by file, and are checked here once.

pub mod code;
pub mod file;
pub mod keys;
pub mod sheet;
mod typed;
pub mod words;

use cathartes_core::geometry::LatLon;
use serde::{Deserialize, Serialize};

pub use typed::{amount, count, place};

/// We answer a dispute within so many days.
pub const DISPUTE_DAYS: u32 = 5;
/// Longest note, in characters.
pub const NOTE_CHARS: usize = 1_000;
/// Most things seized that one answer lists.
pub const MOST_SEIZED: usize = 8;
/// More arrests than this at one place are a slip of the finger.
const MOST_ARRESTS: u32 = 10_000;
/// Likewise of any unit.
const MOST_AMOUNT: f64 = 1e7;

/// How far a recipient is with a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It was opened.
    Received,
    /// Somebody is to go.
    Assigned,
    /// Somebody goes.
    OnTheWay,
    /// It was acted on, or will not be.
    Outcome,
    /// It is said to be wrong.
    Dispute,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeCode {
    /// A site was there and is not any more.
    Dismantled,
    /// Things were taken.
    Seized,
    /// Somebody was arrested.
    Arrests,
    /// Nobody and nothing was there.
    NothingFound,
    /// It is elsewhere.
    WrongPlace,
    /// They knew.
    AlreadyKnown,
    /// They will not or cannot go.
    CannotAct,
}

/// Why somebody cannot act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The place cannot be reached.
    NoAccess,
    /// It is not safe to go.
    NotSafe,
    /// People, vehicles or time are missing.
    NoMeans,
    /// It is another body's matter.
    NotOurs,
    /// An order of a court is waited for.
    NoOrder,
    /// It came too late.
    TooLate,
    /// The place or the reason is not clear enough.
    TooVague,
    /// Something else.
    Other,
}

/// What an amount counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Kilograms.
    Kg,
    /// Litres.
    L,
    /// Pieces.
    Pieces,
}

/// What was seized, in the coarsest words that are of use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Goods {
    /// What was made there.
    Product,
    /// What it is made with.
    Chemicals,
    /// Vessels, burners, generators.
    Equipment,
    /// Anything else.
    Other,
}

/// So much of something.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seized {
    /// Of what.
    pub goods: Goods,
    /// How much, in `unit`.
    pub amount: f64,
    /// What is counted.
    pub unit: Unit,
}

/// What goes with an outcome. There is room for counts and places, and none for names.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Details {
    /// What was seized.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seized: Vec<Seized>,
    /// How many were arrested; none: nothing was said of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrests: Option<u32>,
    /// Where it really is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<LatLon>,
}

/// What a recipient says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// How far it is.
    pub state: State,
    /// What came of it, where that is the state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<OutcomeCode>,
    /// Why it cannot act, where that came of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// Counts and places.
    #[serde(default)]
    pub details: Details,
    /// Its own words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// Why an answer is none. [`words::trouble`] says it in the language of who answered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// A word that is not in the list.
    #[error("`{0}` is no answer: choose one of those on the page")]
    Unknown(String),
    /// An outcome without saying which, or one where there is none.
    #[error("an outcome says what came of it, and nothing else does")]
    Outcome,
    /// A reason missing, or one where there is none.
    #[error("who cannot act says why, and nobody else does")]
    Reason,
    /// A note that is too long.
    #[error("the note has {chars} characters: write {NOTE_CHARS} at most")]
    Long {
        /// How many it has.
        chars: usize,
    },
    /// A number that cannot be.
    #[error("`{0}` is no amount: write digits, as 12.5")]
    Amount(String),
    /// A number that can be read in two ways.
    #[error(
        "`{0}` can be read in two ways: write thousands without a mark, as 1234, or more digits, as 1.2340"
    )]
    Ambiguous(String),
    /// Too many things.
    #[error("an answer lists {MOST_SEIZED} things seized at most")]
    Many,
    /// A place that is none.
    #[error("`{0}` is no place: write latitude and longitude, as 31.8421, -106.2013")]
    Place(String),
}

impl State {
    /// All there are, in their order.
    pub const ALL: [Self; 5] =
        [Self::Received, Self::Assigned, Self::OnTheWay, Self::Outcome, Self::Dispute];

    /// As it is kept.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Assigned => "assigned",
            Self::OnTheWay => "on_the_way",
            Self::Outcome => "outcome",
            Self::Dispute => "dispute",
        }
    }
}

impl OutcomeCode {
    /// All there are.
    pub const ALL: [Self; 7] = [
        Self::Dismantled,
        Self::Seized,
        Self::Arrests,
        Self::NothingFound,
        Self::WrongPlace,
        Self::AlreadyKnown,
        Self::CannotAct,
    ];

    /// As it is kept.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Dismantled => "dismantled",
            Self::Seized => "seized",
            Self::Arrests => "arrests",
            Self::NothingFound => "nothing_found",
            Self::WrongPlace => "wrong_place",
            Self::AlreadyKnown => "already_known",
            Self::CannotAct => "cannot_act",
        }
    }
}

impl Reason {
    /// All there are.
    pub const ALL: [Self; 8] = [
        Self::NoAccess,
        Self::NotSafe,
        Self::NoMeans,
        Self::NotOurs,
        Self::NoOrder,
        Self::TooLate,
        Self::TooVague,
        Self::Other,
    ];

    /// As it is kept.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::NoAccess => "no_access",
            Self::NotSafe => "not_safe",
            Self::NoMeans => "no_means",
            Self::NotOurs => "not_ours",
            Self::NoOrder => "no_order",
            Self::TooLate => "too_late",
            Self::TooVague => "too_vague",
            Self::Other => "other",
        }
    }
}

impl Unit {
    /// All there are.
    pub const ALL: [Self; 3] = [Self::Kg, Self::L, Self::Pieces];

    /// As it is kept.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Kg => "kg",
            Self::L => "l",
            Self::Pieces => "pieces",
        }
    }
}

impl Goods {
    /// All there are.
    pub const ALL: [Self; 4] = [Self::Product, Self::Chemicals, Self::Equipment, Self::Other];

    /// As it is kept.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Product => "product",
            Self::Chemicals => "chemicals",
            Self::Equipment => "equipment",
            Self::Other => "other",
        }
    }
}

impl Answer {
    /// A state that needs nothing more.
    #[must_use]
    pub fn state(state: State) -> Self {
        let details = Details::default();
        Self { state, outcome: None, reason: None, details, note: String::new() }
    }

    /// An outcome that needs nothing more.
    #[must_use]
    pub fn outcome(code: OutcomeCode) -> Self {
        Self { outcome: Some(code), ..Self::state(State::Outcome) }
    }

    /// An answer by its word as forms send it: `assigned`, `nothing_found`, `cannot_act.no_access`.
    ///
    /// # Errors
    ///
    /// [`AnswerError::Unknown`] for a word that is none.
    pub fn named(word: &str) -> Result<Self, AnswerError> {
        let unknown = || AnswerError::Unknown(word.chars().take(40).collect());
        if let Some(state) = State::ALL.into_iter().find(|state| state.word() == word) {
            return if state == State::Outcome { Err(unknown()) } else { Ok(Self::state(state)) };
        }
        let (code, reason) = word.split_once('.').map_or((word, None), |(a, b)| (a, Some(b)));
        let code = OutcomeCode::ALL.into_iter().find(|one| one.word() == code);
        let named = reason.map(|reason| Reason::ALL.into_iter().find(|one| one.word() == reason));
        match (code, named) {
            (Some(code), None) => Ok(Self::outcome(code)),
            (Some(code), Some(Some(reason))) => {
                Ok(Self { reason: Some(reason), ..Self::outcome(code) })
            }
            _ => Err(unknown()),
        }
    }

    /// The word that [`Self::named`] reads.
    #[must_use]
    pub fn name(&self) -> String {
        match (self.outcome, self.reason) {
            (Some(code), Some(reason)) => format!("{}.{}", code.word(), reason.word()),
            (Some(code), None) => code.word().to_owned(),
            (None, _) => self.state.word().to_owned(),
        }
    }

    /// The same, when it can be one.
    ///
    /// # Errors
    ///
    /// [`AnswerError`] for what contradicts itself or is out of all proportion.
    pub fn checked(self) -> Result<Self, AnswerError> {
        if (self.state == State::Outcome) != self.outcome.is_some() {
            return Err(AnswerError::Outcome);
        }
        if (self.outcome == Some(OutcomeCode::CannotAct)) != self.reason.is_some() {
            return Err(AnswerError::Reason);
        }
        if self.state != State::Outcome && self.details != Details::default() {
            return Err(AnswerError::Outcome);
        }
        let chars = self.note.chars().count();
        if chars > NOTE_CHARS {
            return Err(AnswerError::Long { chars });
        }
        self.details.check()?;
        Ok(self)
    }
}

impl Details {
    fn check(&self) -> Result<(), AnswerError> {
        if self.seized.len() > MOST_SEIZED {
            return Err(AnswerError::Many);
        }
        let odd = |amount: f64| !(amount > 0.0 && amount <= MOST_AMOUNT);
        if let Some(seized) = self.seized.iter().find(|seized| odd(seized.amount)) {
            return Err(AnswerError::Amount(seized.amount.to_string()));
        }
        if let Some(arrests) = self.arrests.filter(|arrests| *arrests > MOST_ARRESTS) {
            return Err(AnswerError::Amount(arrests.to_string()));
        }
        match self.place {
            Some(LatLon { latitude, longitude })
                if !(latitude.0.abs() <= 90.0 && longitude.0.abs() <= 180.0) =>
            {
                Err(AnswerError::Place(format!("{}, {}", latitude.0, longitude.0)))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
