//! How warm each part of a pixel is.
//!
//! ```text
//! T = T₀ + d + σ f(place/150 m) + 8 K ln(brightness) − 0.0065 h
//! ```
//!
//! `T₀` and `σ` mean and deviation of the ground, `f` a fractal field, `d` what kind of ground it is
//! (asphalt and roofs are warmer, plants and water cooler, each surface with its own degree or two),
//! the mixture's brightness stands for the sun: slopes that face it are warm, shade is cool. Water
//! is as warm as it is, without field or sun.

use cathartes_core::scenery::{Surface, SurfaceClass};

use super::emissivity::{draw, is_metal};
use crate::simulate::{
    field::{fractal, mix},
    ground::Mixture,
    recipe::ThermalChoice,
};

#[derive(Debug, Clone)]
pub(super) struct Warmth {
    seed: u64,
    ground_k: f64,
    std: f32,
    /// By surface: K over the ground's mean, and whether sun and field move it.
    kinds: Vec<(f64, bool)>,
}

impl Warmth {
    pub(super) fn new(thermal: &ThermalChoice, surfaces: &[Surface], seed: u64) -> Self {
        let kind = |(i, surface): (u32, &Surface)| {
            let own = draw(seed, i, 3) - 0.5;
            let offset = match surface.class {
                SurfaceClass::Green => -4.0 + 2.0 * own,
                SurfaceClass::Soil => 1.5 + 3.0 * own,
                SurfaceClass::Dry => 3.0 * own,
                SurfaceClass::Asphalt => 6.0 + 3.0 * own,
                SurfaceClass::Roof if is_metal(surface.class, seed, i) => 2.0 + 6.0 * own,
                SurfaceClass::Roof => 8.0 + 12.0 * own,
                SurfaceClass::Water => thermal.water_k - thermal.ground_k,
            };
            (offset, surface.class != SurfaceClass::Water)
        };
        Self {
            seed: mix(seed ^ 0x7761_726d),
            ground_k: thermal.ground_k,
            std: thermal.ground_std_k as f32,
            kinds: (0u32..).zip(surfaces).map(kind).collect(),
        }
    }

    /// Temperature of a surface in a pixel, K.
    pub(super) fn of(&self, surface: u32, mixture: &Mixture, place_m: [f64; 2]) -> f64 {
        let (offset, moved) = self.kinds[surface as usize];
        if !moved {
            return self.ground_k + offset;
        }
        let field = self.std * fractal(self.seed, place_m.map(|x| x / 150.0), 4, 0.5);
        let sun = 8.0 * mixture.brightness.max(0.1).ln();
        self.ground_k + offset + f64::from(field + sun - 0.0065 * mixture.height_m)
    }
}
