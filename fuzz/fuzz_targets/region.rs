#![no_main]
//! Any text: a part of the Earth that can be asked about or a sentence; never a panic.

use cathartes_core::{geometry::LatLon, units::Degrees};
use cathartes_formats::region::Region;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(value) = serde_json::from_str(text) else { return };
    let Ok(region) = Region::read(&value) else { return };
    let corner = |latitude, longitude| LatLon {
        latitude: Degrees(latitude),
        longitude: Degrees(longitude),
    };
    let _ = region.touches(&[corner(1.0, 179.0), corner(1.0, -179.0), corner(-1.0, 179.5)]);
    let _ = (region.area(), region.polygons());
});
