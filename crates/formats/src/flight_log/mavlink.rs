//! `MAVLink` telemetry as ground stations log it: for each message its time of arrival, then its frame.
//!
//! ```text
//! log     time: u64 BE, µs since 1970   frame
//! frame   FE  length  sequence  system  component  message: u8       payload  checksum: u16 LE
//!         FD  length  flags  flags  sequence  system  component
//!                                       message: u24 LE  payload  checksum: u16 LE  [signature: 13, flag 1]
//! ```
//!
//! The checksum is CRC-16/MCRF4XX over all between first byte and checksum, and one byte that
//! belongs to the message. Trailing zeros of a payload may be missing in `FD` frames. Of the several
//! hundred messages we know those of [`MESSAGES`]; a frame whose checksum is wrong is passed over,
//! and what is between frames too.
//!
//! `MAVLink` Developer Guide, "Packet Serialization", <https://mavlink.io/en/guide/serialization.html>.

use cathartes_core::units::Seconds;

use super::{FlightLogError, Sample, Usual, Wanted};

pub(super) const POSITIONS: [Usual; 2] = [
    ("GLOBAL_POSITION_INT", ["lat", "lon", "relative_alt"], 1e-7, 1e-3, true),
    ("GPS_RAW_INT", ["lat", "lon", "alt"], 1e-7, 1e-3, false),
];

/// How a number lies in a payload, little endian.
#[derive(Clone, Copy)]
enum Number {
    U8,
    U16,
    I16,
    U32,
    I32,
    U64,
    F32,
    Text(usize),
}
use Number::{F32, I16, I32, Text, U8, U16, U32, U64};

/// Name, number, its byte of the checksum, and fields with their offsets.
type Message = (&'static str, u32, u8, &'static [(&'static str, usize, Number)]);

/// What a gas sensor may be logged under, and where the vehicle was.
const MESSAGES: [Message; 9] = [
    (
        "GPS_RAW_INT",
        24,
        24,
        &[
            ("time_usec", 0, U64),
            ("lat", 8, I32),
            ("lon", 12, I32),
            ("alt", 16, I32),
            ("fix_type", 28, U8),
        ],
    ),
    (
        "SCALED_PRESSURE",
        29,
        115,
        &[
            ("time_boot_ms", 0, U32),
            ("press_abs", 4, F32),
            ("press_diff", 8, F32),
            ("temperature", 12, I16),
        ],
    ),
    (
        "ATTITUDE",
        30,
        39,
        &[("time_boot_ms", 0, U32), ("roll", 4, F32), ("pitch", 8, F32), ("yaw", 12, F32)],
    ),
    (
        "GLOBAL_POSITION_INT",
        33,
        104,
        &[
            ("time_boot_ms", 0, U32),
            ("lat", 4, I32),
            ("lon", 8, I32),
            ("alt", 12, I32),
            ("relative_alt", 16, I32),
            ("vx", 20, I16),
            ("vy", 22, I16),
            ("vz", 24, I16),
            ("hdg", 26, U16),
        ],
    ),
    (
        "VFR_HUD",
        74,
        20,
        &[
            ("airspeed", 0, F32),
            ("groundspeed", 4, F32),
            ("alt", 8, F32),
            ("climb", 12, F32),
            ("heading", 16, I16),
        ],
    ),
    (
        "DEBUG_VECT",
        250,
        49,
        &[
            ("time_usec", 0, U64),
            ("x", 8, F32),
            ("y", 12, F32),
            ("z", 16, F32),
            ("name", 20, Text(10)),
        ],
    ),
    (
        "NAMED_VALUE_FLOAT",
        251,
        170,
        &[("time_boot_ms", 0, U32), ("value", 4, F32), ("name", 8, Text(10))],
    ),
    (
        "NAMED_VALUE_INT",
        252,
        44,
        &[("time_boot_ms", 0, U32), ("value", 4, I32), ("name", 8, Text(10))],
    ),
    ("DEBUG", 254, 46, &[("time_boot_ms", 0, U32), ("value", 4, F32), ("ind", 8, U8)]),
];
const TIME_BYTES: usize = 8;
/// The longest payload of any message.
const LONGEST: usize = 255;

pub(super) struct Telemetry<'b>(&'b [u8]);

impl<'b> Telemetry<'b> {
    /// Telemetry begins with a frame.
    pub(super) fn open(bytes: &'b [u8]) -> Option<Self> {
        Frames { bytes, at: 0 }.next().filter(|frame| frame.at == 0)?;
        Some(Self(bytes))
    }

    pub(super) fn samples(&self, wanted: &Wanted) -> Result<Vec<Sample>, FlightLogError> {
        let message = MESSAGES.iter().find(|message| message.0 == wanted.message);
        let names = || MESSAGES.map(|message| message.0).join(", ");
        let unknown = |name: &str, known| FlightLogError::Unknown { name: name.to_owned(), known };
        let &(_, number, extra, fields) =
            message.ok_or_else(|| unknown(&wanted.message, names()))?;
        let field = |name: &String| {
            let found = fields.iter().find(|field| field.0 == name);
            let known = || fields.iter().map(|field| field.0).collect::<Vec<_>>().join(", ");
            found.map(|field| (field.1, field.2)).ok_or_else(|| unknown(name, known()))
        };
        let places: Vec<_> = wanted.fields.iter().map(field).collect::<Result<_, _>>()?;
        let only = wanted.only.as_ref().map(|(name, text)| Ok((field(name)?, text))).transpose()?;
        let frames = Frames { bytes: self.0, at: 0 };
        let mine = (1..).zip(frames).filter(|(_, f)| f.message == number && f.whole(extra));
        let samples = mine.filter_map(|(row, frame)| {
            let payload = frame.payload();
            let fits =
                |((at, kind), said): ((usize, Number), &String)| text(&payload, at, kind) == *said;
            if !only.is_none_or(fits) {
                return None;
            }
            let mut values = [f64::NAN; 3];
            for (value, (at, kind)) in values.iter_mut().zip(&places) {
                *value = number_at(&payload, *at, *kind);
            }
            Some(Sample { row, time: frame.time, values })
        });
        Ok(samples.collect())
    }
}

pub(crate) struct Frames<'b> {
    pub(crate) bytes: &'b [u8],
    pub(crate) at: usize,
}

pub(crate) struct Frame<'b> {
    pub(crate) at: usize,
    /// Of arrival.
    time: Seconds,
    pub(crate) system: u8,
    message: u32,
    /// Header after the first byte, and payload: what the checksum is of.
    checked: &'b [u8],
    body: &'b [u8],
    checksum: [u8; 2],
}

