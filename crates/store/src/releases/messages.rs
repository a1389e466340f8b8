//! What a recipient is told: kept with what it tells of, in one transaction, under a key that is made of it.

use cathartes_core::provenance::Digest;
use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    absent, at_most, conflict, maybe_noted_at, noted_at, recipients, refused, released, says, words,
};
use crate::{
    Actor, Store, StoreError,
    audit::{Change, Entry},
    blobs::digest_of,
    database::{Row, Sql, composed, sql},
    time,
};

/// The longest message that is kept.
const MOST_BYTES: usize = 64 << 10;

words! {
    /// What a message is.
    MessageKind, "kind of message" {
        /// A release.
        Release = "release",
        /// One was called back.
        Recall = "recall",
        /// A release that takes the place of an earlier one.
        Supersede = "supersede",
        /// Nothing was heard.
        Reminder = "reminder",
        /// Still nothing: somebody above is asked.
        Escalation = "escalation",
        /// What we say to a dispute.
        Reply = "reply",
        /// A better place, after what was answered.
        Correction = "correction",
        /// What a look after the action showed.
        LookAgain = "look_again",
        /// Its own figures.
        Statistics = "statistics",
    }
}

words! {
    /// How far a message has come.
    MessageState, "state of a message" {
        /// Somebody has to approve it first.
        NeedsApproval = "needs_approval",
        /// It waits for its time, or for somebody to carry it.
        Waiting = "waiting",
        /// It went out.
        Sent = "sent",
        /// It is not to be told any more.
        Dropped = "dropped",
    }
}

/// The key of the n-th message of a kind about a release: nothing is told twice.
#[must_use]
pub fn message_key(release: Uuid, kind: MessageKind, number: u32) -> String {
    format!("{release}/{kind}/{number}")
}

/// A message to be kept.
#[derive(Debug, Clone, PartialEq)]
pub struct NewMessage {
    /// What tells it from all others: see [`message_key`].
    pub key: String,
    /// To whom, by code.
    pub recipient: String,
    /// About which release; none: about none or all.
    pub release: Option<Uuid>,
    /// What it is.
    pub kind: MessageKind,
    /// What it says.
    pub body: Value,
    /// Whether somebody approves it before it goes.
    pub needs_approval: bool,
    /// Not before this.
    pub due: Timestamp,
}

/// A message that is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// Its id.
    pub id: Uuid,
    /// What it is.
    pub what: NewMessage,
    /// SHA-256 of its body: what is approved.
    pub body_sha256: Digest,
    /// When it was made.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// How far it has come.
    pub state: MessageState,
    /// When somebody approved it, and who.
    pub approved: Option<(Timestamp, String)>,
    /// When it was dropped, by whom and why.
    pub dropped: Option<(Timestamp, String, String)>,
    /// When it went out, and who carried it.
    pub sent: Option<(Timestamp, String)>,
    /// How often it was tried.
    pub attempts: i64,
}

pub(crate) fn select() -> String {
    select_from("message m")
}

fn select_from(from: &str) -> String {
    format!(
        "SELECT m.id, m.key, m.recipient, m.release, m.kind, m.body, m.needs_approval, m.due_us, m.body_sha256, \
         m.created_us, m.created_by, a.created_us, a.created_by, x.created_us, x.created_by, x.reason, v.created_us, \
         v.created_by, (SELECT COUNT(*) FROM delivery n WHERE n.message = m.id) \
         FROM {from} LEFT JOIN message_approval a ON a.message = m.id \
         LEFT JOIN message_dropped x ON x.message = m.id \
         LEFT JOIN delivery v ON v.message = m.id AND v.result = 'sent'"
    )
}

impl Store {
    /// Keeps a message. One that was kept with the same key is given again, and nothing is written: whoever asks
    /// does not have to know.
    ///
    /// # Errors
    ///
    /// [`StoreError::Refused`] for one that is too long or about another's release, or about one that was
    /// called back or superseded; [`StoreError::Absent`] when there is no such recipient or release;
    /// [`StoreError::Conflict`] when its key was used for something else.
    pub async fn add_message(
        &self,
        actor: &Actor,
        new: &NewMessage,
        now: Timestamp,
    ) -> Result<Message, StoreError> {
        let mut change = self.change(actor).await?;
        change.alone().await?;
        if let Some(kept) = kept_with(&mut change, &new.key).await? {
            let same = kept.what.kind == new.kind
                && kept.what.release == new.release
                && kept.what.recipient == new.recipient;
            let used = || conflict("key", &new.key, "was used for something else");
            return if same { Ok(kept) } else { Err(used()) };
        }
        recipients::known(&mut change, &new.recipient).await?;
        if let Some(release) = new.release {
            fits(&released::of(&mut change, release).await?, new)?;
        }
        let kept = put(&mut change, new, now).await?;
        let detail = json!({
            "key": new.key, "recipient": new.recipient, "release": new.release, "kind": new.kind,
            "body_sha256": kept.body_sha256, "needs_approval": new.needs_approval, "due": new.due,
        });
        change.commit(Entry::new("message.kept", kept.id, detail)).await?;
        Ok(kept)
    }

