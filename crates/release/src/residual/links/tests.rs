use cathartes_core::{geometry::destination, units::Degrees};

use super::*;

#[test]
fn the_common_part_of_circles_is_that_of_geometry() {
    let here = LatLon { latitude: Degrees(8.0), longitude: Degrees(-72.0) };
    let at = |m: f64| destination(here, Degrees(70.0), Metres(m));
    let share = |m: f64, s: f64| common_share((here, Metres(500.0)), (at(m), Metres(s)));
    assert!((share(0.0, 500.0) - 1.0).abs() < 1e-9);
    assert_eq!(share(1000.1, 500.0), 0.0);
    assert!((share(100.0, 250.0) - 0.25).abs() < 1e-9);
    // Two equal circles, each through the middle of the other: 2/3 − √3/(2π).
    let expected = 2.0 / 3.0 - 3f64.sqrt() / (2.0 * PI);
    assert!((share(500.0, 500.0) - expected).abs() < 1e-4, "{}", share(500.0, 500.0));
}
