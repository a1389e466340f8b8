#![no_main]
//! Any bytes: a site or a sentence with the line; never a panic.

use cathartes_formats::site;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = site::parse(bytes);
});
