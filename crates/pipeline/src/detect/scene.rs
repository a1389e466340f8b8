//! One scene through the whole chain.

use std::{
    ops::Range,
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::{Context, ensure};
use cathartes_core::{
    cube::{CubeInfo, CubeSource},
    emitter::EmitterKind,
    gas::{CrossSection, Gas},
    plume::{PixelPlace, Plume},
    provenance::Input,
    raster::Raster,
    signature::Signature,
    wind::Wind,
};
use cathartes_formats::{Auxiliary, open};
use cathartes_sensing::{
    little,
    look_alike::PlumeSpectrum,
    maps::SearchMaps,
    plumes::{self, FindOptions, Ground},
    search::{self, Filter, SearchOptions},
    signature::covered,
};

use super::{
    Event, Options, Thermal,
    bands::BandPlan,
    doubt::Doubt,
    files,
    light::{self, LightPath},
    load, report, thermal,
};
use crate::{budget::Budget, digest, gas, outcome::Outcome, wind::WindSource};

/// Steps of a search for one gas, for whoever watches.
const STEPS: usize = 3;
/// Memory a search takes over the cube's own: the cube, its maps and statistics.
const WORKING_SPACE: f64 = 1.6;
/// Shorter blocks would not know their ground.
const FEWEST_LINES: usize = 256;

/// One scene and what to do with it.
pub(crate) struct Task<'a> {
    pub(crate) path: &'a Path,
    pub(crate) name: &'a str,
    pub(crate) gases: &'a [&'a CrossSection],
    /// Whether these are all there are: those that do not show in the image are passed over.
    pub(crate) every: bool,
    /// The kinds of emitter that a plume may be from.
    pub(crate) kinds: &'a [EmitterKind],
    pub(crate) options: &'a Options,
    pub(crate) watch: &'a (dyn Fn(Event) + Sync),
    pub(crate) budget: &'a Budget,
}

/// What a search for one gas found.
#[derive(Debug, Clone)]
pub struct Found {
    /// The gas, and where its cross-section comes from.
    pub gas: CrossSection,
    /// The bands' shares in the search, in words.
    pub notes: Vec<String>,
    /// What the instrument sees of it.
    pub signature: Signature,
    /// The maps.
    pub maps: SearchMaps,
    /// The plumes.
    pub plumes: Vec<Plume>,
    /// The spectrum of each, where ground could be known.
    pub spectra: Vec<Option<PlumeSpectrum>>,
    /// How many leading bands are the gas's window.
    pub window: usize,
    /// Whether it stands for all gases: its maps decide, and its plumes are listed under their own.
    pub overview: bool,
}

/// What a search of one scene found.
#[derive(Debug, Clone)]
pub struct SceneResult {
    /// Its name.
    pub name: String,
    /// Where its files are.
    pub folder: PathBuf,
    /// By gas.
    pub found: Vec<Found>,
}

/// Seconds spent, by step.
#[derive(Debug, Clone, Default)]
pub(crate) struct Timings(pub(crate) Vec<(String, f64)>);

impl Timings {
    /// Runs a step and notes how long it took.
    pub(super) fn of<T>(&mut self, step: &str, run: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let value = run();
        self.0.push((step.to_owned(), start.elapsed().as_secs_f64()));
        value
    }
}

/// An opened scene and what holds for all its gases.
pub(crate) struct Scene<'a> {
    pub(crate) task: &'a Task<'a>,
    pub(crate) source: &'a dyn CubeSource,
    pub(crate) wind: Option<Wind>,
    pub(crate) light: LightPath,
}

