//! Searching a cube for one gas: cube and signature in, two maps out.
//!
//! ```text
//! survey (masks) → column sums → filter → significance → decision ─┐
//!                      ↑                                           │ plume found so far,
//!                      └───────────── taken out of the sums ───────┘ two or three passes
//! last filter → albedo, saturation → enhancement and its sigma
//! ```
//!
//! The cube's leading `window_bands` are the gas's window; bands after them (wider neighbourhood,
//! binned) know the ground better, but they also know the plume: they join only after the first
//! pass has taken it out.

mod named;

use std::{borrow::Cow, fmt, str::FromStr};

use cathartes_core::{cube::Cube, raster::Raster, signature::Signature};
use rayon::prelude::*;

use crate::{
    filter::{ColumnFilter, Folded, leave_one_out_shrinkage},
    maps::{Chosen, SearchMaps},
    masks::{self, Survey},
    quantity::{Inversion, transmittances},
    significance::Calibration,
    spatial::{self, Effort, Grid},
    statistics::{self, Moments, Sums},
};

/// Which filter answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Filter {
    /// The best chain: plume masked out of pooled, shrunk statistics, wider bands, albedo.
    #[default]
    Auto,
    /// Column-wise matched filter on radiance.
    Classic,
    /// Column-wise matched filter on log radiance.
    Lognormal,
    /// Reweighted sparse filter with albedo correction (MAG1C).
    Sparse,
    /// Adaptive cosine estimator for the decision, classic filter for the quantity.
    Ace,
}

impl Filter {
    /// Every filter and its name.
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::Auto, "auto"),
        (Self::Classic, "classic"),
        (Self::Lognormal, "lognormal"),
        (Self::Sparse, "sparse"),
        (Self::Ace, "ace"),
    ];
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            Self::ALL.iter().find(|(filter, _)| filter == self).map_or("", |(_, name)| name),
        )
    }
}

impl FromStr for Filter {
    type Err = SearchError;

    fn from_str(name: &str) -> Result<Self, SearchError> {
        let found = Self::ALL.iter().find(|(_, known)| *known == name);
        found.map(|(filter, _)| *filter).ok_or_else(|| SearchError::UnknownFilter(name.to_owned()))
    }
}

/// What to do.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchOptions {
    /// Which filter.
    pub filter: Filter,
    /// Leading bands of the cube that make the gas's window; `None` when all do.
    pub window_bands: Option<usize>,
    /// Times the plume found so far is taken out of the statistics (`auto` only).
    pub passes: usize,
}

impl Default for SearchOptions {
    fn default() -> Self {
        Self { filter: Filter::Auto, window_bands: None, passes: 3 }
    }
}

/// Why a cube cannot be searched.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SearchError {
    /// Cube and signature are not of the same bands.
    #[error(
        "the cube has {cube} bands and the signature {signature}: make the signature for the cube's bands"
    )]
    BandMismatch {
        /// Bands of the cube.
        cube: usize,
        /// Bands of the signature.
        signature: usize,
    },
    /// The cube holds fewer or more numbers than its shape says.
    #[error("the cube holds {found} values where lines × samples × bands makes {expected}")]
    ShapeMismatch {
        /// Values it should hold.
        expected: usize,
        /// Values it holds.
        found: usize,
    },
    /// Not enough bands to tell gas from ground.
    #[error("{0} bands in the window are too few to tell gas from ground: widen the window")]
    TooFewBands(usize),
    /// Not enough usable pixels to know the ground.
    #[error("{usable} of {pixels} pixels are usable, too few to know the ground in {bands} bands")]
    TooFewPixels {
        /// Pixels in use.
        usable: usize,
        /// Pixels in the cube.
        pixels: usize,
        /// Bands.
        bands: usize,
    },
    /// No filter of that name.
    #[error("no filter is called `{0}`: use auto, classic, lognormal, sparse or ace")]
    UnknownFilter(String),
}

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
    let window = check(cube, signature, options)?;
    let survey = masks::survey(cube, window);
    let usable = survey.used.iter().filter(|u| **u).count();
    if usable < 2 * window {
        let (pixels, bands) = (cube.lines * cube.samples, window);
        return Err(SearchError::TooFewPixels { usable, pixels, bands });
    }
    let scene = Scene { cube: Cow::Borrowed(cube), signature, window, survey };
    Ok(match options.filter {
        Filter::Auto => scene.auto(options.passes),
        Filter::Classic => scene.classic(),
        Filter::Lognormal => scene.lognormal(),
        Filter::Sparse => scene.sparse(),
        Filter::Ace => scene.ace(),
    })
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
    /// Score over the deviation it has at its brightness.
    significance: Vec<f32>,
}

