//! The geodesic between two fixes.

use cathartes_core::{
    geometry::{LatLon, bearing_and_distance, destination},
    units::{Degrees, Metres},
};

use crate::vector::{self, Vector};

/// A geodesic, the shorter way round.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Path {
    start: LatLon,
    end: LatLon,
    azimuth: Degrees,
    pub(crate) length_m: f64,
}

impl Path {
    pub(crate) fn new(start: LatLon, end: LatLon) -> Self {
        let (azimuth, length) = bearing_and_distance(start, end);
        Self { start, end, azimuth, length_m: length.0 }
    }

    /// The place at a share of it.
    pub(crate) fn at(&self, share: f64) -> LatLon {
        if share <= 0.0 {
            return self.start;
        }
        if share >= 1.0 {
            return self.end;
        }
        destination(self.start, self.azimuth, Metres(share * self.length_m))
    }

    pub(crate) fn vector(&self, share: f64) -> Vector {
        vector::of(self.at(share))
    }
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
