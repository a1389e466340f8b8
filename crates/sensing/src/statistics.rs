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
//! from brightness, which all bands share (see [`crate::linear::add_outer`]): the covariance is good
//! to about 1e-6 of the variance that is left without it. Summed with it, single precision cost the
//! filters up to 280 ppm m in a pixel.

use std::ops::Range;

use cathartes_core::{cube::Cube, signature::Signature, units::PpmMetres};
use rayon::prelude::*;

use crate::linear::add_outer;

/// Columns that are gathered together: their spectra lie side by side in a line of the cube.
const TILE: usize = 8;

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
    let tiles: Vec<Range<usize>> = (0..cube.samples)
        .step_by(TILE)
        .map(|first| first..(first + TILE).min(cube.samples))
        .collect();
    let tiles: Vec<Vec<Sums>> = tiles.into_par_iter().map(|t| tile_sums(cube, used, t)).collect();
    tiles.into_iter().flatten().collect()
}

fn tile_sums(cube: &Cube, used: &[bool], columns: Range<usize>) -> Vec<Sums> {
    let p = cube.bands.len();
    let mut scratch = Vec::new();
    gather(cube, used, columns)
        .into_iter()
        .map(|mut pixels| {
            let Some(unit) = mean32(&pixels, p) else { return Sums::default() };
            normalise(&mut pixels, &unit);
            let mut sums = Sums { unit, sum: vec![0.0; p], outer: vec![0.0; p * p], n: 0 };
            sums.accumulate(&pixels, &mut scratch);
            sums
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

/// The used pixels of each column of a tile, each column's spectra one after the other.
fn gather(cube: &Cube, used: &[bool], columns: Range<usize>) -> Vec<Vec<f32>> {
    let p = cube.bands.len();
    let mut pixels = vec![Vec::with_capacity(cube.lines * p); columns.len()];
    for line in 0..cube.lines {
        for (into, sample) in pixels.iter_mut().zip(columns.clone()) {
            if used[line * cube.samples + sample] {
                into.extend_from_slice(cube.spectrum(line, sample));
            }
        }
    }
    pixels
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

fn mean32(pixels: &[f32], p: usize) -> Option<Vec<f32>> {
    let mean = mean(pixels, p)?;
    Some(mean.into_iter().map(|m| m as f32).collect())
}

fn mean(pixels: &[f32], p: usize) -> Option<Vec<f64>> {
    let n = pixels.len() / p;
    if n == 0 {
        return None;
    }
    let mut total = vec![0.0_f64; p];
    add_rows(pixels, p, &mut total);
    Some(total.into_iter().map(|t| t / n as f64).collect())
}

/// Adds every row to `total`, in `f32` over 64 rows and `f64` beyond.
fn add_rows(rows: &[f32], p: usize, total: &mut [f64]) {
    let mut part = vec![0.0_f32; p];
    for block in rows.chunks(64 * p) {
        part.fill(0.0);
        for row in block.chunks_exact(p) {
            for (s, x) in part.iter_mut().zip(row) {
                *s += x;
            }
        }
        for (t, &s) in total.iter_mut().zip(&part) {
            *t += f64::from(s);
        }
    }
}

fn normalise(pixels: &mut [f32], unit: &[f32]) {
    let inverse: Vec<f32> = unit.iter().map(|u| u.recip()).collect();
    for pixel in pixels.chunks_exact_mut(unit.len()) {
        for (x, i) in pixel.iter_mut().zip(&inverse) {
            *x = *x * i - 1.0;
        }
    }
}

impl Sums {
    fn accumulate(&mut self, rows: &[f32], scratch: &mut Vec<f32>) {
        let p = self.unit.len();
        self.n += rows.len() / p;
        add_rows(rows, p, &mut self.sum);
        add_outer(rows, p, &mut self.outer, scratch);
    }

    /// The same sums without the given spectra of this column.
    pub(crate) fn without(&self, mut spectra: Vec<f32>) -> Self {
        let p = self.unit.len();
        let mut out = self.clone();
        if p == 0 || spectra.is_empty() {
            return out;
        }
        normalise(&mut spectra, &self.unit);
        let mut gone =
            Self { unit: vec![0.0; p], sum: vec![0.0; p], outer: vec![0.0; p * p], n: 0 };
        gone.accumulate(&spectra, &mut Vec::new());
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
    let taken = |sample: usize| -> Vec<f32> {
        (0..cube.lines)
            .filter(|line| {
                let at = line * cube.samples + sample;
                plume[at] && used[at]
            })
            .flat_map(|line| cube.spectrum(line, sample).iter().copied())
            .collect()
    };
    sums.par_iter().enumerate().map(|(sample, s)| s.without(taken(sample))).collect()
}

/// Sums of every column with an estimated plume divided out: a pixel with `plume_ppmm` above zero
/// (which must have been used) counts with the radiance it would have without that much gas.
pub(crate) fn cleaned(
    cube: &Cube,
    sums: &[Sums],
    plume_ppmm: &[f32],
    signature: &Signature,
) -> Vec<Sums> {
    let p = cube.bands.len();
    sums.par_iter()
        .enumerate()
        .map(|(sample, sums)| {
            let at = (sample..plume_ppmm.len()).step_by(cube.samples);
            let plume: Vec<usize> = at.filter(|&at| plume_ppmm[at] > 0.0).collect();
            if plume.is_empty() || sums.unit.is_empty() {
                return sums.clone();
            }
            let seen =
                || plume.iter().flat_map(|&at| cube.data[at * p..(at + 1) * p].iter().copied());
            let mut clean: Vec<f32> = seen().collect();
            for (spectrum, &at) in clean.chunks_exact_mut(p).zip(&plume) {
                let gas = signature.log_transmittance(PpmMetres(f64::from(plume_ppmm[at])));
                spectrum.iter_mut().zip(&gas).for_each(|(x, t)| *x *= (-t).exp() as f32);
            }
            let mut out = sums.without(seen().collect());
            normalise(&mut clean, &sums.unit);
            out.accumulate(&clean, &mut Vec::new());
            out
        })
        .collect()
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
