//! A place as people write it: decimal degrees, degrees with minutes and seconds, and MGRS.
//!
//! All three name the place to about a metre. West is W in both languages, as ISO 6709 has it: the O of Spanish is
//! too easily read as a zero, or as the east of a German.
//!
//! MGRS (NGA.STND.0037, 2014) names a square of one metre by its south-western corner: digits are cut, never rounded up.
//! From 80° S to 84° N it stands on UTM,
//!
//! ```text
//! zone 1..60, band C..X of 8° (X of 12°), column letter by easting, row letter by northing mod 2,000 km, 5 + 5 digits
//! ```
//!
//! beyond on UPS, a polar stereographic plane of scale k₀ = 0.994 at the pole (Snyder 1987, eq. 21-33, 21-34), A B in the
//! south and Y Z in the north. Zone 32 is wider over south-western Norway, and 31 to 37 are laid otherwise over Svalbard.

use cathartes_core::{
    geometry::{Crs, LatLon},
    units::Degrees,
};

/// Columns of 100 km repeat after three zones, without I and O.
const COLUMNS: [&str; 3] = ["ABCDEFGH", "JKLMNPQR", "STUVWXYZ"];
const ROWS: &str = "ABCDEFGHJKLMNPQRSTUV";
const BANDS: &str = "CDEFGHJKLMNPQRSTUVWX";
/// Columns of the polar planes, from the west: no D, E, M, N, V and W, which the grid of UTM has there.
const POLAR_COLUMNS: &str = "ABCFGHJKLPQRSTUXYZ";
const POLAR_ROWS: &str = "ABCDEFGHJKLMNPQRSTUVWXYZ";
/// Side of a lettered square, m.
const SQUARE_M: f64 = 100_000.0;

/// Degrees north and east: `32.45678, -116.51234`.
#[must_use]
pub fn decimal(place: LatLon) -> String {
    format!(
        "{:.5}, {:.5}",
        positive_zero(place.latitude.0),
        positive_zero(wrapped(place.longitude.0))
    )
}

/// A number that is written without a sign when all its digits are zero.
fn positive_zero(degrees: f64) -> f64 {
    if degrees.abs() < 0.5e-5 { 0.0 } else { degrees }
}

/// Degrees, minutes and seconds: `32°27′24.4″N 116°30′44.4″W`.
#[must_use]
pub fn dms(place: LatLon) -> String {
    let (latitude, longitude) = (place.latitude.0, wrapped(place.longitude.0));
    format!("{} {}", sexagesimal(latitude, ['N', 'S']), sexagesimal(longitude, ['E', 'W']))
}

fn sexagesimal(degrees: f64, [plus, minus]: [char; 2]) -> String {
    if !degrees.is_finite() {
        return degrees.to_string();
    }
    // Rounded once and as a whole, so that no 60 seconds come out.
    let tenths = (degrees.abs() * 36_000.0).round();
    let (whole, rest) = ((tenths / 36_000.0).floor(), tenths % 36_000.0);
    let (minutes, seconds) = ((rest / 600.0).floor(), (rest % 600.0) / 10.0);
    let half = if degrees < 0.0 && tenths > 0.0 { minus } else { plus };
    format!("{whole}°{minutes:02}′{seconds:04.1}″{half}")
}

/// The square of one metre that a place lies in: `11S NS 45815 91129`. None for what is not on the Earth.
#[must_use]
pub fn mgrs(place: LatLon) -> Option<String> {
    let (latitude_deg, longitude_deg) = (place.latitude.0, wrapped(place.longitude.0));
    if !(latitude_deg.abs() <= 90.0 && longitude_deg.is_finite()) {
        return None;
    }
    let place = LatLon { longitude: Degrees(longitude_deg), ..place };
    if (-80.0..84.0).contains(&latitude_deg) { on_utm(place) } else { on_ups(place) }
}

/// The same longitude from -180° to 180°.
pub(crate) fn wrapped(longitude_deg: f64) -> f64 {
    if longitude_deg.abs() <= 180.0 {
        return longitude_deg;
    }
    (longitude_deg + 180.0).rem_euclid(360.0) - 180.0
}

