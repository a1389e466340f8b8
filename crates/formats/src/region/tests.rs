use serde_json::json;

use super::*;

fn corners(all: [[f64; 2]; 4]) -> Vec<LatLon> {
    let place = |[x, y]: [f64; 2]| LatLon { latitude: Degrees(y), longitude: Degrees(x) };
    all.map(place).to_vec()
}

fn square(west: f64, south: f64) -> Value {
    let (east, north) = (west + 1.0, south + 1.0);
    json!([[west, south], [east, south], [east, north], [west, north], [west, south]])
}

#[test]
fn every_kind_of_geometry_touches_what_it_lies_on_and_nothing_else() {
    let here = corners([[7.0, 46.0], [8.0, 46.0], [8.0, 47.0], [7.0, 47.0]]);
    let there = corners([[17.0, 46.0], [18.0, 46.0], [18.0, 47.0], [17.0, 47.0]]);
    let point = json!({ "type": "Point", "coordinates": [7.5, 46.5, 400.0] });
    let all = [
        point.clone(),
        json!({ "type": "MultiPoint", "coordinates": [[0.0, 0.0], [7.5, 46.5]] }),
        json!({ "type": "LineString", "coordinates": [[6.0, 46.5], [9.0, 46.6]] }),
        json!({ "type": "MultiLineString", "coordinates": [[[6.0, 46.5], [9.0, 46.6]]] }),
        json!({ "type": "Polygon", "coordinates": [square(7.5, 46.5)] }),
        json!({ "type": "MultiPolygon", "coordinates": [[square(0.0, 0.0)], [square(7.5, 46.5)]] }),
        json!({ "type": "GeometryCollection", "geometries": [point] }),
    ];
    for geometry in all {
        let region = Region::read(&geometry).unwrap();
        assert!(region.touches(&here) && !region.touches(&there), "{geometry}");
    }
}

#[test]
fn the_box_of_a_hollow_region_touches_more_than_the_region() {
    let frame = json!({ "type": "Polygon", "coordinates": [
        [[0, 0], [9, 0], [9, 9], [0, 9], [0, 0]],
        [[1, 1], [1, 8], [8, 8], [8, 1], [1, 1]],
    ] });
    let region = Region::read(&frame).unwrap();
    let area = region.area().unwrap();
    assert_eq!((area.west.0, area.north.0, region.positions()), (0.0, 9.0, 10));
    assert!(!region.touches(&corners([[4.0, 4.0], [5.0, 4.0], [5.0, 5.0], [4.0, 5.0]])));
    assert_eq!(region.polygons().len(), 1);
    assert_eq!(region.polygons()[0].len(), 2);
}

#[test]
fn ground_over_the_antimeridian_is_touched_from_both_sides() {
    let ground = corners([[179.0, -18.0], [-179.0, -18.0], [-179.0, -16.0], [179.0, -16.0]]);
    for (longitude, touched) in [(179.5, true), (-179.5, true), (178.5, false), (0.0, false)] {
        let point = json!({ "type": "Point", "coordinates": [longitude, -17.0] });
        assert_eq!(Region::read(&point).unwrap().touches(&ground), touched, "{longitude}");
    }
}

#[test]
fn what_is_no_geometry_is_refused_in_words() {
    let cases = [
        (json!({ "type": "Circle", "coordinates": [0, 0] }), "unknown variant `Circle`"),
        (json!("POINT(0 0)"), "no GeoJSON geometry"),
        (json!({ "type": "Point", "coordinates": [200, 0] }), "[200.0, 0.0] is no position"),
        (json!({ "type": "Point", "coordinates": [] }), "is no position"),
        (json!({ "type": "Polygon", "coordinates": [[[0, 0], [1, 0], [0, 0]]] }), "four positions"),
        (json!({ "type": "Polygon", "coordinates": [] }), "four positions"),
        (json!({ "type": "GeometryCollection", "geometries": [] }), "has no position"),
    ];
    for (value, part) in cases {
        let said = Region::read(&value).unwrap_err().to_string();
        assert!(said.contains(part), "{value}: {said}");
    }
}
