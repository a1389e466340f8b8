//! Files of releases, as the record keeps them.

use anyhow::Context;
use cathartes_release::{dossier::Unsealed, remind::Mention};
use cathartes_store::{Release, Store};

/// What a message may tell of a release: what its dossier says of itself, as two people approved it.
///
/// # Errors
///
/// When the dossier is not there, or is another than was approved.
pub(crate) async fn mention(store: &Store, release: &Release) -> anyhow::Result<Mention> {
    let draft = store.draft(release.draft).await?.context("the draft of the release is gone")?;
    let unsealed = Unsealed::read(&store.blobs().whole(&draft.what.dossier.sha256).await?)?;
    anyhow::ensure!(
        *unsealed.digest() == release.manifest_sha256,
        "the dossier of release {} is not the one that was approved",
        release.alias
    );
    let manifest = unsealed.manifest();
    Ok(Mention {
        release: manifest.release.clone(),
        language: manifest.recipient.language,
        tlp: manifest.tlp,
        made: manifest.made,
        expires: manifest.expires,
        link: manifest.answer.link.clone(),
    })
}
