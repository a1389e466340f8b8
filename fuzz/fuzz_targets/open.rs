#![no_main]
//! Any bytes under any name: told apart and read, or refused in a sentence; never a panic.

use cathartes_formats::{Auxiliary, open};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(file) = tempfile::NamedTempFile::new() else { return };
    if std::fs::write(file.path(), bytes).is_ok() {
        let _ = open(file.path(), &Auxiliary::default());
    }
});
