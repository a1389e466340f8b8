//! The gases of a plume fitted to it and to each of its strongest pixels, for the eye (`fitted`).
//!
//! The plume is the patch that the court judges, at most its 300 strongest pixels, but all of them alike.
//! A pixel stands against the nearest free pixels above and below it in its own detector column, as every
//! pixel of the patch does. The gas searched for is fitted; beside it the gas, if any, that is the plume's
//! best rival.

use cathartes_core::raster::Raster;

use super::{
    Evidence,
    ratio::{Background, Patch, Scene},
};
use crate::fitted::{FittedSpectrum, Mark, Scatter};

/// Single pixels that are shown.
const PIXELS: usize = 9;

/// A plume and what is seen of it.
pub(crate) struct Seen<'a> {
    pub(crate) scene: &'a Scene<'a>,
    pub(crate) patch: &'a Patch,
    /// Its ratio, all pixels alike.
    pub(crate) ratio: &'a [f64],
}

impl Evidence<'_> {
    pub(super) fn fits(
        &self,
        pixels: &[(u32, u32)],
        seen: &Seen,
        background: &Background,
        rival: &str,
    ) -> Vec<FittedSpectrum> {
        let rival = self.others.iter().find(|(name, _)| name == rival);
        let mut marks = vec![Mark::Column(self.signature)];
        marks.extend(rival.map(|(_, signature)| Mark::Column(signature)));
        let strongest = strongest(pixels, &self.maps.significance);
        let shown = Shown { first_line: self.first_line, bands: self.window_bands, strongest };
        shown.fits(seen, background, &marks)
    }
}

/// What is shown of a plume.
pub(crate) struct Shown {
    /// Line of the maps that the cube begins with.
    pub(crate) first_line: usize,
    /// Leading bands.
    pub(crate) bands: usize,
    /// Pixels, as (line, sample) of the maps.
    pub(crate) strongest: Vec<(u32, u32)>,
}

impl Shown {
    /// The plume, then its strongest pixels; nothing where ground cannot be known.
    pub(crate) fn fits(
        &self,
        seen: &Seen,
        background: &Background,
        marks: &[Mark],
    ) -> Vec<FittedSpectrum> {
        let bands = self.bands.min(seen.ratio.len());
        let whole = Scatter::learn(&background.plain, bands);
        let Some(whole) = whole.and_then(|scatter| either(&scatter, seen.ratio, marks)) else {
            return Vec::new();
        };
        let pixels = seen.patch.cells().len();
        let mut fits = vec![FittedSpectrum { pixels, ..whole }];
        let Some(scatter) = Scatter::learn(&background.pixels, bands) else { return fits };
        fits.extend(self.strongest.iter().filter_map(|&(line, sample)| {
            let cell = (line as i32 - self.first_line as i32, sample as i32, 1.0);
            let ratio = Patch::new(vec![cell]).ratio(seen.scene)?.plain;
            let pixel = Some((line, sample));
            Some(FittedSpectrum { pixel, ..either(&scatter, &ratio, marks)? })
        }));
        fits
    }
}

/// All gases together; the first alone where they cannot be told apart.
fn either(scatter: &Scatter, ratio: &[f64], marks: &[Mark]) -> Option<FittedSpectrum> {
    scatter.fit(ratio, marks).or_else(|| scatter.fit(ratio, marks.get(..1)?))
}

/// The most significant pixels, the first of equals first.
pub(crate) fn strongest(pixels: &[(u32, u32)], significance: &Raster) -> Vec<(u32, u32)> {
    let of = |&(l, s): &(u32, u32)| significance.at(l as usize, s as usize);
    let mut known: Vec<(u32, u32)> =
        pixels.iter().copied().filter(|pixel| of(pixel).is_finite()).collect();
    known.sort_by(|a, b| of(b).total_cmp(&of(a)).then(a.cmp(b)));
    known.truncate(PIXELS);
    known
}
