//! Is it the gas? The spectrum of a plume against everything else that could look so.
//!
//! The plume's mean ln radiance over its surroundings, `r`, is compared with the mean and
//! covariance that ground gives the same patch elsewhere in the scene (`ratio`). Then
//!
//! ```text
//! gas      r = α s + background                     s signature, bent for the column found
//!          r = α s + Σ cⱼ gⱼ + background
//! rivals   r = background
//!          r = Σ cⱼ gⱼ + background                 another surface
//!          r = β q + background,  with and without another surface
//! ```
//!
//! q is each other gas given (water vapour, carbon dioxide, …) and brightness. The directions gⱼ
//! of another surface are the first principal components of single pixels and cosines over
//! wavelength no narrower than `NARROWEST_NM` from top to bottom: solids absorb more broadly
//! than gases. Every direction has one prior, said once: its largest change of ln radiance is
//! normal with a deviation of 0.1, 0.3, 1, 3 or 10 %, equally likely. The gas of a plume is
//! positive. No shape is exact: every explanation is allowed an error of `MISFIT` of the largest
//! change, independent by band. Evidence is analytic; of a group its best member speaks:
//!
//! ```text
//! ln ratio = max ln E(gas …) − max ln E(rivals).
//! ```
//!
//! A plume is flagged below `CONVINCING`, not below zero: it is before the court because it looks
//! more like the gas than anything else in the scene, and that luck alone is worth a few units.
//!
//! Does not tell a gas from another whose signature was not given, and says nothing of surfaces
//! that absorb as narrowly as the gas does.
//!
//! Kass & Raftery (1995), J. Am. Stat. Assoc. 90, 773; Foote et al. (2020), IEEE TGRS 58, 6480.

use cathartes_core::{
    cube::Cube,
    plume::{LookAlike, Plume},
    signature::Signature,
    units::PpmMetres,
};
use rayon::prelude::*;

use crate::{fitted::FittedSpectrum, maps::SearchMaps, plumes::free_of};

pub(crate) mod evidence;
pub(crate) mod fits;
pub(crate) mod ground;
pub(crate) mod ratio;

use evidence::{Fit, fit, ln_mean_exp};
use fits::Seen;
use ground::{Ground, without};
use ratio::{Patch, Scene};

/// Narrowest feature of another surface, nm, from its top to its bottom.
const NARROWEST_NM: f64 = 20.0;
/// Most cosines.
const MOST_COSINES: usize = 40;
/// Prior deviations of a change of ln radiance.
const STRENGTHS: [f64; 5] = [0.001, 0.003, 0.01, 0.03, 0.1];

/// ln of the evidence ratio from which gas is believed: twenty to one.
const CONVINCING: f64 = 3.0;

/// What a plume is judged with.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// The cube searched, or a stretch of its lines around the plumes: some 200 lines suffice.
    pub cube: &'a Cube,
    /// Line of the maps that the cube begins with.
    pub first_line: usize,
    /// What the search made of the whole scene.
    pub maps: &'a SearchMaps,
    /// The gas searched for, in the bands of the cube.
    pub signature: &'a Signature,
    /// Other gases by name, in the bands of the cube.
    pub others: &'a [(String, Signature)],
    /// How many leading bands are the gas's spectral window: in them gases are fitted for the eye.
    pub window_bands: usize,
    /// Where ground is sampled.
    pub seed: u64,
}

/// The spectrum of a plume and how the gas fits it. All in ln of radiance over surroundings.
#[derive(Debug, Clone, PartialEq)]
pub struct PlumeSpectrum {
    /// Band centres.
    pub wavelengths_nm: Vec<f64>,
    /// What was seen, the mean of ground taken off.
    pub observed_ln: Vec<f64>,
    /// Deviation that ground gives each band beyond what its principal directions explain.
    pub sigma_ln: Vec<f64>,
    /// The gas, the difference of surfaces and the ground's principal directions, fitted together.
    pub fitted_ln: Vec<f64>,
    /// The gas alone of that fit.
    pub gas_ln: Vec<f64>,
    /// Seen less fitted.
    pub residual_ln: Vec<f64>,
    /// The mean column of that fit, weighted like the spectrum.
    pub column_ppmm: f64,
    /// Each gas's own part of `gas_ln` by slug, where several were fitted.
    pub parts_ln: Vec<(String, Vec<f64>)>,
    /// The plume and then its most significant pixels against the gases, each with what the fit leaves.
    pub fits: Vec<FittedSpectrum>,
}

/// The verdict on one plume.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// For the plume.
    pub look_alike: LookAlike,
    /// For the eye.
    pub spectrum: PlumeSpectrum,
}

