//! Many gases at once: every pixel against every target, for gas of either sign.
//!
//! With `y = x/μ − 1` (radiance over the mean of its detector column), `m` and `C = LLᵀ` mean and
//! covariance of the pixel's kind of ground (`clutter`), and the target `h` (relative change of radiance
//! per ppm m and kelvin of contrast), a pixel whose column times contrast is `a` is read as
//!
//! ```text
//! w = L⁻¹(y − m),   u = L⁻¹h,   z = uᵀw/|u|,   â = z/|u|,   σ = 1/|u|,   cos = z/|w|.
//! ```
//!
//! Where the rest of a spectrum is longer than ground makes it, what decides is
//!
//! ```text
//! z / √max(1, (|w|² − z²)/(p − 1)):
//! ```
//!
//! ground like none that was learnt answers to everything, a gas to itself. Amounts are of `z` as it is.
//!
//! `w` is made once; a further gas costs one product of `p` terms a pixel. `z` is signed: gas colder than
//! the ground absorbs, gas warmer than it emits, and both are plumes. A map upside down is then no map
//! without gas. What the spatial test is worth without gas is learnt from *decoys* instead: targets
//! mirrored and turned in band order, freed of what they share with the gases in whitened units. They
//! are as smooth as gases and belong to none; target and decoy see the same ground.
//!
//! The first pass learns the ground from all pixels, the second without those that look like gas.
//! A plume of any gas is an object before it has a name: of all decisions a pixel keeps the rarest,
//! made less rare by the number of independent gases (Nyholt's, from the eigenvalues of the
//! correlation of the targets; here by their mean square, which is the same number).
//!
//! Radiance in any unit, the same for cube and targets. Limits: thin plumes (`a` in proportion to
//! radiance); decoys know nothing of minerals that look like one gas alone.
//!
//! Funk, Theiler, Roberts & Borel (2001), IEEE TGRS 39, 1410 (clusters); Kelly (1986), IEEE
//! Trans. Aerosp. Electron. Syst. 22, 115 (the rest of a spectrum); Kraut & Scharf (1999), IEEE
//! Trans. Signal Process. 47, 2538 (cosine); Elias & Gygi (2007), Nat. Methods 4, 207 (decoys); Nyholt
//! (2004), Am. J. Hum. Genet. 74, 765 (independent tests).

mod clutter;
mod kinds;
mod options;
mod scores;

use cathartes_core::{cube::Cube, raster::Raster};
use rayon::prelude::*;

pub use crate::thermal::targets::Target;
use crate::{
    maps::Mask,
    masks,
    normal::{score_of_tail, upper_tail},
    significance::{Calibration, lower_spread},
    spatial::{self, Grid, Null},
};
pub(crate) use clutter::Clutter;
pub use options::{BankError, BankOptions};
use scores::{Directions, Scores};

/// How far a blurred score must stand out for its pixel to be left out of the statistics: so far that
/// sixty gases over a million pixels of normal ground mark none and need no second pass.
const LOOKS_LIKE_GAS: f32 = 6.0;
/// A gas that marks more than this share of a scene marks ground.
const MOST_MARKED: f64 = 0.2;

/// A cube with its ground learnt and every gas scored.
#[derive(Debug, Clone)]
pub struct Bank<'c> {
    cube: &'c Cube,
    targets: &'c [Target],
    clutter: Clutter,
    directions: Directions,
    scores: Scores,
    brightness: Vec<f32>,
    background: Vec<bool>,
    /// Pixels left out, and by which measured criterion.
    pub masks: Vec<Mask>,
}

/// The maps of one gas.
#[derive(Debug, Clone, PartialEq)]
pub struct GasMaps {
    /// Slug of the gas.
    pub gas: String,
    /// Gas column times contrast, ppm m K; negative where the plume is warmer than the ground.
    pub amplitude_ppmm_k: Raster,
    /// Its deviation.
    pub sigma_ppmm_k: Raster,
    /// Signed significance of every pixel.
    pub significance: Raster,
    /// Signed cosine between what is seen and the target, in whitened units (the adaptive cosine
    /// estimator).
    pub cosine: Raster,
}

/// What decides, for one gas or for any.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// Significance of either sign integrated over space, as the deviation of a standard normal.
    pub decision: Raster,
    /// Significance of every pixel, positive where it agrees with the sign of its decision.
    pub significance: Raster,
}

/// The decision of any gas, and which gas made it.
#[derive(Debug, Clone, PartialEq)]
pub struct AnyGas {
    /// The maps that draw plumes.
    pub maps: Decision,
    /// What decoys decide, where nothing looks like gas: the ground's own part of such a map.
    pub decoys: Raster,
    /// Place among the targets of the gas that decided each pixel.
    pub strongest: Vec<u16>,
    /// How many independent gases the targets amount to.
    pub independent_ratio: f64,
}

