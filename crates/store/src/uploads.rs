//! Files on their way in: piece by piece, resumable after any loss, checked when they are whole.
//!
//! What the record says has arrived is on the disk. A piece that was cut off leaves more in the file
//! than the record knows; the next piece overwrites it.

use std::{io::SeekFrom, path::PathBuf};

use cathartes_core::provenance::Digest;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::io::{AsyncSeekExt, AsyncWriteExt};
use uuid::Uuid;

use crate::{
    Store,
    audit::{Actor, Entry},
    blobs::{self, Blob},
    database::{Row, sql},
    error::StoreError,
    scenes, time,
};

/// How far an upload is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UploadState {
    /// Bytes are missing.
    Open,
    /// It is whole and kept.
    Done,
    /// It was whole and not what it should be.
    Refused,
}

/// A file on its way in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upload {
    /// Its id.
    pub id: Uuid,
    /// Its name, without a folder.
    pub name: String,
    /// What it must hold.
    pub sha256: Digest,
    /// Its length.
    pub size_bytes: u64,
    /// How much of it is on the disk.
    pub received_bytes: u64,
    /// How far it is.
    pub state: UploadState,
    /// When it was announced.
    pub created: Timestamp,
}

/// Longest name of a file.
const LONGEST_NAME: usize = 200;

/// Whether a name can be that of a file in a folder of ours.
pub(crate) fn check_name(name: &str) -> Result<(), StoreError> {
    let odd = |c: char| c == '/' || c == '\\' || c.is_control();
    if name.is_empty() || name.len() > LONGEST_NAME || name.starts_with('.') || name.contains(odd) {
        return Err(StoreError::Refused(format!(
            "`{}` is no file name here: 1 to {LONGEST_NAME} bytes, no slash, no dot at the start",
            name.escape_debug()
        )));
    }
    Ok(())
}

impl Store {
    /// Announces a file. When its bytes are here already it is done at once.
    ///
    /// # Errors
    ///
    /// [`StoreError::Refused`] for a name or digest that is none.
    pub async fn begin_upload(
        &self,
        actor: &Actor,
        name: &str,
        blob: &Blob,
    ) -> Result<Upload, StoreError> {
        check_name(name)?;
        self.blobs.check(&blob.sha256)?;
        let size = i64::try_from(blob.size_bytes);
        let size = size.map_err(|_| StoreError::Refused("no file is that long".to_owned()))?;
        let mut change = self.change(actor).await?;
        let known = "SELECT 1 FROM blob WHERE sha256 = $1 AND size_bytes = $2";
        let args = [blob.sha256.0.clone().into(), size.into()];
        let known = change.row(sql(known, args)).await?.is_some();
        let (id, at) = (Uuid::now_v7(), change.at_us);
        let (state, received) = if known { ("done", size) } else { ("open", 0) };
        let text = "INSERT INTO upload (id, name, sha256, size_bytes, received_bytes, state, account, \
                    created_us) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let by = change.actor().to_owned();
        let args = [
            id.into(),
            name.into(),
            blob.sha256.0.clone().into(),
            size.into(),
            received.into(),
            state.into(),
            by.into(),
            at.into(),
        ];
        change.run(sql(text, args)).await?;
        let detail = json!({ "name": name, "sha256": blob.sha256, "size_bytes": size });
        change.commit(Entry::new("upload.begun", id, detail)).await?;
        self.upload(id).await
    }

    /// How far an upload is.
    ///
    /// # Errors
    ///
    /// [`StoreError::Absent`] when there is none of this id.
    pub async fn upload(&self, id: Uuid) -> Result<Upload, StoreError> {
        let text = "SELECT id, name, sha256, size_bytes, received_bytes, state, created_us \
                    FROM upload WHERE id = $1";
        let row = self.pool.row(sql(text, [id.into()])).await?;
        read(&row.ok_or(StoreError::Absent { what: "upload", id: id.to_string() })?)
    }

    /// Takes the next piece of a file; the last one has it checked and kept.
    ///
    /// # Errors
    ///
    /// [`StoreError::Conflict`] when the piece does not begin where the last one ended;
    /// [`StoreError::Refused`] when the whole file is not what was announced.
    pub async fn receive(
        &self,
        actor: &Actor,
        id: Uuid,
        offset_bytes: u64,
        piece: &[u8],
    ) -> Result<Upload, StoreError> {
        expect(&self.upload(id).await?, offset_bytes)?;
        // Held until the record knows of the piece: two senders of one would undo each other. What
        // was true before it was held need not be true any more.
        let lock = self.locked(id).await?;
        let upload = self.upload(id).await?;
        if upload.state != UploadState::Open {
            // Another sender ended it meanwhile: then the file is a new and empty one.
            self.forget(id).await?;
        }
        expect(&upload, offset_bytes)?;
        self.expect_here(&lock, &upload)?;
        let end_bytes = offset_bytes + piece.len() as u64;
        if end_bytes > upload.size_bytes {
            let (size, end) = (upload.size_bytes, end_bytes);
            let what = format!("the piece ends at byte {end}, the file at {size}");
            return Err(StoreError::Refused(what));
        }
        self.write_piece(&lock, &upload, piece).await?;
        let text = "UPDATE upload SET received_bytes = $3 \
                    WHERE id = $1 AND received_bytes = $2 AND state = 'open'";
        let mut change = self.change(actor).await?;
        let args = [id.into(), (offset_bytes as i64).into(), (end_bytes as i64).into()];
        if change.run(sql(text, args)).await? == 0 {
            return Err(elsewhere(id));
        }
        let detail = json!({ "received_bytes": end_bytes });
        change.commit(Entry::new("upload.received", id, detail)).await?;
        if end_bytes == upload.size_bytes {
            self.keep(actor, &upload).await
        } else {
            self.upload(id).await
        }
    }

