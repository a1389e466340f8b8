//! Disputes, and what we say to them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::{
    absent,
    answers::{self, Answer, AnswerState, COLUMNS, columns},
    conflict,
    messages::{self, Message, MessageKind, NewMessage, message_key},
    noted_at, refused, released, says, somebody,
};
use crate::{
    Actor, Store, StoreError,
    audit::{Change, Entry},
    database::{Row, composed, sql},
};

/// What we say to a dispute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// To which answer.
    pub answer: Uuid,
    /// What we say.
    pub text: String,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
}

/// A dispute, and what we said to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Dispute {
    /// What they say.
    pub answer: Answer,
    /// What we say; none yet.
    pub reply: Option<Reply>,
}

impl Store {
    /// Says something to a dispute, and the message that carries it, in one transaction. The same by the same again
    /// changes nothing.
    ///
    /// # Errors
    ///
    /// [`StoreError::Refused`] without a text, or for an answer that disputes nothing; [`StoreError::Conflict`] when
    /// something was said to it; [`StoreError::Absent`] when there is none.
    pub async fn reply_to(
        &self,
        actor: &Actor,
        answer: Uuid,
        text: &str,
        now: Timestamp,
    ) -> Result<(Reply, Message), StoreError> {
        somebody(actor)?;
        says("the reply", text, 4_000)?;
        let mut change = self.change(actor).await?;
        change.alone().await?;
        let (disputed, said) = dispute_of(&mut change, answer).await?;
        let release = released::of(&mut change, disputed.release).await?;
        let key = message_key(release.id, MessageKind::Reply, disputed.number as u32);
        let by = change.actor().to_owned();
        if let Some(said) = said {
            let message = messages::with_key(&mut change, &key).await?;
            let same = said.by == by && said.text == text;
            let other = || conflict("dispute", answer, "was answered already");
            return if same { Ok((said, message)) } else { Err(other()) };
        }
        let insert =
            "INSERT INTO reply (answer, text, created_us, created_by) VALUES ($1, $2, $3, $4)";
        let args = [answer.into(), text.into(), now.as_microsecond().into(), by.as_str().into()];
        change.run(sql(insert, args)).await?;
        let message = NewMessage {
            key,
            recipient: release.recipient,
            release: Some(release.id),
            kind: MessageKind::Reply,
            body: json!({ "answer": answer, "text": text }),
            needs_approval: false,
            due: now,
        };
        let message = messages::put(&mut change, &message, now).await?;
        let detail = json!({ "answer": answer, "message": message.id, "text": text });
        change.commit(Entry::new("dispute.answered", release.id, detail)).await?;
        Ok((Reply { answer, text: text.to_owned(), at: now, by }, message))
    }

    /// The disputes of a release, in the order they came.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn disputes(&self, release: Uuid) -> Result<Vec<Dispute>, StoreError> {
        let text = format!(
            "SELECT {}, y.text, y.created_us, y.created_by FROM answer n LEFT JOIN reply y ON y.answer = n.id \
             WHERE n.release = $1 AND n.state = 'dispute' ORDER BY n.number",
            columns("n")
        );
        self.pool.rows(composed(text, vec![release.into()])).await?.iter().map(dispute).collect()
    }

    /// Disputes that nobody has answered, the one that is due first first.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn open_disputes(&self, limit: u32) -> Result<Vec<Answer>, StoreError> {
        let text = format!(
            "{} WHERE n.due_us IS NOT NULL AND NOT EXISTS (SELECT 1 FROM reply y WHERE y.answer = n.id) \
             ORDER BY n.due_us, n.id LIMIT $1",
            answers::select()
        );
        let args = vec![i64::from(limit).into()];
        self.pool.rows(composed(text, args)).await?.iter().map(answers::read).collect()
    }
}

/// An answer that disputes, and what was said to it.
async fn dispute_of(change: &mut Change, id: Uuid) -> Result<(Answer, Option<Reply>), StoreError> {
    let text = format!(
        "SELECT {}, y.text, y.created_us, y.created_by FROM answer n LEFT JOIN reply y ON y.answer = n.id \
         WHERE n.id = $1",
        columns("n")
    );
    let row = change.row(composed(text, vec![id.into()])).await?;
    let found = dispute(&row.ok_or_else(|| absent("answer", id))?)?;
    if found.answer.state != AnswerState::Dispute {
        return Err(refused("this answer disputes nothing: nothing is said to it"));
    }
    Ok((found.answer, found.reply))
}

fn dispute(row: &Row) -> Result<Dispute, StoreError> {
    let answer = answers::read(row)?;
    let said = row.maybe_text(COLUMNS.len())?;
    let reply = said.map(|text| {
        let (at, by) = noted_at(row, COLUMNS.len() + 1)?;
        Ok::<_, StoreError>(Reply { answer: answer.id, text, at, by })
    });
    Ok(Dispute { reply: reply.transpose()?, answer })
}
