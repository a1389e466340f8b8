//! Plume spectra of a thermal imager of 256 bands from 7.5 to 12 µm, made up apart from what judges them.
//!
//! Truth differs from what the judge is told: another amount of water in the air (10 %), smooth and
//! banded errors of every gas's shape, ground whose components are stronger or weaker than where it
//! was learnt, in pixels of Student's distribution with four degrees of freedom.

use cathartes_core::{emitter::EmitterKind, gas::CrossSection, units::PerCm};
use cathartes_formats::gas_library;
use cathartes_sensing::{bank::Target, identify::Lens};
use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, StandardNormal, StudentT};
use rand_xoshiro::Xoshiro256PlusPlus;

pub(crate) const BANDS: usize = 256;
/// Molecules per cm² in 1 ppm m.
const PER_PPMM: f64 = 2.4794e15;
/// Pixels of a plume.
const PIXELS: f64 = 30.0;
/// Bands of a gas that must be tabulated, and the absorbance per ppm m of its strongest.
const TABULATED: f64 = 0.35;
const VISIBLE: f64 = 1e-6;
/// No plume holds more, ppm m: 1 % of the air over a metre.
const MOST_PPMM: f64 = 10_000.0;
/// In the air already.
const AIR: [&str; 3] = ["h2o", "co2", "o3"];

fn centre_um(band: usize) -> f64 {
    7.5 + 4.5 * band as f64 / (BANDS - 1) as f64
}

/// What gases do in every band.
pub(crate) struct Optics {
    gases: Vec<(String, Vec<f64>)>,
    /// Depth of a common amount of water and ozone, finely, by band.
    air: Vec<Vec<f64>>,
    /// Change of Planck radiance per kelvin over radiance, at 300 K.
    heat: Vec<f64>,
}

/// Cross-sections under the response of a band, triangular, 0.035 µm wide at its foot.
fn under(gas: &CrossSection, band: usize) -> Vec<(f64, Option<f64>)> {
    (-12..=12)
        .map(|k| {
            let um = centre_um(band) + 0.0175 * f64::from(k) / 12.0;
            (1.0 - f64::from(k).abs() / 13.0, gas.at(PerCm(1e4 / um)))
        })
        .collect()
}

impl Optics {
    pub(crate) fn of_library() -> Self {
        let library = gas_library::builtin();
        let mean = |gas: &CrossSection, band: usize| {
            let seen = under(gas, band);
            let weight: f64 = seen.iter().map(|s| s.0).sum();
            let whole = seen.iter().all(|s| s.1.is_some());
            whole.then(|| {
                seen.iter().filter_map(|s| Some(s.0 * s.1?)).sum::<f64>() / weight * PER_PPMM
            })
        };
        let mut gases = Vec::new();
        for gas in library.iter().filter(|g| !AIR.contains(&g.gas.slug.as_str())) {
            let seen: Vec<Option<f64>> = (0..BANDS).map(|b| mean(gas, b)).collect();
            let tabulated = seen.iter().flatten().count() as f64 / BANDS as f64;
            let shape: Vec<f64> = seen.iter().map(|s| s.unwrap_or(0.0)).collect();
            if tabulated >= TABULATED && shape.iter().copied().fold(0.0, f64::max) > VISIBLE {
                gases.push((gas.gas.slug.clone(), shape));
            }
        }
        let depth = |slug: &str, ppmm: f64| {
            let gas = library.iter().find(|g| g.gas.slug == slug).unwrap();
            let at = |b: usize| {
                under(gas, b).iter().map(|s| s.1.unwrap_or(0.0) * ppmm * PER_PPMM).collect()
            };
            (0..BANDS).map(at).collect::<Vec<Vec<f64>>>()
        };
        let (water, ozone) = (depth("h2o", 1.0e7), depth("o3", 500.0));
        let both = |(w, o): (&Vec<f64>, &Vec<f64>)| w.iter().zip(o).map(|(w, o)| w + o).collect();
        let air = water.iter().zip(&ozone).map(both).collect();
        let heat = |b: usize| {
            let x = 14_387.8 / (centre_um(b) * 300.0);
            x / 300.0 / (1.0 - (-x).exp())
        };
        Self { gases, air, heat: (0..BANDS).map(heat).collect() }
    }

