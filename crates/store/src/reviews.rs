//! What analysts decide.
//!
//! A review is never changed: a later one of the same analyst supersedes it. In the same transaction what it is of
//! goes on to its next stage.

use std::{fmt, str::FromStr};

use cathartes_core::site::SiteId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use crate::{
    Actor, Claim, Store, StoreError,
    audit::{Change, Entry},
    claims,
    database::{Row, composed, sql},
    stages::{ReviewRule, Said, Stage, led_to},
    standings, time,
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

    /// The word for its kind, which is its table as well.
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
    /// Chosen by whoever asks: the same asked again with it is the same review.
    pub key: Option<Uuid>,
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
    /// In which round of its subject.
    pub round: i64,
    /// At which stage its subject was.
    pub stage: Stage,
    /// Whether it had the last word.
    pub settles: bool,
    /// The later one by the same analyst, where there is one.
    pub superseded_by: Option<Uuid>,
}

const COLUMNS: &str = "r.id, r.subject_kind, r.subject, r.verdict, r.reason, r.supersedes, r.created_us, \
                       r.created_by, r.key, r.round, r.stage, r.settles, s.id";
const FROM: &str = "review r LEFT JOIN review s ON s.supersedes = r.id";

impl Store {
    /// Keeps a review, ends the claim of whoever made it, and leads its subject to the next stage. One that was kept
    /// with the same key is given again, and nothing is written.
    ///
    /// # Errors
    ///
    /// [`StoreError::Refused`] for a rejection without a reason, one that supersedes what is not its
    /// author's, or a last word that is none; [`StoreError::Absent`] when there is no such subject;
    /// [`StoreError::Conflict`] when somebody else looks at it just now, its author has reviewed it in this
    /// round, it supersedes what is superseded already, or its key was used for something else.
    pub async fn add_review(
        &self,
        actor: &Actor,
        new: &NewReview,
        rule: ReviewRule,
        now: Timestamp,
    ) -> Result<Review, StoreError> {
        if new.verdict == Verdict::Reject && new.reason.trim().is_empty() {
            return Err(StoreError::Refused("a rejection needs its reason".to_owned()));
        }
        let mut change = self.change(actor).await?;
        change.alone().await?;
        let by = change.actor().to_owned();
        let before = before(&mut change, new).await?;
        if let Some(kept) = repeated(&before, new, &by)? {
            return Ok(kept.clone());
        }
        let (round, stage) = heeded(&mut change, new.subject, now).await?;
        let earlier = match new.supersedes {
            Some(earlier) => Some(own(&mut change, new.subject, earlier, &by).await?),
            None => None,
        };
        let again = earlier.filter(|earlier| earlier.round == round);
        let mut said = stands(before, new, round);
        once(&said, &by, again.is_some())?;
        let had_last_word = again.is_some_and(|earlier| earlier.settles);
        let settles = rule.may_settle && (stage == Stage::Senior || had_last_word);
        if settles && new.verdict == Verdict::SecondLook {
            let what = "two have looked and differ: confirm, reject, cannot_tell or collect";
            return Err(StoreError::Refused(what.to_owned()));
        }
        let (id, at) = (Uuid::now_v7(), time::from_us(change.at_us)?);
        let what = new.clone();
        let kept = Review { id, what, at, by, round, stage, settles, superseded_by: None };
        insert(&mut change, &kept).await?;
        said.push(kept.clone());
        let next = go_on(&mut change, &said, rule).await?;
        claims::end(&mut change, new.subject).await?;
        let detail = json!({
            "review": id, "verdict": new.verdict, "reason": new.reason, "stage": next.word(),
        });
        change.commit(Entry::new("review.made", new.subject, detail)).await?;
        Ok(kept)
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
}

async fn insert(change: &mut Change, kept: &Review) -> Result<(), StoreError> {
    let text = "INSERT INTO review (id, subject_kind, subject, verdict, reason, supersedes, \
                created_us, created_by, key, round, stage, settles) \
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    let new = &kept.what;
    let args = [
        kept.id.into(),
        new.subject.word().into(),
        new.subject.id().into(),
        new.verdict.word().into(),
        new.reason.as_str().into(),
        new.supersedes.into(),
        kept.at.as_microsecond().into(),
        kept.by.as_str().into(),
        new.key.into(),
        kept.round.into(),
        kept.stage.word().into(),
        i64::from(kept.settles).into(),
    ];
    change.run(sql(text, args)).await.map(|_| ())
}

/// The reviews of a subject, and the one that has the key of a new one, oldest first.
async fn before(change: &mut Change, new: &NewReview) -> Result<Vec<Review>, StoreError> {
    let text = format!(
        "SELECT {COLUMNS} FROM {FROM} WHERE (r.subject_kind = $1 AND r.subject = $2) OR r.key = $3 ORDER BY r.id"
    );
    let args = vec![new.subject.word().into(), new.subject.id().into(), new.key.into()];
    change.rows(composed(text, args)).await?.iter().map(review).collect()
}

/// The review that was kept with the same key.
fn repeated<'b>(
    before: &'b [Review],
    new: &NewReview,
    by: &str,
) -> Result<Option<&'b Review>, StoreError> {
    let Some(key) = new.key else { return Ok(None) };
    match before.iter().find(|kept| kept.what.key == Some(key)) {
        Some(kept) if kept.by == by && kept.what == *new => Ok(Some(kept)),
        Some(_) => Err(used(key)),
        None => Ok(None),
    }
}

