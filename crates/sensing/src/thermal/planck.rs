//! Planck's law, its slope and its inverse, at a wavelength and in a band.
//!
//! ```text
//! B(λ, T) = c₁ λ⁻⁵ / (exp(c₂/λT) − 1)      c₁ = 2hc² , c₂ = hc/k
//! ∂B/∂T = B (c₂/λT²) / (1 − exp(−c₂/λT))
//! T(λ, L) = c₂ / (λ ln(1 + c₁ λ⁻⁵/L))
//! ```
//!
//! λ wavelength in vacuum, T in K, B in W m⁻² sr⁻¹ µm⁻¹; per wavenumber it is `B 10⁴/ν²`
//! ([`RadianceUnit`](cathartes_core::radiance::RadianceUnit) has the factors). A band's radiance is
//! the mean of B under its Gaussian response, by five points of Gauss and Hermite: exact to 1e-9
//! for bands up to 0.1 µm wide, because B is smooth. Radiance of what is no black body gives the
//! temperature of the black body that would look the same: the brightness temperature.

use cathartes_core::{
    spectrum::Band,
    units::{Kelvin, Nanometres, PerCm},
};

/// 2hc², W m⁻² sr⁻¹ µm⁴ (SI 2019).
const C1: f64 = 1.191_042_972e8;
/// hc/k, µm K (SI 2019).
const C2: f64 = 1.438_776_877e4;
/// Points and weights of the mean under a Gaussian of unit deviation.
const POINTS: [(f64, f64); 5] = [
    (-2.856_970_013_872_806, 0.011_257_411_327_720_69),
    (-1.355_626_179_974_266, 0.222_075_922_005_612_6),
    (0.0, 0.533_333_333_333_333_3),
    (1.355_626_179_974_266, 0.222_075_922_005_612_6),
    (2.856_970_013_872_806, 0.011_257_411_327_720_69),
];
/// Full width at half maximum over deviation of a Gaussian.
const FWHM_PER_STD: f64 = 2.354_820_045_030_949;

/// Radiance of a black body, W m⁻² sr⁻¹ µm⁻¹.
#[must_use]
pub fn radiance(at: Nanometres, temperature: Kelvin) -> f64 {
    let um = at.0 * 1e-3;
    C1 / um.powi(5) / (C2 / (um * temperature.0)).exp_m1()
}

/// Radiance of a black body, W m⁻² sr⁻¹ (cm⁻¹)⁻¹.
#[must_use]
pub fn radiance_per_wavenumber(at: PerCm, temperature: Kelvin) -> f64 {
    radiance(at.to_nm(), temperature) * 1e4 / (at.0 * at.0)
}

/// Change of radiance with temperature, W m⁻² sr⁻¹ µm⁻¹ K⁻¹.
#[must_use]
pub fn radiance_slope(at: Nanometres, temperature: Kelvin) -> f64 {
    let x = C2 / (at.0 * 1e-3 * temperature.0);
    radiance(at, temperature) * x / temperature.0 / -(-x).exp_m1()
}

/// Brightness temperature of a radiance in W m⁻² sr⁻¹ µm⁻¹; none when there is no light.
#[must_use]
pub fn brightness(at: Nanometres, radiance: f64) -> Option<Kelvin> {
    let um = at.0 * 1e-3;
    let temperature = C2 / (um * (C1 / um.powi(5) / radiance).ln_1p());
    (radiance > 0.0 && temperature.is_finite()).then_some(Kelvin(temperature))
}

/// Mean of [`radiance`] over a band.
#[must_use]
pub fn band_radiance(band: &Band, temperature: Kelvin) -> f64 {
    mean(band, |at| radiance(at, temperature))
}

/// Mean of [`radiance_slope`] over a band.
#[must_use]
pub fn band_radiance_slope(band: &Band, temperature: Kelvin) -> f64 {
    mean(band, |at| radiance_slope(at, temperature))
}

/// Temperature of the black body with this mean radiance over a band; none when there is no light.
#[must_use]
pub fn band_brightness(band: &Band, radiance: f64) -> Option<Kelvin> {
    let mut temperature = brightness(band.center, radiance)?;
    for _ in 0..2 {
        let missing = radiance - band_radiance(band, temperature);
        temperature.0 += missing / band_radiance_slope(band, temperature);
    }
    (temperature.0 > 0.0 && temperature.0.is_finite()).then_some(temperature)
}

fn mean(band: &Band, value: impl Fn(Nanometres) -> f64) -> f64 {
    let std = band.fwhm.0 / FWHM_PER_STD;
    POINTS.iter().map(|(x, weight)| weight * value(Nanometres(band.center.0 + x * std))).sum()
}

#[cfg(test)]
mod tests;
