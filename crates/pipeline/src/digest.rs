//! What an input held: the SHA-256 of every byte of the file, so that anyone can check it with
//! `sha256sum`.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use cathartes_core::provenance::{Digest, Input};
use sha2::{Digest as _, Sha256};

/// Read, not mapped, and little at a time: a digest must not fill memory with the file.
const BLOCK_BYTES: usize = 1 << 20;

/// Name, length and digest of a file.
///
/// # Errors
///
/// When it cannot be read to its end.
pub(crate) fn input(path: &Path) -> io::Result<Input> {
    let mut file = File::open(path)?;
    let (mut hash, mut block, mut size_bytes) = (Sha256::new(), vec![0; BLOCK_BYTES], 0);
    loop {
        let n = file.read(&mut block)?;
        if n == 0 {
            break;
        }
        hash.update(&block[..n]);
        size_bytes += n as u64;
    }
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let sha256 = Digest(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect());
    Ok(Input { name, size_bytes, sha256 })
}

#[cfg(test)]
mod tests;
