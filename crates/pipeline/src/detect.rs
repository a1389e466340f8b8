//! Search scenes for gases: images in, a folder of maps, plumes and a report out.
//!
//! ```text
//! open → bands → signature → read → search → plumes → rates → files, renamed into place at the end
//! ```
//!
//! Every step is a function of its arguments; the same input, options and seed give the same bytes
//! in every file but `timings.json`, whatever the number of threads.

use std::{
    ops::RangeInclusive,
    panic::resume_unwind,
    path::PathBuf,
    sync::atomic::{AtomicUsize, Ordering},
};

use anyhow::{Context, ensure};

use crate::{budget::Budget, gas, outcome::explained, profiles, wind::WindSource};

pub(crate) mod bands;
mod doubt;
mod feed;
mod files;
mod follow;
mod light;
pub(crate) mod load;
mod report;
pub(crate) mod scene;
mod spectrum;
pub(crate) mod thermal;

pub use cathartes_core::{
    estimate::Estimate,
    plume::Plume,
    units::{Kelvin, Metres},
};
pub use cathartes_formats::Auxiliary;
pub use cathartes_sensing::search::Filter;
pub use follow::{Follow, follow};
pub use load::Invalid;
pub use scene::{Found, SceneResult};

pub use crate::outcome::abandon;

/// What to search, for what, and how.
#[derive(Debug, Clone)]
pub struct Job {
    /// Images, or their headers.
    pub scenes: Vec<PathBuf>,
    /// Names of gases.
    pub gases: Vec<String>,
    /// Where the results go.
    pub out: PathBuf,
    /// How to search.
    pub options: Options,
}

/// How to search; the same for all scenes.
#[derive(Debug, Clone)]
pub struct Options {
    /// Which filter.
    pub filter: Filter,
    /// The window, nm; each gas's own when absent.
    pub window_nm: Option<RangeInclusive<f64>>,
    /// Wind, when it is known.
    pub wind: Option<WindSource>,
    /// False plumes accepted in a scene, on average.
    pub false_alarms: f64,
    /// Seed of every number drawn.
    pub seed: u64,
    /// What lies beside the images.
    pub auxiliary: Auxiliary,
    /// The sun's angle from the vertical, when the user knows it.
    pub sun_zenith_deg: Option<f64>,
    /// The sensor's height above the ground; above all air when absent.
    pub height: Option<Metres>,
    /// Values that are no radiance.
    pub invalid: Invalid,
    /// Memory to use, bytes.
    pub memory_bytes: u64,
    /// Whether results of an earlier search may be replaced.
    pub force: bool,
    /// The folder of the user's own gases.
    pub gas_folder: Option<PathBuf>,
    /// What is known of the air of a thermal scene.
    pub thermal: Thermal,
}

/// What the user knows of the air over a thermal scene.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Thermal {
    /// A MODTRAN channel table of the path.
    pub air: Option<PathBuf>,
    /// Spectra of the sky from the ground (AERI): how warm the air is there.
    pub sky: Option<PathBuf>,
    /// How warm the air at the ground is.
    pub air_temperature: Option<Estimate<Kelvin>>,
    /// A folder of profiles of emitters that go before the built-in ones.
    pub profiles: Option<PathBuf>,
}

/// What happens, for whoever watches.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A scene was opened.
    Opened {
        /// Its name.
        scene: String,
        /// Rows.
        lines: usize,
        /// Columns.
        samples: usize,
        /// Channels.
        bands: usize,
    },
    /// A step of a scene began; `of` steps in all.
    Step {
        /// The scene.
        scene: String,
        /// What is being done.
        what: String,
        /// Steps done before it.
        done: usize,
        /// Steps in all.
        of: usize,
    },
    /// A plume was seen while the line is flown; its measures are not final.
    Sighted {
        /// The scene.
        scene: String,
        /// Lines flown so far.
        lines: usize,
        /// The plume, numbered as it was seen.
        plume: Box<Plume>,
    },
    /// All files of a scene are in their place.
    Done {
        /// The scene.
        scene: String,
    },
}

/// Limits the threads of everything that follows; works once, before anything else.
///
/// # Errors
///
/// When threads are at work already.
pub fn use_threads(threads: usize) -> anyhow::Result<()> {
    ensure!(threads > 0, "at least one thread is needed");
    rayon::ThreadPoolBuilder::new().num_threads(threads).build_global()?;
    Ok(())
}

/// Searches every scene. Scenes that fail leave nothing behind and do not stop the others.
///
/// # Errors
///
/// Before anything is read: when options contradict each other or a gas is unknown. After that,
/// each scene has its own result.
pub fn run(
    job: &Job,
    watch: &(dyn Fn(Event) + Sync),
) -> anyhow::Result<Vec<anyhow::Result<SceneResult>>> {
    ensure!(!job.scenes.is_empty(), "no scene was named");
    ensure!(!job.gases.is_empty(), "no gas was named; --gas ch4");
    ensure!(job.options.false_alarms > 0.0, "false alarms must be accepted at some rate above 0");
    let library = gas::library(job.options.gas_folder.as_deref())?;
    let kinds = profiles::kinds(job.options.thermal.profiles.as_deref())?;
    let (gases, every) = gas::asked_for(&job.gases, &library, &kinds)?;
    let named = names(&job.scenes)?;
    let folder = |name: &str| {
        if job.scenes.len() == 1 { job.out.clone() } else { job.out.join(name) }
    };
    let budget = Budget::new(job.options.memory_bytes);
    let one = |i: usize| {
        let (path, name) = (job.scenes[i].as_path(), named[i].as_str());
        let options = &job.options;
        let task = scene::Task {
            path,
            name,
            gases: &gases,
            every,
            kinds: &kinds,
            options,
            watch,
            budget: &budget,
        };
        let out = folder(name);
        task.run(&out).map_err(|error| explained(error, path, &out))
    };
    Ok(side_by_side(job.scenes.len(), &one))
}

/// Runs tasks on as many workers as there are threads; the results in the order of the tasks.
fn side_by_side<T: Send>(count: usize, one: &(dyn Fn(usize) -> T + Sync)) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let work = || {
        let tasks = std::iter::from_fn(|| Some(next.fetch_add(1, Ordering::Relaxed)));
        tasks.take_while(|i| *i < count).map(|i| (i, one(i))).collect::<Vec<_>>()
    };
    let mut done: Vec<(usize, T)> = std::thread::scope(|scope| {
        let workers = count.min(rayon::current_num_threads());
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        let joined = workers.into_iter().map(std::thread::ScopedJoinHandle::join);
        joined.flat_map(|done| done.unwrap_or_else(|panic| resume_unwind(panic))).collect()
    });
    done.sort_by_key(|(i, _)| *i);
    done.into_iter().map(|(_, result)| result).collect()
}

/// The scenes' names: file names without ending, which must differ.
fn names(scenes: &[PathBuf]) -> anyhow::Result<Vec<String>> {
    let mut names: Vec<String> = Vec::with_capacity(scenes.len());
    for path in scenes {
        let stem = path.file_stem().with_context(|| format!("{} is no file", path.display()))?;
        let name = stem.to_string_lossy().into_owned();
        ensure!(
            !names.contains(&name),
            "two scenes are called `{name}`: search them one by one, each with its own --out"
        );
        names.push(name);
    }
    Ok(names)
}