/// The round and stage that a subject is in, unless somebody else looks at it.
async fn heeded(
    change: &mut Change,
    subject: Subject,
    now: Timestamp,
) -> Result<(i64, Stage), StoreError> {
    let table = subject.word();
    let text = format!(
        "SELECT o.round, o.stage, c.held_by, c.until_us FROM {table} t \
         LEFT JOIN standing o ON o.subject_kind = $1 AND o.subject = t.id \
         LEFT JOIN claim c ON c.subject_kind = $1 AND c.subject = t.id AND c.until_us > $3 WHERE t.id = $2"
    );
    let args = vec![subject.word().into(), subject.id().into(), now.as_microsecond().into()];
    let row = change.row(composed(text, args)).await?.ok_or_else(|| gone(subject))?;
    let held = row.maybe_text(2)?.zip(row.maybe_int(3)?);
    if let Some((by, until_us)) = held.filter(|(by, _)| by != change.actor()) {
        return Err(claims::taken(&Claim { subject, by, until: time::from_us(until_us)? }));
    }
    let standing = row.maybe_int(0)?.zip(row.maybe_text(1)?);
    let standing = standing.map(|(round, stage)| Ok::<_, StoreError>((round, stage.parse()?)));
    standing.transpose().map(|standing| standing.unwrap_or((1, Stage::First)))
}

/// What stands of what was said in a round, when a new review takes the place of one.
fn stands(before: Vec<Review>, new: &NewReview, round: i64) -> Vec<Review> {
    let stands = |said: &Review| {
        let superseded = said.superseded_by.is_some() || new.supersedes == Some(said.id);
        said.what.subject == new.subject && said.round == round && !superseded
    };
    before.into_iter().filter(stands).collect()
}

/// A key that somebody used for something else.
pub(crate) fn used(key: Uuid) -> StoreError {
    StoreError::Conflict { what: "key", id: key.to_string(), state: "was used for something else" }
}

/// Nobody reviews twice in a round, but in the place of their own.
fn once(said: &[Review], by: &str, in_its_place: bool) -> Result<(), StoreError> {
    let Some(twice) = said.iter().find(|said| said.by == by && !in_its_place) else {
        return Ok(());
    };
    let subject = twice.what.subject;
    let id = format!("{} (your review {})", subject.id(), twice.id);
    let state = "was reviewed by you in this round, and `supersedes` takes the place of that";
    Err(StoreError::Conflict { what: subject.word(), id, state })
}

/// Leads the subject of reviews, of which the last was just made, to its next stage.
async fn go_on(
    change: &mut Change,
    reviews: &[Review],
    rule: ReviewRule,
) -> Result<Stage, StoreError> {
    let Some(last) = reviews.last().filter(|last| last.stage != Stage::Corrected) else {
        return Ok(Stage::Corrected);
    };
    let mut said: Vec<(&str, Said)> = Vec::new();
    for Review { what, by, settles, .. } in reviews {
        // Records of before there were rounds may have several of one author: the last one holds.
        said.retain(|(other, _)| other != by);
        said.push((by, Said { verdict: what.verdict, settles: *settles }));
    }
    let said: Vec<Said> = said.into_iter().map(|(_, one)| one).collect();
    let (stage, verdict) = led_to(&said, rule.second_look);
    standings::lead(change, last.what.subject, (stage, verdict)).await?;
    Ok(stage)
}

/// Whether a subject is there.
pub(crate) async fn there(change: &mut Change, subject: Subject) -> Result<(), StoreError> {
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

/// Whether an earlier review may be superseded by somebody.
async fn own(
    change: &mut Change,
    subject: Subject,
    earlier: Uuid,
    by: &str,
) -> Result<Review, StoreError> {
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
    Ok(earlier)
}

/// What `review` reads.
pub(crate) fn select() -> String {
    format!("SELECT {COLUMNS} FROM {FROM}")
}

pub(crate) fn review(row: &Row) -> Result<Review, StoreError> {
    Ok(Review {
        id: row.id(0)?,
        what: NewReview {
            subject: Subject::new(&row.text(1)?, row.id(2)?)?,
            verdict: row.text(3)?.parse()?,
            reason: row.text(4)?,
            supersedes: row.maybe_id(5)?,
            key: row.maybe_id(8)?,
        },
        at: time::from_us(row.int(6)?)?,
        by: row.text(7)?,
        round: row.int(9)?,
        stage: row.text(10)?.parse()?,
        settles: row.int(11)? == 1,
        superseded_by: row.maybe_id(12)?,
    })
}
