//! Who looks at what. A claim is a lease: it keeps two people from working on one thing by accident, and
//! runs out by itself.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::json;

use crate::{
    Actor, Store, StoreError, Subject,
    audit::{Change, Entry},
    database::{Arg, Row, composed, sql},
    queue::{self, QueueQuery, Queued},
    reviews::there,
    time,
};

/// Who looks at what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// At this.
    pub subject: Subject,
    /// Who.
    pub by: String,
    /// Until then, unless they ask again.
    pub until: Timestamp,
}

impl Store {
    /// Takes a subject to look at, or keeps it for longer.
    ///
    /// # Errors
    ///
    /// [`StoreError::Conflict`] when somebody else looks at it; [`StoreError::Absent`] when it is not there.
    pub async fn claim(
        &self,
        actor: &Actor,
        subject: Subject,
        now: Timestamp,
        lasting: Duration,
    ) -> Result<Claim, StoreError> {
        let mut change = self.change(actor).await?;
        change.alone().await?;
        let by = change.actor().to_owned();
        let until = time::from_us(time::after(now, lasting))?;
        let claim = Claim { subject, by, until };
        if !took(&mut change, &claim, now).await? {
            there(&mut change, subject).await?;
            let other = held(&mut change, subject, now).await?;
            return Err(taken(&other.unwrap_or(claim)));
        }
        change.commit(entry(&claim)).await?;
        Ok(claim)
    }

    /// Takes what a look is worth most at, of what nobody looks at; none when nothing is left.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database refuses.
    pub async fn take_next(
        &self,
        actor: &Actor,
        query: &QueueQuery,
        now: Timestamp,
        lasting: Duration,
    ) -> Result<Option<Queued>, StoreError> {
        let mut change = self.change(actor).await?;
        // Of many who ask at once each has what the one before left.
        change.alone().await?;
        let Some(mut next) = queue::first_free(&mut change, query, now).await? else {
            return Ok(None);
        };
        let until = time::from_us(time::after(now, lasting))?;
        let claim = Claim { subject: next.subject, by: change.actor().to_owned(), until };
        put(&mut change, &claim).await?;
        change.commit(entry(&claim)).await?;
        next.claim = Some(claim);
        Ok(Some(next))
    }

    /// Gives a subject back that one has claimed; nothing happens when it is not.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database refuses.
    pub async fn release_claim(&self, actor: &Actor, subject: Subject) -> Result<(), StoreError> {
        let mut change = self.change(actor).await?;
        change.alone().await?;
        if end(&mut change, subject).await? == 0 {
            return Ok(());
        }
        change.commit(Entry::new("claim.given_back", subject, json!({}))).await
    }

    /// Who looks at what at a moment.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn claims(&self, now: Timestamp) -> Result<Vec<Claim>, StoreError> {
        let text = "SELECT subject_kind, subject, held_by, until_us FROM claim WHERE until_us > $1 \
                    ORDER BY until_us";
        self.pool.rows(sql(text, [now.as_microsecond().into()])).await?.iter().map(claim).collect()
    }

    /// Who looks at a subject at a moment.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn claim_on(
        &self,
        subject: Subject,
        now: Timestamp,
    ) -> Result<Option<Claim>, StoreError> {
        self.pool.row(on(subject, now)).await?.as_ref().map(claim).transpose()
    }
}

fn entry(claim: &Claim) -> Entry {
    Entry::new("claim.taken", claim.subject, json!({ "until": claim.until }))
}

fn on(subject: Subject, now: Timestamp) -> crate::database::Sql {
    let text = "SELECT subject_kind, subject, held_by, until_us FROM claim \
                WHERE subject_kind = $1 AND subject = $2 AND until_us > $3";
    sql(text, [subject.word().into(), subject.id().into(), now.as_microsecond().into()])
}

/// Puts a claim where its subject is there and nobody else holds it, in one statement: under the lock every
/// statement counts.
async fn took(change: &mut Change, claim: &Claim, now: Timestamp) -> Result<bool, StoreError> {
    let table = claim.subject.word();
    let text = format!(
        "INSERT INTO claim (subject_kind, subject, held_by, until_us) \
         SELECT $1, $2, $3, $4 FROM {table} WHERE id = $2 \
         ON CONFLICT (subject_kind, subject) DO UPDATE SET held_by = excluded.held_by, \
         until_us = excluded.until_us WHERE claim.held_by = excluded.held_by OR claim.until_us <= $5"
    );
    let [kind, id, by, until] = args(claim);
    let args = vec![kind, id, by, until, now.as_microsecond().into()];
    Ok(change.run(composed(text, args)).await? == 1)
}

fn args(Claim { subject, by, until }: &Claim) -> [Arg; 4] {
    [subject.word().into(), subject.id().into(), by.as_str().into(), until.as_microsecond().into()]
}

/// Puts a claim in the place of one that ran out, or is of the same person.
pub(crate) async fn put(change: &mut Change, claim: &Claim) -> Result<(), StoreError> {
    let text = "INSERT INTO claim (subject_kind, subject, held_by, until_us) VALUES ($1, $2, $3, $4) \
                ON CONFLICT (subject_kind, subject) DO UPDATE SET held_by = excluded.held_by, \
                until_us = excluded.until_us";
    change.run(sql(text, args(claim))).await.map(|_| ())
}

pub(crate) fn taken(claim: &Claim) -> StoreError {
    let id = format!("{} (held by {} until {})", claim.subject.id(), claim.by, claim.until);
    StoreError::Conflict { what: claim.subject.word(), id, state: "is being looked at" }
}

pub(crate) async fn held(
    change: &mut Change,
    subject: Subject,
    now: Timestamp,
) -> Result<Option<Claim>, StoreError> {
    change.row(on(subject, now)).await?.as_ref().map(claim).transpose()
}

/// Ends the claim of whoever writes.
pub(crate) async fn end(change: &mut Change, subject: Subject) -> Result<u64, StoreError> {
    let text = "DELETE FROM claim WHERE subject_kind = $1 AND subject = $2 AND held_by = $3";
    let by = change.actor().to_owned();
    change.run(sql(text, [subject.word().into(), subject.id().into(), by.into()])).await
}

fn claim(row: &Row) -> Result<Claim, StoreError> {
    Ok(Claim {
        subject: Subject::new(&row.text(0)?, row.id(1)?)?,
        by: row.text(2)?,
        until: time::from_us(row.int(3)?)?,
    })
}
