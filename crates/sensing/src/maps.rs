//! The maps a search makes. Two that must never be confused: one decides, one is integrated.

use cathartes_core::raster::Raster;

/// Result of searching one cube for one gas.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchMaps {
    /// Quantity map: enhancement in ppm m, unbiased, unsmoothed, negative noise kept.
    pub enhancement_ppmm: Raster,
    /// Standard deviation of every pixel of the quantity map, ppm m.
    pub sigma_ppmm: Raster,
    /// Significance of every single pixel: zero mean and unit variance where there is no gas.
    pub significance: Raster,
    /// Significance after spatial integration, as the equivalent deviation of a standard normal:
    /// the map that decides. Its false-alarm rate holds per pixel.
    pub decision: Raster,
    /// Pixels and columns left out, and by which measured criterion.
    pub masks: Vec<Mask>,
    /// What was chosen and why.
    pub chosen: Chosen,
}

/// Why pixels were left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MaskReason {
    /// Not a number, or declared as no data.
    NoData,
    /// Detector column without response.
    DeadColumn,
    /// Detector column far noisier than its neighbours.
    NoisyColumn,
    /// Radiance at the detector's ceiling.
    Saturated,
    /// Too dark to divide by.
    Dark,
    /// Bright and flat: cloud.
    Cloud,
    /// Hot enough to glow in the shortwave: a flare.
    Flare,
}

/// One kind of mask and where it lies.
#[derive(Debug, Clone, PartialEq)]
pub struct Mask {
    /// The criterion.
    pub reason: MaskReason,
    /// The measured threshold, in words with its number, for the report.
    pub criterion: String,
    /// Whole columns, when the reason is a column's.
    pub columns: Vec<u32>,
    /// Pixels left out for this reason, counting those of whole columns.
    pub pixels: usize,
}

/// What the search decided to do.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Chosen {
    /// Name of the filter: `auto`, `classic`, `lognormal`, `sparse` or `ace`.
    pub filter: String,
    /// One sentence a choice: shrinkage, pooling, passes, scales, bands.
    pub reasons: Vec<String>,
    /// Centres of the bands used, nm.
    pub bands_nm: Vec<f64>,
}
