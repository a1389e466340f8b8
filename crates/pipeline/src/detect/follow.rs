//! The search while the line is flown: lines as they come, first plumes at once, and at the end
//! what a search of the finished file gives, bit by bit.

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::{bail, ensure};
use cathartes_core::{
    cube::{CubeInfo, CubeSource},
    gas::CrossSection,
    plume::{PixelPlace, Plume},
    provenance::Input,
};
use cathartes_formats::{band_table, open};
use cathartes_sensing::{
    follow::{Follower, Provisional},
    plumes::{self, FindOptions, Ground},
    search::{Filter, SearchOptions},
};

use super::{
    Event, Job,
    bands::BandPlan,
    feed::{Cut, Feed, Next},
    light, scene,
    scene::SceneResult,
    thermal,
};
use crate::{
    budget::Budget,
    gas,
    outcome::{Outcome, explained},
    picture, profiles,
};

/// How long to wait before looking again whether a file has grown.
const PAUSE: Duration = Duration::from_millis(50);
/// A plume this near to one told already is the same, pixels.
const SAME_PX: f64 = 25.0;

/// How to follow.
#[derive(Debug, Clone)]
pub struct Follow {
    /// The header of a line on standard input.
    pub header: Option<PathBuf>,
    /// How long a file may stand still before the line is over.
    pub patience: Duration,
}

/// Searches one scene while it comes.
///
/// # Errors
///
/// When it cannot be followed or searched; nothing is left behind.
pub fn follow(
    job: &Job,
    follow: &Follow,
    watch: &(dyn Fn(Event) + Sync),
) -> anyhow::Result<SceneResult> {
    let [path] = job.scenes.as_slice() else { bail!("one line at a time can be followed") };
    let beside = &job.options.auxiliary;
    ensure!(
        beside.igm.is_none() && beside.glt.is_none(),
        "places of pixels are not known in flight: follow without --igm and --glt, and search the \
         finished file with them"
    );
    let library = gas::library(job.options.gas_folder.as_deref())?;
    let kinds = profiles::kinds(job.options.thermal.profiles.as_deref())?;
    let (gases, every) = gas::asked_for(&job.gases, &library, &kinds)?;
    ensure!(!every, "in flight gases are followed by name: --gas ch4");
    let outcome = Outcome::begin(&job.out, job.options.force)?;
    let bands = match &beside.wavelengths {
        Some(path) => Some(band_table::parse(&std::fs::read_to_string(path)?)?),
        None => None,
    };
    let mut feed = Feed::open(path, follow.header.as_deref(), bands.as_ref())?;
    let name = name_of(path);
    let budget = Budget::new(job.options.memory_bytes);
    let options = &job.options;
    let task = scene::Task {
        path,
        name: &name,
        gases: &gases,
        every,
        kinds: &kinds,
        options,
        watch,
        budget: &budget,
    };
    ensure!(
        !thermal::is_thermal(feed.info()),
        "a thermal line is searched when it is whole: give the finished file without --follow"
    );
    task.opened(feed.info());
    feed.keep(asked_at_the_end(&task, feed.info())?);
    let mut tracks = Tracks::begin(&task, feed.info())?;
    tracks.run(&mut feed, follow.patience)?;
    let lines = tracks.lines;
    ensure!(lines > 0, "{}: no line came", path.display());
    drop(tracks);
    finished(path, feed, lines, &task)
        .and_then(|(source, streamed)| task.finish(outcome, source.as_ref(), streamed))
        .map_err(|error| explained(error, path, &job.out))
}

/// The line as a whole: the file, when all of it came, else as much of it as did.
fn finished(
    path: &Path,
    feed: Feed,
    lines: usize,
    task: &scene::Task<'_>,
) -> anyhow::Result<(Box<dyn CubeSource>, Option<Input>)> {
    Ok(match feed {
        Feed::File { source, .. } if source.info().lines == lines => {
            drop(source);
            (open(path, &task.options.auxiliary)?, None)
        }
        Feed::File { source, .. } => (Box::new(Cut::new(*source, lines)), None),
        Feed::Pipe(pipe) => {
            let (held, input) = pipe.finish()?;
            (Box::new(held), Some(input))
        }
    })
}

/// Every band that the search of the whole line and its picture will ask for.
fn asked_at_the_end(task: &scene::Task<'_>, info: &CubeInfo) -> anyhow::Result<Vec<usize>> {
    let options = task.options;
    let mut bands = picture::ground_bands(info).to_vec();
    for gas in task.gases {
        let wide = options.filter == Filter::Auto;
        bands.extend(BandPlan::choose(info, gas, options.window_nm.as_ref(), wide)?.read());
    }
    Ok(bands)
}

