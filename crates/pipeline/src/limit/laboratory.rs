//! Trial scenes, searched as `detect` searches.

use std::path::Path;

use anyhow::{Result, bail, ensure};
use cathartes_core::{
    cube::{CubeInfo, CubeSource, ReadError, Window},
    emitter::EmitterKind,
    gas::CrossSection,
    plume::Plume,
    scenery::{Instrument, Scenery},
    units::Metres,
};
use cathartes_formats::{Auxiliary, scenery};
use cathartes_sensing::{
    identify::Identifier,
    search::Filter,
    signature::signature_along_where_tabulated,
    simulate::{
        Simulator,
        recipe::{PlumeChoice, PlumeKind, Recipe, ThermalChoice, WindChoice},
    },
};

use super::{FalseAlarms, Question, Trial, Watch, false_alarms::Count, hash, unit};
use crate::{
    budget::Budget,
    detect::{Invalid, Options, Thermal, scene, thermal},
    gas, profiles, simulate,
};

/// Lines and samples of a trial scene, and the lines each plume has to itself.
const LINES: usize = 600;
const SAMPLES: usize = 160;
const STRETCH: usize = 200;
/// How far a plume is followed, pixels: far enough for every kernel of the search, and so that plumes
/// cover a few hundredths of the scene, not more; a flight line holds less still.
const FOLLOWED_PX: f64 = 80.0;
/// Bands outside this range see neither the gas's window nor its neighbourhood.
const RANGE_NM: [f64; 2] = [1480.0, 2510.0];
/// False plumes that a scene without plumes is allowed, so that there is something to count.
const LENIENT: f64 = 4.0;
/// First guess of a thermal limit, kg/h per g/mol times absorption per ppm m: that of ammonia.
const THERMAL_MIDDLE: f64 = 1e-4;
/// Memory a scene may take; it takes a tenth of it.
const MEMORY_BYTES: u64 = 2 << 30;

/// What all trials share.
pub(super) struct Laboratory<'q> {
    question: &'q Question,
    scenery: Scenery,
    instrument: Instrument,
    library: Vec<CrossSection>,
    gas: CrossSection,
    kinds: Vec<EmitterKind>,
    /// Whether the instrument sees heat: then the whole library is sought, and a plume counts when it
    /// is named after the gas asked for.
    is_thermal: bool,
}

impl<'q> Laboratory<'q> {
    pub(super) fn new(question: &'q Question) -> Result<Self> {
        let scenery = scenery::builtin()?;
        let mut recipe = Recipe::default();
        recipe.instrument.name.clone_from(&question.instrument);
        let mut instrument = simulate::instrument(&recipe, &scenery, Path::new(""))?;
        let is_thermal = thermal::sees_heat(&instrument.bands);
        let kept = |nm: f64| is_thermal || (RANGE_NM[0]..=RANGE_NM[1]).contains(&nm);
        let both = instrument.bands.iter().zip(&instrument.noise).filter(|(b, _)| kept(b.center.0));
        let (bands, noise) = both.map(|(b, n)| (*b, *n)).unzip();
        (instrument.bands, instrument.noise) = (bands, noise);
        let library = gas::library(None)?;
        let gas = gas::find(&question.gas, &library)?.clone();
        if !(0.3..=60.0).contains(&question.wind_m_s) {
            bail!("a wind of {} m/s is outside 0.3 to 60 m/s", question.wind_m_s);
        }
        let kinds = profiles::kinds(None)?;
        Ok(Self { question, scenery, instrument, library, gas, kinds, is_thermal })
    }

    pub(super) fn pixel_m(&self) -> f64 {
        self.instrument.pixel_angle_rad * self.question.altitude_m
    }

    /// A rate that is neither surely found nor surely missed, as a first guess, and by what factor it may
    /// be wrong: thermal gases are seen through more or less air and water.
    pub(super) fn guess_kg_h(&self) -> (f64, f64) {
        let (usual, by) =
            if self.is_thermal { (self.thermal_middle_kg_h(), 40.0) } else { (60.0, 10.0) };
        (usual * self.question.wind_m_s / 3.0 * (self.pixel_m() / 3.0).max(0.2), by)
    }

    /// The stronger a gas absorbs and the lighter it is, the less of it shows.
    fn thermal_middle_kg_h(&self) -> f64 {
        let made = signature_along_where_tabulated(&self.gas, &self.instrument.bands, 1.0, &[]);
        let strongest = made.ok().flatten().map_or(0.0, |(_, made)| {
            made.unit_per_ppmm.iter().fold(0.0_f64, |most, s| most.max(s.abs()))
        });
        THERMAL_MIDDLE * self.gas.gas.molar_mass.0 / strongest.max(1e-7)
    }

