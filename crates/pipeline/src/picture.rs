//! Pictures for people: the scene with what was found in it, and every plume by itself; of gas traces
//! the map of their sources, readings against the model, and the chains.
//!
//! A picture is a product like the maps: no clock, no font of the system, the same bytes from the
//! same values.

use cathartes_core::{
    geometry::Geometry,
    plume::{PixelPlace, Plume},
    raster::Raster,
};

mod canvas;
mod chains;
mod colour;
mod fit;
mod located;
mod location;
mod marks;
mod plume;
mod quicklook;
mod rose;
mod view;

pub(crate) use chains::draw as chains;
pub(crate) use fit::draw as fit;
pub(crate) use located::Located;
pub(crate) use location::draw as map;
pub(crate) use plume::{PlumePicture, draw as plume};
pub(crate) use quicklook::{Quicklook, draw as quicklook, ground_bands};

/// Largest side of a map in a picture.
const LARGEST_PX: f64 = 2000.0;
/// A small map is enlarged up to this.
const ENLARGED_PX: f64 = 960.0;

/// How many picture pixels an image pixel takes, across and down, so that the ground is square.
fn scale(lines: usize, samples: usize, geometry: &Geometry) -> (f64, f64) {
    let middle = PixelPlace { line_px: lines as f64 / 2.0, sample_px: samples as f64 / 2.0 };
    let tall = geometry.steps(middle).map_or(1.0, |s| s.per_line.0 / s.per_sample.0);
    let tall = if tall.is_finite() { tall.clamp(0.05, 20.0) } else { 1.0 };
    let (width, height) = (samples as f64, lines as f64 * tall);
    let longest = width.max(height);
    let by = if longest < ENLARGED_PX {
        (ENLARGED_PX / longest).min(24.0)
    } else {
        (LARGEST_PX / longest).min(1.0)
    };
    (by, by * tall)
}

/// A round top for a colour scale: what plumes reach, or five deviations where there are none.
fn top_ppmm(enhancement: &Raster, sigma: &Raster, plumes: &[Plume]) -> f64 {
    let of_plumes: Vec<f32> = plumes
        .iter()
        .flat_map(|plume| &plume.pixels)
        .map(|&(l, s)| enhancement.at(l as usize, s as usize))
        .filter(|value| value.is_finite())
        .collect();
    let top = quantile(of_plumes, 0.99)
        .or_else(|| {
            let known = sigma.values.iter().copied().filter(|s| s.is_finite()).collect();
            quantile(known, 0.5).map(|sigma| 5.0 * sigma)
        })
        .unwrap_or(1.0);
    marks::round_up(top.max(1.0))
}

fn quantile(mut values: Vec<f32>, share: f64) -> Option<f64> {
    let at = ((values.len().checked_sub(1)?) as f64 * share) as usize;
    let (_, value, _) = values.select_nth_unstable_by(at, f32::total_cmp);
    Some(f64::from(*value))
}

#[cfg(test)]
mod tests;
