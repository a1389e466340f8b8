#![no_main]
//! Any bytes as a file of sky spectra: spectra or a sentence, never a panic that gets out.

use cathartes_formats::aeri;
use libfuzzer_sys::fuzz_target;

fuzz_target!(init: quiet(), |bytes: &[u8]| {
    let Ok(sky) = aeri::read_bytes(bytes.to_vec()) else { return };
    assert!(sky.spectra.iter().all(|s| s.radiance.len() == sky.wavenumbers.len()));
});

/// A panic of the decoder is caught by the reader and is no finding; libFuzzer's hook would stop
/// at it. One that gets out still ends the process.
fn quiet() {
    std::panic::set_hook(Box::new(|_| {}));
}
