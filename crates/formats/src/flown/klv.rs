//! MISB ST 0601 packets (the UAS Datalink Local Set), one after the other, and their security (ST 0102).
//!
//! ```text
//! stream   key: 16   length: BER   item...                  a packet; what stands between them is passed over
//! item     tag: BER-OID   length: BER   value               big endian
//! length   0lllllll  |  1nnnnnnn  n bytes                   n from 1 to 4
//! tag      1ttttttt ... 0ttttttt                            seven bits each
//! ```
//!
//! The last item is the checksum (tag 1, two bytes): the sum of all 16-bit words from the key to the
//! length of the checksum itself. A packet whose checksum is another, or that has none, is left out.
//! What is read of the items: [`items`]. Item 48 holds the security set in the same grammar.
//!
//! A packet is a fix when it has items 2, 13 and 14. Height is item 15, else 75; pressure altitude is
//! that of item 37. The aircraft is item 10 (what it is) and item 4 (its number), as far as told.
//!
//! MISB ST 0601.19, ST 0102.12, ST 0107.5; SMPTE ST 336.

use cathartes_core::flown::{Corrupt, Flaw, FlownLog, LogPlace};

use super::{FlownError, gather::Gather};

mod items;
mod security;

pub(super) const KEY: [u8; 16] =
    [0x06, 0x0E, 0x2B, 0x34, 0x02, 0x0B, 0x01, 0x01, 0x0E, 0x01, 0x03, 0x01, 0x01, 0, 0, 0];
/// A stream that is cut anywhere begins a packet within so many bytes.
const FIRST: usize = 64 << 10;
const CHECKSUM: u64 = 1;

/// Whether a packet begins in its first 64 KiB.
#[must_use]
pub fn is_one(bytes: &[u8]) -> bool {
    find_key(bytes.get(..FIRST).unwrap_or(bytes)).is_some()
}

/// Reads packets of one aircraft.
///
/// # Errors
///
/// [`FlownError`] when none has a position, or they are of several aircraft.
pub fn read(bytes: &[u8]) -> Result<FlownLog, FlownError> {
    gathered(bytes)?.log(None)
}

pub(super) fn gathered(bytes: &[u8]) -> Result<Gather, FlownError> {
    let mut gather = Gather::default();
    packets(bytes, |at| LogPlace::Byte(at as u64), &mut gather)?;
    Ok(gather)
}

/// Takes all packets; `place` says where in the log a byte of these is.
pub(super) fn packets(
    bytes: &[u8],
    place: impl Fn(usize) -> LogPlace,
    gather: &mut Gather,
) -> Result<(), FlownError> {
    let mut at = 0;
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        let begins = find_key(rest).unwrap_or(rest.len());
        // Streams are padded with zeros.
        if rest.iter().take(begins).any(|byte| *byte != 0) {
            let what = Flaw::Corrupt(Corrupt::Unreadable("bytes between packets"));
            gather.fault(place(at), None, what);
        }
        let Some(from_key) = rest.get(begins..).filter(|rest| !rest.is_empty()) else { break };
        at += begins;
        let here = place(at);
        match whole(from_key) {
            Ok(packet) => {
                at += packet.len();
                items::take(packet, here, gather)?;
            }
            Err((corrupt, length)) => {
                at += length;
                gather.fault(here, None, Flaw::Corrupt(corrupt));
            }
        }
    }
    Ok(())
}

fn find_key(bytes: &[u8]) -> Option<usize> {
    bytes.windows(KEY.len()).position(|window| window == KEY)
}

/// The packet that begins with the key, when its checksum is right; else why, and how far to go on.
fn whole(bytes: &[u8]) -> Result<&[u8], (Corrupt, usize)> {
    let next = bytes.get(KEY.len()..).and_then(find_key).map(|at| at + KEY.len());
    let cut = (Corrupt::Truncated, next.unwrap_or(bytes.len()));
    let head = bytes.get(KEY.len()..).unwrap_or_default();
    let (length, rest) = length(head).ok_or(cut)?;
    let end = (bytes.len() - rest.len()).checked_add(length).ok_or(cut)?;
    // A packet that goes on over the beginning of the next one lost its end.
    let packet = bytes.get(..end).filter(|_| next.is_none_or(|next| end <= next)).ok_or(cut)?;
    let (summed, said) = packet.split_last_chunk::<2>().ok_or(cut)?;
    let ends_in_checksum = summed.ends_with(&[CHECKSUM as u8, 2]);
    if ends_in_checksum && sum(summed) == u16::from_be_bytes(*said) {
        Ok(packet)
    } else {
        Err((Corrupt::Checksum, end))
    }
}

fn sum(bytes: &[u8]) -> u16 {
    bytes.chunks(2).fold(0, |sum: u16, pair| match pair {
        [high, low] => sum.wrapping_add(u16::from_be_bytes([*high, *low])),
        [high] => sum.wrapping_add(u16::from(*high) << 8),
        _ => sum,
    })
}

/// A length and what follows it.
fn length(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (first, rest) = bytes.split_first()?;
    if first & 0x80 == 0 {
        return Some((usize::from(*first), rest));
    }
    let count = usize::from(first & 0x7F);
    let (digits, rest) = rest.split_at_checked(count).filter(|_| (1..=4).contains(&count))?;
    let length = digits.iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
    Some((usize::try_from(length).ok()?, rest))
}

/// Tags and values; ends where they cannot be read.
fn tlv(mut bytes: &[u8]) -> impl Iterator<Item = (u64, &[u8])> {
    std::iter::from_fn(move || {
        let (tag, rest) = tag(bytes)?;
        let (length, rest) = length(rest)?;
        let (value, rest) = rest.split_at_checked(length)?;
        bytes = rest;
        Some((tag, value))
    })
}

fn tag(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let digits = bytes.iter().take(4).position(|byte| byte & 0x80 == 0)? + 1;
    let (tag, rest) = bytes.split_at_checked(digits)?;
    Some((tag.iter().fold(0, |sum, byte| sum << 7 | u64::from(byte & 0x7F)), rest))
}

#[cfg(test)]
pub(super) mod tests;
