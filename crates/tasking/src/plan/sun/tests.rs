use cathartes_core::units::Degrees;

use super::*;

fn elevation(longitude: f64, latitude: f64, at: &str) -> f64 {
    let place = LatLon { latitude: Degrees(latitude), longitude: Degrees(longitude) };
    elevation_deg(place, at.parse().unwrap())
}

/// Solar noon at Greenwich on the days on which the declination is known: 0 and 23.44 degrees.
#[test]
fn the_sun_stands_where_the_almanac_says() {
    assert!((elevation(0.0, 0.0, "2026-03-20T12:07:24Z") - 90.0).abs() < 0.3);
    assert!((elevation(0.0, 51.4779, "2026-06-21T12:02:00Z") - 61.96).abs() < 0.05);
    assert!((elevation(0.0, 51.4779, "2026-12-21T11:58:00Z") - 15.09).abs() < 0.05);
    assert!(elevation(180.0, 10.0, "2026-10-05T12:00:00Z") < -70.0);
}
