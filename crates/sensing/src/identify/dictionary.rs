//! Directions that explanations are made of, and their products.
//!
//! The evidence of any choice of directions D follows from `DᵀD` and `Dᵀz` alone, so both are made once.

use std::ops::Range;

use cathartes_core::gas::OF_ALL_AIR;

use crate::{bank::Target, linear::dot};

use super::{IdentifyError, Lens};

/// Column times contrast, ppm m K, that plumes hardly ever have: 1 % of the air over a metre, at 3 K.
const MOST_PPMM_K: f64 = 30_000.0;
/// Relative misfit of a tabulated shape, band by band.
const BY_BAND: f64 = 0.05;
/// Relative misfit over wide stretches of the spectrum, and how many cosines make it.
const SMOOTH: f64 = 0.07;
const SMOOTH_COSINES: usize = 5;
/// Bands of a gas with a misfit of their own.
const OWN_BANDS: usize = 10;
/// Cosines of another surface.
const SURFACE_COSINES: usize = 10;
/// Cosines of a gas that nobody listed; a band is hardly narrower than the last.
const UNLISTED_COSINES: usize = 96;

/// Everything an explanation may use.
#[derive(Debug, Clone)]
pub(super) struct Dictionary {
    pub(super) gases: Vec<Gas>,
    /// Where the directions of another surface stand.
    pub(super) surface: Range<usize>,
    /// Where those of a gas that nobody listed stand, for r = 1 together.
    pub(super) unlisted: Range<usize>,
    /// Variance a band of such a gas that no direction stands for.
    pub(super) unlisted_loose: f64,
    /// Length of z.
    pub(super) bands: f64,
    directions: Vec<Vec<f64>>,
    gram: Vec<f64>,
}

/// One gas: its own direction of unit length, then those of its misfit, for r = 1.
#[derive(Debug, Clone)]
pub(super) struct Gas {
    pub(super) slug: String,
    pub(super) first: usize,
    pub(super) end: usize,
    /// |h|: signal-to-noise ratio per ppm m K.
    pub(super) per_ppmm_k: f64,
    /// The signal-to-noise ratio that no plume exceeds, for want of so much gas.
    pub(super) most_snr: f64,
    /// Variance a band of the misfit that no direction stands for.
    pub(super) loose: f64,
}

/// What is seen, as far as explanations care.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Data {
    /// Dᵀz.
    pub(super) b: Vec<f64>,
    /// zᵀz.
    pub(super) square: f64,
}

impl Dictionary {
    pub(super) fn new(lens: &Lens, targets: &[Target]) -> Result<Self, IdentifyError> {
        if targets.is_empty() {
            return Err(IdentifyError::NoTarget);
        }
        let bands = lens.bands();
        let mut directions = Vec::new();
        let mut gases = Vec::new();
        for target in targets {
            let first = directions.len();
            let bad = || IdentifyError::BadTarget { gas: target.gas.clone(), bands };
            let (own, per_ppmm_k, loose) = of_gas(lens, &target.per_ppmm_k).ok_or_else(bad)?;
            directions.extend(own);
            let (slug, end) = (target.gas.clone(), directions.len());
            let of_air = OF_ALL_AIR.contains(&slug.as_str());
            let most_snr = if of_air { f64::INFINITY } else { per_ppmm_k * MOST_PPMM_K };
            gases.push(Gas { slug, first, end, per_ppmm_k, most_snr, loose });
        }
        let first = directions.len();
        directions.extend((0..SURFACE_COSINES).map(|j| lens.of_relative(&wave(j, bands))));
        let surface = first..directions.len();
        let (unlisted, unlisted_loose) = unlisted(lens, targets);
        directions.extend(unlisted);
        let unlisted = surface.end..directions.len();
        let gram = products(&directions);
        let bands = bands as f64;
        Ok(Self { gases, surface, unlisted, unlisted_loose, bands, directions, gram })
    }

    pub(super) fn data(&self, z: &[f64]) -> Data {
        let b = self.directions.iter().map(|d| dot(d, z)).collect();
        Data { b, square: dot(z, z) }
    }

