//! The queue: what is to be done, who does it, and until when it is theirs.
//!
//! ```text
//! queued ──take──> leased ──finish──> done
//!    ^               │ lease ran out, or it could not be done: again, a few times
//!    └───────────────┴──> dead, until somebody asks for it again
//! ```
//!
//! A result is taken only from whoever holds the lease, in the transaction that ends the job: a
//! worker that was given up for lost cannot bring its result a second time.

use std::{fmt, str::FromStr, time::Duration};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use crate::{
    Store,
    audit::{Actor, Change, Entry},
    database::{Row, Sql, composed, sql},
    error::StoreError,
    time,
    work::Work,
};

mod ask;

pub(crate) use ask::ask_for_fold;

/// Times a job is tried before it is dead.
pub(crate) const MOST_ATTEMPTS: i64 = 3;

/// How far a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// Waits for a worker.
    Queued,
    /// A worker does it.
    Leased,
    /// Its results are in the record.
    Done,
    /// It was tried often enough.
    Dead,
}

impl JobState {
    /// All there are.
    pub const ALL: [Self; 4] = [Self::Queued, Self::Leased, Self::Done, Self::Dead];

    /// The word for it in tables and addresses.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Leased => "leased",
            Self::Done => "done",
            Self::Dead => "dead",
        }
    }
}

impl fmt::Display for JobState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for JobState {
    type Err = StoreError;

    fn from_str(word: &str) -> Result<Self, StoreError> {
        let known = Self::ALL.into_iter().find(|state| state.word() == word);
        let what = || format!("`{word}` is no state of a job: queued, leased, done or dead");
        known.ok_or_else(|| StoreError::Refused(what()))
    }
}

/// One job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// Its id.
    pub id: Uuid,
    /// What is to be done.
    pub work: Work,
    /// How far it is.
    pub state: JobState,
    /// Times it was begun.
    pub attempts: i64,
    /// Who does it.
    pub owner: Option<String>,
    /// Until when it is theirs.
    pub lease_until: Option<Timestamp>,
    /// What went wrong the last time.
    pub error: Option<String>,
    /// What came of it, in a sentence.
    pub note: Option<String>,
    /// When it was asked for.
    pub created: Timestamp,
    /// When it ended.
    pub finished: Option<Timestamp>,
}

/// The right to do a job and to bring its result.
#[derive(Debug, Clone, PartialEq)]
pub struct Lease {
    /// The job.
    pub job: Job,
    /// Who holds it.
    pub(crate) owner: String,
    /// Which attempt it is for.
    pub(crate) attempt: i64,
}

/// Why a job was not done, and whether another try can help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobFailure {
    /// What went wrong, where, and what to do.
    pub error: String,
    /// When to try again; never when absent.
    pub again_at: Option<Timestamp>,
}

/// Jobs by state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Waiting.
    pub queued: i64,
    /// Being done.
    pub leased: i64,
    /// Done.
    pub done: i64,
    /// Given up.
    pub dead: i64,
}

const COLUMNS: &str = "id, work, state, attempts, owner, lease_until_us, error, note, created_us, \
     finished_us";

