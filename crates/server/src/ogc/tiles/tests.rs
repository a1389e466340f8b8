use super::*;

#[test]
fn one_looks_as_far_beside_a_tile_as_a_plume_may_reach() {
    // A tile of 1.2 km on the equator: 20 km are 0.18 degrees.
    let near = around(MapTile::new(15, 16_384, 16_384).unwrap(), MOST_REACH).unwrap();
    assert!((near.west.0 + 0.18).abs() < 0.01 && (near.north.0 - 0.18).abs() < 0.01, "{near:?}");
    // A point has no more than the margin of tiles, 19 m.
    let point = around(MapTile::new(15, 16_384, 16_384).unwrap(), Metres(0.0)).unwrap();
    assert!((-0.0002..0.0).contains(&point.west.0), "{point:?}");
    let world = around(MapTile::new(0, 0, 0).unwrap(), MOST_REACH).unwrap();
    assert_eq!((world.west.0, world.east.0), (-180.0, 180.0));
    assert!(world.north.0 > 85.0 && world.north.0 <= 90.0);
}

#[test]
fn beside_the_antimeridian_one_looks_over_it() {
    let last = around(MapTile::new(5, 17, 31).unwrap(), MOST_REACH).unwrap();
    assert!(last.west.0 > 160.0 && last.east.0 < -179.0, "{last:?}");
    let first = around(MapTile::new(5, 17, 0).unwrap(), MOST_REACH).unwrap();
    assert!(first.west.0 > 179.0 && first.east.0 < -160.0, "{first:?}");
}
