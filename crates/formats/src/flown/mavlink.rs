//! `MAVLink` telemetry as a ground station logs it, and the frames as a vehicle sends them.
//!
//! ```text
//! log      time of arrival: u64 BE, µs since 1970   frame       one after the other
//! fix      GLOBAL_POSITION_INT (33)   lat, lon: 1e-7°, alt: mm above sea level
//!          GPS_RAW_INT (24)           the same, in logs that have no other
//! lost     GPS_RAW_INT (24)           fix_type below 3
//! beside   ATTITUDE (30)              roll, pitch, yaw: rad
//!          SCALED_PRESSURE (29)       press_abs: hPa
//! ```
//!
//! Attitude and pressure are the last before the position, no older than [`FRESH`]. Autopilots send `relative_alt`,
//! the height above home, as `alt` as long as they do not know how high home is. So a height farther than
//! [`APART`] from that of the receiver is not known, nor one equal to `relative_alt` that no receiver
//! confirms; a fault says so. An aircraft is
//! `system N`, after the number of whoever sends the position. Frames are as in
//! [`flight_log`](crate::flight_log), which has their grammar; other messages are passed over.
//!
//! `MAVLink` common message set, <https://mavlink.io/en/messages/common.html>.

use std::collections::{BTreeMap, BTreeSet};

use cathartes_core::{
    flown::{Attitude, Corrupt, Flaw, FlownLog, Height, LogFix, LogPlace, Lost},
    units::{Degrees, Metres, Seconds},
};
use jiff::Timestamp;

use super::{
    FlownError,
    gather::{Gather, apart, bare_fix, moment, place, pressure_altitude},
};
use crate::flight_log::mavlink::{Frame, Frames, bare_frame};

/// Older is not of the same moment.
pub const FRESH: Seconds = Seconds(2.0);
/// Barometer and receiver differ less.
pub const APART: Metres = Metres(100.0);
/// A log has a message that is known here among so many.
const FIRST: usize = 1000;
/// Receivers with fewer dimensions know no height.
const THREE_DIMENSIONS: f64 = 3.0;

/// Whether it begins with frames and times.
#[must_use]
pub fn is_one(bytes: &[u8]) -> bool {
    let mut frames = Frames { bytes, at: 0 }.take(FIRST).peekable();
    let at_once = frames.peek().is_some_and(|first| first.at == 0);
    at_once && frames.any(|frame| matches!(frame.numbers(), Some((_, Some(_)))))
}

/// Reads telemetry of one aircraft.
///
/// # Errors
///
/// [`FlownError`] when it has no position, or those of several aircraft.
pub fn read(bytes: &[u8]) -> Result<FlownLog, FlownError> {
    gathered(bytes)?.log(None)
}

pub(super) fn gathered(bytes: &[u8]) -> Result<Gather, FlownError> {
    let mut gather = Gather::default();
    let mut vehicles = Vehicles { better: better(bytes), ..Vehicles::default() };
    let mut frames = Frames { bytes, at: 0 };
    // Behind a damaged frame nobody knows where the next one begins.
    let mut end = Some(0);
    while let Some(frame) = frames.next() {
        let at = LogPlace::Byte(frame.at as u64);
        let time = moment(frame.microseconds());
        if end.is_some_and(|end| end != frame.at) {
            gather.fault(at, time, Flaw::Corrupt(Corrupt::Unreadable("bytes between frames")));
        }
        end = Some(frames.at);
        if !vehicles.take(&frame, (at, time), &mut gather)? {
            frames.at = frame.at + 1;
            end = None;
        }
    }
    if let Some(end) = end.filter(|end| *end < bytes.len()) {
        gather.fault(LogPlace::Byte(end as u64), None, Flaw::Corrupt(Corrupt::Truncated));
    }
    Ok(gather)
}

/// Systems that say a better position than that of their receiver.
fn better(bytes: &[u8]) -> BTreeSet<u8> {
    let frames = Frames { bytes, at: 0 };
    let says = |frame: &Frame<'_>| {
        frame.numbers().is_some_and(|(name, numbers)| name == BETTER && numbers.is_some())
    };
    frames.filter(says).map(|frame| frame.system).collect()
}

const BETTER: &str = "GLOBAL_POSITION_INT";

/// What was heard of every system, for the positions to come.
#[derive(Default)]
pub(super) struct Vehicles {
    better: BTreeSet<u8>,
    beside: BTreeMap<u8, Beside>,
}

#[derive(Default)]
struct Beside {
    attitude: Option<(Timestamp, Attitude)>,
    /// Of the receiver.
    height: Option<(Timestamp, Metres)>,
    pressure_altitude: Option<(Timestamp, Metres)>,
}

