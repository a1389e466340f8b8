//! What analysts decide, and who looks at what meanwhile.
//!
//! A review is never changed: a later one of the same analyst supersedes it. A claim is a lease: it keeps
//! two people from working on one thing by accident, and runs out by itself.

use std::{fmt, str::FromStr, time::Duration};

use cathartes_core::site::SiteId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use crate::{
    Actor, Store, StoreError,
    audit::{Change, Entry},
    database::{Row, composed, sql},
    time,
};

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// A plume or a source.
    Finding(Uuid),
    /// A site.
    Site(SiteId),
}

impl Subject {
    /// Of a kind and a number.
    ///
    /// # Errors
    ///
    /// [`StoreError::Refused`] for a word that is no kind.
    pub fn new(kind: &str, id: Uuid) -> Result<Self, StoreError> {
        match kind {
            "finding" => Ok(Self::Finding(id)),
            "site" => Ok(Self::Site(SiteId(id.as_u128()))),
            other => {
                let what = format!("`{other}` is nothing to look at: write finding or site");
                Err(StoreError::Refused(what))
            }
        }
    }

    /// The word for its kind.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Finding(_) => "finding",
            Self::Site(_) => "site",
        }
    }

    /// Its number.
    #[must_use]
    pub fn id(self) -> Uuid {
        match self {
            Self::Finding(id) => id,
            Self::Site(id) => Uuid::from_u128(id.0),
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.word(), self.id())
    }
}

/// What an analyst decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It is what it seems.
    Confirm,
    /// It is not; why goes with it.
    Reject,
    /// What there is does not tell.
    CannotTell,
    /// Somebody else is to look as well.
    SecondLook,
    /// More is to be measured first.
    Collect,
}

impl Verdict {
    /// All there are.
    pub const ALL: [Self; 5] =
        [Self::Confirm, Self::Reject, Self::CannotTell, Self::SecondLook, Self::Collect];

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Reject => "reject",
            Self::CannotTell => "cannot_tell",
            Self::SecondLook => "second_look",
            Self::Collect => "collect",
        }
    }
}

impl FromStr for Verdict {
    type Err = StoreError;

    fn from_str(word: &str) -> Result<Self, StoreError> {
        let known = Self::ALL.into_iter().find(|verdict| verdict.word() == word);
        known.ok_or_else(|| StoreError::Refused(format!("`{word}` is no verdict")))
    }
}

/// A review to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewReview {
    /// Of what.
    pub subject: Subject,
    /// The verdict.
    pub verdict: Verdict,
    /// Why; a rejection has one.
    pub reason: String,
    /// An earlier review by the same analyst that it takes the place of.
    pub supersedes: Option<Uuid>,
}

/// A review that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// Its id.
    pub id: Uuid,
    /// What it says.
    pub what: NewReview,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// The later one by the same analyst, where there is one.
    pub superseded_by: Option<Uuid>,
}

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

const COLUMNS: &str = "r.id, r.subject_kind, r.subject, r.verdict, r.reason, r.supersedes, r.created_us, \
                       r.created_by, s.id";
const FROM: &str = "review r LEFT JOIN review s ON s.supersedes = r.id";

