#![no_main]
//! Any bytes as a file of observation angles: two angles or a sentence, never a panic that gets out.

use cathartes_formats::netcdf;
use libfuzzer_sys::fuzz_target;

fuzz_target!(init: quiet(), |bytes: &[u8]| {
    if let Ok(angles) = netcdf::angles_of_bytes(bytes.to_vec()) {
        assert!((0.0..90.0).contains(&angles.sun_zenith_deg));
        assert!((0.0..90.0).contains(&angles.view_zenith_deg));
    }
});

/// A panic of the decoder is caught by the reader and is no finding; libFuzzer's hook would stop
/// at it. One that gets out still ends the process.
fn quiet() {
    std::panic::set_hook(Box::new(|_| {}));
}
