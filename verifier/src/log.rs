//! The audit log held against a checkpoint: chain and tree (RFC 6962, RFC 9162) over an exported file, one entry, or two
//! checkpoints.

use std::io::BufRead;

use base64ct::{Base64, Encoding as _};
use minisign_verify::{PublicKey, Signature};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::read;

type Hash = [u8; 32];

/// Wrongs that are told before the rest is left out.
const TOLD: usize = 20;

/// What a checkpoint says: how many entries, and the root over them.
struct Checkpoint {
    entries: u64,
    root: Hash,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    log: String,
    after: u64,
    hash: String,
    peaks: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    seq: u64,
    at_us: i64,
    actor: String,
    action: String,
    subject: String,
    detail: String,
    hash: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Inclusion {
    entry: Entry,
    entries: u64,
    path: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Growth {
    from_entries: u64,
    to_entries: u64,
    path: Vec<String>,
}

impl Entry {
    fn canonical(&self) -> Vec<u8> {
        let mut all = [self.seq.to_be_bytes(), self.at_us.to_be_bytes()].concat();
        for part in [&self.actor, &self.action, &self.subject, &self.detail] {
            all.extend((part.len() as u64).to_be_bytes());
            all.extend(part.as_bytes());
        }
        all
    }

    fn leaf(&self) -> Hash {
        sha256(&[&[0], &self.canonical()])
    }
}

/// What is wrong in an exported log, line by line.
///
/// # Errors
///
/// Which document could not be read, where and why.
pub fn log(export: impl BufRead, checkpoint: &[u8]) -> Result<Vec<String>, String> {
    let checkpoint = read_checkpoint(checkpoint)?;
    let mut lines = export.lines();
    let first = lines.next().ok_or("log: it is empty")?.map_err(|why| format!("log: {why}"))?;
    let head: Head = read("log, line 1", first.as_bytes())?;
    if head.log != "cathartes/audit" {
        return Err("log, line 1: it is of something else".to_owned());
    }
    let (mut chain, mut last, mut peaks) = (hash(&head.hash)?, head.after, hashes(&head.peaks)?);
    if peaks.len() != head.after.count_ones() as usize {
        return Err(format!("log, line 1: no log of {} entries has such peaks", head.after));
    }
    let (mut wrong, mut met) = (Vec::new(), false);
    let mut meet = |entries: u64, peaks: &[Hash], wrong: &mut Vec<String>| {
        if entries == checkpoint.entries {
            met = true;
            if root(peaks) != checkpoint.root {
                wrong.push(format!(
                    "entry {entries}: up to here the log is not that of the checkpoint"
                ));
            }
        }
    };
    meet(last, &peaks, &mut wrong);
    for (number, line) in lines.enumerate() {
        let at = number + 2;
        let line = line.map_err(|why| format!("log, line {at}: {why}"))?;
        let entry: Entry = read(&format!("log, line {at}"), line.as_bytes())?;
        if last.checked_add(1) != Some(entry.seq) {
            wrong.push(format!("entry {}: stands after entry {last}", entry.seq));
        }
        let computed = sha256(&[&chain, &entry.canonical()]);
        (last, chain) = (entry.seq, hash(&entry.hash)?);
        if computed != chain {
            wrong.push(format!("entry {last}: it or an entry before it was changed"));
        }
        grow(&mut peaks, last.wrapping_sub(1), entry.leaf());
        meet(last, &peaks, &mut wrong);
        if wrong.len() > TOLD {
            wrong.push("and more".to_owned());
            return Ok(wrong);
        }
    }
    if !met {
        let entries = checkpoint.entries;
        wrong
            .push(format!("entry {last}: the log ends here, the checkpoint has {entries} entries"));
    }
    Ok(wrong)
}

/// What is wrong in a proof that an entry is in the log (RFC 9162, section 2.1.3.2).
///
/// # Errors
///
/// Which document could not be read, where and why.
pub fn inclusion(proof: &[u8], checkpoint: &[u8]) -> Result<Vec<String>, String> {
    let (checkpoint, proof) = (read_checkpoint(checkpoint)?, read::<Inclusion>("proof", proof)?);
    let (path, seq) = (hashes(&proof.path)?, proof.entry.seq);
    if proof.entries != checkpoint.entries {
        let (one, other) = (proof.entries, checkpoint.entries);
        return Ok(vec![format!("entries: the proof is of {one}, the checkpoint of {other}")]);
    }
    if seq == 0 || seq > proof.entries {
        return Ok(vec![format!("entry {seq}: there is none in a log of {}", proof.entries)]);
    }
    let (mut place, mut last, mut hash) = (seq - 1, proof.entries - 1, proof.entry.leaf());
    for sibling in path {
        if last == 0 {
            return Ok(vec![format!("entry {seq}: the path is too long")]);
        }
        if place % 2 == 1 || place == last {
            hash = node(&sibling, &hash);
            while place.is_multiple_of(2) && place != 0 {
                (place, last) = (place / 2, last / 2);
            }
        } else {
            hash = node(&hash, &sibling);
        }
        (place, last) = (place / 2, last / 2);
    }
    let holds = last == 0 && hash == checkpoint.root;
    let said = || format!("entry {seq}: it is not in the log of the checkpoint");
    Ok((!holds).then(said).into_iter().collect())
}

/// What is wrong in a proof that a log only grew (RFC 9162, section 2.1.4.2).
///
/// # Errors
///
/// Which document could not be read, where and why.
pub fn growth(proof: &[u8], earlier: &[u8], later: &[u8]) -> Result<Vec<String>, String> {
    let (earlier, later) = (read_checkpoint(earlier)?, read_checkpoint(later)?);
    let proof: Growth = read("proof", proof)?;
    let path = hashes(&proof.path)?;
    if [proof.from_entries, proof.to_entries] != [earlier.entries, later.entries] {
        return Ok(vec!["entries: the proof is of other checkpoints".to_owned()]);
    }
    let holds = earlier.entries > 0 && grew(&earlier, &later, path);
    let said = || {
        let (from, to) = (earlier.entries, later.entries);
        format!("entry {from}: the log of {to} entries is another up to here")
    };
    Ok((!holds).then(said).into_iter().collect())
}

fn grew(earlier: &Checkpoint, later: &Checkpoint, mut path: Vec<Hash>) -> bool {
    if earlier.entries >= later.entries {
        return earlier.entries == later.entries && earlier.root == later.root && path.is_empty();
    }
    if earlier.entries.is_power_of_two() {
        path.insert(0, earlier.root);
    }
    let (mut place, mut last) = (earlier.entries - 1, later.entries - 1);
    while place % 2 == 1 {
        (place, last) = (place / 2, last / 2);
    }
    let Some((first, rest)) = path.split_first() else { return false };
    let (mut old, mut new) = (*first, *first);
    for sibling in rest {
        if last == 0 {
            return false;
        }
        if place % 2 == 1 || place == last {
            (old, new) = (node(sibling, &old), node(sibling, &new));
            while place.is_multiple_of(2) && place != 0 {
                (place, last) = (place / 2, last / 2);
            }
        } else {
            new = node(&new, sibling);
        }
        (place, last) = (place / 2, last / 2);
    }
    last == 0 && old == earlier.root && new == later.root
}

/// One leaf more beside the full trees of so many leaves, the largest first.
fn grow(peaks: &mut Vec<Hash>, leaves: u64, leaf: Hash) {
    let mut hash = leaf;
    for _ in 0..leaves.trailing_ones() {
        hash = peaks.pop().map_or(hash, |left| node(&left, &hash));
    }
    peaks.push(hash);
}

fn root(peaks: &[Hash]) -> Hash {
    let together = peaks.iter().rev().copied().reduce(|right, left| node(&left, &right));
    together.unwrap_or_else(|| sha256(&[]))
}

fn node(left: &Hash, right: &Hash) -> Hash {
    sha256(&[&[1], left, right])
}

fn sha256(parts: &[&[u8]]) -> Hash {
    parts.iter().fold(Sha256::new(), Digest::chain_update).finalize().into()
}

/// Whether a checkpoint is signed with a key: both as minisign writes them.
///
/// # Errors
///
/// Which of the two could not be read and why.
pub fn signed(checkpoint: &[u8], signature: &str, key: &str) -> Result<Vec<String>, String> {
    let key = if key.starts_with("untrusted comment:") {
        PublicKey::decode(key)
    } else {
        PublicKey::from_base64(key.trim())
    };
    let key = key.map_err(|why| format!("key: {why}"))?;
    let signature = Signature::decode(signature).map_err(|why| format!("signature: {why}"))?;
    let wrong = key.verify(checkpoint, &signature, false).err();
    Ok(wrong
        .map(|why| format!("checkpoint: it is not signed with this key: {why}"))
        .into_iter()
        .collect())
}

fn read_checkpoint(text: &[u8]) -> Result<Checkpoint, String> {
    let text = std::str::from_utf8(text).map_err(|why| format!("checkpoint: {why}"))?;
    let lines: Vec<&str> = text.split('\n').collect();
    let ["cathartes/audit", entries, root, _, ""] = lines.as_slice() else {
        return Err("checkpoint: not the four lines that one has".to_owned());
    };
    let mut bytes = Hash::default();
    let whole = Base64::decode(root, &mut bytes).is_ok_and(|found| found.len() == 32);
    let entries = entries.parse().map_err(|why| format!("checkpoint, line 2: {why}"))?;
    whole
        .then_some(Checkpoint { entries, root: bytes })
        .ok_or("checkpoint, line 3: no root".to_owned())
}

fn hashes(texts: &[String]) -> Result<Vec<Hash>, String> {
    texts.iter().map(|text| hash(text)).collect()
}

fn hash(text: &str) -> Result<Hash, String> {
    let odd = || format!("`{text:.80}` is no hash");
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(odd());
    }
    let pair = |i: usize| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).map_err(|_| odd());
    let mut hash = Hash::default();
    for (i, byte) in hash.iter_mut().enumerate() {
        *byte = pair(i)?;
    }
    Ok(hash)
}

#[cfg(test)]
mod tests;
