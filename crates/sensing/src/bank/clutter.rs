//! What the ground looks like without gas: a mean a detector column, mean and covariance a kind of
//! ground.
//!
//! ```text
//! y = x/μ_column − 1,   y of kind k ~ (m_k, C_k),   C_k = L_k L_kᵀ
//! ```
//!
//! Columns share the covariances: they see the same ground, and gain is divided out. Each covariance is
//! shrunk to its diagonal by leave-one-out likelihood (see `filter`). Images with fewer than
//! [`LINES`] lines have one mean for all columns: theirs would follow the ground.

use cathartes_core::cube::Cube;
use rayon::prelude::*;

use super::{BankOptions, kinds::Kinds};
use crate::{
    filter::{leave_one_out_shrinkage, shrink},
    linear::{add_products, cholesky, inverse_lower},
};

/// Fewest lines from which a column has a mean of its own.
const LINES: usize = 64;
/// Most pixels from which kinds are learnt.
const SOME: usize = 20_000;
/// Pixels a band that a kind must have.
const PIXELS_PER_BAND: usize = 6;
/// Rows that are summed together.
const ROWS: usize = 2048;
/// The label of a pixel that is not in use.
pub(crate) const NOTHING: u8 = u8::MAX;

/// One kind of ground.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Kind {
    /// m, relative to the mean of the column.
    pub(crate) mean: Vec<f32>,
    /// L⁻¹ by rows, padded with zeros.
    pub(crate) whitener: Vec<f32>,
    /// L.
    pub(crate) factor: Vec<f64>,
}

/// The ground of a scene.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Clutter {
    /// 1/μ by column and band.
    inverse: Vec<Vec<f32>>,
    /// μ of the scene.
    mean: Vec<f64>,
    kinds: Vec<Kind>,
    labels: Vec<u8>,
}

impl Clutter {
    /// Learns from the pixels of `background`, labels those of `used`.
    pub(crate) fn learn(
        cube: &Cube,
        (used, background): (&[bool], &[bool]),
        options: BankOptions,
    ) -> Option<Self> {
        let (columns, mean) = means(cube, background)?;
        let inverse = columns.iter().map(|c| c.iter().map(|m| m.recip() as f32).collect());
        let mut clutter =
            Self { inverse: inverse.collect(), mean, kinds: Vec::new(), labels: Vec::new() };
        let p = cube.bands.len();
        let known: Vec<usize> = (0..background.len()).filter(|&at| background[at]).collect();
        let every = known.len().div_ceil(SOME).max(1);
        let some: Vec<f32> =
            known.iter().step_by(every).flat_map(|&at| clutter.relative(cube, at)).collect();
        let mut kinds =
            Kinds::learn(&some, p, options.kinds.min(usize::from(NOTHING)), options.seed)?;
        clutter.label(cube, used, &kinds);
        let counts: Vec<usize> = (0..kinds.count())
            .map(|k| known.iter().filter(|&&at| usize::from(clutter.labels[at]) == k).count())
            .collect();
        kinds.keep(&counts, PIXELS_PER_BAND * p);
        clutter.label(cube, used, &kinds);
        clutter.kinds = (0..kinds.count())
            .into_par_iter()
            .map(|k| {
                let own = known.iter().copied().filter(|&at| usize::from(clutter.labels[at]) == k);
                clutter.kind(cube, own)
            })
            .collect::<Option<_>>()?;
        Some(clutter)
    }

    pub(crate) fn kinds(&self) -> &[Kind] {
        &self.kinds
    }

    /// The kind of every pixel, [`NOTHING`] where it is not in use.
    pub(crate) fn labels(&self) -> &[u8] {
        &self.labels
    }

    /// A change of radiance relative to the mean of the scene.
    pub(crate) fn relative_change(&self, radiance: &[f64]) -> Vec<f64> {
        radiance.iter().zip(&self.mean).map(|(x, m)| x / m).collect()
    }

    /// Mean radiance of the scene, by band.
    pub(crate) fn mean(&self) -> &[f64] {
        &self.mean
    }

    /// y of a pixel.
    pub(crate) fn relative(&self, cube: &Cube, at: usize) -> Vec<f32> {
        let p = cube.bands.len();
        let inverse = &self.inverse[at % cube.samples];
        cube.data[at * p..(at + 1) * p].iter().zip(inverse).map(|(x, i)| x * i - 1.0).collect()
    }

    fn label(&mut self, cube: &Cube, used: &[bool], kinds: &Kinds) {
        let label = |at: usize| {
            if used[at] { kinds.label(&self.relative(cube, at)) as u8 } else { NOTHING }
        };
        self.labels = (0..used.len()).into_par_iter().map(label).collect();
    }

    fn kind(&self, cube: &Cube, pixels: impl Iterator<Item = usize>) -> Option<Kind> {
        let p = cube.bands.len();
        let pixels: Vec<usize> = pixels.collect();
        let n = pixels.len() as f64;
        let (mut sum, mut outer) = (vec![0.0_f64; p], vec![0.0_f64; p * p]);
        let mut scratch = Vec::new();
        for block in pixels.chunks(ROWS) {
            let rows: Vec<f32> = block.iter().flat_map(|&at| self.relative(cube, at)).collect();
            add_products(&rows, &mut sum, &mut outer, &mut scratch);
        }
        let mean: Vec<f64> = sum.iter().map(|s| s / n).collect();
        let mut factor = outer;
        for a in 0..p {
            for b in 0..=a {
                factor[a * p + b] = factor[a * p + b] / n - mean[a] * mean[b];
            }
        }
        let shrinkage = leave_one_out_shrinkage(&factor, p, pixels.len());
        shrink(&mut factor, p, shrinkage);
        cholesky(&mut factor, p)?;
        Some(Kind {
            mean: mean.iter().map(|m| *m as f32).collect(),
            whitener: inverse_lower(&factor, p).iter().map(|x| *x as f32).collect(),
            factor,
        })
    }
}

/// Mean of every column and of the scene; a column without background has the scene's.
fn means(cube: &Cube, background: &[bool]) -> Option<(Vec<Vec<f64>>, Vec<f64>)> {
    let p = cube.bands.len();
    let mut sums = vec![(0.0_f64, vec![0.0_f64; p]); cube.samples];
    for (at, spectrum) in cube.data.chunks_exact(p).enumerate().filter(|(at, _)| background[*at]) {
        let (n, sum) = &mut sums[at % cube.samples];
        *n += 1.0;
        sum.iter_mut().zip(spectrum).for_each(|(s, x)| *s += f64::from(*x));
    }
    let n: f64 = sums.iter().map(|s| s.0).sum();
    let mean: Vec<f64> = (0..p).map(|b| sums.iter().map(|s| s.1[b]).sum::<f64>() / n).collect();
    let own = |(n, sum): (f64, Vec<f64>)| {
        let enough = cube.lines >= LINES && n >= LINES as f64 / 2.0;
        if enough { sum.into_iter().map(|s| s / n).collect() } else { mean.clone() }
    };
    let columns: Vec<Vec<f64>> = sums.into_iter().map(own).collect();
    let whole = |c: &Vec<f64>| c.iter().all(|m| *m > 0.0 && m.is_finite());
    (n > 0.0 && columns.iter().all(whole)).then_some((columns, mean))
}