impl<'c> Bank<'c> {
    /// Learns the ground and scores every gas.
    ///
    /// # Errors
    ///
    /// [`BankError`] when cube and targets do not fit or the ground cannot be known.
    pub fn learn(
        cube: &'c Cube,
        targets: &'c [Target],
        options: BankOptions,
    ) -> Result<Self, BankError> {
        check(cube, targets)?;
        let bands = cube.bands.len();
        let survey = masks::survey(cube, bands);
        let usable = survey.used.iter().filter(|u| **u).count();
        if usable < 4 * bands {
            let pixels = cube.lines * cube.samples;
            return Err(BankError::TooFewPixels { usable, pixels, bands });
        }
        let flat = BankError::Flat { bands };
        let mut background = survey.used.clone();
        let learn = |background: &[bool]| {
            let clutter = Clutter::learn(cube, (&survey.used, background), options)?;
            let directions = Directions::of(&clutter, targets)?;
            let scores = Scores::of(cube, &clutter, &directions);
            Some((clutter, directions, scores))
        };
        let (mut clutter, mut directions, mut scores) =
            learn(&background).ok_or_else(|| flat.clone())?;
        let marked = scores.look_like_gas(targets.len(), cube.samples);
        if marked.iter().any(|m| *m) {
            background.iter_mut().zip(&marked).for_each(|(b, m)| *b &= !m);
            (clutter, directions, scores) = learn(&background).ok_or(flat)?;
        }
        let (brightness, masks) = (survey.brightness, survey.masks);
        Ok(Self { cube, targets, clutter, directions, scores, brightness, background, masks })
    }

    /// The targets, in the order of everything here.
    #[must_use]
    pub fn targets(&self) -> &[Target] {
        self.targets
    }

    pub(crate) fn cube(&self) -> &Cube {
        self.cube
    }

    pub(crate) fn clutter(&self) -> &Clutter {
        &self.clutter
    }

    /// Pixels in use that did not look like gas.
    pub(crate) fn background(&self) -> &[bool] {
        &self.background
    }

    fn raster(&self, values: Vec<f32>) -> Raster {
        Raster { lines: self.cube.lines, samples: self.cube.samples, values }
    }

    /// The maps of the gas at a place among the targets.
    #[must_use]
    pub fn gas(&self, place: usize) -> Option<GasMaps> {
        let target = self.targets.get(place)?;
        let score = &self.scores.by_target[place];
        let calibration = self.calibration(score);
        let significance = self.significance(score);
        let by_kind = &self.directions.sigma[place];
        let labels = self.clutter.labels();
        let sigma =
            |at: usize| by_kind.get(usize::from(labels[at])).map_or(f32::NAN, |s| *s as f32);
        let unit: Vec<f32> = (0..score.len()).map(sigma).collect();
        let middle_and_deviation: Vec<(f32, f32)> =
            self.brightness.iter().map(|&b| calibration.at(b)).collect();
        let pairs = || score.iter().zip(&middle_and_deviation);
        let amplitude = pairs().zip(&unit).map(|((z, (m, _)), s)| (z - m) * s).collect();
        let deviation = unit.iter().zip(&middle_and_deviation).map(|(s, (_, d))| s * d).collect();
        let cosine = score.iter().zip(&self.scores.length).map(|(z, w)| z / w).collect();
        Some(GasMaps {
            gas: target.gas.clone(),
            amplitude_ppmm_k: self.raster(amplitude),
            sigma_ppmm_k: self.raster(deviation),
            significance: self.raster(significance),
            cosine: self.raster(cosine),
        })
    }

    /// The decision of the gas at a place among the targets; `null` is that of [`Self::any`].
    #[must_use]
    pub fn decision(&self, place: usize) -> Option<Decision> {
        let score = self.scores.by_target.get(place)?;
        let null = Null::learn(&self.decoys().concat());
        let significance = self.significance(score);
        Some(self.decided(&significance, &null))
    }

    fn decided(&self, significance: &[f32], null: &Null) -> Decision {
        let samples = self.cube.samples;
        let decision = spatial::decide_both(Grid { values: significance, samples }, null);
        let signs = spatial::gaussian(&without_gaps(significance), samples, 2.0);
        let agreeing = significance.iter().zip(&signs).map(|(z, s)| z * s.signum()).collect();
        Decision { decision: self.raster(decision), significance: self.raster(agreeing) }
    }

    /// The decision of any gas: plumes before they have a name.
    #[must_use]
    pub fn any(&self) -> AnyGas {
        let answers = self.decoys();
        let null = Null::learn(&answers.concat());
        let decisions: Vec<Decision> = (0..self.targets.len())
            .into_par_iter()
            .map(|g| self.decided(&self.significance(&self.scores.by_target[g]), &null))
            .collect();
        let pixels = self.background.len();
        let (mut best, mut agreeing) = (vec![f32::NAN; pixels], vec![f32::NAN; pixels]);
        let mut strongest = vec![0_u16; pixels];
        for (g, d) in decisions.iter().enumerate() {
            for at in 0..pixels {
                let value = d.decision.values[at];
                if best[at].is_nan() || value > best[at] {
                    best[at] = value;
                    agreeing[at] = d.significance.values[at];
                    strongest[at] = g as u16;
                }
            }
        }
        let independent = self.directions.independent;
        best.par_iter_mut().for_each(|d| *d = among(*d, independent));
        centred(&mut agreeing);
        let maps = Decision { decision: self.raster(best), significance: self.raster(agreeing) };
        let decoys = self.raster(best_decoy(&answers, &null));
        AnyGas { maps, decoys, strongest, independent_ratio: independent }
    }

