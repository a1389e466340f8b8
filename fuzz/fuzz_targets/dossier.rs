#![no_main]
//! Any bytes as a dossier, sealed or not, and as a seal: opened or refused, never a panic; what is opened is whole.

use cathartes_release::{
    dossier::{Unsealed, open},
    seal::{PublicKey, SecretKey, verify},
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let key = SecretKey::new(&[7; 32]).public();
    if let Ok(opened) = open(bytes, &key) {
        let _ = opened.content();
        assert!(opened.manifest.files.len() + 2 == opened.members.len());
    }
    if let Ok(unsealed) = Unsealed::read(bytes) {
        assert_eq!(unsealed.bytes(), bytes);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = (verify(&key, b"", text).is_ok(), PublicKey::from_file(text).is_ok());
        let _ = SecretKey::from_file(text).is_ok();
    }
});
