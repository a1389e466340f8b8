//! Mean and covariance of the ground, column by column, from sums that can be added and taken
//! away.
//!
//! In one detector column with first mean `μ₀` every pixel is read as `y = x/μ₀ − 1`, so that
//! columns of different gain can be compared and pooled. Kept per column are
//!
//! ```text
//! n,   Σ y,   Σ y yᵀ
//! ```
//!
//! over the pixels in use. Taking the plume found so far out of the statistics is a subtraction of
//! its pixels, far cheaper than another pass. With `m = Σy/n` the mean is `μ₀ (1 + m)` and the
//! covariance in units of that mean is `(Σyyᵀ/n − mmᵀ) / ((1+m)(1+m)ᵀ)`.
//!
//! Pooling adds the centred scatter of neighbouring columns, each about its own mean: columns see
//! the same kinds of ground but through different gain.
//!
//! Radiance in any unit. Products are summed in `f32` over 256 pixels and in `f64` beyond, apart
//! from brightness, which all bands share (see [`crate::linear::add_products`]): the covariance is good
//! to about 1e-6 of the variance that is left without it. Summed with it, single precision cost the
//! filters up to 280 ppm m in a pixel.

use std::ops::Range;

use cathartes_core::{cube::Cube, signature::Signature};
use rayon::prelude::*;

use crate::{linear::add_products, signature::transmittances};

/// Columns that are gathered together: their spectra lie side by side in a line of the cube.
const TILE: usize = 8;
/// Pixels of a column that tell its rough mean.
const SAMPLED: usize = 128;

/// Sums over the pixels in use of one column.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Sums {
    /// μ₀, the unit of every band; empty when the column has no pixel.
    pub(crate) unit: Vec<f32>,
    /// Pixels.
    pub(crate) n: usize,
    /// Σ y.
    pub(crate) sum: Vec<f64>,
    /// Σ y yᵀ, lower half.
    pub(crate) outer: Vec<f64>,
}

/// Mean and covariance of one column.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Moments {
    /// μ, radiance.
    pub(crate) mean: Vec<f64>,
    /// Pixels it is from, neighbours included.
    pub(crate) n: usize,
    /// C in units of the mean, lower half.
    pub(crate) covariance: Vec<f64>,
}

/// Sums of every column over the pixels that `used` marks.
pub(crate) fn sums(cube: &Cube, used: &[bool]) -> Vec<Sums> {
    let tiles: Vec<Vec<Sums>> =
        tiles(cube).into_par_iter().map(|t| tile_sums(cube, used, t)).collect();
    tiles.into_iter().flatten().collect()
}

fn tiles(cube: &Cube) -> Vec<Range<usize>> {
    let firsts = (0..cube.samples).step_by(TILE);
    firsts.map(|first| first..(first + TILE).min(cube.samples)).collect()
}

fn tile_sums(cube: &Cube, used: &[bool], columns: Range<usize>) -> Vec<Sums> {
    let mut scratch = Vec::new();
    let units = rough_means(cube, used, columns.clone());
    gather(cube, used, columns, &units)
        .into_iter()
        .zip(units)
        .map(|(pixels, unit)| {
            if pixels.is_empty() {
                return Sums::default();
            }
            let mut sums = Sums::empty(unit);
            sums.accumulate(&pixels, &mut scratch);
            sums.in_units_of_their_mean()
        })
        .collect()
}

/// Adds the pixels of further lines that `used` marks to the sums of every column.
pub(crate) fn extend(sums: &mut [Sums], cube: &Cube, used: &[bool]) {
    sums.par_iter_mut().enumerate().for_each(|(sample, sums)| {
        if sums.unit.is_empty() {
            *sums = tile_sums(cube, used, sample..sample + 1).pop().unwrap_or_default();
        } else {
            sums.accumulate(&column(cube, used, sample, &sums.unit), &mut Vec::new());
        }
    });
}

/// The mean of some used pixels of each column of a tile, spread over its lines: near enough to the
/// mean of all to be a first unit.
fn rough_means(cube: &Cube, used: &[bool], columns: Range<usize>) -> Vec<Vec<f32>> {
    let some = |sample: usize| {
        let is_used = move |line: &usize| used[line * cube.samples + sample];
        let n = (0..cube.lines).filter(is_used).count();
        (0..cube.lines).filter(is_used).step_by((n / SAMPLED).max(1))
    };
    columns
        .map(|sample| {
            let (mut total, mut n) = (vec![0.0_f32; cube.bands.len()], 0.0_f32);
            for line in some(sample) {
                total.iter_mut().zip(cube.spectrum(line, sample)).for_each(|(t, x)| *t += x);
                n += 1.0;
            }
            for t in &mut total {
                *t /= n;
            }
            total
        })
        .collect()
}

