//! Which messages go: what somebody approves first, and what is not to go any more.

use cathartes_core::provenance::Digest;
use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

use super::{
    conflict,
    messages::{self, Message, MessageState},
    refused, says, somebody,
};
use crate::{
    Actor, Store, StoreError,
    audit::{Change, Entry},
    database::sql,
};

impl Store {
    /// Approves a message: the digest says what whoever approves was shown. The same by the same again changes
    /// nothing.
    ///
    /// # Errors
    ///
    /// [`StoreError::Refused`] for another digest or nobody with an account; [`StoreError::Conflict`] when it waits
    /// for no approval; [`StoreError::Absent`] when there is none.
    pub async fn approve_message(
        &self,
        actor: &Actor,
        id: Uuid,
        shown: &Digest,
        now: Timestamp,
    ) -> Result<Message, StoreError> {
        somebody(actor)?;
        let mut change = self.change(actor).await?;
        change.alone().await?;
        let kept = messages::of(&mut change, id).await?;
        if *shown != kept.body_sha256 {
            return Err(refused(format!("message {id} is not what was shown: look at it again")));
        }
        let by = change.actor().to_owned();
        if kept.approved.as_ref().is_some_and(|(_, approved)| *approved == by) {
            return Ok(kept);
        }
        if kept.state != MessageState::NeedsApproval {
            return Err(conflict("message", id, "waits for no approval"));
        }
        let text = "INSERT INTO message_approval (message, body_sha256, created_us, created_by) \
                    VALUES ($1, $2, $3, $4)";
        let args = [id.into(), shown.0.as_str().into(), now.as_microsecond().into(), by.into()];
        change.run(sql(text, args)).await?;
        change.run(sql("UPDATE outbox SET ready = 1 WHERE message = $1", [id.into()])).await?;
        let kept = messages::of(&mut change, id).await?;
        let detail = json!({ "body_sha256": shown });
        change.commit(Entry::new("message.approved", id, detail)).await?;
        Ok(kept)
    }

    /// Says that a message is not to go out, and why.
    ///
    /// # Errors
    ///
    /// [`StoreError::Refused`] without a reason; [`StoreError::Conflict`] when it went out, was dropped already or is
    /// on its way; [`StoreError::Absent`] when there is none.
    pub async fn drop_message(
        &self,
        actor: &Actor,
        id: Uuid,
        reason: &str,
        now: Timestamp,
    ) -> Result<Message, StoreError> {
        somebody(actor)?;
        says("the reason", reason, 2_000)?;
        let mut change = self.change(actor).await?;
        change.alone().await?;
        let kept = messages::of(&mut change, id).await?;
        if !matches!(kept.state, MessageState::Waiting | MessageState::NeedsApproval) {
            return Err(conflict("message", id, "waits no more"));
        }
        drop_one(&mut change, id, (reason, now)).await?;
        let kept = messages::of(&mut change, id).await?;
        change.commit(Entry::new("message.dropped", id, json!({ "reason": reason }))).await?;
        Ok(kept)
    }
}

/// Drops what was not sent yet about a release that holds no more: what carries or asks. Replies still go.
pub(super) async fn drop_unsent(
    change: &mut Change,
    release: Uuid,
    why: (&str, Timestamp),
) -> Result<(), StoreError> {
    let text = "SELECT m.id FROM message m JOIN outbox q ON q.message = m.id WHERE m.release = $1 \
                AND m.kind IN ('release', 'supersede', 'reminder', 'escalation') ORDER BY m.id";
    for row in change.rows(sql(text, [release.into()])).await? {
        drop_one(change, row.id(0)?, why).await?;
    }
    Ok(())
}

/// Drops what asks for an answer that came.
pub(super) async fn drop_asking(
    change: &mut Change,
    release: Uuid,
    why: (&str, Timestamp),
) -> Result<(), StoreError> {
    let text = "SELECT m.id FROM message m JOIN outbox q ON q.message = m.id WHERE m.release = $1 \
                AND m.kind IN ('reminder', 'escalation') ORDER BY m.id";
    for row in change.rows(sql(text, [release.into()])).await? {
        drop_one(change, row.id(0)?, why).await?;
    }
    Ok(())
}

async fn drop_one(
    change: &mut Change,
    id: Uuid,
    (reason, now): (&str, Timestamp),
) -> Result<(), StoreError> {
    let by = change.actor().to_owned();
    let text = "INSERT INTO message_dropped (message, reason, created_us, created_by) VALUES ($1, $2, $3, $4)";
    let args = [id.into(), reason.into(), now.as_microsecond().into(), by.into()];
    change.run(sql(text, args)).await?;
    change.run(sql("DELETE FROM outbox WHERE message = $1", [id.into()])).await.map(|_| ())
}
