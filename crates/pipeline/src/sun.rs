//! Where the sun stood.
//!
//! Low-precision formulae of the Astronomical Almanac, good to 0.02° between 1950 and 2050, far
//! more than a light path needs:
//!
//! ```text
//! g = 357.529° + 0.98560028° d        mean anomaly, d days since J2000.0
//! q = 280.459° + 0.98564736° d        mean longitude
//! L = q + 1.915° sin g + 0.020° sin 2g
//! e = 23.439° − 0.00000036° d         obliquity
//! RA = atan2(cos e sin L, cos L),  sin δ = sin e sin L
//! cos z = sin φ sin δ + cos φ cos δ cos h,  h = GMST + λ − RA
//! ```
//!
//! Refraction is left out: below 85° it is under 0.2°.

use cathartes_core::{geometry::LatLon, units::Degrees};
use jiff::Timestamp;

/// Unix time of J2000.0, 2000-01-01 12:00.
const J2000_S: f64 = 946_728_000.0;

/// Angle of the sun from the vertical.
#[must_use]
pub fn zenith(time: Timestamp, place: LatLon) -> Degrees {
    let d = (time.as_second() as f64 - J2000_S) / 86_400.0;
    let turn = |degrees: f64| degrees.rem_euclid(360.0).to_radians();
    let g = turn(357.529 + 0.985_600_28 * d);
    let q = turn(280.459 + 0.985_647_36 * d);
    let l = q + (1.915 * g.sin() + 0.020 * (2.0 * g).sin()).to_radians();
    let e = turn(23.439 - 3.6e-7 * d);
    let ra = (e.cos() * l.sin()).atan2(l.cos());
    let sin_dec = e.sin() * l.sin();
    let gmst = turn((18.697_374_558 + 24.065_709_824_419_08 * d) * 15.0);
    let h = gmst + place.longitude.0.to_radians() - ra;
    let phi = place.latitude.0.to_radians();
    let cos_z = phi.sin() * sin_dec + phi.cos() * (1.0 - sin_dec * sin_dec).sqrt() * h.cos();
    Degrees(cos_z.clamp(-1.0, 1.0).acos().to_degrees())
}

#[cfg(test)]
mod tests;
