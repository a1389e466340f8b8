//! An imaging spectrometer's scene with plumes of known rate: the truth for tests and planning.
//!
//! Radiance at the sensor, by band,
//!
//! ```text
//! L = g [ ρ W (1 + a w + b w²)(1 + c h) Π_gas T_gas + P + cloud + flare + noise ]
//! ```
//!
//! `ρ` mixed reflectance (`ground`), `W` what a white ground shows through the air and `P` path
//! radiance (`light`, `optics`), `w` and `h` relative departures of water and of all other air
//! from their means, `T` transmittance of the plume, `g` a constant factor per column and band,
//! noise `|a √(b + L) + c|` after the instrument's law. The plume's light crosses it twice, down
//! and up, below the path radiance.
//!
//! A recipe with a `[thermal]` table is a scene of the ground's own heat instead: `heat` has its
//! equation, in W m⁻² sr⁻¹ µm⁻¹.
//!
//! Every random number belongs to the seed and to a place, never to the order of work: the same
//! recipe gives the same bits on any number of threads. Left out: light from neighbouring pixels,
//! blur of the optics, reflection that depends on direction, noise shared between bands.
//!
//! The convolution, grid and weighting here are the simulator's own and must stay apart from
//! [`crate::signature`], or searching a simulated scene would prove nothing.

mod columns;
mod field;
mod ground;
mod heat;
mod layout;
mod light;
mod optics;
mod plumes;
pub mod recipe;
mod truth;
mod weather;
mod world;

use cathartes_core::{
    cube::CubeInfo,
    gas::{CrossSection, Gas},
    geometry::{Crs, Geometry, MapGrid},
    plume::PixelPlace,
    raster::Raster,
    scenery::{Instrument, Scenery},
};
use rand::SeedableRng;
use rand_distr::{Distribution, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;

pub use plumes::Outline;
use recipe::{PlumeChoice, PlumeKind, Recipe, RecipeError};
pub use truth::TruePlume;

use self::{
    field::mix,
    ground::{Ground, Mixture},
    heat::Heat,
    optics::Optics,
    plumes::Frame,
    weather::Weather,
    world::World,
};

/// Why a scene cannot be simulated.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SimulateError {
    /// The recipe asks for what cannot be.
    #[error(transparent)]
    Recipe(#[from] RecipeError),
    /// A gas nobody knows.
    #[error("gas `{gas}` is not in the library; `cathartes gas list` shows what is")]
    UnknownGas {
        /// As the recipe writes it.
        gas: String,
    },
    /// A gas without lines where the instrument looks.
    #[error(
        "gas `{gas}` is not tabulated between {low_nm:.0} and {high_nm:.0} nm, where the instrument looks"
    )]
    NotTabulated {
        /// The gas.
        gas: String,
        /// Shortest wavelength of the instrument.
        low_nm: f64,
        /// Longest.
        high_nm: f64,
    },
    /// A gas no band feels.
    #[error("gas `{gas}` leaves no mark in any band of the instrument")]
    NoMark {
        /// The gas.
        gas: String,
    },
    /// A thermal imager in sunlight.
    #[error(
        "instrument `{name}` looks at {low_nm:.0} to {high_nm:.0} nm, where the ground's own heat shines: \
         add a `[thermal]` table to the recipe"
    )]
    NeedsThermal {
        /// The instrument.
        name: String,
        /// Shortest wavelength it sees.
        low_nm: f64,
        /// Longest.
        high_nm: f64,
    },
    /// An imager of sunlight in a thermal scene.
    #[error(
        "a `[thermal]` scene needs bands between 7,000 and 14,000 nm; instrument `{name}` looks at \
         {low_nm:.0} to {high_nm:.0} nm: choose another, or leave the table out"
    )]
    NotThermal {
        /// The instrument.
        name: String,
        /// Shortest wavelength it sees.
        low_nm: f64,
        /// Longest.
        high_nm: f64,
    },
    /// A mask whose picture was not handed over.
    #[error("plume {number}: its outline is missing")]
    NoOutline {
        /// Number from 1.
        number: usize,
    },
}

/// A scene ready to be rendered line by line.
#[derive(Debug)]
pub struct Simulator {
    recipe: Recipe,
    instrument: Instrument,
    ground: Ground,
    world: World,
    weather: Weather,
    frame: Frame,
    gases: Vec<Gas>,
    enhancement: Vec<Raster>,
    plumes: Vec<TruePlume>,
    /// Constant factor by column and band.
    gain: Vec<f32>,
}

/// Outlines by their number in `recipe.plume`.
pub type Outlines<'o> = &'o [Option<Outline>];

