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
//! | w, L | half width of the source, height of the lid (without a lid n = 0) | m |
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
//! The mean along a beam is closed. With X = x + w / (a tan θ), in which σy is proportional to X, and σz
//! taken as proportional to it too (exact where the beam crosses the axis), a straight line stays
//! straight in u = (y/σy, (z∓h)/σz), and dt/X² = dr/X₀X₁ from one end, r = 0, to the other, r = 1:
//!
//! ```text
//! ∫₀¹ C dt = Q F / (2π U √(σy₀ σz₀ σy₁ σz₁)) Σ_∓ G(u₀, u₁)
//! G = ∫₀¹ exp(−|u₀ + r d|²/2) dr = √(π/2A) exp(−c²/2) [ erf((A+B)/√2A) − erf(B/√2A) ]
//! d = u₁ − u₀,   A = |d|²,   B = u₀·d,   c² = |u₀|² − B²/A
//! ```
//!
//! Beams that run along the wind so far that σz/X changes are a Gauss–Legendre sum over r instead. Both are
//! cut to what lies downwind and within 3.8 σy of the axis, an interval with ends in closed form.
//!
//! Where the wind of the seconds before is known, x runs along the way by which gas came (`way`). Elsewhere
//! not true for wind that turns within the time gas needs to arrive; nor for calms, over obstacles, and
//! nearer than a few w.
//!
//! Gifford (1959), Adv. Geophys. 6, 117; Hirst et al. (2013), Atmos. Environ. 74, 141; Abramowitz & Stegun
//! (1964) 7.1.26.

use std::f64::consts::TAU;

use wide::f64x4;

use super::{air::Flow, way::Ways};

/// Thinnest plume, m: keeps the density finite at the source itself.
const THIN: f64 = 0.05;
/// Where the swing of a plume ends, in σy.
const EDGE: f64 = 4.5;
/// Where beams are cut off, in σy.
const BEAM_EDGE: f64 = 3.8;
/// By what factor X may change along a beam that is closed.
const ALIKE: f64 = 1.3;
/// Readings that are worked out side by side.
pub(super) const LANES: usize = 4;

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
    /// By how much the wind blows elsewhere than it was measured: cosines and sines.
    pub(super) turn: [f64x4; 2],
}

/// Mixing ratio and swing of 1 kg/h in four readings, ppm.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Share {
    pub(super) mean: f64x4,
    pub(super) swing: f64x4,
}

/// Four readings in their air.
#[derive(Debug, Clone)]
pub(super) struct Pack {
    along: [f64x4; 2],
    spread: [f64x4; 2],
    /// F / 2π.
    amount: f64x4,
    /// U.
    speed: f64x4,
    /// Instead of the two above where gas is followed on its way.
    ways: Option<Ways>,
    from: [f64x4; 3],
    /// Absent when all are points.
    reach: Option<[f64x4; 3]>,
}

impl Pack {
    /// Of one to four readings; what is missing repeats the last.
    pub(super) fn new(flows: &[Flow], sights: &[Sight]) -> Self {
        let last = flows.len() - 1;
        let lanes = |pick: &dyn Fn(usize) -> f64| -> f64x4 {
            f64x4::from([0, 1, 2, 3].map(|lane: usize| pick(lane.min(last))))
        };
        let reach = |k: usize| lanes(&|i| sights[i].reach.map_or(0.0, |r| r[k]));
        Self {
            along: [0, 1].map(|k| lanes(&|i| flows[i].along[k])),
            spread: [0, 1].map(|k| lanes(&|i| flows[i].spread[k])),
            amount: lanes(&|i| flows[i].ppm_m3_s / TAU),
            speed: lanes(&|i| flows[i].speed),
            ways: Ways::new(&[0, 1, 2, 3].map(|lane: usize| {
                let i = lane.min(last);
                flows[i].way.filter(|_| sights[i].reach.is_none())
            })),
            from: [0, 1, 2].map(|k| lanes(&|i| sights[i].from[k])),
            reach: sights.iter().any(|s| s.reach.is_some()).then(|| [0, 1, 2].map(reach)),
        }
    }
}

