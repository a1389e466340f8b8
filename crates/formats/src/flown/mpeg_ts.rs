//! ST 0601 packets in an MPEG-2 transport stream, as cameras of aircraft send them with their video.
//!
//! ```text
//! stream   packet...                           188 bytes each; what stands before the first is passed over
//! packet   47   error: 1 bit, start: 1, priority: 1, PID: 13
//!          scrambling: 2 bits, adaptation: 1, payload: 1, counter: 4
//!          [length: u8  flags: u8 ...]         adaptation field      [payload]
//! table    pointer: u8  skipped  table id: u8  section: 12 bits  5 bytes  ...  CRC-32
//! PAT      (program: u16  PID of its PMT: 13 bits)...            PID 0, table 0
//! PMT      clock: u16  length: 12 bits  descriptors
//!          (kind: u8  PID: 13 bits  length: 12 bits  descriptors)...          table 2
//! PES      00 00 01  stream: u8  length: u16  2 bytes  length: u8  header  data
//! cell     service: u8  sequence: u8  flags: u8  length: u16  data            where the kind is 15
//! ```
//!
//! Packets are carried by streams of kind 06 with a registration descriptor `KLVA` (data is packets, one
//! after the other) and by those of kind 15 (data is cells of them): MISB ST 1402. A counter that jumps is a
//! fault; what was begun before it is dropped. Nothing else of the stream is looked at, video least of all.
//! Of every such stream at most [`LONGEST`] bytes are held, of at most [`MOST_STREAMS`] streams. Tables are
//! read that lie in one packet of the transport stream, as those of aircraft do.
//!
//! ISO/IEC 13818-1 (ITU-T H.222.0); MISB ST 1402.2.

use std::collections::{BTreeMap, BTreeSet};

use cathartes_core::flown::{Corrupt, Flaw, FlownLog, LogPlace};

use super::{FlownError, gather::Gather, klv};

/// Bytes of a packet.
pub const PACKET_BYTES: usize = 188;
/// Longer than any packet of ST 0601, bytes.
pub const LONGEST: usize = 1 << 20;
/// More than any camera sends; those that are announced beyond them are passed over.
pub const MOST_STREAMS: usize = 16;
pub(super) const SYNC: u8 = 0x47;
/// Packets in a row that are no chance.
const TELLING: usize = 3;
const PAT: u16 = 0;
const ASYNCHRONOUS: u8 = 0x06;
const SYNCHRONOUS: u8 = 0x15;
const REGISTRATION: u8 = 5;
const CELL_HEAD_BYTES: usize = 5;

/// Whether packets follow each other, from one of its first bytes on.
#[must_use]
pub fn is_one(bytes: &[u8]) -> bool {
    start(bytes).is_some()
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
    let mut streams = Streams::default();
    let mut at = start(bytes).unwrap_or_default();
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        let here = LogPlace::Byte(at as u64);
        match rest.split_first_chunk::<PACKET_BYTES>() {
            Some((packet, _)) if packet.starts_with(&[SYNC]) => {
                streams.take(packet, here, &mut gather)?;
                at += PACKET_BYTES;
            }
            Some(_) => {
                let what = Flaw::Corrupt(Corrupt::Unreadable("bytes between packets"));
                gather.fault(here, None, what);
                at += rest.iter().position(|byte| *byte == SYNC).unwrap_or(rest.len());
            }
            None => {
                gather.fault(here, None, Flaw::Corrupt(Corrupt::Truncated));
                break;
            }
        }
    }
    streams.finish(&mut gather)?;
    Ok(gather)
}

fn start(bytes: &[u8]) -> Option<usize> {
    let begins = |at: &usize| {
        let byte = |i: usize| bytes.get(at + i * PACKET_BYTES);
        byte(0) == Some(&SYNC) && (1..TELLING).all(|i| byte(i).is_none_or(|byte| *byte == SYNC))
    };
    let long_enough = bytes.len() >= PACKET_BYTES;
    (0..PACKET_BYTES).find(begins).filter(|at| long_enough && bytes.len() - at >= PACKET_BYTES)
}

/// What is known of a transport stream so far.
#[derive(Default)]
pub(super) struct Streams {
    /// PIDs of the tables of programmes.
    programmes: BTreeSet<u16>,
    /// By PID.
    carriers: BTreeMap<u16, Carrier>,
}

/// A stream that carries packets.
#[derive(Default)]
struct Carrier {
    cells: bool,
    counter: Option<u8>,
    /// Where what is held began, and what is held: from the head of a PES packet on.
    held: Option<(LogPlace, Vec<u8>)>,
}

impl Streams {
    /// Takes one packet.
    pub(super) fn take(
        &mut self,
        packet: &[u8; PACKET_BYTES],
        at: LogPlace,
        gather: &mut Gather,
    ) -> Result<(), FlownError> {
        let [_, high, low, flags, rest @ ..] = packet;
        let pid = u16::from_be_bytes([high & 0x1F, *low]);
        let (error, starts) = (high & 0x80 != 0, high & 0x40 != 0);
        let (adapted, filled) = (flags & 0x20 != 0, flags & 0x10 != 0);
        let field = if adapted { 1 + usize::from(rest.first().copied().unwrap_or(0)) } else { 0 };
        let payload = rest.get(field..).filter(|_| filled);
        if error {
            gather.fault(at, None, Flaw::Corrupt(Corrupt::Unreadable("marked as damaged")));
            return Ok(());
        }
        let Some(payload) = payload else { return Ok(()) };
        if pid == PAT || self.programmes.contains(&pid) {
            if starts {
                self.table(pid, payload);
            }
            return Ok(());
        }
        let Some(carrier) = self.carriers.get_mut(&pid) else { return Ok(()) };
        let announced = adapted && field > 1 && rest.get(1).is_some_and(|flags| flags & 0x80 != 0);
        if carrier.repeats(flags & 0x0F, announced, at, gather) {
            return Ok(());
        }
        if starts {
            carrier.flush(gather)?;
            carrier.held = Some((at, Vec::new()));
        }
        carrier.hold(payload, gather)
    }

