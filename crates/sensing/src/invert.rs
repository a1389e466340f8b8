//! From gas traces and wind to sources: how many, where, how strong, and how sure that is.
//!
//! ```text
//! y_i = Σ_k q_k c_i(p_k) + background(t_i, sensor_i) + e_i
//! e_i ~ Student₅(0, s² (1 + U₀⁴/U⁴)² + (r² + r₀²) m_i²),     m_i = Σ_k q_k m_i(p_k)
//! ```
//!
//! | symbol | is | unit | prior |
//! |---|---|---|---|
//! | K | number of sources | | falls by five with each |
//! | p | place of a source | m | even over the search volume |
//! | q | its rate | kg/h | ln q normal, deviation 1.5, about the typical rate |
//! | c, m | mixing ratio of 1 kg/h, and how far that swings (`plume`) | ppm | |
//! | a, b | how much wider and taller plumes are than turbulence says | | ln a −0.1 ± 0.2, ln b −0.1 ± 0.3; of the plume of a moment ln a −0.4 ± 0.4 |
//! | turn | the wind at the plume less that at the mast, steadily; and as time goes (`wander`) | rad | 0 ± 4°; 0 ± 3°, or of the moment 0 ± 0.7 of the turbulence |
//! | background | slow drift, and of each sensor an offset that drifts by itself (`background`) | ppm | scales sampled, those of drifts bounded |
//! | s | noise of each sensor | ppm | ln s ± 0.7 about that of its differences, or of its peers' |
//! | U, U₀ | wind speed, and about where wind is too slow to carry gas one way | m s⁻¹ | U₀ = 1 |
//! | r, r₀ | relative error of the model itself, what is inferred and the 5 % it never falls below | | ln r about 0.2 ± 1 |
//!
//! **The model is wrong and says so.** Error grows with what is foretold and beyond the edges of the
//! plume (m), has the tail of Student's distribution, and lasts: the likelihood of a reading is raised to
//! 1/κ, so that readings that err together count once (`together`: a composite likelihood; it is what keeps
//! intervals honest at 1 Hz). The wind at the plume is not quite that at the mast, and strays from it as time
//! goes. Without all this, meander is charged to sources that are not there, and places are too sure. And priors on a, b and the drift are tight: left to
//! themselves a plume as thin as a thread and air that drifts by all that is measured fit any record
//! taken close to its source.
//!
//! The way: noise and background at a glance, sources one by one from a dictionary of places, all of
//! them by Levenberg–Marquardt (`pilot`, `fit`); walkers over all unknowns, their number included
//! (`walk`), cooled together from beliefs alone to the posterior (`population`), several populations
//! apart, until these agree (`convergence`). A source is named when it is in half of the draws or more. Everything is a function of arguments
//! and seed, whatever the thread count.
//!
//! Where wind is recorded often enough, gas is followed back along it (`way`).
//!
//! Not true for sources that switch on and off, for wind that turns within the time gas takes to
//! arrive and is known in means over minutes only, for obstacles, and for calms. A steady error of the measured wind speed goes into the rate in
//! full; 7 % of it are in the range given.
//!
//! Hirst, Jonathan et al. (2013), Atmos. Environ. 74, 141; Hirst et al. (2020), Atmos. Environ. 234, 117375
//! (pyELQ's model); Green (1995), Biometrika 82, 711; Del Moral, Doucet & Jasra (2006), J. R. Stat. Soc. B
//! 68, 411; Ribatet, Cooley & Davison (2012), Stat. Sin. 22, 813 (composite likelihoods); Vehtari et al.
//! (2021), Bayesian Anal. 16, 667.

mod agree;
mod air;
mod background;
mod column;
mod convergence;
mod decline;
mod dictionary;
mod fit;
mod hats;
mod model;
mod next_leg;
mod pilot;
mod plume;
mod population;
mod readings;
mod report;
mod seen;
mod together;
mod walk;
mod wander;
mod way;

