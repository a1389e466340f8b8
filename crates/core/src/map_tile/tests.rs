use super::*;

fn place(latitude: f64, longitude: f64) -> LatLon {
    LatLon { latitude: Degrees(latitude), longitude: Degrees(longitude) }
}

#[test]
fn the_world_has_four_times_the_squares_at_every_zoom_and_no_other() {
    assert!(MapTile::new(0, 0, 0).is_some());
    for (zoom, row, column) in [(0, 1, 0), (0, 0, 1), (3, 8, 0), (3, 0, 8), (23, 0, 0), (255, 0, 0)]
    {
        assert_eq!(MapTile::new(zoom, row, column), None);
    }
}

#[test]
fn corners_are_where_the_standard_has_them() {
    let world = MapTile::new(0, 0, 0).unwrap();
    let corner = world.place([0.0, 0.0]);
    assert!((corner.latitude.0 - 85.051_128_779_806_6).abs() < 1e-12, "{corner:?}");
    assert!((corner.longitude.0 + 180.0).abs() < 1e-12);
    assert!((world.side().0 - 40_075_016.685_578_49).abs() < 1e-6);
    // Zürich, by the tile names of everybody: 8.54 east, 47.37 north is 10/536/358.
    let shares = MapTile::new(10, 358, 536).unwrap().shares(place(47.37, 8.54));
    assert!(shares.iter().all(|share| (0.0..1.0).contains(share)), "{shares:?}");
}

#[test]
fn what_lies_over_the_antimeridian_is_beside_and_not_a_world_away() {
    let last = MapTile::new(5, 17, 31).unwrap();
    let [right, _] = last.shares(place(-17.0, -179.9));
    assert!((1.0..1.01).contains(&right), "{right}");
    let first = MapTile::new(5, 17, 0).unwrap();
    let [right, _] = first.shares(place(-17.0, 179.9));
    assert!((-0.01..0.0).contains(&right), "{right}");
}

#[test]
fn a_place_is_found_where_it_lies() {
    for zoom in 0..=MapTile::DEEPEST {
        let last = (1_u32 << zoom) - 1;
        for (row, column) in [(0, 0), (last / 3, last / 2), (last, last)] {
            let tile = MapTile::new(zoom, row, column).unwrap();
            for shares in [[0.1, 0.9], [0.5, 0.5], [0.99, 0.01]] {
                let [right, down] = tile.shares(tile.place(shares));
                let off = (right - shares[0]).abs().max((down - shares[1]).abs());
                assert!(off < 1e-6, "{tile:?}: {shares:?} is off by {off}");
            }
        }
    }
}
