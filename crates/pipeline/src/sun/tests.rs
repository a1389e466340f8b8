use super::*;

/// NREL's example for its solar position algorithm (Reda and Andreas 2008, table A5.1): Golden,
/// Colorado, 2003-10-17 12:30:30 local (UTC - 7), topocentric zenith 50.11162°.
#[test]
fn the_sun_stands_where_the_published_example_has_it() {
    let place = LatLon { latitude: Degrees(39.742_476), longitude: Degrees(-105.178_6) };

    let seen = zenith("2003-10-17T19:30:30Z".parse().unwrap(), place);

    assert!((seen.0 - 50.111_62).abs() < 0.03, "{seen}");
}

#[test]
fn at_night_it_is_below() {
    let place = LatLon { latitude: Degrees(0.0), longitude: Degrees(0.0) };
    assert!(zenith("2024-03-20T00:00:00Z".parse().unwrap(), place).0 > 170.0);
    assert!(zenith("2024-03-20T12:07:00Z".parse().unwrap(), place).0 < 2.0);
}