/// One source in the air of four readings.
struct Plume<'a> {
    shape: &'a Shape,
    along: [f64x4; 2],
    /// h, m.
    height: f64,
    /// Growth of σy and σz, per m.
    growth: [f64x4; 2],
    strength: f64x4,
}

/// What 1 kg/h from a place adds to four readings.
pub(super) fn share(shape: &Shape, pack: &Pack, source: [f64; 3]) -> Share {
    let away = [pack.from[0] - source[0], pack.from[1] - source[1]];
    let ([e, n], speed) = match &pack.ways {
        Some(ways) => ways.from(away),
        None => (pack.along, pack.speed),
    };
    let [cos, sin] = shape.turn;
    let plume = Plume {
        shape,
        along: [e * cos - n * sin, e * sin + n * cos],
        height: source[2],
        growth: [pack.spread[0] * shape.wider[0], pack.spread[1] * shape.wider[1]],
        strength: pack.amount / speed,
    };
    let [x, y] = plume.turned(away);
    match pack.reach {
        None => plume.at(x, y, pack.from[2]),
        Some(reach) => plume.along_beam([x, y, pack.from[2]], reach),
    }
}

impl Plume<'_> {
    /// Along and across the wind.
    fn turned(&self, [east, north]: [f64x4; 2]) -> [f64x4; 2] {
        let [e, n] = self.along;
        [east * e + north * n, north * e - east * n]
    }

    fn at(&self, x: f64x4, y: f64x4, z: f64x4) -> Share {
        let downwind = x.simd_gt(f64x4::ZERO);
        if !downwind.any() {
            return Share::default();
        }
        let [sy, sz] = self.widths(x.max(f64x4::ZERO));
        let across = y / sy;
        let reached = downwind & across.abs().simd_lt(f64x4::splat(EDGE));
        if !reached.any() {
            return Share::default();
        }
        let edge = exp(across * across * (-1.0 / 6.0));
        let swing = self.strength * edge * edge * self.upright(z, sz) / (sy * sz);
        Share {
            mean: reached.select(swing * edge, f64x4::ZERO),
            swing: reached.select(swing, f64x4::ZERO),
        }
    }

    /// σy and σz.
    fn widths(&self, x: f64x4) -> [f64x4; 2] {
        let [y, z] = self.growth;
        [y * x + self.shape.half_width, (z * x).max(f64x4::splat(THIN))]
    }

    /// The sum over reflections; far out the lid has mixed all heights.
    fn upright(&self, z: f64x4, sz: f64x4) -> f64x4 {
        let k = f64x4::splat(-0.5) / (sz * sz);
        let image = |h: f64| exp(k * (z - h) * (z - h));
        if self.shape.lid.is_none() {
            return image(self.height) + image(-self.height);
        }
        self.mirrors(sz).fold(f64x4::ZERO, |sum, h| sum + image(h))
    }

    /// Heights of the source and of its images in ground and lid, as many as the depth of the plume asks for.
    fn mirrors(&self, sz: f64x4) -> impl Iterator<Item = f64> + use<> {
        let (h, lid) = (self.height, self.shape.lid.unwrap_or(0.0));
        let deepest = sz.to_array().into_iter().fold(0.0, f64::max);
        let most =
            self.shape.lid.map_or(0, |lid| (2.0 * deepest / lid).ceil().min(40.0) as i32 + 1);
        (-most..=most).map(move |n| 2.0 * f64::from(n) * lid).flat_map(move |s| [s + h, s - h])
    }

    fn along_beam(&self, [x, y, z]: [f64x4; 3], reach: [f64x4; 3]) -> Share {
        let [dx, dy] = self.turned([reach[0], reach[1]]);
        let (ts, reached) = self.inside([x, y], [dx, dy]);
        if !reached.any() {
            return Share::default();
        }
        let behind = f64x4::splat(self.shape.half_width) / self.growth[0];
        let ends = ts.map(|t| End { y: y + t * dy, z: z + t * reach[2], far: x + t * dx + behind });
        let far = ends.map(|end| end.far);
        let alike = far[0].max(far[1]).simd_lt(far[0].min(far[1]) * ALIKE);
        let Share { mean, swing } = if (alike | !reached).all() {
            self.closed(ends, behind)
        } else {
            self.summed(ends, behind)
        };
        let part = |sum: f64x4| reached.select((ts[1] - ts[0]) * sum, f64x4::ZERO);
        Share { mean: part(mean), swing: part(swing) }
    }

    /// The part of a beam, as shares of its length, that lies downwind and within the edges of the plume,
    /// and whether there is one.
    fn inside(&self, [x, y]: [f64x4; 2], [dx, dy]: [f64x4; 2]) -> ([f64x4; 2], f64x4) {
        let (none, whole) = (f64x4::ZERO, f64x4::ONE);
        let (g, w) = (self.growth[0] * BEAM_EDGE, self.shape.half_width * BEAM_EDGE);
        let (mut low, mut high, mut reached) = (none, whole, none.simd_lt(whole));
        // Each is a line over the share that has to stay above zero.
        for (start, slope) in [(x, dx), (g * x - y + w, g * dx - dy), (g * x + y + w, g * dx + dy)]
        {
            let at = -start / slope;
            let (rises, falls) = (slope.simd_gt(none), slope.simd_lt(none));
            low = rises.select(low.max(at), low);
            high = falls.select(high.min(at), high);
            reached &= rises | falls | start.simd_gt(none);
            if !reached.any() {
                break;
            }
        }
        reached &= low.simd_lt(high);
        ([reached.select(low, none), reached.select(high, whole)], reached)
    }

    /// Mean between two ends by the closed form.
    fn closed(&self, ends: [End; 2], behind: f64x4) -> Share {
        let far = ends.map(|end| end.far);
        let across = ends.map(|end| end.y / (self.growth[0] * end.far));
        let beside = (across[0] * across[1]).simd_gt(f64x4::ZERO);
        let axis = far[0] * far[1] / (far[1] - crossing(across, beside) * (far[1] - far[0]));
        let [_, depth] = self.widths(axis - behind);
        let depths = far.map(|far| depth / axis * far);
        let all = self.strength / (self.growth[0] * far[0] * depths[1]);
        let mut sum = Share::default();
        let mut image = |h: f64| {
            let up = [0, 1].map(|k| (ends[k].z - h) / depths[k]);
            sum.mean += all * line_of_gauss(across, up);
            sum.swing += all * line_of_gauss(across.map(|y| y * f64::sqrt(2.0 / 3.0)), up);
        };
        if self.shape.lid.is_none() {
            [self.height, -self.height].into_iter().for_each(image);
        } else {
            self.mirrors(depths[0].max(depths[1])).for_each(&mut image);
        }
        sum
    }

    /// The same as a sum, over what is even in r: far fewer nodes are needed than along the beam.
    fn summed(&self, [from, to]: [End; 2], behind: f64x4) -> Share {
        let mut sum = Share::default();
        for (r, weight) in GAUSS {
            let far = from.far * to.far / (to.far - (to.far - from.far) * r);
            let t = far * r / to.far;
            let at = |a: f64x4, b: f64x4| a + (b - a) * t;
            let share = self.at(far - behind, at(from.y, to.y), at(from.z, to.z));
            let weight = far * far / (from.far * to.far) * weight;
            sum.mean += weight * share.mean;
            sum.swing += weight * share.swing;
        }
        sum
    }
}

