//! Seals: Ed25519 signatures in the files of minisign, so that anybody can check them with a tool that is not ours.
//!
//! ```text
//! signature file   untrusted comment: <anything>
//!                  base64( "ED" | key id (8) | s (64) )         s = Ed25519(BLAKE2b-512(bytes))
//!                  trusted comment: <one line>
//!                  base64( g (64) )                             g = Ed25519(s | trusted comment)
//! public key file  untrusted comment: <anything>
//!                  base64( "Ed" | key id (8) | public key (32) )
//! secret key file  untrusted comment: <anything>
//!                  base64( "Ed" | no kdf (2) | "B2" | zeros (48) | key id (8) | seed and public key (64) | checksum (32) )
//!                  checksum = BLAKE2b-256( "Ed" | key id | seed and public key ), or zeros
//! ```
//!
//! A secret key is kept without a password, as `minisign -W` writes it: the program signs when nobody is there to type one,
//! and the file system guards the file. What is signed is the digest, never the bytes themselves (`Ed` in place of `ED`,
//! what minisign wrote before 2021): such a signature is refused, as it could be one of a digest.
//!
//! Bernstein et al. (2012), J. Cryptogr. Eng. 2, 77; RFC 8032; RFC 7693; the formats are those of minisign 0.11.

use base64ct::{Base64, Encoding};
use blake2::{
    Blake2b, Blake2b512,
    digest::{Digest, array::typenum::U32},
};
use ed25519_dalek::{Signer, SigningKey, VerifyingKey};

const UNTRUSTED: &str = "untrusted comment: ";
const TRUSTED: &str = "trusted comment: ";
const KEY: [u8; 2] = *b"Ed";
const PREHASHED: [u8; 2] = *b"ED";
const CHECKSUM: [u8; 2] = *b"B2";

/// Why a key or a signature is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// A line that should be there is not.
    #[error("line {line}: {what} is missing")]
    Missing {
        /// The line, from 1.
        line: usize,
        /// What should stand there.
        what: &'static str,
    },
    /// A line that cannot be what it should.
    #[error("line {line}: this is not {what}")]
    Not {
        /// The line, from 1.
        line: usize,
        /// What should stand there.
        what: &'static str,
    },
    /// A secret key with a password.
    #[error("this secret key has a password; make one without by `minisign -C -W -s FILE`")]
    Password,
    /// A secret key whose checksum is another.
    #[error("this secret key is damaged: its checksum is another; take it from its backup")]
    Damaged,
    /// A signature over the bytes themselves.
    #[error(
        "this signature is of an old form that is not accepted; sign with minisign 0.10 or later"
    )]
    OldForm,
    /// A signature of another key.
    #[error("signed with the key {signed}, not with {asked}; ask the sender for its public key")]
    OtherKey {
        /// The id in the signature.
        signed: String,
        /// The id of the key that was asked about.
        asked: String,
    },
    /// The bytes are not those that were signed.
    #[error("the signature does not fit what it was given with: one of them was changed")]
    Content,
    /// The trusted comment is not the one that was signed.
    #[error("the trusted comment was changed")]
    Comment,
}

/// What others check seals with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    id: [u8; 8],
    key: VerifyingKey,
}

/// What seals are made with.
#[derive(Clone)]
pub struct SecretKey {
    id: [u8; 8],
    key: SigningKey,
}

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SecretKey({})", id_words(self.id))
    }
}

impl SecretKey {
    /// The key of 32 random bytes; its id is a digest of its public part.
    #[must_use]
    pub fn new(seed: &[u8; 32]) -> Self {
        let key = SigningKey::from_bytes(seed);
        let digest = Blake2b512::digest(key.verifying_key().as_bytes());
        let mut id = [0; 8];
        id.copy_from_slice(&digest[..8]);
        Self { id, key }
    }