impl Simulator {
    /// Lays out a scene. `outlines` holds one entry a `[[plume]]`, with the picture of each mask.
    ///
    /// # Errors
    ///
    /// [`SimulateError`] names what the recipe asks for in vain.
    pub fn new(
        recipe: &Recipe,
        scenery: &Scenery,
        instrument: &Instrument,
        library: &[CrossSection],
        outlines: Outlines<'_>,
    ) -> Result<Self, SimulateError> {
        recipe.check()?;
        let choices = layout::all_plumes(recipe, instrument);
        let gases = layout::plume_gases(&choices, instrument, library)?;
        let frame = layout::frame(recipe, instrument);
        let world = World::new(recipe, scenery, instrument, library, &gases)?;
        if let Some(g) = (0..gases.len()).find(|&g| world.strongest(g) < 1e-7) {
            return Err(SimulateError::NoMark { gas: gases[g].gas.slug.clone() });
        }
        let ground = Ground::new(&recipe.ground, &scenery.surfaces, recipe.seed, frame.pixel_m)
            .lit_from(&recipe.view, frame.heading_deg);
        let gases: Vec<Gas> = gases.iter().map(|g| g.gas.clone()).collect();
        let mut simulator = Self {
            weather: Weather::new(recipe, instrument, frame.pixel_m),
            gain: layout::gains(recipe, instrument.bands.len()),
            enhancement: vec![Raster::filled(frame.lines, frame.samples, 0.0); gases.len()],
            plumes: Vec::new(),
            recipe: recipe.clone(),
            instrument: instrument.clone(),
            ground,
            world,
            frame,
            gases,
        };
        simulator.release(&choices, outlines)?;
        Ok(simulator)
    }

    /// Adds every plume to the enhancement of its gas.
    fn release(
        &mut self,
        choices: &[PlumeChoice],
        outlines: Outlines<'_>,
    ) -> Result<(), SimulateError> {
        let geometry = self.geometry();
        let made: Vec<(usize, Raster, TruePlume)> = choices
            .par_iter()
            .enumerate()
            .map(|(i, choice)| {
                let outline = outlines.get(i).and_then(Option::as_ref);
                if choice.kind == PlumeKind::Mask && outline.is_none() {
                    return Err(SimulateError::NoOutline { number: i + 1 });
                }
                let gas = self.gases.iter().position(|g| g.slug == choice.gas).unwrap_or(0);
                let wind = choice.wind.unwrap_or(self.recipe.wind);
                let mut raster = Raster::filled(self.frame.lines, self.frame.samples, 0.0);
                let kg = plumes::kg_per_ppmm_m2(self.gases[gas].molar_mass);
                let seed = mix(self.recipe.seed ^ mix(i as u64 + 501));
                let deposit =
                    plumes::add(&mut raster, &self.frame, (choice, &wind), kg, (seed, outline));
                let source = PixelPlace { line_px: choice.line, sample_px: choice.sample };
                let truth = TruePlume {
                    number: i + 1,
                    gas: choice.gas.clone(),
                    kind: choice.kind,
                    rate_kg_h: choice.rate_kg_h,
                    rate_is_physical: choice.kind != PlumeKind::Mask,
                    wind_speed_m_s: wind.speed_m_s,
                    wind_from_deg: wind.from_deg.rem_euclid(360.0),
                    source,
                    source_place: geometry.locate(source),
                    mass_inside_kg: deposit.inside_kg,
                    mass_emitted_kg: deposit.emitted_kg,
                    peak_ppmm: raster.values.iter().fold(0.0, |m: f64, &v| m.max(f64::from(v))),
                    temperature_k: self.world.heat().map(Heat::plume_k),
                    contrast_k: self.contrast_behind(&raster),
                };
                Ok((gas, raster, truth))
            })
            .collect::<Result<_, _>>()?;
        for (gas, raster, truth) in made {
            let total = &mut self.enhancement[gas].values;
            total.iter_mut().zip(&raster.values).for_each(|(t, v)| *t += v);
            self.plumes.push(truth);
        }
        Ok(())
    }

    /// Size, bands and place of the cube.
    #[must_use]
    pub fn info(&self) -> CubeInfo {
        CubeInfo {
            lines: self.frame.lines,
            samples: self.frame.samples,
            bands: self.instrument.bands.clone(),
            good: vec![true; self.instrument.bands.len()],
            fwhm_estimated: false,
            instrument: Some(self.instrument.slug.clone()),
            radiance_unit: Some(self.world.unit().into()),
            geometry: self.geometry(),
            time: None,
            sun_zenith_deg: Some(self.recipe.view.sun_zenith_deg),
            view_zenith_deg: None,
            notes: Vec::new(),
        }
    }

    fn geometry(&self) -> Geometry {
        let place = &self.recipe.place;
        let axis = |bearing_deg: f64| {
            let (sin, cos) = bearing_deg.to_radians().sin_cos();
            // Whole quarter turns come out exact, so that a map with north up has no rotation.
            let exact = |v: f64| if (v - v.round()).abs() < 1e-12 { v.round() } else { v };
            [exact(sin) * self.frame.pixel_m, exact(cos) * self.frame.pixel_m]
        };
        Geometry::Map(MapGrid {
            crs: Crs::Utm { zone: place.utm_zone, north: place.north },
            origin: [place.easting_m, place.northing_m],
            per_sample: axis(place.heading_deg - 90.0),
            per_line: axis(place.heading_deg),
        })
    }

    /// What is really there.
    #[must_use]
    pub fn plumes(&self) -> &[TruePlume] {
        &self.plumes
    }

