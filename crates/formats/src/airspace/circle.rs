//! Circles and arcs as corners.
//!
//! Outside of a circle of radius r lie the corners of the polygon that touches it, at the angle δ from each other and
//! r′ from the middle: on a sphere tan r = tan r′ cos δ/2. On the ellipsoid r′ grows until the middles of the edges are
//! outside too. Inside lie corners on the circle itself. Both differ from the circle by at most [`ERROR`].

use cathartes_core::{
    geometry::{LatLon, bearing_and_distance, destination},
    units::{Degrees, Metres},
};

use super::AirspaceError;

/// Farthest from the circle.
pub(super) const ERROR: Metres = Metres(5.0);
/// No circle is larger.
const LARGEST_M: f64 = 2_000_000.0;
const EARTH_M: f64 = 6_371_000.0;
/// Corners are at least this near to each other, degrees.
const WIDEST_DEG: f64 = 20.0;

/// On which side of the circle the corners are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Outside,
    Inside,
}

/// Part of a circle, clockwise where the sweep is positive.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arc {
    pub(super) middle: LatLon,
    pub(super) radius: Metres,
    pub(super) from: Degrees,
    pub(super) sweep: Degrees,
}

/// The corners of a whole circle.
pub(super) fn circle(
    middle: LatLon,
    radius: Metres,
    side: Side,
) -> Result<Vec<LatLon>, AirspaceError> {
    let arc = Arc { middle, radius, from: Degrees(0.0), sweep: Degrees(360.0) };
    let mut corners = arc.corners(side)?;
    if side == Side::Inside {
        corners.pop();
    }
    Ok(corners)
}

impl Arc {
    /// That its radius is one.
    pub(super) fn fits(&self) -> Result<(), AirspaceError> {
        let radius = self.radius.0;
        if radius > 0.0 && radius <= LARGEST_M {
            return Ok(());
        }
        let what = format!("a radius of {radius} m; write more than 0 and up to 2000 km");
        Err(AirspaceError::new(what))
    }

    /// Inside: both ends and what lies between. Outside: only what lies between; the ends belong to those who know them.
    pub(super) fn corners(&self, side: Side) -> Result<Vec<LatLon>, AirspaceError> {
        self.fits()?;
        let radius = self.radius.0;
        let steps = (self.sweep.0.abs() / step_deg(radius)).ceil().max(1.0);
        let turn = self.sweep.0 / steps;
        let at = |i: f64, way_m: f64| {
            destination(self.middle, Degrees(self.from.0 + turn * i), Metres(way_m))
        };
        let steps = steps as usize;
        Ok(match side {
            Side::Inside => (0..=steps).map(|i| at(i as f64, radius)).collect(),
            Side::Outside => {
                let way = self.outside_m(turn);
                (0..steps).map(|i| at(i as f64 + 0.5, way)).collect()
            }
        })
    }

    /// How far corners are from the middle so that all edges between them are outside.
    fn outside_m(&self, turn_deg: f64) -> f64 {
        let radius = self.radius.0;
        let half = (turn_deg.to_radians() / 2.0).cos();
        let mut way = ((radius / EARTH_M).tan() / half).atan() * EARTH_M + 0.001;
        for _ in 0..3 {
            let lacking = (0..8).map(|i| self.lacking_m(way, f64::from(i) * 45.0, turn_deg));
            way += lacking.fold(0.0, f64::max) * 1.01;
        }
        way
    }

    /// How far the middle of an edge is within the circle.
    fn lacking_m(&self, way_m: f64, bearing_deg: f64, turn_deg: f64) -> f64 {
        let corner = |bearing| destination(self.middle, Degrees(bearing), Metres(way_m));
        let (from, to) = (corner(bearing_deg), corner(bearing_deg + turn_deg));
        let (bearing, length) = bearing_and_distance(from, to);
        let between = destination(from, bearing, Metres(length.0 / 2.0));
        self.radius.0 + 0.001 - bearing_and_distance(self.middle, between).1.0
    }
}

fn step_deg(radius_m: f64) -> f64 {
    // r (1/cos δ/2 − 1) is r δ²/8 for small angles; a little less, for those that are not small.
    (8.0 * ERROR.0 / radius_m * 0.9).sqrt().to_degrees().min(WIDEST_DEG)
}

#[cfg(test)]
mod tests;
