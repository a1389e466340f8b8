//! Calling releases back.

use cathartes_core::provenance::Digest;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    carriage, conflict,
    messages::{self, MessageKind},
    released::{self, Release},
    says, somebody,
};
use crate::{Actor, Blob, Store, StoreError, audit::Entry, database::sql, scenes::insert_blob};

/// A release to be called back.
#[derive(Debug, Clone, PartialEq)]
pub struct NewRecall {
    /// Which.
    pub release: Uuid,
    /// Why.
    pub reason: String,
    /// The sealed file that takes it back, where there was a key to seal one.
    pub dossier: Option<Blob>,
    /// What the message says that goes with it.
    pub body: Value,
}

/// That a release was called back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Recall {
    /// Why.
    pub reason: String,
    /// The sealed file that takes it back, where there is one.
    pub dossier: Option<Digest>,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
}

impl Store {
    /// Calls a release back: what was still to be told of it is not told any more, but that it is called back. The
    /// same again changes nothing.
    ///
    /// # Errors
    ///
    /// [`StoreError::Refused`] without a reason; [`StoreError::Conflict`] when it was called back for another;
    /// [`StoreError::Absent`] when there is none.
    pub async fn recall_release(
        &self,
        actor: &Actor,
        new: &NewRecall,
        now: Timestamp,
    ) -> Result<Release, StoreError> {
        somebody(actor)?;
        says("the reason of a recall", &new.reason, 2_000)?;
        let mut change = self.change(actor).await?;
        change.alone().await?;
        let kept = released::of(&mut change, new.release).await?;
        if let Some(recall) = &kept.recalled {
            let same = recall.reason == new.reason;
            return if same {
                Ok(kept)
            } else {
                Err(conflict("release", kept.id, "is recalled already"))
            };
        }
        let by = change.actor().to_owned();
        let dossier = new.dossier.as_ref().map(|blob| blob.sha256.0.as_str());
        if let Some(blob) = &new.dossier {
            insert_blob(&mut change, blob).await?;
        }
        let text = "INSERT INTO recall (release, reason, dossier_sha256, created_us, created_by) \
                    VALUES ($1, $2, $3, $4, $5)";
        let reason = new.reason.as_str().into();
        let at = now.as_microsecond().into();
        let args = [kept.id.into(), reason, dossier.into(), at, by.into()];
        change.run(sql(text, args)).await?;
        released::ends(&mut change, kept.id).await?;
        carriage::drop_unsent(&mut change, kept.id, ("the release was recalled", now)).await?;
        let message = released::told(&kept.recipient, kept.id, MessageKind::Recall, &new.body, now);
        let message = messages::put(&mut change, &message, now).await?;
        let kept = released::of(&mut change, kept.id).await?;
        let detail =
            json!({ "reason": new.reason, "message": message.id, "dossier_sha256": dossier });
        change.commit(Entry::new("release.recalled", kept.id, detail)).await?;
        Ok(kept)
    }
}