/// Judges every plume; `None` where ground cannot be known (too small a scene, other bands) and
/// for plumes that reach beyond the lines of the cube.
#[must_use]
pub fn judge(plumes: &[Plume], evidence: &Evidence) -> Vec<Option<Verdict>> {
    let (cube, samples) = (evidence.cube, evidence.maps.decision.samples);
    let free = free_of(evidence.maps, plumes);
    let lines = evidence.first_line * samples..(evidence.first_line + cube.lines) * samples;
    let Some(free) = free.get(lines).filter(|_| cube.samples == samples) else {
        return vec![None; plumes.len()];
    };
    let scene = Scene { cube, free };
    plumes.par_iter().map(|plume| evidence.of(plume, &scene)).collect()
}

impl Evidence<'_> {
    fn of(&self, plume: &Plume, scene: &Scene) -> Option<Verdict> {
        let bands = self.cube.bands.len();
        let fits = |s: &Signature| s.unit_per_ppmm.len() == bands;
        if !fits(self.signature) {
            return None;
        }
        let decision = |l: u32, s: u32| self.maps.decision.at(l as usize, s as usize);
        let first = self.first_line as i32;
        let inside =
            |&(l, _): &(u32, u32)| (first..first + self.cube.lines as i32).contains(&(l as i32));
        if !plume.pixels.iter().all(inside) {
            return None;
        }
        let cells = plume.pixels.iter();
        let cells = cells.map(|&(l, s)| (l as i32 - first, s as i32, f64::from(decision(l, s))));
        let patch = Patch::new(cells.collect());
        let ratio = patch.ratio(scene)?;
        let seen = &ratio.weighted;
        let background = patch.elsewhere(scene, self.seed);
        let ground = Ground::learn(&background, seen)?;
        let observed: Vec<f64> = seen.iter().zip(&ground.mean).map(|(r, m)| r - m).collect();
        let gas = bent(self.signature, &observed);
        let surface = self.surface(&ground);
        let z = ground.whitened(&observed);
        let court = Court { ground: &ground, z: &z, surface: &surface };
        let (gas_evidence, best) = court.gas(&gas);
        let rival = self
            .others
            .iter()
            .filter(|(_, signature)| fits(signature))
            .map(|(name, s)| (name.as_str(), unit_high(&s.unit_per_ppmm)))
            .chain([("brightness", vec![1.0; bands])])
            .map(|(name, direction)| (name, court.either(&direction)))
            .chain([("background", 0.0), ("surface", court.surface_alone())])
            .max_by(|a, b| a.1.total_cmp(&b.1))?;
        let ln_evidence_ratio = gas_evidence - rival.1;
        let look_alike = LookAlike {
            rival: rival.0.to_owned(),
            ln_evidence_ratio,
            flagged: ln_evidence_ratio < CONVINCING,
        };
        let seen = Seen { scene, patch: &patch, ratio: &ratio.plain };
        let fits = self.fits(&plume.pixels, &seen, &background, rival.0);
        let spectrum = PlumeSpectrum { fits, ..self.spectrum(observed, &ground, &best) };
        Some(Verdict { look_alike, spectrum })
    }

    /// Directions of another surface, each with its prior deviation over that of [`STRENGTHS`].
    fn surface(&self, ground: &Ground) -> Vec<Vec<f64>> {
        let nm: Vec<f64> = self.cube.bands.iter().map(|b| b.center.0).collect();
        let low = nm.iter().copied().fold(f64::MAX, f64::min);
        let wide = nm.iter().copied().fold(0.0, f64::max) - low;
        let cosines = ((wide / NARROWEST_NM) as usize).clamp(1, MOST_COSINES);
        let wave = |j: usize| {
            let turn = std::f64::consts::PI * j as f64 / wide.max(1.0);
            nm.iter().map(|x| (turn * (x - low)).cos()).collect()
        };
        (0..=cosines).map(wave).chain(ground.components.iter().map(|c| unit_high(c))).collect()
    }

    fn spectrum(&self, observed_ln: Vec<f64>, ground: &Ground, best: &Best) -> PlumeSpectrum {
        let explained = best.gas.iter().zip(&best.surface).map(|(gas, surface)| gas + surface);
        let left: Vec<f64> = observed_ln.iter().zip(explained).map(|(o, e)| o - e).collect();
        let residual_ln = without(&left, &ground.common);
        let fitted_ln = observed_ln.iter().zip(&residual_ln).map(|(o, r)| o - r).collect();
        let strongest = |v: &[f64]| v.iter().copied().fold(0.0, f64::min);
        // The column whose log transmittance is as deep, on the bent scale the fit was made with.
        let unit = strongest(&self.signature.unit_per_ppmm);
        let depth = strongest(&best.gas);
        PlumeSpectrum {
            wavelengths_nm: self.cube.bands.iter().map(|b| b.center.0).collect(),
            residual_ln,
            observed_ln,
            sigma_ln: ground.sigma.clone(),
            column_ppmm: if unit < 0.0 { column_of(self.signature, depth) } else { 0.0 },
            gas_ln: best.gas.clone(),
            parts_ln: Vec::new(),
            fits: Vec::new(),
            fitted_ln,
        }
    }
}

