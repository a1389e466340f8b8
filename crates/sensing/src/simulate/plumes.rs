//! Gas columns of plumes of known rate, ppm m in every pixel.
//!
//! `gaussian`: steady plume seen from above, all of it below the sensor because the ground
//! reflects it,
//!
//! ```text
//! column(x, y) = Q / (U √(2π) σ_y(x)) exp(−y² / 2σ_y²),   σ_y = σ₀ + 0.08 x / √(1 + 0.0001 x)
//! ```
//!
//! (Briggs 1973, open country, neutral air; x, y in m). It is wrong close to the source and for
//! calm air. `puffs`: equal masses leave the source at equal times and ride a wind that fluctuates
//! in place and time (kinematic simulation: random divergence-free waves with Kolmogorov's
//! spectrum, Fung et al. 1992, J. Fluid Mech. 236, 281); each grows by the small eddies the waves
//! leave out. Mass is conserved to rounding, so the rate is exact. `mask`: an outline with the
//! column rising with the distance from its edge; its mass is that of the stated rate under the
//! stated wind over the length √area, a convention and no physics.

use cathartes_core::{raster::Raster, units::GramsPerMole};
use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::{
    field::mix,
    optics::MOLECULES_PER_PPMM,
    recipe::{PlumeChoice, PlumeKind, WindChoice},
};

/// Waves of the turbulent wind, and the range of their lengths in m.
const WAVES: usize = 24;
const LONGEST_M: f64 = 600.0;
const SHORTEST_M: f64 = 25.0;
/// Size of a plume at its source, m.
const SOURCE_M: f64 = 1.5;

/// An outline: which pixels are plume.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// Rows.
    pub lines: usize,
    /// Columns.
    pub samples: usize,
    /// `lines * samples` flags.
    pub inside: Vec<bool>,
}

/// Pixel grid on the ground.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Frame {
    pub(super) lines: usize,
    pub(super) samples: usize,
    pub(super) pixel_m: f64,
    /// Where the line axis points, clockwise from grid north.
    pub(super) heading_deg: f64,
}

/// Mass of 1 ppm m over 1 m², kg.
pub(super) fn kg_per_ppmm_m2(molar_mass: GramsPerMole) -> f64 {
    MOLECULES_PER_PPMM * 1e4 / 6.022_140_76e23 * molar_mass.0 * 1e-3
}

impl Frame {
    /// Direction the wind blows to, in (sample, line) axes.
    fn downwind(&self, wind: &WindChoice) -> [f64; 2] {
        let to = (wind.from_deg + 180.0 - self.heading_deg).to_radians();
        [-to.sin(), to.cos()]
    }

    fn area_m2(&self) -> f64 {
        self.pixel_m * self.pixel_m
    }
}

/// Mass a plume brings, by where it went.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Deposit {
    /// Kilograms inside the scene.
    pub(super) inside_kg: f64,
    /// Kilograms emitted and followed, wherever they are.
    pub(super) emitted_kg: f64,
}

/// Adds a plume to a raster of ppm m.
pub(super) fn add(
    raster: &mut Raster,
    frame: &Frame,
    (plume, wind): (&PlumeChoice, &WindChoice),
    kg_per_ppmm_m2: f64,
    (seed, outline): (u64, Option<&Outline>),
) -> Deposit {
    let mut grid =
        Grid { kg: vec![0.0; raster.values.len()], lines: frame.lines, samples: frame.samples };
    let emitted_kg = match (plume.kind, outline) {
        (PlumeKind::Gaussian, _) => gaussian(&mut grid, frame, plume, wind),
        (PlumeKind::Puffs, _) => puffs(&mut grid, frame, plume, wind, seed),
        (PlumeKind::Mask, Some(outline)) => stamp(&mut grid, frame, plume, wind, outline),
        (PlumeKind::Mask, None) => 0.0,
    };
    let per_pixel = kg_per_ppmm_m2 * frame.area_m2();
    for (total, kg) in raster.values.iter_mut().zip(&grid.kg) {
        *total += (kg / per_pixel) as f32;
    }
    Deposit { inside_kg: grid.kg.iter().sum(), emitted_kg }
}

/// Kilograms by pixel.
struct Grid {
    kg: Vec<f64>,
    lines: usize,
    samples: usize,
}

impl Grid {
    /// Spreads a round Gaussian, place and deviation in pixels, exactly over the pixels.
    fn spread(&mut self, [x, y]: [f64; 2], std: f64, kg: f64) {
        let (xs, wx) = shares(x, std, self.samples);
        let (ys, wy) = shares(y, std, self.lines);
        for (l, &v) in wy.iter().enumerate() {
            let at = (ys + l) * self.samples + xs;
            for (cell, &u) in self.kg[at..at + wx.len()].iter_mut().zip(&wx) {
                *cell += kg * u * v;
            }
        }
    }
}

