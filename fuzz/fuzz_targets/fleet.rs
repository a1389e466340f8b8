#![no_main]
//! Any bytes as a fleet of the platforms that are shipped: a fleet or a sentence; never a panic.

use cathartes_formats::{fleet, platform};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let platforms = platform::builtin().unwrap_or_default();
    let _ = fleet::parse(bytes, &platforms);
});
