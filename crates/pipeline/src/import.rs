//! A folder becomes jobs: every image in it a search, every trace a location of sources.
//!
//! Images are told by what is in them. A trace is a folder that holds readings (`readings.csv`) and
//! winds (`wind.csv`), and `site.toml` when anything is known of the site. What is neither is left
//! where it is and named at the end. The same folder again asks for nothing twice.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, ensure};
use cathartes_formats::{Auxiliary, open};
use cathartes_store::{Actor, SceneFile, Store, Work};

pub use jiff::Timestamp;

mod flights;
mod reports;

pub use flights::{BroughtFlight, bring_authority, bring_flight};
pub use reports::{Brought, register, reports};

const READINGS: &str = "readings.csv";
const WIND: &str = "wind.csv";
const SITE: &str = "site.toml";
/// Images of fewer bands are maps, masks and truths that lie beside a scene: nothing can be searched in
/// them.
const FEWEST_BANDS: usize = 8;
/// Deeper folders are somebody's mistake, or a loop of links.
const DEEPEST: usize = 8;

/// How to search what is found.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Names of gases.
    pub gases: Vec<String>,
    /// Wind, as `cathartes detect --wind` takes it; not a file.
    pub wind: Option<String>,
    /// Start of the acquisition of images that do not say.
    pub time: Option<Timestamp>,
    /// Seed of every number drawn.
    pub seed: u64,
}

/// What became of a folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Imported {
    /// What was asked for: the file or folder, and the id of its job.
    pub jobs: Vec<(PathBuf, String)>,
    /// Files that are neither image nor trace.
    pub left: Vec<PathBuf>,
}

/// Keeps the files of a folder and asks for its jobs.
///
/// # Errors
///
/// When the folder cannot be read or the record refuses; what was asked for until then stays.
pub async fn folder(
    store: &Store,
    actor: &Actor,
    folder: &Path,
    plan: &Plan,
) -> anyhow::Result<Imported> {
    let (top, plan_of) = (folder.to_owned(), plan.clone());
    let (finds, left) = tokio::task::spawn_blocking(move || -> anyhow::Result<_> {
        let mut finds = Vec::new();
        let mut left = Vec::new();
        look(&top, 0, &plan_of, (&mut finds, &mut left))?;
        Ok((finds, left))
    })
    .await??;
    let mut jobs = Vec::with_capacity(finds.len());
    for Find { path, files, work } in finds {
        let mut kept = Vec::with_capacity(files.len());
        for file in files {
            let blob = store.import_file(actor, &file).await?;
            kept.push(SceneFile { name: name(&file), sha256: blob.sha256 });
        }
        let id = store.enqueue(actor, &with_files(work, kept)).await?;
        jobs.push((path, id.to_string()));
    }
    Ok(Imported { jobs, left })
}

/// Something to be done, its files not kept yet.
struct Find {
    path: PathBuf,
    files: Vec<PathBuf>,
    work: Work,
}

fn look(
    folder: &Path,
    depth: usize,
    plan: &Plan,
    (finds, left): (&mut Vec<Find>, &mut Vec<PathBuf>),
) -> anyhow::Result<()> {
    ensure!(depth <= DEEPEST, "{}: more than {DEEPEST} folders deep", folder.display());
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let entries =
        entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<BTreeSet<_>>>()?;
    let mut taken: BTreeSet<PathBuf> = BTreeSet::new();
    if let Some(find) = trace(folder, plan) {
        taken.extend(find.files.iter().cloned());
        finds.push(find);
    }
    for path in entries {
        if name(&path).starts_with('.') || taken.contains(&path) {
            continue;
        }
        if path.is_dir() {
            look(&path, depth + 1, plan, (finds, left))?;
        } else if let Some(find) = image(&path, plan) {
            taken.extend(find.files.iter().cloned());
            finds.push(find);
        } else {
            left.push(path);
        }
    }
    // The header of an image may come before it in the order of names.
    left.retain(|path| !taken.contains(path));
    Ok(())
}

fn image(path: &Path, plan: &Plan) -> Option<Find> {
    let source = open(path, &Auxiliary::default()).ok()?;
    if source.info().bands.len() < FEWEST_BANDS {
        return None;
    }
    let mut files = source.files();
    if files.is_empty() {
        files.push(path.to_owned());
    }
    let Plan { gases, wind, time, seed } = plan.clone();
    let work = Work::Detect { files: Vec::new(), image: name(path), gases, wind, time, seed };
    Some(Find { path: path.to_owned(), files, work })
}

fn trace(folder: &Path, plan: &Plan) -> Option<Find> {
    let file = |name: &str| Some(folder.join(name)).filter(|path| path.is_file());
    let (readings, wind, site) = (file(READINGS)?, file(WIND)?, file(SITE));
    let work = Work::Locate {
        files: Vec::new(),
        readings: READINGS.to_owned(),
        wind: WIND.to_owned(),
        site: site.is_some().then(|| SITE.to_owned()),
        seed: plan.seed,
    };
    let files = [Some(readings), Some(wind), site].into_iter().flatten().collect();
    Some(Find { path: folder.to_owned(), files, work })
}

fn with_files(mut work: Work, kept: Vec<SceneFile>) -> Work {
    match &mut work {
        Work::Detect { files, .. } | Work::Locate { files, .. } => *files = kept,
        Work::Fold { .. } => {}
    }
    work
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests;
