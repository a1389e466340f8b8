//! Asking again: what is due in the record becomes messages, once a key, however many do this at a time and however
//! often.

use anyhow::{Context, anyhow};
use cathartes_release::remind::{self, Due, Facts, Letter, Level, Mention, Reminders, Silence};
use cathartes_store::{
    Actor, Message, MessageKind, NewMessage, Release, ReleaseFacts, Store, StoreError,
};
use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

use crate::sealed;

/// Releases that are read at a time.
const PAGE: u32 = 500;

/// What is due, with the words that go out.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// Of which release, by what its recipient knows it by.
    pub alias: String,
    /// To whom, by code.
    pub recipient: String,
    /// That it is due.
    pub due: Due,
    /// What it says.
    pub letter: Letter,
    /// The message that was made of it; none for what is ours to do, or where nothing was to be made.
    pub message: Option<Message>,
}

/// Whether messages are made, or only told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Making {
    /// They are made.
    Make,
    /// They are only told of.
    Tell,
}

/// What is due now. A release whose dossier cannot be read is told of and passed over: the others are not to wait
/// for it.
///
/// # Errors
///
/// When the record does not answer.
pub async fn due(
    store: &Store,
    actor: &Actor,
    (rules, now): (&Reminders, Timestamp),
    making: Making,
) -> anyhow::Result<Vec<Asked>> {
    let mut asked = Vec::new();
    for facts in waiting(store).await? {
        match of_one(store, actor, &facts, (rules, now, making)).await {
            Ok(some) => asked.extend(some),
            Err(error) => {
                let release = facts.release;
                tracing::warn!(%release, error = format!("{error:#}"), "nothing can be asked about a release");
            }
        }
    }
    Ok(asked)
}

/// Releases of which something may be waited for.
async fn waiting(store: &Store) -> Result<Vec<ReleaseFacts>, StoreError> {
    let mut all = Vec::new();
    let mut after = None;
    loop {
        let page = store.open_releases(after, PAGE).await?;
        after = page.last().map(|last| last.release);
        let whole = page.len() == PAGE as usize;
        all.extend(page);
        if !whole {
            break;
        }
    }
    all.extend(store.recalls_not_opened(PAGE).await?);
    Ok(all)
}

async fn of_one(
    store: &Store,
    actor: &Actor,
    facts: &ReleaseFacts,
    (rules, now, making): (&Reminders, Timestamp, Making),
) -> anyhow::Result<Vec<Asked>> {
    let mut known = known(facts);
    if remind::due(&known, rules, now).is_empty() {
        return Ok(Vec::new());
    }
    let made = store.messages_about(facts.release).await?;
    known.made.extend(made.into_iter().map(|message| message.what.key));
    let due = remind::due(&known, rules, now);
    if due.is_empty() {
        return Ok(Vec::new());
    }
    let release = store.release(facts.release).await?.context("the release is gone")?;
    let mention = sealed::mention(store, &release).await?;
    let mut asked = Vec::new();
    for one in due {
        asked.push(written(store, actor, (&release, &mention), (one, rules, now, making)).await?);
    }
    Ok(asked)
}

async fn written(
    store: &Store,
    actor: &Actor,
    (release, mention): (&Release, &Mention),
    (due, rules, now, making): (Due, &Reminders, Timestamp, Making),
) -> anyhow::Result<Asked> {
    let rule = rules.rule(&due.rule).ok_or_else(|| anyhow!("there is no rule {}", due.rule))?;
    let letter = remind::letter(&due, rule, mention, now);
    let new = NewMessage {
        key: due.key.clone(),
        recipient: release.recipient.clone(),
        release: Some(release.id),
        kind: kind(&due),
        body: json!({
            "to": due.to, "rule": due.rule, "number": due.number, "silence": due.silence,
            "since": due.since, "release": release.alias, "letter": letter,
        }),
        needs_approval: due.needs_approval,
        due: due.at,
    };
    let message = match making {
        Making::Make if due.to != Level::Ours => Some(store.add_message(actor, &new, now).await?),
        _ => None,
    };
    let (alias, recipient) = (release.alias.clone(), release.recipient.clone());
    Ok(Asked { alias, recipient, due, letter, message })
}

fn kind(due: &Due) -> MessageKind {
    match due.silence {
        Silence::RecallNotOpened => MessageKind::Recall,
        _ if due.to.is_escalation() => MessageKind::Escalation,
        _ => MessageKind::Reminder,
    }
}

/// What happened to a release, without the messages that are there already.
#[must_use]
pub fn known(facts: &ReleaseFacts) -> Facts {
    Facts {
        release: facts.release.to_string(),
        recipient: facts.recipient.clone(),
        priority: facts.basis.priority,
        sent: facts.sent,
        opened: facts.opened,
        assigned: facts.assigned,
        outcome: facts.ended,
        dispute_open: facts.disputed.filter(|_| facts.replied.is_none()),
        recalled: facts.recalled,
        recall_opened: None,
        superseded: facts.superseded,
        expires: facts.expires,
        made: std::collections::BTreeSet::new(),
    }
}

/// Messages that wait until somebody of ours approves them, the longest due first.
///
/// # Errors
///
/// When the record does not answer.
pub async fn waiting_for_approval(store: &Store, limit: u32) -> Result<Vec<Message>, StoreError> {
    store.waiting_messages(false, Timestamp::MAX, limit).await
}

/// Finds a message that waits for approval by its id or the beginning of it.
///
/// # Errors
///
/// When there is none or several.
pub async fn one_waiting(store: &Store, named: &str) -> anyhow::Result<Message> {
    let of =
        |id: Uuid| id.to_string().starts_with(named) || id.simple().to_string().starts_with(named);
    let all = waiting_for_approval(store, PAGE).await?;
    let mut found = all.into_iter().filter(|message| of(message.id));
    match (found.next(), found.next()) {
        (Some(one), None) => Ok(one),
        (None, _) => Err(anyhow!("no message that begins with {named} waits for approval")),
        (Some(_), Some(_)) => Err(anyhow!("{named} begins several: write more of it")),
    }
}
