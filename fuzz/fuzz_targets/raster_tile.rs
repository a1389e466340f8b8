#![no_main]
//! Any bytes: a picture of a map or a sentence; never a panic, never more memory than one map needs.

use std::io::Cursor;

use cathartes_core::map_tile::MapTile;
use cathartes_formats::raster_tile;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Some(world) = MapTile::new(0, 0, 0) {
        let _ = raster_tile::draw(Cursor::new(bytes), world, None);
    }
});
