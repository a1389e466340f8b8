//! Looking things up in the log: by time, by who, what and to what.

use jiff::Timestamp;

use crate::{
    Store, TimeRange,
    audit::{AuditEntry, entry},
    database::{Arg, add, composed, sql},
    error::StoreError,
};

/// An entry has the time at which its change began, and its place from when it was committed: entries may stand as much
/// as this out of order.
const DISORDER_US: i64 = 600 * 1_000_000;

/// Which entries; every condition that is given holds.
#[derive(Debug, Clone, Default)]
pub struct AuditQuery {
    /// When.
    pub time: TimeRange,
    /// Who, as the log has it: `account:ana`.
    pub actor: Option<String>,
    /// What was done: `evidence.read`; with a dot at its end or its beginning all that begin or end so.
    pub action: Option<String>,
    /// To what.
    pub subject: Option<String>,
    /// After this place in the log.
    pub after: i64,
    /// At most so many.
    pub limit: u32,
}

impl Store {
    /// Entries that were asked for, oldest first.
    ///
    /// # Errors
    ///
    /// [`StoreError::Refused`] for an action that is none; else when the database does not answer.
    pub async fn audit_entries(&self, query: &AuditQuery) -> Result<Vec<AuditEntry>, StoreError> {
        let (from, to) = self.audit_span(query.time).await?;
        let mut text = "SELECT seq, at_us, actor, action, subject, detail, hash FROM audit \
                        WHERE seq > $1 AND seq <= $2"
            .to_owned();
        let mut args: Vec<Arg> = vec![query.after.max(from).into(), to.into()];
        let mut must = |condition: &str, arg: Arg| {
            args.push(arg);
            add(&mut text, &format!(" AND {condition} ${}", args.len()));
        };
        if let Some(from) = query.time.from {
            must("at_us >=", from.as_microsecond().into());
        }
        if let Some(to) = query.time.to {
            must("at_us <=", to.as_microsecond().into());
        }
        if let Some(actor) = &query.actor {
            must("actor =", actor.as_str().into());
        }
        if let Some(subject) = &query.subject {
            must("subject =", subject.as_str().into());
        }
        match query.action.as_deref().map(action).transpose()? {
            Some((true, pattern)) => must("action LIKE", pattern.into()),
            Some((false, word)) => must("action =", word.into()),
            None => {}
        }
        args.push(i64::from(query.limit).into());
        add(&mut text, &format!(" ORDER BY seq LIMIT ${}", args.len()));
        self.pool.rows(composed(text, args)).await?.iter().map(entry).collect()
    }

    /// The places in the log between which everything of a time stands: after the first, up to the last.
    async fn audit_span(&self, time: TimeRange) -> Result<(i64, i64), StoreError> {
        let from = match time.from {
            Some(from) => self.audit_before(from.as_microsecond() - DISORDER_US).await?,
            None => 0,
        };
        let to = match time.to {
            Some(to) => self.audit_before(to.as_microsecond().saturating_add(DISORDER_US)).await?,
            None => i64::MAX,
        };
        Ok((from, to))
    }

    /// A place before which nothing is later than a time, but for the disorder.
    async fn audit_before(&self, at_us: i64) -> Result<i64, StoreError> {
        let (mut low, mut high) = (0, self.audit_seq().await?);
        while low < high {
            let middle = low + (high - low + 1) / 2;
            let text = "SELECT at_us FROM audit WHERE seq = $1";
            let row = self.pool.row(sql(text, [middle.into()])).await?;
            match row {
                Some(row) if row.int(0)? < at_us => low = middle,
                _ => high = middle - 1,
            }
        }
        Ok(low)
    }

    /// When the log begins and ends; none while it is empty.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn audit_times(&self) -> Result<Option<(Timestamp, Timestamp)>, StoreError> {
        let first = self.audit_after(0, 1).await?.pop();
        let last = self.audit_after(self.audit_seq().await? - 1, 1).await?.pop();
        Ok(first.zip(last).map(|(first, last)| (first.at, last.at)))
    }
}

/// Whether it is a pattern, and what it is in SQL.
fn action(asked: &str) -> Result<(bool, String), StoreError> {
    let words = asked.bytes().all(|byte| byte.is_ascii_lowercase() || b"._".contains(&byte));
    if !words || asked.is_empty() {
        let what = format!("`{asked:.80}` is no action: write evidence.read, evidence. or .read");
        return Err(StoreError::Refused(what));
    }
    Ok(match (asked.starts_with('.'), asked.ends_with('.')) {
        (true, _) => (true, format!("%{asked}")),
        (_, true) => (true, format!("{asked}%")),
        _ => (false, asked.to_owned()),
    })
}
