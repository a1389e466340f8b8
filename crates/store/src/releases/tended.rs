//! What whoever tends the loop asks: outcomes to bring back, recalls that nobody opened, and how much went out.

use jiff::Timestamp;
use uuid::Uuid;

use super::{
    MessageKind, Outcome,
    answers::{self, Answer},
    facts::{self, ReleaseFacts},
};
use crate::{
    Store, StoreError,
    database::{Row, composed, sql},
};

impl Store {
    /// Answers that are an outcome, in the order of their ids: those after one, or from the first.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn outcomes(
        &self,
        after: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<Answer>, StoreError> {
        let text = format!(
            "{} WHERE n.id > $1 AND n.state = 'outcome' ORDER BY n.id LIMIT $2",
            answers::select()
        );
        let args = vec![after.unwrap_or_default().into(), i64::from(limit).into()];
        self.pool.rows(composed(text, args)).await?.iter().map(answers::read).collect()
    }

    /// Releases that were sent and recalled, and whose recipient has neither opened that nor said what came of them:
    /// the last recalled first.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn recalls_not_opened(&self, limit: u32) -> Result<Vec<ReleaseFacts>, StoreError> {
        let which = " WHERE c.created_us IS NOT NULL \
             AND NOT EXISTS (SELECT 1 FROM receipt o WHERE o.release = r.id AND o.opened = 'recall') \
             AND NOT EXISTS (SELECT 1 FROM answer n WHERE n.release = r.id AND n.state = 'outcome') \
             ORDER BY c.created_us DESC LIMIT $1";
        let text = facts::select() + which;
        let args = vec![i64::from(limit).into()];
        self.pool.rows(composed(text, args)).await?.iter().map(facts::facts).collect()
    }

    /// How often each outcome came, by what saw the thing first; of several answers to one release the latest.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn outcomes_by_instrument(
        &self,
        since: Timestamp,
    ) -> Result<Vec<(Option<String>, Outcome, u64)>, StoreError> {
        let text = "SELECT d.instrument, n.outcome, COUNT(*) FROM answer n JOIN release r ON r.id = n.release \
             JOIN release_draft d ON d.id = r.draft WHERE n.state = 'outcome' AND n.at_us >= $1 \
             AND n.id = (SELECT l.id FROM answer l WHERE l.release = r.id AND l.state = 'outcome' \
             ORDER BY l.at_us DESC, l.number DESC LIMIT 1) GROUP BY d.instrument, n.outcome \
             ORDER BY d.instrument, n.outcome";
        let one =
            |row: &Row| Ok((row.maybe_text(0)?, row.text(1)?.parse()?, row.int(2)?.unsigned_abs()));
        let rows = self.pool.rows(sql(text, [since.as_microsecond().into()])).await?;
        rows.iter().map(one).collect()
    }

    /// How many messages of each kind went out in a time.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn messages_sent(
        &self,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<(MessageKind, i64)>, StoreError> {
        let text = "SELECT m.kind, COUNT(*) FROM delivery v JOIN message m ON m.id = v.message \
             WHERE v.result = 'sent' AND v.created_us >= $1 AND v.created_us < $2 GROUP BY m.kind ORDER BY m.kind";
        let args = [from.as_microsecond().into(), to.as_microsecond().into()];
        let one = |row: &Row| Ok((row.text(0)?.parse()?, row.int(1)?));
        self.pool.rows(sql(text, args)).await?.iter().map(one).collect()
    }
}