    /// Transmittance of the air when it holds so many times the common amount.
    fn clear(&self, amount: f64) -> Vec<f64> {
        let mean =
            |d: &Vec<f64>| d.iter().map(|d| (-amount * d).exp()).sum::<f64>() / d.len() as f64;
        self.air.iter().map(mean).collect()
    }
}

/// One scene: ground, air and noise, and what the judge is told of them.
pub(crate) struct Scene {
    pub(crate) lens: Lens,
    pub(crate) targets: Vec<Target>,
    seed: u64,
    clear: Vec<f64>,
    components: Vec<Vec<f64>>,
    noise: Vec<f64>,
    snr: Vec<f64>,
}

/// A plume and what is seen of it.
pub(crate) struct Plume {
    pub(crate) gases: Vec<String>,
    /// Signal-to-noise ratio of all gases together, as the judge would measure it.
    pub(crate) snr: f64,
    pub(crate) change: Vec<f64>,
}

fn normal(random: &mut Xoshiro256PlusPlus) -> f64 {
    random.sample(StandardNormal)
}

/// A smooth curve of unit deviation.
fn smooth(random: &mut Xoshiro256PlusPlus) -> Vec<f64> {
    let waves: Vec<(f64, f64, f64)> = (0..6)
        .map(|_| (random.random_range(0.3..3.0), random.random_range(0.0..6.3), normal(random)))
        .collect();
    let at = |b: usize| {
        let x = std::f64::consts::PI * b as f64 / BANDS as f64;
        waves.iter().map(|(f, phase, a)| a * (f * x + phase).sin()).sum::<f64>() / 3.0_f64.sqrt()
    };
    (0..BANDS).map(at).collect()
}

impl Scene {
    pub(crate) fn new(optics: &Optics, seed: u64) -> Self {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
        let louder = random.random_range(1.0..4.0);
        Self::with(optics, seed, louder)
    }

    /// The instrument at its best.
    pub(crate) fn quiet(optics: &Optics, seed: u64) -> Self {
        Self::with(optics, seed, 1.0)
    }

    fn with(optics: &Optics, seed: u64, louder: f64) -> Self {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(seed ^ 0x5eed);
        let told = random.random_range(0.6..1.6);
        let wrong = 1.0 + 0.1 * normal(&mut random).clamp(-2.0, 2.0);
        let (told_clear, clear) = (optics.clear(told), optics.clear(told * wrong));
        let components = components(optics, &clear, &mut random);
        let noise: Vec<f64> = (0..BANDS)
            .map(|b| {
                0.0025
                    * louder
                    * (1.0 + 0.5 * (b as f64 / 40.0).sin().powi(2))
                    * random.random_range(0.8..1.2)
            })
            .collect();
        let learnt: Vec<f64> =
            components.iter().map(|_| (0.3 * normal(&mut random)).exp()).collect();
        let ground: Vec<Vec<f64>> =
            (0..240).map(|_| patch(&components, &learnt, &noise, &mut random)).collect();
        let lens = Lens::from_ground(&ground, &vec![1.0; BANDS]).unwrap();
        let targets: Vec<Target> = optics
            .gases
            .iter()
            .map(|(gas, absorbance)| Target {
                gas: gas.clone(),
                per_ppmm_k: told_clear
                    .iter()
                    .zip(absorbance)
                    .zip(&optics.heat)
                    .map(|((t, a), h)| -t * a * h)
                    .collect(),
            })
            .collect();
        let zero = lens.whitened(&vec![0.0; BANDS]);
        let length = |t: &Target| {
            let seen = lens.whitened(&t.per_ppmm_k);
            seen.iter().zip(&zero).map(|(z, o)| (z - o).powi(2)).sum::<f64>().sqrt()
        };
        let snr = targets.iter().map(length).collect();
        Self { lens, targets, seed, clear, components, noise, snr }
    }

    /// Plumes strong enough to have been found.
    pub(crate) fn plumes(&self, optics: &Optics, count: usize) -> Vec<Plume> {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(self.seed ^ 0x9a5);
        let any = std::iter::from_fn(|| {
            let places = mixture(optics, &mut random);
            Some(self.plume(optics, &places, &mut random))
        });
        any.filter(|plume| plume.snr > 5.0).take(count).collect()
    }