impl Vehicles {
    /// Takes the frames of one datagram.
    pub(super) fn hear(
        &mut self,
        datagram: &[u8],
        (at, arrived): (LogPlace, Timestamp),
        gather: &mut Gather,
    ) -> Result<(), FlownError> {
        let mut rest = datagram;
        while let Some((frame, length)) = bare_frame(rest) {
            self.take(&frame, (at, Some(arrived)), gather)?;
            rest = rest.get(length..).unwrap_or_default();
        }
        if !rest.is_empty() {
            gather.fault(at, Some(arrived), Flaw::Corrupt(Corrupt::Truncated));
        }
        Ok(())
    }

    /// Takes a frame; `false` when it is damaged.
    fn take(
        &mut self,
        frame: &Frame<'_>,
        (at, time): (LogPlace, Option<Timestamp>),
        gather: &mut Gather,
    ) -> Result<bool, FlownError> {
        let Some((name, numbers)) = frame.numbers() else { return Ok(true) };
        let Some(numbers) = numbers else {
            gather.fault(at, time, Flaw::Corrupt(Corrupt::Checksum));
            return Ok(false);
        };
        let says_where = name == BETTER || name == "GPS_RAW_INT";
        let Some(time) = time else {
            if says_where {
                gather.fault(at, None, Flaw::NoTime);
            }
            return Ok(true);
        };
        let system = frame.system;
        match (name, numbers.as_slice()) {
            ("GPS_RAW_INT", [.., fix_type]) if *fix_type < THREE_DIMENSIONS => {
                gather.fault(at, Some(time), Flaw::PositionLost(Lost::NoFix));
            }
            ("GPS_RAW_INT", [_, _, _, mm, ..]) if self.better.contains(&system) => {
                let height = Some((time, Metres(mm * 1e-3)));
                self.beside.entry(system).or_default().height = height;
            }
            (BETTER | "GPS_RAW_INT", [_, latitude, longitude, mm, rest @ ..]) => {
                if name == BETTER {
                    self.better.insert(system);
                }
                let height = Metres(mm * 1e-3);
                let mut fix = self.fix(system, time, height);
                fix.place = place(latitude * 1e-7, longitude * 1e-7);
                let above_home = name == BETTER && rest.first() == Some(mm);
                if let Some(flaw) = self.wrong_height(system, time, height, above_home) {
                    gather.fault(at, Some(time), flaw);
                    fix.height = Height::Unknown;
                }
                gather.fix(at, Some(&format!("system {system}")), fix)?;
            }
            _ => self.beside.entry(system).or_default().take(time, name, &numbers),
        }
        Ok(true)
    }

    /// Why a height is not what it says.
    fn wrong_height(
        &self,
        system: u8,
        time: Timestamp,
        height: Metres,
        above_home: bool,
    ) -> Option<Flaw> {
        let receiver = self.beside.get(&system).and_then(|beside| beside.height);
        match receiver.filter(|(then, _)| fresh(*then, time)) {
            Some((_, other)) => {
                let far = Metres((height.0 - other.0).abs());
                (far > APART).then_some(Flaw::HeightsDiffer(far))
            }
            None => above_home.then_some(Flaw::HeightAboveHome),
        }
    }

    /// A fix of a height, without its place.
    fn fix(&self, system: u8, time: Timestamp, height: Metres) -> LogFix {
        let beside = self.beside.get(&system);
        let attitude = beside.and_then(|b| b.attitude).filter(|(then, _)| fresh(*then, time));
        let air = beside.and_then(|b| b.pressure_altitude).filter(|(then, _)| fresh(*then, time));
        LogFix {
            height: Height::AboveSeaLevel(height),
            attitude: attitude.map(|(_, attitude)| attitude),
            pressure_altitude: air.map(|(_, height)| height),
            ..bare_fix(time, place(f64::NAN, f64::NAN))
        }
    }
}

fn fresh(then: Timestamp, now: Timestamp) -> bool {
    apart(then, now).0.abs() <= FRESH.0
}

impl Beside {
    fn take(&mut self, time: Timestamp, name: &str, numbers: &[f64]) {
        match (name, numbers) {
            ("ATTITUDE", [_, roll, pitch, yaw]) => {
                let all = [roll, pitch, yaw].iter().all(|angle| angle.is_finite());
                let attitude = Attitude {
                    heading: Degrees(yaw.to_degrees().rem_euclid(360.0)),
                    pitch: Degrees(pitch.to_degrees()),
                    roll: Degrees(roll.to_degrees()),
                };
                self.attitude = all.then_some((time, attitude));
            }
            ("SCALED_PRESSURE", [_, hpa, ..]) => {
                self.pressure_altitude = pressure_altitude(*hpa).map(|height| (time, height));
            }
            _ => {}
        }
    }
}

#[cfg(test)]
pub(super) mod tests;
