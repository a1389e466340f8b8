//! What one instrument sees of one gas: the change of log radiance in each band.
//!
//! Light of wavenumber `ν` that crosses a gas column `c` twice, down from the sun and up to the
//! sensor, keeps the share (Beer and Lambert)
//!
//! ```text
//! T(ν, c) = exp(−σ(ν) N A c),    A = 1/cos θ_sun + 1/cos θ_view,
//! ```
//!
//! with `σ` the cross-section (cm²), `N` = [`MOLECULES_PER_PPMM`] the molecules per cm² in 1 ppm m
//! (an ideal gas at 296 K and 1 atm) and `c` the vertical column (ppm m). Band `b` sees the mean
//!
//! ```text
//! L_b(c) = ln( ∫ R_b L₀ T(ν, c) dλ / ∫ R_b L₀ dλ ),    R_b = exp(−4 ln 2 (λ − λ_b)²/fwhm_b²),
//! ```
//!
//! where `L₀` is the light that would have arrived without the plume. The integral is a sum over
//! the cells of the tabulation itself, nothing is interpolated, so lines saturate as sharply as
//! they are tabulated. The small-signal limit is `L_b(c) → −⟨σ⟩_b N A c`.
//!
//! **`L₀` matters.** Air holds methane and carbon dioxide before any plume comes, and their lines
//! have already taken the light a plume would absorb best. [`signature`] takes `L₀` flat: right for
//! gases that clean air does not hold, and for light that has crossed no air.
//! [`signature_in_air`] shades `L₀` by standing columns; for methane it lowers the signature by
//! about a quarter, see `docs/validation/gas.md`.
//!
//! Where it stops being true: other temperatures and pressures than the tabulation's; light
//! scattered into the view without reaching the ground; cells wider than the lines inside them, for
//! which see [`coarse_above`](cathartes_core::signature::Signature::coarse_above); thermal
//! emission, which is not absorption of sunlight.
//!
//! Thompson et al. (2015), Atmos. Meas. Tech. 8, 4383; Foote et al. (2020), IEEE TGRS 58, 6480.

use cathartes_core::{
    gas::CrossSection,
    signature::Signature,
    spectrum::Band,
    units::{Degrees, PerCm, PpmMetres},
};

mod cells;
mod coarse;
mod table;

use cells::Cells;

/// Molecules per cm² in a column of 1 ppm m of an ideal gas at 296 K and 1 atm.
pub const MOLECULES_PER_PPMM: f64 = 2.4794e15;
/// Largest column of the table.
pub const TOP: PpmMetres = PpmMetres(50_000.0);
/// A band counts as tabulated when its response is, out to this many fwhm on either side; less than
/// 0.05 % of a Gaussian lies further out.
pub const COVERED_FWHM: f64 = 1.5;

/// How light passes a plume: down from the sun, up to the sensor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slant {
    /// Angle of the sun from the vertical.
    pub sun_zenith: Degrees,
    /// Angle of the view from the vertical.
    pub view_zenith: Degrees,
}

/// A gas that stands in the light path with or without a plume.
#[derive(Debug, Clone, Copy)]
pub struct Standing<'g> {
    /// How it absorbs.
    pub gas: &'g CrossSection,
    /// How much of it stands over the ground, vertically.
    pub column: PpmMetres,
}

/// Why there is no signature.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SignatureError {
    /// Bands in which nothing is known of the gas.
    #[error(
        "{gas} is tabulated over {ranges}; {missing} of {bands} bands lie outside, from {first_nm:.1} \
         to {last_nm:.1} nm. Not tabulated is not transparent: choose other bands, or import a \
         cross-section that covers them"
    )]
    NotTabulated {
        /// Slug of the gas.
        gas: String,
        /// Its ranges in nm, for people.
        ranges: String,
        /// How many bands are outside.
        missing: usize,
        /// Of how many.
        bands: usize,
        /// Shortest centre outside, nm.
        first_nm: f64,
        /// Longest centre outside, nm.
        last_nm: f64,
    },
    /// A band without centre or width.
    #[error(
        "band {index} (from 0) has centre {center_nm} nm and width {fwhm_nm} nm; both must be positive"
    )]
    BadBand {
        /// Its place in the list.
        index: usize,
        /// Centre given.
        center_nm: f64,
        /// Width given.
        fwhm_nm: f64,
    },
    /// The sun or the sensor is not above the horizon.
    #[error("{what} zenith of {degrees} degrees; it must be 0 or more and under 89")]
    BadSlant {
        /// Sun or view.
        what: &'static str,
        /// Angle given.
        degrees: f64,
    },
}

