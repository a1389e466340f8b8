//! The tree over the entries, as RFC 6962 (section 2.1) and RFC 9162 have it.
//!
//! ```text
//! leaf(n)    = SHA-256( 0 ‖ canonical bytes of entry n )
//! node(l, r) = SHA-256( 1 ‖ l ‖ r )
//! root(n)    = the left of it as full as it goes: a power of two of leaves
//! ```
//!
//! Nodes of proofs are numbered as `ct-merkle` does it: leaf n is 2n, and the number of trailing ones is the height.

use sha2::{Digest as _, Sha256};

pub(crate) type Hash = [u8; 32];

/// Bytes of a hash.
const HASH: usize = 32;
/// Hashes of a tile are two to the power of this.
pub(crate) const TILE_HEIGHT: u32 = 8;
/// Hashes of a tile.
pub(crate) const TILE: u64 = 1 << TILE_HEIGHT;

/// What an entry is to those who hash it: lengths go in too, so that no two entries share their bytes.
pub(crate) fn canonical(seq: i64, at_us: i64, parts: [&str; 4]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(256);
    bytes.extend(seq.to_be_bytes());
    bytes.extend(at_us.to_be_bytes());
    for part in parts {
        bytes.extend((part.len() as u64).to_be_bytes());
        bytes.extend(part.as_bytes());
    }
    bytes
}

/// The chain up to an entry.
pub(crate) fn chained(before: &[u8], canonical: &[u8]) -> Hash {
    Sha256::new().chain_update(before).chain_update(canonical).finalize().into()
}

pub(crate) fn leaf(canonical: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(canonical).finalize().into()
}

pub(crate) fn node(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// The root of full trees side by side, the largest first; of none, the hash of nothing.
pub(crate) fn folded(roots: &[Hash]) -> Hash {
    let together = roots.iter().rev().copied().reduce(|right, left| node(&left, &right));
    together.unwrap_or_else(|| Sha256::digest([]).into())
}

/// Hashes written one after the other.
pub(crate) fn split(bytes: &[u8]) -> Option<Vec<Hash>> {
    let (hashes, rest) = bytes.as_chunks::<HASH>();
    rest.is_empty().then(|| hashes.to_vec())
}

/// The full trees that so many leaves make, the largest first: as many as their number has ones.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Peaks {
    pub(crate) leaves: u64,
    roots: Vec<Hash>,
}

impl Peaks {
    /// As they were written; none where they are not those of so many leaves.
    pub(crate) fn read(leaves: u64, bytes: &[u8]) -> Option<Self> {
        let roots = split(bytes)?;
        (roots.len() == leaves.count_ones() as usize).then_some(Self { leaves, roots })
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.roots.concat()
    }

    pub(crate) fn roots(self) -> Vec<Hash> {
        self.roots
    }

    pub(crate) fn push(&mut self, leaf: Hash) {
        let mut root = leaf;
        for _ in 0..self.leaves.trailing_ones() {
            if let Some(left) = self.roots.pop() {
                root = node(&left, &root);
            }
        }
        self.roots.push(root);
        self.leaves += 1;
    }

    pub(crate) fn root(&self) -> Hash {
        folded(&self.roots)
    }
}

/// A full tree inside the whole: how high, and how many of its height stand before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Node {
    pub(crate) height: u32,
    pub(crate) place: u64,
}

impl Node {
    /// The tile that has it or what it is made of, and where in it: level, place, from where to where.
    pub(crate) fn in_tile(self) -> (u32, u64, std::ops::Range<usize>) {
        let (level, above) = (self.height / TILE_HEIGHT, self.height % TILE_HEIGHT);
        let first = self.place << above;
        let offset = (first % TILE) as usize;
        (level, first / TILE, offset..offset + (1 << above))
    }
}

/// The full trees that make up the node of a number, in a tree of so many leaves.
pub(crate) fn full_trees(number: u64, leaves: u64) -> Vec<Node> {
    let height = number.trailing_ones();
    let from = (number >> (height + 1)) << height;
    side_by_side(from, (from + (1 << height)).min(leaves))
}

/// The full trees over some leaves, the largest first; before the first of them stands no smaller one.
pub(crate) fn side_by_side(from: u64, to: u64) -> Vec<Node> {
    let (mut from, mut trees) = (from, Vec::new());
    while from < to {
        let height = (to - from).ilog2();
        trees.push(Node { height, place: from >> height });
        from += 1 << height;
    }
    trees
}

/// The root of a power of two of hashes.
pub(crate) fn full_root(hashes: &[Hash]) -> Hash {
    if let [one] = hashes {
        return *one;
    }
    let (left, right) = hashes.split_at(hashes.len() / 2);
    node(&full_root(left), &full_root(right))
}

#[cfg(test)]
mod tests;
