//! Which region of the vocabulary of STIX a place is in, where a box of the map says so beyond doubt.
//!
//! Interoperability asks a region of every location. We have no map of countries here, so places elsewhere have none:
//! their bundle is valid STIX, and no interoperable one.

use cathartes_core::geometry::LatLon;

/// Name, southern and northern edge, western and eastern edge, degrees. Asia ends where Russia, which is Europe here, begins.
const REGIONS: [(&str, [f64; 2], [f64; 2]); 6] = [
    ("antarctica", [-90.0, -60.0], [-180.0, 180.0]),
    ("americas", [-59.0, 84.0], [-140.0, -34.0]),
    ("africa", [-35.0, 12.0], [-18.0, 42.0]),
    ("europe", [43.0, 71.5], [-10.0, 27.0]),
    ("asia", [6.0, 41.0], [61.0, 125.0]),
    ("oceania", [-48.0, -11.5], [113.0, 179.0]),
];

/// None where no box says so.
pub(super) fn of(place: LatLon) -> Option<&'static str> {
    let (latitude, longitude) = (place.latitude.0, place.longitude.0);
    let inside = |[from, to]: [f64; 2], at: f64| (from..=to).contains(&at);
    let (name, ..) =
        REGIONS.iter().find(|(_, lat, lon)| inside(*lat, latitude) && inside(*lon, longitude))?;
    Some(name)
}
