//! An emitter estimated from traces: place, rate, and how far to trust either.

use serde::{Deserialize, Serialize};

use crate::{
    estimate::Interval90,
    trace::{LocalPlace, SearchVolume},
    units::{Degrees, KgPerHour, Metres, PartsPerMillion},
};

/// The ellipse on the ground that holds a source with nine chances in ten.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Ellipse90 {
    /// Half of the long axis.
    pub semi_major: Metres,
    /// Half of the short axis.
    pub semi_minor: Metres,
    /// Where the long axis points, clockwise from true north, 0 to 180.
    pub bearing: Degrees,
}

impl Ellipse90 {
    /// Its edge around a place, east and north, anticlockwise from the end of the long axis and closed.
    #[must_use]
    pub fn ring(&self, middle: &LocalPlace, corners: usize) -> Vec<(Metres, Metres)> {
        let (sin, cos) = self.bearing.0.to_radians().sin_cos();
        let at = |i: usize| {
            let turn = std::f64::consts::TAU * (i % corners) as f64 / corners as f64;
            // Bearings turn clockwise, rings do not.
            let (a, b) = (turn.cos() * self.semi_major.0, -turn.sin() * self.semi_minor.0);
            let (east, north) =
                (middle.east.0 + a * sin + b * cos, middle.north.0 + a * cos - b * sin);
            (Metres(east), Metres(north))
        };
        (0..=corners).map(at).collect()
    }
}

/// One source.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// Number within its trace, from 1, the more probable first.
    pub number: u32,
    /// Middle of the draws.
    pub place: LocalPlace,
    /// Where it is with 90 %, on the ground.
    pub ellipse: Ellipse90,
    /// Height with 90 %.
    pub up_range: Interval90<Metres>,
    /// Median rate.
    pub rate: KgPerHour,
    /// Rate with 90 %.
    pub rate_range: Interval90<KgPerHour>,
    /// Probability that there is a source here at all.
    pub existence_probability: f64,
}

/// Why no source is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Declined {
    /// Nothing in the readings rises above noise and background.
    NoSignal,
    /// The wind was too weak for gas to be carried anywhere in particular.
    WeakWind,
    /// No sensor was ever downwind of the search volume.
    NeverDownwind,
    /// Fewer readings than it takes.
    TooFewReadings,
    /// What rises in the readings comes from outside of the search volume, or from the sensor.
    NotFromHere,
    /// Chains started apart did not come together.
    NotConverged,
}

/// How far chains can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Convergence {
    /// Rank-normalised split R-hat, the worst of all quantities followed.
    pub r_hat: f64,
    /// Effective draws, the fewest of all quantities followed.
    pub effective_draws: f64,
    /// Whether both are good enough to be believed.
    pub converged: bool,
}

/// How well the model explains the readings of one sensor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SensorFit {
    /// Which sensor, by its place in the trace.
    pub sensor: usize,
    /// Root mean square of the residuals over what noise and the model's own error allow.
    pub relative_residual: f64,
    /// Deviation of its noise.
    pub noise: PartsPerMillion,
}

/// What one reading should have been.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Fitted {
    /// Background and sources together, mean over the draws.
    pub value: PartsPerMillion,
    /// Background alone.
    pub background: PartsPerMillion,
    /// Deviation that noise and the model's error give a reading.
    pub std: PartsPerMillion,
}

/// Probability of a source per cell of the ground.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DensityMap {
    /// What it covers.
    pub volume: SearchVolume,
    /// Cells towards east.
    pub columns: usize,
    /// Cells towards north.
    pub rows: usize,
    /// Expected number of sources a cell, row by row from the south.
    pub sources_per_cell: Vec<f64>,
}

/// Where a drone in the air should measure next.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NextLeg {
    /// Places to fly through, in order.
    pub track: Vec<LocalPlace>,
    /// Deviation of the place of the source now, over both axes of the ground.
    pub deviation_now: Metres,
    /// What is expected after this leg.
    pub deviation_after: Metres,
}

/// Everything a trace says of its sources.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Location {
    /// Slug of the gas.
    pub gas: String,
    /// The sources named, the more probable first; empty when declined.
    pub sources: Vec<Source>,
    /// Why none is named.
    pub declined: Option<Declined>,
    /// Probability of no source, one, two …
    pub count_probability: Vec<f64>,
    /// Whether to trust the chains.
    pub convergence: Convergence,
    /// By sensor.
    pub fit: Vec<SensorFit>,
    /// Whether the residuals stay within what the model allows.
    pub model_fits: bool,
    /// By reading, in the order of the trace.
    pub fitted: Vec<Fitted>,
    /// Where sources are.
    pub density: DensityMap,
    /// Number of sources and ln of the posterior along each chain, draw by draw.
    pub chains: Vec<Vec<(u32, f64)>>,
    /// Where to fly next, when asked.
    pub next_leg: Option<NextLeg>,
}
