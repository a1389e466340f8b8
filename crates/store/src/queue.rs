//! What waits for a look, the most useful first.
//!
//! One walk along an index for each stage and sort, in the order of rank, until there are enough; the walks are
//! then put together. What somebody has reviewed in this round is passed over.

use jiff::Timestamp;

use crate::{
    Actor, Bbox, Claim, Store, StoreError, Subject,
    audit::Change,
    conditions::{Conditions, On},
    database::{Dialect, Row, Sql, add, composed},
    stages::Stage,
    standings::{COLUMNS, Sort, Standing, standing},
    time,
};

/// Higher than this nobody counts what waits.
const MOST_COUNTED: i64 = 10_000;
/// Columns of `standing`, before those of the claim.
const CLAIM_AT: usize = 17;

/// What of the queue somebody asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct QueueQuery {
    /// Who: what they have reviewed in this round is left out.
    pub reader: Actor,
    /// At these stages.
    pub stages: Vec<Stage>,
    /// Of these sorts.
    pub sorts: Vec<Sort>,
    /// Only of this gas.
    pub gas: Option<String>,
    /// Only in this box.
    pub bbox: Option<Bbox>,
    /// At most so many.
    pub limit: u32,
}

/// Something that waits.
#[derive(Debug, Clone, PartialEq)]
pub struct Queued {
    /// What.
    pub subject: Subject,
    /// Where it stands.
    pub standing: Standing,
    /// Who looks at it.
    pub claim: Option<Claim>,
}

/// How many wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// So many.
    pub count: i64,
    /// And there are more that nobody counted.
    pub more: bool,
}

impl Store {
    /// What waits, the most useful first.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn queue(
        &self,
        query: &QueueQuery,
        now: Timestamp,
    ) -> Result<Vec<Queued>, StoreError> {
        if query.is_empty() {
            return Ok(Vec::new());
        }
        self.pool
            .rows(select(query, now, (self.pool.dialect(), false)))
            .await?
            .iter()
            .map(queued)
            .collect()
    }

    /// How many wait of what is asked for, reviewed by the reader or not; none is counted beyond ten thousand.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn waiting(&self, query: &QueueQuery) -> Result<Waiting, StoreError> {
        if query.is_empty() {
            return Ok(Waiting { count: 0, more: false });
        }
        let (mut all, conditions) = asked(query, self.pool.dialect());
        let limit = all.put(MOST_COUNTED + 1);
        let walks: Vec<String> = walks(&mut all, query)
            .map(|of| {
                format!(
                    "(SELECT COUNT(*) FROM (SELECT 1 FROM standing o WHERE {of}{conditions} \
                     LIMIT {limit}) q)"
                )
            })
            .collect();
        let row =
            self.pool.row(composed(format!("SELECT {}", walks.join(" + ")), all.args)).await?;
        let damaged = || StoreError::damaged("the queue", "it counts nothing");
        let count = row.ok_or_else(damaged)?.int(0)?;
        Ok(Waiting { count: count.min(MOST_COUNTED), more: count > MOST_COUNTED })
    }
}

impl QueueQuery {
    fn is_empty(&self) -> bool {
        self.stages.is_empty() || self.sorts.is_empty() || self.limit == 0
    }
}

/// The most useful of what nobody looks at.
pub(crate) async fn first_free(
    change: &mut Change,
    query: &QueueQuery,
    now: Timestamp,
) -> Result<Option<Queued>, StoreError> {
    let query = QueueQuery { limit: 1, ..query.clone() };
    if query.is_empty() {
        return Ok(None);
    }
    let how = (change.dialect(), true);
    change.row(select(&query, now, how)).await?.as_ref().map(queued).transpose()
}

/// What every walk asks for.
fn asked(query: &QueueQuery, dialect: Dialect) -> (Conditions, String) {
    let mut all = Conditions::on(On::Sites);
    if let Some(gas) = &query.gas {
        let gas = all.put(format!(";{gas};"));
        let holds = dialect.pick("instr", "strpos");
        all.and(&format!("{holds}(';' || o.gas || ';', {gas}) > 0"));
    }
    if let Some(bbox) = query.bbox {
        let within = all.within(bbox.area());
        all.and(&within);
    }
    let conditions = std::mem::take(&mut all.text);
    (all, conditions)
}

/// One walk for each stage and sort.
fn walks<'q>(
    all: &'q mut Conditions,
    query: &'q QueueQuery,
) -> impl Iterator<Item = String> + use<'q> {
    let both =
        query.stages.iter().flat_map(|stage| query.sorts.iter().map(move |sort| (stage, sort)));
    both.map(|(stage, sort)| {
        let (stage, sort) = (all.put(stage.word()), all.put(sort.word()));
        format!("o.stage = {stage} AND o.what = {sort}")
    })
}

/// All, or only what nobody looks at.
fn select(query: &QueueQuery, now: Timestamp, (dialect, free): (Dialect, bool)) -> Sql {
    let (mut all, mut conditions) = asked(query, dialect);
    let reader = all.put(query.reader.to_string());
    let now = all.put(now.as_microsecond());
    let unseen = format!(
        " AND NOT EXISTS (SELECT 1 FROM review r WHERE r.subject_kind = o.subject_kind \
         AND r.subject = o.subject AND r.round = o.round AND r.created_by = {reader})"
    );
    add(&mut conditions, &unseen);
    if free {
        let unclaimed = format!(
            " AND NOT EXISTS (SELECT 1 FROM claim c WHERE c.subject_kind = o.subject_kind \
             AND c.subject = o.subject AND c.until_us > {now})"
        );
        add(&mut conditions, &unclaimed);
    }
    let limit = all.put(i64::from(query.limit));
    let walks: Vec<String> = walks(&mut all, query)
        .map(|of| {
            format!(
                "SELECT * FROM (SELECT {COLUMNS} FROM standing o WHERE {of}{conditions} \
                 ORDER BY o.rank DESC LIMIT {limit}) w"
            )
        })
        .collect();
    let text = format!(
        "SELECT q.*, c.held_by, c.until_us FROM ({}) q LEFT JOIN claim c \
         ON c.subject_kind = q.subject_kind AND c.subject = q.subject AND c.until_us > {now} \
         ORDER BY q.rank DESC, q.subject LIMIT {limit}",
        walks.join(" UNION ALL ")
    );
    composed(text, all.args)
}

fn queued(row: &Row) -> Result<Queued, StoreError> {
    let subject = Subject::new(&row.text(0)?, row.id(1)?)?;
    let held = row.maybe_text(CLAIM_AT)?.zip(row.maybe_int(CLAIM_AT + 1)?);
    let claim = |(by, until_us)| {
        Ok::<_, StoreError>(Claim { subject, by, until: time::from_us(until_us)? })
    };
    Ok(Queued { subject, standing: standing(row)?, claim: held.map(claim).transpose()? })
}

#[cfg(test)]
mod tests;