/// The used pixels of each column of a tile in its units, less one; each column's spectra one after
/// the other.
fn gather(cube: &Cube, used: &[bool], columns: Range<usize>, units: &[Vec<f32>]) -> Vec<Vec<f32>> {
    let p = cube.bands.len();
    let inverse: Vec<Vec<f32>> = units.iter().map(|unit| inverse(unit)).collect();
    let mut pixels = vec![Vec::with_capacity(cube.lines * p); columns.len()];
    for line in 0..cube.lines {
        for ((into, inverse), sample) in pixels.iter_mut().zip(&inverse).zip(columns.clone()) {
            if used[line * cube.samples + sample] {
                let spectrum = cube.spectrum(line, sample);
                into.extend(spectrum.iter().zip(inverse).map(|(x, i)| x * i - 1.0));
            }
        }
    }
    pixels
}

/// Something made of the used pixels of every column, given as [`column`] gives them.
pub(crate) fn by_column<T: Send>(
    cube: &Cube,
    used: &[bool],
    units: &[Vec<f32>],
    make: impl Fn(usize, Vec<f32>) -> T + Sync,
) -> Vec<T> {
    let of_tile = |tile: Range<usize>| -> Vec<T> {
        let pixels = gather(cube, used, tile.clone(), &units[tile.clone()]);
        tile.zip(pixels).map(|(column, pixels)| make(column, pixels)).collect()
    };
    let made: Vec<Vec<T>> = tiles(cube).into_par_iter().map(of_tile).collect();
    made.into_iter().flatten().collect()
}

/// The used pixels of one column in as many leading bands as `unit` has, in those units, less one.
pub(crate) fn column(cube: &Cube, used: &[bool], sample: usize, unit: &[f32]) -> Vec<f32> {
    let mut pixels = Vec::with_capacity(cube.lines * unit.len());
    for line in (0..cube.lines).filter(|line| used[line * cube.samples + sample]) {
        pixels.extend_from_slice(&cube.spectrum(line, sample)[..unit.len()]);
    }
    if !unit.is_empty() {
        normalise(&mut pixels, unit);
    }
    pixels
}

fn inverse(unit: &[f32]) -> Vec<f32> {
    unit.iter().map(|u| u.recip()).collect()
}

fn normalise(pixels: &mut [f32], unit: &[f32]) {
    let inverse = inverse(unit);
    for pixel in pixels.chunks_exact_mut(unit.len()) {
        for (x, i) in pixel.iter_mut().zip(&inverse) {
            *x = *x * i - 1.0;
        }
    }
}

impl Sums {
    fn empty(unit: Vec<f32>) -> Self {
        let p = unit.len();
        Self { unit, n: 0, sum: vec![0.0; p], outer: vec![0.0; p * p] }
    }

    fn accumulate(&mut self, rows: &[f32], scratch: &mut Vec<f32>) {
        self.n += rows.len() / self.unit.len();
        add_products(rows, &mut self.sum, &mut self.outer, scratch);
    }

    /// The same sums in units of the mean: with `k = u/μ₀` what was `y` becomes `k y + k − 1`.
    fn in_units_of_their_mean(mut self) -> Self {
        let n = self.n as f64;
        let mean: Vec<f32> = self.mean().into_iter().map(|m| m as f32).collect();
        let ratios = self.unit.iter().zip(&mean);
        let k: Vec<f64> = ratios.map(|(u, m)| f64::from(*u) / f64::from(*m)).collect();
        for (a, row) in self.outer.chunks_exact_mut(k.len()).enumerate() {
            let (ka, sa) = (k[a], self.sum[a]);
            for ((o, kb), sb) in row[..=a].iter_mut().zip(&k).zip(&self.sum) {
                let (da, db) = (ka - 1.0, kb - 1.0);
                *o = ka * kb * *o + ka * db * sa + da * kb * sb + n * da * db;
            }
        }
        self.sum.iter_mut().zip(&k).for_each(|(s, k)| *s = k * *s + n * (k - 1.0));
        self.unit = mean;
        self
    }

    /// The same sums without the given pixels of this column, in its units, less one.
    fn without(&self, pixels: &[f32], scratch: &mut Vec<f32>) -> Self {
        let mut out = self.clone();
        let mut gone = Self::empty(self.unit.clone());
        gone.accumulate(pixels, scratch);
        out.n -= gone.n;
        for (a, b) in out.sum.iter_mut().zip(&gone.sum) {
            *a -= b;
        }
        for (a, b) in out.outer.iter_mut().zip(&gone.outer) {
            *a -= b;
        }
        out
    }

    /// Σ of (y−m)(y−m)ᵀ over (1+m)(1+m)ᵀ, added to `into` with a weight; lower half.
    fn add_scatter(&self, weight: f64, into: &mut [f64]) {
        let (p, n) = (self.unit.len(), self.n as f64);
        if self.n == 0 {
            return;
        }
        let m: Vec<f64> = self.sum.iter().map(|s| s / n).collect();
        let scale: Vec<f64> = m.iter().map(|m| (1.0 + m).recip()).collect();
        for a in 0..p {
            let (ma, sa) = (m[a] * n, scale[a] * weight);
            let row = &self.outer[a * p..=a * p + a];
            for (b, (into, o)) in into[a * p..=a * p + a].iter_mut().zip(row).enumerate() {
                *into += (o - ma * m[b]) * sa * scale[b];
            }
        }
    }

