#![no_main]
//! Any bytes: told apart and read as a log; never a panic, and no time before the one before it.

use cathartes_formats::flown::open;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(log) = open(bytes) {
        assert!(log.fixes.windows(2).all(|pair| pair[0].time <= pair[1].time));
    }
});
