#![no_main]
//! Any bytes: packets of ST 0601 as positions, or a sentence; never a panic.

use cathartes_formats::flown::klv;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = klv::is_one(bytes);
    let _ = klv::read(bytes);
});