/// First pixel and the share of a Gaussian in each pixel of an axis, within five deviations.
fn shares(centre: f64, std: f64, pixels: usize) -> (usize, Vec<f64>) {
    let from = (centre - 5.0 * std).floor().clamp(0.0, pixels as f64) as usize;
    let to = (centre + 5.0 * std).ceil().clamp(0.0, pixels as f64) as usize;
    let below = |edge: usize| {
        0.5 * erf_complement((centre - edge as f64) / (std * std::f64::consts::SQRT_2))
    };
    let edges: Vec<f64> = (from..=to.max(from)).map(below).collect();
    (from, edges.windows(2).map(|e| e[1] - e[0]).collect())
}

/// erfc by Numerical Recipes' Chebyshev fit, relative error below 1.2e-7.
fn erf_complement(x: f64) -> f64 {
    let z = x.abs();
    let t = 1.0 / (1.0 + 0.5 * z);
    let series = [
        -1.265_512_23,
        1.000_023_68,
        0.374_091_96,
        0.096_784_18,
        -0.186_288_06,
        0.278_868_07,
        -1.135_203_98,
        1.488_515_87,
        -0.822_152_23,
        0.170_872_77,
    ];
    let poly = series.iter().rev().fold(0.0, |acc, c| acc * t + c);
    let r = t * (-z * z + poly).exp();
    if x >= 0.0 { r } else { 2.0 - r }
}

fn gaussian(grid: &mut Grid, frame: &Frame, plume: &PlumeChoice, wind: &WindChoice) -> f64 {
    let [dx, dy] = frame.downwind(wind);
    let step_m = frame.pixel_m * 0.25;
    let steps = (plume.length_m / step_m).ceil() as usize;
    let kg = plume.rate_kg_h / 3600.0 * step_m / wind.speed_m_s;
    for i in 0..steps {
        let x = (i as f64 + 0.5) * step_m;
        let std_m = SOURCE_M + 0.08 * x / (1.0 + 1e-4 * x).sqrt();
        let centre = [plume.sample + dx * x / frame.pixel_m, plume.line + dy * x / frame.pixel_m];
        across(grid, centre, [dx, dy], std_m / frame.pixel_m, kg);
    }
    kg * steps as f64
}

/// A slice across the wind: points within four deviations, none along the wind.
fn across(grid: &mut Grid, [x, y]: [f64; 2], [dx, dy]: [f64; 2], std: f64, kg: f64) {
    let points = ((8.0 * std / 0.5).ceil() as i32).max(8);
    let offsets: Vec<f64> =
        (0..points).map(|i| 8.0 * ((f64::from(i) + 0.5) / f64::from(points) - 0.5)).collect();
    let weights: Vec<f64> = offsets.iter().map(|o| (-0.5 * o * o).exp()).collect();
    let total: f64 = weights.iter().sum();
    for (o, w) in offsets.iter().zip(&weights) {
        let (s, l) = (x - dy * o * std, y + dx * o * std);
        if s >= 0.0 && l >= 0.0 && (s as usize) < grid.samples && (l as usize) < grid.lines {
            grid.kg[l as usize * grid.samples + s as usize] += kg * w / total;
        }
    }
}

/// One wave of the turbulent wind.
#[derive(Clone, Copy)]
struct Wave {
    /// Wave vector, rad m⁻¹.
    k: [f64; 2],
    /// Velocity along each axis, m s⁻¹, at right angles to `k`.
    v: [f64; 2],
    /// Frequency, rad s⁻¹, and phase.
    omega: f64,
    phase: f64,
}

/// Random waves with Kolmogorov's share of energy at each length.
fn waves(rng: &mut Xoshiro256PlusPlus, rms: f64) -> Vec<Wave> {
    let ratio = (LONGEST_M / SHORTEST_M).powf(1.0 / (WAVES - 1) as f64);
    let lengths = (0..WAVES).map(|i| LONGEST_M / ratio.powi(i as i32));
    // Energy in equal logarithmic steps goes as length^(2/3).
    let strengths: Vec<(f64, f64)> = lengths.map(|l| (l, l.powf(1.0 / 3.0))).collect();
    let power: f64 = strengths.iter().map(|(_, s)| 0.5 * s * s).sum();
    strengths
        .iter()
        .map(|&(length, strength)| {
            let angle = std::f64::consts::TAU * rng.random::<f64>();
            let speed = strength * rms * (2.0 / power).sqrt();
            let k = std::f64::consts::TAU / length;
            Wave {
                k: [k * angle.cos(), k * angle.sin()],
                v: [-speed * angle.sin(), speed * angle.cos()],
                omega: 0.4 * k * speed,
                phase: std::f64::consts::TAU * rng.random::<f64>(),
            }
        })
        .collect()
}

