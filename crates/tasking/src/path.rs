//! The geodesic between two fixes.

use cathartes_core::{
    geometry::LatLon,
    units::{Degrees, Metres},
};
use geographiclib_rs::{DirectGeodesic, Geodesic, InverseGeodesic};

use crate::vector::{self, Vector};

/// A geodesic, the shorter way round.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Path {
    start: LatLon,
    end: LatLon,
    azimuth_deg: f64,
    pub(crate) length_m: f64,
}

impl Path {
    pub(crate) fn new(start: LatLon, end: LatLon) -> Self {
        let (length_m, azimuth_deg, _, _): (f64, f64, f64, f64) = Geodesic::wgs84().inverse(
            start.latitude.0,
            start.longitude.0,
            end.latitude.0,
            end.longitude.0,
        );
        Self { start, end, azimuth_deg, length_m }
    }

    /// The place at a share of it.
    pub(crate) fn at(&self, share: f64) -> LatLon {
        if share <= 0.0 {
            return self.start;
        }
        if share >= 1.0 {
            return self.end;
        }
        onward(self.start, Degrees(self.azimuth_deg), Metres(share * self.length_m))
    }

    pub(crate) fn vector(&self, share: f64) -> Vector {
        vector::of(self.at(share))
    }
}

/// The place so far from another on a bearing.
#[must_use]
pub fn onward(from: LatLon, bearing: Degrees, way: Metres) -> LatLon {
    let (latitude, longitude): (f64, f64) =
        Geodesic::wgs84().direct(from.latitude.0, from.longitude.0, bearing.0, way.0);
    LatLon { latitude: Degrees(latitude), longitude: Degrees(longitude) }
}

/// A part of a path.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stretch<'a> {
    pub(crate) path: &'a Path,
    pub(crate) from: f64,
    pub(crate) to: f64,
}

impl Stretch<'_> {
    pub(crate) fn length_m(&self) -> f64 {
        (self.to - self.from) * self.path.length_m
    }

    pub(crate) fn middle(&self) -> f64 {
        f64::midpoint(self.from, self.to)
    }
}
