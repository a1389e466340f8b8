use cathartes_core::source::Ellipse90;

use super::*;

fn at(latitude: f64, longitude: f64) -> LatLon {
    LatLon { latitude: Degrees(latitude), longitude: Degrees(longitude) }
}

fn circle(latitude: f64, radius: f64) -> Value {
    Value::Circle { middle: at(latitude, -106.2), radius: Metres(radius) }
}

#[test]
fn a_circle_is_as_large_as_its_share_and_its_scale_is_true() {
    let drawn = svg(&circle(31.84, 500.0), Language::Es).unwrap();
    // 0.62 of half of 300 pixels stand for 500 m.
    assert!(drawn.contains("r=\"93.0\""), "{drawn}");
    assert!(drawn.contains("d=\"M257.0 270H350.0\"") && drawn.contains(">500 m<"), "{drawn}");
}

#[test]
fn a_square_of_a_grid_is_drawn_by_its_corners() {
    let corners = [at(31.0, -106.0), at(31.0, -105.99), at(31.01, -105.99), at(31.01, -106.0)];
    let drawn = svg(&Value::Cell { corners }, Language::En).unwrap();
    assert_eq!(drawn.matches("<polygon").count(), 1);
    let middle = ground(&Value::Cell { corners }).unwrap().middle;
    assert!(
        (middle.latitude.0 - 31.005).abs() < 1e-9 && (middle.longitude.0 + 105.995).abs() < 1e-9
    );
}

#[test]
fn an_ellipse_that_points_north_stands_upright() {
    let ellipse =
        Ellipse90 { semi_major: Metres(400.0), semi_minor: Metres(100.0), bearing: Degrees(0.0) };
    let drawn = svg(&Value::Place { place: at(10.0, 20.0), ellipse }, Language::Es).unwrap();
    assert!(drawn.contains("transform=\"rotate(-90.0 "), "{drawn}");
}

#[test]
fn every_picture_has_lines_of_a_grid_with_their_degrees() {
    for latitude in [-79.0, -31.0, 0.0, 31.84, 60.0] {
        for radius in [0.0, 10.0, 500.0, 20_000.0, 100_000.0] {
            let drawn = svg(&circle(latitude, radius), Language::Es).unwrap();
            let lines = drawn.matches("class=\"g\"").count();
            assert!((2..=16).contains(&lines), "{lines} lines at {latitude} of {radius} m");
        }
    }
}

#[test]
fn nothing_is_drawn_where_it_would_mislead() {
    assert_eq!(svg(&circle(85.0, 500.0), Language::Es), None);
    assert_eq!(svg(&circle(31.0, 200_000.0), Language::Es), None);
    assert_eq!(svg(&circle(f64::NAN, 500.0), Language::Es), None);
    assert_eq!(svg(&Value::Name { name: "x".into() }, Language::Es), None);
}
