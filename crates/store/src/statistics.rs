//! What came, what waits and what was decided, counted along indices.
//!
//! Ids are of the time at which they were given, so that what came in a day is a stretch of an index of ids.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use crate::{
    Store, StoreError, Verdict,
    database::{Row, composed, sql},
    near::listed,
    stages::Stage,
    standings::Sort,
    time,
};

/// What came within a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrivals {
    /// Scenes.
    pub scenes: i64,
    /// Plumes.
    pub plumes: i64,
    /// Sources.
    pub sources: i64,
    /// Observations.
    pub observations: i64,
}

/// How many of a sort are at a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StageCount {
    /// Of what.
    pub sort: Sort,
    /// Where.
    pub stage: Stage,
    /// So many.
    pub count: i64,
    /// Since when the oldest is there.
    pub oldest: Timestamp,
}

/// A decision that stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    /// When the round began.
    pub began: Timestamp,
    /// When it was decided.
    pub at: Timestamp,
    /// What.
    pub verdict: Verdict,
}

/// The first id that can be given at a moment.
fn first_id(at: Timestamp) -> Uuid {
    let ms = u128::from(at.as_millisecond().max(0).unsigned_abs());
    Uuid::from_u128(ms << 80)
}

impl Store {
    /// What came from one moment up to before another.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn arrivals(&self, from: Timestamp, to: Timestamp) -> Result<Arrivals, StoreError> {
        let text = "SELECT (SELECT COUNT(*) FROM scene WHERE id >= $1 AND id < $2), \
             (SELECT COUNT(*) FROM finding WHERE kind = 'plume' AND id >= $1 AND id < $2), \
             (SELECT COUNT(*) FROM finding WHERE kind = 'source' AND id >= $1 AND id < $2), \
             (SELECT COUNT(*) FROM observation WHERE id >= $1 AND id < $2)";
        let args = [first_id(from).into(), first_id(to).into()];
        let row = self.pool.row(sql(text, args)).await?;
        let row = row.ok_or_else(|| StoreError::damaged("a table", "it counts nothing"))?;
        Ok(Arrivals {
            scenes: row.int(0)?,
            plumes: row.int(1)?,
            sources: row.int(2)?,
            observations: row.int(3)?,
        })
    }

    /// How much is at which stage before its decision.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn stage_counts(&self) -> Result<Vec<StageCount>, StoreError> {
        let text = "SELECT what, stage, COUNT(*), MIN(since_us) FROM standing \
             WHERE stage IN ('first', 'second', 'senior', 'collecting') GROUP BY stage, what";
        let count = |row: &Row| {
            let (sort, stage) = (row.text(0)?.parse()?, row.text(1)?.parse()?);
            let oldest = time::from_us(row.int(3)?)?;
            Ok(StageCount { sort, stage, count: row.int(2)?, oldest })
        };
        let rows = self.pool.rows(sql(text, [])).await?;
        let mut all = rows.iter().map(count).collect::<Result<Vec<_>, StoreError>>()?;
        all.sort_unstable_by_key(|one| (one.sort, one.stage));
        Ok(all)
    }

    /// Decisions since a moment that stand, in their order.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn decisions(&self, since: Timestamp) -> Result<Vec<Decision>, StoreError> {
        let text = "SELECT round_us, since_us, verdict FROM standing WHERE stage = 'decided' \
             AND what IN ('plume', 'source', 'site') AND since_us >= $1 AND verdict IS NOT NULL \
             ORDER BY since_us";
        let decision = |row: &Row| {
            let (began, at) = (time::from_us(row.int(0)?)?, time::from_us(row.int(1)?)?);
            Ok(Decision { began, at, verdict: row.text(2)?.parse()? })
        };
        let rows = self.pool.rows(sql(text, [since.as_microsecond().into()])).await?;
        rows.iter().map(decision).collect()
    }

    /// What two said of one thing, the second without knowing the first, since a moment: who looked first, first. A
    /// wish for a second look is no opinion, and a review in the place of an earlier one is not blind.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn blind_pairs(&self, since: Timestamp) -> Result<Vec<[Verdict; 2]>, StoreError> {
        let text = "SELECT (SELECT f.verdict FROM review f WHERE f.subject_kind = r.subject_kind \
             AND f.subject = r.subject AND f.round = r.round AND f.id < r.id \
             AND f.created_by <> r.created_by ORDER BY f.id DESC LIMIT 1), r.verdict \
             FROM review r WHERE r.id >= $1 AND r.stage = 'second' AND r.supersedes IS NULL ORDER BY r.id";
        let mut pairs = Vec::new();
        for row in self.pool.rows(sql(text, [first_id(since).into()])).await? {
            let Some(first) = row.maybe_text(0)? else { continue };
            let pair: [Verdict; 2] = [first.parse()?, row.text(1)?.parse()?];
            if !pair.contains(&Verdict::SecondLook) {
                pairs.push(pair);
            }
        }
        Ok(pairs)
    }

    /// What was decided of plumes since a moment, and how often, by the instrument that their scene names.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn decided_by_instrument(
        &self,
        since: Timestamp,
    ) -> Result<Vec<(Option<String>, Verdict, u64)>, StoreError> {
        let text = "SELECT f.scene, o.verdict, COUNT(*) FROM standing o \
             JOIN finding f ON f.id = o.subject WHERE o.stage = 'decided' AND o.what = 'plume' \
             AND o.since_us >= $1 AND o.verdict IS NOT NULL GROUP BY f.scene, o.verdict";
        let rows = self.pool.rows(sql(text, [since.as_microsecond().into()])).await?;
        let scenes = rows.iter().map(|row| row.maybe_id(0)).collect::<Result<Vec<_>, _>>()?;
        let named = self.instruments(&scenes.into_iter().flatten().collect::<Vec<_>>()).await?;
        let one = |row: &Row| {
            let name = row.maybe_id(0)?.and_then(|scene| named.get(&scene).cloned());
            Ok((name, row.text(1)?.parse()?, row.int(2)?.unsigned_abs()))
        };
        rows.iter().map(one).collect()
    }

    /// The instruments that scenes name; those that name none are left out.
    async fn instruments(&self, scenes: &[Uuid]) -> Result<BTreeMap<Uuid, String>, StoreError> {
        let text = format!("SELECT id, properties FROM scene WHERE id IN ({})", self.these());
        let mut named = BTreeMap::new();
        for row in self.pool.rows(composed(text, vec![listed(scenes).into()])).await? {
            let properties: Value = serde_json::from_str(&row.text(1)?)
                .map_err(|error| StoreError::damaged("a scene", error))?;
            if let Some(name) = properties["instrument"].as_str() {
                named.insert(row.id(0)?, name.to_owned());
            }
        }
        Ok(named)
    }
}