    /// The part that others may have.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey { id: self.id, key: self.key.verifying_key() }
    }

    /// The text of its file; who reads it can sign.
    #[must_use]
    pub fn to_file(&self) -> String {
        let pair = self.key.to_keypair_bytes();
        let bytes =
            [&KEY[..], &[0; 2], &CHECKSUM, &[0; 48], &self.id, &pair, &checksum(self.id, &pair)]
                .concat();
        let comment = format!("secret key {}: keep it from everybody", id_words(self.id));
        format!("{UNTRUSTED}{comment}\n{}\n", Base64::encode_string(&bytes))
    }

    /// Reads the text of its file.
    ///
    /// # Errors
    ///
    /// [`SealError`] for a text that is no secret key, or one with a password.
    pub fn from_file(text: &str) -> Result<Self, SealError> {
        const WHAT: &str = "a secret key";
        let mut lines = Lines::of(text);
        lines.comment(UNTRUSTED, "the comment of a secret key")?;
        let bytes: [u8; 158] = lines.bytes(WHAT)?;
        let not = SealError::Not { line: 2, what: WHAT };
        let (head, rest) = bytes.split_at(54);
        if head[..2] != KEY || head[4..6] != CHECKSUM {
            return Err(not);
        }
        if head[2..4] != [0; 2] {
            return Err(SealError::Password);
        }
        let (id, pair, sum): ([u8; 8], [u8; 64], [u8; 32]) =
            (part(rest, 0)?, part(rest, 8)?, part(rest, 72)?);
        // minisign leaves the sum of a key without a password at zero.
        if sum != [0; 32] && sum != checksum(id, &pair) {
            return Err(SealError::Damaged);
        }
        let key = SigningKey::from_keypair_bytes(&pair).map_err(|_| SealError::Damaged)?;
        Ok(Self { id, key })
    }
}

impl PublicKey {
    /// The line that `minisign -P` takes.
    #[must_use]
    pub fn line(&self) -> String {
        Base64::encode_string(&[&KEY[..], &self.id, self.key.as_bytes()].concat())
    }

    /// What people tell keys apart by.
    #[must_use]
    pub fn id(&self) -> String {
        id_words(self.id)
    }

    /// The text of its file.
    #[must_use]
    pub fn to_file(&self) -> String {
        format!("{UNTRUSTED}public key {}\n{}\n", self.id(), self.line())
    }

    /// Reads the text of its file, or its line alone.
    ///
    /// # Errors
    ///
    /// [`SealError`] for a text that is no public key.
    pub fn from_file(text: &str) -> Result<Self, SealError> {
        const WHAT: &str = "a public key";
        let mut lines = Lines::of(text);
        if text.starts_with(UNTRUSTED) {
            lines.comment(UNTRUSTED, "the comment of a public key")?;
        }
        let bytes: [u8; 42] = lines.bytes(WHAT)?;
        let key = VerifyingKey::from_bytes(&part(&bytes, 10)?).ok();
        match key.filter(|_| bytes[..2] == KEY) {
            Some(key) => Ok(Self { id: part(&bytes, 2)?, key }),
            None => Err(SealError::Not { line: lines.line, what: WHAT }),
        }
    }
}

/// A signature of the bytes and of the comment, as a minisign file; a comment is one line, so that what ends a line in it
/// becomes a space.
#[must_use]
pub fn sign(key: &SecretKey, bytes: &[u8], trusted_comment: &str) -> String {
    let comment =
        trusted_comment.replace(|letter: char| letter.is_control() && letter != '\t', " ");
    let own = key.key.sign(&Blake2b512::digest(bytes)).to_bytes();
    let all = key.key.sign(&[&own[..], comment.as_bytes()].concat()).to_bytes();
    let own = Base64::encode_string(&[&PREHASHED[..], &key.id, &own].concat());
    file(key.id, [&own, &comment, &Base64::encode_string(&all)])
}

