//! Scores of all targets in one product a block of pixels.

use cathartes_core::cube::Cube;
use rayon::prelude::*;

use super::{Target, clutter::Clutter};
use crate::linear::{dot, forward, rows_times_rows};

/// Pixels whitened together.
const BLOCK: usize = 2048;
/// Decoys.
const DECOYS: usize = 8;

/// Unit directions of targets and decoys in whitened units, by kind of ground.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Directions {
    /// Rows of `p`: the targets, then the decoys; one matrix a kind.
    units: Vec<Vec<f32>>,
    /// σ by target and kind, ppm m K.
    pub(super) sigma: Vec<Vec<f64>>,
    /// How many independent gases the targets amount to.
    pub(super) independent: f64,
}

impl Directions {
    pub(super) fn of(clutter: &Clutter, targets: &[Target]) -> Option<Self> {
        let relative: Vec<Vec<f64>> =
            targets.iter().map(|t| clutter.relative_change(&t.per_ppmm_k)).collect();
        let decoys: Vec<Vec<f64>> = (0..DECOYS).map(|k| decoy(&relative, k)).collect();
        let mut sigma = vec![Vec::new(); targets.len()];
        let (mut units, mut independent) = (Vec::new(), f64::INFINITY);
        for kind in clutter.kinds() {
            let whitened = |h: &Vec<f64>| {
                let mut u = h.clone();
                forward(&kind.factor, &mut u);
                let length = dot(&u, &u).sqrt();
                for x in &mut u {
                    *x /= length;
                }
                (length > 0.0 && length.is_finite()).then_some((length, u))
            };
            let gases: Vec<(f64, Vec<f64>)> =
                relative.iter().map(whitened).collect::<Option<_>>()?;
            for (sigma, (length, _)) in sigma.iter_mut().zip(&gases) {
                sigma.push(length.recip());
            }
            let gases: Vec<Vec<f64>> = gases.into_iter().map(|g| g.1).collect();
            let decoys: Vec<(f64, Vec<f64>)> =
                decoys.iter().map(whitened).collect::<Option<_>>()?;
            let decoys = freed(decoys.into_iter().map(|d| d.1), &gases);
            independent = independent.min(independent_of(&gases));
            units.push(gases.iter().chain(&decoys).flatten().map(|x| *x as f32).collect());
        }
        Some(Self { units, sigma, independent: independent.max(1.0) })
    }
}

/// A target mirrored in band order and turned around.
fn decoy(targets: &[Vec<f64>], k: usize) -> Vec<f64> {
    let target = &targets[k * targets.len() / DECOYS];
    let mut mirrored: Vec<f64> = target.iter().rev().copied().collect();
    mirrored.rotate_left(k * target.len() / DECOYS);
    mirrored
}

/// Unit directions without their parts along the gases, as far as half of all directions allow.
fn freed(decoys: impl Iterator<Item = Vec<f64>>, gases: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let mut basis: Vec<Vec<f64>> = Vec::new();
    for gas in gases.iter().take(gases[0].len() / 2) {
        let mut left = gas.clone();
        take_off(&mut left, &basis);
        // What is left of a gas that the others span is rounding.
        if dot(&left, &left) > 1e-6 {
            basis.push(unit(left));
        }
    }
    decoys
        .map(|mut decoy| {
            take_off(&mut decoy, &basis);
            unit(decoy)
        })
        .collect()
}

fn take_off(vector: &mut [f64], basis: &[Vec<f64>]) {
    for b in basis.iter().chain(basis) {
        let along = dot(vector, b);
        vector.iter_mut().zip(b).for_each(|(x, b)| *x -= along * b);
    }
}

fn unit(mut vector: Vec<f64>) -> Vec<f64> {
    let length = dot(&vector, &vector).sqrt().max(1e-12);
    for x in &mut vector {
        *x /= length;
    }
    vector
}

/// Nyholt's number, `1 + (G − 1)(1 − Var λ / G)`, of unit directions: `Var λ` of a correlation matrix
/// is the sum of its squares off the diagonal over `G − 1`.
fn independent_of(gases: &[Vec<f64>]) -> f64 {
    let g = gases.len() as f64;
    let off: f64 = (0..gases.len())
        .flat_map(|i| (0..i).map(move |j| (i, j)))
        .map(|(i, j)| 2.0 * dot(&gases[i], &gases[j]).powi(2))
        .sum();
    if g < 2.0 { 1.0 } else { g - off / g }
}

/// What every pixel answers; NaN where it is not in use.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Scores {
    /// z of every target.
    pub(super) by_target: Vec<Vec<f32>>,
    /// z of every decoy.
    pub(super) by_decoy: Vec<Vec<f32>>,
    /// |w|.
    pub(super) length: Vec<f32>,
}

impl Scores {
    pub(super) fn of(cube: &Cube, clutter: &Clutter, directions: &Directions) -> Self {
        let p = cube.bands.len();
        let columns = directions.sigma.len() + DECOYS;
        let pixels = cube.lines * cube.samples;
        let starts: Vec<usize> = (0..pixels).step_by(BLOCK).collect();
        let blocks: Vec<(Vec<f32>, Vec<f32>)> = starts
            .into_par_iter()
            .map(|first| {
                let block = first..(first + BLOCK).min(pixels);
                scored(cube, clutter, &directions.units, block)
            })
            .collect();
        debug_assert!(directions.units.iter().all(|u| u.len() == columns * p));
        let column = |c: usize| {
            let own = blocks.iter().flat_map(|(z, length)| &z[c * length.len()..][..length.len()]);
            own.copied().collect()
        };
        let mut by_target: Vec<Vec<f32>> = (0..columns).into_par_iter().map(column).collect();
        let by_decoy = by_target.split_off(directions.sigma.len());
        let length = blocks.iter().flat_map(|(_, length)| length.iter().copied()).collect();
        Self { by_target, by_decoy, length }
    }
}

/// Scores, target by target, and lengths of a block.
fn scored(
    cube: &Cube,
    clutter: &Clutter,
    units: &[Vec<f32>],
    block: std::ops::Range<usize>,
) -> (Vec<f32>, Vec<f32>) {
    let p = cube.bands.len();
    let columns = units[0].len() / p;
    let (mut scores, mut lengths) =
        (vec![f32::NAN; block.len() * columns], vec![f32::NAN; block.len()]);
    for (k, (kind, units)) in clutter.kinds().iter().zip(units).enumerate() {
        let own: Vec<usize> =
            block.clone().filter(|&at| usize::from(clutter.labels()[at]) == k).collect();
        if own.is_empty() {
            continue;
        }
        let centred = |at: usize| {
            let y = clutter.relative(cube, at);
            y.into_iter().zip(&kind.mean).map(|(y, m)| y - m).collect::<Vec<f32>>()
        };
        let rows: Vec<f32> = own.iter().flat_map(|&at| centred(at)).collect();
        let mut whitened = vec![0.0_f32; rows.len()];
        rows_times_rows(&rows, &kind.whitener, p, &mut whitened);
        let mut z = vec![0.0_f32; own.len() * columns];
        // Target by target, as the maps are wanted.
        rows_times_rows(units, &whitened, p, &mut z);
        for (row, scores) in z.chunks_exact(own.len()).zip(scores.chunks_exact_mut(block.len())) {
            for (at, z) in own.iter().zip(row) {
                scores[at - block.start] = *z;
            }
        }
        for (at, w) in own.iter().zip(whitened.chunks_exact(p)) {
            lengths[at - block.start] = crate::linear::dot32(w, w).sqrt();
        }
    }
    (scores, lengths)
}
