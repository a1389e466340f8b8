//! Assessments: what follows from what was observed, how likely that is and how far to rely on it, with what it was
//! drawn from. Never changed: a later one of the same thing, of anybody, supersedes.

use std::str::FromStr;

use cathartes_core::identification::Likelihood;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use crate::{
    Actor, Store, StoreError, Subject,
    audit::{Change, Entry},
    database::{Row, composed, sql},
    reviews::{there, used},
    time,
};

/// How far to rely on a judgement, in the terms of ICD 203: on what it stands, not how likely it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// Thin or doubtful sources.
    Low,
    /// Credible sources that do not yet bear each other out.
    Moderate,
    /// Good sources that do.
    High,
}

impl Confidence {
    fn word(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Moderate => "moderate",
            Self::High => "high",
        }
    }
}

impl FromStr for Confidence {
    type Err = StoreError;

    fn from_str(word: &str) -> Result<Self, StoreError> {
        let all = [Self::Low, Self::Moderate, Self::High];
        let what = || format!("`{word}` is no confidence: low, moderate or high");
        let known = all.into_iter().find(|one| one.word() == word);
        known.ok_or_else(|| StoreError::Refused(what()))
    }
}

/// What an assessment was drawn from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case", deny_unknown_fields)]
pub enum Source {
    /// A plume or a source.
    Finding(Uuid),
    /// A site.
    Site(Uuid),
    /// An observation.
    Observation(Uuid),
    /// A scene.
    Scene(Uuid),
}

/// An assessment to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAssessment {
    /// Of what.
    pub subject: Subject,
    /// What it says.
    pub text: String,
    /// How likely.
    pub likelihood: Likelihood,
    /// How far to rely on that.
    pub confidence: Confidence,
    /// What it was drawn from, at least one.
    pub sources: Vec<Source>,
    /// An earlier one of the same thing that it takes the place of.
    pub supersedes: Option<Uuid>,
    /// Chosen by whoever asks: the same asked again with it is the same assessment.
    pub key: Option<Uuid>,
}

/// An assessment that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    /// Its id.
    pub id: Uuid,
    /// What it says.
    pub what: NewAssessment,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// The one that takes its place.
    pub superseded_by: Option<Uuid>,
}

pub(crate) const SELECT: &str = "SELECT a.id, a.subject_kind, a.subject, a.text, a.likelihood, a.confidence, a.sources, \
     a.supersedes, a.key, a.created_us, a.created_by, s.id \
     FROM assessment a LEFT JOIN assessment s ON s.supersedes = a.id";

impl Store {
    /// Keeps an assessment. One that was kept with the same key is given again, and nothing is written.
    ///
    /// # Errors
    ///
    /// [`StoreError::Refused`] for one without text or sources, or that supersedes one of something else;
    /// [`StoreError::Absent`] when there is no such subject or source; [`StoreError::Conflict`] when what
    /// it supersedes is superseded already, or its key was used for something else.
    pub async fn add_assessment(
        &self,
        actor: &Actor,
        new: &NewAssessment,
    ) -> Result<Assessment, StoreError> {
        if new.text.trim().is_empty() {
            return Err(StoreError::Refused("an assessment says something".to_owned()));
        }
        if new.sources.is_empty() {
            let what = "an assessment names at least one source that it was drawn from";
            return Err(StoreError::Refused(what.to_owned()));
        }
        let mut change = self.change(actor).await?;
        change.alone().await?;
        let by = change.actor().to_owned();
        if let Some(key) = new.key
            && let Some(kept) = kept_with(&mut change, key).await?
        {
            return if kept.by == by && kept.what == *new { Ok(kept) } else { Err(used(key)) };
        }
        there(&mut change, new.subject).await?;
        for source in &new.sources {
            exists(&mut change, *source).await?;
        }
        if let Some(earlier) = new.supersedes {
            free(&mut change, new.subject, earlier).await?;
        }
        let (id, at) = (Uuid::now_v7(), time::from_us(change.at_us)?);
        let kept = Assessment { id, what: new.clone(), at, by, superseded_by: None };
        insert(&mut change, &kept).await?;
        let detail = json!({
            "assessment": id, "likelihood": new.likelihood, "confidence": new.confidence,
            "sources": new.sources.len(), "supersedes": new.supersedes,
        });
        change.commit(Entry::new("assessment.made", new.subject, detail)).await?;
        Ok(kept)
    }