    /// Keeps a whole file, or says that it is another one.
    async fn keep(&self, actor: &Actor, upload: &Upload) -> Result<Upload, StoreError> {
        let file = self.incoming_file(upload.id);
        let found = blobs::digest(&file).await?;
        let right = found.sha256 == upload.sha256;
        if right {
            self.blobs.put_file(&file).await?;
        }
        let mut change = self.change(actor).await?;
        if right {
            scenes::insert_blob(&mut change, &found).await?;
        }
        let state = if right { "done" } else { "refused" };
        let text = "UPDATE upload SET state = $2 WHERE id = $1 AND state = 'open'";
        change.run(sql(text, [upload.id.into(), state.into()])).await?;
        let action = if right { "upload.done" } else { "upload.refused" };
        change.commit(Entry::new(action, upload.id, json!({ "sha256": found.sha256 }))).await?;
        self.forget(upload.id).await?;
        if right {
            return self.upload(upload.id).await;
        }
        Err(StoreError::Refused(format!(
            "`{}` arrived as {}, announced was {}: send it again as a new upload",
            upload.name, found.sha256.0, upload.sha256.0
        )))
    }

    /// The file of an upload, which nobody else writes while this is held.
    async fn locked(&self, id: Uuid) -> Result<std::fs::File, StoreError> {
        let path = self.incoming_file(id);
        let mut options = tokio::fs::OpenOptions::new();
        let file = options.write(true).create(true).truncate(false).open(&path).await;
        let file = file.map_err(StoreError::disk(path.display()))?.into_std().await;
        if file.try_lock().is_err() {
            let (what, id) = ("upload", id.to_string());
            return Err(StoreError::Conflict { what, id, state: "is being written by another" });
        }
        Ok(file)
    }

    async fn forget(&self, id: Uuid) -> Result<(), StoreError> {
        let file = self.incoming_file(id);
        match tokio::fs::remove_file(&file).await {
            // Another sender was faster.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
            gone => gone.map_err(StoreError::disk(file.display())),
        }
    }

    /// Whether what the record says has arrived lies in this folder: several servers may share a record.
    fn expect_here(&self, file: &std::fs::File, upload: &Upload) -> Result<(), StoreError> {
        let shown = || self.incoming_file(upload.id).display().to_string();
        let here_bytes = file.metadata().map_err(StoreError::disk(shown()))?.len();
        if here_bytes >= upload.received_bytes {
            return Ok(());
        }
        let (what, id) = ("upload", upload.id.to_string());
        let state = "began on another server: send its pieces there, or begin it again here";
        Err(StoreError::Conflict { what, id, state })
    }

    async fn write_piece(
        &self,
        lock: &std::fs::File,
        upload: &Upload,
        piece: &[u8],
    ) -> Result<(), StoreError> {
        let shown = self.incoming_file(upload.id).display().to_string();
        let write = async {
            let mut file = tokio::fs::File::from_std(lock.try_clone()?);
            file.set_len(upload.received_bytes).await?;
            file.seek(SeekFrom::Start(upload.received_bytes)).await?;
            file.write_all(piece).await?;
            file.sync_all().await
        };
        write.await.map_err(StoreError::disk(shown))
    }

    /// Keeps a file of this machine.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when it cannot be read or kept.
    pub async fn import_file(
        &self,
        actor: &Actor,
        file: &std::path::Path,
    ) -> Result<Blob, StoreError> {
        let blob = self.blobs.put_file(file).await?;
        let mut change = self.change(actor).await?;
        let known = sql("SELECT 1 FROM blob WHERE sha256 = $1", [blob.sha256.0.clone().into()]);
        if change.row(known).await?.is_none() {
            scenes::insert_blob(&mut change, &blob).await?;
            let detail = json!({ "file": file.file_name().map(|n| n.to_string_lossy()) });
            change.commit(Entry::new("blob.kept", &blob.sha256.0, detail)).await?;
        }
        Ok(blob)
    }

    fn incoming_file(&self, id: Uuid) -> PathBuf {
        self.incoming.join(id.to_string())
    }
}

fn expect(upload: &Upload, offset_bytes: u64) -> Result<(), StoreError> {
    let (what, id) = ("upload", upload.id.to_string());
    match upload.state {
        UploadState::Open if upload.received_bytes == offset_bytes => Ok(()),
        UploadState::Open => Err(elsewhere(upload.id)),
        UploadState::Done => Err(StoreError::Conflict { what, id, state: "is whole already" }),
        UploadState::Refused => Err(StoreError::Conflict { what, id, state: "was refused" }),
    }
}

fn elsewhere(id: Uuid) -> StoreError {
    let (what, id) = ("upload", id.to_string());
    StoreError::Conflict { what, id, state: "goes on at another byte" }
}

fn read(row: &Row) -> Result<Upload, StoreError> {
    let state = row.text(5)?;
    Ok(Upload {
        id: row.id(0)?,
        name: row.text(1)?,
        sha256: Digest(row.text(2)?),
        size_bytes: row.int(3)? as u64,
        received_bytes: row.int(4)? as u64,
        state: match state.as_str() {
            "open" => UploadState::Open,
            "done" => UploadState::Done,
            _ => UploadState::Refused,
        },
        created: time::from_us(row.int(6)?)?,
    })
}
