//! The whole log read again: chain, tree, tiles, head, and the checkpoints that were given of it.

use cathartes_core::checkpoint::{Checkpoint, TreeRoot};

use crate::{
    Damage, Store,
    audit::{
        tiles,
        tree::{self, Hash, Peaks, TILE},
    },
    database::{Row, sql},
    error::StoreError,
};

/// Entries read at a time: a whole number of tiles.
const SOME: u64 = 16 * TILE;

/// What was found of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogCheck {
    /// How many entries were read.
    pub entries: u64,
    /// The root over them.
    pub root: TreeRoot,
    /// How many checkpoints fit.
    pub checkpoints: u64,
    /// Everything that is wrong.
    pub damages: Vec<Damage>,
}

/// An entry as it stands: what it says, and the chain as it says.
struct Stored {
    seq: i64,
    canonical: Vec<u8>,
    hash: Vec<u8>,
}

/// Where the reading is.
struct Walk {
    last: i64,
    hash: Vec<u8>,
    peaks: Peaks,
    /// Leaves of the tile under way.
    tile: Vec<Hash>,
    /// What is to be met, the earliest last.
    awaited: Vec<Checkpoint>,
    /// Entries of the last checkpoint that fitted.
    sure: u64,
    found: LogCheck,
}

impl Store {
    /// Reads the whole log and says what is wrong with it, against its own tree, the checkpoints that were kept, and those
    /// that somebody brings. Nothing is changed.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer; damage is none.
    pub async fn verify_audit(&self, brought: &[Checkpoint]) -> Result<LogCheck, StoreError> {
        let mut awaited = self.checkpoints().await?;
        awaited.extend(brought);
        awaited.sort_by_key(|checkpoint| std::cmp::Reverse(checkpoint.entries));
        let mut walk = Walk::new(awaited);
        let mut page = self.stored(0).await?;
        while !page.is_empty() {
            let last = page.last().map_or(0, |entry| entry.seq);
            // The next page is read while this one is hashed.
            let next = tokio::spawn({
                let store = self.clone();
                async move { store.stored(last).await }
            });
            for entry in page {
                if let Some((place, leaves)) = walk.take(&entry) {
                    walk.compare(self.tile_of(place).await?, &leaves);
                }
            }
            page = next.await.map_err(|error| StoreError::Refused(error.to_string()))??;
        }
        self.against_head(&mut walk).await?;
        Ok(walk.end())
    }

    async fn tile_of(&self, place: u64) -> Result<Option<Vec<Hash>>, StoreError> {
        match tiles::tile(&self.pool, 0, place).await {
            Err(StoreError::Damaged { .. }) => Ok(None),
            other => other,
        }
    }

    /// Entries as they were hashed, without reading what they say.
    async fn stored(&self, after: i64) -> Result<Vec<Stored>, StoreError> {
        let text = "SELECT seq, at_us, actor, action, subject, detail, hash FROM audit \
                    WHERE seq > $1 ORDER BY seq LIMIT $2";
        let rows = self.pool.rows(sql(text, [after.into(), (SOME as i64).into()])).await?;
        rows.iter().map(stored).collect()
    }

    async fn against_head(&self, walk: &mut Walk) -> Result<(), StoreError> {
        let text = "SELECT seq, hash, leaves, peaks FROM audit_head WHERE one = 1";
        let Some(head) = self.pool.row(sql(text, [])).await? else {
            walk.damage(walk.last, "the head of the log is missing");
            return Ok(());
        };
        let seq = head.int(0)?;
        // Entries that were written since the last page was read are no damage.
        let fits = seq > walk.last || seq == walk.last && head.bytes(1)? == walk.hash;
        if !fits {
            walk.damage(walk.last, "the head of the log does not fit its last entry");
        }
        let peaks = (head.int(2)? as u64, head.bytes(3)?);
        let whole = walk.found.damages.is_empty();
        if whole && seq == walk.last && peaks != (walk.peaks.leaves, walk.peaks.bytes()) {
            walk.damage(walk.last, "the tree of the head is not that of the entries");
        }
        if seq > walk.last && self.stored(walk.last).await?.is_empty() {
            walk.damage(walk.last, "entries after it are missing");
        }
        Ok(())
    }
}