impl Store {
    /// Keeps a review, and ends the claim of whoever made it.
    ///
    /// # Errors
    ///
    /// [`StoreError::Refused`] for a rejection without a reason, or one that supersedes what is not its
    /// author's; [`StoreError::Absent`] when there is no such subject; [`StoreError::Conflict`] when
    /// somebody else looks at it just now, or it supersedes what is superseded already.
    pub async fn add_review(
        &self,
        actor: &Actor,
        new: &NewReview,
        now: Timestamp,
    ) -> Result<Review, StoreError> {
        if new.verdict == Verdict::Reject && new.reason.trim().is_empty() {
            return Err(StoreError::Refused("a rejection needs its reason".to_owned()));
        }
        let mut change = self.change(actor).await?;
        change.alone().await?;
        there(&mut change, new.subject).await?;
        let by = change.actor().to_owned();
        if let Some(claim) = held(&mut change, new.subject, now).await?
            && claim.by != by
        {
            return Err(taken(&claim));
        }
        if let Some(earlier) = new.supersedes {
            own(&mut change, new.subject, earlier, &by).await?;
        }
        let (id, at_us) = (Uuid::now_v7(), change.at_us);
        let text = "INSERT INTO review (id, subject_kind, subject, verdict, reason, supersedes, \
                    created_us, created_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let args = [
            id.into(),
            new.subject.word().into(),
            new.subject.id().into(),
            new.verdict.word().into(),
            new.reason.as_str().into(),
            new.supersedes.into(),
            at_us.into(),
            by.as_str().into(),
        ];
        change.run(sql(text, args)).await?;
        end(&mut change, new.subject).await?;
        let detail = json!({ "review": id, "verdict": new.verdict, "reason": new.reason });
        change.commit(Entry::new("review.made", new.subject, detail)).await?;
        let at = time::from_us(at_us)?;
        Ok(Review { id, what: new.clone(), at, by, superseded_by: None })
    }

    /// The reviews of a subject, oldest first, with those that were superseded.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn reviews(&self, subject: Subject) -> Result<Vec<Review>, StoreError> {
        let text = format!(
            "SELECT {COLUMNS} FROM {FROM} WHERE r.subject_kind = $1 AND r.subject = $2 ORDER BY r.id"
        );
        let args = vec![subject.word().into(), subject.id().into()];
        self.pool.rows(composed(text, args)).await?.iter().map(review).collect()
    }

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
        there(&mut change, subject).await?;
        let by = change.actor().to_owned();
        let until_us = time::after(now, lasting);
        let until = time::from_us(until_us)?;
        // One statement, so that of two who ask at once one has it.
        let text = "INSERT INTO claim (subject_kind, subject, held_by, until_us) VALUES ($1, $2, $3, $4) \
                    ON CONFLICT (subject_kind, subject) DO UPDATE SET held_by = excluded.held_by, \
                    until_us = excluded.until_us \
                    WHERE claim.held_by = excluded.held_by OR claim.until_us <= $5";
        let args = [
            subject.word().into(),
            subject.id().into(),
            by.as_str().into(),
            until_us.into(),
            now.as_microsecond().into(),
        ];
        if change.run(sql(text, args)).await? == 0 {
            let claim = held(&mut change, subject, now).await?;
            return Err(claim.as_ref().map_or_else(|| gone(subject), taken));
        }
        change.commit(Entry::new("claim.taken", subject, json!({ "until": until }))).await?;
        Ok(Claim { subject, by, until })
    }

    /// Gives a subject back that one has claimed; nothing happens when it is not.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database refuses.
    pub async fn release_claim(&self, actor: &Actor, subject: Subject) -> Result<(), StoreError> {
        let mut change = self.change(actor).await?;
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
}

/// Whether a subject is there.
async fn there(change: &mut Change, subject: Subject) -> Result<(), StoreError> {
    let text = match subject {
        Subject::Finding(_) => "SELECT 1 FROM finding WHERE id = $1",
        Subject::Site(_) => "SELECT 1 FROM site WHERE id = $1",
    };
    let found = change.row(sql(text, [subject.id().into()])).await?;
    found.map(|_| ()).ok_or_else(|| gone(subject))
}

fn gone(subject: Subject) -> StoreError {
    StoreError::Absent { what: subject.word(), id: subject.id().to_string() }
}

fn taken(claim: &Claim) -> StoreError {
    let id = format!("{} (held by {} until {})", claim.subject.id(), claim.by, claim.until);
    StoreError::Conflict { what: claim.subject.word(), id, state: "is being looked at" }
}

/// Whether an earlier review may be superseded by somebody.
async fn own(
    change: &mut Change,
    subject: Subject,
    earlier: Uuid,
    by: &str,
) -> Result<(), StoreError> {
    let text = format!("SELECT {COLUMNS} FROM {FROM} WHERE r.id = $1");
    let row = change.row(composed(text, vec![earlier.into()])).await?;
    let absent = || StoreError::Absent { what: "review", id: earlier.to_string() };
    let earlier = review(&row.ok_or_else(absent)?)?;
    if earlier.by != by || earlier.what.subject != subject {
        let what = "a review takes the place of one by the same person of the same thing only";
        return Err(StoreError::Refused(what.to_owned()));
    }
    if earlier.superseded_by.is_some() {
        let (what, id) = ("review", earlier.id.to_string());
        return Err(StoreError::Conflict { what, id, state: "is superseded already" });
    }
    Ok(())
}

async fn held(
    change: &mut Change,
    subject: Subject,
    now: Timestamp,
) -> Result<Option<Claim>, StoreError> {
    let text = "SELECT subject_kind, subject, held_by, until_us FROM claim \
                WHERE subject_kind = $1 AND subject = $2 AND until_us > $3";
    let args = [subject.word().into(), subject.id().into(), now.as_microsecond().into()];
    change.row(sql(text, args)).await?.as_ref().map(claim).transpose()
}

/// Ends the claim of whoever writes.
async fn end(change: &mut Change, subject: Subject) -> Result<u64, StoreError> {
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

fn review(row: &Row) -> Result<Review, StoreError> {
    Ok(Review {
        id: row.id(0)?,
        what: NewReview {
            subject: Subject::new(&row.text(1)?, row.id(2)?)?,
            verdict: row.text(3)?.parse()?,
            reason: row.text(4)?,
            supersedes: row.maybe_id(5)?,
        },
        at: time::from_us(row.int(6)?)?,
        by: row.text(7)?,
        superseded_by: row.maybe_id(8)?,
    })
}
