//! A blob that is read here and there, a block at a time.

use std::{
    io::{self, Read, Seek, SeekFrom},
    sync::Arc,
};

use object_store::{ObjectStore, ObjectStoreExt, path::Path as Key};
use tokio::runtime::Handle;

/// What is fetched at once: a tile of a map, more or less.
const BLOCK_BYTES: u64 = 256 << 10;

/// Reads a blob wherever a decoder looks. The block at the beginning, where directories are, is kept.
#[derive(Debug)]
pub struct BlobReader {
    store: Arc<dyn ObjectStore>,
    key: Key,
    size_bytes: u64,
    at: u64,
    head: Vec<u8>,
    /// Some other block, and where it begins.
    block: (u64, Vec<u8>),
    runtime: Handle,
}

impl BlobReader {
    pub(super) fn new(store: Arc<dyn ObjectStore>, key: Key, size_bytes: u64) -> Self {
        let (head, block, runtime) = (Vec::new(), (0, Vec::new()), Handle::current());
        Self { store, key, size_bytes, at: 0, head, block, runtime }
    }

    fn fetched(&self, from: u64) -> io::Result<Vec<u8>> {
        let range = from..self.size_bytes.min(from + BLOCK_BYTES);
        let bytes = self.runtime.block_on(self.store.get_range(&self.key, range));
        Ok(bytes.map_err(io::Error::other)?.to_vec())
    }

    /// What of the block in hand lies at `at` and behind it.
    fn here(&self) -> &[u8] {
        let (from, bytes) =
            if self.at < BLOCK_BYTES { (0, &self.head) } else { (self.block.0, &self.block.1) };
        let skip = self.at.checked_sub(from).map(usize::try_from);
        skip.and_then(Result::ok).and_then(|skip| bytes.get(skip..)).unwrap_or(&[])
    }
}

impl Read for BlobReader {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.size_bytes {
            return Ok(0);
        }
        if self.here().is_empty() {
            if self.at < BLOCK_BYTES {
                self.head = self.fetched(0)?;
            } else {
                self.block = (self.at, self.fetched(self.at)?);
            }
        }
        let count = self.here().read(out)?;
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for BlobReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.size_bytes.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        let before = || io::Error::new(io::ErrorKind::InvalidInput, "a place before the file");
        self.at = at.ok_or_else(before)?;
        Ok(self.at)
    }
}
