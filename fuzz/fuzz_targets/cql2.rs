#![no_main]
//! Any text: a filter or a sentence with the character; never a panic.

use cathartes_formats::cql2;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = cql2::read(text);
});