/// The column whose deepest band is so deep, by bisection.
fn column_of(signature: &Signature, depth: f64) -> f64 {
    let deepest = |column: f64| {
        let ln = signature.log_transmittance(PpmMetres(column));
        ln.into_iter().fold(0.0, f64::min)
    };
    let (mut low, mut high) = (0.0, 100_000.0);
    for _ in 0..50 {
        let middle = 0.5 * (low + high);
        if deepest(middle) > depth { low = middle } else { high = middle }
    }
    low
}

/// The signature's shape at the column that fits plainly, scaled to unit height, negative.
fn bent(signature: &Signature, observed: &[f64]) -> Vec<f64> {
    let unit = &signature.unit_per_ppmm;
    let power: f64 = unit.iter().map(|s| s * s).sum();
    let seen: f64 = unit.iter().zip(observed).map(|(s, r)| s * r).sum();
    let column = (seen / power).clamp(0.0, 50_000.0);
    let shape =
        if column > 1.0 { signature.log_transmittance(PpmMetres(column)) } else { unit.clone() };
    unit_high(&shape)
}

fn unit_high(shape: &[f64]) -> Vec<f64> {
    let high = shape.iter().fold(0.0_f64, |m, x| m.max(x.abs()));
    shape.iter().map(|x| if high > 0.0 { x / high } else { 0.0 }).collect()
}

/// Where the explanations meet.
struct Court<'a> {
    ground: &'a Ground,
    z: &'a [f64],
    surface: &'a [Vec<f64>],
}

/// The gas with another surface, at their best strengths.
struct Best {
    gas: Vec<f64>,
    surface: Vec<f64>,
}

impl Court<'_> {
    fn whitened(&self, directions: &[Vec<f64>]) -> Vec<Vec<f64>> {
        directions.iter().map(|d| self.ground.whitened(d)).collect()
    }

    fn surface_alone(&self) -> f64 {
        let directions = self.whitened(self.surface);
        let tried = STRENGTHS.map(|s| fit(self.z, &scaled(&directions, s)).ln_evidence);
        ln_mean_exp(&tried)
    }

    /// The better of a direction alone and with another surface.
    fn either(&self, direction: &[f64]) -> f64 {
        let plain = |f: &Fit| f.ln_evidence;
        self.alone(direction, plain).max(ln_mean_exp(
            &self.with_surface(direction).iter().map(|(_, _, f)| plain(f)).collect::<Vec<_>>(),
        ))
    }

    fn alone(&self, direction: &[f64], evidence: impl Fn(&Fit) -> f64) -> f64 {
        let direction = [self.ground.whitened(direction)];
        ln_mean_exp(&STRENGTHS.map(|s| evidence(&fit(self.z, &scaled(&direction, s)))))
    }

    /// Every pair of strengths, the direction's first.
    fn with_surface(&self, direction: &[f64]) -> Vec<(f64, f64, Fit)> {
        let (first, rest) = (self.whitened(&[direction.to_vec()]), self.whitened(self.surface));
        let pairs = STRENGTHS.iter().flat_map(|&a| STRENGTHS.map(|b| (a, b)));
        pairs
            .map(|(a, b)| {
                let directions = [scaled(&first, a), scaled(&rest, b)].concat();
                (a, b, fit(self.z, &directions))
            })
            .collect()
    }

    /// Evidence for the gas, which is positive, and its best fit with another surface.
    fn gas(&self, gas: &[f64]) -> (f64, Best) {
        let positive = |f: &Fit| {
            f.ln_evidence + (2.0 * (1.0 - crate::normal::upper_tail(f.first_z))).max(1e-300).ln()
        };
        let both = self.with_surface(gas);
        let joint: Vec<f64> = both.iter().map(|(_, _, f)| positive(f)).collect();
        let evidence = self.alone(gas, positive).max(ln_mean_exp(&joint));
        let best = both.iter().zip(&joint).max_by(|a, b| a.1.total_cmp(b.1)).map(|(fit, _)| fit);
        let mut shapes = Best { gas: vec![0.0; gas.len()], surface: vec![0.0; gas.len()] };
        if let Some((a, b, fit)) = best {
            shapes.gas = gas.iter().map(|g| a * fit.strengths[0] * g).collect();
            for (direction, strength) in self.surface.iter().zip(&fit.strengths[1..]) {
                let pairs = shapes.surface.iter_mut().zip(direction);
                pairs.for_each(|(sum, d)| *sum += b * strength * d);
            }
        }
        (evidence, shapes)
    }
}

fn scaled(directions: &[Vec<f64>], by: f64) -> Vec<Vec<f64>> {
    directions.iter().map(|d| d.iter().map(|x| x * by).collect()).collect()
}

#[cfg(test)]
mod tests;
