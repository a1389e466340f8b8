#![no_main]
//! Any bytes as a NetCDF-4 file: a window of numbers or a sentence, never a panic that gets out.

use cathartes_core::cube::{CubeSource, Window};
use cathartes_formats::netcdf;
use libfuzzer_sys::fuzz_target;

fuzz_target!(init: quiet(), |bytes: &[u8]| {
    let Ok(source) = netcdf::open_bytes("fuzz.nc", bytes.to_vec()) else { return };
    let info = source.info();
    let window = Window { lines: 0..info.lines.min(24), samples: 0..info.samples.min(24) };
    let bands = [0, info.bands.len() - 1];
    let _ = source.read(&window, &bands, &mut vec![0.0; window.pixels() * 2]);
});

/// A panic of the decoder is caught by the reader and is no finding; libFuzzer's hook would stop
/// at it. One that gets out still ends the process.
fn quiet() {
    std::panic::set_hook(Box::new(|_| {}));
}