    fn area_km2(&self) -> f64 {
        (LINES * SAMPLES) as f64 * self.pixel_m().powi(2) * 1e-6
    }

    /// False plumes accepted in one scene.
    fn accepted(&self) -> f64 {
        self.question.false_alarms_per_100_km2 / 100.0 * self.area_km2()
    }

    /// Searches scenes without plumes and counts what is claimed in them all the same.
    pub(super) fn without_plumes(&self, watch: Watch<'_>) -> Result<FalseAlarms> {
        let scenes = (self.question.trials / 4).clamp(12, 100);
        let lenient = LENIENT.max(self.accepted());
        let mut by_scene = Vec::new();
        for k in 0..scenes {
            watch("scenes without plumes", k, scenes);
            let simulator = self.built(&self.recipe(self.question.seed + k as u64, Vec::new()))?;
            let plumes = self.search(&simulator, lenient)?;
            let unflagged = plumes.iter().filter(|plume| self.counts(plume));
            by_scene.push(unflagged.map(|plume| self.stated_per_100_km2(plume)).collect());
        }
        let per_100_km2 = |in_a_scene: f64| 100.0 * in_a_scene / self.area_km2();
        let count = Count {
            by_scene,
            area_km2: self.area_km2(),
            lenient_per_100_km2: per_100_km2(lenient),
            asked_per_100_km2: self.question.false_alarms_per_100_km2,
            seed: self.question.seed,
        };
        Ok(count.weigh())
    }

    /// The rate of false alarms at which a plume would just have been claimed.
    fn stated_per_100_km2(&self, plume: &Plume) -> f64 {
        let in_a_scene = -(-plume.false_alarm_probability).ln_1p();
        100.0 * in_a_scene / self.area_km2()
    }

    /// Tries so many plumes of rates in a range, three to a scene.
    pub(super) fn try_rates(
        &self,
        range_kg_h: [f64; 2],
        count: usize,
        first_seed: u64,
        watch: Watch<'_>,
    ) -> Result<Vec<Trial>> {
        let each = LINES / STRETCH;
        let scenes = count.div_ceil(each);
        let mut trials = Vec::new();
        for k in 0..scenes {
            watch("scenes with plumes", k, scenes);
            let seed = self.question.seed + 5000 + first_seed + k as u64;
            let choices = (0..each).map(|i| self.plume(hash(seed), i, range_kg_h)).collect();
            let simulator = self.built(&self.recipe(seed, choices))?;
            let claimed = self.search(&simulator, self.accepted())?;
            let judged = (0..each).map(|i| self.judge(&simulator, &claimed, i));
            trials.extend(judged.map(|trial| Trial { scene_seed: seed, ..trial }));
        }
        Ok(trials)
    }

    fn recipe(&self, seed: u64, plume: Vec<PlumeChoice>) -> Recipe {
        let mut recipe = Recipe { seed, plume, ..Recipe::default() };
        recipe.scene.lines = LINES;
        recipe.scene.samples = SAMPLES;
        recipe.instrument.altitude_m = self.question.altitude_m;
        // Land cover of its own in every scene, so that trials differ in their ground.
        recipe.ground.urban = 0.3 * unit(seed ^ 0xa1);
        if self.is_thermal {
            recipe.thermal = Some(ThermalChoice::default());
            recipe.ground.relief_m = 0.0;
        }
        recipe
    }

    fn built(&self, recipe: &Recipe) -> Result<Simulator> {
        Ok(Simulator::new(recipe, &self.scenery, &self.instrument, &self.library, &[])?)
    }

    fn plume(&self, seed: u64, number: usize, [low, high]: [f64; 2]) -> PlumeChoice {
        let draw = |k: u64| unit(seed ^ (number as u64) << 20 ^ k << 40);
        PlumeChoice {
            kind: PlumeKind::Puffs,
            gas: self.gas.gas.slug.clone(),
            line: (number * STRETCH) as f64 + STRETCH as f64 * (0.4 + 0.2 * draw(1)),
            sample: SAMPLES as f64 * (0.15 + 0.3 * draw(2)),
            rate_kg_h: (low.ln() + (high / low).ln() * draw(3)).exp(),
            wind: Some(WindChoice {
                speed_m_s: self.question.wind_m_s,
                from_deg: 235.0 + 70.0 * draw(4),
            }),
            length_m: FOLLOWED_PX * self.pixel_m(),
            turbulence: 0.22,
            mask: None,
        }
    }

    /// The plumes `detect` would list, look-alikes flagged.
    fn search(&self, simulator: &Simulator, false_alarms: f64) -> Result<Vec<Plume>> {
        self.opened(simulator, false_alarms, |scene| {
            let found = scene.search_all(&mut scene::Timings::default())?;
            Ok(found.into_iter().flat_map(|found| found.plumes).collect())
        })
    }

