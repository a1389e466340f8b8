//! Plumes that an imager saw over the same ground, as soft evidence.
//!
//! ```text
//! ln [ F + (1 − F) A Σ_k N(place; place_k, Σ) exp(−(Q − Q_k)²/2s²) ]
//! ```
//!
//! a plume: A the area of the room, Σ the covariance of its ellipse, Q ± s its rate when known. F is
//! the chance that the plume is of nothing here at all: however well it is placed, it cannot outweigh
//! readings that know better.

use std::f64::consts::TAU;

use super::{SeenPlume, model::Emitter};

/// F.
const ELSEWHERE: f64 = 0.2;
/// Square of an ellipse that holds nine in ten, in deviations.
const NINE_IN_TEN: f64 = 4.605;

/// One plume in plain numbers.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    place: [f64; 2],
    /// Unit vector of the long axis, and deviations along it and across, m.
    axis: [f64; 2],
    stds: [f64; 2],
    /// Value and deviation, kg/h.
    rate: Option<(f64, f64)>,
}

impl Seen {
    pub(super) fn new(plume: &SeenPlume) -> Self {
        let (sin, cos) = plume.ellipse.bearing.0.to_radians().sin_cos();
        let std = |half: f64| (half / NINE_IN_TEN.sqrt()).max(0.1);
        Self {
            place: [plume.place.east.0, plume.place.north.0],
            axis: [sin, cos],
            stds: [std(plume.ellipse.semi_major.0), std(plume.ellipse.semi_minor.0)],
            rate: plume.rate.map(|r| (r.value.0, r.std.0.max(1e-6))),
        }
    }

    /// ln of what the sources make of it.
    pub(super) fn ln(&self, sources: &[Emitter], area_m2: f64) -> f64 {
        let density: f64 = sources.iter().map(|s| self.density(s)).sum();
        (ELSEWHERE + (1.0 - ELSEWHERE) * area_m2 * density).ln()
    }

    fn density(&self, source: &Emitter) -> f64 {
        let d = [source.place[0] - self.place[0], source.place[1] - self.place[1]];
        let along = (d[0] * self.axis[0] + d[1] * self.axis[1]) / self.stds[0];
        let across = (d[0] * self.axis[1] - d[1] * self.axis[0]) / self.stds[1];
        let rate = self.rate.map_or(0.0, |(q, std)| (source.ln_rate.exp() - q) / std);
        let square = along * along + across * across + rate * rate;
        (-0.5 * square).exp() / (TAU * self.stds[0] * self.stds[1])
    }
}
