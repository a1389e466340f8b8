//! Dossiers, and the keys that seal them, as files.

use std::{
    fs,
    io::{Read as _, Write as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail, ensure};
use cathartes_release::{
    dossier::{DossierError, Kind, Opened, open},
    recipient::Language,
    seal::{PublicKey, SecretKey},
    words,
};

/// No dossier is larger; what is, is not read.
const MOST_BYTES: u64 = 256 << 20;
/// Names of the two halves of a key.
const SECRET: &str = "release.key";
const PUBLIC: &str = "release.pub";

/// What a look at a dossier says.
#[derive(Debug)]
pub enum Checked {
    /// It is as it was sealed.
    Whole(Box<Opened>),
    /// It is not, and where.
    Refused(DossierError),
}

/// Holds a dossier against a public key.
///
/// # Errors
///
/// When one of the files cannot be read, or the key is none.
pub fn check(file: &Path, key: &Path) -> anyhow::Result<Checked> {
    let text = fs::read_to_string(key).with_context(|| key.display().to_string())?;
    let key = PublicKey::from_file(&text).with_context(|| key.display().to_string())?;
    let mut bytes = Vec::new();
    let opened = fs::File::open(file).with_context(|| file.display().to_string())?;
    opened
        .take(MOST_BYTES + 1)
        .read_to_end(&mut bytes)
        .with_context(|| file.display().to_string())?;
    ensure!(
        bytes.len() as u64 <= MOST_BYTES,
        "{}: larger than any dossier, {} MiB; it was not read",
        file.display(),
        MOST_BYTES >> 20
    );
    Ok(match open(&bytes, &key) {
        Ok(opened) => Checked::Whole(Box::new(opened)),
        Err(why) => Checked::Refused(why),
    })
}

/// What a dossier says, in lines of a name and what it is.
///
/// # Errors
///
/// When its content is none, though it was sealed.
pub fn said(opened: &Opened) -> anyhow::Result<Vec<[String; 2]>> {
    let manifest = &opened.manifest;
    let mut lines = vec![
        ["release".to_owned(), manifest.release.clone()],
        ["about".to_owned(), manifest.subject.clone()],
        ["to".to_owned(), format!("{} ({})", manifest.recipient.name, manifest.recipient.code)],
        ["may be handed on".to_owned(), manifest.tlp.word().to_owned()],
        ["made".to_owned(), manifest.made.to_string()],
        ["holds until".to_owned(), manifest.expires.to_string()],
        ["audit log".to_owned(), manifest.checkpoint.clone()],
        ["manifest".to_owned(), opened.digest.0.clone()],
        ["sealed as".to_owned(), opened.comment.clone()],
    ];
    if let Some(earlier) = &manifest.supersedes {
        lines.insert(1, ["takes the place of".to_owned(), earlier.clone()]);
    }
    if let (Kind::Recall, Some(recalled)) = (manifest.kind, &manifest.recalls) {
        lines.insert(1, ["recalls".to_owned(), recalled.release.clone()]);
    }
    for file in &manifest.files {
        lines.push([
            file.name.clone(),
            format!("{} bytes, SHA-256 {}", file.size_bytes, file.sha256.0),
        ]);
    }
    if let Some(content) = opened.content()? {
        let of = |(path, value)| {
            let label = words::label(Language::En, path).to_lowercase();
            [label, words::value(Language::En, path, value)]
        };
        lines.extend(content.fields.iter().map(of));
    }
    Ok(lines)
}

/// A new key of the system's random numbers, in two files that are not there yet; only who runs this may read the secret
/// one.
///
/// # Errors
///
/// When there is a key already, or the folder cannot be written.
pub fn new_key(folder: &Path) -> anyhow::Result<(PathBuf, PathBuf, PublicKey)> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).context("the system gives no random numbers")?;
    let key = SecretKey::new(&seed);
    fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    let [secret, public] = [SECRET, PUBLIC].map(|name| folder.join(name));
    for file in [&secret, &public] {
        if file.exists() {
            bail!(
                "{} is there already: name another folder, a key is never written over",
                file.display()
            );
        }
    }
    kept(folder, &secret, &key.to_file())?;
    kept(folder, &public, &key.public().to_file())?;
    Ok((secret, public, key.public()))
}

/// Written beside and renamed; nobody else may read it, until somebody says so.
fn kept(folder: &Path, file: &Path, text: &str) -> anyhow::Result<()> {
    let mut beside =
        tempfile::NamedTempFile::new_in(folder).with_context(|| folder.display().to_string())?;
    beside.write_all(text.as_bytes()).with_context(|| file.display().to_string())?;
    beside.as_file().sync_all().with_context(|| file.display().to_string())?;
    beside.persist_noclobber(file).with_context(|| file.display().to_string())?;
    Ok(())
}
