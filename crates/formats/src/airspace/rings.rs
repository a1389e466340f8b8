//! Rings of places, and what a ring has to be.

use cathartes_core::{
    airspace::Polygon,
    geometry::{LatLon, bearing_and_distance},
    units::{Degrees, Metres},
};

use super::{
    AirspaceError, crossing,
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

/// The ring without its first place at its end, when it is one that an authority can hold.
pub(super) fn checked(mut ring: Vec<LatLon>) -> Result<Vec<LatLon>, AirspaceError> {
    for (i, place) in ring.iter().enumerate() {
        on_earth(*place).map_err(within("vertex", i))?;
    }
    while ring.len() > 1 && ring.first().zip(ring.last()).is_some_and(|(a, b)| same(*a, *b)) {
        ring.pop();
    }
    if !three(&ring) {
        let what = "fewer than three different places; a ring needs three";
        return Err(AirspaceError::new(what));
    }
    short(&ring)?;
    crossing::none(&ring)?;
    Ok(ring)
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

fn three(ring: &[LatLon]) -> bool {
    let Some(first) = ring.first() else { return false };
    let Some(second) = ring.iter().find(|p| !same(**p, *first)) else { return false };
    ring.iter().any(|p| !same(*p, *first) && !same(*p, *second))
}

fn short(ring: &[LatLon]) -> Result<(), AirspaceError> {
    let next = ring.iter().cycle().skip(1);
    for (i, (from, to)) in ring.iter().zip(next).enumerate() {
        if crossing::angle_rad(*from, *to) < SURELY_SHORT_RAD {
            continue;
        }
        let length = bearing_and_distance(*from, *to).1;
        if length > LONGEST {
            let km = length.0 / 1000.0;
            let what = format!("the edge from here is {km:.0} km long; put a vertex every 2000 km");
            return Err(within("vertex", i)(AirspaceError::new(what)));
        }
    }
    Ok(())
}
