//! Carrying messages: one carrier at a time has one for a time, and says what came of it.
//!
//! A carrier that is lost between handing a message over and saying so leaves it to the next, which hands it over
//! again under the same key: whoever takes messages in keeps one of a key.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::json;

use super::{
    conflict,
    messages::{self, Message},
};
use crate::{
    Actor, Store, StoreError,
    audit::{Change, Entry},
    database::{composed, sql},
    time,
};

/// The right to carry a message.
#[derive(Debug, Clone, PartialEq)]
pub struct MessageLease {
    /// The message.
    pub message: Message,
    /// Who carries it.
    pub(crate) owner: String,
    /// Which attempt it is.
    pub(crate) attempt: i64,
}

impl Store {
    /// The message that is due longest, for some time; `None` when nothing is due.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn take_message(
        &self,
        carrier: &str,
        now: Timestamp,
        lease: Duration,
    ) -> Result<Option<MessageLease>, StoreError> {
        let due = "SELECT 1 FROM outbox WHERE ready = 1 AND available_us <= $1 LIMIT 1";
        if self.pool.row(sql(due, [now.as_microsecond().into()])).await?.is_none() {
            return Ok(None);
        }
        let mut change = self.change(&Actor::Worker(carrier.to_owned())).await?;
        // Whoever locks the log before the message never waits for whoever does it the other way about.
        change.alone().await?;
        let until = time::after(now, lease);
        // Asking again in the outer WHERE is what keeps PostgreSQL from handing one out twice.
        let lock = change.dialect().pick("", "FOR UPDATE SKIP LOCKED");
        let text = format!(
            "UPDATE outbox SET owner = $1, available_us = $2, attempts = attempts + 1 \
             WHERE message = (SELECT message FROM outbox WHERE ready = 1 AND available_us <= $3 \
             ORDER BY available_us, message LIMIT 1 {lock}) AND ready = 1 AND available_us <= $3 \
             RETURNING message, attempts"
        );
        let args = vec![carrier.into(), until.into(), now.as_microsecond().into()];
        let Some(row) = change.row(composed(text, args)).await? else { return Ok(None) };
        let (id, attempt) = (row.id(0)?, row.int(1)?);
        let message = messages::of(&mut change, id).await?;
        change.commit(Entry::new("message.taken", id, json!({ "attempt": attempt }))).await?;
        Ok(Some(MessageLease { message, owner: carrier.to_owned(), attempt }))
    }

    /// Says that a message went out. The same again changes nothing; it is kept also when the message was dropped
    /// while it was carried, because it is so.
    ///
    /// # Errors
    ///
    /// [`StoreError::Conflict`] when somebody else carries or carried it.
    pub async fn message_sent(
        &self,
        lease: &MessageLease,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let id = lease.message.id;
        let mut change = self.change(&Actor::Worker(lease.owner.clone())).await?;
        change.alone().await?;
        let sent =
            "SELECT attempt, created_by FROM delivery WHERE message = $1 AND result = 'sent'";
        if let Some(row) = change.row(sql(sent, [id.into()])).await? {
            let same = row.int(0)? == lease.attempt && row.text(1)? == change.actor();
            return if same { Ok(()) } else { Err(conflict("message", id, "was sent already")) };
        }
        held(&mut change, lease).await?;
        record(&mut change, lease, ("sent", "", now)).await?;
        change.run(sql("DELETE FROM outbox WHERE message = $1", [id.into()])).await?;
        let detail = json!({ "attempt": lease.attempt });
        change.commit(Entry::new("message.sent", id, detail)).await
    }

    /// Says that a message could not be carried, why, and when to try again.
    ///
    /// # Errors
    ///
    /// [`StoreError::Conflict`] when somebody else carries it.
    pub async fn message_failed(
        &self,
        lease: &MessageLease,
        (why, again): (&str, Timestamp),
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let id = lease.message.id;
        let mut change = self.change(&Actor::Worker(lease.owner.clone())).await?;
        change.alone().await?;
        held(&mut change, lease).await?;
        record(&mut change, lease, ("failed", why, now)).await?;
        let text = "UPDATE outbox SET owner = NULL, available_us = $2 WHERE message = $1";
        change.run(sql(text, [id.into(), again.as_microsecond().into()])).await?;
        let detail = json!({ "attempt": lease.attempt, "why": why, "again": again });
        change.commit(Entry::new("message.failed", id, detail)).await
    }
}

/// Whether a lease is still its holder's: nobody else took the message. Of one that was dropped nobody does.
async fn held(change: &mut Change, lease: &MessageLease) -> Result<(), StoreError> {
    let id = lease.message.id;
    let text = "SELECT attempts, owner FROM outbox WHERE message = $1";
    let row = change.row(sql(text, [id.into()])).await?;
    let Some(row) = row else { return Ok(()) };
    if row.int(0)? == lease.attempt && row.maybe_text(1)?.as_deref() == Some(&lease.owner) {
        return Ok(());
    }
    Err(conflict("message", id, "is carried by somebody else"))
}

async fn record(
    change: &mut Change,
    lease: &MessageLease,
    (result, why, now): (&str, &str, Timestamp),
) -> Result<(), StoreError> {
    let text = "INSERT INTO delivery (message, attempt, result, why, created_us, created_by) \
                VALUES ($1, $2, $3, $4, $5, $6)";
    let by = change.actor().to_owned();
    let args = [
        lease.message.id.into(),
        lease.attempt.into(),
        result.into(),
        why.into(),
        now.as_microsecond().into(),
        by.into(),
    ];
    change.run(sql(text, args)).await.map(|_| ())
}
