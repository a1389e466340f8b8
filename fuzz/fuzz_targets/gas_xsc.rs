#![no_main]
//! Any bytes after the head of a HITRAN cross-section block.

use cathartes_formats::gas_import::{Given, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let given = Given { formula: Some("CH4".into()), slug: Some("x".into()), ..Given::default() };
    let mut text = b"                CH4    900.0000  912.0000     25  276.1 760.02.500E-190.112       Methane     N2 12\n".to_vec();
    text.extend_from_slice(bytes);
    let _ = read(&text, &given);
    let _ = read(bytes, &Given::default());
});