impl Task<'_> {
    pub(crate) fn run(&self, folder: &Path) -> anyhow::Result<SceneResult> {
        let outcome = Outcome::begin(folder, self.options.force)?;
        let source = open(self.path, &self.options.auxiliary)?;
        self.opened(source.info());
        self.finish(outcome, source.as_ref(), None)
    }

    pub(crate) fn opened(&self, info: &CubeInfo) {
        let (lines, samples, bands) = (info.lines, info.samples, info.bands.len());
        (self.watch)(Event::Opened { scene: self.name.to_owned(), lines, samples, bands });
    }

    /// Everything after opening. What came by a stream has been digested on its way.
    pub(crate) fn finish(
        &self,
        outcome: Outcome,
        source: &dyn CubeSource,
        streamed: Option<Input>,
    ) -> anyhow::Result<SceneResult> {
        let mut timings = Timings::default();
        let scene = Scene::new(self, source)?;
        let (found, inputs) = std::thread::scope(|scope| {
            let inputs = scope.spawn(|| scene.inputs());
            let found = scene.search_all(&mut timings);
            let inputs = inputs.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            anyhow::Ok((found?, inputs?))
        })?;

        self.step("writing", STEPS * self.gases.len());
        timings.of("write", || files::write(outcome.folder(), &scene, &found))?;
        let inputs = streamed.into_iter().chain(inputs).collect();
        report::write(outcome.folder(), &scene, &found, inputs)?;
        report::write_timings(outcome.folder(), &timings)?;
        let folder = outcome.finish()?;
        (self.watch)(Event::Done { scene: self.name.to_owned() });
        Ok(SceneResult { name: self.name.to_owned(), folder, found })
    }

    pub(super) fn step(&self, what: &str, done: usize) {
        let of = STEPS * self.gases.len() + 1;
        (self.watch)(Event::Step { scene: self.name.to_owned(), what: what.to_owned(), done, of });
    }
}

impl<'a> Scene<'a> {
    pub(crate) fn new(task: &'a Task<'a>, source: &'a dyn CubeSource) -> anyhow::Result<Self> {
        let info = source.info();
        let wind = task.options.wind.as_ref().map(|wind| wind.at(info.time)).transpose()?;
        let light = light::path(info, task.options.sun_zenith_deg, task.options.height);
        Ok(Self { task, source, wind, light })
    }

    /// Every file the result depends on, by digest.
    fn inputs(&self) -> anyhow::Result<Vec<Input>> {
        let mut files = self.source.files();
        if files.is_empty() {
            files.push(self.task.path.to_owned());
        }
        let Auxiliary { igm, glt, wavelengths } = self.task.options.auxiliary.clone();
        let Thermal { air, sky, .. } = self.task.options.thermal.clone();
        let wind = self.task.options.wind.as_ref().and_then(WindSource::file);
        for beside in
            [igm, glt, wavelengths, wind.map(Path::to_owned), air, sky].into_iter().flatten()
        {
            if !files.contains(&beside) {
                files.push(beside);
            }
        }
        files
            .iter()
            .map(|file| digest::input(file).with_context(|| file.display().to_string()))
            .collect()
    }

    pub(crate) fn search_all(&self, timings: &mut Timings) -> anyhow::Result<Vec<Found>> {
        if thermal::is_thermal(self.source.info()) {
            return thermal::search(self, timings);
        }
        let gases: Vec<&CrossSection> =
            self.task.gases.iter().copied().filter(|gas| self.can_be_sought(gas)).collect();
        ensure!(!gases.is_empty(), "no gas of the library is tabulated where this image looks");
        let one = |(i, gas): (usize, &&CrossSection)| self.search_one(gas, STEPS * i, timings);
        gases.iter().enumerate().map(one).collect()
    }

    /// Whether a gas has a window here. One that was asked for by name is tried all the same, so that
    /// what it lacks is said.
    fn can_be_sought(&self, gas: &CrossSection) -> bool {
        let (options, info) = (self.task.options, self.source.info());
        let wide = options.filter == Filter::Auto;
        let plan = BandPlan::choose(info, gas, options.window_nm.as_ref(), wide);
        let tabulated = plan.ok().and_then(|plan| covered(gas, &plan.bands(info)).ok());
        !self.task.every || tabulated.is_some_and(|bands| bands.iter().all(|band| *band))
    }

