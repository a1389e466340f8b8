//! That an entry is in the log of a checkpoint, and that the log of a later checkpoint only added to that of an earlier.

use cathartes_core::{
    checkpoint::{Checkpoint, TreeRoot},
    provenance::hexadecimal,
};
use ct_merkle::{ConsistencyProof, InclusionProof, RootHash};
use jiff::{Timestamp, Unit};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::{
    Store,
    audit::{AuditLine, export, tiles::Tiles, tree},
    error::StoreError,
};

/// That an entry is in the log: the hashes beside its way up to the root.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryProof {
    /// The entry.
    pub entry: AuditLine,
    /// In the log of how many entries.
    pub entries: u64,
    /// The hashes, from the leaf up, in hexadecimal.
    pub path: Vec<String>,
}

/// That a log only grew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrowthProof {
    /// How many entries it had.
    pub from_entries: u64,
    /// How many it has.
    pub to_entries: u64,
    /// The hashes, in hexadecimal, in the order of RFC 9162, section 2.1.4.1.
    pub path: Vec<String>,
}

impl EntryProof {
    /// Whether the entry is in the log that a checkpoint is of.
    #[must_use]
    pub fn holds(&self, checkpoint: &Checkpoint) -> bool {
        let Some(path) = joined(&self.path) else { return false };
        let Ok(proof) = InclusionProof::try_from_bytes(path) else { return false };
        let place = u64::try_from(self.entry.seq).ok().and_then(|seq| seq.checked_sub(1));
        let inside = place.filter(|place| *place < checkpoint.entries && *place <= u64::MAX / 2);
        self.entries == checkpoint.entries
            && inside.is_some_and(|place| {
                root(checkpoint).verify_inclusion(&self.entry.canonical(), place, &proof).is_ok()
            })
    }
}

impl GrowthProof {
    /// Whether the log of the later checkpoint begins as that of the earlier.
    #[must_use]
    pub fn holds(&self, earlier: &Checkpoint, later: &Checkpoint) -> bool {
        if earlier.entries == later.entries {
            return earlier.root == later.root;
        }
        let Some(path) = joined(&self.path) else { return false };
        let Ok(proof) = ConsistencyProof::try_from_bytes(path) else { return false };
        (self.from_entries, self.to_entries) == (earlier.entries, later.entries)
            && root(later).verify_consistency(&root(earlier), &proof).is_ok()
    }
}

impl Store {
    /// The log of its first so many entries, or of all there are, for somebody to keep elsewhere.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the log has fewer entries.
    pub async fn checkpoint(&self, entries: Option<u64>) -> Result<Checkpoint, StoreError> {
        let mut tiles = Tiles::of(&self.pool).await?;
        let entries = entries.unwrap_or(tiles.leaves);
        let root = tiles.root_of(entries).await?;
        let at = Timestamp::now().round(Unit::Second).unwrap_or_else(|_| Timestamp::now());
        Ok(Checkpoint { entries, root, at })
    }

    /// The proof that an entry is in the log of so many entries.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when there is no such entry, or the log has fewer entries.
    pub async fn audit_proof(&self, seq: i64, entries: u64) -> Result<EntryProof, StoreError> {
        let mut tiles = Tiles::of(&self.pool).await?;
        tiles.has(entries)?;
        let place = u64::try_from(seq).ok().and_then(|seq| seq.checked_sub(1));
        let place = place.filter(|place| *place < entries);
        let absent = || StoreError::Absent { what: "entry of the audit log", id: seq.to_string() };
        let numbers = ct_merkle::indices_for_inclusion_proof(entries, place.ok_or_else(absent)?);
        let entry = self.audit_lines(seq - 1, 1).await?.pop().ok_or_else(absent)?;
        Ok(EntryProof { entry, entries, path: tiles.path(&numbers, entries).await? })
    }

    /// The proof that the log only grew between two numbers of entries.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the log has fewer entries, or the earlier number is none or more than the later.
    pub async fn audit_growth(&self, from: u64, to: u64) -> Result<GrowthProof, StoreError> {
        let mut tiles = Tiles::of(&self.pool).await?;
        tiles.has(to)?;
        if from == 0 || from > to {
            let what = format!(
                "from {from} to {to} entries no log grows: the earlier checkpoint has fewer entries, and at least one"
            );
            return Err(StoreError::Refused(what));
        }
        let numbers = ct_merkle::indices_for_consistency_proof(from, to - from);
        let path = tiles.path(&numbers, to).await?;
        Ok(GrowthProof { from_entries: from, to_entries: to, path })
    }
}

impl Tiles<'_> {
    /// The root over the first entries of the log.
    pub(super) async fn root_of(&mut self, entries: u64) -> Result<TreeRoot, StoreError> {
        self.has(entries)?;
        Ok(TreeRoot(self.folded(&tree::side_by_side(0, entries)).await?))
    }

    async fn path(&mut self, numbers: &[u64], entries: u64) -> Result<Vec<String>, StoreError> {
        let mut path = Vec::new();
        for number in numbers {
            path.push(hexadecimal(&self.folded(&tree::full_trees(*number, entries)).await?));
        }
        Ok(path)
    }

    fn has(&self, entries: u64) -> Result<(), StoreError> {
        let there = self.leaves;
        if entries <= there {
            return Ok(());
        }
        let what = format!(
            "the log has {there} entries, not {entries}: its end was cut off, or the checkpoint is of another log"
        );
        Err(StoreError::Refused(what))
    }
}

fn root(checkpoint: &Checkpoint) -> RootHash<Sha256> {
    RootHash::new(checkpoint.root.0.into(), checkpoint.entries)
}

fn joined(path: &[String]) -> Option<Vec<u8>> {
    path.iter().map(|hash| export::hash(hash)).collect::<Option<Vec<_>>>().map(|all| all.concat())
}
