#![no_main]
//! Any bytes: a platform or a sentence with the place in it; never a panic.

use cathartes_formats::platform;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = platform::parse(bytes);
});
