#![no_main]
//! Any bytes: a transport stream with packets as positions, or a sentence; never a panic.

use cathartes_formats::flown::mpeg_ts;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = mpeg_ts::is_one(bytes);
    let _ = mpeg_ts::read(bytes);
});
