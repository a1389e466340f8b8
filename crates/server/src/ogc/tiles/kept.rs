//! Tiles that were asked for lately: many people look at one place at one time.
//!
//! A tile is kept with the number of findings there were before it was made, and made anew once there are more.
//! Everybody who may ask for tiles sees the same in them.

use std::{fmt, sync::Arc};

use axum::body::Bytes;
use cathartes_core::map_tile::MapTile;
use quick_cache::{Weighter, sync::Cache};

use super::TileQuery;
use crate::{ogc::Collection, problem::Problem};

/// Memory for tiles: a thousand full ones.
const MOST_BYTES: u64 = 64 * 1024 * 1024;
/// What a tile is taken to weigh besides its bytes: an empty one is something, too.
const LEAST_BYTES: u64 = 512;

/// A tile as it goes out.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) bytes: Bytes,
    /// The digest of the bytes, as an `ETag` says it.
    pub(super) tag: String,
    /// Whether there was more than it took.
    pub(super) more: bool,
}

/// What a tile was made of.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) collection: Collection,
    pub(super) tile: MapTile,
    pub(super) query: TileQuery,
    /// How many there were.
    pub(super) findings: u64,
}

/// By what it was made of; the least used goes first.
pub(crate) struct KeptTiles(Cache<Key, Arc<Made>, ByBytes>);

impl KeptTiles {
    pub(crate) fn new() -> Self {
        Self(Cache::with_weighter(2_000, MOST_BYTES, ByBytes))
    }

    /// The tile that was kept, else what this makes; whoever asks for the same meanwhile waits for it.
    pub(super) async fn or_made(
        &self,
        key: &Key,
        make: impl Future<Output = Result<Made, Problem>>,
    ) -> Result<Arc<Made>, Problem> {
        self.0.get_or_insert_async(key, async { make.await.map(Arc::new) }).await
    }
}

impl fmt::Debug for KeptTiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("KeptTiles").field(&self.0.len()).finish()
    }
}

#[derive(Debug, Clone, Copy)]
struct ByBytes;

impl Weighter<Key, Arc<Made>> for ByBytes {
    fn weight(&self, _: &Key, made: &Arc<Made>) -> u64 {
        made.bytes.len() as u64 + LEAST_BYTES
    }
}

#[cfg(test)]
mod tests;
