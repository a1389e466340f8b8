//! Asking for jobs; for the same one only once.

use cathartes_core::provenance::hexadecimal;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{
    Store,
    audit::{Actor, Change, Entry},
    database::sql,
    error::StoreError,
    fold,
    work::Work,
};

/// How old sites may be.
const A_DAY: SignedDuration = SignedDuration::from_hours(24);

impl Store {
    /// Asks for a job whose files are in their place. What was asked for before is not asked for
    /// twice: the same job comes back.
    ///
    /// # Errors
    ///
    /// [`StoreError::Absent`] when a file is in no blob.
    pub async fn enqueue(&self, actor: &Actor, work: &Work) -> Result<Uuid, StoreError> {
        let mut change = self.change(actor).await?;
        for file in work.files() {
            let known = sql("SELECT 1 FROM blob WHERE sha256 = $1", [file.sha256.0.clone().into()]);
            if change.row(known).await?.is_none() {
                let id = format!("{} ({})", file.name, file.sha256.0);
                return Err(StoreError::Absent { what: "file", id });
            }
        }
        match ask(&mut change, work).await? {
            (id, false) => Ok(id),
            (id, true) => {
                let entry = Entry::new("job.enqueued", id, json!({ "do": work.word() }));
                change.commit(entry).await?;
                Ok(id)
            }
        }
    }

    /// Asks for a fold of the day where the last one is a day old: what was observed counts for less as time goes. Its
    /// job, when one is due; on one day there is one.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database refuses.
    pub async fn ask_for_ageing(&self, now: Timestamp) -> Result<Option<Uuid>, StoreError> {
        let last = self.last_fold().await?;
        let old = last.as_of.is_some_and(|as_of| now.duration_since(as_of) >= A_DAY);
        if !old {
            return Ok(None);
        }
        let day = Some(now.as_second().div_euclid(A_DAY.as_secs()));
        let work = Work::Fold { to: self.extent().await?, day };
        Ok(Some(self.enqueue(&Actor::Server, &work).await?))
    }
}

/// A job in the making: its id, and whether it is new.
async fn ask(change: &mut Change, work: &Work) -> Result<(Uuid, bool), StoreError> {
    let text = serde_json::to_string(work).map_err(|e| StoreError::Refused(e.to_string()))?;
    let key = hexadecimal(&Sha256::digest(text.as_bytes()));
    let (id, at) = (Uuid::now_v7(), change.at_us);
    let insert = "INSERT INTO job (id, key, work, state, attempts, available_us, created_us) \
                  VALUES ($1, $2, $3, 'queued', 0, $4, $4) ON CONFLICT (key) DO NOTHING";
    let args = [id.into(), key.clone().into(), text.into(), at.into()];
    if change.run(sql(insert, args)).await? == 1 {
        return Ok((id, true));
    }
    let row = change.row(sql("SELECT id FROM job WHERE key = $1", [key.into()])).await?;
    let absent = StoreError::Absent { what: "job", id: id.to_string() };
    Ok((row.ok_or(absent)?.id(0)?, false))
}

/// Asks for a fold of all that is there, in the transaction that brings more of it.
pub(crate) async fn ask_for_fold(change: &mut Change) -> Result<Uuid, StoreError> {
    let to = fold::extent(change.row(sql(fold::EXTENT, [])).await?)?;
    Ok(ask(change, &Work::Fold { to, day: None }).await?.0)
}
