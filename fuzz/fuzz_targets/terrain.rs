#![no_main]
//! Any bytes: a grid of heights or a sentence with the line; never a panic.

use cathartes_core::units::Degrees;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(terrain) = cathartes_formats::terrain::read(bytes) {
        let _ = terrain.range([-1.0, -1.0, 1.0, 1.0].map(Degrees));
    }
});
