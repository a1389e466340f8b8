//! A gas and how it absorbs light.

use serde::{Deserialize, Serialize};

use crate::units::{GramsPerMole, Kelvin, PerCm};

/// Slugs of gases that all air holds more of than any plume, and not everywhere equally much.
pub const OF_ALL_AIR: [&str; 3] = ["h2o", "o3", "co2"];

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
    /// Cross-section by linear interpolation, cm² per molecule; `None` where not tabulated. A value
    /// holds for half a step on either side, and segments that meet leave no hole between them.
    #[must_use]
    pub fn at(&self, wavenumber: PerCm) -> Option<f64> {
        let reach = |s: &Segment| s.end().0 + s.step.0 / 2.0;
        let next = self.segments.partition_point(|s| reach(s) < wavenumber.0);
        let segment = self.segments.get(next)?;
        let met = next > 0 && meet(&self.segments[next - 1], segment);
        if !met && wavenumber.0 < segment.start.0 - segment.step.0 / 2.0 {
            return None;
        }
        let last = segment.sigma_cm2.len().checked_sub(1)?;
        let x = ((wavenumber.0 - segment.start.0) / segment.step.0).clamp(0.0, last as f64);
        let i = x as usize;
        let (low, high) = (segment.sigma_cm2[i], segment.sigma_cm2[(i + 1).min(last)]);
        Some(f64::from(low) + f64::from(high - low) * (x - i as f64))
    }

    /// Whether every wavenumber of a range is tabulated, without a gap.
    #[must_use]
    pub fn covers(&self, low: PerCm, high: PerCm) -> bool {
        let Some(first) = self.segments.iter().position(|s| s.end().0 >= low.0) else {
            return false;
        };
        let run = &self.segments[first..];
        let joined = run.windows(2).take_while(|pair| meet(&pair[0], &pair[1])).count();
        run[0].start.0 <= low.0 && run[joined].end().0 >= high.0
    }
}

/// Whether one segment follows the other without leaving room for a value between them.
fn meet(before: &Segment, after: &Segment) -> bool {
    after.start.0 - before.end().0 <= 1.01 * before.step.0.max(after.step.0)
}

#[cfg(test)]
mod tests;