fn name_of(path: &Path) -> String {
    match path.file_stem() {
        Some(stem) if path != Path::new("-") => stem.to_string_lossy().into_owned(),
        _ => "line".to_owned(),
    }
}

/// Everything searched for at once.
struct Tracks<'a> {
    task: &'a scene::Task<'a>,
    info: CubeInfo,
    gases: Vec<Track<'a>>,
    /// Bands of the image that some track reads.
    kept: Vec<usize>,
    lines: usize,
}

/// One gas.
struct Track<'a> {
    gas: &'a CrossSection,
    plan: BandPlan,
    follower: Follower,
    told: Vec<PixelPlace>,
}

impl<'a> Tracks<'a> {
    fn begin(task: &'a scene::Task<'a>, info: &CubeInfo) -> anyhow::Result<Self> {
        let options = task.options;
        let light = light::path(info, options.sun_zenith_deg, options.height);
        let mut tracks = Vec::new();
        for gas in task.gases {
            // The wider bands join when the whole line is known.
            let plan = BandPlan::choose(info, gas, options.window_nm.as_ref(), false)?;
            let signature =
                gas::signature_under_sky(gas, &plan.bands(info), light.slant, light.height)?;
            let how = SearchOptions { filter: Filter::Auto, ..SearchOptions::default() };
            let follower = Follower::new(info.samples, signature, how);
            tracks.push(Track { gas, plan, follower, told: Vec::new() });
        }
        let mut kept: Vec<usize> = tracks.iter().flat_map(|track| track.plan.read()).collect();
        kept.sort_unstable();
        kept.dedup();
        Ok(Self { task, info: info.clone(), gases: tracks, kept, lines: 0 })
    }

    /// Takes lines until the last, or until nothing came for so long.
    fn run(&mut self, feed: &mut Feed, patience: Duration) -> anyhow::Result<()> {
        let mut line = vec![0.0; self.info.samples * self.kept.len()];
        let mut came = Instant::now();
        loop {
            match feed.next(&self.kept, &mut line)? {
                Next::End => return Ok(()),
                Next::NotYet if came.elapsed() > patience => return Ok(()),
                Next::NotYet => std::thread::sleep(PAUSE),
                Next::Line => {
                    came = Instant::now();
                    self.push(&line)?;
                }
            }
        }
    }

    fn push(&mut self, line: &[f32]) -> anyhow::Result<()> {
        self.lines += 1;
        for track in &mut self.gases {
            let own = track.bands_of(line, &self.kept);
            if let Some(provisional) = track.follower.push(&own)? {
                track.tell(&provisional, self.task, &self.info);
            }
        }
        Ok(())
    }
}

impl Track<'_> {
    /// This gas's bands of a line.
    fn bands_of(&self, line: &[f32], kept: &[usize]) -> Vec<f32> {
        let places: Vec<usize> =
            self.plan.read().iter().filter_map(|band| kept.binary_search(band).ok()).collect();
        line.chunks_exact(kept.len())
            .flat_map(|spectrum| places.iter().map(|&place| spectrum[place]))
            .collect()
    }

    /// Tells of plumes not told of yet. One that reaches the newest line waits for its rest.
    fn tell(&mut self, seen: &Provisional, task: &scene::Task<'_>, info: &CubeInfo) {
        let newest = seen.maps.decision.lines as u32 - 1;
        let options = FindOptions {
            expected_false_alarms: task.options.false_alarms,
            seed: task.options.seed,
            ..FindOptions::new(self.gas.gas.clone())
        };
        let first = seen.first_line as f64;
        let middle = PixelPlace { line_px: first, sample_px: info.samples as f64 / 2.0 };
        let ground = Ground { steps: info.geometry.steps(middle), wind: None };
        for mut plume in plumes::find(&seen.maps, &ground, &options) {
            plume.origin.line_px += first;
            let at = plume.origin;
            let near = |told: &&PixelPlace| {
                (told.line_px - at.line_px).hypot(told.sample_px - at.sample_px) < SAME_PX
            };
            if plume.pixels.iter().all(|p| p.0 < newest) && !self.told.iter().any(|t| near(&t)) {
                self.told.push(at);
                self.sighted(plume, task, seen.first_line + newest as usize + 1);
            }
        }
    }

    fn sighted(&self, mut plume: Plume, task: &scene::Task<'_>, lines: usize) {
        plume.number = self.told.len() as u32;
        (task.watch)(Event::Sighted { scene: task.name.to_owned(), lines, plume: Box::new(plume) });
    }
}