impl Store {
    /// The oldest job that waits, for some time; `None` when nothing waits.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn take(
        &self,
        worker: &str,
        now: Timestamp,
        lease: Duration,
    ) -> Result<Option<Lease>, StoreError> {
        self.bury(now).await?;
        let free = "SELECT 1 FROM job WHERE (state = 'queued' AND available_us <= $1) \
                    OR (state = 'leased' AND lease_until_us <= $1) LIMIT 1";
        if self.pool.row(sql(free, [now.as_microsecond().into()])).await?.is_none() {
            return Ok(None);
        }
        let mut change = self.change(&Actor::Worker(worker.to_owned())).await?;
        let until = time::after(now, lease);
        // Between the inner SELECT and the UPDATE another worker may commit; asking again in the
        // outer WHERE is what keeps PostgreSQL from handing the job out twice.
        let free = "((state = 'queued' AND available_us <= $3) OR (state = 'leased' AND lease_until_us <= $3))";
        let lock = change.dialect().pick("", "FOR UPDATE SKIP LOCKED");
        let text = format!(
            "UPDATE job SET state = 'leased', owner = $1, lease_until_us = $2, attempts = attempts + 1 \
             WHERE id = (SELECT id FROM job WHERE {free} ORDER BY id LIMIT 1 {lock}) AND {free} \
             RETURNING {COLUMNS}"
        );
        let args = vec![worker.into(), until.into(), now.as_microsecond().into()];
        let Some(row) = change.row(composed(text, args)).await? else { return Ok(None) };
        let job = read(&row)?;
        let detail = json!({ "attempt": job.attempts });
        change.commit(Entry::new("job.taken", job.id, detail)).await?;
        Ok(Some(Lease { owner: worker.to_owned(), attempt: job.attempts, job }))
    }

    /// Gives up jobs whose workers were lost with them too often.
    async fn bury(&self, now: Timestamp) -> Result<(), StoreError> {
        let lost =
            "SELECT id FROM job WHERE state = 'leased' AND lease_until_us <= $1 AND attempts >= $2";
        let args = [now.as_microsecond().into(), MOST_ATTEMPTS.into()];
        for row in self.pool.rows(sql(lost, args)).await? {
            let id = row.id(0)?;
            let mut change = self.change(&Actor::Server).await?;
            let text = "UPDATE job SET state = 'dead', finished_us = $1, error = $2 \
                        WHERE id = $3 AND state = 'leased' AND lease_until_us <= $1 AND attempts >= $4";
            let error =
                "its worker was lost every time it was tried: look at the worker's memory and log";
            let args = [now.as_microsecond().into(), error.into(), id.into(), MOST_ATTEMPTS.into()];
            if change.run(sql(text, args)).await? == 1 {
                change.commit(Entry::new("job.dead", id, json!({ "error": error }))).await?;
            }
        }
        Ok(())
    }

    /// Makes a lease last longer. This alone has no entry in the audit log: it changes nothing that
    /// anybody sees, many times a minute.
    ///
    /// # Errors
    ///
    /// [`StoreError::LeaseLost`] when it is somebody else's by now.
    pub async fn renew(
        &self,
        lease: &Lease,
        now: Timestamp,
        more: Duration,
    ) -> Result<(), StoreError> {
        let text = "UPDATE job SET lease_until_us = $4 \
                    WHERE id = $1 AND owner = $2 AND attempts = $3 AND state = 'leased'";
        let until = time::after(now, more);
        let mut tx = self.pool.write().await?;
        let args =
            [lease.job.id.into(), lease.owner.as_str().into(), lease.attempt.into(), until.into()];
        if tx.run(sql(text, args)).await? == 0 {
            return Err(StoreError::LeaseLost(lease.job.id));
        }
        tx.commit().await
    }

    /// Gives a job back untouched, because the worker is being stopped.
    ///
    /// # Errors
    ///
    /// [`StoreError::LeaseLost`] when it is somebody else's by now.
    pub async fn give_back(&self, lease: &Lease) -> Result<(), StoreError> {
        let text = "UPDATE job SET state = 'queued', owner = NULL, lease_until_us = NULL, \
                    attempts = attempts - 1 \
                    WHERE id = $1 AND owner = $2 AND attempts = $3 AND state = 'leased'";
        let mut change = self.change(&Actor::Worker(lease.owner.clone())).await?;
        held(change.run(held_by(text, lease)).await?, lease)?;
        change.commit(Entry::new("job.given_back", lease.job.id, json!({}))).await
    }

    /// Says that a job could not be done; it is tried again when that can help, else it is dead.
    ///
    /// # Errors
    ///
    /// [`StoreError::LeaseLost`] when it is somebody else's by now.
    pub async fn fail(&self, lease: &Lease, failure: &JobFailure) -> Result<JobState, StoreError> {
        let again = failure.again_at.filter(|_| lease.attempt < MOST_ATTEMPTS);
        let state = if again.is_some() { JobState::Queued } else { JobState::Dead };
        let text = "UPDATE job SET state = $4, owner = NULL, lease_until_us = NULL, error = $5, \
                    available_us = COALESCE($6, available_us), finished_us = $7 \
                    WHERE id = $1 AND owner = $2 AND attempts = $3 AND state = 'leased'";
        let mut change = self.change(&Actor::Worker(lease.owner.clone())).await?;
        let finished = again.is_none().then_some(change.at_us);
        let args = [
            lease.job.id.into(),
            lease.owner.as_str().into(),
            lease.attempt.into(),
            state.word().into(),
            failure.error.as_str().into(),
            time::maybe_us(again).into(),
            finished.into(),
        ];
        held(change.run(sql(text, args)).await?, lease)?;
        let action = if again.is_some() { "job.failed" } else { "job.dead" };
        change.commit(Entry::new(action, lease.job.id, json!({ "error": failure.error }))).await?;
        Ok(state)
    }

    /// Asks for a dead job again.
    ///
    /// # Errors
    ///
    /// [`StoreError::Conflict`] when it is not dead.
    pub async fn revive(&self, actor: &Actor, id: Uuid) -> Result<(), StoreError> {
        let mut change = self.change(actor).await?;
        let text = "UPDATE job SET state = 'queued', attempts = 0, available_us = $2, \
                    finished_us = NULL WHERE id = $1 AND state = 'dead'";
        let at = change.at_us;
        if change.run(sql(text, [id.into(), at.into()])).await? == 0 {
            drop(change);
            let job = self.job(id).await?;
            let job = job.ok_or(StoreError::Absent { what: "job", id: id.to_string() })?;
            let state = if job.state == JobState::Done { "is done" } else { "is on its way" };
            return Err(StoreError::Conflict { what: "job", id: id.to_string(), state });
        }
        change.commit(Entry::new("job.revived", id, json!({}))).await
    }

    /// One job.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn job(&self, id: Uuid) -> Result<Option<Job>, StoreError> {
        let text = format!("SELECT {COLUMNS} FROM job WHERE id = $1");
        self.pool.row(composed(text, vec![id.into()])).await?.as_ref().map(read).transpose()
    }

    /// Jobs, the newest first, of one state when asked.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn jobs(&self, state: Option<JobState>, limit: u32) -> Result<Vec<Job>, StoreError> {
        let filter = if state.is_some() { "state = $2" } else { "$2 = ''" };
        let text = format!("SELECT {COLUMNS} FROM job WHERE {filter} ORDER BY id DESC LIMIT $1");
        let args = vec![i64::from(limit).into(), state.map_or("", JobState::word).into()];
        let rows = self.pool.rows(composed(text, args)).await?;
        rows.iter().map(read).collect()
    }

    /// How many jobs are in which state.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn job_counts(&self) -> Result<Counts, StoreError> {
        let text = "SELECT state, COUNT(*) FROM job GROUP BY state";
        let mut counts = Counts::default();
        for row in self.pool.rows(sql(text, [])).await? {
            let count = row.int(1)?;
            match row.text(0)?.parse()? {
                JobState::Queued => counts.queued = count,
                JobState::Leased => counts.leased = count,
                JobState::Done => counts.done = count,
                JobState::Dead => counts.dead = count,
            }
        }
        Ok(counts)
    }
}

