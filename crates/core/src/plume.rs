//! One connected detection with its outline, origin, mass and rate.

use serde::{Deserialize, Serialize};

use crate::{
    emitter::EmitterVerdict,
    estimate::{Estimate, Interval90},
    identification::Identification,
    units::{KgPerHour, Kilograms, Metres, PpmMetres, SquareMetres},
};

/// A place in the pixel grid: (0, 0) is the outer corner of the first pixel.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PixelPlace {
    /// Along track, pixels.
    pub line_px: f64,
    /// Across track, pixels.
    pub sample_px: f64,
}

/// What a plume might be instead of gas, and how the evidence stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LookAlike {
    /// The best rival explanation, by name.
    pub rival: String,
    /// ln of the evidence for gas over the evidence for the rival: negative favours the rival.
    pub ln_evidence_ratio: f64,
    /// Whether the gas does not explain the plume convincingly better than the rival.
    pub flagged: bool,
}

/// One plume.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plume {
    /// Number within its scene and gas, from 1, strongest first.
    pub number: u32,
    /// Slug of the gas.
    pub gas: String,
    /// Pixels inside, as (line, sample).
    pub pixels: Vec<(u32, u32)>,
    /// Closed rings along pixel edges, outer ring first.
    pub outline: Vec<Vec<PixelPlace>>,
    /// Head of the plume: upwind end when the wind is known, else the strongest pixel's place.
    pub origin: PixelPlace,
    /// Probability that background alone makes a plume as strong anywhere in this scene and that
    /// it is not flagged as a look-alike.
    pub false_alarm_probability: f64,
    /// Largest pixel enhancement, with its deviation.
    pub peak: Estimate<PpmMetres>,
    /// Farthest extent; absent when the scene has no ground scale.
    pub length: Option<Metres>,
    /// Ground area; absent likewise.
    pub area: Option<SquareMetres>,
    /// Gas above background inside the outline; absent likewise.
    pub mass: Option<Estimate<Kilograms>>,
    /// Emission rate from the integrated mass, when the wind is known.
    pub rate_by_mass: Option<Estimate<KgPerHour>>,
    /// Where that rate lies with 90 %; not symmetric, so not made from the deviation.
    pub rate_by_mass_range: Option<Interval90<KgPerHour>>,
    /// Emission rate from fluxes through cross-sections, when the wind is known.
    pub rate_by_sections: Option<Estimate<KgPerHour>>,
    /// Where that rate lies with 90 %.
    pub rate_by_sections_range: Option<Interval90<KgPerHour>>,
    /// What else it may be.
    pub look_alike: Option<LookAlike>,
    /// Which gases it holds, where several were looked for at once.
    pub identification: Option<Identification>,
    /// What kind of emitter it speaks for, likewise.
    pub emitter: Option<EmitterVerdict>,
}
