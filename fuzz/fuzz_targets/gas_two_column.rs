#![no_main]
//! Any bytes after the head of a two-column file.

use cathartes_formats::gas_import::{Given, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let given = Given { formula: Some("CH4".into()), slug: Some("x".into()), ..Given::default() };
    let mut text = b"wavelength_nm,cm2/molecule\n2300,1e-20\n".to_vec();
    text.extend_from_slice(bytes);
    let _ = read(&text, &given);
    let _ = read(bytes, &Given::default());
});
