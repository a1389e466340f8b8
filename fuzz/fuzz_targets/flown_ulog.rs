#![no_main]
//! Any bytes: a log of PX4 as positions, or a sentence; never a panic.

use cathartes_formats::flown::ulog;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = ulog::is_one(bytes);
    let _ = ulog::read(bytes);
});
