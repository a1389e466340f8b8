//! Significance blurred just enough to see the edge of a plume.
//!
//! A decision map that integrates over many pixels is high far beyond a strong plume: its widest
//! kernel still touches it. The edge is taken from a map with a narrow Gaussian instead, brought
//! to unit deviation by its lower side, where no gas is.

use cathartes_core::raster::Raster;

use crate::{significance::lower_spread, spatial::gaussian};

/// Width of the blur, pixels.
const WIDTH: f32 = 1.2;

/// The blurred map; NaN stays NaN and gives nothing to its neighbours.
pub(crate) fn fine(significance: &Raster) -> Raster {
    let blurred = |pick: fn(f32) -> f32| {
        let values: Vec<f32> = significance
            .values
            .iter()
            .map(|&z| if z.is_finite() { pick(z) } else { 0.0 })
            .collect();
        gaussian(&values, significance.samples, WIDTH)
    };
    let (sum, share) = (blurred(|z| z), blurred(|_| 1.0));
    let mut map = significance.clone();
    for ((z, sum), share) in map.values.iter_mut().zip(&sum).zip(&share) {
        *z = if z.is_finite() { sum / share.sqrt() } else { f32::NAN };
    }
    let seen = map.values.iter().copied().filter(|z| z.is_finite()).collect();
    let unit = lower_spread(seen).map_or(1.0, |(_, deviation)| deviation);
    if unit > 0.0 {
        map.values.iter_mut().for_each(|z| *z /= unit);
    }
    map
}
