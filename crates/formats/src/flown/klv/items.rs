//! What is read of the items of a packet.
//!
//! | item | is | bytes | from, to |
//! |---|---|---|---|
//! | 2 | time, µs since 1970 | 8 | |
//! | 4, 10 | number and kind of the aircraft | text | |
//! | 5; 6, 7 | heading; pitch, roll | 2 | 0, 360; ±20, ±50 |
//! | 90, 91 | pitch, roll in full, before 6 and 7 | 4 | ±90 |
//! | 13, 14; 15 | latitude, longitude; height above sea level of the sensor | 4; 2 | ±90, ±180; −900, 19,000 |
//! | 16, 17 | horizontal, vertical field of view | 2 | 0, 180 |
//! | 18, 19, 20 | azimuth, elevation, roll of the sensor against the aircraft | 4 | 0, 360; ±180; 0, 360 |
//! | 21 | slant range | 4 | 0, 5,000,000 |
//! | 23, 24; 25 | latitude, longitude; height of the centre of the frame | 4; 2 | as 13, 14; 15 |
//! | 26 to 33 | corners 1 to 4 less the centre, latitude and longitude | 2 | ±0.075 |
//! | 37 | static pressure, mbar | 2 | 0, 5000 |
//! | 75 | height above the ellipsoid | 2 | −900, 19,000 |
//! | 82 to 89 | corners in full, before 26 to 33 | 4 | as 13, 14 |
//! | 136 | what to add to 2 for UTC, s | 1 to 4 | |
//!
//! A number of `n` bits without a sign goes evenly from its lowest to its highest value; with a sign it
//! is a share of 2ⁿ⁻¹ − 1, and −2ⁿ⁻¹ says that the value is not known. An item of another length is not
//! known either. All other items (version 65 among them) are passed over. Time counts no leap
//! seconds, as writers of item 2 do that have no item 136.

use cathartes_core::{
    flown::{Attitude, Flaw, Height, LogFix, LogPlace, Lost, View},
    geometry::LatLon,
    units::{Degrees, Metres},
};
use jiff::Timestamp;

use super::{
    super::{
        FlownError,
        gather::{Gather, bare_fix, moment, place, pressure_altitude},
    },
    KEY, length, security, tlv,
};

/// How the number of an item is to be read.
#[derive(Clone, Copy)]
enum Scale {
    /// Of so many bytes, from, to.
    Plain(usize, f64, f64),
    /// Of so many bytes, the highest.
    Signed(usize, f64),
}
use Scale::{Plain, Signed};

fn scale(tag: u64) -> Option<Scale> {
    Some(match tag {
        5 => Plain(2, 0.0, 360.0),
        6 => Signed(2, 20.0),
        7 => Signed(2, 50.0),
        13 | 23 | 82 | 84 | 86 | 88 | 90 | 91 => Signed(4, 90.0),
        14 | 19 | 24 | 83 | 85 | 87 | 89 => Signed(4, 180.0),
        15 | 25 | 75 => Plain(2, -900.0, 19_000.0),
        16 | 17 => Plain(2, 0.0, 180.0),
        18 | 20 => Plain(4, 0.0, 360.0),
        21 => Plain(4, 0.0, 5e6),
        26..=33 => Signed(2, 0.075),
        37 => Plain(2, 0.0, 5000.0),
        _ => return None,
    })
}

const TAGS: usize = 92;

/// One packet.
struct Items<'b> {
    /// By tag; NaN: not known.
    numbers: [f64; TAGS],
    /// Whether it has items of its place, known or not.
    says_where: bool,
    microseconds: Option<i64>,
    leap_seconds: i64,
    number: Option<&'b [u8]>,
    kind: Option<&'b [u8]>,
    security: Option<&'b [u8]>,
}

pub(super) fn take(packet: &[u8], at: LogPlace, gather: &mut Gather) -> Result<(), FlownError> {
    let items = Items::read(packet);
    let time = items.time();
    if let Some(set) = items.security {
        gather.handle(at, time, security::read(set));
    }
    let (Some(latitude), Some(longitude)) = (items.get(13), items.get(14)) else {
        let lost = if items.says_where { Lost::NotANumber } else { Lost::Absent };
        gather.fault(at, time, Flaw::PositionLost(lost));
        return Ok(());
    };
    let Some(time) = time else {
        gather.fault(at, None, Flaw::NoTime);
        return Ok(());
    };
    let fix = items.fix(time, place(latitude, longitude));
    gather.fix(at, items.platform().as_deref(), fix)
}

impl<'b> Items<'b> {
    fn read(packet: &'b [u8]) -> Self {
        let mut items = Self {
            numbers: [f64::NAN; TAGS],
            says_where: false,
            microseconds: None,
            leap_seconds: 0,
            number: None,
            kind: None,
            security: None,
        };
        let body = packet.get(KEY.len()..).and_then(length).map_or(&[][..], |(_, body)| body);
        for (tag, value) in tlv(body) {
            items.take(tag, value);
        }
        items
    }

