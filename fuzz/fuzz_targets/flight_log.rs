#![no_main]
//! Any bytes: a map and a log of either kind, or a sentence; never a panic.

use cathartes_formats::flight_log::{LogMap, read};
use libfuzzer_sys::fuzz_target;

const MAP: &[u8] = b"[[sensor]]\nid = 1\nvalue = \"VFR_HUD.alt\"\nunit = \"ppm\"";

fuzz_target!(|bytes: &[u8]| {
    let _ = LogMap::parse(bytes);
    if let Ok(map) = LogMap::parse(MAP)
        && let Ok(mut table) = read(bytes, &map)
    {
        table.sift();
    }
});
