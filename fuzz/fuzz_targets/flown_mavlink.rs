#![no_main]
//! Any bytes: telemetry as positions, or a sentence; never a panic.

use cathartes_formats::flown::mavlink;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = mavlink::is_one(bytes);
    let _ = mavlink::read(bytes);
});
