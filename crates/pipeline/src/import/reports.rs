//! Reports of other sources and registers of licensed emitters come into the record. Files themselves are not
//! kept: what they say is, and they may hold what this system refuses to hold.

use std::{fs, path::Path};

use anyhow::{Context, bail};
use cathartes_core::provenance::Digest;
use cathartes_formats::{
    licensed_emitters,
    observations::{self, Fault, Mapping, at_door},
};
use cathartes_store::{Actor, Store, TakenFrom, digest_of};

/// What became of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Brought {
    /// Rows that are in the record now and were not before.
    pub new: u64,
    /// Rows that were there already.
    pub known: u64,
    /// Rows left out.
    pub left_out: u64,
    /// Why, the first of them.
    pub faults: Vec<Fault>,
}

/// Brings a file of reports, in any format that is read; a mapping says what it calls things. The same file again
/// brings nothing.
///
/// # Errors
///
/// When a file cannot be read as a whole, or the record refuses.
pub async fn reports(
    store: &Store,
    actor: &Actor,
    file: &Path,
    mapping: Option<&Path>,
) -> anyhow::Result<Brought> {
    let name = || file.display().to_string();
    let (bytes, sha256) = held(file)?;
    let read = observations::read(&bytes, &mapped(mapping)?);
    let refused = match &read {
        Ok(read) => read.faults.iter().map(|fault| fault.what.clone()).find(|what| at_door(what)),
        Err(error) => Some(error.to_string()).filter(|what| at_door(what)),
    };
    if let Some(why) = refused {
        store.note_refusal(actor, &name(), &why).await?;
    }
    let read = read.with_context(name)?;
    let one = |read: observations::Read| {
        (read.observation, TakenFrom::File { sha256: sha256.clone(), row: read.row })
    };
    let said: Vec<_> = read.observations.into_iter().map(one).collect();
    let added = store.add_observations(actor, &said).await?;
    let (new, known) = (added.new.len() as u64, added.known);
    Ok(Brought { new, known, left_out: read.left_out, faults: read.faults })
}

/// Brings a register, which stands in the place of the last as a whole.
///
/// # Errors
///
/// When a file cannot be read as a whole or holds no emitter, or the record refuses.
pub async fn register(
    store: &Store,
    actor: &Actor,
    file: &Path,
    mapping: Option<&Path>,
) -> anyhow::Result<Brought> {
    let name = || file.display().to_string();
    let (bytes, sha256) = held(file)?;
    let read = licensed_emitters::read(&bytes, &mapped(mapping)?).with_context(name)?;
    let all = read.emitters.len() as u64;
    if let (0, Some(fault)) = (all, read.faults.first()) {
        bail!("{}: none of its rows can be: {fault}", name());
    }
    let replaced = store.replace_register(actor, &read.emitters, &sha256).await?;
    let (new, known) = if replaced { (all, 0) } else { (0, all) };
    Ok(Brought { new, known, left_out: read.left_out, faults: read.faults })
}

fn held(file: &Path) -> anyhow::Result<(Vec<u8>, Digest)> {
    let bytes = fs::read(file).with_context(|| file.display().to_string())?;
    let sha256 = digest_of(&bytes);
    Ok((bytes, sha256))
}

fn mapped(file: Option<&Path>) -> anyhow::Result<Mapping> {
    let Some(file) = file else { return Ok(Mapping::default()) };
    let name = || file.display().to_string();
    Mapping::parse(&fs::read(file).with_context(name)?).with_context(name)
}