use cathartes_core::{
    estimate::Estimate,
    source::{Declined, Ellipse90, Location, Source},
    trace::{LocalPlace, SearchVolume, Trace},
    units::{GramsPerMole, KgPerHour, Metres},
};

use agree::{converged, run, warmed};
use model::Room;
use pilot::{Start, start};
use population::{Draw, Population, Sums};
use readings::Readings;

/// Work of an inversion that asks for the usual number of draws: a quarter of an hour of one processor, or so.
const MOST_WORK: u64 = 2_000_000_000;

/// A plume that an imager saw over the same ground: soft evidence of a source.
#[derive(Debug, Clone, PartialEq)]
pub struct SeenPlume {
    /// Where it begins.
    pub place: LocalPlace,
    /// How well that is known.
    pub ellipse: Ellipse90,
    /// How much it emits, when that could be told.
    pub rate: Option<Estimate<KgPerHour>>,
}

/// What is known besides the readings, and how much work to do.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Of the gas.
    pub molar_mass: GramsPerMole,
    /// What a source here typically emits; read off the trace when absent.
    pub typical_rate: Option<KgPerHour>,
    /// How wide a source is, half of it.
    pub source_half_width: Metres,
    /// Height of the layer that gas does not leave, when there is one.
    pub lid: Option<Metres>,
    /// No more sources than this.
    pub most_sources: usize,
    /// What imagers saw.
    pub plumes: Vec<SeenPlume>,
    /// Plan another leg of this length.
    pub next_leg: Option<Metres>,
    /// Populations of walkers that are cooled apart; the draws of each are a chain.
    pub chains: usize,
    /// Draws kept of each.
    pub draws: usize,
    /// Work after which it says what it has, converged or not: readings times one more than sources, of every round of moves
    /// of every walker.
    pub most_work: u64,
    /// The same seed gives the same bits.
    pub seed: u64,
}

impl Options {
    /// The usual ones for a gas.
    #[must_use]
    pub fn new(molar_mass: GramsPerMole, seed: u64) -> Self {
        Self {
            molar_mass,
            typical_rate: None,
            source_half_width: Metres(1.0),
            lid: None,
            most_sources: 8,
            plumes: Vec::new(),
            next_leg: None,
            chains: 4,
            draws: 200,
            most_work: MOST_WORK,
            seed,
        }
    }
}

/// Why a trace cannot be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum InvertError {
    /// A reading that is not a number, or not where numbers are.
    #[error("row {row}: place, time or value is not a finite number: leave the row out")]
    BadReading {
        /// Row of the file.
        row: u64,
    },
    /// A reading of a sensor that is not listed.
    #[error("row {row}: sensor {sensor} is not one of the {sensors} of the trace: list it")]
    NoSuchSensor {
        /// Row of the file.
        row: u64,
        /// Index of the sensor.
        sensor: usize,
        /// Sensors listed.
        sensors: usize,
    },
    /// A sensor without any wind.
    #[error("there is no wind for sensor {sensor}: give a wind record that covers it")]
    NoWind {
        /// Index of the sensor.
        sensor: usize,
    },
    /// Wind that is not a number, or runs backwards in time.
    #[error("wind reading {index} is not finite or is earlier than the one before: put it right")]
    BadWind {
        /// Place in its record, from 0.
        index: usize,
    },
    /// A search volume without extent.
    #[error("the search volume reaches from {from} to {to} {axis}: give the lower end first")]
    BadVolume {
        /// Which way.
        axis: &'static str,
        /// Lower end.
        from: Metres,
        /// Upper end.
        to: Metres,
    },
    /// An option that makes no sense.
    #[error("{option} must be above zero: change it")]
    BadOption {
        /// Which.
        option: &'static str,
    },
}

