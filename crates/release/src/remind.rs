//! Silence is a state: what the other side is to be asked again, when, and who of it.
//!
//! ```text
//! Facts (what happened to a release) --silence--> Silence since when --Rules--> Due (release, rule, number, at, to)
//! aₙ = first + gap (1 + g + … + gⁿ⁻²),    the n-th message of a rule is due after aₙ of this silence
//! ```
//!
//! What is due follows from the facts and the rules alone, and has a key that is the same however often it is asked
//! for: whoever keeps one message a key sends none twice. Messages that were missed (the machine stood still) do not come
//! in a row: of each rule the latest counts. Nothing is due to the other side once there is an outcome, the release has
//! expired or another stands in its place. While a dispute waits for us the other side is not asked for anything.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::recipient::Language;

mod hours;
mod letter;
mod rules;

pub use hours::{Hours, Weekday};
pub use letter::{Letter, Mention, letter};
pub use rules::{Reminders, RemindersError, Rule, Words, builtin};

/// What we wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Silence {
    /// It was sent and nobody has opened it.
    NotOpened,
    /// It was opened and nobody has it.
    NotAssigned,
    /// Somebody has it and nothing has come of it.
    NoOutcome,
    /// They say that it is wrong, and we have not replied.
    DisputeOpen,
    /// It was recalled, and nobody has opened that.
    RecallNotOpened,
}

impl Silence {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::NotOpened => "not_opened",
            Self::NotAssigned => "not_assigned",
            Self::NoOutcome => "no_outcome",
            Self::DisputeOpen => "dispute_open",
            Self::RecallNotOpened => "recall_not_opened",
        }
    }
}

/// Who is written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// The officer that it was sent to.
    Officer,
    /// The head of the officer's unit.
    Head,
    /// Whoever keeps the two bodies in touch.
    Liaison,
    /// Our own.
    Ours,
}

impl Level {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Officer => "officer",
            Self::Head => "head",
            Self::Liaison => "liaison",
            Self::Ours => "ours",
        }
    }

    /// Whether it goes above the one it was sent to, which somebody of ours has to approve.
    #[must_use]
    pub fn is_escalation(self) -> bool {
        matches!(self, Self::Head | Self::Liaison)
    }
}

/// What happened to a release.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// What it is known by here.
    pub release: String,
    /// To which body, by its code.
    pub recipient: String,
    /// How soon something is wanted: 1 at once, 5 in its turn.
    pub priority: u8,
    /// When it was sent.
    pub sent: Option<Timestamp>,
    /// When it was first opened.
    pub opened: Option<Timestamp>,
    /// When they first said that somebody has it.
    pub assigned: Option<Timestamp>,
    /// When they first said what came of it.
    pub outcome: Option<Timestamp>,
    /// Since when a dispute waits for our reply.
    pub dispute_open: Option<Timestamp>,
    /// When it was recalled.
    pub recalled: Option<Timestamp>,
    /// When they opened the recall.
    pub recall_opened: Option<Timestamp>,
    /// When another took its place.
    pub superseded: Option<Timestamp>,
    /// Until when it holds.
    pub expires: Timestamp,
    /// Keys of the messages that are there already.
    pub made: BTreeSet<String>,
}

impl Facts {
    /// What we wait for, since when; none: for nothing.
    #[must_use]
    pub fn silence(&self, now: Timestamp) -> Option<(Silence, Timestamp)> {
        if let Some(since) = self.dispute_open {
            return Some((Silence::DisputeOpen, since));
        }
        let sent = self.sent?;
        if self.outcome.is_some() || self.superseded.is_some() || now >= self.expires {
            return None;
        }
        if let Some(since) = self.recalled {
            return self.recall_opened.is_none().then_some((Silence::RecallNotOpened, since));
        }
        match (self.opened, self.assigned) {
            (_, Some(since)) => Some((Silence::NoOutcome, since)),
            (Some(since), None) => Some((Silence::NotAssigned, since)),
            (None, None) => Some((Silence::NotOpened, sent)),
        }
    }
}

/// A message that is to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// The same whenever it is due again: release, rule and number.
    pub key: String,
    /// Of which release.
    pub release: String,
    /// By which rule.
    pub rule: String,
    /// The how manieth of this rule, from 1.
    pub number: u32,
    /// Since when it is due.
    pub at: Timestamp,
    /// What it is about.
    pub silence: Silence,
    /// Since when.
    pub since: Timestamp,
    /// Who is written to.
    pub to: Level,
    /// Whether somebody of ours has to approve it first.
    pub needs_approval: bool,
}

/// What is due at a moment, in the order of the rules.
#[must_use]
pub fn due(facts: &Facts, rules: &Reminders, now: Timestamp) -> Vec<Due> {
    let Some((silence, since)) = facts.silence(now) else { return Vec::new() };
    let hours = rules.hours_of(&facts.recipient);
    let of = |rule: &&Rule| rule.is_for(silence, facts.priority);
    let latest = |rule: &Rule| {
        let last = (1..=rule.most).rev().find_map(|number| {
            let at = due_at(rule, number, since, hours)?;
            (at <= now).then_some((number, at))
        });
        let (number, at) = last?;
        let later = (number..=rule.most).any(|n| facts.made.contains(&key(facts, rule, n)));
        (!later).then(|| Due {
            key: key(facts, rule, number),
            release: facts.release.clone(),
            rule: rule.name.clone(),
            number,
            at,
            silence,
            since,
            to: rule.to,
            needs_approval: rule.to.is_escalation(),
        })
    };
    rules.rules.iter().filter(of).filter_map(latest).collect()
}

/// When the n-th message of a rule is due, in the hours in which it may be written.
fn due_at(rule: &Rule, number: u32, since: Timestamp, hours: Option<&Hours>) -> Option<Timestamp> {
    let age = SignedDuration::try_from_secs_f64(rule.age_h(number) * 3600.0).ok()?;
    let at = since.checked_add(age).ok()?;
    match hours {
        Some(hours) if rule.quiet => hours.next(at),
        _ => Some(at),
    }
}

fn key(facts: &Facts, rule: &Rule, number: u32) -> String {
    format!("{}/{}/{number}", facts.release, rule.name)
}

/// Words in the language of a reader.
fn in_language(rule: &Rule, language: Language) -> &Words {
    match language {
        Language::Es => &rule.es,
        Language::En => &rule.en,
    }
}

#[cfg(test)]
mod tests;
