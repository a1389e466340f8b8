//! Searching a cube for one gas: cube and signature in, two maps out.
//!
//! ```text
//! survey (masks) → column sums → filter → significance → decision ─┐
//!                      ↑                                           │ plume found so far,
//!                      └──────────── divided out of the spectra ───┘ four times
//! last filter → albedo, saturation → enhancement and its sigma
//! ```
//!
//! The cube's leading `window_bands` are the gas's window; bands after them (wider neighbourhood,
//! binned) know the ground better, but they also know the plume: they join only after the first
//! pass has taken it out.

mod auto;
mod named;
mod options;
mod running;

pub use options::{Filter, SearchError, SearchOptions};
pub(crate) use running::Running;

use std::borrow::Cow;

use cathartes_core::{cube::Cube, raster::Raster, signature::Signature};
use rayon::prelude::*;

use crate::{
    filter::{ColumnFilter, Folded, Whitener, leave_one_out_shrinkage, misfit},
    maps::{Chosen, SearchMaps},
    masks::{self, Survey},
    quantity::Inversion,
    signature::transmittances,
    significance::{Calibration, level},
    spatial::{self, Grid},
    statistics::{self, Moments, Sums},
};

/// Searches a cube for one gas.
///
/// # Errors
///
/// [`SearchError`] when cube and signature do not fit or the ground cannot be known.
pub fn search(
    cube: &Cube,
    signature: &Signature,
    options: &SearchOptions,
) -> Result<SearchMaps, SearchError> {
    let scene = Scene::new(cube, signature, options)?;
    Ok(match options.filter {
        Filter::Auto => scene.auto(options.passes),
        named => scene.named(named),
    })
}

/// The plain enhancement of a named filter, ppm m, as other programs ship it: neither calibrated
/// nor decided over space. For `auto`, that of `classic`.
///
/// # Errors
///
/// [`SearchError`] when cube and signature do not fit or the ground cannot be known.
pub fn plain_enhancement(
    cube: &Cube,
    signature: &Signature,
    options: &SearchOptions,
) -> Result<Raster, SearchError> {
    let values = Scene::new(cube, signature, options)?.enhancement(options.filter);
    Ok(Raster { lines: cube.lines, samples: cube.samples, values })
}

fn check(
    cube: &Cube,
    signature: &Signature,
    options: &SearchOptions,
) -> Result<usize, SearchError> {
    let bands = cube.bands.len();
    let of_signature = signature.unit_per_ppmm.len();
    if of_signature != bands {
        return Err(SearchError::BandMismatch { cube: bands, signature: of_signature });
    }
    let expected = cube.lines * cube.samples * bands;
    if cube.data.len() != expected {
        return Err(SearchError::ShapeMismatch { expected, found: cube.data.len() });
    }
    let window = options.window_bands.unwrap_or(bands).min(bands);
    if window < 4 {
        return Err(SearchError::TooFewBands(window));
    }
    Ok(window)
}

/// A cube that fits its signature, surveyed.
struct Scene<'c> {
    cube: Cow<'c, Cube>,
    signature: &'c Signature,
    window: usize,
    survey: Survey,
}

/// What one round of filtering knows.
struct Round {
    filters: Vec<Option<ColumnFilter>>,
    /// What the filters answer.
    scores: Vec<f32>,
    /// Score over the deviation it has at its brightness.
    significance: Vec<f32>,
}

impl<'c> Scene<'c> {
    fn new(
        cube: &'c Cube,
        signature: &'c Signature,
        options: &SearchOptions,
    ) -> Result<Self, SearchError> {
        let window = check(cube, signature, options)?;
        let survey = masks::survey(cube, window);
        let usable = survey.used.iter().filter(|u| **u).count();
        if usable < 2 * window {
            let (pixels, bands) = (cube.lines * cube.samples, window);
            return Err(SearchError::TooFewPixels { usable, pixels, bands });
        }
        Ok(Self { cube: Cow::Borrowed(cube), signature, window, survey })
    }

    /// Sums of every column over the usable pixels, unusable columns and pixels taken out.
    fn first_sums(&mut self) -> Vec<Sums> {
        let before = self.survey.used.clone();
        let sums = statistics::sums(&self.cube, &before);
        self.survey.drop_noisy_columns(&sums);
        self.survey.drop_bright(&self.cube, &sums, self.window);
        let gone: Vec<bool> =
            before.iter().zip(&self.survey.used).map(|(b, u)| *b && !*u).collect();
        if gone.iter().any(|g| *g) {
            return statistics::masked(&self.cube, &sums, &before, &gone);
        }
        sums
    }

