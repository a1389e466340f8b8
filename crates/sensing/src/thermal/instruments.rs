//! Thermal imagers a recipe can name: bands and noise from what is published of them.
//!
//! | name | bands | width | noise of one reading | pixel |
//! |---|---|---|---|---|
//! | `hytes` | 256, from 7.52 µm every 17.6 nm | 28 to 31 nm | 0.2 K at 300 K | 1.7 mrad |
//! | `mako` | 128, 7.57 to 13.16 µm | 44 nm | 0.4 uW cm⁻² sr⁻¹ µm⁻¹ | 0.55 mrad |
//! | `hyper-cam` | 855 to 1,300 cm⁻¹ | the resolution, 0.5 to 6 cm⁻¹ | 20 nW cm⁻² sr⁻¹ (cm⁻¹)⁻¹ at 4 cm⁻¹ | 0.35 mrad |
//!
//! The grids are regular, which the instruments' are only nearly; a file's own bands always take
//! their place. The noise is white between bands and pixels, which real noise is not quite.
//! A Fourier transform imager samples every `FWHM/1.69` (apodised after Norton and Beer, medium),
//! and in one sweep of its mirror its noise goes with `resolution^(−1/2)`: half the resolution
//! takes half the sweep.
//!
//! Johnson et al. (2011), Proc. SPIE 8012, 80121W (`HyTES`); Hall et al. (2016), Proc. SPIE 9840
//! (Mako); Farley et al. (2007), Proc. SPIE 6739 (Hyper-Cam).

use cathartes_core::{
    radiance::RadianceUnit,
    scenery::{Instrument, NoiseLaw},
    spectrum::Band,
    units::{Kelvin, Nanometres, PerCm},
};

use super::planck::band_radiance_slope;

/// Width of the line over the sampling interval of an interferogram apodised after Norton and Beer.
pub const WIDTH_OVER_SAMPLING_RATIO: f64 = 1.69;
/// Resolution of `hyper-cam` when a recipe names none.
pub const HYPER_CAM_USUAL: PerCm = PerCm(4.0);

/// Every thermal imager by its usual settings.
#[must_use]
pub fn presets() -> Vec<Instrument> {
    vec![hytes(), mako(), hyper_cam(HYPER_CAM_USUAL)]
}

/// The Hyperspectral Thermal Emission Spectrometer of JPL.
#[must_use]
pub fn hytes() -> Instrument {
    let bands: Vec<Band> = (0..256)
        .map(|i| {
            let center = Nanometres(7_520.0 + 17.6 * f64::from(i));
            Band { center, fwhm: Nanometres(28.0 + 3.0 * f64::from(i) / 255.0) }
        })
        .collect();
    let noise = bands.iter().map(|band| 0.2 * band_radiance_slope(band, Kelvin(300.0))).collect();
    instrument("hytes", bands, noise, 1.7e-3)
}

/// The whisk-broom imager of the Aerospace Corporation.
#[must_use]
pub fn mako() -> Instrument {
    let center = |i: u32| Nanometres(7_570.0 + 5_590.0 * f64::from(i) / 127.0);
    let band = |i| Band { center: center(i), fwhm: Nanometres(44.0) };
    // 0.4 uW cm-2 sr-1 um-1 in W m-2 sr-1 um-1.
    instrument("mako", (0..128).map(band).collect(), vec![4e-3; 128], 0.55e-3)
}

/// An imaging Fourier transform spectrometer at a resolution (width of its apodised line).
#[must_use]
pub fn hyper_cam(resolution: PerCm) -> Instrument {
    let step = resolution.0 / WIDTH_OVER_SAMPLING_RATIO;
    let count = ((1_300.0 - 855.0) / step) as u32 + 1;
    let wavenumbers: Vec<PerCm> =
        (0..count).map(|i| PerCm(1_300.0 - step * f64::from(i))).collect();
    let bands = wavenumbers.iter().map(|&nu| wavenumber_band(nu, resolution)).collect();
    let nesr = 20e-9 * (HYPER_CAM_USUAL.0 / resolution.0).sqrt();
    let per_um = |nu: &PerCm| RadianceUnit::WattPerCm2Wavenumber.per_um_factor(nu.to_nm());
    let noise = wavenumbers.iter().map(|nu| nesr * per_um(nu)).collect();
    instrument("hyper-cam", bands, noise, 0.35e-3)
}

/// A band given on the wavenumber axis as one on the wavelength axis.
#[must_use]
pub fn wavenumber_band(center: PerCm, width: PerCm) -> Band {
    let (long, short) = (center.0 - width.0 / 2.0, center.0 + width.0 / 2.0);
    Band { center: center.to_nm(), fwhm: Nanometres(1e7 / long - 1e7 / short) }
}

/// Noise in W m⁻² sr⁻¹ µm⁻¹; the law of an instrument is in uW cm⁻² sr⁻¹ nm⁻¹.
fn instrument(slug: &str, bands: Vec<Band>, noise: Vec<f64>, pixel_angle_rad: f64) -> Instrument {
    let law = |std: f64| NoiseLaw { a: 0.0, b: 0.0, c: std / 10.0 };
    Instrument {
        slug: slug.into(),
        bands,
        noise: noise.into_iter().map(law).collect(),
        pixel_angle_rad,
    }
}

#[cfg(test)]
mod tests;
