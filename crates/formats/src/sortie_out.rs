//! Sorties for those who fly them.
//!
//! | function | form | read by |
//! |---|---|---|
//! | [`qground`] | `.plan` of `QGroundControl`, version 1, with its geofence | `QGroundControl`, Mission Planner |
//! | [`waypoints`] | `QGC WPL 110`, one item a line | everything that speaks `MAVLink` |
//! | [`kml`] | KML 2.2 | maps |
//! | [`gpx`] | GPX 1.1, a route and its times | receivers and moving maps |
//! | [`geojson`] | RFC 7946 | everything else |
//!
//! Heights are above mean sea level in all of them, longitudes and latitudes on WGS 84. The geofence is what permits, as
//! one polygon, and what forbids; what a sortie flies over or under, or while it is not in force, has no height and no
//! time in a geofence and would stop it, so it is left out: the certificate is what holds.

use cathartes_core::{
    airspace::Authority,
    sortie::{Aircraft, Sortie},
};

mod fence;
mod geo_json;
mod gpx_file;
mod items;
mod kml_file;
mod qgc;

pub use geo_json::geojson;
pub use gpx_file::gpx;
pub use kml_file::kml;
pub use qgc::{qground, waypoints};

/// A sortie with what its files need.
#[derive(Debug, Clone, Copy)]
pub struct Outgoing<'a> {
    /// The flight.
    pub sortie: &'a Sortie,
    /// What flies it.
    pub aircraft: &'a Aircraft,
    /// What permits and forbids it.
    pub authorities: &'a [Authority],
}

/// 1e-7° is a centimetre on the ground.
fn degrees(value: f64) -> f64 {
    (value * 1e7).round() / 1e7
}

/// Heights to a centimetre.
fn metres(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests;
