//! Everything that happened with one release, in the order of its times.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    Opened, Via, absent,
    messages::{MessageState, NewMessage},
    noted_at, words,
};
use crate::{Store, StoreError, database::sql, time};

words! {
    /// What happened.
    EventKind, "event" {
        /// It was seen.
        Detected = "detected",
        /// Its review was decided.
        Reviewed = "reviewed",
        /// The draft was made.
        Drafted = "drafted",
        /// Somebody approved.
        Approved = "approved",
        /// It was sealed.
        Sealed = "sealed",
        /// A message was made.
        Message = "message",
        /// Somebody approved a message.
        MessageApproved = "message_approved",
        /// A message was dropped.
        MessageDropped = "message_dropped",
        /// A message went out.
        MessageSent = "message_sent",
        /// A message could not be carried.
        MessageFailed = "message_failed",
        /// The recipient opened something.
        Opened = "opened",
        /// The recipient answered.
        Answered = "answered",
        /// We said something to a dispute.
        Replied = "replied",
        /// It was called back.
        Recalled = "recalled",
        /// A later release took its place.
        Superseded = "superseded",
    }
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Event {
    /// When.
    pub at: Timestamp,
    /// What.
    pub kind: EventKind,
    /// By whom; nobody where the record has no name for it.
    pub by: String,
    /// More of it.
    pub detail: Value,
}

impl Store {
    /// Everything that happened with a release, oldest first.
    ///
    /// # Errors
    ///
    /// [`StoreError::Absent`] when there is none.
    pub async fn timeline(&self, id: Uuid) -> Result<Vec<Event>, StoreError> {
        let release = self.release(id).await?.ok_or_else(|| absent("release", id))?;
        let draft =
            self.draft(release.draft).await?.ok_or_else(|| absent("draft", release.draft))?;
        let mut events = Vec::new();
        let mut add = |at: Timestamp, kind: EventKind, by: &str, detail: Value| {
            events.push(Event { at, kind, by: by.to_owned(), detail });
        };
        let seen = [
            (release.basis.detected, EventKind::Detected),
            (release.basis.reviewed, EventKind::Reviewed),
        ];
        for (at, kind) in seen {
            if let Some(at) = at {
                add(at, kind, "", json!({}));
            }
        }
        let made = json!({ "draft": draft.id, "number": draft.number, "rules": draft.what.rules });
        add(draft.at, EventKind::Drafted, &draft.by, made);
        for approval in &draft.approvals {
            add(approval.at, EventKind::Approved, &approval.by, json!({}));
        }
        let sealed =
            json!({ "dossier_sha256": release.dossier.sha256, "expires": release.expires });
        add(release.at, EventKind::Sealed, &release.by, sealed);
        if let Some(recall) = &release.recalled {
            add(recall.at, EventKind::Recalled, &recall.by, json!({ "reason": recall.reason }));
        }
        if let Some(later) = release.superseded_by {
            let later = self.release(later).await?.ok_or_else(|| absent("release", later))?;
            add(later.at, EventKind::Superseded, &later.by, json!({ "release": later.id }));
        }
        for dispute in self.disputes(id).await? {
            if let Some(reply) = &dispute.reply {
                let detail = json!({ "answer": reply.answer, "text": reply.text });
                add(reply.at, EventKind::Replied, &reply.by, detail);
            }
        }
        for answer in self.answers(id).await? {
            add(answer.received, EventKind::Answered, &answer.by, json!(answer));
        }
        events.extend(self.message_events(id).await?);
        events.extend(self.receipt_events(id).await?);
        events.sort_by_key(|event| (event.at, event.kind));
        Ok(events)
    }

    async fn message_events(&self, release: Uuid) -> Result<Vec<Event>, StoreError> {
        let mut events = Vec::new();
        let mut add = |at: Timestamp, kind: EventKind, by: String, detail: Value| {
            events.push(Event { at, kind, by, detail });
        };
        for message in self.messages_about(release).await? {
            let NewMessage { kind, body, due, .. } = &message.what;
            let detail = json!({ "message": message.id, "kind": kind, "body": body, "due": due });
            add(message.at, EventKind::Message, message.by, detail);
            let what = json!({ "message": message.id, "kind": kind });
            if let Some((at, by)) = message.approved {
                add(at, EventKind::MessageApproved, by, what.clone());
            }
            if let Some((at, by)) = message.sent {
                add(at, EventKind::MessageSent, by, what.clone());
            }
            if let Some((at, by, reason)) =
                message.dropped.filter(|_| message.state == MessageState::Dropped)
            {
                let detail = json!({ "message": message.id, "kind": kind, "reason": reason });
                add(at, EventKind::MessageDropped, by, detail);
            }
        }
        let text = "SELECT v.message, v.attempt, v.why, v.created_us, v.created_by FROM delivery v \
                    JOIN message m ON m.id = v.message WHERE m.release = $1 AND v.result = 'failed'";
        for row in self.pool.rows(sql(text, [release.into()])).await? {
            let (at, by) = noted_at(&row, 3)?;
            let detail =
                json!({ "message": row.id(0)?, "attempt": row.int(1)?, "why": row.text(2)? });
            add(at, EventKind::MessageFailed, by, detail);
        }
        Ok(events)
    }

    async fn receipt_events(&self, release: Uuid) -> Result<Vec<Event>, StoreError> {
        let text = "SELECT opened, via, created_us, created_by FROM receipt WHERE release = $1";
        let rows = self.pool.rows(sql(text, [release.into()])).await?;
        let event = |row: &crate::database::Row| {
            let (opened, via) = (row.text(0)?.parse::<Opened>()?, row.text(1)?.parse::<Via>()?);
            let at = time::from_us(row.int(2)?)?;
            let detail = json!({ "opened": opened, "via": via });
            Ok(Event { at, kind: EventKind::Opened, by: row.text(3)?, detail })
        };
        rows.iter().map(event).collect()
    }
}
