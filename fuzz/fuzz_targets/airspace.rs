#![no_main]
//! Any bytes as any of the forms of airspace: values or a sentence; never a panic. What is read is written and read
//! again.

use cathartes_formats::airspace::{authority, track};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((first, bytes)) = bytes.split_first() else { return };
    match first % 2 {
        0 => {
            if let Ok(read) = authority::read(bytes) {
                assert_eq!(authority::read(authority::write(&read).as_bytes()).as_ref(), Ok(&read));
            }
        }
        _ => {
            if let Ok(read) = track::read(bytes) {
                assert_eq!(track::read(track::write(&read).as_bytes()).as_ref(), Ok(&read));
            }
        }
    }
});
