//! What only we and one recipient's copy can be joined by.
//!
//! ```text
//! d = BLAKE2b-512(key: the recipient's secret, domain ‖ 0 ‖ thing ‖ 0 ‖ n)
//! ```
//!
//! Names and displaced middles come of d. Under another secret everything is another, so that two recipients who
//! lay their releases side by side find nothing that they have in common.

use blake2::{
    Blake2bMac512,
    digest::{FixedOutput, KeyInit, Update},
};

/// Crockford's alphabet: nothing that is mistaken for something else when it is read aloud.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// 50 bits: of 10,000 things two have the same name once in 20 million recipients.
const ALIAS_LETTERS: usize = 10;

/// What makes the names and displacements of one recipient; drawn once for it and kept by us.
#[derive(Clone, PartialEq, Eq)]
pub struct RecipientSecret(pub [u8; 32]);

impl std::fmt::Debug for RecipientSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RecipientSecret(…)")
    }
}

impl RecipientSecret {
    /// What the recipient knows a thing by.
    #[must_use]
    pub fn alias(&self, thing: &str) -> String {
        let digest = self.digest("alias", thing, 0);
        let letter = |i: usize| char::from(ALPHABET[usize::from(digest[i] & 31)]);
        let letters: String = (0..ALIAS_LETTERS).map(letter).collect();
        let (a, b) = letters.split_at(ALIAS_LETTERS / 2);
        format!("{a}-{b}")
    }

    /// Two numbers from 0 to below 1 that belong to a thing, the n-th time they are asked for.
    pub(crate) fn two(&self, thing: &str, n: u32) -> [f64; 2] {
        let digest = self.digest("place", thing, n);
        let number = |from: usize| {
            let bytes = digest[from..from + 8].iter();
            let bits = bytes.fold(0u64, |sum, byte| sum << 8 | u64::from(*byte));
            (bits >> 11) as f64 / (1u64 << 53) as f64
        };
        [number(0), number(8)]
    }

    fn digest(&self, domain: &str, thing: &str, n: u32) -> [u8; 64] {
        let mut key = [0; 64];
        key[..32].copy_from_slice(&self.0);
        let mut mac = Blake2bMac512::new(&key.into());
        for part in [domain.as_bytes(), &[0], thing.as_bytes(), &[0], &n.to_be_bytes()] {
            mac.update(part);
        }
        mac.finalize_fixed().into()
    }
}

#[cfg(test)]
mod tests;