impl<'b> Iterator for Frames<'b> {
    type Item = Frame<'b>;

    fn next(&mut self) -> Option<Frame<'b>> {
        while self.at + TIME_BYTES < self.bytes.len() {
            if let Some((frame, length)) = frame(self.bytes, self.at) {
                self.at += length;
                return Some(frame);
            }
            self.at += 1;
        }
        None
    }
}

/// The frame whose time begins at a byte, and the length of both.
fn frame(bytes: &[u8], at: usize) -> Option<(Frame<'_>, usize)> {
    let (time, rest) = bytes.get(at..)?.split_first_chunk::<TIME_BYTES>()?;
    let (frame, length) = bare_frame(rest)?;
    let time = Seconds(u64::from_be_bytes(*time) as f64 * 1e-6);
    Some((Frame { at, time, ..frame }, TIME_BYTES + length))
}

/// The frame that begins here, as a vehicle sends it: without a time. And its length.
pub(crate) fn bare_frame(rest: &[u8]) -> Option<(Frame<'_>, usize)> {
    let length = usize::from(*rest.get(1)?);
    let byte = |i: usize| rest.get(i).map(|byte| u32::from(*byte));
    let (head, system, message, signature) = match rest.first()? {
        0xFE => (6, rest.get(3)?, byte(5)?, 0),
        0xFD => {
            let signed = rest.get(2)? & 1 == 1;
            let message = byte(7)? | byte(8)? << 8 | byte(9)? << 16;
            (10, rest.get(5)?, message, if signed { 13 } else { 0 })
        }
        _ => return None,
    };
    let checked = rest.get(1..head + length)?;
    let checksum = *rest.get(head + length..)?.first_chunk::<2>()?;
    let body = rest.get(head..head + length)?;
    let time = Seconds::default();
    let frame = Frame { at: 0, time, system: *system, message, checked, body, checksum };
    Some((frame, head + length + 2 + signature))
}

impl Frame<'_> {
    /// Microseconds since 1970, of arrival.
    pub(crate) fn microseconds(&self) -> i64 {
        (self.time.0 * 1e6) as i64
    }

    /// Name and numbers of a message that is known here, in the order of its fields; `None` in their
    /// place when it is damaged.
    pub(crate) fn numbers(&self) -> Option<(&'static str, Option<Vec<f64>>)> {
        let (name, _, extra, fields) = MESSAGES.iter().find(|known| known.1 == self.message)?;
        let payload = self.payload();
        let read = || fields.iter().map(|(_, at, kind)| number_at(&payload, *at, *kind)).collect();
        Some((name, self.whole(*extra).then(read)))
    }

    fn whole(&self, extra: u8) -> bool {
        let crc = self.checked.iter().chain([&extra]).fold(0xFFFF_u16, |crc, byte| add(crc, *byte));
        crc == u16::from_le_bytes(self.checksum)
    }

    /// With the zeros that were not sent.
    fn payload(&self) -> [u8; LONGEST] {
        let mut payload = [0; LONGEST];
        payload.iter_mut().zip(self.body).for_each(|(to, from)| *to = *from);
        payload
    }
}

/// One byte more in a CRC-16/MCRF4XX.
fn add(crc: u16, byte: u8) -> u16 {
    let low = byte ^ (crc & 0xFF) as u8;
    let low = u16::from(low ^ (low << 4));
    (crc >> 8) ^ (low << 8) ^ (low << 3) ^ (low >> 4)
}

fn number_at(payload: &[u8], at: usize, kind: Number) -> f64 {
    let rest = payload.get(at..).unwrap_or_default();
    let two = || rest.first_chunk::<2>().copied().unwrap_or_default();
    let four = || rest.first_chunk::<4>().copied().unwrap_or_default();
    match kind {
        U8 => rest.first().copied().unwrap_or_default().into(),
        U16 => u16::from_le_bytes(two()).into(),
        I16 => i16::from_le_bytes(two()).into(),
        U32 => u32::from_le_bytes(four()).into(),
        I32 => i32::from_le_bytes(four()).into(),
        U64 => u64::from_le_bytes(rest.first_chunk::<8>().copied().unwrap_or_default()) as f64,
        F32 => f32::from_le_bytes(four()).into(),
        Text(_) => f64::NAN,
    }
}

fn text(payload: &[u8], at: usize, kind: Number) -> String {
    let Text(length) = kind else { return number_at(payload, at, kind).to_string() };
    let letters = payload.get(at..at + length).unwrap_or_default();
    let end = letters.iter().position(|byte| *byte == 0).unwrap_or(letters.len());
    String::from_utf8_lossy(&letters[..end]).trim().to_owned()
}
