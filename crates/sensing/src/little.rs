//! Searching and deciding on little ground: what a scene of a few hundred pixels may claim.
//!
//! So few pixels know neither the mean of each column nor a plume's place in the statistics. One mean
//! and one covariance serve the whole scene, shrunk by leave-one-out; round by round the plume found
//! so far is divided out of the pixels they are made from, else it hides itself: the plain filter
//! reads a plume over a tenth of the scene a third too thin.
//!
//! Integration over space counts on ground whose errors are independent from pixel to pixel. Real
//! ground has patches, and a small scene holds too few of them to measure how far they reach. Two
//! corrections, both towards claiming less:
//!
//! ```text
//! d' = (d − median) / s,   s = max(2 (q₆₉ − q₅₀), q₅₀ − q₁₆, 1)       the map's own scatter
//! z  = (8ν + 1)/(8ν + 3) · √(ν ln(1 + d'²/ν)),   ν = pixels / 20     Student's t as a normal score
//! ```
//!
//! with ν the number of patches about as large as the kernels of the integration: a scatter known
//! from ν places has Student's tails, not the normal's. A plume that covers a sixth of the scene
//! raises s and is claimed less surely; who flies so little sees no background.
//!
//! Wallace (1959), Ann. Math. Stat. 30, 1121 (the approximation; within 0.01 for z below 5).

use cathartes_core::{cube::Cube, raster::Raster, signature::Signature};

use crate::{
    filter::{ColumnFilter, Folded, Whitener, leave_one_out_shrinkage, misfit},
    maps::SearchMaps,
    quantity::Inversion,
    search::{self, Filter, SearchError, SearchOptions},
    signature::transmittances,
    significance::lower_spread,
    spatial,
    statistics::{self, Sums},
};

/// Pixels a patch of ground takes, about the area of the kernels.
const PATCH_PIXELS: f64 = 20.0;
/// Rounds of the filter.
const ROUNDS: usize = 4;
/// Smoothed significance above which a pixel is plume for the statistics, and the smoothing, pixels.
const FOUND: f32 = 2.5;
const SMOOTHING: f32 = 1.0;

/// Where significance is cut before it is integrated, and the kernels, pixels.
const HELD: f32 = 8.0;
const KERNELS: [f32; 3] = [0.7, 1.0, 1.5];

/// Searches a scene too small for [`search::search`]; the other named filters answer as they do there.
///
/// # Errors
///
/// [`SearchError`] when cube and signature do not fit or the ground cannot be known.
pub fn search(
    cube: &Cube,
    signature: &Signature,
    options: &SearchOptions,
) -> Result<SearchMaps, SearchError> {
    let mut maps =
        search::search(cube, signature, &SearchOptions { passes: 1, ..options.clone() })?;
    if options.filter == Filter::Auto {
        let used: Vec<bool> = maps.significance.values.iter().map(|z| z.is_finite()).collect();
        let flat = Cube { lines: used.len(), samples: 1, ..cube.clone() };
        let scene = Little { flat, samples: cube.samples, used, signature };
        if let Some(answer) = scene.answer() {
            answer.into_maps(&mut maps, cube.samples);
        }
    }
    temper(&mut maps);
    Ok(maps)
}

/// A scene as one column of pixels.
struct Little<'s> {
    flat: Cube,
    samples: usize,
    used: Vec<bool>,
    signature: &'s Signature,
}

/// What one round says of every pixel, NaN where it is not used.
struct Answer {
    significance: Vec<f32>,
    enhancement: Vec<f32>,
    sigma: Vec<f32>,
    shrinkage: f64,
    cleaned: usize,
}

