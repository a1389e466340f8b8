//! Positions as they arrive, datagram by datagram.
//!
//! A datagram is told apart by what it holds: frames of [`mavlink`](super::mavlink), packets of
//! [`klv`](super::klv) alone or in a transport stream ([`mpeg_ts`](super::mpeg_ts), also within RTP),
//! events of [`cot`](super::cot), or frames of [`adsb`](super::adsb) as lines `*hex;`. Those without a time of their own are of the
//! moment of their arrival, which the caller says: nothing here reads a clock.
//!
//! Of every aircraft a fix earlier than the one before is left out with a fault, and gaps and jumps
//! are told as in a log. At most [`MOST_AIRCRAFT`] are followed; the others are left out.

use std::collections::BTreeMap;

use cathartes_core::flown::{Corrupt, Flaw, Handling, LogFault, LogFix, LogPlace};
use jiff::Timestamp;

use super::{
    FlownError, adsb, cot,
    gather::{Gather, LONGEST_GAP, apart, step},
    klv, mavlink, mpeg_ts,
};

/// More are not followed.
pub const MOST_AIRCRAFT: usize = 10_000;
const RTP_HEAD_BYTES: usize = 12;

/// What was heard so far, from one port.
#[derive(Default)]
pub struct Live {
    datagrams: u64,
    gather: Gather,
    vehicles: mavlink::Vehicles,
    streams: mpeg_ts::Streams,
    sky: adsb::Sky,
    last: BTreeMap<Option<String>, LogFix>,
}

/// What one datagram says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Heard {
    /// Of which aircraft, as far as told, and where it was.
    pub fixes: Vec<(Option<String>, LogFix)>,
    /// What is wrong; places are numbers of datagrams, from 1.
    pub faults: Vec<LogFault>,
    /// How everything heard so far is to be held, when anything said so.
    pub handling: Option<Handling>,
}

impl Live {
    /// Takes a datagram that arrived at a moment.
    pub fn hear(&mut self, datagram: &[u8], arrived: Timestamp) -> Heard {
        self.datagrams += 1;
        let at = LogPlace::Message(self.datagrams);
        // No datagram has more fixes than a log may have.
        let _ = self.take(datagram, (at, arrived));
        let mut heard = Heard { handling: self.gather.handling.clone(), ..Heard::default() };
        let names = self.gather.forget_names();
        for seen in std::mem::take(&mut self.gather.seen) {
            let platform = seen.platform.and_then(|number| names.get(number).cloned());
            self.judge(at, platform, seen.fix, &mut heard);
        }
        heard.faults.splice(0..0, std::mem::take(&mut self.gather.faults));
        heard
    }

    fn take(
        &mut self,
        datagram: &[u8],
        (at, arrived): (LogPlace, Timestamp),
    ) -> Result<(), FlownError> {
        let gather = &mut self.gather;
        match datagram {
            [0xFE | 0xFD, ..] => self.vehicles.hear(datagram, (at, arrived), gather),
            [b'<', ..] => cot::events(datagram, |_| at, gather),
            [b'*', ..] => {
                if self.sky.aircraft() > MOST_AIRCRAFT {
                    self.sky = adsb::Sky::default();
                }
                self.sky.lines(datagram, (at, arrived), gather)
            }
            _ if datagram.starts_with(&klv::KEY) => klv::packets(datagram, |_| at, gather),
            _ => {
                let Some(packets) = transport_packets(datagram) else {
                    let what = Flaw::Corrupt(Corrupt::Unreadable("a datagram of another kind"));
                    gather.fault(at, Some(arrived), what);
                    return Ok(());
                };
                packets.iter().try_for_each(|packet| self.streams.take(packet, at, gather))
            }
        }
    }

    fn judge(&mut self, at: LogPlace, platform: Option<String>, fix: LogFix, heard: &mut Heard) {
        let mut tell = |what| {
            heard.faults.push(LogFault { at, time: Some(fix.time), what, times: 1 });
        };
        match self.last.get(&platform) {
            Some(before) if fix.time < before.time => {
                return tell(Flaw::TimeBack(apart(fix.time, before.time)));
            }
            Some(before) => step(before, &fix, LONGEST_GAP).into_iter().flatten().for_each(tell),
            None if self.last.len() >= MOST_AIRCRAFT => return,
            None => {}
        }
        self.last.insert(platform.clone(), fix.clone());
        heard.fixes.push((platform, fix));
    }
}

/// Whole packets of a transport stream, alone or behind the head of an RTP packet.
fn transport_packets(datagram: &[u8]) -> Option<&[[u8; mpeg_ts::PACKET_BYTES]]> {
    let behind_head = datagram.get(RTP_HEAD_BYTES..).filter(|_| datagram.starts_with(&[0x80]));
    [Some(datagram), behind_head].into_iter().flatten().find_map(|bytes| {
        let (packets, rest) = bytes.as_chunks::<{ mpeg_ts::PACKET_BYTES }>();
        let whole = rest.is_empty() && !packets.is_empty();
        (whole && packets.iter().all(|packet| packet.starts_with(&[mpeg_ts::SYNC])))
            .then_some(packets)
    })
}

#[cfg(test)]
mod tests;