    /// Takes what is held still.
    pub(super) fn finish(&mut self, gather: &mut Gather) -> Result<(), FlownError> {
        self.carriers.values_mut().try_for_each(|carrier| carrier.flush(gather))
    }

    /// A table that lies in one packet.
    fn table(&mut self, pid: u16, payload: &[u8]) {
        let section = || {
            let skipped = usize::from(*payload.first()?);
            let section = payload.get(1 + skipped..)?;
            let length =
                usize::from(u16::from_be_bytes([*section.get(1)?, *section.get(2)?]) & 0xFFF);
            let body = section.get(3..)?.get(..length)?;
            Some((*section.first()?, body.get(5..body.len().checked_sub(4)?)?))
        };
        match section() {
            Some((0, body)) if pid == PAT => {
                let programmes = body.chunks_exact(4).filter_map(|entry| match entry {
                    [0, 0, ..] => None,
                    [_, _, high, low] => Some(u16::from_be_bytes([high & 0x1F, *low])),
                    _ => None,
                });
                self.programmes = programmes.filter(|pid| *pid != PAT).collect();
            }
            Some((2, body)) if pid != PAT => self.programme(body),
            _ => {}
        }
    }

    fn programme(&mut self, body: &[u8]) {
        let length = |high: u8, low: u8| usize::from(u16::from_be_bytes([high & 0x0F, low]));
        let Some([_, _, high, low]) = body.first_chunk::<4>() else { return };
        let mut rest = body.get(4 + length(*high, *low)..).unwrap_or_default();
        while let Some(([kind, pid_high, pid_low, high, low], after)) = rest.split_first_chunk() {
            let Some((descriptors, next)) = after.split_at_checked(length(*high, *low)) else {
                break;
            };
            rest = next;
            let pid = u16::from_be_bytes([pid_high & 0x1F, *pid_low]);
            let carries = *kind == SYNCHRONOUS || *kind == ASYNCHRONOUS && registered(descriptors);
            let room = self.carriers.len() < MOST_STREAMS || self.carriers.contains_key(&pid);
            if carries && room {
                self.carriers.entry(pid).or_default().cells = *kind == SYNCHRONOUS;
            }
        }
    }
}

fn registered(mut descriptors: &[u8]) -> bool {
    while let Some(([tag, length], rest)) = descriptors.split_first_chunk() {
        let Some((body, next)) = rest.split_at_checked(usize::from(*length)) else { return false };
        if *tag == REGISTRATION && body.starts_with(b"KLVA") {
            return true;
        }
        descriptors = next;
    }
    false
}

impl Carrier {
    /// Whether the packet is sent twice. Packets that are missing are told.
    fn repeats(&mut self, counter: u8, announced: bool, at: LogPlace, gather: &mut Gather) -> bool {
        let before = self.counter.replace(counter);
        match before {
            _ if announced => false,
            Some(before) if before == counter => true,
            Some(before) if (before + 1) & 0x0F != counter => {
                gather.fault(at, None, Flaw::PacketsLost);
                self.held = None;
                false
            }
            _ => false,
        }
    }

    fn hold(&mut self, payload: &[u8], gather: &mut Gather) -> Result<(), FlownError> {
        let Some((at, held)) = &mut self.held else { return Ok(()) };
        held.extend_from_slice(payload);
        if held.len() > LONGEST {
            gather.fault(*at, None, Flaw::Corrupt(Corrupt::Unreadable("longer than any packet")));
            self.held = None;
        } else if announced_length(held).is_some_and(|length| held.len() >= length) {
            return self.flush(gather);
        }
        Ok(())
    }

    /// Takes what is held, whole or not.
    fn flush(&mut self, gather: &mut Gather) -> Result<(), FlownError> {
        let Some((at, held)) = self.held.take() else { return Ok(()) };
        let whole = announced_length(&held).is_none_or(|length| held.len() >= length);
        let (true, Some(data)) = (whole, data(&held)) else {
            gather.fault(at, None, Flaw::Corrupt(Corrupt::Truncated));
            return Ok(());
        };
        if self.cells {
            let cells: Vec<u8> = cells(data).flatten().copied().collect();
            klv::packets(&cells, |_| at, gather)
        } else {
            klv::packets(data, |_| at, gather)
        }
    }
}

/// Bytes of a PES packet that says how long it is.
fn announced_length(pes: &[u8]) -> Option<usize> {
    let length = usize::from(u16::from_be_bytes([*pes.get(4)?, *pes.get(5)?]));
    (length > 0).then_some(6 + length)
}

fn data(pes: &[u8]) -> Option<&[u8]> {
    let [0, 0, 1, _, _, _, _, _, header, rest @ ..] = pes else { return None };
    let end = announced_length(pes).map_or(rest.len(), |length| length.saturating_sub(9));
    rest.get(..end.min(rest.len()))?.get(usize::from(*header)..)
}

/// What cells hold.
fn cells(mut data: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let (head, rest) = data.split_first_chunk::<CELL_HEAD_BYTES>()?;
        let length = usize::from(u16::from_be_bytes([head[3], head[4]]));
        let (cell, next) = rest.split_at_checked(length)?;
        data = next;
        Some(cell)
    })
}

#[cfg(test)]
pub(super) mod tests;
