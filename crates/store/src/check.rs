//! Finds damage: what was changed, lost or half-written without the record knowing.

use std::fmt;

use cathartes_core::provenance::Digest;
use uuid::Uuid;

use crate::{
    Store, assessments, cells,
    database::{Dialect, Row, composed, sql},
    error::StoreError,
    findings::{COLUMNS, read},
    flights, handovers, observations, releases, reviews,
    scenes::SceneQuery,
};

/// Entries or rows looked at a time.
const SOME: u32 = 1_000;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Damage {
    /// The audit log breaks at this place.
    Audit {
        /// Place in the log.
        seq: i64,
        /// What is wrong there.
        what: String,
    },
    /// A blob is not there, or not what its name says.
    Blob {
        /// Its name.
        sha256: Digest,
        /// What is wrong with it.
        what: String,
    },
    /// A row does not say what this program writes.
    Row {
        /// Which.
        id: String,
        /// What is wrong with it.
        what: String,
    },
    /// The file of the database itself.
    File {
        /// What `SQLite` says of it.
        what: String,
    },
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Audit { seq, what } => write!(f, "audit log, entry {seq}: {what}"),
            Self::Blob { sha256, what } => write!(f, "blob {}: {what}", sha256.0),
            Self::Row { id, what } => write!(f, "{id}: {what}"),
            Self::File { what } => write!(f, "database file: {what}"),
        }
    }
}

/// What was looked at and what was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CheckSummary {
    /// Entries of the audit log.
    pub audit_entries: u64,
    /// Blobs read whole.
    pub blobs: u64,
    /// Scenes.
    pub scenes: u64,
    /// Findings.
    pub findings: u64,
    /// Observations.
    pub observations: u64,
    /// Everything that is wrong.
    pub damages: Vec<Damage>,
}

impl Store {
    /// Reads everything and says what is wrong with it. Nothing is changed.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer; damage is none.
    pub async fn check(&self) -> Result<CheckSummary, StoreError> {
        let mut summary = CheckSummary::default();
        self.check_file(&mut summary).await?;
        self.check_audit(&mut summary).await?;
        self.check_blobs(&mut summary).await?;
        self.check_scenes(&mut summary).await?;
        self.check_findings(&mut summary).await?;
        self.check_observations(&mut summary).await?;
        self.check_judgements(&mut summary).await?;
        let amiss = self.amiss().await?;
        summary.damages.extend(amiss.into_iter().map(|(id, what)| Damage::Row { id, what }));
        Ok(summary)
    }

    async fn check_file(&self, summary: &mut CheckSummary) -> Result<(), StoreError> {
        if self.pool.dialect() != Dialect::Sqlite {
            return Ok(());
        }
        for row in self.pool.rows(sql("PRAGMA integrity_check", [])).await? {
            let what = row.text(0)?;
            if what != "ok" {
                summary.damages.push(Damage::File { what });
            }
        }
        Ok(())
    }

    async fn check_audit(&self, summary: &mut CheckSummary) -> Result<(), StoreError> {
        let log = self.verify_audit(&[]).await?;
        summary.audit_entries = log.entries;
        summary.damages.extend(log.damages);
        Ok(())
    }

    async fn check_blobs(&self, summary: &mut CheckSummary) -> Result<(), StoreError> {
        let rows =
            self.pool.rows(sql("SELECT sha256, size_bytes FROM blob ORDER BY sha256", [])).await?;
        for row in rows {
            let (sha256, size_bytes) = (Digest(row.text(0)?), row.int(1)? as u64);
            summary.blobs += 1;
            let what = match self.blobs.measured(&sha256).await {
                Ok(found) if found.sha256 == sha256 && found.size_bytes == size_bytes => continue,
                Ok(found) if found.size_bytes != size_bytes => {
                    format!("has {} bytes of {size_bytes}", found.size_bytes)
                }
                Ok(_) => "its bytes were changed".to_owned(),
                Err(error) => format!("cannot be read: {error}"),
            };
            summary.damages.push(Damage::Blob { sha256, what });
        }
        Ok(())
    }

    async fn check_scenes(&self, summary: &mut CheckSummary) -> Result<(), StoreError> {
        let mut query = SceneQuery { limit: SOME, ..SceneQuery::default() };
        loop {
            match self.scenes(&query).await {
                Ok(page) => {
                    summary.scenes += page.items.len() as u64;
                    query.after = page.next;
                }
                Err(StoreError::Damaged { what, why }) => {
                    let id = query
                        .after
                        .map_or("the first scenes".to_owned(), |c| format!("scenes after {c}"));
                    summary.damages.push(Damage::Row { id, what: format!("{what}: {why}") });
                    break;
                }
                Err(error) => return Err(error),
            }
            if query.after.is_none() {
                break;
            }
        }
        Ok(())
    }