    /// What the spatial test answers to each decoy where nothing looks like gas.
    fn decoys(&self) -> Vec<Vec<f32>> {
        let samples = self.cube.samples;
        self.scores
            .by_decoy
            .par_iter()
            .map(|score| {
                let mut values = self.significance(score);
                for (z, ground) in values.iter_mut().zip(&self.background) {
                    *z = if *ground { *z } else { f32::NAN };
                }
                spatial::either_way(Grid { values: &values, samples })
            })
            .collect()
    }

    fn calibration(&self, score: &[f32]) -> Calibration {
        Calibration::learn(score, &self.brightness, &self.background)
    }

    /// Scores as normal deviates: less where the rest of the spectrum is like no ground learnt.
    fn significance(&self, score: &[f32]) -> Vec<f32> {
        let more = (self.cube.bands.len() - 1) as f32;
        let odd = |z: f32, length: f32| ((length * length - z * z) / more).max(1.0).sqrt();
        let pairs = score.iter().zip(&self.scores.length);
        let mut values: Vec<f32> = pairs.map(|(z, length)| z / odd(*z, *length)).collect();
        self.calibration(&values).apply(&mut values, &self.brightness);
        values
    }
}

fn check(cube: &Cube, targets: &[Target]) -> Result<(), BankError> {
    let bands = cube.bands.len();
    let expected = cube.lines * cube.samples * bands;
    if cube.data.len() != expected {
        return Err(BankError::ShapeMismatch { expected, found: cube.data.len() });
    }
    if targets.is_empty() {
        return Err(BankError::NoTarget);
    }
    for target in targets {
        let (gas, found) = (target.gas.clone(), target.per_ppmm_k.len());
        if found != bands {
            return Err(BankError::BandMismatch { gas, found, bands });
        }
        let power: f64 = target.per_ppmm_k.iter().map(|t| t * t).sum();
        if !(power > 0.0 && power.is_finite()) {
            return Err(BankError::NoMark { gas });
        }
    }
    Ok(())
}

/// The normal score of the best of `n` independent tests that alone has the score `d`.
fn among(d: f32, n: f64) -> f32 {
    let rare = |d: f64| {
        if d > 6.0 {
            (d * d - 2.0 * n.ln()).sqrt()
        } else {
            score_of_tail(-(n * (-upper_tail(d)).ln_1p()).exp_m1())
        }
    };
    // Nobody reads scores that ordinary: they only have to keep their order.
    if d > 1.0 { rare(f64::from(d)) as f32 } else { d - 1.0 + rare(1.0) as f32 }
}

/// The decision of the best of some decoys, which are independent of one another.
fn best_decoy(answers: &[Vec<f32>], null: &Null) -> Vec<f32> {
    let pixels = answers.first().map_or(0, Vec::len);
    let best = |at: usize| {
        let all = answers.iter().map(|answer| null.normal_score(answer[at]));
        among(all.fold(f32::NAN, f32::max), answers.len() as f64)
    };
    (0..pixels).into_par_iter().map(best).collect()
}

/// Takes off the middle that choosing the best of many gases gives.
fn centred(values: &mut [f32]) {
    let seen = values.iter().copied().filter(|v| v.is_finite()).collect();
    if let Some((middle, deviation)) = lower_spread(seen).filter(|s| s.1 > 0.0) {
        for v in values {
            *v = (*v - middle) / deviation;
        }
    }
}

fn without_gaps(values: &[f32]) -> Vec<f32> {
    values.iter().map(|z| if z.is_finite() { *z } else { 0.0 }).collect()
}

impl Scores {
    /// Pixels near which a blurred score stands out.
    fn look_like_gas(&self, gases: usize, samples: usize) -> Vec<bool> {
        let pixels = self.length.len();
        let marks: Vec<Vec<usize>> = self.by_target[..gases]
            .par_iter()
            .map(|score| {
                let blurred = spatial::gaussian(&without_gaps(score), samples, 1.5);
                let Some((middle, deviation)) = lower_spread(blurred.clone()) else {
                    return Vec::new();
                };
                let out = |at: &usize| (blurred[*at] - middle).abs() > LOOKS_LIKE_GAS * deviation;
                (0..pixels).filter(out).collect()
            })
            .collect();
        let mut marked = vec![false; pixels];
        for at in marks.into_iter().filter(|m| (m.len() as f64) < MOST_MARKED * pixels as f64) {
            for at in at {
                marked[at] = true;
            }
        }
        spatial::dilate(&marked, samples, 2)
    }
}

#[cfg(test)]
pub(crate) mod tests;
