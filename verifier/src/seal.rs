//! Dossiers: whether the seal over `manifest.json` holds, and whether every file is the one that it lists.
//!
//! Archives are followed from the front and then from the back, and have to say the same both ways, without gaps and with
//! every file stored as it is: what another program sees in one is what was looked at here.

use std::collections::BTreeSet;

use minisign_verify::{PublicKey, Signature};
use serde::Deserialize;

use crate::digest;

const MANIFEST: &str = "manifest.json";
const SEAL: &str = "manifest.json.minisig";
const FORM: &str = "cathartes-dossier-1";

#[derive(Deserialize)]
struct Manifest {
    form: String,
    release: String,
    files: Vec<File>,
}

#[derive(Deserialize)]
struct File {
    name: String,
    size_bytes: u64,
    sha256: String,
}

/// A file as the archive holds it, and where its header is.
struct Held<'a> {
    name: &'a str,
    bytes: &'a [u8],
    header: &'a [u8],
    at: usize,
}

/// What is wrong in a dossier, from its bytes and the text of a public key; nothing where it is as it was sealed.
///
/// # Errors
///
/// That the key is none.
pub fn seal(dossier: &[u8], key: &str) -> Result<Vec<String>, String> {
    let line = key.lines().find(|line| !line.starts_with("untrusted comment:")).unwrap_or_default();
    let key = PublicKey::from_base64(line.trim()).map_err(|why| format!("public key: {why}"))?;
    Ok(checked(dossier, &key).err().into_iter().collect())
}

fn checked(dossier: &[u8], key: &PublicKey) -> Result<(), String> {
    let held = archive(dossier)?;
    let of = |name: &str| {
        let found = held.iter().find(|held| held.name == name);
        found.ok_or_else(|| format!("{name}: is missing"))
    };
    let (manifest, signature) = (of(MANIFEST)?.bytes, of(SEAL)?.bytes);
    sealed(manifest, signature, key).map_err(|why| format!("{SEAL}: {why}"))?;
    let manifest: Manifest =
        serde_json::from_slice(manifest).map_err(|why| format!("{MANIFEST}: {why}"))?;
    if manifest.form != FORM {
        return Err(format!("{MANIFEST}: its form is another"));
    }
    for file in &manifest.files {
        let bytes = of(&file.name)?.bytes;
        if bytes.len() as u64 != file.size_bytes || digest(bytes) != file.sha256 {
            return Err(format!("{}: is not the file of release {}", file.name, manifest.release));
        }
    }
    let listed: BTreeSet<_> = manifest.files.iter().map(|file| file.name.as_str()).collect();
    let more = held
        .iter()
        .find(|held| !listed.contains(held.name) && ![MANIFEST, SEAL].contains(&held.name));
    more.map_or(Ok(()), |held| Err(format!("{}: is not listed in {MANIFEST}", held.name)))
}

fn sealed(manifest: &[u8], signature: &[u8], key: &PublicKey) -> Result<(), String> {
    let text = std::str::from_utf8(signature).map_err(|why| why.to_string())?;
    let signature = Signature::decode(text).map_err(|why| why.to_string())?;
    key.verify(manifest, &signature, false).map_err(|why| why.to_string())
}

fn archive(bytes: &[u8]) -> Result<Vec<Held<'_>>, String> {
    let (mut held, mut at): (Vec<Held<'_>>, usize) = (Vec::new(), 0);
    while bytes.get(at..at + 4) == Some(b"PK\x03\x04") {
        let one =
            local(bytes, at).ok_or_else(|| format!("byte {at}: no whole file begins here"))?;
        if held.iter().any(|other| other.name.eq_ignore_ascii_case(one.name)) {
            return Err(format!("{}: is there twice", one.name));
        }
        at += 30 + one.name.len() + one.bytes.len();
        held.push(one);
    }
    let directory = at;
    for one in &held {
        let entry = bytes.get(at..at + 46 + one.name.len()).unwrap_or_default();
        if !same(entry, one) {
            return Err(format!(
                "{}: the list at the end says something else (byte {at})",
                one.name
            ));
        }
        at += entry.len();
    }
    let number = |at: usize| bytes.get(at..at + 4)?.try_into().ok().map(u32::from_le_bytes);
    let count = (held.len() as u32) << 16 | held.len() as u32;
    let end = [0x0605_4b50, 0, count, (at - directory) as u32, directory as u32];
    let right = end.iter().enumerate().all(|(n, right)| number(at + 4 * n) == Some(*right));
    let last = bytes.get(at + 20..) == Some(&[0, 0]);
    if right && last {
        Ok(held)
    } else {
        Err(format!("byte {at}: the end is not that of a dossier"))
    }
}

/// A file that is stored as it is, and says so.
fn local(bytes: &[u8], at: usize) -> Option<Held<'_>> {
    let header = bytes.get(at..at + 30)?;
    let number = |at: usize| {
        u32::from_le_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]])
    };
    let (size, name) =
        (number(18) as usize, usize::from(u16::from_le_bytes([header[26], header[27]])));
    let name = std::str::from_utf8(bytes.get(at + 30..at + 30 + name)?).ok()?;
    let from = at + 30 + name.len();
    let held = bytes.get(from..from.checked_add(size)?)?;
    // Version 1.0, no flags, stored, 1 January 1980, as large as it looks, and nothing between name and bytes.
    let plain = header[4..14] == [10, 0, 0, 0, 0, 0, 0, 0, 0x21, 0];
    let stored = number(22) as usize == size && header[28..] == [0; 2];
    let good = plain && stored && crc(held) == number(14) && harmless(name);
    good.then_some(Held { name, bytes: held, header, at })
}

/// Whether an entry of the list at the end says what the file itself says.
fn same(entry: &[u8], held: &Held<'_>) -> bool {
    let head = [b"PK\x01\x02", &[10, 0][..], &held.header[4..30], &[0; 10]].concat();
    let at = (held.at as u32).to_le_bytes();
    entry == [&head[..], &at, held.name.as_bytes()].concat()
}

/// Letters, digits, `_`, `-`, single dots, and one folder at most.
fn harmless(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let word = |word: &str| !word.is_empty() && word.chars().all(plain);
    let mut parts = name.rsplitn(2, '/');
    let file = parts.next().is_some_and(|file| file.split('.').all(word));
    file && parts.next().is_none_or(word) && name.len() <= 80
}

/// The sum of ISO 3309, bit by bit.
fn crc(bytes: &[u8]) -> u32 {
    let step = |sum: u32| (sum >> 1) ^ (0xedb8_8320 & 0_u32.wrapping_sub(sum & 1));
    !bytes.iter().fold(!0_u32, |sum, byte| (0..8).fold(sum ^ u32::from(*byte), |sum, _| step(sum)))
}

#[cfg(test)]
mod tests;
