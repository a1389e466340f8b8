//! Positions that aircraft send themselves (ADS-B): Mode S frames as text, with the times of their arrival.
//!
//! ```text
//! file     line...                           lines that start with # are skipped
//! line     time , frame                      seconds since 1970-01-01 UTC, with a decimal point
//! frame    hex  |  * hex ;                   56 or 112 bits; `*...;` is the AVR form
//! hex      8D aaaaaa mmmmmmmmmmmmmm pppppp   extended squitter: address, message, parity
//! ```
//!
//! Of frames of 112 bits those of downlink format 17, and 18 from a transponder that answers no
//! interrogation (control field 0), are read when their parity is right; the others are passed over. Of messages those of an
//! aircraft in the air (type codes 9 to 18 with pressure altitude, 20 to 22 with height above the
//! ellipsoid). A place takes two of them, an even and an odd one no more than [`PAIR`] apart, or one
//! and a place no more than [`REFERENCE`] before: [`cpr`]. An aircraft is its address in hex.
//!
//! ICAO Annex 10 Volume IV and Doc 9871; J. Sun, "The 1090 Megahertz Riddle", 2nd edition, TU Delft
//! OPEN 2021, chapters 4 and 5.

use std::collections::BTreeMap;

use cathartes_core::{
    flown::{Corrupt, Flaw, FlownLog, Height, LogFix, LogPlace},
    units::{Metres, Seconds},
};
use jiff::Timestamp;

use super::{
    FlownError,
    gather::{Gather, apart, bare_fix, moment, place},
};

mod altitude;
mod cpr;

/// Messages farther apart than this are no pair.
pub const PAIR: Seconds = Seconds(10.0);
/// A place that one message alone can lean on: nothing flies out of its zone in that time.
pub const REFERENCE: Seconds = Seconds(180.0);
const FRAME_BYTES: usize = 14;
const PARITY_BYTES: usize = 3;
/// So many bytes have a frame in them.
const FIRST: usize = 4096;

/// Whether one of its first lines is a frame.
#[must_use]
pub fn is_one(bytes: &[u8]) -> bool {
    lines(bytes.get(..FIRST).unwrap_or(bytes)).any(|(_, line)| line_of(line).is_some())
}

/// Reads frames of one aircraft.
///
/// # Errors
///
/// [`FlownError`] when no frame gives a place or has a time, or they are of several aircraft.
pub fn read(bytes: &[u8]) -> Result<FlownLog, FlownError> {
    gathered(bytes)?.log(None)
}

pub(super) fn gathered(bytes: &[u8]) -> Result<Gather, FlownError> {
    let mut gather = Gather::default();
    let mut sky = Sky::default();
    let (mut frames, mut timed) = (false, false);
    for (row, line) in lines(bytes) {
        let at = LogPlace::Row(row);
        let Some((said, frame)) = line_of(line) else {
            let what = "neither `time,frame` nor a comment";
            gather.fault(at, None, Flaw::Corrupt(Corrupt::Unreadable(what)));
            continue;
        };
        frames = true;
        let Some(said) = said else { continue };
        timed = true;
        match moment((said.0 * 1e6).round() as i64) {
            Some(time) => sky.take(&frame, (at, time), &mut gather)?,
            None => gather.fault(at, None, Flaw::NoTime),
        }
    }
    if frames && !timed {
        let remedy = "write every frame as seconds since 1970, a comma, and the frame";
        return Err(FlownError::NoTime { remedy });
    }
    Ok(gather)
}

/// Lines that say something, with their numbers.
fn lines(bytes: &[u8]) -> impl Iterator<Item = (u64, &[u8])> {
    let lines = (1..).zip(bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii));
    lines.filter(|(_, line)| !line.is_empty() && !line.starts_with(b"#"))
}

type Frame = Vec<u8>;

/// Time and frame of a line.
fn line_of(line: &[u8]) -> Option<(Option<Seconds>, Frame)> {
    let line = std::str::from_utf8(line).ok()?;
    let (time, frame) = match line.split_once(',') {
        Some((time, frame)) => (Some(Seconds(time.trim().parse().ok()?)), frame.trim()),
        None => (None, line),
    };
    Some((time.filter(|time| time.0.is_finite()), frame_of(frame)?))
}

/// A frame of 7 or 14 bytes.
fn frame_of(text: &str) -> Option<Frame> {
    let bare = text.strip_prefix('*').and_then(|text| text.strip_suffix(';')).unwrap_or(text);
    let fits = bare.len() == 2 * FRAME_BYTES || bare.len() == FRAME_BYTES;
    let digits = || bare.bytes().map(|byte| char::from(byte).to_digit(16).map(|digit| digit as u8));
    let digits: Vec<u8> = if fits { digits().collect::<Option<_>>()? } else { return None };
    Some(digits.chunks_exact(2).map(|pair| pair.iter().fold(0, |sum, d| sum << 4 | d)).collect())
}

