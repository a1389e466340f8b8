//! How a steady source fills the air: the Gaussian plume.
//!
//! ```text
//! C = Q F / (2π U σy σz) exp(−y²/2σy²) Σ_n [ exp(−(z−h+2nL)²/2σz²) + exp(−(z+h+2nL)²/2σz²) ]
//! σy = a x tan θ + w,      σz = b x tan φ
//! ```
//!
//! | symbol | is | unit |
//! |---|---|---|
//! | C, Q, F | mixing ratio, rate, ppm m³ s⁻¹ per kg h⁻¹ | ppm, kg/h |
//! | U, θ, φ | wind speed; deviations of its direction across and up | m s⁻¹, degrees |
//! | x, y, z, h | along the wind from the source, across, height, height of the source | m |
//! | w, L | half width of the source, height of the lid (n = −2…2; without a lid n = 0) | m |
//! | a, b | by how much the plume is wider and taller than turbulence says; near 1 | |
//!
//! The ground reflects all gas and so does the lid: flux through any section across is Q.
//!
//! *Swing* is how far a reading may stray from C. The plume of the moment is narrower than the mean
//! and swings about (Gifford): with half of σy² due to that, the mean square goes across the wind
//! as exp(−y²/3σy²)², wider than C itself,
//!
//! ```text
//! m = C exp(+y²/6σy²).
//! ```
//!
//! The mean along a beam is a Gauss–Legendre sum over that part of it within 3.2 σy of the axis, which
//! is an interval with ends in closed form because σy grows linearly.
//!
//! Not true for wind that turns within the time gas needs to arrive, for calms, over obstacles, and
//! nearer than a few w.
//!
//! Gifford (1959), Adv. Geophys. 6, 117; Hirst et al. (2013), Atmos. Environ. 74, 141.

use std::f64::consts::TAU;

use super::air::Flow;

/// Thinnest plume, m: keeps the density finite at the source itself.
const THIN: f64 = 0.05;
/// Where a plume ends, in σy.
const EDGE: f64 = 3.2;

/// What a reading is of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Sight {
    /// Where it begins, m.
    pub(super) from: [f64; 3],
    /// From there to its other end; of a point nothing.
    pub(super) reach: Option<[f64; 3]>,
}

impl Sight {
    /// Its middle on the ground.
    pub(super) fn centre(&self) -> [f64; 2] {
        [0, 1].map(|k| self.from[k] + self.reach.map_or(0.0, |r| 0.5 * r[k]))
    }
}

/// What holds for the whole trace.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Shape {
    /// w, m.
    pub(super) half_width: f64,
    /// L, m.
    pub(super) lid: Option<f64>,
    /// a, b.
    pub(super) wider: [f64; 2],
}

/// Mixing ratio and swing of 1 kg/h, ppm.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Share {
    pub(super) mean: f64,
    pub(super) swing: f64,
}

/// One source in the air of one reading.
struct Plume {
    along: [f64; 2],
    source: [f64; 3],
    /// Growth of σy and σz, per m.
    growth: [f64; 2],
    half_width: f64,
    lid: Option<f64>,
    /// F / 2πU.
    strength: f64,
}

impl Plume {
    fn new(shape: &Shape, flow: &Flow, source: [f64; 3]) -> Self {
        Self {
            along: flow.along,
            source,
            growth: [shape.wider[0] * flow.spread[0], shape.wider[1] * flow.spread[1]],
            half_width: shape.half_width,
            lid: shape.lid,
            strength: flow.ppm_m3_s / (TAU * flow.speed),
        }
    }

    /// Along and across the wind.
    fn turned(&self, east: f64, north: f64) -> [f64; 2] {
        let [e, n] = self.along;
        [east * e + north * n, north * e - east * n]
    }

    fn at(&self, x: f64, y: f64, z: f64) -> Share {
        if x <= 0.0 {
            return Share::default();
        }
        let sy = self.growth[0] * x + self.half_width;
        let q = y * y / (6.0 * sy * sy);
        if q > EDGE * EDGE / 3.0 {
            return Share::default();
        }
        let sz = (self.growth[1] * x).max(THIN);
        let edge = exp(-q);
        let swing = self.strength * edge * edge * self.upright(z, sz) / (sy * sz);
        Share { mean: swing * edge, swing }
    }

