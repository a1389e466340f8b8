#![no_main]
//! Any bytes: points of tracks as positions, or a sentence; never a panic.

use cathartes_formats::flown::gpx;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = gpx::is_one(bytes);
    let _ = gpx::read(bytes);
});
