//! What leaves and what was sent: sealing, taking back, replying, writing in other forms.

use cathartes_release::{
    dossier::{self, Approval, Recall, RecallReason, Setting, Unsealed},
    export::{self, Format},
    gate::{self, Content, Releasable},
    policy::{Permission, Stage},
};
use cathartes_store::{Account, Blob, NewRecall, NewRelease, Note, Release, StoreError};
use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

use super::{Desk, DeskError, actor, dossier as unmade, files};

impl Desk {
    /// Seals what two approved, and puts it into the post.
    ///
    /// # Errors
    ///
    /// [`DeskError`] when this account may not, there is no key, or something else would leave by now.
    pub async fn send(
        &self,
        who: &Account,
        id: Uuid,
        now: Timestamp,
    ) -> Result<Release, DeskError> {
        let draft = self.draft(id).await?;
        if let Some(release) = draft.release {
            return Ok(self.release(release).await?);
        }
        self.permit(who, Permission::Release, &draft)?;
        let key = self.key.as_ref().ok_or(DeskError::NoKey)?;
        self.holds(&draft).await?;
        let kept = files::content(&self.store, &draft).await?;
        let bytes = self.store.blobs().whole(&draft.what.dossier.sha256).await?;
        let approvals = draft.approvals.iter().map(|one| files::approval(one, &draft));
        let sealed = Unsealed::read(&bytes)
            .and_then(|unsealed| unsealed.seal(key, &approvals.collect::<Vec<_>>()));
        let sealed = sealed.map_err(|error| unmade(&draft, &error))?;
        let new = NewRelease {
            draft: id,
            manifest_sha256: draft.what.manifest_sha256.clone(),
            dossier: self.store.blobs().put(sealed.bytes).await?,
            expires: kept.terms.expires,
            body: json!({
                "release": draft.what.alias, "supersedes": kept.terms.supersedes,
                "expires": kept.terms.expires, "answer": kept.terms.answer_link,
            }),
        };
        Ok(self.store.seal_release(&actor(who), &new, now).await?)
    }

    /// Calls a release back.
    ///
    /// # Errors
    ///
    /// [`DeskError`] when this account may not, or there is no such release.
    pub async fn recall(
        &self,
        who: &Account,
        id: Uuid,
        reason: &str,
        now: Timestamp,
    ) -> Result<Release, DeskError> {
        let release = self.release(id).await?;
        let draft = self.draft(release.draft).await?;
        let mut dossier = None;
        if release.recalled.is_none() {
            self.permit_at(who, Permission::Recall, &draft, Stage::Released)?;
            dossier = self.laid_recall(who, &release, now).await;
        }
        let new = NewRecall {
            release: id,
            reason: reason.to_owned(),
            dossier,
            body: json!({ "release": release.alias, "recalled": true }),
        };
        Ok(self.store.recall_release(&actor(who), &new, now).await?)
    }

    /// Says something to a dispute.
    ///
    /// # Errors
    ///
    /// [`DeskError`] when this account may not, or there is no such dispute.
    pub async fn reply(
        &self,
        who: &Account,
        (release, answer): (Uuid, Uuid),
        text: &str,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let release = self.release(release).await?;
        let draft = self.draft(release.draft).await?;
        // Whoever may take a release back may speak of it.
        self.permit_at(who, Permission::Recall, &draft, Stage::Released)?;
        self.store.reply_to(&actor(who), answer, text, now).await?;
        Ok(())
    }

    /// What left by a release, to be written in another form.
    ///
    /// # Errors
    ///
    /// [`DeskError`] when this account may not read it.
    pub async fn releasable(
        &self,
        who: &Account,
        release: &Release,
    ) -> Result<Releasable<Content>, DeskError> {
        let permit = self.may(who, Permission::Read, release).await?;
        let draft = self.draft(release.draft).await?;
        let kept = files::content(&self.store, &draft).await?;
        Ok(gate::again(kept.content, kept.terms, &permit)?)
    }

