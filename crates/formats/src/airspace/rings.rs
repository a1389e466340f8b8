//! Rings of places, and what a ring has to be.

use cathartes_core::{
    airspace::Polygon,
    geometry::{LatLon, bearing_and_distance},
    units::{Degrees, Metres},
};

use super::{
    AirspaceError,
    crossing::{self, Tangle},
    error::within,
    json::{Json, each},
    when::filled,
};

/// No vertex lies farther north or south, degrees.
const FARTHEST_DEG: f64 = 89.99;
/// No edge is longer.
pub(super) const LONGEST: Metres = Metres(2_000_000.0);
/// Edges whose ends are nearer as seen from the middle of the Earth are shorter than that for certain, radians.
const SURELY_SHORT_RAD: f64 = 0.3;

/// One polygon as `GeoJSON` nests it.
pub(super) fn polygon(value: &Json) -> Result<Polygon, AirspaceError> {
    let ring = |value| places(value).and_then(checked);
    Ok(Polygon { rings: each(filled(value)?, "ring", ring)? })
}

/// All places of a list, longitude first.
pub(super) fn places(value: &Json) -> Result<Vec<LatLon>, AirspaceError> {
    each(value.list()?, "vertex", place)
}

/// A place, longitude first.
pub(super) fn place(value: &Json) -> Result<LatLon, AirspaceError> {
    let [longitude, latitude] = value.list()? else {
        return Err(AirspaceError::new("no place; write [longitude, latitude]"));
    };
    Ok(LatLon { latitude: Degrees(latitude.number()?), longitude: Degrees(longitude.number()?) })
}

/// The ring without its first place at its end.
pub(super) fn open(mut ring: Vec<LatLon>) -> Vec<LatLon> {
    while ring.len() > 1 && ring.first().zip(ring.last()).is_some_and(|(a, b)| same(*a, *b)) {
        ring.pop();
    }
    ring
}

/// The ring without its first place at its end, when it is one that an authority can hold.
pub(super) fn checked(ring: Vec<LatLon>) -> Result<Vec<LatLon>, AirspaceError> {
    each_place(&ring)?;
    let ring = open(ring);
    whole(&ring, |vertex| vertex)?;
    Ok(ring)
}

/// That all places are on the part of the Earth where rings are.
pub(super) fn each_place(ring: &[LatLon]) -> Result<(), AirspaceError> {
    ring.iter().enumerate().try_for_each(|(i, place)| on_earth(*place).map_err(within("vertex", i)))
}

/// What is asked of a ring besides its places; the other tells which vertex of the file one is.
pub(super) fn whole(ring: &[LatLon], vertex: impl Fn(usize) -> usize) -> Result<(), AirspaceError> {
    if !three(ring) {
        let what = "fewer than three different places; a ring needs three";
        return Err(AirspaceError::new(what));
    }
    let (at, what) = match (long(ring), crossing::none(ring)) {
        (Some((i, km)), _) => {
            (i, format!("the edge from here is {km:.0} km long; put a vertex every 2000 km"))
        }
        (None, Ok(())) => return Ok(()),
        (None, Err(Tangle::Cross(one, other))) => {
            let other = vertex(other) + 1;
            let remedy = "put the vertices into their order";
            (one, format!("the edge from here crosses that from vertex {other}; {remedy}"))
        }
        (None, Err(Tangle::TooMany)) => {
            let what =
                "too many edges lie across each other to be checked; cut the ring into several";
            return Err(AirspaceError::new(what));
        }
    };
    Err(within("vertex", vertex(at))(AirspaceError::new(what)))
}

/// Whether longitudes jump from one end of the flat map to the other.
pub(super) fn jumps(ring: &[LatLon]) -> bool {
    let next = ring.iter().cycle().skip(1);
    ring.iter().zip(next).any(|(a, b)| (a.longitude.0 - b.longitude.0).abs() > 180.0)
}

fn on_earth(LatLon { latitude, longitude }: LatLon) -> Result<(), AirspaceError> {
    if !(-180.0..=180.0).contains(&longitude.0) {
        let what = format!("longitude {}; write -180 to 180 degrees, longitude first", longitude.0);
        return Err(AirspaceError::new(what));
    }
    if !(-FARTHEST_DEG..=FARTHEST_DEG).contains(&latitude.0) {
        let what =
            format!("latitude {}; write -89.99 to 89.99 degrees, behind longitude", latitude.0);
        return Err(AirspaceError::new(what));
    }
    Ok(())
}

/// Whether both are one place: 180° east is 180° west.
pub(super) fn same(a: LatLon, b: LatLon) -> bool {
    let apart = (a.longitude.0 - b.longitude.0).abs();
    a.latitude == b.latitude && (apart == 0.0 || apart == 360.0)
}

/// Whether it has three different places.
pub(super) fn three(ring: &[LatLon]) -> bool {
    let Some(first) = ring.first() else { return false };
    let Some(second) = ring.iter().find(|p| !same(**p, *first)) else { return false };
    ring.iter().any(|p| !same(*p, *first) && !same(*p, *second))
}

/// The first edge that is too long, with its length in km.
fn long(ring: &[LatLon]) -> Option<(usize, f64)> {
    let next = ring.iter().cycle().skip(1);
    ring.iter().zip(next).enumerate().find_map(|(i, (from, to))| {
        if crossing::angle_rad(*from, *to) < SURELY_SHORT_RAD {
            return None;
        }
        let length = bearing_and_distance(*from, *to).1;
        (length > LONGEST).then_some((i, length.0 / 1000.0))
    })
}