    /// True enhancement of each gas that has a plume.
    pub fn enhancements(&self) -> impl Iterator<Item = (&Gas, &Raster)> {
        self.gases.iter().zip(&self.enhancement)
    }

    /// Ground pixel, m.
    #[must_use]
    pub fn pixel_m(&self) -> f64 {
        self.frame.pixel_m
    }

    /// Renders whole lines in order line, sample, band; NaN is no data.
    #[must_use]
    pub fn lines(&self, lines: std::ops::Range<usize>) -> Vec<f32> {
        let width = self.frame.samples * self.instrument.bands.len();
        let mut out = vec![0.0; lines.len() * width];
        out.par_chunks_mut(width)
            .zip(lines.into_par_iter())
            .for_each(|(row, line)| self.line(line, row));
        out
    }

    fn line(&self, line: usize, out: &mut [f32]) {
        let bands = self.instrument.bands.len();
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(mix(self.recipe.seed ^ mix(line as u64)));
        let mut dice = vec![0.0f32; bands];
        let law: Vec<[f32; 3]> = self.instrument.noise.iter().map(|n| self.world.law(n)).collect();
        let no_data = self.weather.border(line, self.frame.samples);
        for (sample, pixel) in out.chunks_exact_mut(bands).enumerate() {
            for d in &mut dice {
                *d = StandardNormal.sample(&mut rng);
            }
            if no_data.contains(&sample) {
                pixel.fill(f32::NAN);
                continue;
            }
            self.light_of(line, sample, pixel);
            let scale = self.weather.noise_factor(sample);
            let gain = &self.gain[sample * bands..(sample + 1) * bands];
            for ((x, [a, b, c]), (d, g)) in pixel.iter_mut().zip(&law).zip(dice.iter().zip(gain)) {
                let std = (a * (b + *x).max(0.0).sqrt() + c).abs() * scale;
                *x = g * (*x + std * d);
            }
            self.weather.detector(sample, pixel);
        }
    }

    /// Radiance without noise.
    fn light_of(&self, line: usize, sample: usize, pixel: &mut [f32]) {
        let mixture = self.ground.at(line, sample);
        let (w, h) = self.weather.air(line, sample, mixture.height_m);
        match &self.world {
            World::Sunlit(optics) => {
                self.sunlit(optics, (&mixture, [w, h]), (line, sample), pixel);
            }
            World::Warm(heat) => {
                let ppmm: Vec<f32> =
                    self.enhancement.iter().map(|map| map.at(line, sample)).collect();
                let place = (sample, self.place_m(line, sample));
                heat.light(&mixture, place, (w, &ppmm), pixel);
            }
        }
    }

    fn sunlit(
        &self,
        optics: &Optics,
        (mixture, [w, h]): (&Mixture, [f32; 2]),
        (line, sample): (usize, usize),
        pixel: &mut [f32],
    ) {
        let view = optics.view(sample);
        optics.reflect(view, mixture, pixel);
        for (b, x) in pixel.iter_mut().enumerate() {
            let water = 1.0 + w * (view.water[0][b] + w * view.water[1][b]);
            *x *= view.white[b] * water.max(0.0) * (1.0 + h * view.air[b]);
        }
        for (gas, raster) in self.enhancement.iter().enumerate() {
            let ppmm = raster.at(line, sample);
            if ppmm > 0.0 {
                optics.absorb(gas, view, ppmm, pixel);
            }
        }
        self.weather.cover(line, sample, view, pixel);
        pixel.iter_mut().zip(&view.path).for_each(|(x, p)| *x += p);
    }

    fn place_m(&self, line: usize, sample: usize) -> [f64; 2] {
        [sample as f64 * self.frame.pixel_m, line as f64 * self.frame.pixel_m]
    }

    /// Brightness temperature of the ground less the temperature of the plumes, K, at 10.1 um; none
    /// in sunlight.
    #[must_use]
    pub fn contrast_k(&self) -> Option<Raster> {
        let mut map = Raster::filled(self.frame.lines, self.frame.samples, 0.0);
        let samples = self.frame.samples;
        for (i, value) in map.values.iter_mut().enumerate() {
            *value = self.contrast_at(i / samples, i % samples)?;
        }
        Some(map)
    }

    fn contrast_at(&self, line: usize, sample: usize) -> Option<f32> {
        let place = (sample, self.place_m(line, sample));
        Some(self.world.heat()?.contrast(&self.ground.at(line, sample), place))
    }

    /// Mean contrast behind the gas of one plume, by its columns.
    fn contrast_behind(&self, plume: &Raster) -> Option<f64> {
        let (mut sum, mut weights) = (0.0, 0.0);
        for (i, &ppmm) in plume.values.iter().enumerate().filter(|(_, v)| **v > 0.0) {
            let contrast = self.contrast_at(i / plume.samples, i % plume.samples)?;
            sum += f64::from(ppmm * contrast);
            weights += f64::from(ppmm);
        }
        (weights > 0.0).then(|| sum / weights)
    }
}

#[cfg(test)]
mod tests;
