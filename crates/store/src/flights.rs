//! What permits and forbids flights, and the sorties that were planned and flown, each with its certificate. Never
//! changed: a later authority of the same number takes the place of the one before, and a track that is certified again has another row.
//!
//! Documents, tracks and certificates are kept as the files that others check by their digests.

use cathartes_core::certificate::Verdict;
use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    Actor, Blob, Store, StoreError, TimeRange,
    audit::Entry,
    database::{Arg, Row, composed, sql},
    scenes::insert_blob,
    time,
};

/// An authority to be kept, whose document is in its place.
#[derive(Debug, Clone, PartialEq)]
pub struct NewAuthority {
    /// Its number at its issuer.
    pub number: String,
    /// Who says it.
    pub issuer: String,
    /// Its file.
    pub document: Blob,
    /// Its volumes for maps, as GeoJSON.
    pub outline: Value,
}

/// An authority that is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptAuthority {
    /// Its id.
    pub id: Uuid,
    /// What it is.
    pub authority: NewAuthority,
    /// When it came.
    pub at: Timestamp,
    /// Who brought it.
    pub by: String,
}

/// A sortie to be kept, whose files are in their place.
#[derive(Debug, Clone, PartialEq)]
pub struct NewSortie {
    /// Its name.
    pub name: String,
    /// plan or flown.
    pub kind: String,
    /// Who flies.
    pub operator: String,
    /// What kind of aircraft.
    pub aircraft: String,
    /// What for.
    pub purpose: String,
    /// First fix.
    pub begins: Timestamp,
    /// Last fix.
    pub ends: Timestamp,
    /// Whether it keeps to its authorities.
    pub verdict: Verdict,
    /// What keeps it from that.
    pub why: Vec<String>,
    /// Its track for maps, as GeoJSON.
    pub outline: Value,
    /// The file of its track.
    pub track: Blob,
    /// The file of its certificate.
    pub certificate: Blob,
}

/// A sortie that is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptSortie {
    /// Its id.
    pub id: Uuid,
    /// What it is.
    pub sortie: NewSortie,
    /// When it came.
    pub at: Timestamp,
    /// Who brought it.
    pub by: String,
}

pub(crate) const AUTHORITIES: &str = "SELECT a.id, a.number, a.issuer, a.document_sha256, b.size_bytes, a.outline, a.created_us, a.created_by \
     FROM authority a JOIN blob b ON b.sha256 = a.document_sha256";
pub(crate) const SORTIES: &str = "SELECT o.id, o.name, o.kind, o.operator, o.aircraft, o.purpose, o.begins_us, o.ends_us, o.verdict, o.why, \
     o.outline, o.track_sha256, t.size_bytes, o.certificate_sha256, c.size_bytes, o.created_us, o.created_by \
     FROM sortie o JOIN blob t ON t.sha256 = o.track_sha256 JOIN blob c ON c.sha256 = o.certificate_sha256";

