//! Kinds of emitter: the built-in profiles, and over them the user's from a folder.

use std::path::Path;

use anyhow::{Context, ensure};
use cathartes_core::emitter::EmitterKind;
use cathartes_formats::profile;

/// Every kind, by its id.
pub(crate) fn kinds(folder: Option<&Path>) -> anyhow::Result<Vec<EmitterKind>> {
    let mut kinds = folder.map(own).transpose()?.unwrap_or_default();
    for kind in profile::builtin()? {
        if kinds.iter().all(|own| own.id != kind.id) {
            kinds.push(kind);
        }
    }
    kinds.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(kinds)
}

fn own(folder: &Path) -> anyhow::Result<Vec<EmitterKind>> {
    let mut kinds = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "toml") {
            let name = || path.display().to_string();
            let bytes = std::fs::read(&path).with_context(name)?;
            kinds.push(profile::parse(&bytes).with_context(name)?);
        }
    }
    ensure!(!kinds.is_empty(), "{}: holds no profile (*.toml)", folder.display());
    Ok(kinds)
}
