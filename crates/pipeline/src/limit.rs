//! The smallest emission rate a flight finds: measured by simulating, searching and counting.
//!
//! The strength of a plume is the sum of the significance of its `m` pixels over `√m`: plumes are
//! large, false ones small. Plume-free scenes tell how strong the strongest false plumes are; their
//! strength has an exponential tail,
//!
//! ```text
//! N(z) = n/A exp(−(z − z₀)/s),
//! ```
//!
//! `n` strengths above `z₀` in `A` km², `s` their mean excess; the threshold is where `N` is the rate
//! of false alarms asked for. Scenes with plumes of known rate then tell how often one is found
//! above it, and a logistic curve through found and missed where that chance is reached. The
//! answer holds for the simulator's ground and turbulence, and for no darker or rougher ground.

mod tail;

use anyhow::{Context, Result, bail};
use cathartes_core::{
    cube::{CubeInfo, CubeSource, ReadError, Window},
    gas::CrossSection,
    plume::Plume,
    scenery::{Instrument, Scenery},
    units::{Degrees, Metres},
};
use cathartes_formats::scenery;
use cathartes_sensing::{
    logistic::Logistic,
    maps::SearchMaps,
    plumes::{self, FindOptions, Ground},
    search::{self, SearchOptions},
    signature::Slant,
    simulate::{
        Simulator,
        recipe::{PlumeChoice, PlumeKind, Recipe, WindChoice},
    },
};
use serde::Serialize;

use crate::{
    detect::{bands::BandPlan, load},
    gas, simulate,
};

use self::tail::FalseTail;

/// Lines and samples of a trial scene, and the lines each plume has to itself.
const LINES: usize = 600;
const SAMPLES: usize = 160;
const STRETCH: usize = 100;
/// Bands outside this range see neither the gas's window nor its neighbourhood.
const RANGE_NM: [f64; 2] = [1480.0, 2510.0];
/// False plumes a scene is allowed while their strengths are collected.
const LENIENT: f64 = 4.0;
/// Resamples for the interval.
const RESAMPLES: u64 = 400;

/// The planner's question.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Question {
    /// `aviris-ng` or `emit`.
    pub instrument: String,
    /// Slug of the gas.
    pub gas: String,
    /// Height above ground.
    pub altitude_m: f64,
    /// Wind at plume height.
    pub wind_m_s: f64,
    /// Chance of being found that is asked for.
    pub chance: f64,
    /// False alarms accepted.
    pub false_alarms_per_100_km2: f64,
    /// Plumes to try.
    pub trials: usize,
    /// Seed of every scene.
    pub seed: u64,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// What was asked.
    pub question: Question,
    /// Smallest rate found with the chance asked for.
    pub rate_kg_h: f64,
    /// Nine times in ten, trials like these give a rate in here.
    pub rate_90_percent_kg_h: [f64; 2],
    /// Rate found half the time.
    pub half_rate_kg_h: f64,
    /// Strength a plume has to reach: summed significance over the root of its pixels.
    pub threshold: f64,
    /// Its deviation from the number of false plumes it was measured on.
    pub threshold_std: f64,
    /// Ground without plumes that was searched.
    pub plume_free_km2: f64,
    /// False plumes in it that the tail was fitted to.
    pub false_plumes: usize,
    /// Ground pixel.
    pub pixel_m: f64,
    /// Every plume tried.
    pub trials: Vec<Trial>,
}

/// One plume of known rate.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Trial {
    /// Its rate.
    pub rate_kg_h: f64,
    /// Strongest of what the search found on it, when anything.
    pub strength: Option<f64>,
    /// Whether that is above the threshold.
    pub found: bool,
}

/// What the measurement is doing: words, done, in all.
pub type Watch<'w> = &'w dyn Fn(&str, usize, usize);

/// Measures the limit.
///
/// # Errors
///
/// When the instrument or gas is unknown, or no rate tried reaches the chance asked for.
pub fn limit(question: &Question, watch: Watch<'_>) -> Result<Answer> {
    let bench = Bench::new(question)?;
    let tail = bench.false_tail(watch)?;
    let threshold = tail.threshold(question.false_alarms_per_100_km2 / 100.0);

    // A third of the trials finds where the chance turns, the others measure there.
    let scout = question.trials.div_ceil(3).max(12);
    let middle = 50.0 * question.wind_m_s / 3.0 * (bench.pixel_m / 3.0).max(0.2);
    let scouting = [middle / 25.0, middle * 25.0];
    let mut trials = bench.try_rates(scouting, scout, (0, threshold), watch)?;
    let first = fit(&trials).with_context(|| outside(&trials, scouting, threshold))?;
    let narrow = [first.at_chance(0.1).exp() / 1.5, first.at_chance(0.97).exp() * 1.5];
    let rest = question.trials.saturating_sub(scout).max(12);
    trials.extend(bench.try_rates(narrow, rest, (1000, threshold), watch)?);
    let curve = fit(&trials).with_context(|| outside(&trials, narrow, threshold))?;
    Ok(Answer {
        rate_kg_h: curve.at_chance(question.chance).exp(),
        rate_90_percent_kg_h: interval(&trials, question),
        half_rate_kg_h: curve.at_chance(0.5).exp(),
        threshold,
        threshold_std: tail.std(question.false_alarms_per_100_km2 / 100.0),
        plume_free_km2: tail.area_km2,
        false_plumes: tail.count,
        pixel_m: bench.pixel_m,
        question: question.clone(),
        trials,
    })
}

