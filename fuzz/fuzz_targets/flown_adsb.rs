#![no_main]
//! Any bytes: Mode S frames as positions, or a sentence; never a panic.

use cathartes_formats::flown::adsb;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = adsb::is_one(bytes);
    let _ = adsb::read(bytes);
});