    /// One round: pooled, shrunk filters of the leading `bands`, scores, significance.
    fn round(
        &self,
        sums: &[Sums],
        bands: usize,
        plume: &[bool],
        reasons: &mut Vec<String>,
    ) -> Round {
        let per_column = sums.iter().map(|s| s.n).max().unwrap_or(0);
        let reach = pooling_reach(per_column, bands);
        let shrinkage = shrinkage(sums, reach, bands);
        reasons.push(format!(
            "covariance pooled over {reach} columns either side, shrunk {shrinkage:.1e} to its diagonal"
        ));
        let filters = self.filters(sums, bands, shrinkage, reach);
        let scores = self.scores(&filters);
        let mut significance = self.damped(&filters, &scores);
        let background: Vec<bool> =
            self.survey.used.iter().zip(plume).map(|(u, p)| *u && !*p).collect();
        level(&mut significance, self.cube.samples, &background);
        let calibration = Calibration::learn(&significance, &self.survey.brightness, &background);
        calibration.apply(&mut significance, &self.survey.brightness);
        Round { filters, scores, significance }
    }

    fn filters(
        &self,
        sums: &[Sums],
        bands: usize,
        shrinkage: f64,
        reach: usize,
    ) -> Vec<Option<ColumnFilter>> {
        let signature = &self.signature.unit_per_ppmm[..bands];
        (0..sums.len())
            .into_par_iter()
            .map(|column| {
                let moments = leading(statistics::pooled(sums, column, reach)?, bands);
                ColumnFilter::new(&moments, signature, shrinkage)
            })
            .collect()
    }

    /// Filter score of every used pixel, NaN elsewhere.
    fn scores(&self, filters: &[Option<ColumnFilter>]) -> Vec<f32> {
        let folded: Vec<Folded> =
            filters.iter().map(|f| f.as_ref().map_or_else(Folded::default, Folded::from)).collect();
        self.by_pixel(|line, sample| {
            let folded = &folded[sample];
            if folded.weights.is_empty() {
                return f32::NAN;
            }
            folded.score(&self.cube.spectrum(line, sample)[..folded.weights.len()])
        })
    }

    /// Scores, those beyond ±2 over the misfit of their pixel: what is neither ground nor gas over
    /// ground (a roof, a hot spot) scatters by more than the covariance says.
    fn damped(&self, filters: &[Option<ColumnFilter>], scores: &[f32]) -> Vec<f32> {
        let far: Vec<Vec<usize>> = self.by_column(|at| scores[at].abs() > 2.0);
        let misfits = filters.par_iter().zip(&far).map(|(filter, far)| {
            let Some(filter) = filter else { return Vec::new() };
            let bands = filter.weights.len();
            let squares = Whitener::from(filter).squares(self.spectra(far, bands));
            far.iter().zip(squares).map(|(&at, x)| misfit(x, scores[at], bands)).collect()
        });
        let misfits: Vec<Vec<f32>> = misfits.collect();
        let mut scores = scores.to_vec();
        for (&at, misfit) in far.iter().zip(&misfits).flat_map(|(far, m)| far.iter().zip(m)) {
            scores[at] /= misfit;
        }
        scores
    }

    /// The pixels of each column that satisfy a condition, by line.
    fn by_column(&self, wanted: impl Fn(usize) -> bool) -> Vec<Vec<usize>> {
        let mut out = vec![Vec::new(); self.cube.samples];
        for at in (0..self.survey.used.len()).filter(|at| wanted(*at)) {
            out[at % self.cube.samples].push(at);
        }
        out
    }

    /// The leading bands of some pixels.
    fn spectra<'s>(&'s self, pixels: &'s [usize], bands: usize) -> impl Iterator<Item = &'s [f32]> {
        let p = self.cube.bands.len();
        pixels.iter().map(move |at| &self.cube.data[at * p..at * p + bands])
    }

    /// A value for every used pixel, NaN elsewhere.
    fn by_pixel(&self, value: impl Fn(usize, usize) -> f32 + Sync) -> Vec<f32> {
        let mut out = vec![f32::NAN; self.survey.used.len()];
        out.par_chunks_mut(self.cube.samples).enumerate().for_each(|(line, row)| {
            for (sample, out) in row.iter_mut().enumerate() {
                if self.survey.used[line * self.cube.samples + sample] {
                    *out = value(line, sample);
                }
            }
        });
        out
    }

