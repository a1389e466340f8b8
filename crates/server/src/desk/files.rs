//! The files of drafts and releases.

use cathartes_release::{
    dossier::Approval,
    gate::{Content, Terms},
};
use cathartes_store::{Blob, Draft, Store, StoreError};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// What is left of a product, and what is said with it, as a draft keeps them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    /// The fields that leave.
    pub content: Content,
    /// What the release says of itself.
    pub terms: Terms,
}

/// That somebody approved a draft, as its seal asks for it: the record lets nobody approve another digest.
pub(super) fn approval(one: &cathartes_store::Approval, draft: &Draft) -> Approval {
    Approval { by: one.by.clone(), digest: draft.what.manifest_sha256.clone() }
}

/// What a draft lets leave.
pub(super) async fn content(store: &Store, draft: &Draft) -> Result<Kept, StoreError> {
    json(store, &draft.what.content, "what a draft lets leave").await
}

/// What a blob of JSON says.
pub(crate) async fn json<T: DeserializeOwned>(
    store: &Store,
    blob: &Blob,
    what: &'static str,
) -> Result<T, StoreError> {
    let damaged = |error: serde_json::Error| StoreError::Damaged { what, why: error.to_string() };
    serde_json::from_slice(&store.blobs().whole(&blob.sha256).await?).map_err(damaged)
}

/// Keeps something as JSON.
pub(super) async fn put(store: &Store, what: &impl Serialize) -> Result<Blob, StoreError> {
    let text = serde_json::to_vec(what);
    let text = text.map_err(|error| StoreError::Refused(format!("it is no JSON: {error}")))?;
    store.blobs().put(text).await
}
