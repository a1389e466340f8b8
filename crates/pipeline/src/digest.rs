//! What an input held: the SHA-256 of every byte of the file, so that anyone can check it with
//! `sha256sum`.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use cathartes_core::provenance::{Digest, Input, hexadecimal};
use sha2::{Digest as _, Sha256};

/// Read, not mapped, and little at a time: a digest must not fill memory with the file.
const BLOCK_BYTES: usize = 1 << 20;

/// A digest of bytes as they pass.
#[derive(Default)]
pub(crate) struct Running {
    hash: Sha256,
    size_bytes: u64,
}

impl Running {
    pub(crate) fn add(&mut self, bytes: &[u8]) {
        self.hash.update(bytes);
        self.size_bytes += bytes.len() as u64;
    }

    pub(crate) fn finish(self, name: &str) -> Input {
        let sha256 = Digest(hexadecimal(&self.hash.finalize()));
        Input { name: name.to_owned(), size_bytes: self.size_bytes, sha256 }
    }
}

/// Name, length and digest of a file.
///
/// # Errors
///
/// When it cannot be read to its end.
pub(crate) fn input(path: &Path) -> io::Result<Input> {
    let mut file = File::open(path)?;
    let (mut running, mut block) = (Running::default(), vec![0; BLOCK_BYTES]);
    loop {
        let n = file.read(&mut block)?;
        if n == 0 {
            break;
        }
        running.add(&block[..n]);
    }
    Ok(running.finish(&path.file_name().unwrap_or(path.as_os_str()).to_string_lossy()))
}

#[cfg(test)]
mod tests;