impl Scene<'_> {
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

    fn auto(mut self, passes: usize) -> SearchMaps {
        let all = self.first_sums();
        let mut reasons = Vec::new();
        let mut plume = vec![false; self.survey.used.len()];
        let mut sums = all.clone();
        let mut round = self.round(&sums, self.window, &plume, &mut reasons);
        for _ in 1..passes.max(1) {
            let decision = self.decide(&round, Effort::Round);
            plume = self.plume(&decision);
            sums = statistics::masked(&self.cube, &all, &self.survey.used, &plume);
            reasons.clear();
            round = self.round(&sums, self.cube.bands.len(), &plume, &mut reasons);
        }
        let decision = self.decide(&round, Effort::Full);
        let (enhancement, sigma) = self.quantity(&round, &sums, &plume);
        let masked = plume.iter().filter(|p| **p).count();
        reasons.push(format!("{passes} passes; {masked} plume pixels left out of the statistics"));
        self.maps([enhancement, sigma, round.significance, decision], "auto", reasons)
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
        let mut significance = self.scores(&filters);
        let background: Vec<bool> =
            self.survey.used.iter().zip(plume).map(|(u, p)| *u && !*p).collect();
        let calibration = Calibration::learn(&significance, &self.survey.brightness, &background);
        calibration.apply(&mut significance, &self.survey.brightness);
        Round { filters, significance }
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
                let moments = leading(&statistics::pooled(sums, column, reach)?, bands);
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

    fn decide(&self, round: &Round, effort: Effort) -> Vec<f32> {
        spatial::decide(Grid { values: &round.significance, samples: self.cube.samples }, effort)
    }

    /// The plume found so far, with a margin.
    fn plume(&self, decision: &[f32]) -> Vec<bool> {
        let found: Vec<bool> = decision.iter().map(|d| *d > 3.0).collect();
        spatial::dilate(&found, self.cube.samples, 1)
    }

    /// Enhancement and sigma, ppm m.
    fn quantity(&self, round: &Round, sums: &[Sums], plume: &[bool]) -> (Vec<f32>, Vec<f32>) {
        let rows = transmittances(self.signature);
        let inversions: Vec<Option<Inversion>> = round
            .filters
            .par_iter()
            .map(|f| f.as_ref().map(|f| Inversion::new(f, &rows, self.window)))
            .collect();
        let light: Vec<f32> = sums
            .iter()
            .map(|s| {
                (s.mean()[..self.window.min(s.unit.len())].iter().sum::<f64>() / self.window as f64)
                    as f32
            })
            .collect();
        let seen = |line: usize, sample: usize| {
            self.survey.brightness[line * self.cube.samples + sample] / light[sample]
        };
        let scores = self.scores(&round.filters);
        let solve = |line: usize, sample: usize| {
            let (filter, inversion) =
                (round.filters[sample].as_ref()?, inversions[sample].as_ref()?);
            let score = scores[line * self.cube.samples + sample];
            Some(inversion.solve(score * filter.sigma_ppmm as f32, seen(line, sample)).0)
        };
        let mut enhancement = self.by_pixel(|l, s| solve(l, s).unwrap_or(f32::NAN));
        let mut sigma = self.by_pixel(|l, s| {
            round.filters[s].as_ref().map_or(f32::NAN, |f| f.sigma_ppmm as f32 / seen(l, s))
        });
        let relative: Vec<f32> = enhancement.iter().zip(&sigma).map(|(a, s)| a / s).collect();
        let background: Vec<bool> =
            self.survey.used.iter().zip(plume).map(|(u, p)| *u && !*p).collect();
        let calibration = Calibration::learn(&relative, &self.survey.brightness, &background);
        for ((a, s), &b) in enhancement.iter_mut().zip(&mut sigma).zip(&self.survey.brightness) {
            let (middle, deviation) = calibration.at(b);
            *a -= middle * *s;
            *s *= deviation;
        }
        (enhancement, sigma)
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
        .map(|m| leave_one_out_shrinkage(&leading(&m, bands).covariance, bands, m.n))
        .collect();
    best.sort_by(f64::total_cmp);
    best.get(best.len() / 2).copied().unwrap_or(1e-3)
}

/// The moments of the leading bands.
fn leading(moments: &Moments, bands: usize) -> Moments {
    let p = moments.mean.len();
    if bands >= p {
        return moments.clone();
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