/// What was heard of every aircraft.
#[derive(Default)]
pub(super) struct Sky(BTreeMap<u32, Aircraft>);

#[derive(Default)]
struct Aircraft {
    /// The last of either parity, even first.
    halves: [Option<(Timestamp, cpr::Half)>; 2],
    last: Option<(Timestamp, cpr::Place)>,
}

impl Sky {
    /// How many it knows.
    pub(super) fn aircraft(&self) -> usize {
        self.0.len()
    }

    /// Takes lines without a time of their own.
    pub(super) fn lines(
        &mut self,
        bytes: &[u8],
        (at, arrived): (LogPlace, Timestamp),
        gather: &mut Gather,
    ) -> Result<(), FlownError> {
        for (_, line) in lines(bytes) {
            if let Some((_, frame)) = line_of(line) {
                self.take(&frame, (at, arrived), gather)?;
            } else {
                let what = Flaw::Corrupt(Corrupt::Unreadable("a line that is no frame"));
                gather.fault(at, Some(arrived), what);
            }
        }
        Ok(())
    }

    /// Takes a frame.
    fn take(
        &mut self,
        frame: &[u8],
        (at, time): (LogPlace, Timestamp),
        gather: &mut Gather,
    ) -> Result<(), FlownError> {
        let Ok(frame) = <&[u8; FRAME_BYTES]>::try_from(frame) else { return Ok(()) };
        let [first, a, b, c, message @ .., _, _, _] = frame;
        // Downlink format and, of format 18, the control field.
        if first >> 3 != 17 && *first != 18 << 3 {
            return Ok(());
        }
        if parity(frame) != 0 {
            gather.fault(at, Some(time), Flaw::Corrupt(Corrupt::Checksum));
            return Ok(());
        }
        let number = message.iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
        let kind = number >> 51;
        if !matches!(kind, 9..=18 | 20..=22) {
            return Ok(());
        }
        let address = u32::from_be_bytes([0, *a, *b, *c]);
        let half = cpr::Half {
            odd: number >> 34 & 1 == 1,
            latitude: (number >> 17 & 0x1_FFFF) as u32,
            longitude: (number & 0x1_FFFF) as u32,
        };
        let Some(found) = self.0.entry(address).or_default().place(time, half) else {
            return Ok(());
        };
        let code = (number >> 36 & 0xFFF) as u16;
        let above_ellipsoid = kind >= 20;
        let height = above_ellipsoid.then(|| Height::AboveEllipsoid(Metres(f64::from(code))));
        let fix = LogFix {
            height: height.unwrap_or(Height::Unknown),
            pressure_altitude: if above_ellipsoid { None } else { altitude::pressure(code) },
            ..bare_fix(time, place(found.latitude, found.longitude))
        };
        gather.fix(at, Some(&format!("{address:06X}")), fix)
    }
}

impl Aircraft {
    fn place(&mut self, time: Timestamp, half: cpr::Half) -> Option<cpr::Place> {
        let near = |then: Timestamp, most: Seconds| apart(then, time).0.abs() <= most.0;
        let [even, odd] = &mut self.halves;
        *(if half.odd { odd } else { even }) = Some((time, half));
        let pair = self.halves[0].zip(self.halves[1]);
        let pair = pair.filter(|((then, _), (other, _))| near(*then, PAIR) && near(*other, PAIR));
        let both = pair.and_then(|((_, even), (_, odd))| cpr::both(even, odd, half.odd));
        let last = self.last.filter(|(then, _)| near(*then, REFERENCE));
        let found = both.or_else(|| last.map(|(_, last)| cpr::beside(last, half)))?;
        self.last = Some((time, found));
        Some(found)
    }
}

/// What the frame leaves when it is divided by the polynomial of Mode S; 0 when it is whole.
fn parity(frame: &[u8; FRAME_BYTES]) -> u32 {
    const POLYNOMIAL: u32 = 0x1FF_F409;
    let (message, sent) = frame.split_at(FRAME_BYTES - PARITY_BYTES);
    let left = message.iter().fold(0_u32, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte) << 16, |sum, _| {
            let sum = sum << 1;
            if sum & 0x100_0000 == 0 { sum } else { sum ^ POLYNOMIAL }
        })
    });
    left ^ sent.iter().fold(0, |sum, byte| sum << 8 | u32::from(*byte))
}

#[cfg(test)]
mod tests;
