//! What came of releases, counted so that the silent count too.
//!
//! ```text
//! share = hits / of,  with Wilson's interval        waits = per stretch, over which `survival` draws its curve
//! Brier = (1/n) Σ (pᵢ − oᵢ)²                        reliability: mean of p against share of o, in the seven terms
//! ```
//!
//! G. W. Brier, Mon. Weather Rev. 78, 1 (1950). `o` is 1 where a recipient found what was told and 0 where it did not; an
//! outcome that tells neither is left out and counted apart. Of these outcomes nobody drew lots: recipients go where they can,
//! so figures are of what was looked at, not of all that was released. A share of fewer than [`FEW`] says so.

use std::collections::BTreeMap;

use cathartes_core::{
    agreement::wilson_ratio, estimate::Estimate, estimate::Interval90, identification::Likelihood,
    units::Seconds,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::survival::Wait;

/// Fewer than this say little.
pub const FEW: u64 = 30;

/// What an outcome tells of what was released.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Truth {
    /// It was there.
    There,
    /// It was not.
    NotThere,
    /// Neither: nobody could act, or they knew already.
    Untold,
}

/// What an outcome tells, by its code; of a code that nobody knows, nothing.
#[must_use]
pub fn truth_of(outcome: &str) -> Truth {
    match outcome {
        "dismantled" | "seized" | "arrests" => Truth::There,
        "nothing_found" | "wrong_place" => Truth::NotThere,
        _ => Truth::Untold,
    }
}

/// What a recipient says came of a release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ending {
    /// When it came.
    pub at: Timestamp,
    /// In its code.
    pub outcome: String,
    /// What that tells.
    pub truth: Truth,
}

/// One release from the first light to its end; what did not happen is absent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct History {
    /// What it is known by here.
    pub release: String,
    /// To which body.
    pub recipient: String,
    /// How soon something was wanted: 1 at once, 5 in its turn.
    pub priority: u8,
    /// What it was for, in one word: the gas or the kind of site.
    pub reason: String,
    /// What saw it first.
    pub instrument: Option<String>,
    /// Who collected what it rests on.
    pub source: Option<String>,
    /// How sure the analysts were when they let it go.
    pub probability: Option<f64>,
    /// When it was seen.
    pub detected: Option<Timestamp>,
    /// When it was confirmed.
    pub reviewed: Option<Timestamp>,
    /// When it was sealed.
    pub released: Option<Timestamp>,
    /// When it was handed to whoever carries it.
    pub sent: Option<Timestamp>,
    /// When it was first opened.
    pub received: Option<Timestamp>,
    /// When they first said that somebody has it.
    pub assigned: Option<Timestamp>,
    /// When they first answered with more than opening it.
    pub answered: Option<Timestamp>,
    /// What came of it.
    pub ending: Option<Ending>,
    /// When it was recalled, replaced or expired, after which nothing is waited for.
    pub closed: Option<Timestamp>,
}

/// From one thing that happens to a release to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stretch {
    /// Seen to confirmed.
    DetectionToReview,
    /// Confirmed to sealed.
    ReviewToRelease,
    /// Sealed to sent.
    ReleaseToSent,
    /// Sent to opened.
    SentToReceipt,
    /// Opened to assigned.
    ReceiptToAssigned,
    /// Assigned to its outcome.
    AssignedToOutcome,
    /// Sent to its outcome, whatever was said between.
    SentToOutcome,
    /// The whole of it.
    DetectionToOutcome,
}

