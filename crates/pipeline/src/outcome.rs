//! The folder results go to: complete, or not there at all.

use std::{
    ffi::OsStr,
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};

/// A folder beside the target that becomes the target at the end, and disappears when it does not
/// come to that.
#[derive(Debug)]
pub(crate) struct Outcome {
    beside: PathBuf,
    target: PathBuf,
    /// The target as the user named it.
    named: PathBuf,
}

impl Outcome {
    /// Prepares to fill `target`.
    ///
    /// # Errors
    ///
    /// When there are results already and `force` is not given, or the disk refuses.
    pub(crate) fn begin(target: &Path, force: bool) -> anyhow::Result<Self> {
        if target.exists() && !target.is_dir() {
            bail!("{} is a file; name a folder by --out", target.display());
        }
        let older = ours(target)?;
        if let (Some(file), false) = (older.first(), force) {
            let file = file.display();
            bail!(
                "{file} is there from an earlier search: give --force to replace it, or another --out"
            );
        }
        let absolute = std::path::absolute(target)?;
        let name = absolute.file_name().unwrap_or(OsStr::new("out")).to_string_lossy().into_owned();
        let near = absolute.ancestors().skip(1).find(|folder| folder.is_dir());
        let near = near.with_context(|| format!("no folder to put {} in", target.display()))?;
        let beside = near.join(format!(".{name}.{}.partial", std::process::id()));
        fs::create_dir(&beside).with_context(|| format!("{}", beside.display()))?;
        Ok(Self { beside, target: absolute, named: target.to_owned() })
    }

    /// Where to write meanwhile.
    #[must_use]
    pub(crate) fn folder(&self) -> &Path {
        &self.beside
    }

    /// Puts everything in its place, takes away what an earlier search left there, and says where
    /// that is.
    ///
    /// # Errors
    ///
    /// When the disk refuses.
    pub(crate) fn finish(self) -> anyhow::Result<PathBuf> {
        let place = || -> io::Result<()> {
            if !self.target.exists() {
                if let Some(parent) = self.target.parent() {
                    fs::create_dir_all(parent)?;
                }
                return fs::rename(&self.beside, &self.target);
            }
            for file in ours(&self.target)? {
                fs::remove_file(file)?;
            }
            for entry in fs::read_dir(&self.beside)? {
                let entry = entry?;
                fs::rename(entry.path(), self.target.join(entry.file_name()))?;
            }
            fs::remove_dir(&self.beside)
        };
        place().with_context(|| format!("{}", self.target.display()))?;
        Ok(self.named.clone())
    }
}

impl Drop for Outcome {
    fn drop(&mut self) {
        // Not there any more when all went well; when not, there is nobody left to tell.
        let _ = fs::remove_dir_all(&self.beside);
    }
}

/// Files in a folder that a search writes, by name.
fn ours(folder: &Path) -> io::Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if is_ours(&entry.file_name().to_string_lossy()) {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

fn is_ours(name: &str) -> bool {
    let between = |start: &str, end: &str| {
        name.strip_prefix(start).and_then(|rest| rest.strip_suffix(end)).is_some()
    };
    ["plumes.geojson", "report.json", "timings.json"].contains(&name)
        || between("enhancement.", ".tif")
        || between("quicklook", ".png")
        || between("plume-", ".png")
}

#[cfg(test)]
mod tests;
