use cathartes_core::{flown::Height, geometry::bearing_and_distance};

use super::*;

fn at(longitude: f64, latitude: f64) -> LatLon {
    LatLon { latitude: Degrees(latitude), longitude: Degrees(longitude) }
}

fn fix(heading: f64, pitch: f64, roll: f64, view: Option<View>) -> LogFix {
    let [heading, pitch, roll] = [heading, pitch, roll].map(Degrees);
    LogFix {
        time: "2026-10-05T08:00:00Z".parse().unwrap(),
        place: at(7.0, 46.0),
        height: Height::AboveSeaLevel(Metres(1_500.0)),
        pressure_altitude: None,
        attitude: Some(Attitude { heading, pitch, roll }),
        view: view.map(Box::new),
    }
}

const DOWN: Mount = Mount {
    elevation: Degrees(-90.0),
    horizontal_field: Degrees(60.0),
    vertical_field: Degrees(40.0),
};

fn print(fix: &LogFix, mount: Option<&Mount>) -> Option<[LatLon; 4]> {
    footprint(fix, mount, Metres(1_500.0), Metres(500.0))
}

#[test]
fn a_sensor_that_looks_down_sees_the_ground_under_it_as_wide_as_its_field() {
    let corners = print(&fix(0.0, 0.0, 0.0, None), Some(&DOWN)).unwrap();
    let across = bearing_and_distance(corners[0], corners[1]);
    let along = bearing_and_distance(corners[1], corners[2]);
    assert!((across.1.0 - 2_000.0 * 30_f64.to_radians().tan()).abs() < 0.5, "{across:?}");
    assert!((along.1.0 - 2_000.0 * 20_f64.to_radians().tan()).abs() < 0.5, "{along:?}");
    assert!(bearing_and_distance(middle(&corners), at(7.0, 46.0)).1.0 < 0.1);
    let turned = print(&fix(90.0, 0.0, 0.0, None), Some(&DOWN)).unwrap();
    let (before, after) = (across.0.0, bearing_and_distance(turned[0], turned[1]).0.0);
    assert!(((after - before).rem_euclid(360.0) - 90.0).abs() < 0.01, "{before} {after}");
}

#[test]
fn a_roll_to_the_right_looks_to_the_left_and_a_nose_up_looks_ahead() {
    let offset = |fix: &LogFix| {
        let seen = middle(&print(fix, Some(&DOWN)).unwrap());
        bearing_and_distance(at(7.0, 46.0), seen).0.0
    };
    assert!((offset(&fix(0.0, 0.0, 10.0, None)) - 270.0).abs() < 1.0);
    assert!(offset(&fix(0.0, 10.0, 0.0, None)).rem_euclid(360.0) < 1.0);
}

#[test]
fn a_gimbal_looks_where_the_log_says() {
    let view = View {
        azimuth: Some(Degrees(90.0)),
        elevation: Some(Degrees(-45.0)),
        horizontal_field: Some(Degrees(2.0)),
        vertical_field: Some(Degrees(2.0)),
        ..View::default()
    };
    let seen = middle(&print(&fix(30.0, 0.0, 0.0, Some(view)), None).unwrap());
    let (bearing, distance) = bearing_and_distance(at(7.0, 46.0), seen);
    assert!((bearing.0.rem_euclid(360.0) - 120.0).abs() < 0.1, "{bearing:?}");
    assert!((distance.0 - 1_000.0).abs() < 3.0, "{distance:?}");
}

#[test]
fn what_looks_above_the_horizon_or_nobody_knows_where_leaves_no_footprint() {
    let level = Mount { elevation: Degrees(-5.0), ..DOWN };
    assert_eq!(print(&fix(0.0, 0.0, 0.0, None), Some(&level)), None);
    assert_eq!(print(&fix(0.0, 0.0, 0.0, None), None), None);
    let mut unknown = fix(0.0, 0.0, 0.0, None);
    unknown.attitude = None;
    assert_eq!(print(&unknown, Some(&DOWN)), None);
}
