//! The spectrum of a patch of pixels over its surroundings, as ln of a ratio.
//!
//! Every pixel is divided by the geometric mean of the nearest free pixels above and below it in
//! its own detector column, so that column gains cancel; the patch is the weighted mean of these.
//! The same patch laid over random free places of the scene gives the mean and covariance that
//! ground alone makes of such a ratio.

use cathartes_core::cube::Cube;
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;

use crate::logarithm::ln32;

/// Most pixels of a patch that are read: the strongest.
const MOST_PIXELS: usize = 300;
/// Pixels of reference on either side, and how far they may be.
const REFERENCE: usize = 8;
const FARTHEST: i32 = 64;
/// Places wanted, and places tried for them.
const PLACES: usize = 240;
const TRIES: usize = 1200;
/// Share of a patch that must be free.
const FREE: f64 = 0.7;

/// Radiance and which of its pixels are free of plumes.
#[derive(Clone, Copy)]
pub(crate) struct Scene<'a> {
    pub(crate) cube: &'a Cube,
    pub(crate) free: &'a [bool],
}

/// Pixels with their weights, by column, then line.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Patch {
    cells: Vec<(i32, i32, f64)>,
}

/// Logarithms of a patch over its surroundings, band by band.
pub(crate) struct Ratio {
    /// By the weights of the pixels.
    pub(crate) weighted: Vec<f64>,
    /// All pixels alike.
    pub(crate) plain: Vec<f64>,
    /// A few of its pixels alone.
    some: Vec<Vec<f64>>,
}

/// What ground does to such a ratio.
pub(crate) struct Background {
    /// Ratios of the patch elsewhere, by the weights of its pixels.
    pub(crate) patches: Vec<Vec<f64>>,
    /// The same, all pixels alike.
    pub(crate) plain: Vec<Vec<f64>>,
    /// Ratios of single pixels there.
    pub(crate) pixels: Vec<Vec<f64>>,
}

impl Patch {
    pub(crate) fn new(mut cells: Vec<(i32, i32, f64)>) -> Self {
        cells.retain(|cell| cell.2 > 0.0);
        cells.sort_by(|a, b| b.2.total_cmp(&a.2).then((a.0, a.1).cmp(&(b.0, b.1))));
        cells.truncate(MOST_PIXELS);
        cells.sort_by_key(|cell| (cell.1, cell.0));
        Self { cells }
    }

    /// ln of the patch over its surroundings, band by band.
    pub(crate) fn ratio(&self, scene: &Scene) -> Option<Ratio> {
        scene.ratio(&self.cells)
    }

    pub(crate) fn cells(&self) -> &[(i32, i32, f64)] {
        &self.cells
    }

    /// The same patch over free ground, mirrored at random.
    pub(crate) fn places(&self, scene: &Scene, seed: u64) -> Vec<Vec<(i32, i32, f64)>> {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
        (0..TRIES).filter_map(|_| self.moved(scene, &mut random)).take(PLACES).collect()
    }

    /// What ground makes of the patch there.
    pub(crate) fn elsewhere(&self, scene: &Scene, seed: u64) -> Background {
        let places = self.places(scene, seed);
        let ratios: Vec<_> = places.par_iter().filter_map(|cells| scene.ratio(cells)).collect();
        let mut background = Background { patches: vec![], plain: vec![], pixels: vec![] };
        for Ratio { weighted, plain, some } in ratios {
            background.patches.push(weighted);
            background.plain.push(plain);
            background.pixels.extend(some);
        }
        background
    }

