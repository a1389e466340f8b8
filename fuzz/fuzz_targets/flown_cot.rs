#![no_main]
//! Any bytes: events as positions, or a sentence; never a panic.

use cathartes_formats::flown::cot;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = cot::is_one(bytes);
    let _ = cot::read(bytes);
});
