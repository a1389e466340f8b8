#![no_main]
//! Any bytes after the head of a JCAMP-DX spectrum.

use cathartes_formats::gas_import::{Given, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let given = Given { formula: Some("CH4".into()), slug: Some("x".into()), ..Given::default() };
    let mut text = b"##TITLE=x\n##FIRSTX=1\n##DELTAX=1\n##YUNITS=cm2/molecule\n##XYDATA=(X++(Y..Y))\n1".to_vec();
    text.extend_from_slice(bytes);
    let _ = read(&text, &given);
    let _ = read(bytes, &Given::default());
});