    /// Plumes of a kind of emitter, those that hold a gas to be seen and are strong enough.
    pub(crate) fn plumes_of(
        &self,
        optics: &Optics,
        kind: &EmitterKind,
        count: usize,
    ) -> Vec<Plume> {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(self.seed ^ 0x0e11);
        let seen: Vec<(usize, f64)> = kind
            .gases
            .iter()
            .filter_map(|g| {
                let place = optics.gases.iter().position(|known| known.0 == g.gas)?;
                Some((place, g.presence_probability))
            })
            .collect();
        if seen.is_empty() {
            return Vec::new();
        }
        let any = std::iter::from_fn(|| {
            let there = seen.iter().filter(|g| random.random::<f64>() < g.1);
            let places: Vec<usize> = there.map(|g| g.0).collect();
            Some(self.plume(optics, &places, &mut random))
        });
        any.filter(|plume| plume.snr > 5.0).take(count).collect()
    }

    fn plume(&self, optics: &Optics, places: &[usize], random: &mut Xoshiro256PlusPlus) -> Plume {
        let kelvin = random.random_range(0.5..8.0) * if random.random() { 1.0 } else { -1.0 };
        let mut change = vec![0.0; BANDS];
        let mut power = 0.0;
        for &g in places {
            // The column that gives this ratio at 4 K.
            let snr = (12.0_f64.ln() + normal(random)).exp();
            let column = (snr / self.snr[g] / 4.0).min(MOST_PPMM);
            let amplitude = column * kelvin;
            power += (amplitude * self.snr[g]).powi(2);
            let (wide, banded) = (smooth(random), random.random_range(0.0..0.08));
            for b in 0..BANDS {
                let wrong = 1.0 + 0.08 * wide[b] + banded * normal(random);
                let (_, absorbance) = &optics.gases[g];
                change[b] -= amplitude * self.clear[b] * absorbance[b] * optics.heat[b] * wrong;
            }
        }
        let here: Vec<f64> = self.components.iter().map(|_| (0.3 * normal(random)).exp()).collect();
        let ground = patch(&self.components, &here, &self.noise, random);
        change.iter_mut().zip(&ground).for_each(|(x, g)| *x += g);
        let gases = places.iter().map(|&g| optics.gases[g].0.clone()).collect();
        Plume { gases, snr: power.sqrt(), change }
    }
}

/// One to five gases.
fn mixture(optics: &Optics, random: &mut Xoshiro256PlusPlus) -> Vec<usize> {
    let draw: f64 = random.random();
    let count = [0.4, 0.65, 0.83, 0.93].iter().filter(|t| draw > **t).count() + 1;
    let mut places: Vec<usize> = Vec::new();
    while places.len() < count {
        let next = random.random_range(0..optics.gases.len());
        if !places.contains(&next) {
            places.push(next);
        }
    }
    places
}

/// What ground consists of: warmth, water in the air, and smooth differences of emissivity.
fn components(optics: &Optics, clear: &[f64], random: &mut Xoshiro256PlusPlus) -> Vec<Vec<f64>> {
    let more = optics.clear(1.3);
    let warmth = optics.heat.iter().map(|h| 0.6 * h).collect();
    let water = clear.iter().zip(&more).map(|(c, m)| 0.01 * (m - c)).collect();
    let mut all = vec![warmth, water];
    all.extend((0..8).map(|k| {
        let size = 0.004 / f64::from(k + 1);
        smooth(random).into_iter().map(|x| size * x).collect::<Vec<f64>>()
    }));
    all
}

/// The mean of a patch of ground: components do not average out over it, noise does.
fn patch(
    components: &[Vec<f64>],
    strengths: &[f64],
    noise: &[f64],
    random: &mut Xoshiro256PlusPlus,
) -> Vec<f64> {
    let student = StudentT::new(4.0_f64).unwrap();
    let tail = (f64::abs(student.sample(random)) / 0.74).max(0.4).sqrt();
    let mut seen = vec![0.0; noise.len()];
    for (component, strength) in components.iter().zip(strengths) {
        let here = 0.5 * strength * student.sample(random);
        seen.iter_mut().zip(component).for_each(|(x, c)| *x += here * c);
    }
    for (x, n) in seen.iter_mut().zip(noise) {
        *x += tail * n / PIXELS.sqrt() * normal(random);
    }
    seen
}
