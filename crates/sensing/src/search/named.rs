//! The filters others use, for comparison: one round, every pixel in the statistics.

use std::borrow::Cow;

use rayon::prelude::*;

use super::{Filter, Scene, SearchMaps};
use crate::{
    filter::{ColumnFilter, Whitener},
    significance::Calibration,
    sparse,
    spatial::{self, Grid},
    statistics::{self, Sums},
};

/// Radiance over its column's mean below which no logarithm is taken.
const DARKEST: f32 = 0.01;
/// Iterations of the sparse filter.
const ITERATIONS: usize = 30;

/// Enhancement, its sigma, and the score that decides, before calibration.
struct Answers {
    enhancement: Vec<f32>,
    sigma: Vec<f32>,
    score: Vec<f32>,
}

impl Scene<'_> {
    /// Enhancement, sigma and score of a named filter, and what to say of it.
    fn answers(&mut self, filter: Filter) -> (Answers, &'static str) {
        match filter {
            Filter::Auto | Filter::Classic => self.classic(),
            Filter::Lognormal => self.lognormal(),
            Filter::Sparse => self.sparse(),
            Filter::Ace => self.ace(),
        }
    }

    /// Columns pooled either side: none, as others do, where a column alone has a covariance.
    fn own_reach(&self, sums: &[Sums]) -> usize {
        let per_column = sums.iter().map(|s| s.n).max().unwrap_or(0);
        if per_column > self.window { 0 } else { super::pooling_reach(per_column, self.window) }
    }

    /// The filter's enhancement alone, as others ship it.
    pub(super) fn enhancement(mut self, filter: Filter) -> Vec<f32> {
        self.answers(filter).0.enhancement
    }

    /// The maps of a named filter: significance by brightness, decision by space.
    pub(super) fn named(mut self, filter: Filter) -> SearchMaps {
        let (answers, why) = self.answers(filter);
        let brightness = &self.survey.brightness;
        let mut significance = answers.score;
        let calibration = Calibration::learn(&significance, brightness, &self.survey.used);
        calibration.apply(&mut significance, brightness);
        let grid = Grid { values: &significance, samples: self.cube.samples };
        let decision = spatial::decide(grid);
        let maps = [answers.enhancement, answers.sigma, significance, decision];
        self.maps(maps, &filter.to_string(), vec![why.to_owned()])
    }

    /// Column-wise matched filter on radiance, covariance as it is.
    fn classic(&mut self) -> (Answers, &'static str) {
        let sums = self.first_sums();
        let filters = self.filters(&sums, self.window, 0.0, self.own_reach(&sums));
        (self.plain(&filters), "column matched filter on radiance, covariance as it is")
    }

    /// The same on log radiance: brightness becomes an offset and needs no correction.
    fn lognormal(&mut self) -> (Answers, &'static str) {
        let sums = self.first_sums();
        let p = self.cube.bands.len();
        let mut cube = self.cube.clone().into_owned();
        cube.data.par_chunks_mut(p).enumerate().for_each(|(i, spectrum)| {
            for (x, unit) in spectrum.iter_mut().zip(&sums[i % self.cube.samples].unit) {
                *x = 1.0 + (*x / unit).max(DARKEST).ln();
            }
        });
        self.cube = Cow::Owned(cube);
        let sums = statistics::sums(&self.cube, &self.survey.used);
        let filters = self.log_filters(&sums);
        (self.plain(&filters), "column matched filter on log radiance")
    }

    /// Filters of `1 + ln(x/μ)`: what is divided by its mean needs a signature divided by it.
    fn log_filters(&self, sums: &[Sums]) -> Vec<Option<ColumnFilter>> {
        sums.par_iter()
            .enumerate()
            .map(|(column, _)| {
                let moments = super::leading(
                    statistics::pooled(sums, column, self.own_reach(sums))?,
                    self.window,
                );
                let signature: Vec<f64> = self.signature.unit_per_ppmm[..self.window]
                    .iter()
                    .zip(&moments.mean)
                    .map(|(s, m)| s / m)
                    .collect();
                ColumnFilter::new(&moments, &signature, 0.0)
            })
            .collect()
    }

    /// MAG1C: see [`crate::sparse`].
    fn sparse(&mut self) -> (Answers, &'static str) {
        let sums = self.first_sums();
        let signature = &self.signature.unit_per_ppmm[..self.window];
        let short: Vec<Sums> = sums.iter().map(|s| s.leading(self.window)).collect();
        let units: Vec<Vec<f32>> = short.iter().map(|s| s.unit.clone()).collect();
        let used = &self.survey.used;
        let columns: Vec<Option<sparse::Sparse>> = if self.own_reach(&sums) > 0 {
            let spectra = statistics::by_column(&self.cube, used, &units, |_, y| y);
            sparse::sparse_together(&spectra, &short, signature, ITERATIONS)
        } else {
            statistics::by_column(&self.cube, used, &units, |column, y| {
                let sums = &short[column];
                (sums.n > 0).then(|| sparse::sparse(&y, sums, signature, ITERATIONS)).flatten()
            })
        };
        let mut next = vec![0; columns.len()];
        let nothing = || vec![f32::NAN; self.survey.used.len()];
        let (mut enhancement, mut sigma, mut score) = (nothing(), nothing(), nothing());
        for at in (0..self.survey.used.len()).filter(|at| self.survey.used[*at]) {
            let sample = at % self.cube.samples;
            if let Some(column) = &columns[sample] {
                let k = next[sample];
                enhancement[at] = column.enhancement_ppmm[k];
                sigma[at] = column.sigma_ppmm[k];
                score[at] = column.score[k];
            }
            next[sample] += 1;
        }
        let why = "sparse filter with albedo correction, 30 iterations (MAG1C); its significance is \
                   that of the matched filter over the cleaned background";
        (Answers { enhancement, sigma, score }, why)
    }

    /// Adaptive cosine estimator; the cosine is turned into the score it is worth.
    ///
    /// With `c = sᵀC⁻¹y/√(sᵀC⁻¹s · yᵀC⁻¹y)` in `p` bands, `c √((p−1)/(1−c²))` is distributed as
    /// Student's t with `p − 1` degrees of freedom where there is no gas.
    fn ace(&mut self) -> (Answers, &'static str) {
        let sums = self.first_sums();
        let filters = self.filters(&sums, self.window, 0.0, self.own_reach(&sums));
        let mut answers = self.plain(&filters);
        let columns = self.by_column(|at| answers.score[at].is_finite());
        let lengths = columns.par_iter().enumerate().map(|(column, pixels)| {
            let moments = statistics::pooled(&sums, column, self.own_reach(&sums));
            let whitener = Whitener::new(&super::leading(moments?, self.window))?;
            Some(whitener.squares(self.spectra(pixels, self.window)))
        });
        let lengths: Vec<Option<Vec<f32>>> = lengths.collect();
        let mut score = vec![f32::NAN; answers.score.len()];
        for (pixels, lengths) in columns.iter().zip(&lengths) {
            for (&at, length) in pixels.iter().zip(lengths.iter().flatten()) {
                let cosine = (answers.score[at] / length.sqrt()).clamp(-0.999_999, 0.999_999);
                score[at] = cosine * ((self.window - 1) as f32 / (1.0 - cosine * cosine)).sqrt();
            }
        }
        answers.score = score;
        (answers, "adaptive cosine estimator; quantity by the column matched filter")
    }

    fn plain(&self, filters: &[Option<ColumnFilter>]) -> Answers {
        let score = self.scores(filters);
        let of_filter: Vec<f32> =
            filters.iter().map(|f| f.as_ref().map_or(f32::NAN, |f| f.sigma_ppmm as f32)).collect();
        let sigma = self.by_pixel(|_, sample| of_filter[sample]);
        let enhancement = score.iter().zip(&sigma).map(|(z, s)| z * s).collect();
        Answers { enhancement, sigma, score }
    }
}

#[cfg(test)]
mod tests;
