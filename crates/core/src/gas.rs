//! A gas and how it absorbs light.

use serde::{Deserialize, Serialize};

use crate::units::{GramsPerMole, Kelvin, PerCm};

/// A species, by the names people know it under.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Gas {
    /// Short lower-case name used in commands and file names: `ch4`.
    pub slug: String,
    /// English name: `Methane`.
    pub name: String,
    /// Molecular formula: `CH4`.
    pub formula: String,
    /// CAS registry number: `74-82-8`.
    pub cas: String,
    /// Molar mass from the formula.
    pub molar_mass: GramsPerMole,
}

/// Evenly spaced cross-sections over one tabulated range.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Segment {
    /// Wavenumber of the first value.
    pub start: PerCm,
    /// Spacing.
    pub step: PerCm,
    /// Napierian cross-sections, cm² per molecule.
    pub sigma_cm2: Vec<f32>,
}

impl Segment {
    /// Wavenumber of the last value.
    #[must_use]
    pub fn end(&self) -> PerCm {
        PerCm(self.start.0 + self.step.0 * (self.sigma_cm2.len().saturating_sub(1)) as f64)
    }
}

/// Absorption cross-section of one gas. Outside its segments it is *not tabulated*, which is not
/// the same as transparent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CrossSection {
    /// The species.
    pub gas: Gas,
    /// Tabulated ranges by rising wavenumber, not overlapping.
    pub segments: Vec<Segment>,
    /// Temperature it holds for.
    pub temperature: Kelvin,
    /// Where the numbers come from, with version.
    pub source: String,
    /// The papers to cite.
    pub citation: String,
    /// Terms of use: `open` or `hitran-facts` when built in, else what the importer was told.
    pub terms: String,
}

impl CrossSection {
    /// Cross-section by linear interpolation, cm² per molecule; `None` where not tabulated.
    #[must_use]
    pub fn at(&self, wavenumber: PerCm) -> Option<f64> {
        let segment =
            self.segments.iter().find(|s| (s.start.0..=s.end().0).contains(&wavenumber.0))?;
        let x = (wavenumber.0 - segment.start.0) / segment.step.0;
        let i = (x as usize).min(segment.sigma_cm2.len().checked_sub(1)?);
        let low = f64::from(*segment.sigma_cm2.get(i)?);
        let high = f64::from(*segment.sigma_cm2.get(i + 1).unwrap_or(&segment.sigma_cm2[i]));
        Some(low + (high - low) * (x - i as f64))
    }

    /// Whether every wavenumber of a range is tabulated, without a gap.
    #[must_use]
    pub fn covers(&self, low: PerCm, high: PerCm) -> bool {
        let mut reached = low.0;
        for s in &self.segments {
            if s.start.0 <= reached + s.step.0 && s.end().0 > reached {
                reached = s.end().0;
            }
        }
        reached >= high.0
    }
}
