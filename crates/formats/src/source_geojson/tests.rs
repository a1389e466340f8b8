use cathartes_core::{
    estimate::Interval90,
    geometry::{LatLon, bearing_and_distance},
    source::{Convergence, DensityMap, Ellipse90, NextLeg},
    trace::Span,
    units::{Degrees, KgPerHour},
};
use geo::{Area, Contains};
use geojson::{FeatureCollection, GeoJson};

use super::*;

fn place(east: f64, north: f64) -> LocalPlace {
    LocalPlace { east: Metres(east), north: Metres(north), up: Metres(2.0) }
}

fn volume() -> SearchVolume {
    let span = |to| Span { from: Metres(0.0), to: Metres(to) };
    SearchVolume { east: span(100.0), north: span(120.0), up: span(3.0) }
}

fn location() -> Location {
    let source = Source {
        number: 1,
        place: place(68.9, 92.1),
        ellipse: Ellipse90 {
            semi_major: Metres(10.0),
            semi_minor: Metres(2.0),
            bearing: Degrees(90.0),
        },
        up_range: Interval90 { low: Metres(0.2), high: Metres(2.0) },
        rate: KgPerHour(1.3),
        rate_range: Interval90 { low: KgPerHour(0.9), high: KgPerHour(1.9) },
        existence_probability: 0.97,
    };
    let leg = NextLeg {
        track: vec![place(0.0, 0.0), place(100.0, 0.0)],
        deviation_now: Metres(5.0),
        deviation_after: Metres(3.0),
    };
    Location {
        gas: "ch4".into(),
        sources: vec![source],
        declined: None,
        count_probability: vec![0.03, 0.97],
        convergence: Convergence { r_hat: 1.0, effective_draws: 900.0, converged: true },
        fit: vec![],
        model_fits: true,
        fitted: vec![],
        density: DensityMap { volume: volume(), columns: 0, rows: 0, sources_per_cell: vec![] },
        chains: vec![],
        next_leg: Some(leg),
    }
}

fn frame() -> Frame {
    let origin = LatLon { latitude: Degrees(51.1445), longitude: Degrees(-1.4386) };
    Frame { origin: Some(origin), start: None }
}

fn collection() -> FeatureCollection {
    let text = text(&location(), frame(), &volume()).unwrap();
    let GeoJson::FeatureCollection(all) = text.parse().unwrap() else { panic!("{text}") };
    all
}

fn polygon(feature: &geojson::Feature) -> geo::Polygon {
    feature.geometry.clone().unwrap().try_into().unwrap()
}

#[test]
fn a_source_is_a_point_within_its_ellipse() {
    let all = collection().features;
    assert_eq!(all.len(), 4);
    let point: geo::Point = all[1].geometry.clone().unwrap().try_into().unwrap();
    let ellipse = polygon(&all[2]);
    assert!(ellipse.contains(&point));
    assert!(ellipse.signed_area() > 0.0 && polygon(&all[0]).signed_area() > 0.0, "clockwise");
    assert_eq!(all[1].property("likelihood").unwrap(), "almost certain");
    assert_eq!(all[3].property("what").unwrap(), "next leg");
}

#[test]
fn the_long_axis_of_an_ellipse_lies_along_its_bearing() {
    let ellipse = polygon(&collection().features[2]);
    let corner = ellipse.exterior().0[0];
    let there = LatLon { latitude: Degrees(corner.y), longitude: Degrees(corner.x) };
    let middle = frame().on_earth(Metres(68.9), Metres(92.1)).unwrap();
    let (bearing, distance) = bearing_and_distance(middle, there);
    assert!(
        (bearing.0 - 90.0).abs() < 0.2 && (distance.0 - 10.0).abs() < 0.02,
        "{bearing} {distance}"
    );
}

#[test]
fn without_a_place_on_the_earth_there_is_no_file() {
    assert_eq!(text(&location(), Frame::default(), &volume()), None);
}
