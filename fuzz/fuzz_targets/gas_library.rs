#![no_main]
//! Any bytes as a packed gas library, whole and as the inside of the packing.

use std::io::Write;

use cathartes_formats::gas_library::parse;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = parse(bytes);
    let mut packed = b"CGL1".to_vec();
    packed.extend((bytes.len() as u32).to_le_bytes());
    let mut packer = flate2::write::ZlibEncoder::new(packed, flate2::Compression::fast());
    if packer.write_all(bytes).is_ok()
        && let Ok(packed) = packer.finish()
    {
        let _ = parse(&packed);
    }
});
