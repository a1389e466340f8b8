//! Where the log ends: its last hash and the tree so far, changed with every entry.

use crate::{
    audit::{
        Entry, tiles,
        tree::{self, Hash, Peaks, TILE},
    },
    database::{Arg, Pool, Tx, composed, sql},
    error::StoreError,
};

/// Tiles made in one transaction for a log that has none yet.
const TILES: u64 = 64;
const ENTRY: &str = "INSERT INTO audit (seq, at_us, actor, action, subject, detail, hash) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7); \
                     UPDATE audit_head SET seq = $1, hash = $7, leaves = $1, peaks = $8 WHERE one = 1";
const ENTRY_POSTGRES: &str = "WITH head AS (UPDATE audit_head SET seq = $1, hash = $7, leaves = $1, peaks = $8 \
                              WHERE one = 1) \
                              INSERT INTO audit (seq, at_us, actor, action, subject, detail, hash) \
                              VALUES ($1, $2, $3, $4, $5, $6, $7)";

const HEAD: &str =
    "UPDATE audit_head SET seq = $1, hash = $2, leaves = $1, peaks = $3 WHERE one = 1";
/// Entries of one statement, where there are several.
const TOGETHER: usize = 64;

/// A statement that writes so many entries.
fn many(entries: usize) -> String {
    let row = |n: usize| {
        let places: Vec<String> =
            (7 * n + 1..=7 * n + 7).map(|place| format!("${place}")).collect();
        format!("({})", places.join(", "))
    };
    let rows: Vec<String> = (0..entries).map(row).collect();
    let rows = rows.join(", ");
    format!("INSERT INTO audit (seq, at_us, actor, action, subject, detail, hash) VALUES {rows}")
}

/// The end of the log, while nobody else can write to it.
pub(crate) struct Head {
    seq: i64,
    hash: Vec<u8>,
    peaks: Peaks,
}

impl Head {
    /// The lock on the head puts entries in the order of their commits, on both databases.
    pub(crate) async fn locked(tx: &mut Tx) -> Result<Self, StoreError> {
        let mut head = Self::held(tx).await?;
        // After a backup was put back; otherwise they are level since the record was opened.
        while head.peaks.leaves < head.seq as u64 {
            head.one_tile_more(tx).await?;
        }
        Ok(head)
    }

    async fn held(tx: &mut Tx) -> Result<Self, StoreError> {
        let text = tx.dialect().pick(
            "SELECT seq, hash, leaves, peaks FROM audit_head WHERE one = 1",
            "SELECT seq, hash, leaves, peaks FROM audit_head WHERE one = 1 FOR UPDATE",
        );
        let row = tx.row(sql(text, [])).await?;
        let row = row.ok_or_else(|| StoreError::damaged("audit_head", "it is empty"))?;
        let peaks = Peaks::read(row.int(2)? as u64, &row.bytes(3)?);
        let peaks = peaks.ok_or_else(|| {
            StoreError::damaged("audit_head", "its tree is not of as many entries as it says")
        })?;
        Ok(Self { seq: row.int(0)?, hash: row.bytes(1)?, peaks })
    }

    /// More entries, each of its own actor, and the tiles that they make full.
    pub(crate) async fn append(
        &mut self,
        tx: &mut Tx,
        at_us: i64,
        entries: &[(String, Entry)],
    ) -> Result<(), StoreError> {
        if let [(actor, entry)] = entries {
            let mut args = self.next(at_us, actor, entry).to_vec();
            args.push(self.peaks.bytes().into());
            let text = tx.dialect().pick(ENTRY, ENTRY_POSTGRES).to_owned();
            tx.run(composed(text, args)).await?;
            return self.full(tx, 1).await;
        }
        for some in entries.chunks(TOGETHER) {
            let rows = some.iter().flat_map(|(actor, entry)| self.next(at_us, actor, entry));
            tx.run(composed(many(some.len()), rows.collect())).await?;
            self.full(tx, some.len() as u64).await?;
        }
        let args = [self.seq.into(), self.hash.clone().into(), self.peaks.bytes().into()];
        tx.run(sql(HEAD, args)).await.map(|_| ())
    }

    /// The row of one entry more.
    fn next(&mut self, at_us: i64, actor: &str, entry: &Entry) -> [Arg; 7] {
        let seq = self.seq + 1;
        let detail = entry.detail.to_string();
        let parts = [actor, entry.action, &entry.subject, &detail];
        let canonical = tree::canonical(seq, at_us, parts);
        let hash = tree::chained(&self.hash, &canonical);
        self.peaks.push(tree::leaf(&canonical));
        (self.seq, self.hash) = (seq, hash.to_vec());
        let [actor, action, subject, detail] = parts.map(Into::into);
        [seq.into(), at_us.into(), actor, action, subject, detail, hash.into()]
    }

    /// Keeps the tiles that the last entries made full.
    async fn full(&self, tx: &mut Tx, entries: u64) -> Result<(), StoreError> {
        let before = self.peaks.leaves - entries;
        for tile in before / TILE + 1..=self.peaks.leaves / TILE {
            let leaves = tiles::leaves(tx, (tile - 1) * TILE, TILE).await?;
            tiles::keep(tx, tile * TILE, leaves).await?;
        }
        Ok(())
    }

    /// Takes in what the tree does not have yet, up to the end of a tile.
    async fn one_tile_more(&mut self, tx: &mut Tx) -> Result<(), StoreError> {
        let from = self.peaks.leaves;
        let some = (TILE - from % TILE).min(self.seq as u64 - from);
        let leaves = tiles::leaves(tx, from, some).await?;
        if leaves.len() as u64 != some {
            return Err(StoreError::damaged("audit", format!("entries after {from} are missing")));
        }
        for leaf in &leaves {
            self.peaks.push(*leaf);
        }
        if self.peaks.leaves.is_multiple_of(TILE) {
            let whole: Vec<Hash> = match from % TILE {
                0 => leaves,
                _ => tiles::leaves(tx, self.peaks.leaves - TILE, TILE).await?,
            };
            tiles::keep(tx, self.peaks.leaves, whole).await?;
        }
        Ok(())
    }
}

/// Gives a log of before there was a tree its tree, some tiles a transaction, so that nobody else waits for long.
pub(crate) async fn catch_up(pool: &Pool) -> Result<(), StoreError> {
    let level = "SELECT 1 FROM audit_head WHERE one = 1 AND leaves = seq";
    while pool.row(sql(level, [])).await?.is_none() {
        let mut tx = pool.write().await?;
        let mut head = Head::held(&mut tx).await?;
        for _ in 0..TILES {
            if head.peaks.leaves < head.seq as u64 {
                head.one_tile_more(&mut tx).await?;
            }
        }
        let text = "UPDATE audit_head SET leaves = $1, peaks = $2 WHERE one = 1 AND leaves < $1";
        let args = [(head.peaks.leaves as i64).into(), head.peaks.bytes().into()];
        tx.run(sql(text, args)).await?;
        tx.commit().await?;
    }
    Ok(())
}
