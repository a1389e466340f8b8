//! What stands between a thermal imager and the ground, band by band, and what the sky sends down.
//!
//! ```text
//! L = τ [ ε B(T) + (1 − ε) S ] + P
//! ```
//!
//! `τ` transmittance and `P` emission of the path, `S` radiance of the sky on the ground, averaged
//! over the hemisphere, `ε` emissivity and `B(T)` Planck's radiance of the ground.

use jiff::Timestamp;

use crate::{provenance::Provenance, spectrum::Band, units::PerCm};

/// The air of one path in the bands of one instrument. Radiances are in W m⁻² sr⁻¹ µm⁻¹.
#[derive(Debug, Clone, PartialEq)]
pub struct Air {
    /// The bands all lists are for.
    pub bands: Vec<Band>,
    /// Share of the ground's radiance that arrives.
    pub transmittance: Vec<f64>,
    /// What the path itself sends to the sensor.
    pub path_radiance: Vec<f64>,
    /// What the sky sends to the ground, when it is known.
    pub sky_radiance: Option<Vec<f64>>,
    /// Where the numbers come from.
    pub provenance: Provenance,
}

/// Spectra of the sky from the ground, upwards, on one axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Sky {
    /// Rising.
    pub wavenumbers: Vec<PerCm>,
    /// In the order of the file.
    pub spectra: Vec<SkySpectrum>,
}

/// One reading of the sky.
#[derive(Debug, Clone, PartialEq)]
pub struct SkySpectrum {
    /// When it was taken, when the file says so.
    pub time: Option<Timestamp>,
    /// One value a wavenumber, mW m⁻² sr⁻¹ (cm⁻¹)⁻¹; NaN where the file has none.
    pub radiance: Vec<f32>,
}
