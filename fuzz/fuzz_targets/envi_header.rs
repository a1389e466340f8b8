#![no_main]
//! Any text as an ENVI header, radiance or not.

use cathartes_formats::envi::{Frame, Header};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let _ = Frame::parse(&text);
    if let Ok(header) = Header::parse(&text, None) {
        assert_eq!(header.bands.len(), header.frame.bands);
        assert_eq!(header.good.len(), header.frame.bands);
        assert!(header.bands.windows(2).all(|pair| pair[0].center < pair[1].center));
    }
});