fn on_utm(place: LatLon) -> Option<String> {
    let (north, zone) = (place.latitude.0 >= 0.0, zone(place));
    let [east_m, north_m] = *Crs::Utm { zone, north }.project(&[place]).first()?;
    let [east_m, north_m] = [to_mm(east_m), to_mm(north_m)];
    let band = nth(BANDS, ((place.latitude.0 + 80.0) / 8.0).min(19.0))?;
    let column = nth(COLUMNS.get(usize::from(zone - 1) % 3)?, east_m / SQUARE_M - 1.0)?;
    let first_row = if zone.is_multiple_of(2) { 5.0 } else { 0.0 };
    let row = nth(ROWS, (north_m / SQUARE_M + first_row).rem_euclid(20.0))?;
    Some(format!("{zone:02}{band} {column}{row} {} {}", within(east_m), within(north_m)))
}

/// The zone of the grid, which differs from the plain one over Norway and Svalbard.
fn zone(place: LatLon) -> u8 {
    let Crs::Utm { zone, .. } = Crs::utm_around(place) else { return 1 };
    match (place.latitude.0, place.longitude.0) {
        (56.0..64.0, 3.0..6.0) => 32,
        (72.0.., 0.0..9.0) => 31,
        (72.0.., 9.0..21.0) => 33,
        (72.0.., 21.0..33.0) => 35,
        (72.0.., 33.0..42.0) => 37,
        _ => zone,
    }
}

fn on_ups(place: LatLon) -> Option<String> {
    let north = place.latitude.0 > 0.0;
    let [east_m, north_m] = polar(place).map(to_mm);
    let east = east_m >= 2_000_000.0;
    let half = match (north, east) {
        (false, false) => 'A',
        (false, true) => 'B',
        (true, false) => 'Y',
        (true, true) => 'Z',
    };
    // Columns are counted from the pole to either side; western ones end with Z there, eastern ones begin with A.
    let columns_west = if east { 0.0 } else { POLAR_COLUMNS.len() as f64 };
    let column = nth(POLAR_COLUMNS, east_m / SQUARE_M - 20.0 + columns_west)?;
    let first_row_m = if north { 1_300_000.0 } else { 800_000.0 };
    let row = nth(POLAR_ROWS, (north_m - first_row_m) / SQUARE_M)?;
    Some(format!("{half} {column}{row} {} {}", within(east_m), within(north_m)))
}

/// East and north on the polar plane of the place's hemisphere, m.
fn polar(place: LatLon) -> [f64; 2] {
    const SEMI_MAJOR_M: f64 = 6_378_137.0;
    const FLATTENING: f64 = 1.0 / 298.257_223_563;
    let e = (FLATTENING * (2.0 - FLATTENING)).sqrt();
    let (sin, longitude) =
        (place.latitude.0.abs().to_radians().sin(), place.longitude.0.to_radians());
    let co_latitude = (90.0 - place.latitude.0.abs()).to_radians();
    let t = (co_latitude / 2.0).tan() * ((1.0 + e * sin) / (1.0 - e * sin)).powf(e / 2.0);
    let at_pole = ((1.0 + e).powf(1.0 + e) * (1.0 - e).powf(1.0 - e)).sqrt();
    let from_pole_m = 2.0 * SEMI_MAJOR_M * 0.994 * t / at_pole;
    let towards_greenwich = if place.latitude.0 > 0.0 { -1.0 } else { 1.0 };
    let (east, north) = (longitude.sin(), towards_greenwich * longitude.cos());
    [2_000_000.0 + from_pole_m * east, 2_000_000.0 + from_pole_m * north]
}

/// What projections err by, far below a millimetre, must not cut a metre off.
fn to_mm(metres: f64) -> f64 {
    (metres * 1e3).round() / 1e3
}

fn within(metres: f64) -> String {
    format!("{:05}", metres.rem_euclid(SQUARE_M).floor())
}

fn nth(letters: &str, at: f64) -> Option<char> {
    if at < 0.0 { None } else { letters.chars().nth(at as usize) }
}

#[cfg(test)]
mod tests;
