//! The smallest emission rate a flight finds: measured by simulating, searching and counting.
//!
//! Every scene goes through what `cathartes detect` runs on a scene (`detect::scene`): the search,
//! `find` asked for as many false plumes as the accepted rate allows on the scene's area, and the
//! look-alike test; what that flags does not count as found. Scenes with plumes of known rate tell
//! how often one is found, and a logistic curve through found and missed where the chance asked for
//! is reached. Scenes without plumes tell what the stated rate of false alarms is worth
//! (`false_alarms`).
//!
//! The answer holds for the simulator's ground and turbulence, for no darker or rougher ground, and
//! for a search that is not told the wind.

mod columns;
mod false_alarms;
mod laboratory;

use anyhow::{Context, Result};
use cathartes_core::provenance::Provenance;
use cathartes_sensing::logistic::Logistic;
use serde::Serialize;

use crate::digest;

use self::laboratory::Laboratory;
pub use self::{
    columns::{ColumnQuestion, Columns, GasColumn, columns},
    false_alarms::FalseAlarms,
};

/// Resamples for the intervals.
const RESAMPLES: u64 = 400;

/// The planner's question.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Question {
    /// `aviris-ng`, `emit`, `hytes`, `mako` or `hyper-cam`.
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

impl Question {
    /// What scenes need to be made that nobody emits into.
    fn of_ground(instrument: &str, altitude_m: f64, seed: u64) -> Self {
        Self {
            instrument: instrument.to_owned(),
            gas: "nh3".to_owned(),
            altitude_m,
            wind_m_s: 3.0,
            chance: 0.9,
            false_alarms_per_100_km2: 1.0,
            trials: 0,
            seed,
        }
    }
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
    /// What the accepted rate of false alarms was worth.
    pub false_alarms: FalseAlarms,
    /// Ground pixel.
    pub pixel_m: f64,
    /// Every plume tried.
    pub trials: Vec<Trial>,
    /// Enough to make the answer again: version, seed, digest of the question.
    pub provenance: Provenance,
}

/// One plume of known rate.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Trial {
    /// Seed of the scene it was in: plumes of one scene share its ground and its threshold.
    pub scene_seed: u64,
    /// Its rate.
    pub rate_kg_h: f64,
    /// Whether a plume was claimed on it, flagged or not.
    pub seen: bool,
    /// Whether a plume was claimed on it and not flagged as a look-alike.
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
    let laboratory = Laboratory::new(question)?;
    let false_alarms = laboratory.without_plumes(watch)?;

    // A third of the trials finds where the chance turns, the others measure there.
    let scout = question.trials.div_ceil(3).max(12);
    let (middle, by) = laboratory.guess_kg_h();
    let scouting = [middle / by, middle * by];
    let mut trials = laboratory.try_rates(scouting, scout, 0, watch)?;
    let first = fit(&trials).with_context(|| outside(&trials, scouting))?;
    let within = |chance: f64, by: f64| {
        (first.at_chance(chance).exp() * by).clamp(0.5 * scouting[0], 4.0 * scouting[1])
    };
    let narrow = [within(0.1, 1.0 / 1.5), within(0.97, 1.5)];
    let rest = question.trials.saturating_sub(scout).max(12);
    trials.extend(laboratory.try_rates(narrow, rest, 1000, watch)?);
    let curve = fit(&trials).with_context(|| outside(&trials, narrow))?;
    Ok(Answer {
        rate_kg_h: curve.at_chance(question.chance).exp(),
        rate_90_percent_kg_h: interval(&trials, question),
        half_rate_kg_h: curve.at_chance(0.5).exp(),
        false_alarms,
        pixel_m: laboratory.pixel_m(),
        provenance: provenance(question, question.seed)?,
        question: question.clone(),
        trials,
    })
}

fn provenance(question: &impl Serialize, seed: u64) -> Result<Provenance> {
    let mut asked = digest::Running::default();
    asked.add(&serde_json::to_vec(question)?);
    Ok(Provenance {
        inputs: vec![asked.finish("question")],
        version: env!("CARGO_PKG_VERSION").to_owned(),
        seed,
        parameters: Vec::new(),
    })
}

fn outside(trials: &[Trial], [low, high]: [f64; 2]) -> String {
    let count = |which: fn(&Trial) -> bool| trials.iter().filter(|t| which(t)).count();
    let (seen, found) = (count(|t| t.seen), count(|t| t.found));
    format!(
        "of {} plumes of {low:.3} to {high:.3} kg/h {found} were found and {} more flagged as look-alikes: \
         no limit can be read from that; use more --trials or another altitude",
        trials.len(),
        seen - found
    )
}

fn points(trials: &[Trial]) -> Vec<(f64, bool)> {
    trials.iter().map(|t| (t.rate_kg_h.ln(), t.found)).collect()
}

fn fit(trials: &[Trial]) -> Option<Logistic> {
    Logistic::fit(&points(trials))
}

/// Percentiles 5 and 95 of the limit over resampled scenes: their plumes are found or missed together.
fn interval(trials: &[Trial], question: &Question) -> [f64; 2] {
    let scenes: Vec<&[Trial]> = trials.chunk_by(|a, b| a.scene_seed == b.scene_seed).collect();
    percentiles(scenes.len(), question.seed, |drawn| {
        let drawn: Vec<Trial> = drawn.iter().flat_map(|&i| scenes[i]).copied().collect();
        Some(fit(&drawn)?.at_chance(question.chance).exp())
    })
}

/// Percentiles 5 and 95 of a figure over resamples of `n` things, drawn with replacement.
fn percentiles(n: usize, seed: u64, figure: impl Fn(&[usize]) -> Option<f64>) -> [f64; 2] {
    let mut figures: Vec<f64> = (0..RESAMPLES)
        .filter_map(|k| {
            let one = |i: u64| (hash(seed ^ (k << 32) ^ i) % n as u64) as usize;
            figure(&(0..n as u64).map(one).collect::<Vec<_>>())
        })
        .collect();
    figures.sort_by(f64::total_cmp);
    let at = |share: f64| figures.get((share * figures.len() as f64) as usize).copied();
    [at(0.05).unwrap_or(0.0), at(0.95).unwrap_or(f64::INFINITY)]
}

fn hash(z: u64) -> u64 {
    let z = z.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A number in 0..1 that belongs to `z`.
fn unit(z: u64) -> f64 {
    (hash(z) >> 11) as f64 / (1u64 << 53) as f64
}

#[cfg(test)]
mod tests;
