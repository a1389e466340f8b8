//! Entries as they are handed to those who check them elsewhere: every byte that was hashed, one JSON object a line.

use std::borrow::Cow;

use cathartes_core::provenance::hexadecimal;
use serde::{Deserialize, Serialize};

use crate::{
    Store,
    audit::{
        tiles::Tiles,
        tree::{self, Hash},
    },
    database::{Row, sql},
    error::StoreError,
};

/// What the first line of an exported log says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportHead {
    /// `cathartes/audit`.
    pub log: Cow<'static, str>,
    /// The entry that the first line follows; 0: none.
    pub after: i64,
    /// The chain up to there, in hexadecimal.
    pub hash: String,
    /// Roots of the full trees that the entries up to there make, the largest first, in hexadecimal.
    pub peaks: Vec<String>,
}

/// An entry, as it was hashed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditLine {
    /// Place in the log, from 1.
    pub seq: i64,
    /// Microseconds since 1970 UTC.
    pub at_us: i64,
    /// Who.
    pub actor: String,
    /// What was done.
    pub action: String,
    /// To what.
    pub subject: String,
    /// More of it: JSON, as the text that was hashed.
    pub detail: String,
    /// The chain up to here, in hexadecimal.
    pub hash: String,
}

impl AuditLine {
    pub(crate) fn canonical(&self) -> Vec<u8> {
        let parts = [self.actor.as_str(), &self.action, &self.subject, &self.detail];
        tree::canonical(self.seq, self.at_us, parts)
    }
}

impl Store {
    /// What has to be known of the entries before those that are exported.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the log has fewer entries.
    pub async fn audit_export_head(&self, after: i64) -> Result<ExportHead, StoreError> {
        let (mut tiles, mut peaks) = (Tiles::of(&self.pool).await?, Vec::new());
        for tree in tree::side_by_side(0, after.max(0) as u64) {
            peaks.push(hexadecimal(&tiles.root(tree).await?));
        }
        let last = self.audit_lines(after - 1, 1).await?.pop().map(|line| line.hash);
        let hash = match (after, last) {
            (0, _) => hexadecimal(&[0; 32]),
            (_, Some(hash)) => hash,
            (_, None) => {
                return Err(StoreError::Absent {
                    what: "entry of the audit log",
                    id: after.to_string(),
                });
            }
        };
        Ok(ExportHead { log: Cow::Borrowed("cathartes/audit"), after, hash, peaks })
    }

    /// At most `limit` entries after a place in the log, as they were hashed, oldest first.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn audit_lines(&self, after: i64, limit: u32) -> Result<Vec<AuditLine>, StoreError> {
        let text = "SELECT seq, at_us, actor, action, subject, detail, hash FROM audit \
                    WHERE seq > $1 ORDER BY seq LIMIT $2";
        let rows = self.pool.rows(sql(text, [after.into(), i64::from(limit).into()])).await?;
        rows.iter().map(line).collect()
    }
}

fn line(row: &Row) -> Result<AuditLine, StoreError> {
    Ok(AuditLine {
        seq: row.int(0)?,
        at_us: row.int(1)?,
        actor: row.text(2)?,
        action: row.text(3)?,
        subject: row.text(4)?,
        detail: row.text(5)?,
        hash: hexadecimal(&row.bytes(6)?),
    })
}

/// A hash from hexadecimal.
pub(crate) fn hash(text: &str) -> Option<Hash> {
    let mut hash = Hash::default();
    if text.len() != 2 * hash.len() {
        return None;
    }
    for (byte, digits) in hash.iter_mut().zip(text.as_bytes().chunks(2)) {
        let digits = std::str::from_utf8(digits).ok()?;
        *byte = u8::from_str_radix(digits, 16).ok()?;
    }
    Some(hash)
}
