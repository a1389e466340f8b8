//! Compact position reporting: half a place in 34 bits.
//!
//! The Earth is cut into 60 zones of latitude for even messages and 59 for odd ones, and these into
//! `NL` zones of longitude for even ones and one less for odd ones; a message says how far within its
//! zone it is, in 2¹⁷ths. An even and an odd one together say in which zone, one alone does when
//! the place is known to half a zone (about 330 km).
//!
//! ICAO Doc 9871, C.2.6; "The 1090 Megahertz Riddle", chapter 5.

use std::f64::consts::PI;

/// Zones of latitude of a quarter of a meridian, of even messages.
const QUARTER_ZONES: f64 = 15.0;
const WHOLE: f64 = 131_072.0;

/// What one message says.
#[derive(Clone, Copy)]
pub(super) struct Half {
    pub(super) odd: bool,
    /// In 2¹⁷ths of a zone.
    pub(super) latitude: u32,
    /// In 2¹⁷ths of a zone.
    pub(super) longitude: u32,
}

/// Degrees.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) latitude: f64,
    pub(super) longitude: f64,
}

impl Half {
    fn shares(self) -> (f64, f64) {
        (f64::from(self.latitude) / WHOLE, f64::from(self.longitude) / WHOLE)
    }
}

/// Height of a zone of latitude, degrees.
fn zone(odd: bool) -> f64 {
    360.0 / (4.0 * QUARTER_ZONES - if odd { 1.0 } else { 0.0 })
}

/// The place of the later of two messages; `None` when they lie in different belts of longitude zones.
pub(super) fn both(even: Half, odd: Half, later_odd: bool) -> Option<Place> {
    let ((even_north, even_east), (odd_north, odd_east)) = (even.shares(), odd.shares());
    let j = (59.0 * even_north - 60.0 * odd_north + 0.5).floor();
    let turned = |latitude: f64| if latitude >= 270.0 { latitude - 360.0 } else { latitude };
    let even_latitude = turned(zone(false) * (j.rem_euclid(60.0) + even_north));
    let odd_latitude = turned(zone(true) * (j.rem_euclid(59.0) + odd_north));
    let zones = longitude_zones(even_latitude);
    if zones != longitude_zones(odd_latitude) {
        return None;
    }
    let m = (even_east * (zones - 1.0) - odd_east * zones + 0.5).floor();
    let (latitude, east, mine) = if later_odd {
        (odd_latitude, odd_east, (zones - 1.0).max(1.0))
    } else {
        (even_latitude, even_east, zones)
    };
    let longitude = 360.0 / mine * (m.rem_euclid(mine) + east);
    let longitude = if longitude >= 180.0 { longitude - 360.0 } else { longitude };
    (even_latitude.abs().max(odd_latitude.abs()) <= 90.0).then_some(Place { latitude, longitude })
}

/// The place of a message beside a known one.
pub(super) fn beside(known: Place, half: Half) -> Place {
    let (north, east) = half.shares();
    let height = zone(half.odd);
    let latitude = nearest(known.latitude, height, north);
    let zones = longitude_zones(latitude) - if half.odd { 1.0 } else { 0.0 };
    let longitude = nearest(known.longitude, 360.0 / zones.max(1.0), east);
    Place { latitude, longitude: (longitude + 180.0).rem_euclid(360.0) - 180.0 }
}

/// The number nearest to a known one that lies at a share of a zone.
fn nearest(known: f64, zone: f64, share: f64) -> f64 {
    zone * ((known / zone - share + 0.5).floor() + share)
}

/// `NL`: zones of longitude at a latitude, from 59 at the equator to 1 near the poles.
pub(super) fn longitude_zones(latitude: f64) -> f64 {
    let latitude = latitude.abs();
    if latitude > 87.0 {
        return 1.0;
    }
    let cosine = latitude.to_radians().cos();
    let a = 1.0 - (1.0 - (PI / (2.0 * QUARTER_ZONES)).cos()) / (cosine * cosine);
    // At 87° it is 2 but for rounding.
    (2.0 * PI / a.clamp(-1.0, 1.0).acos()).floor().clamp(2.0, 59.0)
}
