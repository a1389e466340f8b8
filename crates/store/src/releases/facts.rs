//! The times and ends of releases, one row a release, for figures: what has not happened yet is absent, never zero.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    answers::Outcome,
    basis::{self, Basis},
};
use crate::{
    Store, StoreError, Subject,
    database::{Row, Sql, composed},
    time,
};

/// One release in times.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReleaseFacts {
    /// The release.
    pub release: Uuid,
    /// `finding` or `site`.
    pub subject_kind: String,
    /// Its number.
    pub subject: Uuid,
    /// To whom, by code.
    pub recipient: String,
    /// When it was seen and decided, how urgent, of what gas, by what.
    pub basis: Basis,
    /// When the draft was made.
    pub drafted: Timestamp,
    /// When the first approved.
    pub approved_once: Option<Timestamp>,
    /// When the second did.
    pub approved: Option<Timestamp>,
    /// When it was sealed.
    pub sealed: Timestamp,
    /// Until when it holds.
    pub expires: Timestamp,
    /// When it went out.
    pub sent: Option<Timestamp>,
    /// When its recipient opened it.
    pub opened: Option<Timestamp>,
    /// When the recipient first said anything.
    pub answered: Option<Timestamp>,
    /// When somebody there was given it, or was on the way.
    pub assigned: Option<Timestamp>,
    /// When somebody there was on the way.
    pub on_the_way: Option<Timestamp>,
    /// When there was an outcome.
    pub ended: Option<Timestamp>,
    /// The outcome that holds: the latest.
    pub outcome: Option<Outcome>,
    /// Its reason code.
    pub outcome_reason: Option<String>,
    /// When the recipient first disputed it.
    pub disputed: Option<Timestamp>,
    /// When we had said something to every dispute.
    pub replied: Option<Timestamp>,
    /// When it was called back.
    pub recalled: Option<Timestamp>,
    /// When a later one took its place.
    pub superseded: Option<Timestamp>,
    /// How many reminders went out.
    pub reminders: i64,
    /// How many escalations did.
    pub escalations: i64,
}

const SENT: &str = "FROM message m JOIN delivery v ON v.message = m.id AND v.result = 'sent' WHERE m.release = r.id";

pub(super) fn select() -> String {
    select_from("release r")
}

fn select_from(from: &str) -> String {
    let basis = basis::COLUMNS;
    let first = |states: &str| {
        format!(
            "(SELECT MIN(n.at_us) FROM answer n WHERE n.release = r.id AND n.state IN ({states}))"
        )
    };
    let last = |column: &str| {
        format!(
            "(SELECT n.{column} FROM answer n WHERE n.release = r.id AND n.state = 'outcome' \
             ORDER BY n.at_us DESC, n.number DESC LIMIT 1)"
        )
    };
    let carried = |kinds: &str| format!("{SENT} AND m.kind IN ({kinds})");
    format!(
        "SELECT r.id, d.subject_kind, d.subject, r.recipient, {basis}, d.created_us, a1.created_us, a2.created_us, \
         r.created_us, r.expires_us, (SELECT MIN(v.created_us) {}), \
         (SELECT MIN(o.created_us) FROM receipt o WHERE o.release = r.id AND o.opened = 'release'), \
         (SELECT MIN(n.at_us) FROM answer n WHERE n.release = r.id), {}, {}, {}, {}, {}, {}, \
         (SELECT CASE WHEN COUNT(*) = COUNT(y.answer) THEN MAX(y.created_us) END FROM answer n \
         LEFT JOIN reply y ON y.answer = n.id WHERE n.release = r.id AND n.state = 'dispute'), \
         c.created_us, s.created_us, (SELECT COUNT(*) {}), (SELECT COUNT(*) {}) \
         FROM {from} JOIN release_draft d ON d.id = r.draft \
         LEFT JOIN approval a1 ON a1.draft = d.id AND a1.number = 1 \
         LEFT JOIN approval a2 ON a2.draft = d.id AND a2.number = 2 \
         LEFT JOIN recall c ON c.release = r.id LEFT JOIN release s ON s.supersedes = r.id",
        carried("'release', 'supersede'"),
        first("'assigned', 'on_the_way'"),
        first("'on_the_way'"),
        first("'outcome'"),
        last("outcome"),
        last("reason"),
        first("'dispute'"),
        carried("'reminder'"),
        carried("'escalation'"),
    )
}

impl Store {
    /// Releases in times, in the order of their ids: those after one, or from the first.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn release_facts(
        &self,
        after: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<ReleaseFacts>, StoreError> {
        self.facts(page(&select(), "r.id", after, limit)).await
    }

    /// Releases that hold and had no outcome yet, likewise.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn open_releases(
        &self,
        after: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<ReleaseFacts>, StoreError> {
        let open = select_from("open_release w CROSS JOIN release r");
        self.facts(page(&open, "w.release", after, limit)).await
    }

    async fn facts(&self, page: Sql) -> Result<Vec<ReleaseFacts>, StoreError> {
        self.pool.rows(page).await?.iter().map(facts).collect()
    }
}

/// The rows behind one, in the order that is walked.
pub(super) fn page(select: &str, walked: &str, after: Option<Uuid>, limit: u32) -> Sql {
    let text =
        format!("{select} WHERE r.id = {walked} AND {walked} > $1 ORDER BY {walked} LIMIT $2");
    composed(text, vec![after.unwrap_or_default().into(), i64::from(limit).into()])
}

pub(super) fn facts(row: &Row) -> Result<ReleaseFacts, StoreError> {
    let rest = 4 + basis::COUNT;
    let at = |n: usize| time::from_us(row.int(rest + n)?);
    let maybe = |n: usize| time::maybe_from_us(row.maybe_int(rest + n)?);
    let subject = Subject::new(&row.text(1)?, row.id(2)?)?;
    Ok(ReleaseFacts {
        release: row.id(0)?,
        subject_kind: subject.word().to_owned(),
        subject: subject.id(),
        recipient: row.text(3)?,
        basis: basis::read(row, 4)?,
        drafted: at(0)?,
        approved_once: maybe(1)?,
        approved: maybe(2)?,
        sealed: at(3)?,
        expires: at(4)?,
        sent: maybe(5)?,
        opened: maybe(6)?,
        answered: maybe(7)?,
        assigned: maybe(8)?,
        on_the_way: maybe(9)?,
        ended: maybe(10)?,
        outcome: row.maybe_text(rest + 11)?.map(|word| word.parse()).transpose()?,
        outcome_reason: row.maybe_text(rest + 12)?,
        disputed: maybe(13)?,
        replied: maybe(14)?,
        recalled: maybe(15)?,
        superseded: maybe(16)?,
        reminders: row.int(rest + 17)?,
        escalations: row.int(rest + 18)?,
    })
}
