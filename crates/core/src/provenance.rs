//! Where a value comes from: enough to make it again.

use serde::{Deserialize, Serialize};

/// SHA-256 of a file's bytes, in hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Digest(pub String);

/// Bytes as text, two digits a byte.
#[must_use]
pub fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from(b"0123456789abcdef"[usize::from(half)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// One input file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// File name without its folder, so that a report is the same wherever the file lies.
    pub name: String,
    /// Length of the file.
    pub size_bytes: u64,
    /// What it held.
    pub sha256: Digest,
}

/// Inputs, code and seed of a derived value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// Files read.
    pub inputs: Vec<Input>,
    /// Version of this program.
    pub version: String,
    /// Seed of every number drawn.
    pub seed: u64,
    /// The parameters in the form they were understood, as `key = value` lines.
    pub parameters: Vec<(String, String)>,
}
