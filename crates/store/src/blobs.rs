//! Large files by what is in them: a folder or an S3 bucket, each file under its SHA-256.
//!
//! A blob is written before the change that names it commits, so a name always leads to a whole file;
//! one that nobody names yet does no harm and is the same file when it is written again.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use cathartes_core::provenance::{Digest, hexadecimal};
use futures_util::{Stream, StreamExt};
use object_store::{
    ObjectStore, ObjectStoreExt, PutPayload, WriteMultipart, aws::AmazonS3Builder,
    local::LocalFileSystem, path::Path as Key,
};
use sha2::{Digest as _, Sha256};
use tokio::io::AsyncReadExt;

use crate::error::StoreError;

mod reader;

pub use reader::BlobReader;

/// How much of a file is in memory at a time.
const PIECE_BYTES: usize = 8 << 20;
/// Pieces on their way to the bucket at a time.
const PIECES: usize = 4;

/// One large file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blob {
    /// What it holds.
    pub sha256: Digest,
    /// Its length.
    pub size_bytes: u64,
}

/// The place of large files.
#[derive(Debug, Clone)]
pub struct Blobs {
    store: Arc<dyn ObjectStore>,
    prefix: Key,
    /// The folder, when it is one of this machine.
    folder: Option<PathBuf>,
}

impl Blobs {
    pub(crate) fn folder(folder: &Path) -> Result<Self, StoreError> {
        std::fs::create_dir_all(folder).map_err(StoreError::disk(folder.display()))?;
        let store = LocalFileSystem::new_with_prefix(folder)?.with_fsync(true);
        Ok(Self { store: Arc::new(store), prefix: Key::default(), folder: Some(folder.to_owned()) })
    }

    /// A bucket; keys and endpoint come from the usual `AWS_…` variables.
    pub(crate) fn bucket(url: &str) -> Result<Self, StoreError> {
        let Some(rest) = url.strip_prefix("s3://") else {
            let what = format!("`{url}` is no place for blobs: write s3://BUCKET/PREFIX");
            return Err(StoreError::Refused(what));
        };
        // reqwest comes without a provider of cryptography; a second call changes nothing.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let prefix = rest.split_once('/').map_or("", |(_, prefix)| prefix);
        let store = AmazonS3Builder::from_env().with_url(url).build()?;
        Ok(Self { store: Arc::new(store), prefix: Key::from(prefix), folder: None })
    }

    /// Whether a digest is one.
    pub(crate) fn check(&self, digest: &Digest) -> Result<(), StoreError> {
        self.key(digest).map(|_| ())
    }

    pub(crate) fn local_folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    pub(crate) fn key(&self, digest: &Digest) -> Result<Key, StoreError> {
        let name = &digest.0;
        if name.len() != 64
            || !name.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
        {
            let what = format!("`{name}` is no SHA-256: 64 digits and letters a to f");
            return Err(StoreError::Refused(what));
        }
        Ok(self.prefix.clone().join(&name[..2]).join(name.as_str()))
    }

    /// Keeps some bytes.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the disk or the bucket refuses.
    pub async fn put(&self, bytes: Vec<u8>) -> Result<Blob, StoreError> {
        let sha256 = Digest(hexadecimal(&Sha256::digest(&bytes)));
        let size_bytes = bytes.len() as u64;
        self.store.put(&self.key(&sha256)?, PutPayload::from(bytes)).await?;
        Ok(Blob { sha256, size_bytes })
    }

    /// Keeps a file of any size.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the file cannot be read, changes while it is, or there is no room for it.
    pub async fn put_file(&self, file: &Path) -> Result<Blob, StoreError> {
        let blob = digest(file).await?;
        let key = self.key(&blob.sha256)?;
        if self.store.head(&key).await.is_ok_and(|known| known.size == blob.size_bytes) {
            return Ok(blob);
        }
        if blob.size_bytes <= PIECE_BYTES as u64 {
            let bytes = tokio::fs::read(file).await.map_err(StoreError::disk(file.display()))?;
            let kept = self.put(bytes).await?;
            return if kept == blob { Ok(kept) } else { Err(changing(file)) };
        }
        self.put_pieces(file, &blob, &key).await?;
        Ok(blob)
    }