impl Store {
    /// Keeps an authority, which takes the place of the last of its number; `None` when that says the same.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database refuses.
    pub async fn add_authority(
        &self,
        actor: &Actor,
        new: &NewAuthority,
    ) -> Result<Option<Uuid>, StoreError> {
        let mut change = self.change(actor).await?;
        change.alone().await?;
        let last =
            "SELECT id, document_sha256 FROM authority WHERE number = $1 ORDER BY id DESC LIMIT 1";
        let last = change.row(sql(last, [new.number.as_str().into()])).await?;
        let supersedes = match last {
            Some(row) if row.text(1)? == new.document.sha256.0 => return Ok(None),
            Some(row) => Some(row.id(0)?),
            None => None,
        };
        insert_blob(&mut change, &new.document).await?;
        let (id, at, by) = (Uuid::now_v7(), change.at_us, change.actor().to_owned());
        let text = "INSERT INTO authority (id, number, issuer, document_sha256, outline, supersedes, created_us, created_by) \
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let args = [
            id.into(),
            new.number.as_str().into(),
            new.issuer.as_str().into(),
            new.document.sha256.0.as_str().into(),
            new.outline.to_string().into(),
            supersedes.into(),
            at.into(),
            by.into(),
        ];
        change.run(sql(text, args)).await?;
        let detail = json!({ "number": new.number, "document_sha256": new.document.sha256 });
        change.commit(Entry::new("authority.recorded", id, detail)).await?;
        Ok(Some(id))
    }

    /// The authorities that hold, by number.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn authorities(&self) -> Result<Vec<KeptAuthority>, StoreError> {
        let text = format!(
            "{AUTHORITIES} WHERE NOT EXISTS (SELECT 1 FROM authority s WHERE s.supersedes = a.id) ORDER BY a.number"
        );
        self.pool.rows(composed(text, vec![])).await?.iter().map(authority).collect()
    }

    /// Keeps a sortie with its certificate; the same again is the same.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database refuses.
    pub async fn add_sortie(
        &self,
        actor: &Actor,
        new: &NewSortie,
    ) -> Result<(Uuid, bool), StoreError> {
        let mut change = self.change(actor).await?;
        change.alone().await?;
        let known = "SELECT id FROM sortie WHERE certificate_sha256 = $1";
        let certificate = new.certificate.sha256.0.as_str();
        if let Some(row) = change.row(sql(known, [certificate.into()])).await? {
            return Ok((row.id(0)?, false));
        }
        for blob in [&new.track, &new.certificate] {
            insert_blob(&mut change, blob).await?;
        }
        let (id, at, by) = (Uuid::now_v7(), change.at_us, change.actor().to_owned());
        let text = "INSERT INTO sortie (id, name, kind, operator, aircraft, purpose, begins_us, ends_us, verdict, why, \
                    outline, track_sha256, certificate_sha256, created_us, created_by) \
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
        let args = [
            id.into(),
            new.name.as_str().into(),
            new.kind.as_str().into(),
            new.operator.as_str().into(),
            new.aircraft.as_str().into(),
            new.purpose.as_str().into(),
            new.begins.as_microsecond().into(),
            new.ends.as_microsecond().into(),
            new.verdict.to_string().into(),
            json!(new.why).to_string().into(),
            new.outline.to_string().into(),
            new.track.sha256.0.as_str().into(),
            certificate.into(),
            at.into(),
            by.into(),
        ];
        change.run(sql(text, args)).await?;
        let detail = json!({
            "name": new.name,
            "verdict": new.verdict,
            "track_sha256": new.track.sha256,
            "certificate_sha256": new.certificate.sha256,
        });
        change.commit(Entry::new("sortie.recorded", id, detail)).await?;
        Ok((id, true))
    }

    /// Sorties of a time, the last that began first.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn sorties(
        &self,
        time: TimeRange,
        limit: u32,
    ) -> Result<Vec<KeptSortie>, StoreError> {
        let from = time.from.map_or(i64::MIN, Timestamp::as_microsecond);
        let to = time.to.map_or(i64::MAX, Timestamp::as_microsecond);
        let text = format!(
            "{SORTIES} WHERE o.begins_us <= $1 AND o.ends_us >= $2 ORDER BY o.begins_us DESC, o.id DESC LIMIT $3"
        );
        let args: Vec<Arg> = vec![to.into(), from.into(), i64::from(limit).into()];
        self.pool.rows(composed(text, args)).await?.iter().map(sortie).collect()
    }

    /// One sortie.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn sortie(&self, id: Uuid) -> Result<Option<KeptSortie>, StoreError> {
        let text = format!("{SORTIES} WHERE o.id = $1");
        self.pool.row(composed(text, vec![id.into()])).await?.as_ref().map(sortie).transpose()
    }

    /// Notes in the audit log that something was refused at the door.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database refuses.
    pub async fn note_refusal(
        &self,
        actor: &Actor,
        subject: &str,
        why: &str,
    ) -> Result<(), StoreError> {
        let change = self.change(actor).await?;
        change.commit(Entry::new("import.refused", subject, json!({ "why": why }))).await
    }
}

pub(crate) fn authority(row: &Row) -> Result<KeptAuthority, StoreError> {
    Ok(KeptAuthority {
        id: row.id(0)?,
        authority: NewAuthority {
            number: row.text(1)?,
            issuer: row.text(2)?,
            document: blob(row, 3)?,
            outline: said(row, 5)?,
        },
        at: time::from_us(row.int(6)?)?,
        by: row.text(7)?,
    })
}

pub(crate) fn sortie(row: &Row) -> Result<KeptSortie, StoreError> {
    let verdict = serde_json::from_value(Value::String(row.text(8)?));
    Ok(KeptSortie {
        id: row.id(0)?,
        sortie: NewSortie {
            name: row.text(1)?,
            kind: row.text(2)?,
            operator: row.text(3)?,
            aircraft: row.text(4)?,
            purpose: row.text(5)?,
            begins: time::from_us(row.int(6)?)?,
            ends: time::from_us(row.int(7)?)?,
            verdict: verdict.map_err(|error| StoreError::damaged("a sortie", error))?,
            why: said(row, 9)?,
            outline: said(row, 10)?,
            track: blob(row, 11)?,
            certificate: blob(row, 13)?,
        },
        at: time::from_us(row.int(15)?)?,
        by: row.text(16)?,
    })
}

fn said<T: serde::de::DeserializeOwned>(row: &Row, at: usize) -> Result<T, StoreError> {
    serde_json::from_str(&row.text(at)?).map_err(|error| StoreError::damaged("a flight", error))
}

/// Digest and size, one after the other.
fn blob(row: &Row, at: usize) -> Result<Blob, StoreError> {
    let sha256 = cathartes_core::provenance::Digest(row.text(at)?);
    Ok(Blob { sha256, size_bytes: row.int(at + 1)? as u64 })
}