    /// The assessments of a subject, oldest first, with those that were superseded.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn assessments(&self, subject: Subject) -> Result<Vec<Assessment>, StoreError> {
        let text = format!("{SELECT} WHERE a.subject_kind = $1 AND a.subject = $2 ORDER BY a.id");
        let args = vec![subject.word().into(), subject.id().into()];
        self.pool.rows(composed(text, args)).await?.iter().map(assessment).collect()
    }
}

async fn insert(change: &mut Change, kept: &Assessment) -> Result<(), StoreError> {
    let text = "INSERT INTO assessment (id, subject_kind, subject, text, likelihood, confidence, sources, \
                supersedes, key, created_us, created_by) \
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    let new = &kept.what;
    let args = [
        kept.id.into(),
        new.subject.word().into(),
        new.subject.id().into(),
        new.text.as_str().into(),
        json!(new.likelihood).as_str().unwrap_or_default().into(),
        new.confidence.word().into(),
        json!(new.sources).to_string().into(),
        new.supersedes.into(),
        new.key.into(),
        kept.at.as_microsecond().into(),
        kept.by.as_str().into(),
    ];
    change.run(sql(text, args)).await.map(|_| ())
}

async fn kept_with(change: &mut Change, key: Uuid) -> Result<Option<Assessment>, StoreError> {
    let text = format!("{SELECT} WHERE a.key = $1");
    change.row(composed(text, vec![key.into()])).await?.as_ref().map(assessment).transpose()
}

async fn exists(change: &mut Change, source: Source) -> Result<(), StoreError> {
    let (text, what, id) = match source {
        Source::Finding(id) => ("SELECT 1 FROM finding WHERE id = $1", "finding", id),
        Source::Site(id) => ("SELECT 1 FROM site WHERE id = $1", "site", id),
        Source::Observation(id) => ("SELECT 1 FROM observation WHERE id = $1", "observation", id),
        Source::Scene(id) => ("SELECT 1 FROM scene WHERE id = $1", "scene", id),
    };
    let found = change.row(sql(text, [id.into()])).await?;
    found.map(|_| ()).ok_or_else(|| StoreError::Absent { what, id: id.to_string() })
}

/// Whether an earlier one is of the same thing and not superseded.
async fn free(change: &mut Change, subject: Subject, earlier: Uuid) -> Result<(), StoreError> {
    let text = format!("{SELECT} WHERE a.id = $1");
    let row = change.row(composed(text, vec![earlier.into()])).await?;
    let absent = || StoreError::Absent { what: "assessment", id: earlier.to_string() };
    let earlier = assessment(&row.ok_or_else(absent)?)?;
    if earlier.what.subject != subject {
        let what = "an assessment takes the place of one of the same thing only";
        return Err(StoreError::Refused(what.to_owned()));
    }
    if earlier.superseded_by.is_some() {
        let (what, id) = ("assessment", earlier.id.to_string());
        return Err(StoreError::Conflict { what, id, state: "is superseded already" });
    }
    Ok(())
}

pub(crate) fn assessment(row: &Row) -> Result<Assessment, StoreError> {
    let damaged = |error| StoreError::damaged("an assessment", error);
    Ok(Assessment {
        id: row.id(0)?,
        what: NewAssessment {
            subject: Subject::new(&row.text(1)?, row.id(2)?)?,
            text: row.text(3)?,
            likelihood: serde_json::from_value(json!(row.text(4)?)).map_err(damaged)?,
            confidence: row.text(5)?.parse()?,
            sources: serde_json::from_str(&row.text(6)?).map_err(damaged)?,
            supersedes: row.maybe_id(7)?,
            key: row.maybe_id(8)?,
        },
        at: time::from_us(row.int(9)?)?,
        by: row.text(10)?,
        superseded_by: row.maybe_id(11)?,
    })
}