    async fn put_pieces(&self, file: &Path, blob: &Blob, key: &Key) -> Result<(), StoreError> {
        let mut reader = open(file).await?;
        let mut upload =
            WriteMultipart::new_with_chunk_size(self.store.put_multipart(key).await?, PIECE_BYTES);
        let mut hash = Sha256::new();
        let mut piece = vec![0; PIECE_BYTES];
        loop {
            let read = reader.read(&mut piece).await;
            let length = match read {
                Ok(0) => break,
                Ok(length) => length,
                Err(error) => {
                    upload.abort().await?;
                    return Err(StoreError::disk(file.display())(error));
                }
            };
            upload.wait_for_capacity(PIECES).await?;
            hash.update(&piece[..length]);
            upload.write(&piece[..length]);
        }
        if hexadecimal(&hash.finalize()) != blob.sha256.0 {
            upload.abort().await?;
            return Err(changing(file));
        }
        upload.finish().await?;
        Ok(())
    }

    /// The bytes, piece by piece.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when there is no such blob.
    pub async fn read(
        &self,
        digest: &Digest,
    ) -> Result<impl Stream<Item = Result<Vec<u8>, StoreError>> + Send + use<>, StoreError> {
        let stream = self.store.get(&self.key(digest)?).await?.into_stream();
        Ok(stream.map(|piece| Ok(piece?.to_vec())))
    }

    /// All of a blob: for what is small enough to be made in memory.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when there is no such blob.
    pub async fn whole(&self, digest: &Digest) -> Result<Vec<u8>, StoreError> {
        Ok(self.store.get(&self.key(digest)?).await?.bytes().await?.into())
    }

    /// A blob that a decoder reads here and there. It waits while it reads: for a thread that may.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when there is no such blob.
    pub async fn reader(&self, digest: &Digest) -> Result<BlobReader, StoreError> {
        let key = self.key(digest)?;
        let size_bytes = self.store.head(&key).await?.size;
        Ok(BlobReader::new(Arc::clone(&self.store), key, size_bytes))
    }

    /// Lays a blob at a path of this machine: a link where blobs are in a folder, else a copy.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when there is no such blob or the disk refuses.
    pub async fn lay(&self, digest: &Digest, at: &Path) -> Result<(), StoreError> {
        let shown = || at.display().to_string();
        if let Some(folder) = &self.folder {
            let key = self.key(digest)?;
            let file = std::path::absolute(folder.join(key.as_ref()))
                .map_err(StoreError::disk(shown()))?;
            tokio::fs::metadata(&file).await.map_err(StoreError::disk(file.display()))?;
            return tokio::fs::symlink(&file, at).await.map_err(StoreError::disk(shown()));
        }
        self.copy(digest, at).await
    }

    /// Copies a blob to a new file.
    pub(crate) async fn copy(&self, digest: &Digest, to: &Path) -> Result<(), StoreError> {
        let mut stream = self.read(digest).await?;
        let mut file =
            tokio::fs::File::create_new(to).await.map_err(StoreError::disk(to.display()))?;
        while let Some(piece) = stream.next().await {
            tokio::io::AsyncWriteExt::write_all(&mut file, &piece?)
                .await
                .map_err(StoreError::disk(to.display()))?;
        }
        file.sync_all().await.map_err(StoreError::disk(to.display()))
    }

    /// Reads a blob whole and says what it really holds.
    pub(crate) async fn measured(&self, digest: &Digest) -> Result<Blob, StoreError> {
        let mut stream = self.read(digest).await?;
        let (mut hash, mut size_bytes) = (Sha256::new(), 0);
        while let Some(piece) = stream.next().await {
            let piece = piece?;
            hash.update(&piece);
            size_bytes += piece.len() as u64;
        }
        Ok(Blob { sha256: Digest(hexadecimal(&hash.finalize())), size_bytes })
    }
}

fn changing(file: &Path) -> StoreError {
    let file = file.display();
    StoreError::Refused(format!("{file} changes while it is read: wait until it is whole"))
}

async fn open(file: &Path) -> Result<tokio::fs::File, StoreError> {
    tokio::fs::File::open(file).await.map_err(StoreError::disk(file.display()))
}

/// SHA-256 and length of a file.
pub(crate) async fn digest(file: &Path) -> Result<Blob, StoreError> {
    let mut reader = open(file).await?;
    let (mut hash, mut size_bytes) = (Sha256::new(), 0);
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        let length = reader.read(&mut piece).await.map_err(StoreError::disk(file.display()))?;
        if length == 0 {
            break;
        }
        hash.update(&piece[..length]);
        size_bytes += length as u64;
    }
    Ok(Blob { sha256: Digest(hexadecimal(&hash.finalize())), size_bytes })
}

/// The SHA-256 of bytes.
#[must_use]
pub fn digest_of(bytes: &[u8]) -> Digest {
    Digest(hexadecimal(&Sha256::digest(bytes)))
}
