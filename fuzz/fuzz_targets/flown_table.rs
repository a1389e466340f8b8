#![no_main]
//! Any bytes: a table of positions as positions, or a sentence; never a panic.

use cathartes_formats::flown::table;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = table::is_one(bytes);
    let _ = table::read(bytes);
});
