//! What changes nothing and is written down all the same: reads of restricted material, exports, refused attempts.

use serde_json::Value;

use crate::{
    Store,
    audit::{Actor, Entry},
    error::StoreError,
};

/// Something to be written down.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    /// Who.
    pub actor: Actor,
    /// What was done: `evidence.read`, `log.exported`, `request.refused` …
    pub action: &'static str,
    /// To what, by its id.
    pub subject: String,
    /// Why, under what, from where.
    pub detail: Value,
}

impl Store {
    /// Writes down all of these or none; nothing that they speak of may happen before this has returned.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database refuses: then it must not happen.
    pub async fn note(&self, notes: &[Note]) -> Result<(), StoreError> {
        if notes.is_empty() {
            return Ok(());
        }
        let entry = |note: &Note| {
            let entry = Entry::new(note.action, &note.subject, note.detail.clone());
            (note.actor.to_string(), entry)
        };
        let entries: Vec<_> = notes.iter().map(entry).collect();
        self.change(&Actor::Server).await?.commit_all(&entries).await
    }
}
