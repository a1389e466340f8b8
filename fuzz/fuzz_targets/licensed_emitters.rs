#![no_main]
//! Any bytes as a register of licensed emitters: emitters and faults; never a panic.

use cathartes_formats::{licensed_emitters, observations::Mapping};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = licensed_emitters::csv(bytes, &Mapping::default());
    let _ = licensed_emitters::geojson(bytes, &Mapping::default());
});
