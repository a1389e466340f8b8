#![no_main]
//! Any bytes: requirements or a sentence with the feature and the field; never a panic.

use cathartes_formats::requirements;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = requirements::parse(bytes);
});