    async fn check_findings(&self, summary: &mut CheckSummary) -> Result<(), StoreError> {
        let mut after = Uuid::nil();
        loop {
            let text = format!(
                "SELECT {COLUMNS}, o.cell FROM finding o WHERE o.id > $1 ORDER BY o.id LIMIT $2"
            );
            let args = vec![after.into(), i64::from(SOME).into()];
            let rows = self.pool.rows(composed(text, args)).await?;
            for row in &rows {
                after = row.id(0)?;
                summary.findings += 1;
                let what = match read(row) {
                    Ok(seen) if seen.found.place.and_then(cells::of) == row.maybe_int(16)? => {
                        continue;
                    }
                    Ok(_) => "its cell is not where it lies".to_owned(),
                    Err(error) => error.to_string(),
                };
                summary.damages.push(Damage::Row { id: format!("finding {after}"), what });
            }
            if rows.len() < SOME as usize {
                return Ok(());
            }
        }
    }

    /// What people said, brought and released: reviews, assessments, handovers, authorities, sorties, and the loop.
    async fn check_judgements(&self, summary: &mut CheckSummary) -> Result<(), StoreError> {
        for (what, table) in [
            ("review", Judged::Reviews),
            ("assessment", Judged::Assessments),
            ("handover", Judged::Handovers),
            ("authority", Judged::Authorities),
            ("sortie", Judged::Sorties),
            ("recipient", Judged::Recipients),
            ("marking", Judged::Markings),
            ("draft", Judged::Drafts),
            ("release", Judged::Releases),
            ("message", Judged::Messages),
            ("answer", Judged::Answers),
        ] {
            let mut after = Uuid::nil();
            loop {
                let args = vec![after.into(), i64::from(SOME).into()];
                let rows = self.pool.rows(composed(table.page(), args)).await?;
                for row in &rows {
                    after = row.id(0)?;
                    if let Err(error) = table.read(row) {
                        let id = format!("{what} {after}");
                        summary.damages.push(Damage::Row { id, what: error.to_string() });
                    }
                }
                if rows.len() < SOME as usize {
                    break;
                }
            }
        }
        Ok(())
    }

    async fn check_observations(&self, summary: &mut CheckSummary) -> Result<(), StoreError> {
        let mut last = 0;
        loop {
            let columns = observations::COLUMNS;
            let text = format!(
                "SELECT {columns}, key FROM observation WHERE seq > $1 ORDER BY seq LIMIT $2"
            );
            let rows = vec![last.into(), i64::from(SOME).into()];
            let rows = self.pool.rows(composed(text, rows)).await?;
            for row in &rows {
                summary.observations += 1;
                let (seq, before) = (row.int(0)?, last);
                last = seq;
                let what = match observations::kept(row) {
                    Err(error) => error.to_string(),
                    Ok(_) if seq != before + 1 => "observations before it are missing".to_owned(),
                    Ok(_) if observations::key(&row.text(2)?) != row.bytes(9)? => {
                        "what it says was changed".to_owned()
                    }
                    Ok(_) => continue,
                };
                summary.damages.push(Damage::Row { id: format!("observation {seq}"), what });
            }
            if rows.len() < SOME as usize {
                return Ok(());
            }
        }
    }
}

/// What people said, brought and released, by its table.
#[derive(Clone, Copy)]
enum Judged {
    Reviews,
    Assessments,
    Handovers,
    Authorities,
    Sorties,
    Recipients,
    Markings,
    Drafts,
    Releases,
    Messages,
    Answers,
}

impl Judged {
    fn page(self) -> String {
        let (select, id) = match self {
            Self::Reviews => (reviews::select(), "r.id"),
            Self::Assessments => (assessments::SELECT.to_owned(), "a.id"),
            Self::Handovers => (handovers::SELECT.to_owned(), "h.id"),
            Self::Authorities => (flights::AUTHORITIES.to_owned(), "a.id"),
            Self::Sorties => (flights::SORTIES.to_owned(), "o.id"),
            Self::Recipients => (releases::recipients::SELECT.to_owned(), "r.id"),
            Self::Markings => (releases::markings::SELECT.to_owned(), "m.id"),
            Self::Drafts => (releases::drafts::select(), "d.id"),
            Self::Releases => (releases::released::select(), "r.id"),
            Self::Messages => (releases::messages::select(), "m.id"),
            Self::Answers => (releases::answers::select(), "n.id"),
        };
        format!("{select} WHERE {id} > $1 ORDER BY {id} LIMIT $2")
    }

    fn read(self, row: &Row) -> Result<(), StoreError> {
        match self {
            Self::Reviews => reviews::review(row).map(|_| ()),
            Self::Assessments => assessments::assessment(row).map(|_| ()),
            Self::Handovers => handovers::handover(row).map(|_| ()),
            Self::Authorities => flights::authority(row).map(|_| ()),
            Self::Sorties => flights::sortie(row).map(|_| ()),
            Self::Recipients => releases::recipients::recipient(row).map(|_| ()),
            Self::Markings => releases::markings::marking(row).map(|_| ()),
            Self::Drafts => releases::drafts::draft(row).map(|_| ()),
            Self::Releases => releases::released::release(row).map(|_| ()),
            Self::Messages => releases::messages::message(row).map(|_| ()),
            Self::Answers => releases::answers::read(row).map(|_| ()),
        }
    }
}