    /// The sum over reflections.
    fn upright(&self, z: f64, sz: f64) -> f64 {
        let (h, k) = (self.source[2], -0.5 / (sz * sz));
        let pair = |shift: f64| exp(k * (z - h + shift).powi(2)) + exp(k * (z + h + shift).powi(2));
        match self.lid {
            None => pair(0.0),
            Some(lid) if sz > 1.2 * lid => (TAU.sqrt() * sz) / lid,
            Some(lid) => (-2..=2).map(|n| pair(2.0 * f64::from(n) * lid)).sum(),
        }
    }
}

/// Exponential of what is not above zero, good to 1e-9 of itself: half of all time goes here.
///
/// `2ᵏ eʳ` with |r| ≤ ln 2 / 2 and Taylor's series of eʳ.
fn exp(x: f64) -> f64 {
    const TERMS: [f64; 9] = [
        1.0 / 40_320.0,
        1.0 / 5_040.0,
        1.0 / 720.0,
        1.0 / 120.0,
        1.0 / 24.0,
        1.0 / 6.0,
        0.5,
        1.0,
        1.0,
    ];
    let x = x.max(-700.0);
    let k = (x * std::f64::consts::LOG2_E).round_ties_even();
    let r = k.mul_add(-std::f64::consts::LN_2, x);
    let series = TERMS.iter().fold(0.0, |sum: f64, term| sum.mul_add(r, *term));
    series * f64::from_bits(((k as i64 + 1023) as u64) << 52)
}

/// What 1 kg/h from a place adds to a reading.
pub(super) fn share(shape: &Shape, flow: &Flow, sight: &Sight, source: [f64; 3]) -> Share {
    let plume = Plume::new(shape, flow, source);
    let [x, y] = plume.turned(sight.from[0] - source[0], sight.from[1] - source[1]);
    match sight.reach {
        None => plume.at(x, y, sight.from[2]),
        Some(reach) => along_beam(&plume, [x, y, sight.from[2]], reach),
    }
}

fn along_beam(plume: &Plume, from: [f64; 3], reach: [f64; 3]) -> Share {
    let [dx, dy] = plume.turned(reach[0], reach[1]);
    let Some((low, high)) = inside(plume, from, [dx, dy]) else {
        return Share::default();
    };
    // Along the wind a plume changes over a share of the distance from its source: in pieces then.
    let nearest = (from[0] + low * dx).min(from[0] + high * dx).max(0.0) + 5.0;
    let pieces = ((high - low) * dx.abs() / nearest).min(5.0) as usize + 1;
    let half = 0.5 * (high - low) / pieces as f64;
    let mut sum = Share::default();
    for piece in 0..pieces {
        let middle = low + half * (2 * piece + 1) as f64;
        for (node, weight) in GAUSS {
            for t in [middle - half * node, middle + half * node] {
                let s = plume.at(from[0] + t * dx, from[1] + t * dy, from[2] + t * reach[2]);
                sum.mean += weight * half * s.mean;
                sum.swing += weight * half * s.swing;
            }
        }
    }
    sum
}

/// The part of a beam, from 0 to 1, that lies downwind and within the edges of the plume.
fn inside(plume: &Plume, [x, y, _]: [f64; 3], [dx, dy]: [f64; 2]) -> Option<(f64, f64)> {
    let (g, w) = (EDGE * plume.growth[0], EDGE * plume.half_width);
    let conditions = [(x, dx), (w + g * x - y, g * dx - dy), (w + g * x + y, g * dx + dy)];
    let (mut low, mut high) = (0.0_f64, 1.0_f64);
    // Each is a line over t that has to stay above zero.
    for (start, slope) in conditions {
        if slope > 0.0 {
            low = low.max(-start / slope);
        } else if slope < 0.0 {
            high = high.min(-start / slope);
        } else if start <= 0.0 {
            return None;
        }
    }
    (low < high).then_some((low, high))
}

/// Positive nodes and weights of the Gauss–Legendre rule with six of them.
const GAUSS: [(f64, f64); 3] = [
    (0.238_619_186_083_196_9, 0.467_913_934_572_691_04),
    (0.661_209_386_466_264_5, 0.360_761_573_048_138_6),
    (0.932_469_514_203_152, 0.171_324_492_379_170_36),
];

#[cfg(test)]
mod tests;
