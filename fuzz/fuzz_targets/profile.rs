#![no_main]
//! Any bytes: a kind of emitter or a sentence with the line; never a panic.

use cathartes_formats::profile;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = profile::parse(bytes);
});
