//! Gas measured along a track, at fixed inlets or along beams, and the wind that carried it there.
//!
//! A trace lives in a local frame: metres east, north and up from one point of the ground, seconds
//! from one moment. [`Frame`] ties both to the Earth when anybody said where that is.

use serde::{Deserialize, Serialize};

use crate::{
    geometry::{LatLon, bearing_and_distance, destination},
    units::{Degrees, Kelvin, Kilopascals, Metres, MetresPerSecond, PartsPerMillion, Seconds},
};

/// A place in the local frame.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LocalPlace {
    /// Towards true east.
    pub east: Metres,
    /// Towards true north.
    pub north: Metres,
    /// Above the ground.
    pub up: Metres,
}

/// What air a reading is of.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Probe {
    /// Air at one place.
    Point(LocalPlace),
    /// The straight path between two places: the reading is the mean along it.
    Beam(LocalPlace, LocalPlace),
}

impl Probe {
    /// Both ends of a beam, or the place of a point.
    pub fn ends(&self) -> impl Iterator<Item = LocalPlace> + use<> {
        let (first, last) = match *self {
            Self::Point(place) => (place, None),
            Self::Beam(near, far) => (near, Some(far)),
        };
        std::iter::once(first).chain(last)
    }
}

/// One value of a sensor.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// Which sensor, by its place in [`Trace::sensors`].
    pub sensor: usize,
    /// Since the start of the frame.
    pub time: Seconds,
    /// What air it is of.
    pub probe: Probe,
    /// Mixing ratio, background included.
    pub value: PartsPerMillion,
    /// Row of the file it came from, from 1, the header being the first.
    pub row: u64,
}

/// A sensor, moving or fixed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sensor {
    /// As its file numbers it.
    pub id: i64,
    /// What people call it.
    pub name: String,
}

/// Wind measured at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct WindReading {
    /// Since the start of the frame.
    pub time: Seconds,
    /// How fast it blows towards the east.
    pub east: MetresPerSecond,
    /// How fast it blows towards the north.
    pub north: MetresPerSecond,
    /// Deviation of its direction, across; absent when not measured.
    pub turbulence_across: Option<Degrees>,
    /// The same, up and down.
    pub turbulence_up: Option<Degrees>,
    /// Of the air.
    pub temperature: Option<Kelvin>,
    /// Of the air.
    pub pressure: Option<Kilopascals>,
}

/// Winds by rising time.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct WindRecord {
    /// Measured for all sensors.
    pub common: Vec<WindReading>,
    /// Measured for one sensor, by its place in [`Trace::sensors`]: counts instead of the common ones.
    pub own: Vec<(usize, Vec<WindReading>)>,
}

impl WindRecord {
    /// What counts for a sensor.
    #[must_use]
    pub fn of(&self, sensor: usize) -> &[WindReading] {
        let own = self.own.iter().find(|own| own.0 == sensor);
        own.map_or(&self.common, |own| &own.1)
    }
}

/// Where and when the local frame is.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Frame {
    /// Its point (0, 0, 0), when known.
    pub origin: Option<LatLon>,
    /// Its second 0 in seconds since 1970-01-01 UTC, when known.
    pub start: Option<Seconds>,
}

impl Frame {
    /// A place of the Earth in metres east and north of the origin, along the geodesic from there;
    /// `None` without an origin. Distances between places hold to 1e-5 within 30 km of it.
    #[must_use]
    pub fn local(&self, place: LatLon) -> Option<(Metres, Metres)> {
        let (bearing, distance) = bearing_and_distance(self.origin?, place);
        let (sin, cos) = bearing.0.to_radians().sin_cos();
        Some((Metres(distance.0 * sin), Metres(distance.0 * cos)))
    }

    /// The same backwards.
    #[must_use]
    pub fn on_earth(&self, east: Metres, north: Metres) -> Option<LatLon> {
        let origin = self.origin?;
        let (bearing, distance) = (east.0.atan2(north.0).to_degrees(), east.0.hypot(north.0));
        Some(destination(origin, Degrees(bearing), Metres(distance)))
    }
}

/// The readings of one gas with the wind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trace {
    /// Slug of the gas.
    pub gas: String,
    /// Where and when.
    pub frame: Frame,
    /// Every sensor.
    pub sensors: Vec<Sensor>,
    /// By rising time.
    pub readings: Vec<Reading>,
    /// What carried the gas.
    pub wind: WindRecord,
}

/// From and to.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Span {
    /// The lower end.
    pub from: Metres,
    /// The upper end.
    pub to: Metres,
}

/// Where sources may be, and what is believed of them before anything is measured.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SearchVolume {
    /// East.
    pub east: Span,
    /// North.
    pub north: Span,
    /// Above the ground.
    pub up: Span,
}

impl SearchVolume {
    /// Its edge on the ground, east and north, anticlockwise from the south-west and closed.
    #[must_use]
    pub fn ring(&self) -> [(Metres, Metres); 5] {
        let (e, n) = (self.east, self.north);
        [(e.from, n.from), (e.to, n.from), (e.to, n.to), (e.from, n.to), (e.from, n.from)]
    }
}

#[cfg(test)]
mod tests;