/// Finds the sources of a trace inside a volume.
///
/// # Errors
///
/// [`InvertError`] when the trace cannot be read as one; too little to say anything is no error but
/// [`cathartes_core::source::Declined`].
pub fn locate(
    trace: &Trace,
    volume: &SearchVolume,
    options: &Options,
) -> Result<Location, InvertError> {
    check(options)?;
    let room = room(volume)?;
    let readings = Readings::new(trace, options)?;
    if let Some(why) = decline::before(&readings) {
        return Ok(decline::nothing(trace, volume, why));
    }
    let start = start(readings, room, options);
    if start.dictionary.sees_nothing() {
        return Ok(decline::nothing(trace, volume, Declined::NeverDownwind));
    }
    if start.beside {
        return Ok(decline::nothing(trace, volume, Declined::NotFromHere));
    }
    let (start, left) = warmed(start, options);
    let populations = run(&start, options, left);
    Ok(conclude((trace, volume, options), &start, &populations))
}

/// The sources that are more likely there than not.
fn named(draws: &[&Draw], start: &Start) -> Vec<Source> {
    let mut sources = report::sources(draws, &start.model.prior.room);
    sources.retain(|s| s.existence_probability >= 0.5);
    sources
}

fn conclude(
    (trace, volume, options): (&Trace, &SearchVolume, &Options),
    start: &Start,
    populations: &[Population<'_>],
) -> Location {
    let draws: Vec<&Draw> = populations.iter().flat_map(|c| &c.draws).collect();
    let sums: Vec<&Sums> = populations.iter().map(|p| &p.sums).collect();
    let fitted = report::fitted(&start.model, &sums);
    let fit = report::fit(&start.model, &fitted, &draws);
    let count_probability = report::counts(&draws);
    let convergence = converged(populations, start);
    let mut sources = named(&draws, start);
    let declined = decline::after(
        &sources,
        &count_probability,
        &convergence,
        (&start.model.readings, &fitted),
    );
    if declined.is_some() {
        sources.clear();
    }
    let plan = |length: Metres| next_leg::plan(&start.model, &draws, length.0);
    let next_leg = options.next_leg.filter(|_| declined.is_none()).and_then(plan);
    let follow = |d: &Draw| (d.sources.len() as u32, d.ln_posterior);
    Location {
        gas: trace.gas.clone(),
        sources,
        declined,
        count_probability,
        convergence,
        model_fits: fit.iter().all(|f| f.relative_residual < 2.0),
        fit,
        fitted,
        density: report::density(&draws, volume),
        chains: populations.iter().map(|c| c.draws.iter().map(follow).collect()).collect(),
        next_leg,
    }
}

fn check(options: &Options) -> Result<(), InvertError> {
    let positive = |x: f64| x > 0.0 && x.is_finite();
    let all = [
        ("the molar mass", positive(options.molar_mass.0)),
        ("the typical rate", options.typical_rate.is_none_or(|r| positive(r.0))),
        ("the half width of sources", positive(options.source_half_width.0)),
        ("the lid", options.lid.is_none_or(|l| positive(l.0))),
        ("the most sources", options.most_sources > 0),
        ("the length of the next leg", options.next_leg.is_none_or(|l| positive(l.0))),
        ("the number of chains", options.chains > 0),
        ("the number of draws", options.draws > 3),
        ("the most work", options.most_work > 0),
    ];
    match all.into_iter().find(|(_, good)| !good) {
        Some((option, _)) => Err(InvertError::BadOption { option }),
        None => Ok(()),
    }
}

/// The volume as a box; one without height is a centimetre high.
fn room(volume: &SearchVolume) -> Result<Room, InvertError> {
    let spans = [("east", volume.east), ("north", volume.north), ("up", volume.up)];
    for (axis, span) in spans {
        let (from, to) = (span.from, span.to);
        let flat = axis != "up" && to.0 <= from.0;
        if flat || to.0 < from.0 || !from.0.is_finite() || !to.0.is_finite() {
            return Err(InvertError::BadVolume { axis, from, to });
        }
    }
    Ok(Room {
        low: spans.map(|s| s.1.from.0),
        size: spans.map(|s| (s.1.to.0 - s.1.from.0).max(0.01)),
    })
}

#[cfg(test)]
mod tests;