    /// The sums of the leading bands alone.
    pub(crate) fn leading(&self, bands: usize) -> Self {
        let p = self.unit.len();
        let bands = bands.min(p);
        let rows = self.outer.chunks_exact(p.max(1)).take(bands);
        Self {
            unit: self.unit[..bands].to_vec(),
            n: self.n,
            sum: self.sum[..bands].to_vec(),
            outer: rows.flat_map(|row| row[..bands].iter().copied()).collect(),
        }
    }

    /// μ, radiance.
    pub(crate) fn mean(&self) -> Vec<f64> {
        let n = self.n as f64;
        self.unit.iter().zip(&self.sum).map(|(&u, s)| f64::from(u) * (1.0 + s / n)).collect()
    }
}

/// Sums of every column without the pixels that `plume` marks (which must have been used).
pub(crate) fn masked(cube: &Cube, sums: &[Sums], used: &[bool], plume: &[bool]) -> Vec<Sums> {
    let gone: Vec<bool> = used.iter().zip(plume).map(|(u, p)| *u && *p).collect();
    let one = |(sample, sums): (usize, &Sums)| {
        let pixels = column(cube, &gone, sample, &sums.unit);
        if pixels.is_empty() { sums.clone() } else { sums.without(&pixels, &mut Vec::new()) }
    };
    sums.par_iter().enumerate().map(one).collect()
}

/// Sums of every column with an estimated plume divided out: a pixel with `plume_ppmm` above zero
/// (which must have been used) counts with the radiance it would have without that much gas.
pub(crate) fn cleaned(
    cube: &Cube,
    sums: &[Sums],
    plume_ppmm: &[f32],
    signature: &Signature,
) -> Vec<Sums> {
    let clearing = Clearing::new(signature);
    let plume: Vec<bool> = plume_ppmm.iter().map(|a| *a > 0.0).collect();
    let one = |(sample, sums): (usize, &Sums)| {
        let mut pixels = column(cube, &plume, sample, &sums.unit);
        if pixels.is_empty() {
            return sums.clone();
        }
        let mut scratch = Vec::new();
        let mut out = sums.without(&pixels, &mut scratch);
        let thick = plume_ppmm.iter().skip(sample).step_by(cube.samples).filter(|a| **a > 0.0);
        for (pixel, &column_ppmm) in pixels.chunks_exact_mut(sums.unit.len()).zip(thick) {
            clearing.clear(pixel, column_ppmm);
        }
        out.accumulate(&pixels, &mut scratch);
        out
    };
    sums.par_iter().enumerate().map(one).collect()
}

/// The transmittance of a gas, to divide it out: rows by column, read linearly between.
struct Clearing(Vec<(f32, Vec<f32>)>);

impl Clearing {
    fn new(signature: &Signature) -> Self {
        let nothing = (0.0, vec![1.0; signature.unit_per_ppmm.len()]);
        let rows = transmittances(signature).into_iter().map(|(column_ppmm, transmittance)| {
            (column_ppmm as f32, transmittance.into_iter().map(|t| t as f32).collect())
        });
        Self(std::iter::once(nothing).chain(rows).collect())
    }

    /// Turns a pixel seen through gas into the pixel without it, both in units of a mean, less one.
    fn clear(&self, pixel: &mut [f32], column_ppmm: f32) {
        let k = self.0.partition_point(|row| row.0 <= column_ppmm).clamp(1, self.0.len() - 1);
        let ((from, low), (to, high)) = (&self.0[k - 1], &self.0[k]);
        let w = (column_ppmm - from) / (to - from);
        for ((y, low), high) in pixel.iter_mut().zip(low).zip(high) {
            *y = (1.0 + *y) / (low + w * (high - low)) - 1.0;
        }
    }
}

/// Mean of one column with the covariance of it and `reach` columns either side.
pub(crate) fn pooled(sums: &[Sums], column: usize, reach: usize) -> Option<Moments> {
    let own = sums.get(column).filter(|s| s.n > 0)?;
    let p = own.unit.len();
    let mut covariance = vec![0.0; p * p];
    let mut n = 0;
    let from = column.saturating_sub(reach);
    for s in &sums[from..(column + reach + 1).min(sums.len())] {
        s.add_scatter(1.0, &mut covariance);
        n += s.n.saturating_sub(1);
    }
    if n == 0 {
        return None;
    }
    for c in &mut covariance {
        *c /= n as f64;
    }
    Some(Moments { mean: own.mean(), n, covariance })
}

#[cfg(test)]
mod tests;
