//! Tiles: 256 hashes of one level of the tree, kept when they are full; what is not full yet is read from what is below.

use std::collections::BTreeMap;

use crate::{
    audit::tree::{self, Hash, Node, Peaks, TILE, TILE_HEIGHT},
    database::{Pool, Row, Sql, Tx, sql},
    error::StoreError,
};

/// The hashes of entries that follow some number of entries.
pub(crate) async fn leaves(tx: &mut Tx, after: u64, some: u64) -> Result<Vec<Hash>, StoreError> {
    tx.rows(entries(after, some)).await?.iter().map(leaf).collect()
}

/// Keeps the tile of leaves that has become full, and those above it that have become so by it.
pub(crate) async fn keep(tx: &mut Tx, leaves: u64, hashes: Vec<Hash>) -> Result<(), StoreError> {
    let (mut level, mut whole, mut hashes) = (0, TILE, hashes);
    while leaves.is_multiple_of(whole) {
        let place = leaves / whole - 1;
        if level > 0 {
            let below = tx.rows(roots(level - 1, place)).await?;
            hashes = below.iter().map(|row| hash(&row.bytes(0)?)).collect::<Result<_, _>>()?;
        }
        if hashes.len() as u64 != TILE {
            return Err(StoreError::damaged("audit_tile", format!("level {level} has gaps")));
        }
        let root = tree::full_root(&hashes);
        let text = "INSERT INTO audit_tile (level, place, root, hashes) VALUES ($1, $2, $3, $4)";
        let args = [i64::from(level).into(), (place as i64).into(), root.into()];
        let [level_arg, place_arg, root] = args;
        tx.run(sql(text, [level_arg, place_arg, root, hashes.concat().into()])).await?;
        (level, whole) = (level + 1, whole << TILE_HEIGHT);
    }
    Ok(())
}

/// Hashes of the tree, each tile read once; those at its right edge are at the head.
pub(crate) struct Tiles<'a> {
    pool: &'a Pool,
    pub(crate) leaves: u64,
    edge: Vec<(Node, Hash)>,
    read: BTreeMap<(u32, u64), Vec<Hash>>,
}

impl<'a> Tiles<'a> {
    pub(crate) async fn of(pool: &'a Pool) -> Result<Self, StoreError> {
        let text = "SELECT leaves, peaks FROM audit_head WHERE one = 1";
        let damaged = || StoreError::damaged("audit_head", "its tree is of other entries");
        let head = pool.row(sql(text, [])).await?.ok_or_else(damaged)?;
        let leaves = head.int(0)? as u64;
        let peaks = Peaks::read(leaves, &head.bytes(1)?).ok_or_else(damaged)?;
        let edge = tree::side_by_side(0, leaves).into_iter().zip(peaks.roots()).collect();
        Ok(Self { pool, leaves, edge, read: BTreeMap::new() })
    }

    /// The root of full trees that stand side by side.
    pub(crate) async fn folded(&mut self, trees: &[Node]) -> Result<Hash, StoreError> {
        let mut roots = Vec::with_capacity(trees.len());
        for tree in trees {
            roots.push(self.root(*tree).await?);
        }
        Ok(tree::folded(&roots))
    }

    /// The root of a full tree.
    pub(crate) async fn root(&mut self, tree: Node) -> Result<Hash, StoreError> {
        if let Some((_, root)) = self.edge.iter().find(|(node, _)| *node == tree) {
            return Ok(*root);
        }
        let (level, place, range) = tree.in_tile();
        if !self.read.contains_key(&(level, place)) {
            let hashes = self.hashes(level, place).await?;
            self.read.insert((level, place), hashes);
        }
        let hashes = self.read.get(&(level, place)).and_then(|all| all.get(range));
        let damaged = || StoreError::damaged("audit_tile", format!("level {level}, place {place}"));
        hashes.map(tree::full_root).ok_or_else(damaged)
    }

    async fn hashes(&self, level: u32, place: u64) -> Result<Vec<Hash>, StoreError> {
        let full = (place + 1).saturating_mul(TILE << (TILE_HEIGHT * level)) <= self.leaves;
        if full && let Some(hashes) = tile(self.pool, level, place).await? {
            return Ok(hashes);
        }
        if level == 0 {
            let rows = self.pool.rows(entries(place * TILE, TILE)).await?;
            return rows.iter().map(leaf).collect();
        }
        let rows = self.pool.rows(roots(level - 1, place)).await?;
        rows.iter().map(|row| hash(&row.bytes(0)?)).collect()
    }
}

/// A tile as it was kept.
pub(crate) async fn tile(
    pool: &Pool,
    level: u32,
    place: u64,
) -> Result<Option<Vec<Hash>>, StoreError> {
    let text = "SELECT hashes FROM audit_tile WHERE level = $1 AND place = $2";
    let row = pool.row(sql(text, [i64::from(level).into(), (place as i64).into()])).await?;
    let hashes = |row: Row| tree::split(&row.bytes(0)?).ok_or_else(|| odd("hashes"));
    row.map(hashes).transpose()
}

fn entries(after: u64, some: u64) -> Sql {
    let text = "SELECT seq, at_us, actor, action, subject, detail FROM audit \
                WHERE seq > $1 AND seq <= $2 ORDER BY seq";
    sql(text, [(after as i64).into(), ((after + some) as i64).into()])
}

fn roots(level: u32, place: u64) -> Sql {
    let text = "SELECT root FROM audit_tile WHERE level = $1 AND place >= $2 AND place < $3 ORDER BY place";
    let from = (place * TILE) as i64;
    sql(text, [i64::from(level).into(), from.into(), (from + TILE as i64).into()])
}

fn leaf(row: &Row) -> Result<Hash, StoreError> {
    let [actor, action, subject, detail] = [row.text(2)?, row.text(3)?, row.text(4)?, row.text(5)?];
    let parts = [actor.as_str(), &action, &subject, &detail];
    Ok(tree::leaf(&tree::canonical(row.int(0)?, row.int(1)?, parts)))
}

fn hash(bytes: &[u8]) -> Result<Hash, StoreError> {
    bytes.try_into().map_err(|_| odd("root"))
}

fn odd(what: &str) -> StoreError {
    StoreError::damaged("audit_tile", format!("a {what} is no hash"))
}