/// An end of what a plume has of a beam: across, up, and X.
#[derive(Clone, Copy)]
struct End {
    y: f64x4,
    z: f64x4,
    far: f64x4,
}

/// Nodes from 0 to 1 and weights of the Gauss–Legendre rule with eight of them.
const GAUSS: [(f64, f64); 8] = [
    (0.019_855_071_751_232, 0.050_614_268_145_188),
    (0.101_666_761_293_187, 0.111_190_517_226_687),
    (0.237_233_795_041_836, 0.156_853_322_938_944),
    (0.408_282_678_752_175, 0.181_341_891_689_181),
    (0.591_717_321_247_825, 0.181_341_891_689_181),
    (0.762_766_204_958_164, 0.156_853_322_938_944),
    (0.898_333_238_706_813, 0.111_190_517_226_687),
    (0.980_144_928_248_768, 0.050_614_268_145_188),
];

/// Where from 0 to 1 a beam is nearest to the axis.
fn crossing([from, to]: [f64x4; 2], beside: f64x4) -> f64x4 {
    let nearer = to.abs().simd_lt(from.abs()).select(f64x4::ONE, f64x4::ZERO);
    let apart = (from - to).abs().max(f64x4::splat(1e-12));
    beside.select(nearer, from.abs() / apart)
}

