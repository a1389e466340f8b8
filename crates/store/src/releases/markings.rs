//! How closely things are held, as somebody said. What is not said here stays here.

use std::collections::BTreeMap;

use cathartes_core::marking::Marking;
use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

use super::{conflict, noted_at, says, somebody};
use crate::{
    Actor, Store, StoreError, Subject,
    audit::{Change, Entry},
    database::{Row, composed, sql},
    reviews::there,
};

/// A marking to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMarking {
    /// Of what.
    pub subject: Subject,
    /// Of all its fields; none: they stay.
    pub marking: Option<Marking>,
    /// Fields that are held otherwise, by their path.
    pub overrides: BTreeMap<String, Marking>,
    /// Why.
    pub why: String,
    /// The one that whoever writes has seen; none for the first.
    pub supersedes: Option<Uuid>,
}

/// A marking that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptMarking {
    /// Its id.
    pub id: Uuid,
    /// What it says.
    pub what: NewMarking,
    /// When it was said.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
}

pub(crate) const SELECT: &str = "SELECT m.id, m.subject_kind, m.subject, m.marking, m.overrides, m.why, m.supersedes, \
     m.created_us, m.created_by FROM marking m";
const HOLDS: &str = "NOT EXISTS (SELECT 1 FROM marking s WHERE s.supersedes = m.id)";

impl Store {
    /// Keeps a marking, in the place of the one that it supersedes.
    ///
    /// # Errors
    ///
    /// [`StoreError::Refused`] for one without a reason, or not by somebody with an account;
    /// [`StoreError::Absent`] when there is no such subject; [`StoreError::Conflict`] when somebody was faster.
    pub async fn put_marking(
        &self,
        actor: &Actor,
        new: &NewMarking,
        now: Timestamp,
    ) -> Result<KeptMarking, StoreError> {
        somebody(actor)?;
        says("the reason of a marking", &new.why, 2_000)?;
        let mut change = self.change(actor).await?;
        change.alone().await?;
        there(&mut change, new.subject).await?;
        let last = latest(&mut change, new.subject).await?;
        if last.map(|last| last.id) != new.supersedes {
            let state = "is marked otherwise meanwhile";
            return Err(conflict(new.subject.word(), new.subject.id(), state));
        }
        let (id, by) = (Uuid::now_v7(), change.actor().to_owned());
        let kept = KeptMarking { id, what: new.clone(), at: now, by };
        insert(&mut change, &kept).await?;
        let detail = json!({
            "marking": id, "default": new.marking, "overrides": new.overrides, "why": new.why,
        });
        change.commit(Entry::new("marking.set", new.subject, detail)).await?;
        Ok(kept)
    }

    /// How a thing is marked now.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn marking(&self, subject: Subject) -> Result<Option<KeptMarking>, StoreError> {
        Ok(self.markings(subject).await?.pop())
    }

    /// How a thing was ever marked, oldest first.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn markings(&self, subject: Subject) -> Result<Vec<KeptMarking>, StoreError> {
        let text = format!("{SELECT} WHERE m.subject_kind = $1 AND m.subject = $2");
        let args = vec![subject.word().into(), subject.id().into()];
        let rows = self.pool.rows(composed(text, args)).await?;
        let all = rows.iter().map(marking).collect::<Result<Vec<_>, _>>()?;
        Ok(in_their_order(all))
    }
}

/// Each behind the one that it supersedes.
fn in_their_order(all: Vec<KeptMarking>) -> Vec<KeptMarking> {
    let mut behind: BTreeMap<_, _> =
        all.into_iter().map(|one| (one.what.supersedes, one)).collect();
    let mut last = None;
    let next = std::iter::from_fn(|| {
        let one = behind.remove(&last)?;
        last = Some(one.id);
        Some(one)
    });
    next.collect()
}

async fn latest(change: &mut Change, subject: Subject) -> Result<Option<KeptMarking>, StoreError> {
    let text = format!("{SELECT} WHERE m.subject_kind = $1 AND m.subject = $2 AND {HOLDS}");
    let args = vec![subject.word().into(), subject.id().into()];
    change.row(composed(text, args)).await?.as_ref().map(marking).transpose()
}

async fn insert(change: &mut Change, kept: &KeptMarking) -> Result<(), StoreError> {
    let text = "INSERT INTO marking (id, subject_kind, subject, marking, overrides, why, supersedes, \
                created_us, created_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let new = &kept.what;
    let args = [
        kept.id.into(),
        new.subject.word().into(),
        new.subject.id().into(),
        new.marking.as_ref().map(|marking| json!(marking).to_string()).into(),
        json!(new.overrides).to_string().into(),
        new.why.as_str().into(),
        new.supersedes.into(),
        kept.at.as_microsecond().into(),
        kept.by.as_str().into(),
    ];
    change.run(sql(text, args)).await.map(|_| ())
}

pub(crate) fn marking(row: &Row) -> Result<KeptMarking, StoreError> {
    let damaged = |error| StoreError::damaged("a marking", error);
    let of_all = row.maybe_text(3)?.map(|text| serde_json::from_str(&text));
    let (at, by) = noted_at(row, 7)?;
    let what = NewMarking {
        subject: Subject::new(&row.text(1)?, row.id(2)?)?,
        marking: of_all.transpose().map_err(damaged)?,
        overrides: serde_json::from_str(&row.text(4)?).map_err(damaged)?,
        why: row.text(5)?,
        supersedes: row.maybe_id(6)?,
    };
    Ok(KeptMarking { id: row.id(0)?, what, at, by })
}