fn outside(trials: &[Trial], [low, high]: [f64; 2], threshold: f64) -> String {
    let strongest = trials.iter().filter_map(|t| t.strength).fold(0.0, f64::max);
    let found = trials.iter().filter(|t| t.found).count();
    format!(
        "of {} plumes of {low:.3} to {high:.3} kg/h {found} were found (threshold {threshold:.2}, \
         strongest {strongest:.2}): no limit can be read from that; use more --trials or another altitude",
        trials.len()
    )
}

fn points(trials: &[Trial]) -> Vec<(f64, bool)> {
    trials.iter().map(|t| (t.rate_kg_h.ln(), t.found)).collect()
}

fn fit(trials: &[Trial]) -> Option<Logistic> {
    Logistic::fit(&points(trials))
}

/// Percentiles 5 and 95 of the limit over resampled trials.
fn interval(trials: &[Trial], question: &Question) -> [f64; 2] {
    let points = points(trials);
    let n = points.len() as u64;
    let mut rates: Vec<f64> = (0..RESAMPLES)
        .filter_map(|k| {
            let drawn: Vec<(f64, bool)> = (0..n)
                .map(|i| points[(hash(question.seed ^ (k << 32) ^ i) % n) as usize])
                .collect();
            Some(Logistic::fit(&drawn)?.at_chance(question.chance).exp())
        })
        .collect();
    rates.sort_by(f64::total_cmp);
    let at = |share: f64| rates.get((share * rates.len() as f64) as usize).copied();
    [at(0.05).unwrap_or(0.0), at(0.95).unwrap_or(f64::INFINITY)]
}

fn hash(z: u64) -> u64 {
    let z = z.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

fn unit(z: u64) -> f64 {
    (hash(z) >> 11) as f64 / (1u64 << 53) as f64
}

/// What a search took for a plume.
struct Claim {
    /// How strong it is.
    strength: f64,
    /// Where it is, (line, sample).
    pixels: Vec<(u32, u32)>,
}

/// What all trials share.
struct Bench<'q> {
    question: &'q Question,
    scenery: Scenery,
    instrument: Instrument,
    library: Vec<CrossSection>,
    gas: CrossSection,
    pixel_m: f64,
}

impl<'q> Bench<'q> {
    fn new(question: &'q Question) -> Result<Self> {
        let scenery = scenery::builtin()?;
        let mut recipe = Recipe::default();
        recipe.instrument.name.clone_from(&question.instrument);
        let mut instrument = simulate::instrument(&recipe, &scenery, std::path::Path::new(""))?;
        let kept = |nm: f64| (RANGE_NM[0]..=RANGE_NM[1]).contains(&nm);
        let both = instrument.bands.iter().zip(&instrument.noise).filter(|(b, _)| kept(b.center.0));
        let (bands, noise) = both.map(|(b, n)| (*b, *n)).unzip();
        (instrument.bands, instrument.noise) = (bands, noise);
        let library = gas::library(None)?;
        let gas = gas::find(&question.gas, &library)?.clone();
        let pixel_m = instrument.pixel_angle_rad * question.altitude_m;
        if !(0.3..=60.0).contains(&question.wind_m_s) {
            bail!("a wind of {} m/s is outside 0.3 to 60 m/s", question.wind_m_s);
        }
        Ok(Self { question, scenery, instrument, library, gas, pixel_m })
    }

    fn recipe(&self, seed: u64, plume: Vec<PlumeChoice>) -> Recipe {
        let mut recipe = Recipe { seed, plume, ..Recipe::default() };
        recipe.scene.lines = LINES;
        recipe.scene.samples = SAMPLES;
        recipe.instrument.altitude_m = self.question.altitude_m;
        // Land cover of its own in every scene, so that trials differ in their ground.
        recipe.ground.urban = 0.3 * unit(seed ^ 0xa1);
        recipe
    }

    fn area_km2(&self) -> f64 {
        (LINES * SAMPLES) as f64 * self.pixel_m * self.pixel_m * 1e-6
    }

