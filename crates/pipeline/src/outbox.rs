//! Messages as files, for a mail gateway or a courier to take.
//!
//! ```text
//! DIR/RECIPIENT/NAME.dossier.zip      the sealed dossier, where the message carries one; whole before the next line is there
//! DIR/RECIPIENT/NAME.json             what is said, to whom, and the digest of the dossier
//! DIR/RECIPIENT/taken/NAME.json       where whoever takes a message moves it, when it has it
//! ```
//!
//! NAME is made of the message's key, so a message that is written twice because its carrier was killed in between is one
//! file; one that lies in `taken` is not written again. Files are written beside and renamed.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::Context;
use cathartes_store::{Message, MessageKind, MessageLease, Store, StoreError};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

/// How long a message is a carrier's.
const LEASE: Duration = Duration::from_secs(120);
/// Until what could not be written is tried again.
const AGAIN: SignedDuration = SignedDuration::from_mins(5);

/// What was carried.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Carried {
    /// So many messages went out.
    pub sent: u64,
    /// So many could not, and are tried again.
    pub failed: u64,
}

/// Carries everything that is due into a folder.
///
/// # Errors
///
/// When the record does not answer. A folder that takes nothing is no error: what could not be written is tried again.
pub async fn carry(
    store: &Store,
    (folder, carrier): (&Path, &str),
    now: Timestamp,
) -> Result<Carried, StoreError> {
    let mut carried = Carried::default();
    while let Some(lease) = store.take_message(carrier, now, LEASE).await? {
        let message = &lease.message;
        match put(store, folder, message).await {
            Ok(()) => {
                sent(store, &lease, now).await?;
                carried.sent += 1;
            }
            Err(error) => {
                let why = format!("{error:#}");
                tracing::warn!(message = %message.id, why, "a message could not be carried");
                let again = now.saturating_add(AGAIN).unwrap_or(Timestamp::MAX);
                store.message_failed(&lease, (&why, again), now).await?;
                carried.failed += 1;
            }
        }
    }
    Ok(carried)
}

/// Somebody else may have carried it when this one was late: the file is the same.
async fn sent(store: &Store, lease: &MessageLease, now: Timestamp) -> Result<(), StoreError> {
    match store.message_sent(lease, now).await {
        Err(StoreError::Conflict { .. }) => Ok(()),
        other => other,
    }
}

/// Writes one message; the same again changes nothing.
///
/// # Errors
///
/// When the folder takes nothing, or the dossier cannot be read.
pub async fn put(store: &Store, folder: &Path, message: &Message) -> anyhow::Result<()> {
    let place = folder.join(plain(&message.what.recipient));
    let name = plain(&message.what.key);
    let file = place.join(format!("{name}.json"));
    if file.exists() || place.join("taken").join(format!("{name}.json")).exists() {
        return Ok(());
    }
    fs::create_dir_all(place.join("taken")).with_context(|| place.display().to_string())?;
    let dossier = match dossier_of(store, message).await? {
        Some((sha256, bytes)) => {
            let dossier = format!("{name}.dossier.zip");
            write(&place.join(&dossier), &bytes)?;
            Some(json!({ "file": dossier, "sha256": sha256 }))
        }
        None => None,
    };
    let text = json!({
        "key": message.what.key,
        "recipient": message.what.recipient,
        "kind": message.what.kind,
        "due": message.what.due,
        "body": message.what.body,
        "dossier": dossier,
    });
    write(&file, serde_json::to_string_pretty(&text)?.as_bytes())
}

/// The sealed file that a message carries: that of its release, when it is the one that tells of it, or the one that takes
/// it back.
async fn dossier_of(store: &Store, message: &Message) -> anyhow::Result<Option<(String, Vec<u8>)>> {
    use MessageKind::{Recall, Release, Supersede};
    let carries = matches!(message.what.kind, Release | Supersede | Recall);
    let Some(release) = message.what.release.filter(|_| carries) else { return Ok(None) };
    let release = store.release(release).await?.context("the release is gone")?;
    let dossier = match message.what.kind {
        Recall => release.recalled.and_then(|recall| recall.dossier),
        _ => Some(release.dossier.sha256),
    };
    let Some(sha256) = dossier else { return Ok(None) };
    let bytes = store.blobs().whole(&sha256).await?;
    Ok(Some((sha256.0, bytes)))
}

/// As the name of a file: `.` for `/`, and what names of files cannot hold by its bytes, so that no two keys share one.
fn plain(text: &str) -> String {
    let one = |byte: u8| match byte {
        b'/' => ".".to_owned(),
        b'-' | b'_' => char::from(byte).to_string(),
        byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(one).collect()
}

/// Writes beside and renames, and waits until the disk has it.
fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let beside = beside(path);
    let written = || -> io::Result<()> {
        let mut file = fs::File::create(&beside)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&beside, path)?;
        match path.parent() {
            Some(folder) => fs::File::open(folder)?.sync_all(),
            None => Ok(()),
        }
    };
    written().with_context(|| path.display().to_string())
}

fn beside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.partial"))
}

#[cfg(test)]
mod tests;
