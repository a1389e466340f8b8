//! What the record knows of releases, as figures count it.

use cathartes_release::figures::{Ending, History, truth_of};
use cathartes_store::{MessageKind, ReleaseFacts, Store, StoreError};
use jiff::Timestamp;

/// Releases that are read at a time.
const PAGE: u32 = 1_000;

/// Every release that was sealed before a moment, in the order in which they were.
///
/// # Errors
///
/// When the record does not answer.
pub async fn all(store: &Store, before: Timestamp) -> Result<Vec<History>, StoreError> {
    let mut all = Vec::new();
    let mut after = None;
    loop {
        let page = store.release_facts(after, PAGE).await?;
        after = page.last().map(|last| last.release);
        let sealed = page.iter().filter(|facts| facts.sealed < before);
        all.extend(sealed.map(of));
        if page.len() < PAGE as usize {
            return Ok(all);
        }
    }
}

/// One release.
#[must_use]
pub fn of(facts: &ReleaseFacts) -> History {
    let basis = &facts.basis;
    let ending = facts.ended.zip(facts.outcome).map(|(at, outcome)| Ending {
        at,
        outcome: outcome.word().to_owned(),
        truth: truth_of(outcome.word()),
    });
    let ends = [facts.recalled, facts.superseded, Some(facts.expires)];
    History {
        release: facts.release.to_string(),
        recipient: facts.recipient.clone(),
        priority: basis.priority,
        reason: basis.reason.clone(),
        instrument: basis.instrument.clone(),
        source: basis.source.clone(),
        probability: basis.probability,
        detected: basis.detected,
        reviewed: basis.reviewed,
        released: Some(facts.sealed),
        sent: facts.sent,
        received: facts.opened,
        assigned: facts.assigned,
        answered: facts.answered,
        ending,
        closed: ends.into_iter().flatten().min(),
    }
}

/// Reminders and escalations that went out in a time.
///
/// # Errors
///
/// When the record does not answer.
pub async fn asked(
    store: &Store,
    (from, to): (Timestamp, Timestamp),
) -> Result<[i64; 2], StoreError> {
    let sent = store.messages_sent(from, to).await?;
    Ok([MessageKind::Reminder, MessageKind::Escalation]
        .map(|kind| sent.iter().find(|(of, _)| *of == kind).map_or(0, |(_, count)| *count)))
}
