//! What really is in a scene.

use cathartes_core::{geometry::LatLon, plume::PixelPlace};
use serde::Serialize;

use super::recipe::PlumeKind;

/// What really is in the scene, plume by plume.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TruePlume {
    /// Number from 1.
    pub number: usize,
    /// Slug of the gas.
    pub gas: String,
    /// Its shape.
    pub kind: PlumeKind,
    /// Emission rate; for a mask the nominal one that its mass was made from.
    pub rate_kg_h: f64,
    /// Whether the rate is that of a physical plume, not a mask's convention.
    pub rate_is_physical: bool,
    /// Wind that carries it.
    pub wind_speed_m_s: f64,
    /// Where it blows from, clockwise from grid north.
    pub wind_from_deg: f64,
    /// Source.
    pub source: PixelPlace,
    /// Source on the ground, WGS 84.
    pub source_place: Option<LatLon>,
    /// Mass inside the scene.
    pub mass_inside_kg: f64,
    /// Mass emitted and followed, inside the scene or not.
    pub mass_emitted_kg: f64,
    /// Largest column of this plume alone in one pixel.
    pub peak_ppmm: f64,
    /// Temperature of the gas; thermal scenes only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature_k: Option<f64>,
    /// Brightness temperature of the ground behind the gas less the gas's, at 10.1 um, mean by gas
    /// column; thermal scenes only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contrast_k: Option<f64>,
}