    /// One message.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn message(&self, id: Uuid) -> Result<Option<Message>, StoreError> {
        let text = format!("{} WHERE m.id = $1", select());
        self.pool.row(composed(text, vec![id.into()])).await?.as_ref().map(message).transpose()
    }

    /// All messages about a release, oldest first.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn messages_about(&self, release: Uuid) -> Result<Vec<Message>, StoreError> {
        let text = format!("{} WHERE m.release = $1 ORDER BY m.id", select());
        self.pool.rows(composed(text, vec![release.into()])).await?.iter().map(message).collect()
    }

    /// Messages that wait to be approved, or to be carried at a time; the longest due first.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn waiting_messages(
        &self,
        approved: bool,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<Message>, StoreError> {
        self.pool.rows(page(approved, now, limit)).await?.iter().map(message).collect()
    }
}

pub(super) fn page(approved: bool, now: Timestamp, limit: u32) -> Sql {
    let text = format!(
        "{} WHERE m.id = q.message AND q.ready = $1 AND q.available_us <= $2 \
         ORDER BY q.available_us, q.message LIMIT $3",
        select_from("outbox q CROSS JOIN message m")
    );
    let args =
        vec![i64::from(approved).into(), now.as_microsecond().into(), i64::from(limit).into()];
    composed(text, args)
}

/// Whether a message may be about a release.
fn fits(release: &released::Release, new: &NewMessage) -> Result<(), StoreError> {
    if release.recipient != new.recipient {
        let to = &release.recipient;
        return Err(refused(format!("release {} went to {to}: tell nobody else", release.id)));
    }
    let asks = matches!(new.kind, MessageKind::Reminder | MessageKind::Escalation);
    if asks && (release.recalled.is_some() || release.superseded_by.is_some()) {
        return Err(conflict("release", release.id, "holds no more, nothing is asked of it"));
    }
    Ok(())
}

/// Keeps a message in a change that says itself what it is about.
pub(super) async fn put(
    change: &mut Change,
    new: &NewMessage,
    now: Timestamp,
) -> Result<Message, StoreError> {
    let (id, body, by) = (Uuid::now_v7(), new.body.to_string(), change.actor().to_owned());
    says("the key of a message", &new.key, 200)?;
    at_most("a message", &body, MOST_BYTES)?;
    let body_sha256 = digest_of(body.as_bytes());
    let text = "INSERT INTO message (id, key, recipient, release, kind, body, body_sha256, needs_approval, due_us, \
                created_us, created_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    let args = [
        id.into(),
        new.key.as_str().into(),
        new.recipient.as_str().into(),
        new.release.into(),
        new.kind.word().into(),
        body.into(),
        body_sha256.0.as_str().into(),
        i64::from(new.needs_approval).into(),
        new.due.as_microsecond().into(),
        now.as_microsecond().into(),
        by.into(),
    ];
    change.run(sql(text, args)).await?;
    let text = "INSERT INTO outbox (message, ready, available_us, attempts) VALUES ($1, $2, $3, 0)";
    let ready = i64::from(!new.needs_approval).into();
    change.run(sql(text, [id.into(), ready, new.due.as_microsecond().into()])).await?;
    of(change, id).await
}

async fn kept_with(change: &mut Change, key: &str) -> Result<Option<Message>, StoreError> {
    let text = format!("{} WHERE m.key = $1", select());
    change.row(composed(text, vec![key.into()])).await?.as_ref().map(message).transpose()
}

/// A message that has to be there.
pub(super) async fn of(change: &mut Change, id: Uuid) -> Result<Message, StoreError> {
    let text = format!("{} WHERE m.id = $1", select());
    let row = change.row(composed(text, vec![id.into()])).await?;
    message(&row.ok_or_else(|| absent("message", id))?)
}

pub(crate) fn message(row: &Row) -> Result<Message, StoreError> {
    let body = row.text(5)?;
    let damaged = |error| StoreError::damaged("a message", error);
    let what = NewMessage {
        key: row.text(1)?,
        recipient: row.text(2)?,
        release: row.maybe_id(3)?,
        kind: row.text(4)?.parse()?,
        body: serde_json::from_str(&body).map_err(damaged)?,
        needs_approval: row.int(6)? == 1,
        due: time::from_us(row.int(7)?)?,
    };
    let body_sha256 = Digest(row.text(8)?);
    if digest_of(body.as_bytes()) != body_sha256 {
        return Err(StoreError::damaged("a message", "its text is not what its digest says"));
    }
    let (approved, sent) = (maybe_noted_at(row, 11)?, maybe_noted_at(row, 16)?);
    let dropped = maybe_noted_at(row, 13)?;
    let dropped = dropped.map(|(at, by)| Ok::<_, StoreError>((at, by, row.text(15)?)));
    let dropped = dropped.transpose()?;
    let state = match (&sent, &dropped, what.needs_approval && approved.is_none()) {
        (Some(_), ..) => MessageState::Sent,
        (_, Some(_), _) => MessageState::Dropped,
        (.., true) => MessageState::NeedsApproval,
        _ => MessageState::Waiting,
    };
    let (at, by) = noted_at(row, 9)?;
    let (id, attempts) = (row.id(0)?, row.int(18)?);
    Ok(Message { id, what, body_sha256, at, by, state, approved, dropped, sent, attempts })
}

/// A message with a key that has to be there.
pub(super) async fn with_key(change: &mut Change, key: &str) -> Result<Message, StoreError> {
    kept_with(change, key).await?.ok_or_else(|| absent("message", key))
}
