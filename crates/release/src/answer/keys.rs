//! Keys that are drawn from the secret of a recipient: one for its link, one for its session, one a release for answers
//! without a network, and the key by which the record knows an answer again.
//!
//! ```text
//! key = HMAC-SHA-256( secret, purpose ‖ 0 ‖ about )                       RFC 2104
//! ```
//!
//! No purpose is the beginning of another, so that what is made for one is worth nothing for another.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::Answer;

/// A key, or what is made with one.
pub type Tag = [u8; 32];

/// The keyed digest of something for a purpose.
#[must_use]
pub fn tag(secret: &[u8; 32], purpose: &str, about: &[u8]) -> Tag {
    let mut mac = keyed(secret);
    mac.update(purpose.as_bytes());
    mac.update(&[0]);
    mac.update(about);
    mac.finalize().into_bytes().into()
}

/// Whether a tag is that of something; takes as long whatever the answer is.
#[must_use]
pub fn is_tag(secret: &[u8; 32], purpose: &str, about: &[u8], tag: &[u8]) -> bool {
    let mut mac = keyed(secret);
    mac.update(purpose.as_bytes());
    mac.update(&[0]);
    mac.update(about);
    mac.verify_slice(tag).is_ok()
}

/// What answers to one release without a network are signed with.
#[must_use]
pub fn of_release(secret: &[u8; 32], code: &super::code::AnswerCode) -> Tag {
    tag(secret, "answer", code.to_string().as_bytes())
}

/// What the record knows an answer by: the same said again from the same form is the same answer, and another said from
/// it is another, so that nobody who goes back and corrects is taken for a repetition.
#[must_use]
pub fn of_answer(form: &[u8], answer: &Answer) -> Uuid {
    let said = serde_json::to_vec(answer).unwrap_or_default();
    let mut digest = Sha256::new();
    digest.update(b"cathartes answer\0");
    digest.update((form.len() as u64).to_be_bytes());
    digest.update(form);
    digest.update(said);
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest.finalize()[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

fn keyed(secret: &[u8; 32]) -> Hmac<Sha256> {
    // A key that is shorter than a block of the digest is one with zeros behind it.
    let mut block = [0; 64];
    block[..32].copy_from_slice(secret);
    Hmac::new(&block.into())
}

#[cfg(test)]
mod tests;