/// Ends a job in the transaction that brings its results.
pub(crate) async fn done(change: &mut Change, lease: &Lease, note: &str) -> Result<(), StoreError> {
    let text = "UPDATE job SET state = 'done', lease_until_us = NULL, error = NULL, finished_us = $4, \
                note = $5 WHERE id = $1 AND owner = $2 AND attempts = $3 AND state = 'leased'";
    let at = change.at_us;
    let args = [
        lease.job.id.into(),
        lease.owner.as_str().into(),
        lease.attempt.into(),
        at.into(),
        note.into(),
    ];
    held(change.run(sql(text, args)).await?, lease)
}

fn held_by(text: &'static str, lease: &Lease) -> Sql {
    sql(text, [lease.job.id.into(), lease.owner.as_str().into(), lease.attempt.into()])
}

fn held(rows: u64, lease: &Lease) -> Result<(), StoreError> {
    if rows == 1 { Ok(()) } else { Err(StoreError::LeaseLost(lease.job.id)) }
}

fn read(row: &Row) -> Result<Job, StoreError> {
    let work = row.text(1)?;
    Ok(Job {
        id: row.id(0)?,
        work: serde_json::from_str(&work).map_err(|e| StoreError::damaged("a job", e))?,
        state: row.text(2)?.parse()?,
        attempts: row.int(3)?,
        owner: row.maybe_text(4)?,
        lease_until: time::maybe_from_us(row.maybe_int(5)?)?,
        error: row.maybe_text(6)?,
        note: row.maybe_text(7)?,
        created: time::from_us(row.int(8)?)?,
        finished: time::maybe_from_us(row.maybe_int(9)?)?,
    })
}
