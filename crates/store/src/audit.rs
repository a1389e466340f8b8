//! Who did what, in the same transaction as what was done.
//!
//! ```text
//! canonical(n) = seq ‖ at ‖ |actor| ‖ actor ‖ |action| ‖ action ‖ |subject| ‖ subject ‖ |detail| ‖ detail
//! hash(n)      = SHA-256( hash(n−1) ‖ canonical(n) )                    the chain
//! leaf(n)      = SHA-256( 0 ‖ canonical(n) )                            of the tree: see [`tree`]
//! ```
//!
//! An entry that is changed, taken out or put in between breaks the chain at its place, and
//! [`Store::verify_audit`] says where. Who holds a checkpoint, which is the root of the tree at a number of entries, can
//! also tell that the end was cut off or that all of the log was made anew.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    Store,
    database::{Row, Sql, Tx, sql},
    error::StoreError,
    time,
};

mod checkpoints;
mod export;
mod head;
mod notes;
mod proof;
mod query;
mod tiles;
mod tree;
mod verify;

pub use checkpoints::SignedCheckpoint;
pub use export::{AuditLine, ExportHead};
pub use notes::Note;
pub use proof::{EntryProof, GrowthProof};
pub use query::AuditQuery;
pub use verify::LogCheck;

use head::Head;
pub(crate) use head::catch_up;

/// Who acts. There is no write without one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Actor {
    /// Somebody with an account, by its name.
    Account(String),
    /// A worker that does jobs, by its name.
    Worker(String),
    /// Somebody at the command line of the machine itself, by the command.
    Command(String),
    /// A partner body that receives releases, by its code.
    Recipient(String),
    /// The server itself.
    Server,
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account(name) => write!(f, "account:{name}"),
            Self::Worker(name) => write!(f, "worker:{name}"),
            Self::Command(name) => write!(f, "command:{name}"),
            Self::Recipient(code) => write!(f, "recipient:{code}"),
            Self::Server => f.write_str("server"),
        }
    }
}

/// One entry of the audit log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// Place in the log, from 1, without gaps.
    pub seq: i64,
    /// When it was written.
    pub at: Timestamp,
    /// Who.
    pub actor: String,
    /// What was done: `job.enqueued`, `finding.recorded` …
    pub action: String,
    /// To what, by its id.
    pub subject: String,
    /// More of it.
    pub detail: Value,
    /// The chain up to here.
    #[serde(skip)]
    pub(crate) hash: Vec<u8>,
}

impl AuditEntry {
    /// Whether somebody only looked.
    #[must_use]
    pub fn is_look(&self) -> bool {
        self.action.rsplit_once('.').is_some_and(|(_, done)| done == "read")
    }
}

/// What a commit says of itself.
pub(crate) struct Entry {
    pub(crate) action: &'static str,
    pub(crate) subject: String,
    pub(crate) detail: Value,
}

impl Entry {
    pub(crate) fn new(action: &'static str, subject: impl fmt::Display, detail: Value) -> Self {
        Self { action, subject: subject.to_string(), detail }
    }
}

/// A change in the making. The only way to keep it is [`Change::commit`], which asks for its entry.
pub(crate) struct Change {
    tx: Tx,
    actor: String,
    /// The end of the log, once nobody else can write.
    head: Option<Head>,
    pub(crate) at_us: i64,
}

impl Change {
    pub(crate) async fn run(&mut self, sql: Sql) -> Result<u64, StoreError> {
        self.tx.run(sql).await
    }

    pub(crate) async fn rows(&mut self, sql: Sql) -> Result<Vec<Row>, StoreError> {
        self.tx.rows(sql).await
    }

    pub(crate) async fn row(&mut self, sql: Sql) -> Result<Option<Row>, StoreError> {
        self.tx.row(sql).await
    }

    /// Waits until nobody else is about to commit, and lets nobody else until this is done: for numbers that
    /// are given in the order of commits.
    pub(crate) async fn alone(&mut self) -> Result<(), StoreError> {
        self.head = Some(Head::locked(&mut self.tx).await?);
        Ok(())
    }

    pub(crate) fn actor(&self) -> &str {
        &self.actor
    }

    pub(crate) fn dialect(&self) -> crate::database::Dialect {
        self.tx.dialect()
    }

    /// Writes the entry and commits both.
    pub(crate) async fn commit(self, entry: Entry) -> Result<(), StoreError> {
        let actor = self.actor.clone();
        self.commit_all(&[(actor, entry)]).await
    }

    /// Writes several entries, each of its own actor, and commits all.
    pub(crate) async fn commit_all(
        mut self,
        entries: &[(String, Entry)],
    ) -> Result<(), StoreError> {
        let mut head = match self.head {
            Some(head) => head,
            None => Head::locked(&mut self.tx).await?,
        };
        head.append(&mut self.tx, self.at_us, entries).await?;
        self.tx.commit().await
    }
}

impl Store {
    pub(crate) async fn change(&self, actor: &Actor) -> Result<Change, StoreError> {
        let at_us = Timestamp::now().as_microsecond();
        let (tx, actor) = (self.pool.write().await?, actor.to_string());
        Ok(Change { tx, actor, head: None, at_us })
    }

    /// The last entry's place in the log; 0 when nothing was ever written.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn audit_seq(&self) -> Result<i64, StoreError> {
        let row = self.pool.row(sql("SELECT seq FROM audit_head WHERE one = 1", [])).await?;
        row.ok_or_else(|| StoreError::damaged("audit_head", "it is empty"))?.int(0)
    }

    /// At most `limit` entries after a place in the log, oldest first.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn audit_after(&self, seq: i64, limit: u32) -> Result<Vec<AuditEntry>, StoreError> {
        let text = "SELECT seq, at_us, actor, action, subject, detail, hash FROM audit \
                    WHERE seq > $1 ORDER BY seq LIMIT $2";
        let rows = self.pool.rows(sql(text, [seq.into(), i64::from(limit).into()])).await?;
        rows.iter().map(entry).collect()
    }

    /// At most `limit` entries of what was done to any of some subjects, newest first; who only looked is left out.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn audit_about(
        &self,
        subjects: &[String],
        limit: u32,
    ) -> Result<Vec<AuditEntry>, StoreError> {
        let mut entries = Vec::new();
        for subject in subjects {
            let text = "SELECT seq, at_us, actor, action, subject, detail, hash FROM audit \
                        WHERE subject = $1 AND action NOT LIKE '%.read' ORDER BY seq DESC LIMIT $2";
            let args = [subject.as_str().into(), i64::from(limit).into()];
            let rows = self.pool.rows(sql(text, args)).await?;
            for row in &rows {
                entries.push(entry(row)?);
            }
        }
        entries.sort_unstable_by_key(|entry| std::cmp::Reverse(entry.seq));
        entries.truncate(limit as usize);
        Ok(entries)
    }
}

fn entry(row: &Row) -> Result<AuditEntry, StoreError> {
    let detail = row.text(5)?;
    Ok(AuditEntry {
        seq: row.int(0)?,
        at: time::from_us(row.int(1)?)?,
        actor: row.text(2)?,
        action: row.text(3)?,
        subject: row.text(4)?,
        detail: serde_json::from_str(&detail).map_err(|e| StoreError::damaged("audit", e))?,
        hash: row.bytes(6)?,
    })
}