    pub(crate) fn search_one(
        &self,
        gas: &CrossSection,
        steps_done: usize,
        timings: &mut Timings,
    ) -> anyhow::Result<Found> {
        let (info, options, slug) = (self.source.info(), self.task.options, &gas.gas.slug);
        let wide = options.filter == Filter::Auto;
        let plan = BandPlan::choose(info, gas, options.window_nm.as_ref(), wide)?;
        let signature = timings.of(&format!("{slug}: signature"), || {
            gas::signature_under_sky(gas, &plan.bands(info), self.light.slant, self.light.height)
        })?;
        let mut notes = plan.notes.clone();
        let values_per_line = info.samples * plan.groups.len();
        let needed = bytes_needed(info.lines, values_per_line);
        let cuts = blocks_of_lines(info.lines, needed, options.memory_bytes);
        let _share = self.task.budget.take(needed);
        if cuts.len() > 1 {
            let n = cuts.len();
            notes.push(format!("searched in {n} blocks of lines to keep to the memory allowed"));
        }
        let (mut blocks, mut whole) = (Vec::new(), None);
        for lines in cuts {
            self.task.step(&format!("{slug}: reading {} lines", lines.len()), steps_done);
            let (cube, left_out) = timings.of(&format!("{slug}: read"), || {
                load::load(self.source, lines, &plan, options.invalid)
            })?;
            notes.extend(left_out);
            self.task.step(&format!("{slug}: searching"), steps_done + 1);
            let little = plan.is_little_ground(info.lines * info.samples);
            let search = if little { little::search } else { search::search };
            let how = SearchOptions {
                filter: options.filter,
                window_bands: Some(plan.window),
                ..SearchOptions::default()
            };
            blocks
                .push(timings.of(&format!("{slug}: search"), || search(&cube, &signature, &how))?);
            whole = (cube.lines == info.lines).then_some(cube);
        }
        let maps = joined(blocks).context("the scene has no lines")?;
        ensure!(
            maps.enhancement_ppmm.values.iter().any(|value| value.is_finite()),
            "the filter `{}` learnt the ground of no column: {} lines are too few for {} bands, or \
             every pixel was left out; try --filter auto",
            options.filter,
            info.lines,
            plan.window
        );
        self.task.step(&format!("{slug}: plumes"), steps_done + 2);
        let mut plumes = timings.of(&format!("{slug}: plumes"), || self.plumes(&maps, gas));
        let doubt = Doubt { scene: self, plan: &plan, signature: &signature, maps: &maps };
        let spectra = timings.of(&format!("{slug}: look-alikes"), || {
            doubt.settle(&mut plumes, whole.as_ref(), gas)
        })?;
        let (gas, window) = (gas.clone(), plan.window);
        Ok(Found { gas, notes, signature, maps, plumes, spectra, window, overview: false })
    }

    fn plumes(&self, maps: &SearchMaps, gas: &CrossSection) -> Vec<Plume> {
        let info = self.source.info();
        let (lines, samples) = (info.lines as f64, info.samples as f64);
        let middle = PixelPlace { line_px: lines / 2.0, sample_px: samples / 2.0 };
        let ground = Ground { steps: info.geometry.steps(middle), wind: self.wind };
        plumes::find(maps, &ground, &self.find_options(&gas.gas))
    }

    pub(super) fn find_options(&self, gas: &Gas) -> FindOptions {
        FindOptions {
            expected_false_alarms: self.task.options.false_alarms,
            seed: self.task.options.seed,
            ..FindOptions::new(gas.clone())
        }
    }
}

/// Memory that searching so many lines at once takes.
fn bytes_needed(lines: usize, values_per_line: usize) -> u64 {
    ((lines * values_per_line * size_of::<f32>()) as f64 * WORKING_SPACE) as u64
}

/// Ranges of lines that fit into memory, equal but for one line.
fn blocks_of_lines(lines: usize, needed: u64, memory_bytes: u64) -> Vec<Range<usize>> {
    let count = needed.div_ceil(memory_bytes.max(1)) as usize;
    let count = count.clamp(1, lines.div_ceil(FEWEST_LINES).max(1));
    (0..count).map(|i| i * lines / count..(i + 1) * lines / count).collect()
}

/// The maps of consecutive blocks as one.
fn joined(blocks: Vec<SearchMaps>) -> Option<SearchMaps> {
    let mut blocks = blocks.into_iter();
    let mut all = blocks.next()?;
    for block in blocks {
        let first = all.decision.lines;
        append(&mut all.enhancement_ppmm, block.enhancement_ppmm);
        append(&mut all.sigma_ppmm, block.sigma_ppmm);
        append(&mut all.significance, block.significance);
        append(&mut all.decision, block.decision);
        let from = format!("from line {first}");
        all.masks.extend(block.masks.into_iter().map(|mut mask| {
            mask.criterion = format!("{from}: {}", mask.criterion);
            mask
        }));
        all.chosen.reasons.extend(block.chosen.reasons.iter().map(|why| format!("{from}: {why}")));
    }
    Some(all)
}

fn append(raster: &mut Raster, more: Raster) {
    raster.lines += more.lines;
    raster.values.extend(more.values);
}

#[cfg(test)]
mod tests;
