//! Lines that are straight on the map, as `GeoJSON` (RFC 7946, section 3.1.1) and its kin mean them, as geodesics, and
//! back: along a parallel both differ by 20 km in the middle of 1,000 km. Places are put between until both differ by
//! no more than [`APART_M`].

use cathartes_core::{
    geometry::{LatLon, bearing_and_distance, destination},
    units::{Degrees, Metres},
};

use super::{
    AirspaceError, crossing,
    json::{Json, each},
    rings,
};

/// Farthest between a line of the map and the geodesic.
const APART_M: f64 = 1.0;
const EARTH_M: f64 = 6_371_000.0;
/// Places put into one ring.
const MOST_PUT: usize = 500_000;
/// Halvings of one edge.
const DEEPEST: usize = 10;

/// Which line between two places is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Given {
    OnTheMap,
    Geodesic,
}

/// All places of a list of `GeoJSON`; what stands behind longitude and latitude is passed over.
pub(super) fn places(value: &Json) -> Result<Vec<LatLon>, AirspaceError> {
    each(value.list()?, "vertex", place)
}

/// A place of `GeoJSON`.
pub(super) fn place(value: &Json) -> Result<LatLon, AirspaceError> {
    let [longitude, latitude, ..] = value.list()? else {
        return Err(AirspaceError::new("no place; write [longitude, latitude]"));
    };
    on_map(longitude.number()?, latitude.number()?)
}

/// A place by its degrees, with longitudes up to a turn too far brought back.
pub(super) fn on_map(longitude: f64, latitude: f64) -> Result<LatLon, AirspaceError> {
    if longitude.abs() > 540.0 || latitude.abs() > 90.0 {
        let what = format!(
            "{longitude}, {latitude} is no place; write longitude, then latitude, in degrees"
        );
        return Err(AirspaceError::new(what));
    }
    Ok(LatLon { latitude: Degrees(latitude), longitude: Degrees(turned(longitude)) })
}

pub(super) fn turned(longitude: f64) -> f64 {
    if longitude.abs() <= 180.0 {
        return longitude;
    }
    (longitude + 180.0).rem_euclid(360.0) - 180.0
}

/// A ring of geodesics that is everywhere near one of other lines.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Followed {
    pub(super) ring: Vec<LatLon>,
    /// Which of the given places each is or follows.
    numbers: Vec<usize>,
}

impl Followed {
    /// How many places were put in.
    pub(super) fn put(&self) -> usize {
        let given = self.numbers.last().map_or(0, |last| last + 1);
        self.ring.len() - given
    }

    /// The ring, when it is one that an authority can hold.
    pub(super) fn checked(self) -> Result<Vec<LatLon>, AirspaceError> {
        rings::whole(&self.ring, |i| self.numbers.get(i).copied().unwrap_or(i))?;
        Ok(self.ring)
    }
}

/// Follows the lines of one kind by those of the other.
pub(super) fn follow(ring: &[LatLon], given: Given) -> Result<Followed, AirspaceError> {
    let mut followed = Followed { ring: Vec::with_capacity(ring.len()), numbers: Vec::new() };
    for (i, (from, to)) in ring.iter().zip(ring.iter().cycle().skip(1)).enumerate() {
        followed.ring.push(*from);
        Cut::of(given, i).between(*from, *to, DEEPEST, &mut followed.ring);
        followed.numbers.resize(followed.ring.len(), i);
        if followed.ring.len() > ring.len() + MOST_PUT {
            return Err(AirspaceError::new("edges too long to follow; put vertices into them"));
        }
    }
    Ok(followed)
}

/// A ring of the map.
pub(super) fn ring_of_map(places: Vec<LatLon>) -> Result<Followed, AirspaceError> {
    rings::each_place(&places)?;
    follow(&rings::open(places), Given::OnTheMap)
}

/// How edges are halved.
#[derive(Debug, Clone, Copy)]
struct Cut {
    given: Given,
    /// Not quite in the middle, see [`crossing::golden_share`].
    share: f64,
}

impl Cut {
    fn of(given: Given, edge: usize) -> Self {
        Self { given, share: 0.48 + 0.04 * crossing::golden_share(edge) }
    }

    fn between(self, from: LatLon, to: LatLon, depth: usize, all: &mut Vec<LatLon>) {
        let east = turned(to.longitude.0 - from.longitude.0).to_radians().abs();
        let north = (to.latitude.0 - from.latitude.0).to_radians().abs();
        if depth == 0 || EARTH_M * east * (east + 2.0 * north) / 8.0 < APART_M / 2.0 {
            return;
        }
        let on_map = self.on_map(from, to);
        let (bearing, length) = bearing_and_distance(from, to);
        let (aside, way) = bearing_and_distance(from, on_map);
        if way.0 * (aside.0 - bearing.0).to_radians().sin().abs() <= APART_M {
            return;
        }
        let middle = match self.given {
            Given::OnTheMap => on_map,
            Given::Geodesic => destination(from, bearing, Metres(length.0 * self.share)),
        };
        self.between(from, middle, depth - 1, all);
        all.push(middle);
        self.between(middle, to, depth - 1, all);
    }

    fn on_map(self, from: LatLon, to: LatLon) -> LatLon {
        let east = turned(to.longitude.0 - from.longitude.0) * self.share;
        let north = (to.latitude.0 - from.latitude.0) * self.share;
        let longitude = Degrees(turned(from.longitude.0 + east));
        LatLon { latitude: Degrees(from.latitude.0 + north), longitude }
    }
}

#[cfg(test)]
mod tests;
