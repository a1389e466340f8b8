//! The folder results go to: complete, or not there at all.
//!
//! Results are written into a hidden folder beside their place, `.NAME.partial`, and put in their
//! place at the end. The hidden folder is locked while it is filled, so that two searches for the
//! same place cannot mix; one that a search left when it was killed has no lock any more, and the
//! next search takes it over. When the program is stopped from outside, [`abandon`] takes it away.

use std::{
    ffi::OsStr,
    fs::{self, File, TryLockError},
    io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use anyhow::{Context, anyhow, bail};

/// Endings of what is written for those who fly.
const PLANNED: [&str; 7] =
    [".plan", ".waypoints", ".kml", ".gpx", ".geojson", ".brief.en.pdf", ".brief.es.pdf"];
/// What is being written at the moment.
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());
/// Tries to take away a folder into which others still write.
const TRIES: usize = 20;

/// Takes away everything that is half-written, because the program is being stopped.
pub fn abandon() {
    let unfinished = UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner);
    for path in unfinished.iter() {
        let gone = |_: &usize| {
            let _ = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
            !path.exists()
        };
        (0..TRIES).find(gone);
    }
}

/// A path that [`abandon`] takes away, as long as this lives.
#[derive(Debug)]
pub(crate) struct Unfinished(PathBuf);

impl Unfinished {
    pub(crate) fn new(path: PathBuf) -> Self {
        UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner).push(path.clone());
        Self(path)
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        let mut all = UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|path| *path != self.0);
    }
}

/// A folder beside the target that becomes the target at the end, and disappears when it does not
/// come to that.
#[derive(Debug)]
pub(crate) struct Outcome {
    beside: Unfinished,
    target: PathBuf,
    /// The target as the user named it.
    named: PathBuf,
    /// Held until the end.
    _lock: File,
    placed: bool,
}

impl Outcome {
    /// Prepares to fill `target`.
    ///
    /// # Errors
    ///
    /// When there are results already and `force` is not given, another search is filling it, or
    /// the disk refuses.
    pub(crate) fn begin(target: &Path, force: bool) -> anyhow::Result<Self> {
        if target.exists() && !target.is_dir() {
            bail!("{} is a file; name a folder by --out", target.display());
        }
        let older = ours(target).with_context(|| format!("{}", target.display()))?;
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
        let beside = near.join(format!(".{name}.partial"));
        let lock = claim(&beside, target)?;
        let beside = Unfinished::new(beside);
        Ok(Self { beside, target: absolute, named: target.to_owned(), _lock: lock, placed: false })
    }

    /// Where to write meanwhile.
    #[must_use]
    pub(crate) fn folder(&self) -> &Path {
        &self.beside.0
    }

    /// Puts everything in its place, takes away what an earlier search left there, and says where
    /// that is.
    ///
    /// # Errors
    ///
    /// When the disk refuses.
    pub(crate) fn finish(mut self) -> anyhow::Result<PathBuf> {
        let place = || -> io::Result<()> {
            if !self.target.exists() {
                if let Some(parent) = self.target.parent() {
                    fs::create_dir_all(parent)?;
                }
                return fs::rename(&self.beside.0, &self.target);
            }
            for file in ours(&self.target)? {
                fs::remove_file(file)?;
            }
            for entry in fs::read_dir(&self.beside.0)? {
                let entry = entry?;
                fs::rename(entry.path(), self.target.join(entry.file_name()))?;
            }
            fs::remove_dir(&self.beside.0)
        };
        place().with_context(|| format!("{}", self.target.display()))?;
        self.placed = true;
        Ok(self.named.clone())
    }
}

impl Drop for Outcome {
    fn drop(&mut self) {
        if !self.placed {
            // When this fails there is nobody left to tell.
            let _ = fs::remove_dir_all(&self.beside.0);
        }
    }
}

/// Makes the hidden folder and locks it; what a killed search left in it is taken away.
fn claim(beside: &Path, target: &Path) -> anyhow::Result<File> {
    let taken = || {
        anyhow!(
            "{} is being filled by another search at this moment: wait for it, or name another \
             folder by --out",
            target.display()
        )
    };
    let refused = |error: io::Error| {
        anyhow!(
            "{} cannot be made here ({error}): change the permissions of its folder, or name \
             another by --out",
            target.display()
        )
    };
    match fs::create_dir(beside) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(refused(error)),
        _ => {}
    }
    let folder = File::open(beside).map_err(refused)?;
    match folder.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(taken()),
        Err(TryLockError::Error(error)) => return Err(refused(error)),
    }
    // The folder we have locked may have become somebody's results in between.
    let same = fs::metadata(beside).and_then(|now| Ok(now.ino() == folder.metadata()?.ino()));
    if !same.unwrap_or(false) {
        return Err(taken());
    }
    for file in ours(beside)? {
        fs::remove_file(file)?;
    }
    Ok(folder)
}

/// What went wrong, with the scene, and with what to do where the system only said what happened.
pub(crate) fn explained(error: anyhow::Error, scene: &Path, target: &Path) -> anyhow::Error {
    use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    let mut causes = error.chain().filter_map(|cause| cause.downcast_ref::<io::Error>());
    if causes.any(|cause| matches!(cause.kind(), FileTooLarge | QuotaExceeded | StorageFull)) {
        let (scene, target) = (scene.display(), target.display());
        return anyhow!(
            "{scene}: no space is left for the results in {target}: free some there, or name a \
             folder on another disk by --out"
        );
    }
    let scene = scene.display().to_string();
    if error.to_string().starts_with(&scene) { error } else { error.context(scene) }
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
        || ["sources.json", "sources.geojson", "map.png", "fit.png", "chains.png"].contains(&name)
        || ["statement.json", "searched.geojson", "plans.json"].contains(&name)
        || PLANNED.iter().any(|ending| name.ends_with(ending))
        || between("statement.", ".pdf")
        || between("statement.", ".csv")
        || name.ends_with("track.json")
        || name.ends_with("certificate.json")
        || between("enhancement.", ".tif")
        || between("significance.", ".tif")
        || between("quicklook", ".png")
        || between("plume-", ".png")
        || between("plume-", ".spectrum.json")
}

#[cfg(test)]
mod tests;
