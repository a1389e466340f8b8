//! PX4 `ULog` as positions.
//!
//! ```text
//! fix      vehicle_global_position   lat, lon: °, alt: m above sea level, alt_ellipsoid
//!          vehicle_gps_position      lat, lon: 1e-7°, alt: mm; since PX4 1.14 latitude_deg, longitude_deg, altitude_msl_m
//!                                    in logs that have no other
//! lost     vehicle_gps_position      fix_type below 3
//! beside   vehicle_attitude          q[4]: from the axes of the aircraft to north, east, down
//!          vehicle_air_data          baro_pressure_pa
//! time     timestamp: µs since boot, and time_utc_usec of the first vehicle_gps_position that knows it
//! ```
//!
//! Attitude and pressure are the last before the position, no older than [`FRESH`]. Messages are as in
//! [`flight_log`](crate::flight_log), which has their grammar.
//!
//! PX4 User Guide, "uORB Message Reference", <https://docs.px4.io/main/en/msg_docs/>.

use cathartes_core::{
    flown::{Attitude, Corrupt, Flaw, FlownLog, Height, LogFix, LogPlace, Lost},
    units::{Degrees, Metres, Seconds},
};

use super::{
    FlownError,
    gather::{Gather, bare_fix, moment, place, pressure_altitude},
    mavlink::FRESH,
};
use crate::flight_log::ulog::ULog;

const RECEIVER: &str = "vehicle_gps_position";
/// Receivers with fewer dimensions know no height.
const THREE_DIMENSIONS: f64 = 3.0;

/// Whether it begins like one.
#[must_use]
pub fn is_one(bytes: &[u8]) -> bool {
    ULog::open(bytes.get(..16).unwrap_or_default()).is_some()
}

/// Reads a log.
///
/// # Errors
///
/// [`FlownError`] when it has no position or never knew UTC.
pub fn read(bytes: &[u8]) -> Result<FlownLog, FlownError> {
    gathered(bytes)?.log(None)
}

pub(super) fn gathered(bytes: &[u8]) -> Result<Gather, FlownError> {
    let log = ULog::open(bytes).ok_or(FlownError::NoLog)?;
    let mut gather = Gather::default();
    if let Some(row) = log.cut() {
        gather.fault(LogPlace::Message(row), None, Flaw::Corrupt(Corrupt::Truncated));
    }
    for (row, pause) in log.dropouts() {
        gather.fault(LogPlace::Message(row), None, Flaw::Dropped(pause));
    }
    let positions = positions(&log);
    if !log.utc() && !positions.is_empty() {
        let remedy = "its receiver never knew UTC; give a log that goes on until it does";
        return Err(FlownError::NoTime { remedy });
    }
    losses(&log, &mut gather);
    let mut attitudes = Latest::new(attitudes(&log));
    let mut pressures = Latest::new(pressures(&log));
    for (row, time, [latitude, longitude, height]) in positions {
        let at = LogPlace::Message(row);
        let Some(moment) = moment((time.0 * 1e6) as i64) else {
            gather.fault(at, None, Flaw::NoTime);
            continue;
        };
        let fix = LogFix {
            height: if height.is_finite() {
                Height::AboveSeaLevel(Metres(height))
            } else {
                Height::Unknown
            },
            attitude: attitudes.at(time).map(attitude),
            pressure_altitude: pressures.at(time).and_then(|[pa]| pressure_altitude(pa * 1e-2)),
            ..bare_fix(moment, place(latitude, longitude))
        };
        gather.fix(at, None, fix)?;
    }
    Ok(gather)
}

type Rows<const N: usize> = Vec<(u64, Seconds, [f64; N])>;

/// Degrees, and metres above sea level.
fn positions(log: &ULog<'_>) -> Rows<3> {
    let choices = [
        ("vehicle_global_position", ["lat", "lon", "alt", ""], [1.0, 1.0]),
        (RECEIVER, ["latitude_deg", "longitude_deg", "altitude_msl_m", "fix_type"], [1.0, 1.0]),
        (RECEIVER, ["lat", "lon", "alt", "fix_type"], [1e-7, 1e-3]),
    ];
    let rows = choices.into_iter().map(|(message, fields, [degrees, metres])| -> Rows<3> {
        let rows = log.numbers(message, fields).into_iter().flatten();
        let fixed = rows.filter(|(_, _, [.., fix_type])| !is_lost(*fix_type));
        let scaled = |(row, time, [a, b, h, _]): (u64, Seconds, [f64; 4])| {
            (row, time, [a * degrees, b * degrees, h * metres])
        };
        fixed.map(scaled).collect()
    });
    // A message of another version of PX4 has none of these fields.
    let says = |rows: &Rows<3>| rows.iter().any(|(_, _, [a, b, _])| a.is_finite() && b.is_finite());
    rows.into_iter().find(says).unwrap_or_default()
}

/// NaN is a message without the field.
fn is_lost(fix_type: f64) -> bool {
    fix_type < THREE_DIMENSIONS
}

fn losses(log: &ULog<'_>, gather: &mut Gather) {
    for (row, time, [fix_type]) in log.numbers(RECEIVER, ["fix_type"]).into_iter().flatten() {
        if is_lost(fix_type) {
            let time = moment((time.0 * 1e6) as i64);
            gather.fault(LogPlace::Message(row), time, Flaw::PositionLost(Lost::NoFix));
        }
    }
}

fn attitudes(log: &ULog<'_>) -> Rows<4> {
    let fields = ["q[0]", "q[1]", "q[2]", "q[3]"];
    log.numbers("vehicle_attitude", fields).into_iter().flatten().collect()
}

fn pressures(log: &ULog<'_>) -> Rows<1> {
    log.numbers("vehicle_air_data", ["baro_pressure_pa"]).into_iter().flatten().collect()
}

/// Heading, pitch and roll of a rotation from the axes of an aircraft (forward, right, down) to
/// north, east, down.
fn attitude([w, x, y, z]: [f64; 4]) -> Attitude {
    let heading = (2.0 * (w * z + x * y)).atan2(1.0 - 2.0 * (y * y + z * z));
    let pitch = (2.0 * (w * y - z * x)).clamp(-1.0, 1.0).asin();
    let roll = (2.0 * (w * x + y * z)).atan2(1.0 - 2.0 * (x * x + y * y));
    Attitude {
        heading: Degrees(heading.to_degrees().rem_euclid(360.0)),
        pitch: Degrees(pitch.to_degrees()),
        roll: Degrees(roll.to_degrees()),
    }
}

/// The last row before a time, asked for by rising times.
struct Latest<const N: usize> {
    rows: Rows<N>,
    next: usize,
}

impl<const N: usize> Latest<N> {
    fn new(mut rows: Rows<N>) -> Self {
        rows.retain(|(_, time, values)| time.0.is_finite() && values.iter().all(|v| v.is_finite()));
        rows.sort_by(|a, b| a.1.0.total_cmp(&b.1.0));
        Self { rows, next: 0 }
    }

    fn at(&mut self, time: Seconds) -> Option<[f64; N]> {
        while self.rows.get(self.next).is_some_and(|row| row.1 <= time) {
            self.next += 1;
        }
        let (_, then, values) = self.rows.get(self.next.checked_sub(1)?)?;
        ((time.0 - then.0).abs() <= FRESH.0).then_some(*values)
    }
}

#[cfg(test)]
mod tests;