impl Slant {
    /// Length of the path through a plume over its height.
    ///
    /// # Errors
    ///
    /// [`SignatureError::BadSlant`] when sun or sensor are at the horizon or below.
    pub fn air_mass_factor(self) -> Result<f64, SignatureError> {
        Ok(secant("sun", self.sun_zenith)? + secant("view", self.view_zenith)?)
    }
}

fn secant(what: &'static str, angle: Degrees) -> Result<f64, SignatureError> {
    if (0.0..89.0).contains(&angle.0) {
        Ok(angle.0.to_radians().cos().recip())
    } else {
        Err(SignatureError::BadSlant { what, degrees: angle.0 })
    }
}

/// Signature of a gas in light that has crossed none of it before.
///
/// # Errors
///
/// [`SignatureError`] when a band is outside the tabulated ranges, or bands or slant make no sense.
pub fn signature(
    gas: &CrossSection,
    bands: &[Band],
    slant: Slant,
) -> Result<Signature, SignatureError> {
    signature_in_air(gas, bands, slant, &[])
}

/// Signature of a gas in light that has crossed standing columns of gases, itself among them.
///
/// A standing gas dims only where it is tabulated.
///
/// # Errors
///
/// As [`signature`]; what the standing gases lack is no error.
pub fn signature_in_air(
    gas: &CrossSection,
    bands: &[Band],
    slant: Slant,
    air: &[Standing],
) -> Result<Signature, SignatureError> {
    signature_along(gas, bands, slant.air_mass_factor()?, air)
}

/// Path of one pass through a plume over its height, upwards to the sensor: 1/cos(view zenith).
/// This is the way of heat; sunlight passes twice ([`Slant`]).
///
/// # Errors
///
/// [`SignatureError::BadSlant`] when the sensor is at the horizon or below.
pub fn one_pass_factor(view_zenith: Degrees) -> Result<f64, SignatureError> {
    secant("view", view_zenith)
}

/// Signature of a gas along a path `air_mass_factor` times as long as the plume is high, in light
/// that crosses the standing columns of gases along the same path.
///
/// # Errors
///
/// As [`signature`]; what the standing gases lack is no error.
pub fn signature_along(
    gas: &CrossSection,
    bands: &[Band],
    air_mass_factor: f64,
    air: &[Standing],
) -> Result<Signature, SignatureError> {
    refuse_gaps(gas, bands)?;
    let cells = Cells::cut(gas, bands, air_mass_factor, air);
    let (unit_per_ppmm, columns, table) = table::tabulate(&cells);
    Ok(Signature {
        gas: gas.gas.slug.clone(),
        bands: bands.to_vec(),
        unit_per_ppmm,
        columns,
        table,
        air_mass_factor,
        coarse_above: coarse::coarse_above(&cells),
    })
}

fn refuse_gaps(gas: &CrossSection, bands: &[Band]) -> Result<(), SignatureError> {
    let covered = covered(gas, bands)?;
    if covered.iter().all(|&c| c) { Ok(()) } else { Err(not_tabulated(gas, bands, &covered)) }
}