    /// What would be seen, noise apart, of gases with signal-to-noise ratios.
    pub(super) fn without_noise(&self, gases: &[(usize, f64)]) -> Data {
        let m = self.directions.len();
        let mut b = vec![0.0; m];
        let mut square = self.bands;
        for &(g, snr) in gases {
            let at = self.gases[g].first;
            (0..m).for_each(|i| b[i] += snr * self.product(i, at));
            let others = gases.iter().map(|&(h, s)| s * self.product(self.gases[h].first, at));
            square += snr * others.sum::<f64>();
        }
        Data { b, square }
    }

    pub(super) fn product(&self, i: usize, j: usize) -> f64 {
        self.gram[i * self.directions.len() + j]
    }
}

/// Directions of a gas, its |h|, and the misfit that is left.
fn of_gas(lens: &Lens, target: &[f64]) -> Option<(Vec<Vec<f64>>, f64, f64)> {
    let p = lens.bands();
    if target.len() != p {
        return None;
    }
    let shape = lens.relative(target);
    let h = lens.of_relative(&shape);
    let length = dot(&h, &h).sqrt();
    if !(length > 0.0 && length.is_finite()) {
        return None;
    }
    let scaled = |v: Vec<f64>, by: f64| v.iter().map(|x| x * by / length).collect::<Vec<f64>>();
    let smooth = SMOOTH * (2.0 / SMOOTH_COSINES as f64).sqrt();
    let bent = |j: usize| shape.iter().zip(wave(j, p)).map(|(s, w)| s * w).collect::<Vec<f64>>();
    let mut directions = vec![scaled(h, 1.0)];
    directions.extend((1..=SMOOTH_COSINES).map(|j| scaled(lens.of_relative(&bent(j)), smooth)));
    let mut power: Vec<(f64, usize)> =
        (0..p).map(|b| (shape[b].powi(2) * lens.power(b), b)).collect();
    power.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let (own, rest) = power.split_at(OWN_BANDS.min(p));
    directions.extend(own.iter().map(|&(_, b)| scaled(lens.column(b), BY_BAND * shape[b])));
    let left: f64 = rest.iter().map(|r| r.0).sum();
    Some((directions, length, BY_BAND.powi(2) * left / (length * length * p as f64)))
}

/// What a gas looks like that nobody listed: as rough as those listed, anywhere. Cosines as deep as the
/// library has them in the mean, all together as long as one gas; and what the narrowest leave out.
fn unlisted(lens: &Lens, targets: &[Target]) -> (Vec<Vec<f64>>, f64) {
    let p = lens.bands();
    let shapes: Vec<Vec<f64>> = targets.iter().map(|t| lens.relative(&t.per_ppmm_k)).collect();
    let mut all: Vec<Vec<f64>> = (0..p)
        .map(|j| {
            let wave = wave(j, p);
            let power = |s: &Vec<f64>| dot(s, &wave).powi(2) / dot(s, s);
            let depth = shapes.iter().map(power).sum::<f64>().sqrt();
            lens.of_relative(&wave).into_iter().map(|x| x * depth).collect()
        })
        .collect();
    let total: f64 = all.iter().map(|d| dot(d, d)).sum();
    all.iter_mut().flatten().for_each(|x| *x /= total.sqrt());
    let narrow = all.split_off(UNLISTED_COSINES.min(p));
    (all, narrow.iter().map(|d| dot(d, d)).sum::<f64>() / p as f64)
}

fn wave(j: usize, bands: usize) -> Vec<f64> {
    (0..bands).map(|band| cosine(j, band, bands)).collect()
}

fn cosine(j: usize, band: usize, bands: usize) -> f64 {
    let x = (band as f64 + 0.5) / bands as f64;
    (std::f64::consts::PI * j as f64 * x).cos()
}

/// All products, row by row.
fn products(directions: &[Vec<f64>]) -> Vec<f64> {
    let m = directions.len();
    let mut gram = vec![0.0; m * m];
    for i in 0..m {
        for j in 0..=i {
            let product = dot(&directions[i], &directions[j]);
            gram[i * m + j] = product;
            gram[j * m + i] = product;
        }
    }
    gram
}
