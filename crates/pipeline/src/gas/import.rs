//! Bringing a gas of one's own: read, convert, keep in the user's folder.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use cathartes_formats::{
    gas_import::{self, Given, Imported},
    gas_library,
};

use super::ENDING;

/// Largest file taken; the largest of the NIST database are under 1 MB.
const LARGEST: u64 = 256 << 20;

/// The user's folder: `$CATHARTES_HOME/gases`, or `~/.local/share/cathartes/gases`.
#[must_use]
pub fn default_folder() -> Option<PathBuf> {
    let home = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    home("CATHARTES_HOME")
        .map(|path| path.join("gases"))
        .or_else(|| home("HOME").map(|path| path.join(".local/share/cathartes/gases")))
}

/// Reads a file and keeps its cross-section in a folder; returns what was read and where it lies.
///
/// # Errors
///
/// When the file cannot be read or understood, or the folder not written.
pub fn import(file: &Path, given: &Given, folder: &Path) -> Result<(Imported, PathBuf)> {
    let size = std::fs::metadata(file).with_context(|| file.display().to_string())?.len();
    ensure!(size <= LARGEST, "{}: {size} bytes are too many for a cross-section", file.display());
    let bytes = std::fs::read(file).with_context(|| file.display().to_string())?;
    let made = gas_import::read(&bytes, given).with_context(|| file.display().to_string())?;
    let packed = gas_library::encode(std::slice::from_ref(&made.cross_section))?;
    // Whatever cannot be read again must not lie in the way of every later command.
    if let Err(error) = gas_library::parse(&packed) {
        bail!("{}: {error}", file.display());
    }
    std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    let path = folder.join(format!("{}.{ENDING}", made.cross_section.gas.slug));
    let beside = path.with_extension("part");
    std::fs::write(&beside, &packed)
        .and_then(|()| std::fs::rename(&beside, &path))
        .with_context(|| path.display().to_string())?;
    Ok((made, path))
}
