//! A sealed dossier, opened for its recipient: what is shown is what was signed, or nothing is.

use cathartes_release::{
    dossier::{self, Kind},
    gate::Content,
    recipient::Tlp,
    seal::SecretKey,
};
use cathartes_store::{Note, Release};
use serde_json::json;

use super::door::Guest;
use crate::{app::App, problem::Problem};

/// What a dossier holds.
#[derive(Debug)]
pub(super) struct Dossier {
    pub(super) content: Content,
    pub(super) tlp: Tlp,
    /// Its files by name, itself, and the one that takes it back, where there is one.
    pub(super) files: Vec<(String, Vec<u8>)>,
}

/// The whole, as a file.
const WHOLE: &str = "dossier.zip";
/// The one that takes it back.
const RECALL: &str = "recall.zip";
/// Files that are offered one by one; the others say how to check the whole, and come with it.
const ALONE: [&str; 4] = [".pdf", ".kml", ".geojson", ".png"];

/// Opens the dossier of a release.
///
/// # Errors
///
/// [`Problem`] when it is not what was approved and sealed: nothing of it is shown then.
pub(super) async fn opened(app: &App, release: &Release) -> Result<Dossier, Problem> {
    let trouble = |why: String| Problem::internal(&format!("release {}: {why}", release.id));
    let Some(key) = app.seal_key.as_ref().map(SecretKey::public) else {
        return Err(trouble("no dossier can be checked without a key: give --seal-key".to_owned()));
    };
    let bytes = app.store.blobs().whole(&release.dossier.sha256).await?;
    let opened = dossier::open(&bytes, &key).map_err(|error| trouble(error.to_string()))?;
    if opened.manifest.kind != Kind::Release || opened.digest != release.manifest_sha256 {
        return Err(trouble("the dossier is another than was approved".to_owned()));
    }
    let content = opened.content().map_err(|error| trouble(error.to_string()))?;
    let content = content.ok_or_else(|| trouble("the dossier has no content".to_owned()))?;
    let alone = |name: &str| ALONE.iter().any(|end| name.ends_with(end));
    let shown = opened.members.into_iter().filter(|member| alone(&member.name));
    let mut files: Vec<_> =
        shown.map(|member| (member.name.replace('/', "-"), member.bytes)).collect();
    files.push((WHOLE.to_owned(), bytes));
    if let Some(recall) = release.recalled.as_ref().and_then(|recall| recall.dossier.as_ref()) {
        match app.store.blobs().whole(recall).await {
            Ok(bytes) => files.push((RECALL.to_owned(), bytes)),
            // That it was taken back stands on the page all the same.
            Err(error) => tracing::error!(%error, release = release.alias, "a recall is lost"),
        }
    }
    Ok(Dossier { content, tlp: opened.manifest.tlp, files })
}

/// Writes down that a file leaves, before it does.
///
/// # Errors
///
/// [`Problem`] when the record does not take the note: then nothing leaves.
pub(super) async fn taken(
    app: &App,
    guest: &Guest,
    release: &Release,
    name: &str,
) -> Result<(), Problem> {
    let detail =
        json!({ "file": name, "alias": release.alias, "dossier_sha256": release.dossier.sha256 });
    let subject = release.id.to_string();
    Ok(app
        .store
        .note(&[Note { actor: guest.actor(), action: "release.exported", subject, detail }])
        .await?)
}
