use super::*;

#[test]
fn one_looks_as_far_beside_a_tile_as_a_plume_may_reach() {
    // A tile of 1.2 km on the equator: 20 km are 0.18 degrees.
    let near = reach(MapTile::new(15, 16_384, 16_384).unwrap()).unwrap();
    assert!((near.west.0 + 0.18).abs() < 0.01 && (near.north.0 - 0.18).abs() < 0.01, "{near:?}");
    let world = reach(MapTile::new(0, 0, 0).unwrap()).unwrap();
    assert_eq!((world.west.0, world.east.0), (-180.0, 180.0));
    assert!(world.north.0 > 85.0 && world.north.0 <= 90.0);
}

#[test]
fn beside_the_antimeridian_one_looks_over_it() {
    let last = reach(MapTile::new(5, 17, 31).unwrap()).unwrap();
    assert!(last.west.0 > 160.0 && last.east.0 < -179.0, "{last:?}");
    let first = reach(MapTile::new(5, 17, 0).unwrap()).unwrap();
    assert!(first.west.0 > 179.0 && first.east.0 < -160.0, "{first:?}");
}