    fn take(&mut self, tag: u64, value: &'b [u8]) {
        match tag {
            2 => {
                let bytes = value.try_into().map(u64::from_be_bytes).ok();
                self.microseconds = bytes.and_then(|us| i64::try_from(us).ok());
            }
            4 => self.number = Some(value),
            10 => self.kind = Some(value),
            48 => self.security = Some(value),
            136 if (1..=4).contains(&value.len()) => self.leap_seconds = signed(value),
            _ => {
                let slot = usize::try_from(tag).ok().and_then(|tag| self.numbers.get_mut(tag));
                if let (Some(slot), Some(scale)) = (slot, scale(tag)) {
                    *slot = scaled(scale, value).unwrap_or(f64::NAN);
                    self.says_where |= matches!(tag, 13 | 14);
                }
            }
        }
    }

    fn get(&self, tag: usize) -> Option<f64> {
        self.numbers.get(tag).copied().filter(|value| value.is_finite())
    }

    fn time(&self) -> Option<Timestamp> {
        moment(self.microseconds?.checked_add(self.leap_seconds * 1_000_000)?)
    }

    fn platform(&self) -> Option<String> {
        let text = |bytes: Option<&[u8]>| {
            let text = String::from_utf8_lossy(bytes?).trim().to_owned();
            (!text.is_empty()).then_some(text)
        };
        match (text(self.kind), text(self.number)) {
            (Some(kind), Some(number)) => Some(format!("{kind} {number}")),
            (kind, number) => kind.or(number),
        }
    }

    fn fix(&self, time: Timestamp, place: LatLon) -> LogFix {
        let sea = self.get(15).map(|m| Height::AboveSeaLevel(Metres(m)));
        let ellipsoid = || self.get(75).map(|m| Height::AboveEllipsoid(Metres(m)));
        let pitch = self.get(90).or(self.get(6));
        let roll = self.get(91).or(self.get(7));
        let attitude = self.get(5).zip(pitch).zip(roll).map(|((heading, pitch), roll)| Attitude {
            heading: Degrees(heading),
            pitch: Degrees(pitch),
            roll: Degrees(roll),
        });
        let view = self.view();
        LogFix {
            height: sea.or_else(ellipsoid).unwrap_or(Height::Unknown),
            pressure_altitude: self.get(37).and_then(pressure_altitude),
            attitude,
            view: (view != View::default()).then(|| Box::new(view)),
            ..bare_fix(time, place)
        }
    }

    fn view(&self) -> View {
        let degrees = |tag| self.get(tag).map(Degrees);
        let centre = self.get(23).zip(self.get(24));
        View {
            azimuth: degrees(18),
            elevation: degrees(19),
            roll: degrees(20),
            horizontal_field: degrees(16),
            vertical_field: degrees(17),
            slant_range: self.get(21).map(Metres),
            centre: centre.map(|(latitude, longitude)| place(latitude, longitude)),
            centre_height: self.get(25).map(Metres),
            corners: self
                .corners(82, (0.0, 0.0))
                .or_else(|| centre.and_then(|centre| self.corners(26, centre))),
        }
    }

    /// Four corners from the first of their tags on.
    fn corners(&self, first: usize, (latitude, longitude): (f64, f64)) -> Option<[LatLon; 4]> {
        let corner = |i: usize| {
            let (north, east) = self.get(first + 2 * i).zip(self.get(first + 2 * i + 1))?;
            // Across the antimeridian an offset leaves the circle.
            let east = (longitude + east + 180.0).rem_euclid(360.0) - 180.0;
            Some(place(latitude + north, east))
        };
        Some([corner(0)?, corner(1)?, corner(2)?, corner(3)?])
    }
}

fn signed(value: &[u8]) -> i64 {
    let negative = value.first().is_some_and(|byte| byte & 0x80 != 0);
    let start = if negative { -1 } else { 0 };
    value.iter().fold(start, |sum: i64, byte| sum << 8 | i64::from(*byte))
}

fn scaled(scale: Scale, value: &[u8]) -> Option<f64> {
    match scale {
        Plain(bytes, from, to) if bytes == value.len() => {
            let number = value.iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
            let most = 2_f64.powi(8 * bytes as i32) - 1.0;
            Some(from + number as f64 * ((to - from) / most))
        }
        Signed(bytes, highest) if bytes == value.len() => {
            let most = 2_f64.powi(8 * bytes as i32 - 1) - 1.0;
            let number = signed(value) as f64;
            (number >= -most).then_some(number * (highest / most))
        }
        Plain(..) | Signed(..) => None,
    }
}
