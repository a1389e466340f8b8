//! Kinds of ground: k-means on the first principal scores, each in its own deviation.
//!
//! ```text
//! t_j = v_jᵀ y / d_j,   label = argmin_k |t − c_k|²
//! ```
//!
//! with `v_j` the leading eigenvectors of the covariance of `y` and `d_j` the deviations along them:
//! in radiance units temperature alone would decide. Centres begin by k-means++ from a seed, on every
//! n-th pixel, and move ten times.
//!
//! Arthur & Vassilvitskii (2007), Proc. SODA, 1027.

use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::{linear::add_products, look_alike::ground::components};

/// Principal scores.
const SCORES: usize = 5;
/// Times the centres move.
const MOVES: usize = 10;

/// What tells kinds of ground apart.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Kinds {
    /// `v_j/d_j`.
    axes: Vec<Vec<f32>>,
    centres: Vec<Vec<f32>>,
}

impl Kinds {
    /// Learns from some rows of `p` bands each.
    pub(crate) fn learn(rows: &[f32], p: usize, kinds: usize, seed: u64) -> Option<Self> {
        let (mut sum, mut covariance) = (vec![0.0; p], vec![0.0; p * p]);
        add_products(rows, &mut sum, &mut covariance, &mut Vec::new());
        let axes: Vec<Vec<f32>> = components(&covariance, p)?
            .into_iter()
            .take(SCORES)
            .map(|axis| scaled(rows, &axis))
            .collect();
        let scores: Vec<Vec<f32>> = rows.chunks_exact(p).map(|row| along(&axes, row)).collect();
        let mut centres = begin(&scores, kinds.max(1), seed)?;
        for _ in 0..MOVES {
            centres = moved(&scores, centres);
        }
        Some(Self { axes, centres })
    }

    pub(crate) fn count(&self) -> usize {
        self.centres.len()
    }

    pub(crate) fn label(&self, row: &[f32]) -> usize {
        nearest(&self.centres, &along(&self.axes, row)).0
    }

    /// The same without kinds that have too few pixels; never without the largest.
    pub(crate) fn keep(&mut self, pixels: &[usize], fewest: usize) {
        let most = pixels.iter().copied().max().unwrap_or(0);
        let mut counts = pixels.iter();
        self.centres.retain(|_| counts.next().is_some_and(|&n| n >= fewest || n == most));
    }
}

fn scaled(rows: &[f32], axis: &[f64]) -> Vec<f32> {
    let p = axis.len();
    let along = |row: &[f32]| row.iter().zip(axis).map(|(x, a)| f64::from(*x) * a).sum::<f64>();
    let power: f64 = rows.chunks_exact(p).map(|row| along(row).powi(2)).sum();
    let deviation = (power / (rows.len() / p) as f64).sqrt().max(1e-300);
    axis.iter().map(|a| (a / deviation) as f32).collect()
}

fn along(axes: &[Vec<f32>], row: &[f32]) -> Vec<f32> {
    axes.iter().map(|axis| crate::linear::dot32(axis, row)).collect()
}

fn nearest(centres: &[Vec<f32>], score: &[f32]) -> (usize, f32) {
    let apart = |c: &[f32]| c.iter().zip(score).map(|(a, b)| (a - b).powi(2)).sum::<f32>();
    let all = centres.iter().map(|c| apart(c)).enumerate();
    all.fold((0, f32::INFINITY), |best, next| if next.1 < best.1 { next } else { best })
}

/// k-means++: the next centre is drawn by the square of its distance from those there are.
fn begin(scores: &[Vec<f32>], kinds: usize, seed: u64) -> Option<Vec<Vec<f32>>> {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut centres = vec![scores.get(random.random_range(0..scores.len().max(1)))?.clone()];
    while centres.len() < kinds {
        let apart: Vec<f64> = scores.iter().map(|s| f64::from(nearest(&centres, s).1)).collect();
        let mut left = random.random::<f64>() * apart.iter().sum::<f64>();
        let at = apart.iter().position(|d| {
            left -= d;
            left < 0.0
        });
        centres.push(scores[at.unwrap_or(scores.len() - 1)].clone());
    }
    Some(centres)
}

fn moved(scores: &[Vec<f32>], centres: Vec<Vec<f32>>) -> Vec<Vec<f32>> {
    let mut sums = vec![(0.0_f64, vec![0.0_f64; centres[0].len()]); centres.len()];
    for score in scores {
        let (n, sum) = &mut sums[nearest(&centres, score).0];
        *n += 1.0;
        sum.iter_mut().zip(score).for_each(|(s, x)| *s += f64::from(*x));
    }
    let mean = |(n, sum): &(f64, Vec<f64>)| sum.iter().map(|s| (s / n) as f32).collect();
    sums.iter().zip(centres).map(|(s, old)| if s.0 > 0.0 { mean(s) } else { old }).collect()
}
