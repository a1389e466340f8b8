//! Checkpoints as they were signed and given away, so that the log is held to each of them.

use cathartes_core::checkpoint::Checkpoint;
use serde_json::json;

use crate::{
    Store,
    audit::{Actor, Entry, tiles::Tiles},
    database::{Row, sql},
    error::StoreError,
};

/// A checkpoint as it was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedCheckpoint {
    /// What it says.
    pub checkpoint: Checkpoint,
    /// The signature over its text, as minisign writes it.
    pub signature: String,
    /// Who had it made.
    pub by: String,
}

impl Store {
    /// Keeps a checkpoint that was signed; the same number of entries again is kept once.
    ///
    /// # Errors
    ///
    /// [`StoreError::Refused`] when it is not of this log.
    pub async fn keep_checkpoint(
        &self,
        actor: &Actor,
        checkpoint: &Checkpoint,
        signature: &str,
    ) -> Result<(), StoreError> {
        let mut tiles = Tiles::of(&self.pool).await?;
        if tiles.root_of(checkpoint.entries).await? != checkpoint.root {
            return Err(StoreError::Refused("the checkpoint is of another log".to_owned()));
        }
        let mut change = self.change(actor).await?;
        let text = "INSERT INTO checkpoint (entries, text, signature, created_us, created_by) \
                    VALUES ($1, $2, $3, $4, $5) ON CONFLICT (entries) DO NOTHING";
        let (at, by) = (change.at_us, change.actor().to_owned());
        let entries = checkpoint.entries as i64;
        let said = checkpoint.to_string().into();
        let args = [entries.into(), said, signature.into(), at.into(), by.into()];
        if change.run(sql(text, args)).await? == 0 {
            return Ok(());
        }
        let detail = json!({ "root": checkpoint.root.to_string() });
        change.commit(Entry::new("checkpoint.signed", entries, detail)).await
    }

    /// All checkpoints that were signed, the earliest first.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer, or one of them is damaged.
    pub async fn signed_checkpoints(&self) -> Result<Vec<SignedCheckpoint>, StoreError> {
        let text = "SELECT text, signature, created_by FROM checkpoint ORDER BY entries";
        self.pool.rows(sql(text, [])).await?.iter().map(signed).collect()
    }

    /// The last that was signed.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer, or it is damaged.
    pub async fn last_checkpoint(&self) -> Result<Option<SignedCheckpoint>, StoreError> {
        let text =
            "SELECT text, signature, created_by FROM checkpoint ORDER BY entries DESC LIMIT 1";
        self.pool.row(sql(text, [])).await?.as_ref().map(signed).transpose()
    }

    pub(crate) async fn checkpoints(&self) -> Result<Vec<Checkpoint>, StoreError> {
        Ok(self.signed_checkpoints().await?.into_iter().map(|signed| signed.checkpoint).collect())
    }
}

fn signed(row: &Row) -> Result<SignedCheckpoint, StoreError> {
    let checkpoint = row.text(0)?.parse();
    Ok(SignedCheckpoint {
        checkpoint: checkpoint.map_err(|error| StoreError::damaged("a checkpoint", error))?,
        signature: row.text(1)?,
        by: row.text(2)?,
    })
}
