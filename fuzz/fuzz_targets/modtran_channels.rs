#![no_main]
//! Any text as a channel table, and any rows under a good heading.

use cathartes_formats::modtran_channels::parse;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let _ = parse(&text);
    let under = format!("TRANSM\n(NANOMETERS)\n----\n{text}");
    if let Ok(channels) = parse(&under) {
        assert!(channels.bands.iter().all(|b| b.center.0 > 0.0 && b.fwhm.0 > 0.0));
        assert!(channels.transmittance.iter().all(|t| (0.0..=1.0).contains(t)));
    }
});
