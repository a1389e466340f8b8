//! What a little gas does to the radiance at a thermal imager: the target of one gas.
//!
//! ```text
//! ∂²L_b / ∂c ∂ΔT = τ_b s_b (∂B/∂T)_b,    s = ∂ ln t / ∂c ≤ 0
//! ```
//!
//! per ppm m of the column `c` and per K of contrast `ΔT`, ground minus plume: negative where the
//! ground is the warmer. What a filter finds with such a target is in ppm m K;
//! [`contrast`](super::contrast) has what is needed to divide by it. The signature `s` has to be of
//! one pass ([`signature_along`](crate::signature::signature_along) with
//! [`one_pass_factor`](crate::signature::one_pass_factor)): heat crosses the plume once, upwards.
//!
//! Where it stops being true: thick plumes (the contrast shrinks as `t` falls); a contrast so large
//! that Planck's law bends over it (at 10 µm 1 % for 3 K, 10 % for 30 K; choose `ground` between
//! ground and plume); lines of the gas that the path itself absorbs, unless they are among the
//! standing gases of the signature; ground of low emissivity, whose reflection of a cold sky makes
//! the contrast differ from band to band.

use cathartes_core::{air::Air, signature::Signature, units::Kelvin};
use serde::{Deserialize, Serialize};

use super::planck::band_radiance_slope;

/// The change of at-sensor radiance one gas makes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Target {
    /// Slug of the gas.
    pub gas: String,
    /// W m⁻² sr⁻¹ µm⁻¹ per ppm m and per K of contrast, by band; negative for ground warmer than
    /// the plume.
    pub per_ppmm_k: Vec<f64>,
}

/// Why there is no target.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// Air and signature are not for the same instrument.
    #[error(
        "the signature of {gas} has {signature} bands, the air {air}, or they differ from band \
         {first} (from 0) on; make both for the same bands"
    )]
    Bands {
        /// Slug of the gas.
        gas: String,
        /// Bands of the signature.
        signature: usize,
        /// Bands of the air.
        air: usize,
        /// The first that differs.
        first: usize,
    },
}

/// The target of a gas over ground of about this brightness temperature.
///
/// # Errors
///
/// [`TargetError`] when air and signature have different bands.
pub fn target(air: &Air, signature: &Signature, ground: Kelvin) -> Result<Target, TargetError> {
    if air.bands != signature.bands {
        let pairs = air.bands.iter().zip(&signature.bands);
        let same = pairs.take_while(|(a, b)| a == b).count();
        return Err(TargetError::Bands {
            gas: signature.gas.clone(),
            signature: signature.bands.len(),
            air: air.bands.len(),
            first: same,
        });
    }
    let slope = air.bands.iter().map(|band| band_radiance_slope(band, ground));
    let through = air.transmittance.iter().zip(&signature.unit_per_ppmm);
    let per_ppmm_k = slope.zip(through).map(|(slope, (tau, s))| tau * s * slope).collect();
    Ok(Target { gas: signature.gas.clone(), per_ppmm_k })
}

#[cfg(test)]
mod tests;