    /// The dossier that takes a release back, kept. A recall waits for no key, no whole file and no room on the disk:
    /// without a dossier the message and the page alone tell of it.
    async fn laid_recall(&self, who: &Account, release: &Release, now: Timestamp) -> Option<Blob> {
        let made = async {
            let sealed = self.recall_dossier(who, release, (actor(who).to_string(), now)).await?;
            Ok::<_, DeskError>(self.store.blobs().put(sealed).await?)
        };
        let told = |error: &DeskError| {
            tracing::warn!(%error, release = release.alias, "it is taken back without a dossier");
        };
        made.await.inspect_err(told).ok()
    }

    /// The dossier that takes a release back, approved by whoever did.
    async fn recall_dossier(
        &self,
        who: &Account,
        release: &Release,
        (by, made): (String, Timestamp),
    ) -> Result<Vec<u8>, DeskError> {
        let key = self.key.as_ref().ok_or(DeskError::NoKey)?;
        let (of, checkpoint) = (self.releasable(who, release).await?, self.checkpoint(who).await?);
        let written_by = concat!("cathartes ", env!("CARGO_PKG_VERSION"));
        let setting = Setting { checkpoint: &checkpoint, written_by, lines: &[] };
        let name = format!("{}-recall", release.alias);
        // Officers write the reason in their own words, which a dossier without a second look does not carry.
        let reason = RecallReason::AsToldThere;
        let made = Recall { name: &name, reason, made };
        let sealed = dossier::recalled(&of, made, setting).and_then(|unsealed| {
            let digest = unsealed.digest().clone();
            unsealed.seal(key, &[Approval { by, digest }])
        });
        let failed = |why: dossier::DossierError| DeskError::Dossier {
            of: release.alias.clone(),
            why: why.to_string(),
        };
        Ok(sealed.map_err(failed)?.bytes)
    }

    /// The dossier that took a release back, or one made now where there was no key then.
    async fn kept_recall(&self, who: &Account, release: &Release) -> Result<Vec<u8>, DeskError> {
        let no = || StoreError::Refused(format!("release {} is not recalled", release.alias));
        let recall = release.recalled.as_ref().ok_or_else(no)?;
        let Some(dossier) = &recall.dossier else {
            return self.recall_dossier(who, release, (recall.by.clone(), recall.at)).await;
        };
        self.may(who, Permission::Read, release).await?;
        Ok(self.store.blobs().whole(dossier).await?)
    }

    /// A release in another form, or as the sealed dossier that left or, as `recall`, the one that takes it back.
    ///
    /// # Errors
    ///
    /// [`DeskError`] when this account may not read it, or there is no such form.
    pub async fn exported(
        &self,
        who: &Account,
        id: Uuid,
        format: &str,
    ) -> Result<Vec<u8>, DeskError> {
        let release = self.release(id).await?;
        let bytes = if format == "dossier" {
            self.may(who, Permission::Read, &release).await?;
            self.store.blobs().whole(&release.dossier.sha256).await?
        } else if format == "recall" {
            self.kept_recall(who, &release).await?
        } else {
            let format: Format = format.parse().map_err(StoreError::Refused)?;
            let releasable = self.releasable(who, &release).await?;
            written(format, &releasable, &release)
        };
        let detail = json!({ "format": format, "bytes": bytes.len() });
        let (actor, subject) = (actor(who), id.to_string());
        self.store.note(&[Note { actor, action: "release.exported", subject, detail }]).await?;
        Ok(bytes)
    }
}

/// A release in one form; one that was taken back, as taken back.
pub(crate) fn written(
    format: Format,
    releasable: &Releasable<Content>,
    release: &Release,
) -> Vec<u8> {
    match &release.recalled {
        Some(recall) => export::write_recalled(format, releasable, recall.at),
        None => export::write(format, releasable),
    }
}
