//! A map for the background, which lies in a file beside the record and is read a stretch at a time.

use std::{ops::Range, path::Path, sync::Arc};

use futures_util::{Stream, StreamExt};
use object_store::{
    GetOptions, GetRange, ObjectStore, ObjectStoreExt, local::LocalFileSystem, path::Path as Key,
};

use crate::StoreError;

/// The file.
#[derive(Debug, Clone)]
pub struct MapFile {
    folder: Arc<LocalFileSystem>,
    key: Key,
}

impl MapFile {
    /// A file, which must be there.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when it is not.
    pub fn new(file: &Path) -> Result<Self, StoreError> {
        let whole = std::fs::canonicalize(file).map_err(StoreError::disk(file.display()))?;
        let key = Key::from_absolute_path(&whole).map_err(object_store::Error::from)?;
        Ok(Self { folder: Arc::new(LocalFileSystem::new()), key })
    }

    /// How long it is, and a mark that changes with it.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when it is not there any more.
    pub async fn size_bytes_and_tag(&self) -> Result<(u64, String), StoreError> {
        let about = self.folder.head(&self.key).await?;
        let changed_us = about.last_modified.timestamp_micros();
        Ok((about.size, format!("\"{:x}-{changed_us:x}\"", about.size)))
    }

    /// A stretch of its bytes, piece by piece.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when it is not there any more.
    pub async fn read(
        &self,
        range_bytes: Range<u64>,
    ) -> Result<impl Stream<Item = Result<Vec<u8>, StoreError>> + Send + use<>, StoreError> {
        let range = Some(GetRange::Bounded(range_bytes));
        let options = GetOptions { range, ..GetOptions::default() };
        let stream = self.folder.get_opts(&self.key, options).await?.into_stream();
        Ok(stream.map(|piece| Ok(piece?.to_vec())))
    }
}
