//! Squares of the map of the web: Web Mercator on the sphere (EPSG 3857), the whole world at zoom 0, four
//! squares for one at every further zoom (OGC 17-083r4, `WebMercatorQuad`).

use std::f64::consts::PI;

use crate::{
    geometry::LatLon,
    units::{Degrees, Metres},
};

/// Radius of the sphere.
const RADIUS_M: f64 = 6_378_137.0;

/// One square.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MapTile {
    zoom: u8,
    row: u32,
    column: u32,
}

impl MapTile {
    /// The last zoom.
    pub const DEEPEST: u8 = 22;

    /// A square, when the world has it; rows are counted from the north, columns from the west.
    #[must_use]
    pub fn new(zoom: u8, row: u32, column: u32) -> Option<Self> {
        let there = zoom <= Self::DEEPEST && row >> zoom == 0 && column >> zoom == 0;
        there.then_some(Self { zoom, row, column })
    }

    /// How deep it is.
    #[must_use]
    pub fn zoom(self) -> u8 {
        self.zoom
    }

    /// A place in sides of the square from its north-western corner, right and down; a longitude is taken
    /// the short way round from the middle.
    #[must_use]
    pub fn shares(self, place: LatLon) -> [f64; 2] {
        let squares = f64::from(1_u32 << self.zoom);
        let x = (place.longitude.0 + 180.0) / 360.0;
        let y = (1.0 - place.latitude.0.to_radians().tan().asinh() / PI) / 2.0;
        let right = x * squares - f64::from(self.column);
        let turns = ((right - 0.5) / squares).round();
        [right - turns * squares, y * squares - f64::from(self.row)]
    }

    /// The place at some shares; its longitude may lie beyond ±180°.
    #[must_use]
    pub fn place(self, [right, down]: [f64; 2]) -> LatLon {
        let squares = f64::from(1_u32 << self.zoom);
        let x = (f64::from(self.column) + right) / squares;
        let y = (f64::from(self.row) + down) / squares;
        LatLon {
            latitude: Degrees((PI * (1.0 - 2.0 * y)).sinh().atan().to_degrees()),
            longitude: Degrees(360.0 * x - 180.0),
        }
    }

    /// Its side in the plane of the map; the ground is shorter by the cosine of its latitude.
    #[must_use]
    pub fn side(self) -> Metres {
        Metres(2.0 * PI * RADIUS_M / f64::from(1_u32 << self.zoom))
    }
}

#[cfg(test)]
mod tests;
