use super::*;

fn frame() -> Frame {
    let origin = LatLon { latitude: Degrees(51.1445), longitude: Degrees(-1.4386) };
    Frame { origin: Some(origin), start: None }
}

#[test]
fn metres_become_degrees_and_metres_again() {
    for (east, north) in [(0.0, 0.0), (68.9, 92.75), (-1200.0, 30.0), (0.0, -5000.0)] {
        let place = frame().on_earth(Metres(east), Metres(north)).unwrap();
        let (e, n) = frame().local(place).unwrap();
        assert!((e.0 - east).abs() < 1e-6 && (n.0 - north).abs() < 1e-6, "{e} {n}");
    }
}

#[test]
fn distances_within_a_site_hold_to_a_millimetre() {
    let at = |east, north| frame().on_earth(Metres(east), Metres(north)).unwrap();
    let (_, apart) = bearing_and_distance(at(-300.0, 100.0), at(500.0, 700.0));
    assert!((apart.0 - 1000.0).abs() < 1e-3, "{apart}");
}

#[test]
fn without_an_origin_nothing_is_on_the_earth() {
    assert_eq!(Frame::default().on_earth(Metres(1.0), Metres(1.0)), None);
    assert_eq!(Frame::default().local(frame().origin.unwrap()), None);
}