    /// Searches a scene.
    fn search(&self, simulator: &Simulator) -> Result<Vec<Claim>> {
        let source = Rendering { simulator, info: simulator.info() };
        let info = &source.info;
        let plan = BandPlan::choose(info, &self.gas, None, true)?;
        let zenith = Degrees(info.sun_zenith_deg.unwrap_or(0.0));
        let slant = Slant { sun_zenith: zenith, view_zenith: Degrees(0.0) };
        let height = Some(Metres(self.question.altitude_m));
        let signature = gas::signature_under_sky(&self.gas, &plan.bands(info), slant, height)?;
        let (cube, _) = load::load(&source, 0..LINES, &plan, load::Invalid::Mask)?;
        let options = SearchOptions { window_bands: Some(plan.window), ..Default::default() };
        let maps = search::search(&cube, &signature, &options)?;
        let ground = Ground { steps: None, wind: None };
        let options = FindOptions {
            expected_false_alarms: LENIENT,
            ..FindOptions::new(self.gas.gas.clone())
        };
        let found = plumes::find(&maps, &ground, &options);
        let claim = |p: Plume| Claim { strength: strength(&maps, &p.pixels), pixels: p.pixels };
        Ok(found.into_iter().map(claim).collect())
    }

    fn false_tail(&self, watch: Watch<'_>) -> Result<FalseTail> {
        let scenes = (self.question.trials / 5).clamp(12, 60);
        let mut strengths = Vec::new();
        for k in 0..scenes {
            watch("scenes without plumes", k, scenes);
            let simulator = self.built(&self.recipe(self.question.seed + k as u64, Vec::new()))?;
            strengths.extend(self.search(&simulator)?.iter().map(|claim| claim.strength));
        }
        let found = strengths.len();
        FalseTail::fit(strengths, scenes as f64 * self.area_km2()).with_context(|| {
            format!("{found} false plumes in {scenes} scenes are too few; use more --trials")
        })
    }

    fn built(&self, recipe: &Recipe) -> Result<Simulator> {
        Ok(Simulator::new(recipe, &self.scenery, &self.instrument, &self.library, &[])?)
    }

    fn plume(&self, seed: u64, number: usize, [low, high]: [f64; 2]) -> PlumeChoice {
        let draw = |k: u64| unit(seed ^ (number as u64) << 20 ^ k << 40);
        PlumeChoice {
            kind: PlumeKind::Puffs,
            gas: self.question.gas.clone(),
            line: (number * STRETCH) as f64 + STRETCH as f64 * (0.4 + 0.2 * draw(1)),
            sample: SAMPLES as f64 * (0.15 + 0.3 * draw(2)),
            rate_kg_h: (low.ln() + (high / low).ln() * draw(3)).exp(),
            wind: Some(WindChoice {
                speed_m_s: self.question.wind_m_s,
                from_deg: 235.0 + 70.0 * draw(4),
            }),
            length_m: 150.0 * self.pixel_m,
            turbulence: 0.22,
            mask: None,
        }
    }

    fn try_rates(
        &self,
        range: [f64; 2],
        count: usize,
        (first_seed, threshold): (u64, f64),
        watch: Watch<'_>,
    ) -> Result<Vec<Trial>> {
        let each = LINES / STRETCH;
        let scenes = count.div_ceil(each);
        let mut trials = Vec::new();
        for k in 0..scenes {
            watch("scenes with plumes", k, scenes);
            let seed = self.question.seed + 5000 + first_seed + k as u64;
            let choices = (0..each).map(|i| self.plume(hash(seed), i, range)).collect();
            let simulator = self.built(&self.recipe(seed, choices))?;
            let found = self.search(&simulator)?;
            trials.extend((0..each).map(|i| judge(&simulator, &found, i, threshold)));
        }
        Ok(trials)
    }
}

/// Summed significance of a plume over the root of its pixels.
fn strength(maps: &SearchMaps, pixels: &[(u32, u32)]) -> f64 {
    let one = |&(l, s): &(u32, u32)| f64::from(maps.significance.at(l as usize, s as usize));
    let sum: f64 = pixels.iter().map(one).filter(|z| z.is_finite()).sum();
    sum / (pixels.len().max(1) as f64).sqrt()
}

/// A plume counts as found when something found lies where its gas is: in its stretch of lines,
/// on pixels with at least a hundredth of its largest column.
fn judge(simulator: &Simulator, found: &[Claim], number: usize, threshold: f64) -> Trial {
    let truth = &simulator.plumes()[number];
    let lines = number * STRETCH..(number + 1) * STRETCH;
    let maps: Vec<_> = simulator.enhancements().collect();
    let gas = |l: u32, s: u32| {
        lines.contains(&(l as usize))
            && maps
                .iter()
                .any(|(_, map)| f64::from(map.at(l as usize, s as usize)) > 0.01 * truth.peak_ppmm)
    };
    let strength = found
        .iter()
        .filter(|claim| claim.pixels.iter().any(|&(l, s)| gas(l, s)))
        .map(|claim| claim.strength)
        .reduce(f64::max);
    let found = strength.is_some_and(|z| z >= threshold);
    Trial { rate_kg_h: truth.rate_kg_h, strength, found }
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

#[cfg(test)]
mod tests;