impl Little<'_> {
    /// The last round; `None` when the ground has no covariance.
    fn answer(&self) -> Option<Answer> {
        let all = statistics::sums(&self.flat, &self.used);
        let mut answer = self.round(&all)?;
        for _ in 1..ROUNDS {
            let thick = self.thickness(&answer);
            let clean = statistics::cleaned(&self.flat, &all, &thick, self.signature);
            answer = self.round(&clean)?;
            answer.cleaned = thick.iter().filter(|a| **a > 0.0).count();
        }
        Some(answer)
    }

    fn round(&self, sums: &[Sums]) -> Option<Answer> {
        let bands = self.flat.bands.len();
        let moments = statistics::pooled(sums, 0, 0)?;
        let shrinkage = leave_one_out_shrinkage(&moments.covariance, bands, moments.n);
        let filter = ColumnFilter::new(&moments, &self.signature.unit_per_ppmm, shrinkage)?;
        let inversion = Inversion::new(&filter, &transmittances(self.signature));
        let whitener = Whitener::from(&filter);
        let folded = Folded::from(&filter);
        let sigma_ppmm = filter.sigma_ppmm as f32;
        let squares = whitener.squares(self.flat.data.chunks_exact(bands));
        let pixels = self.flat.data.chunks_exact(bands).zip(&squares).zip(&self.used);
        let pixels = pixels.map(|((x, square), used)| {
            if !used {
                return [f32::NAN; 3];
            }
            let z = folded.score(x);
            let damped = if z.abs() > 2.0 { z / misfit(*square, z, bands) } else { z };
            let (enhancement, times) = inversion.solve(z * sigma_ppmm, x);
            [damped, enhancement, sigma_ppmm * times]
        });
        let pixels: Vec<[f32; 3]> = pixels.collect();
        let of = |k: usize| pixels.iter().map(|p| p[k]).collect::<Vec<f32>>();
        let [mut significance, mut enhancement, mut sigma] = [0, 1, 2].map(of);
        centre(&mut significance)?;
        let mut relative: Vec<f32> = enhancement.iter().zip(&sigma).map(|(a, s)| a / s).collect();
        let (middle, deviation) = centre(&mut relative)?;
        for (a, s) in enhancement.iter_mut().zip(&mut sigma) {
            *a -= middle * *s;
            *s *= deviation;
        }
        Some(Answer { significance, enhancement, sigma, shrinkage, cleaned: 0 })
    }

    /// What to take out of each pixel, ppm m: smoothed, or its noise along the signature would go too.
    fn thickness(&self, answer: &Answer) -> Vec<f32> {
        let smooth = |map: &[f32], most: f32| {
            let held: Vec<f32> = map
                .iter()
                .map(|v| if v.is_finite() { v.clamp(-most, most) } else { 0.0 })
                .collect();
            spatial::gaussian(&held, self.samples, SMOOTHING)
        };
        let mut known = smooth(&answer.significance, 20.0);
        if centre(&mut known).is_none() {
            return vec![0.0; known.len()];
        }
        let found: Vec<bool> = known.iter().map(|z| *z > FOUND).collect();
        let found = spatial::dilate(&found, self.samples, 1);
        let mut thick = smooth(&answer.enhancement, 5e4);
        for ((a, found), used) in thick.iter_mut().zip(found).zip(&self.used) {
            *a = if found && *used { a.max(0.0) } else { 0.0 };
        }
        thick
    }
}

/// Puts values about their median in units of their lower spread; gives both.
fn centre(values: &mut [f32]) -> Option<(f32, f32)> {
    let known = values.iter().copied().filter(|v| v.is_finite()).collect();
    let (middle, deviation) = lower_spread(known).filter(|(_, d)| *d > 0.0)?;
    for v in values {
        *v = (*v - middle) / deviation;
    }
    Some((middle, deviation))
}

/// Significance held to ±[`HELD`], integrated by small round kernels, the best of them at every pixel.
///
/// The long kernels of [`crate::spatial`] would see a plume from all over so small a scene, and the
/// scene's own scatter would be the plume's.
fn decide(significance: &[f32], samples: usize) -> Vec<f32> {
    let known = |z: &f32| if z.is_finite() { z.clamp(-HELD, HELD) } else { 0.0 };
    let held: Vec<f32> = significance.iter().map(known).collect();
    let mut best: Vec<f32> =
        significance.iter().map(|z| if z.is_finite() { f32::MIN } else { f32::NAN }).collect();
    for kernel in KERNELS {
        let mut response = spatial::gaussian(&held, samples, kernel);
        if centre(&mut response).is_some() {
            for (best, r) in best.iter_mut().zip(response) {
                *best = if r > *best { r } else { *best };
            }
        }
    }
    centre(&mut best);
    best
}

impl Answer {
    fn into_maps(self, maps: &mut SearchMaps, samples: usize) {
        let lines = self.significance.len() / samples;
        let raster = |values| Raster { lines, samples, values };
        let decision = decide(&self.significance, samples);
        maps.chosen.reasons = vec![format!(
            "little ground: one covariance for the scene, shrunk {:.1e} to its diagonal, {} plume pixels \
             cleaned in it in {ROUNDS} rounds",
            self.shrinkage, self.cleaned
        )];
        maps.decision = raster(decision);
        maps.significance = raster(self.significance);
        maps.enhancement_ppmm = raster(self.enhancement);
        maps.sigma_ppmm = raster(self.sigma);
    }
}

/// Tempers the decision map of a small scene.
fn temper(maps: &mut SearchMaps) {
    let mut known: Vec<f32> =
        maps.decision.values.iter().copied().filter(|d| d.is_finite()).collect();
    if known.len() < 3 {
        return;
    }
    let nu = (known.len() as f64 / PATCH_PIXELS).max(1.0);
    known.sort_by(f32::total_cmp);
    let at = |share: f64| known[((known.len() - 1) as f64 * share) as usize];
    let (low, middle, high) = (at(0.1587), at(0.5), at(0.6915));
    let scatter = (2.0 * (high - middle)).max(middle - low).max(1.0);
    for d in &mut maps.decision.values {
        *d = normal_score(f64::from((*d - middle) / scatter), nu) as f32;
    }
    maps.chosen.reasons.push(format!(
        "little ground: decision divided by its own scatter ({scatter:.2}), tails of Student's t \
         with {nu:.0} degrees of freedom"
    ));
}

/// The normal score of a value of Student's t.
fn normal_score(t: f64, nu: f64) -> f64 {
    let z = (8.0 * nu + 1.0) / (8.0 * nu + 3.0) * (nu * (t * t / nu).ln_1p()).sqrt();
    z.copysign(t)
}

#[cfg(test)]
mod tests;