/// G, from the coordinates across of both ends and those up.
fn line_of_gauss(across: [f64x4; 2], up: [f64x4; 2]) -> f64x4 {
    let d = [across[1] - across[0], up[1] - up[0]];
    let a = (d[0] * d[0] + d[1] * d[1]).max(f64x4::splat(SHORT));
    let b = across[0] * d[0] + up[0] * d[1];
    let squares = [0, 1].map(|k| across[k] * across[k] + up[k] * up[k]);
    let root = f64x4::ONE / (a * 2.0).sqrt();
    // exp(−c²/2) erfc(|p|) of both ends, without a difference of what is nearly one.
    let tail = |k: usize, p: f64x4| exp(squares[k] * -0.5) * scaled_erfc(p.abs() * root);
    let (first, last) = (tail(0, b), tail(1, a + b));
    let nearest = (squares[0] - b * b / a).max(f64x4::ZERO);
    let astride = exp(nearest * -0.5) * 2.0 - first - last;
    let aside = (b * (a + b)).simd_gt(f64x4::ZERO);
    let long = aside.select((first - last).abs(), astride) * root * std::f64::consts::PI.sqrt();
    let short = a.simd_lt(f64x4::splat(2.0 * SHORT));
    if short.any() {
        return short.select(exp((squares[0] + squares[1]) * -0.25), long);
    }
    long
}

/// Least square of the length of a line: a shorter one is as good as a point.
const SHORT: f64 = 1e-4;

/// Exponential of what is not above zero, good to 1e-7 of itself, and 4e-18 below −40: half of all time
/// goes here.
///
/// `(e^(x/256))²⁵⁶`, the inner one by its series.
fn exp(x: f64x4) -> f64x4 {
    const TERMS: [f64; 7] = [1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0];
    let r = x.fast_max(f64x4::splat(-40.0)) * (1.0 / 256.0);
    let mut power = TERMS.iter().fold(f64x4::ZERO, |sum, &term| sum.mul_add(r, f64x4::splat(term)));
    for _ in 0..8 {
        power *= power;
    }
    power
}

/// exp(p²) erfc(p) of p ≥ 0, good to 1.5e-7 exp(p²).
fn scaled_erfc(p: f64x4) -> f64x4 {
    const TERMS: [f64; 5] =
        [1.061_405_429, -1.453_152_027, 1.421_413_741, -0.284_496_736, 0.254_829_592];
    let t = f64x4::ONE / (p * 0.327_591_1 + 1.0);
    TERMS.iter().fold(f64x4::ZERO, |sum, &term| sum * t + term) * t
}

#[cfg(test)]
mod tests;