    /// What `detect` would name gases with, at some places of ground without plumes.
    pub(super) fn identifiers(&self, places: usize, watch: Watch<'_>) -> Result<Vec<Identifier>> {
        ensure!(
            self.is_thermal,
            "{} sees no heat: columns are of thermal imagers",
            self.instrument.slug
        );
        watch("ground without plumes", 0, 1);
        let simulator = self.built(&self.recipe(self.question.seed, Vec::new()))?;
        let place = |k: usize| ((k + 1) * LINES / (places + 1), SAMPLES / 2);
        let places: Vec<(usize, usize)> = (0..places).map(place).collect();
        self.opened(&simulator, 1.0, |scene| thermal::identifiers(scene, &places))
    }

    /// The gases meant by a name, of those that the instrument sees.
    pub(super) fn wanted(&self, name: &str, seen: &[String]) -> Result<Vec<String>> {
        if name == "all" {
            return Ok(seen.to_vec());
        }
        let slug = &gas::find(name, &self.library)?.gas.slug;
        ensure!(
            seen.contains(slug),
            "{slug} leaves no mark in the bands of {}",
            self.instrument.slug
        );
        Ok(vec![slug.clone()])
    }

    /// A scene as `detect` opens one.
    fn opened<T>(
        &self,
        simulator: &Simulator,
        false_alarms: f64,
        look: impl FnOnce(&scene::Scene<'_>) -> Result<T>,
    ) -> Result<T> {
        let source = Rendering { simulator, info: simulator.info() };
        let options = self.options(false_alarms);
        let all: Vec<&CrossSection> = self.library.iter().collect();
        let task = scene::Task {
            path: Path::new("simulated"),
            name: "simulated",
            gases: if self.is_thermal { &all } else { &[&self.gas] },
            every: self.is_thermal,
            kinds: &self.kinds,
            options: &options,
            watch: &|_| {},
            budget: &Budget::new(MEMORY_BYTES),
        };
        look(&scene::Scene::new(&task, &source)?)
    }

    /// A claim that a look-alike explains better is none, nor one that another gas is named for.
    fn counts(&self, plume: &Plume) -> bool {
        let flagged = plume.look_alike.as_ref().is_some_and(|look_alike| look_alike.flagged);
        !flagged && plume.gas == self.gas.gas.slug
    }

    /// A plume is seen when one that was claimed lies where its gas is: in its stretch of lines, on
    /// pixels with at least a hundredth of its largest column.
    fn judge(&self, simulator: &Simulator, claimed: &[Plume], number: usize) -> Trial {
        let truth = &simulator.plumes()[number];
        let lines = number * STRETCH..(number + 1) * STRETCH;
        let maps: Vec<_> = simulator.enhancements().map(|(_, map)| map).collect();
        let gas = |&(l, s): &(u32, u32)| {
            let (l, s) = (l as usize, s as usize);
            let column = || maps.iter().map(|map| f64::from(map.at(l, s))).sum::<f64>();
            lines.contains(&l) && column() > 0.01 * truth.peak_ppmm
        };
        let on_it: Vec<&Plume> =
            claimed.iter().filter(|plume| plume.pixels.iter().any(gas)).collect();
        Trial {
            scene_seed: 0,
            rate_kg_h: truth.rate_kg_h,
            seen: !on_it.is_empty(),
            found: on_it.iter().any(|plume| self.counts(plume)),
        }
    }

    fn options(&self, false_alarms: f64) -> Options {
        Options {
            filter: Filter::Auto,
            window_nm: None,
            wind: None,
            false_alarms,
            seed: self.question.seed,
            auxiliary: Auxiliary::default(),
            sun_zenith_deg: None,
            height: Some(Metres(self.question.altitude_m)),
            invalid: Invalid::Mask,
            memory_bytes: MEMORY_BYTES,
            force: false,
            gas_folder: None,
            thermal: Thermal::default(),
        }
    }
}

/// A simulated scene that is rendered as it is read.
struct Rendering<'s> {
    simulator: &'s Simulator,
    info: CubeInfo,
}

impl CubeSource for Rendering<'_> {
    fn info(&self) -> &CubeInfo {
        &self.info
    }

    fn read(&self, window: &Window, bands: &[usize], out: &mut [f32]) -> Result<(), ReadError> {
        let all = self.info.bands.len();
        let lines = self.simulator.lines(window.lines.clone());
        let mut target = out.chunks_exact_mut(bands.len());
        for line in lines.chunks_exact(all * self.info.samples) {
            let pixels = line.chunks_exact(all);
            let inside = pixels.skip(window.samples.start).take(window.samples.len());
            for (pixel, out) in inside.zip(&mut target) {
                for (o, &b) in out.iter_mut().zip(bands) {
                    *o = pixel[b];
                }
            }
        }
        Ok(())
    }
}