impl Walk {
    fn new(awaited: Vec<Checkpoint>) -> Self {
        let root = TreeRoot(tree::folded(&[]));
        Self {
            last: 0,
            hash: vec![0; 32],
            peaks: Peaks::default(),
            tile: Vec::with_capacity(TILE as usize),
            awaited,
            sure: 0,
            found: LogCheck { entries: 0, root, checkpoints: 0, damages: Vec::new() },
        }
    }

    /// The first thing that is wrong at a place is told.
    fn damage(&mut self, seq: i64, what: &str) {
        let last = self.found.damages.last();
        if matches!(last, Some(Damage::Audit { seq: told, .. }) if *told == seq) {
            return;
        }
        self.found.damages.push(Damage::Audit { seq, what: what.to_owned() });
    }

    /// One entry more; the place and leaves of the tile that it makes full.
    fn take(&mut self, entry: &Stored) -> Option<(u64, Vec<Hash>)> {
        self.found.entries += 1;
        if entry.seq != self.last + 1 {
            self.damage(entry.seq, "entries before it are missing");
        }
        if tree::chained(&self.hash, &entry.canonical)[..] != entry.hash {
            self.damage(entry.seq, "it or an entry before it was changed");
        }
        let leaf = tree::leaf(&entry.canonical);
        self.peaks.push(leaf);
        self.tile.push(leaf);
        (self.last, self.hash) = (entry.seq, entry.hash.clone());
        self.meet();
        let full = self.tile.len() as u64 == TILE;
        full.then(|| (self.peaks.leaves / TILE - 1, std::mem::take(&mut self.tile)))
    }

    /// Compares with the checkpoints of so many entries.
    fn meet(&mut self) {
        while self.awaited.last().is_some_and(|next| next.entries == self.peaks.leaves) {
            let Some(checkpoint) = self.awaited.pop() else { return };
            if checkpoint.root.0 == self.peaks.root() {
                (self.sure, self.found.checkpoints) =
                    (checkpoint.entries, self.found.checkpoints + 1);
            } else {
                let what = format!(
                    "the checkpoint of {} is of another log: an entry from {} on was changed",
                    checkpoint.at,
                    self.sure + 1
                );
                self.damage(checkpoint.entries as i64, &what);
            }
        }
    }

    /// Names the entry that is not the one whose hash was kept.
    fn compare(&mut self, kept: Option<Vec<Hash>>, leaves: &[Hash]) {
        let first = self.last - TILE as i64 + 1;
        let Some(kept) = kept else {
            self.damage(self.last, "the tile of its hashes is missing");
            return;
        };
        let other = leaves.iter().zip(&kept).position(|(leaf, kept)| leaf != kept);
        if let Some(other) = other {
            self.damage(first + other as i64, "it is not the entry that was hashed");
        }
    }

    fn end(mut self) -> LogCheck {
        // Those of no entries are met by any log.
        self.awaited.retain(|checkpoint| checkpoint.entries > 0);
        while let Some(checkpoint) = self.awaited.pop() {
            let (entries, at) = (checkpoint.entries, checkpoint.at);
            let what = format!("the end is cut off: the checkpoint of {at} has {entries} entries");
            self.found.damages.push(Damage::Audit { seq: self.last, what });
        }
        LogCheck { root: TreeRoot(self.peaks.root()), ..self.found }
    }
}

fn stored(row: &Row) -> Result<Stored, StoreError> {
    let parts = [row.text(2)?, row.text(3)?, row.text(4)?, row.text(5)?];
    let [actor, action, subject, detail] = &parts;
    let (seq, at_us) = (row.int(0)?, row.int(1)?);
    let canonical = tree::canonical(seq, at_us, [actor, action, subject, detail]);
    Ok(Stored { seq, canonical, hash: row.bytes(6)? })
}
