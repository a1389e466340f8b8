#![no_main]
//! Any text as the METADATA.XML beside an EnMAP image.

use cathartes_core::cube::CubeSource;
use cathartes_formats::geotiff::{self, Beside};
use libfuzzer_sys::fuzz_target;

const IMAGE: &[u8] = include_bytes!(
    "../../fixtures/ENMAP01-____L1C-DT0000000001_20230817T205129Z_001_V010402_20230818T000000Z-SPECTRAL_IMAGE.TIF"
);

fuzz_target!(|text: String| {
    let beside = Beside { enmap: Some(text), ..Beside::default() };
    match geotiff::open_bytes("fuzz.tif", IMAGE.to_vec(), &beside) {
        Ok(source) => {
            let bands = &source.info().bands;
            assert!(bands.iter().all(|band| band.center.0 > 0.0 && band.fwhm.0.is_finite()));
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});