/// Which bands a gas is tabulated for.
///
/// # Errors
///
/// [`SignatureError::BadBand`] when a band has no centre or width.
pub fn covered(gas: &CrossSection, bands: &[Band]) -> Result<Vec<bool>, SignatureError> {
    let positive = |x: f64| x.is_finite() && x > 0.0;
    let ranges = ranges(gas);
    bands
        .iter()
        .enumerate()
        .map(|(index, band)| {
            let (center_nm, fwhm_nm) = (band.center.0, band.fwhm.0);
            let reach = COVERED_FWHM * fwhm_nm;
            if !positive(center_nm) || !positive(fwhm_nm) || reach >= center_nm {
                return Err(SignatureError::BadBand { index, center_nm, fwhm_nm });
            }
            let (low, high) = (1e7 / (center_nm + reach), 1e7 / (center_nm - reach));
            Ok(ranges.iter().any(|(a, b)| a.0 <= low && high <= b.0))
        })
        .collect()
}

/// Tabulated ranges of a gas, by rising wavenumber; a hole narrower than a cell parts none.
#[must_use]
pub fn ranges(gas: &CrossSection) -> Vec<(PerCm, PerCm)> {
    let mut ranges: Vec<(PerCm, PerCm)> = Vec::new();
    let mut before = 0.0;
    for s in gas.segments.iter().filter(|s| !s.sigma_cm2.is_empty()) {
        let half = s.step.0 / 2.0;
        let (low, high) = (PerCm(s.start.0 - half), PerCm(s.end().0 + half));
        match ranges.last_mut() {
            Some((_, reached)) if low.0 - reached.0 <= s.step.0.max(before) => *reached = high,
            _ => ranges.push((low, high)),
        }
        before = s.step.0;
    }
    ranges
}

fn not_tabulated(gas: &CrossSection, bands: &[Band], covered: &[bool]) -> SignatureError {
    let outside = || bands.iter().zip(covered).filter(|(_, c)| !**c).map(|(b, _)| b.center.0);
    let ranges: Vec<String> = ranges(gas)
        .iter()
        .rev()
        .map(|(low, high)| format!("{:.0}-{:.0} nm", high.to_nm().0, low.to_nm().0))
        .collect();
    SignatureError::NotTabulated {
        gas: gas.gas.slug.clone(),
        ranges: ranges.join(", "),
        missing: outside().count(),
        bands: bands.len(),
        first_nm: outside().fold(f64::INFINITY, f64::min),
        last_nm: outside().fold(f64::NEG_INFINITY, f64::max),
    }
}

/// Signature in those bands a gas is tabulated for, with their places in the list given; `None`
/// when there is none.
///
/// # Errors
///
/// [`SignatureError`] when bands or slant make no sense.
pub fn signature_where_tabulated(
    gas: &CrossSection,
    bands: &[Band],
    slant: Slant,
    air: &[Standing],
) -> Result<Option<(Vec<usize>, Signature)>, SignatureError> {
    signature_along_where_tabulated(gas, bands, slant.air_mass_factor()?, air)
}

/// As [`signature_where_tabulated`], along a path of any kind.
///
/// # Errors
///
/// [`SignatureError`] when bands make no sense.
pub fn signature_along_where_tabulated(
    gas: &CrossSection,
    bands: &[Band],
    air_mass_factor: f64,
    air: &[Standing],
) -> Result<Option<(Vec<usize>, Signature)>, SignatureError> {
    let kept: Vec<usize> = covered(gas, bands)?
        .iter()
        .enumerate()
        .filter_map(|(i, &covered)| covered.then_some(i))
        .collect();
    if kept.is_empty() {
        return Ok(None);
    }
    let some: Vec<Band> = kept.iter().map(|&i| bands[i]).collect();
    Ok(Some((kept, signature_along(gas, &some, air_mass_factor, air)?)))
}

/// Transmittance of the table's rows, once for all columns: (α, T by band).
pub(crate) fn transmittances(signature: &Signature) -> Vec<(f64, Vec<f64>)> {
    let mut rows: Vec<f64> = signature.columns.iter().map(|c| c.0).filter(|c| *c > 0.0).collect();
    if rows.is_empty() {
        rows = vec![1e3, 1e4];
    }
    rows.into_iter()
        .map(|c| (c, signature.log_transmittance(PpmMetres(c)).iter().map(|t| t.exp()).collect()))
        .collect()
}

#[cfg(test)]
mod tests;
