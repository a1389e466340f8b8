//! Plumes of an earlier search, from the `plumes.geojson` it wrote: where each begins, and how much
//! it emits.
//!
//! ```text
//! { "features": [ { "properties": {
//!     "gas": "ch4", "origin_latitude_deg": 51.1, "origin_longitude_deg": -1.4,
//!     "pixels": 40, "area_m2": 360.0, "look_alike_flagged": false,
//!     "rate_by_mass_kg_per_h": 120.0, "rate_by_mass_sigma_kg_per_h": 48.0 } } ] }
//! ```
//!
//! Other keys are passed over. A plume without a place on the Earth and one that may be a look-alike
//! say nothing of sources and are counted only. The head of a plume is known to [`ORIGIN_PX`] pixels.

use cathartes_core::{
    estimate::Estimate,
    geometry::LatLon,
    units::{KgPerHour, Metres},
};
use serde::Deserialize;

use crate::readings::on_earth;

/// Deviation of the head of a plume, pixels.
pub const ORIGIN_PX: f64 = 3.0;
/// Largest file, bytes.
pub const MAX_BYTES: usize = 256 << 20;
/// A pixel where the file does not tell, m.
const USUAL_PIXEL_M: f64 = 10.0;

/// Why a file gives no plumes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SeenPlumesError {
    /// Larger than any.
    #[error("the file has {bytes} bytes of at most {MAX_BYTES}; is it the right one?")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// Not what a search writes.
    #[error("line {line}: {reason}; give the plumes.geojson of `cathartes detect`")]
    Refused {
        /// Line, from 1.
        line: usize,
        /// What is wrong.
        reason: String,
    },
}

/// One plume.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// Slug of its gas.
    pub gas: String,
    /// Where it begins.
    pub origin: LatLon,
    /// Deviation of that, either way.
    pub origin_std: Metres,
    /// What it emits.
    pub rate: Option<Estimate<KgPerHour>>,
}

#[derive(Deserialize)]
struct Collection {
    features: Vec<Feature>,
}

#[derive(Deserialize)]
struct Feature {
    properties: Properties,
}

#[derive(Deserialize)]
struct Properties {
    gas: String,
    origin_latitude_deg: Option<f64>,
    origin_longitude_deg: Option<f64>,
    pixels: Option<f64>,
    area_m2: Option<f64>,
    #[serde(default)]
    look_alike_flagged: bool,
    rate_by_mass_kg_per_h: Option<f64>,
    rate_by_mass_sigma_kg_per_h: Option<f64>,
}

/// Reads the plumes, and how many of them say nothing.
///
/// # Errors
///
/// [`SeenPlumesError`] with the line.
pub fn read(bytes: &[u8]) -> Result<(Vec<Seen>, usize), SeenPlumesError> {
    if bytes.len() > MAX_BYTES {
        return Err(SeenPlumesError::TooLarge { bytes: bytes.len() });
    }
    let file: Collection = serde_json::from_slice(bytes).map_err(|error| {
        let reason = error.to_string().chars().take(200).collect();
        SeenPlumesError::Refused { line: error.line(), reason }
    })?;
    let all = file.features.len();
    let seen: Vec<Seen> = file.features.into_iter().filter_map(|f| plume(f.properties)).collect();
    let silent = all - seen.len();
    Ok((seen, silent))
}

fn plume(p: Properties) -> Option<Seen> {
    let origin = on_earth(p.origin_latitude_deg?, p.origin_longitude_deg?)?;
    let above_zero = |value: &f64| *value > 0.0;
    let pixel_m = p.area_m2.zip(p.pixels).map(|(area, pixels)| (area / pixels).sqrt());
    let pixel_m = pixel_m.filter(|m| m.is_finite() && *m > 0.0).unwrap_or(USUAL_PIXEL_M);
    let value = p.rate_by_mass_kg_per_h.filter(above_zero);
    let std = p.rate_by_mass_sigma_kg_per_h.filter(above_zero);
    let rate = value.zip(std);
    let rate = rate.map(|(v, s)| Estimate { value: KgPerHour(v), std: KgPerHour(s) });
    let seen = Seen { gas: p.gas, origin, origin_std: Metres(ORIGIN_PX * pixel_m), rate };
    (!p.look_alike_flagged).then_some(seen)
}

#[cfg(test)]
mod tests;