fn puffs(grid: &mut Grid, frame: &Frame, plume: &PlumeChoice, wind: &WindChoice, seed: u64) -> f64 {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(mix(seed));
    let u = wind.speed_m_s;
    let field = waves(&mut rng, plume.turbulence * u);
    let [dx, dy] = frame.downwind(wind);
    let age_max = plume.length_m / u;
    let interval = (0.4 * frame.pixel_m / u).clamp(0.15, 3.0).min(age_max / 20.0);
    let count = (age_max / interval).round() as usize;
    let interval = age_max / count as f64;
    let kg = plume.rate_kg_h / 3600.0 * interval;
    for i in 0..count {
        let age = (i as f64 + 0.5) * interval;
        let [x, y] = ride(&field, u, age);
        let own: f64 = StandardNormal.sample(&mut rng);
        let std_m =
            (SOURCE_M + 0.042 * u * age / (1.0 + 2e-4 * u * age).sqrt()) * (0.12 * own).exp();
        let place = [
            plume.sample + (dx * x - dy * y) / frame.pixel_m,
            plume.line + (dy * x + dx * y) / frame.pixel_m,
        ];
        grid.spread(place, std_m / frame.pixel_m, kg);
    }
    kg * count as f64
}

/// Where a puff of an age is now, m downwind and across: midpoint steps from its release to now.
fn ride(field: &[Wave], mean: f64, age: f64) -> [f64; 2] {
    let steps = (age / 2.0).ceil().max(4.0);
    let dt = age / steps;
    let (mut place, mut t) = ([0.0, 0.0], -age);
    for _ in 0..steps as usize {
        let v = wind_at(field, mean, place, t);
        let half = [place[0] + 0.5 * dt * v[0], place[1] + 0.5 * dt * v[1]];
        let v = wind_at(field, mean, half, t + 0.5 * dt);
        place = [place[0] + dt * v[0], place[1] + dt * v[1]];
        t += dt;
    }
    place
}

/// Wind at a place in the ground's frame; the waves drift with the mean wind.
fn wind_at(field: &[Wave], mean: f64, [x, y]: [f64; 2], t: f64) -> [f64; 2] {
    let mut v = [mean, 0.0];
    for w in field {
        let turn = w.k[0] * (x - mean * t) + w.k[1] * y + w.omega * t + w.phase;
        let s = turn.sin();
        v[0] += w.v[0] * s;
        v[1] += w.v[1] * s;
    }
    v
}

/// Fills an outline: column in proportion to the distance from its edge to the power 0.7.
fn stamp(
    grid: &mut Grid,
    frame: &Frame,
    plume: &PlumeChoice,
    wind: &WindChoice,
    outline: &Outline,
) -> f64 {
    let pixels = outline.inside.iter().filter(|&&i| i).count();
    if pixels == 0 {
        return 0.0;
    }
    let length_m = (pixels as f64 * frame.area_m2()).sqrt();
    let kg = plume.rate_kg_h / 3600.0 * length_m / wind.speed_m_s;
    let weights: Vec<f64> = edge_distance(outline).into_iter().map(|d| d.powf(0.7)).collect();
    let total: f64 = weights.iter().sum();
    for (i, w) in weights.iter().enumerate() {
        let l = plume.line as i64 + (i / outline.samples) as i64;
        let s = plume.sample as i64 + (i % outline.samples) as i64;
        if (0..grid.lines as i64).contains(&l) && (0..grid.samples as i64).contains(&s) {
            grid.kg[l as usize * grid.samples + s as usize] += kg * w / total;
        }
    }
    kg
}

/// Distance of every pixel inside from the outside, in pixels, by two sweeps (3-4 chamfer).
fn edge_distance(outline: &Outline) -> Vec<f64> {
    let (lines, samples) = (outline.lines, outline.samples);
    let far = 3 * (lines + samples);
    let mut d: Vec<usize> = outline.inside.iter().map(|&i| if i { far } else { 0 }).collect();
    let relax = |d: &mut Vec<usize>, l: usize, s: usize, sign: i64| {
        for (dl, ds, cost) in [(0, -1, 3), (-1, -1, 4), (-1, 0, 3), (-1, 1, 4)] {
            let (nl, ns) = (l as i64 + sign * dl, s as i64 + sign * ds);
            let inside = (0..lines as i64).contains(&nl) && (0..samples as i64).contains(&ns);
            let other = if inside { d[nl as usize * samples + ns as usize] } else { 0 };
            d[l * samples + s] = d[l * samples + s].min(other + cost);
        }
    };
    for l in 0..lines {
        for s in 0..samples {
            relax(&mut d, l, s, 1);
        }
    }
    for l in (0..lines).rev() {
        for s in (0..samples).rev() {
            relax(&mut d, l, s, -1);
        }
    }
    d.into_iter().map(|d| d as f64 / 3.0).collect()
}
