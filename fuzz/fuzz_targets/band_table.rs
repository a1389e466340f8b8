#![no_main]
//! Any text as a table of bands: read, or refused in a sentence; never a panic.

use cathartes_formats::band_table;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Err(error) = band_table::parse(text) {
        assert!(!error.to_string().is_empty());
    }
});