    fn moved(
        &self,
        scene: &Scene,
        random: &mut Xoshiro256PlusPlus,
    ) -> Option<Vec<(i32, i32, f64)>> {
        let span = |pick: fn(&(i32, i32, f64)) -> i32| {
            let seen = self.cells.iter().map(pick);
            Some((seen.clone().min()?, seen.max()?))
        };
        let ((top, bottom), (left, right)) = (span(|c| c.0)?, span(|c| c.1)?);
        let lines = scene.cube.lines as i32 - (bottom - top);
        let samples = scene.cube.samples as i32 - (right - left);
        let (dl, ds) =
            (random.random_range(0..lines.max(1)), random.random_range(0..samples.max(1)));
        let (up, back): (bool, bool) = (random.random(), random.random());
        let mut cells: Vec<_> = self
            .cells
            .iter()
            .map(|&(l, s, w)| {
                let l = if up { bottom - l } else { l - top };
                let s = if back { right - s } else { s - left };
                (l + dl, s + ds, w)
            })
            .filter(|&(l, s, _)| scene.is_free(l, s))
            .collect();
        let weight = |cells: &[(i32, i32, f64)]| cells.iter().map(|c| c.2).sum::<f64>();
        let enough = weight(&cells) >= FREE * weight(&self.cells);
        cells.sort_by_key(|cell| (cell.1, cell.0));
        enough.then_some(cells)
    }
}

impl Scene<'_> {
    fn is_free(&self, line: i32, sample: i32) -> bool {
        let (lines, samples) = (self.cube.lines as i32, self.cube.samples as i32);
        (0..lines).contains(&line)
            && (0..samples).contains(&sample)
            && self.free[(line * samples + sample) as usize]
    }

    /// A spectrum, absent when a value has no logarithm.
    fn usable(&self, line: i32, sample: i32) -> Option<&[f32]> {
        let spectrum = self.cube.spectrum(line as usize, sample as usize);
        spectrum.iter().all(|x| x.is_finite() && *x > 0.0).then_some(spectrum)
    }

    /// The mean ratios of cells sorted by column, and the ratios of a few of them.
    fn ratio(&self, cells: &[(i32, i32, f64)]) -> Option<Ratio> {
        let (mut sum, mut plain) =
            (vec![0.0; self.cube.bands.len()], vec![0.0; self.cube.bands.len()]);
        let (mut weight, mut n, mut some) = (0.0, 0.0, Vec::new());
        for column in cells.chunk_by(|a, b| a.1 == b.1) {
            let Some(reference) = self.reference(column) else { continue };
            for (k, &(l, s, w)) in column.iter().enumerate() {
                let Some(spectrum) = self.usable(l, s) else { continue };
                let ratio: Vec<f32> =
                    spectrum.iter().zip(&reference).map(|(x, r)| ln32(*x) - r).collect();
                for ((sum, plain), r) in sum.iter_mut().zip(&mut plain).zip(&ratio) {
                    *sum += w * f64::from(*r);
                    *plain += f64::from(*r);
                }
                weight += w;
                n += 1.0;
                if k == 0 && some.len() < 10 {
                    some.push(ratio.into_iter().map(f64::from).collect());
                }
            }
        }
        let weighted = sum.iter().map(|s| s / weight).collect();
        for s in &mut plain {
            *s /= n;
        }
        (weight > 0.0).then_some(Ratio { weighted, plain, some })
    }

    /// Mean logarithm of the free pixels above and below a column of cells.
    fn reference(&self, column: &[(i32, i32, f64)]) -> Option<Vec<f32>> {
        let (first, last) = (column.first()?, column.last()?);
        let sample = first.1;
        let inside = |line: &i32| column.iter().any(|cell| cell.0 == *line);
        let free = |line: &i32| !inside(line) && self.is_free(*line, sample);
        let above = (1..FARTHEST).map(|d| first.0 - d).filter(free).take(REFERENCE);
        let below = (1..FARTHEST).map(|d| last.0 + d).filter(free).take(REFERENCE);
        let mut spectra = above.chain(below).filter_map(|line| self.usable(line, sample));
        // One logarithm of a product instead of sixteen: ratios to the first stay near one.
        let one = spectra.next()?;
        let (mut product, mut n) = (vec![1.0_f32; one.len()], 1.0);
        for spectrum in spectra {
            let ratios = spectrum.iter().zip(one).map(|(x, first)| x / first);
            product.iter_mut().zip(ratios).for_each(|(p, r)| *p *= r);
            n += 1.0;
        }
        let ln =
            |(p, first): (f32, &f32)| ln32(*first) + ln32(p.clamp(f32::MIN_POSITIVE, f32::MAX)) / n;
        Some(product.into_iter().zip(one).map(ln).collect())
    }
}
