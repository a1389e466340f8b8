//! The ground an image covers, from its four corners.

use cathartes_core::{
    geometry::{Geometry, LatLon},
    plume::PixelPlace,
};

/// The corners of an image, anticlockwise as `GeoJSON` wants them; empty when nobody knows where it is.
pub(super) fn of(geometry: &Geometry, lines: usize, samples: usize) -> Vec<LatLon> {
    let (lines, samples) = (lines as f64, samples as f64);
    let around = |inset: f64| -> Option<Vec<LatLon>> {
        let (top, left) = (inset, inset);
        let (bottom, right) = (lines - inset, samples - inset);
        let corners = [(top, left), (bottom, left), (bottom, right), (top, right)];
        let place = |(line_px, sample_px)| geometry.locate(PixelPlace { line_px, sample_px });
        corners.into_iter().map(place).collect()
    };
    // Places of pixels need not reach the outer edges of the image.
    let mut ring = around(0.0).or_else(|| around(0.5)).unwrap_or_default();
    if area_deg2(&ring) < 0.0 {
        ring.reverse();
    }
    ring
}

/// Twice the area, positive when anticlockwise.
fn area_deg2(ring: &[LatLon]) -> f64 {
    let after = ring.iter().cycle().skip(1);
    let cross =
        |(a, b): (&LatLon, &LatLon)| a.longitude.0 * b.latitude.0 - b.longitude.0 * a.latitude.0;
    ring.iter().zip(after).map(cross).sum()
}

#[cfg(test)]
mod tests;