impl Stretch {
    /// All there are, in their order.
    pub const ALL: [Self; 8] = [
        Self::DetectionToReview,
        Self::ReviewToRelease,
        Self::ReleaseToSent,
        Self::SentToReceipt,
        Self::ReceiptToAssigned,
        Self::AssignedToOutcome,
        Self::SentToOutcome,
        Self::DetectionToOutcome,
    ];

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::DetectionToReview => "detection_to_review",
            Self::ReviewToRelease => "review_to_release",
            Self::ReleaseToSent => "release_to_sent",
            Self::SentToReceipt => "sent_to_receipt",
            Self::ReceiptToAssigned => "receipt_to_assigned",
            Self::AssignedToOutcome => "assigned_to_outcome",
            Self::SentToOutcome => "sent_to_outcome",
            Self::DetectionToOutcome => "detection_to_outcome",
        }
    }

    fn ends(self, of: &History) -> (Option<Timestamp>, Option<Timestamp>) {
        let ended = of.ending.as_ref().map(|ending| ending.at);
        // Whoever says what came of it has had it, and whoever has it has opened it.
        let assigned = earlier(of.assigned, ended);
        let received = earlier(of.received, assigned);
        match self {
            Self::DetectionToReview => (of.detected, of.reviewed),
            Self::ReviewToRelease => (of.reviewed, of.released),
            Self::ReleaseToSent => (of.released, of.sent),
            Self::SentToReceipt => (of.sent, received),
            Self::ReceiptToAssigned => (received, assigned),
            Self::AssignedToOutcome => (assigned, ended),
            Self::SentToOutcome => (of.sent, ended),
            Self::DetectionToOutcome => (of.detected, ended),
        }
    }
}

fn earlier(one: Option<Timestamp>, other: Option<Timestamp>) -> Option<Timestamp> {
    match (one, other) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

/// How long each release that began a stretch took over it, or has waited until it was closed or until now.
#[must_use]
pub fn waits<'a>(
    histories: impl IntoIterator<Item = &'a History>,
    stretch: Stretch,
    now: Timestamp,
) -> Vec<Wait> {
    let wait = |history: &History| {
        let (from, to) = stretch.ends(history);
        let from = from.filter(|from| *from <= now)?;
        let to = to.filter(|to| *to <= now);
        let until = to.unwrap_or_else(|| history.closed.map_or(now, |closed| closed.min(now)));
        let lasted = Seconds(until.duration_since(from).as_secs_f64().max(0.0));
        Some(Wait { lasted, ended: to.is_some() })
    };
    histories.into_iter().filter_map(wait).collect()
}

/// A share of counts.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// So many.
    pub hits: u64,
    /// Of so many.
    pub of: u64,
    /// The chance behind it lies here nine times in ten; none of nothing.
    pub interval_ratio: Option<Interval90<f64>>,
}

impl Share {
    /// So many of so many.
    #[must_use]
    pub fn new(hits: u64, of: u64) -> Self {
        Self { hits, of, interval_ratio: wilson_ratio(hits, of) }
    }

    /// None of nothing.
    #[must_use]
    pub fn ratio(&self) -> Option<f64> {
        (self.of > 0).then(|| self.hits as f64 / self.of as f64)
    }

    /// Whether it says little because there are few.
    #[must_use]
    pub fn is_of_few(&self) -> bool {
        self.of < FEW
    }
}

/// What came of those that were sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Counts {
    /// Opened.
    pub receipt: Share,
    /// Answered with more than opening it.
    pub response: Share,
    /// With an outcome.
    pub outcome: Share,
    /// Not there, of outcomes that tell.
    pub false_alarm: Share,
    /// Outcomes that tell neither.
    pub untold: u64,
}

/// Counts what was sent up to a moment.
#[must_use]
pub fn counts<'a>(histories: impl IntoIterator<Item = &'a History>, now: Timestamp) -> Counts {
    let by = |at: Option<Timestamp>| at.is_some_and(|at| at <= now);
    let sent: Vec<&History> = histories.into_iter().filter(|one| by(one.sent)).collect();
    let count = |of: &dyn Fn(&History) -> bool| sent.iter().filter(|one| of(one)).count() as u64;
    let ended = |one: &History| one.ending.as_ref().filter(|e| e.at <= now).map(|e| e.truth);
    let all = sent.len() as u64;
    let answered = |one: &History| by(one.answered) || by(one.assigned) || ended(one).is_some();
    let truths = |truth| count(&|one| ended(one) == Some(truth));
    let (there, not_there) = (truths(Truth::There), truths(Truth::NotThere));
    Counts {
        receipt: Share::new(count(&|one| by(one.received) || answered(one)), all),
        response: Share::new(count(&|one| answered(one)), all),
        outcome: Share::new(count(&|one| ended(one).is_some()), all),
        false_alarm: Share::new(not_there, there + not_there),
        untold: truths(Truth::Untold),
    }
}

/// By what releases are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// The body that gets them.
    Recipient,
    /// How soon something is wanted.
    Priority,
    /// What they are for.
    Reason,
    /// What saw it first.
    Instrument,
    /// Who collected what they rest on.
    Source,
    /// How sure the analysts were.
    Band,
}