    /// Two values for every pixel of `wanted`, NaN elsewhere.
    fn two_by_pixel(
        &self,
        wanted: &[bool],
        values: impl Fn(usize, usize) -> (f32, f32) + Sync,
    ) -> (Vec<f32>, Vec<f32>) {
        let nothing = || vec![f32::NAN; self.survey.used.len()];
        let (mut first, mut second) = (nothing(), nothing());
        let rows = first.par_chunks_mut(self.cube.samples);
        rows.zip(second.par_chunks_mut(self.cube.samples)).enumerate().for_each(
            |(line, (first, second))| {
                for sample in 0..first.len() {
                    if wanted[line * self.cube.samples + sample] {
                        (first[sample], second[sample]) = values(line, sample);
                    }
                }
            },
        );
        (first, second)
    }

    fn decide(&self, round: &Round) -> Vec<f32> {
        spatial::decide(Grid { values: &round.significance, samples: self.cube.samples })
    }

    /// Enhancement and sigma, ppm m.
    fn quantity(&self, round: &Round, plume: &[bool]) -> (Vec<f32>, Vec<f32>) {
        let (mut enhancement, mut sigma) = self.inverted(round, &self.survey.used);
        let background: Vec<bool> =
            self.survey.used.iter().zip(plume).map(|(u, p)| *u && !*p).collect();
        level(&mut enhancement, self.cube.samples, &background);
        let relative: Vec<f32> = enhancement.iter().zip(&sigma).map(|(a, s)| a / s).collect();
        let calibration = Calibration::learn(&relative, &self.survey.brightness, &background);
        for ((a, s), &b) in enhancement.iter_mut().zip(&mut sigma).zip(&self.survey.brightness) {
            let (middle, deviation) = calibration.at(b);
            *a -= middle * *s;
            *s *= deviation;
        }
        (enhancement, sigma)
    }

    /// Enhancement freed of brightness and saturation, and the filter's own sigma, ppm m, where
    /// `wanted`.
    fn inverted(&self, round: &Round, wanted: &[bool]) -> (Vec<f32>, Vec<f32>) {
        let rows = transmittances(self.signature);
        let inversions: Vec<Option<Inversion>> = round
            .filters
            .par_iter()
            .map(|f| f.as_ref().map(|f| Inversion::new(f, &rows)))
            .collect();
        let solve = |line: usize, sample: usize| {
            let (filter, inversion) =
                (round.filters[sample].as_ref()?, inversions[sample].as_ref()?);
            let (score, sigma) =
                (round.scores[line * self.cube.samples + sample], filter.sigma_ppmm as f32);
            let (alpha, times) = inversion.solve(score * sigma, self.cube.spectrum(line, sample));
            Some((alpha, sigma * times))
        };
        self.two_by_pixel(wanted, |l, s| solve(l, s).unwrap_or((f32::NAN, f32::NAN)))
    }

    fn maps(self, values: [Vec<f32>; 4], filter: &str, reasons: Vec<String>) -> SearchMaps {
        let raster = |values| Raster { lines: self.cube.lines, samples: self.cube.samples, values };
        let [enhancement, sigma, significance, decision] = values;
        SearchMaps {
            enhancement_ppmm: raster(enhancement),
            sigma_ppmm: raster(sigma),
            significance: raster(significance),
            decision: raster(decision),
            masks: self.survey.masks,
            chosen: Chosen {
                filter: filter.to_owned(),
                reasons,
                bands_nm: self.cube.bands.iter().map(|b| b.center.0).collect(),
            },
        }
    }
}

/// Columns pooled either side: enough that every band has some forty pixels.
fn pooling_reach(per_column: usize, bands: usize) -> usize {
    let wanted = 60 * bands;
    (wanted.div_ceil(per_column.max(1)).saturating_sub(1) / 2).clamp(1, 64)
}

/// The median over nine columns of the shrinkage that leave-one-out likelihood likes best.
fn shrinkage(sums: &[Sums], reach: usize, bands: usize) -> f64 {
    let columns = (0..9).map(|k| (2 * k + 1) * sums.len() / 18);
    let mut best: Vec<f64> = columns
        .filter_map(|column| statistics::pooled(sums, column, reach))
        .map(|m| leading(m, bands))
        .map(|m| leave_one_out_shrinkage(&m.covariance, bands, m.n))
        .collect();
    best.sort_by(f64::total_cmp);
    best.get(best.len() / 2).copied().unwrap_or(1e-3)
}

/// The moments of the leading bands.
fn leading(moments: Moments, bands: usize) -> Moments {
    let p = moments.mean.len();
    if bands >= p {
        return moments;
    }
    let rows = moments.covariance.chunks_exact(p).take(bands);
    Moments {
        mean: moments.mean[..bands].to_vec(),
        n: moments.n,
        covariance: rows.flat_map(|row| row[..bands].iter().copied()).collect(),
    }
}

#[cfg(test)]
mod tests;
