//! What a simulated scene is made of: sunlight, clear air, surfaces and instruments.

use serde::{Deserialize, Serialize};

use crate::{
    spectrum::Band,
    units::{Nanometres, SquareMetres},
};

/// Evenly sampled values over wavelength.
#[derive(Debug, Clone, PartialEq)]
pub struct Sampled {
    /// Wavelength of the first value.
    pub start: Nanometres,
    /// Spacing.
    pub step: Nanometres,
    /// The values.
    pub values: Vec<f32>,
}

impl Sampled {
    /// The value at a wavelength, linear between samples, constant beyond the ends; zero when
    /// there are no samples.
    #[must_use]
    pub fn at(&self, wavelength: Nanometres) -> f64 {
        let Some(last) = self.values.len().checked_sub(1) else { return 0.0 };
        let x = ((wavelength.0 - self.start.0) / self.step.0).clamp(0.0, last as f64);
        let i = (x as usize).min(last.saturating_sub(1));
        let (low, high) = (self.values[i], self.values[(i + 1).min(last)]);
        f64::from(low) + f64::from(high - low) * (x - i as f64)
    }
}

/// Kind of ground.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SurfaceClass {
    /// Living vegetation.
    Green,
    /// Bare soil and rock.
    Soil,
    /// Dry vegetation: straw, litter, wood.
    Dry,
    /// Road surface and other dark pavement.
    Asphalt,
    /// Roofs, concrete, paint.
    Roof,
    /// Open water.
    Water,
}

/// One measured reflectance spectrum.
#[derive(Debug, Clone, PartialEq)]
pub struct Surface {
    /// What kind of ground it is.
    pub class: SurfaceClass,
    /// Reflectance, 0 to 1 and a little above for specular surfaces.
    pub reflectance: Sampled,
}

/// Noise of one band: deviation `|a √(b + L) + c|` of a radiance `L` in uW cm⁻² nm⁻¹ sr⁻¹.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct NoiseLaw {
    /// Photon term.
    pub a: f64,
    /// Radiance that stands for the dark and read noise.
    pub b: f64,
    /// Constant term.
    pub c: f64,
}

impl NoiseLaw {
    /// Standard deviation of one reading, in the unit of the radiance.
    #[must_use]
    pub fn std(&self, radiance: f64) -> f64 {
        (self.a * (self.b + radiance).max(0.0).sqrt() + self.c).abs()
    }
}

/// An imaging spectrometer.
#[derive(Debug, Clone, PartialEq)]
pub struct Instrument {
    /// Short name used in recipes: `aviris-ng`.
    pub slug: String,
    /// Channels by rising wavelength.
    pub bands: Vec<Band>,
    /// One law a band.
    pub noise: Vec<NoiseLaw>,
    /// Angle one detector column sees, radians: ground pixel over height.
    pub pixel_angle_rad: f64,
}

impl Instrument {
    /// Ground area of one pixel straight below, seen from a height.
    #[must_use]
    pub fn pixel_area(&self, height_m: f64) -> SquareMetres {
        SquareMetres((self.pixel_angle_rad * height_m).powi(2))
    }
}

/// Everything measured that a simulated scene is mixed from.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenery {
    /// Solar irradiance above the air at one astronomical unit, uW cm⁻² nm⁻¹.
    pub sun: Sampled,
    /// Vertical optical depth of the air without water vapour, up to 1,000 nm.
    pub dry_depth: Sampled,
    /// Vertical optical depth per cm of precipitable water, up to 1,000 nm.
    pub water_depth_per_cm: Sampled,
    /// Reflectance a black ground seems to have from 2 km above it.
    pub path_reflectance: Sampled,
    /// Measured grounds.
    pub surfaces: Vec<Surface>,
    /// Instruments known by name.
    pub instruments: Vec<Instrument>,
}
