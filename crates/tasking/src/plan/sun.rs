//! How high the sun stands.
//!
//! ```text
//! sin h = sin φ sin δ + cos φ cos δ cos H
//! ```
//! φ latitude, δ declination, H hour angle. To a hundredth of a degree from 1950 to 2050; refraction is left aside.
//!
//! The Astronomical Almanac (U.S. Nautical Almanac Office), section C, low-precision formulas for the sun.

use cathartes_core::geometry::LatLon;
use jiff::Timestamp;

/// Seconds since 1970 of noon on 1 January 2000.
const J2000_S: f64 = 946_728_000.0;
const DAY_S: f64 = 86_400.0;

/// Of the middle of the sun above the horizon, degrees.
pub(crate) fn elevation_deg(place: LatLon, at: Timestamp) -> f64 {
    let days = (crate::when::seconds(at) - J2000_S) / DAY_S;
    let anomaly = (357.528 + 0.985_600_3 * days).to_radians();
    let mean = 280.460 + 0.985_647_4 * days;
    let longitude = (mean + 1.915 * anomaly.sin() + 0.020 * (2.0 * anomaly).sin()).to_radians();
    let obliquity = (23.439 - 0.000_000_4 * days).to_radians();
    let ascension = (obliquity.cos() * longitude.sin()).atan2(longitude.cos());
    let declination = (obliquity.sin() * longitude.sin()).asin();
    let sidereal_deg = 280.460_618_37 + 360.985_647_366_29 * days;
    let hour = (sidereal_deg + place.longitude.0).to_radians() - ascension;
    let latitude = place.latitude.0.to_radians();
    let sine = latitude.sin() * declination.sin() + latitude.cos() * declination.cos() * hour.cos();
    sine.asin().to_degrees()
}

#[cfg(test)]
mod tests;