impl By {
    /// All there are.
    pub const ALL: [Self; 6] =
        [Self::Recipient, Self::Priority, Self::Reason, Self::Instrument, Self::Source, Self::Band];

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Recipient => "recipient",
            Self::Priority => "priority",
            Self::Reason => "reason",
            Self::Instrument => "instrument",
            Self::Source => "source",
            Self::Band => "band",
        }
    }

    fn of(self, history: &History) -> Option<String> {
        match self {
            Self::Recipient => Some(history.recipient.clone()),
            Self::Priority => Some(history.priority.to_string()),
            Self::Reason => Some(history.reason.clone()),
            Self::Instrument => history.instrument.clone(),
            Self::Source => history.source.clone(),
            Self::Band => history.probability.map(|p| Likelihood::of(p).to_string()),
        }
    }
}

/// Releases by what they share; those that do not say stand under `unknown`.
#[must_use]
pub fn grouped(histories: &[History], by: By) -> BTreeMap<String, Vec<&History>> {
    let mut groups: BTreeMap<String, Vec<&History>> = BTreeMap::new();
    for history in histories {
        let name = by.of(history).unwrap_or_else(|| "unknown".to_owned());
        groups.entry(name).or_default().push(history);
    }
    groups
}

/// One term of the reliability curve.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reliability {
    /// What was said.
    pub term: Likelihood,
    /// The mean of the probabilities behind it.
    pub said_probability: f64,
    /// How often it was there.
    pub was: Share,
}

/// How good the probabilities were that were let go.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scores {
    /// Brier's score, 0 for what is always right and sure; its deviation is that of a mean.
    pub brier_ratio: Estimate<f64>,
    /// Score of who always says the share that was there.
    pub climate_ratio: f64,
    /// What was said against what was, by rising probability.
    pub reliability: Vec<Reliability>,
    /// How many releases had a probability and an outcome that tells.
    pub count: u64,
}

/// Scores the probabilities of releases whose outcome tells; none where there is no such release.
#[must_use]
pub fn scores<'a>(
    histories: impl IntoIterator<Item = &'a History>,
    now: Timestamp,
) -> Option<Scores> {
    let told: Vec<(f64, bool)> = histories.into_iter().filter_map(|one| pair(one, now)).collect();
    if told.is_empty() {
        return None;
    }
    let n = told.len() as f64;
    let squares: Vec<f64> =
        told.iter().map(|(p, o)| (p - f64::from(u8::from(*o))).powi(2)).collect();
    let mean = squares.iter().sum::<f64>() / n;
    let spread = squares.iter().map(|square| (square - mean).powi(2)).sum::<f64>();
    // Of one nobody knows the spread: the score may be anything.
    let std = if told.len() > 1 { (spread / (n - 1.0) / n).sqrt() } else { 1.0 };
    let there = told.iter().filter(|(_, was)| *was).count() as f64 / n;
    let terms = Likelihood::FROM_PROBABILITY.iter().map(|(_, term)| *term);
    Some(Scores {
        brier_ratio: Estimate { value: mean, std },
        climate_ratio: there * (1.0 - there),
        reliability: terms.filter_map(|term| reliability(&told, term)).collect(),
        count: told.len() as u64,
    })
}

fn pair(history: &History, now: Timestamp) -> Option<(f64, bool)> {
    let truth = history.ending.as_ref().filter(|ending| ending.at <= now)?.truth;
    let probability = history.probability.filter(|p| (0.0..=1.0).contains(p))?;
    match truth {
        Truth::There => Some((probability, true)),
        Truth::NotThere => Some((probability, false)),
        Truth::Untold => None,
    }
}

fn reliability(told: &[(f64, bool)], term: Likelihood) -> Option<Reliability> {
    let of: Vec<_> = told.iter().filter(|(p, _)| Likelihood::of(*p) == term).collect();
    let said = of.iter().map(|(p, _)| p).sum::<f64>() / of.len() as f64;
    let was = of.iter().filter(|(_, was)| *was).count() as u64;
    (!of.is_empty()).then(|| Reliability {
        term,
        said_probability: said,
        was: Share::new(was, of.len() as u64),
    })
}

#[cfg(test)]
mod tests;
