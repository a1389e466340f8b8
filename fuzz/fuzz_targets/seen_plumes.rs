#![no_main]
//! Any bytes: plumes of an earlier search or a sentence with the line; never a panic.

use cathartes_formats::seen_plumes;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = seen_plumes::read(bytes);
});