fn file(id: [u8; 8], [own, comment, all]: [&str; 3]) -> String {
    let name = id_words(id);
    format!("{UNTRUSTED}signature by the key {name}\n{own}\n{TRUSTED}{comment}\n{all}\n")
}

/// A signature file as [`sign`] writes it: with its own untrusted comment, and nothing that nobody looks at.
pub(crate) fn rewritten(signature: &str, public: &PublicKey) -> Option<String> {
    let mut lines = signature.lines();
    let (_, own) = (lines.next()?, lines.next()?);
    let (comment, all) = (lines.next()?.strip_prefix(TRUSTED)?, lines.next()?);
    Some(file(public.id, [own, comment, all]))
}

/// The trusted comment of a signature that is of this key and of these bytes.
///
/// # Errors
///
/// [`SealError`] when it is not, or cannot be read.
pub fn verify(public: &PublicKey, bytes: &[u8], signature: &str) -> Result<String, SealError> {
    let mut lines = Lines::of(signature);
    lines.comment(UNTRUSTED, "the comment of a signature")?;
    let head: [u8; 74] = lines.bytes("a signature")?;
    let comment = lines.comment(TRUSTED, "the trusted comment of a signature")?;
    let all: [u8; 64] = lines.bytes("the signature of the comment")?;
    match part(&head, 0)? {
        PREHASHED => {}
        KEY => return Err(SealError::OldForm),
        _ => return Err(SealError::Not { line: 2, what: "a signature" }),
    }
    let (id, own): ([u8; 8], [u8; 64]) = (part(&head, 2)?, part(&head, 10)?);
    if id != public.id {
        return Err(SealError::OtherKey { signed: id_words(id), asked: public.id() });
    }
    let fits = |bytes: &[u8], signature: &[u8; 64]| {
        public.key.verify_strict(bytes, &ed25519_dalek::Signature::from_bytes(signature)).is_ok()
    };
    if !fits(&Blake2b512::digest(bytes), &own) {
        return Err(SealError::Content);
    }
    if !fits(&[&own[..], comment.as_bytes()].concat(), &all) {
        return Err(SealError::Comment);
    }
    Ok(comment.to_owned())
}

/// The lines of a file, one after the other.
struct Lines<'t> {
    rest: std::str::Lines<'t>,
    line: usize,
}

impl<'t> Lines<'t> {
    fn of(text: &'t str) -> Self {
        Self { rest: text.lines(), line: 0 }
    }

    fn next(&mut self, what: &'static str) -> Result<&'t str, SealError> {
        self.line += 1;
        self.rest.next().ok_or(SealError::Missing { line: self.line, what })
    }

    fn comment(&mut self, prefix: &str, what: &'static str) -> Result<&'t str, SealError> {
        let text = self.next(what)?.strip_prefix(prefix);
        text.ok_or(SealError::Not { line: self.line, what })
    }

    fn bytes<const N: usize>(&mut self, what: &'static str) -> Result<[u8; N], SealError> {
        let (text, mut bytes) = (self.next(what)?.trim_end(), [0; N]);
        let whole = Base64::decode(text, &mut bytes).is_ok_and(|found| found.len() == N);
        if whole { Ok(bytes) } else { Err(SealError::Not { line: self.line, what }) }
    }
}

fn part<const N: usize>(bytes: &[u8], from: usize) -> Result<[u8; N], SealError> {
    let whole = bytes.get(from..from + N).and_then(|part| part.try_into().ok());
    whole.ok_or(SealError::Not { line: 2, what: "whole" })
}

fn checksum(id: [u8; 8], pair: &[u8; 64]) -> [u8; 32] {
    let mut sum = Blake2b::<U32>::new();
    sum.update(KEY);
    sum.update(id);
    sum.update(pair);
    sum.finalize().into()
}

/// As minisign says it: the number whose bytes these are, the least first, without zeros before it.
fn id_words(id: [u8; 8]) -> String {
    format!("{:X}", u64::from_le_bytes(id))
}

#[cfg(test)]
mod tests;
