//! PX4 `ULog`: a header, then messages that describe themselves.
//!
//! ```text
//! file     55 4C 6F 67 01 12 35  version  start: u64 LE, µs since boot   message...
//! message  length: u16 LE  kind: u8  length bytes
//! kind     F  "name:type field;type[n] field;..."     what a name holds
//!          A  instance: u8  id: u16 LE  name          the name behind an id
//!          D  id: u16 LE  fields                      data, first `timestamp`, µs since boot
//!          O  duration: u16 LE, ms                    the logger wrote nothing for so long
//! ```
//!
//! All else is passed over. A type is a number, `bool`, `char` or the name of another format, whose
//! fields then lie there one after the other. Trailing padding is not written. Of several instances
//! the one numbered 0 counts. UTC comes from `vehicle_gps_position.time_utc_usec`.
//!
//! PX4 User Guide, "`ULog` File Format", <https://docs.px4.io/main/en/dev_log/ulog_file_format.html>.

use std::collections::BTreeMap;

use cathartes_core::units::Seconds;

use super::{FlightLogError, Sample, Usual, Wanted};

pub(super) const POSITIONS: [Usual; 2] = [
    ("vehicle_global_position", ["lat", "lon", "alt"], 1.0, 1.0, false),
    ("vehicle_gps_position", ["lat", "lon", "alt"], 1e-7, 1e-3, false),
];

const MAGIC: [u8; 7] = [0x55, 0x4C, 0x6F, 0x67, 0x01, 0x12, 0x35];
const HEADER_BYTES: usize = 16;
/// Formats in formats.
const DEEPEST: usize = 8;
/// Names of the list in an error.
const MOST_NAMES: usize = 40;

pub(crate) struct ULog<'b> {
    bytes: &'b [u8],
    formats: BTreeMap<&'b str, &'b str>,
    /// Instance 0 of every name.
    ids: BTreeMap<&'b str, u16>,
    /// UTC less time since boot.
    offset: Option<Seconds>,
}

/// Where a field lies and what it is.
#[derive(Clone, Copy)]
struct Field<'b> {
    at: usize,
    kind: &'b str,
    count: usize,
}

impl<'b> ULog<'b> {
    pub(crate) fn open(bytes: &'b [u8]) -> Option<Self> {
        let rest = bytes.strip_prefix(&MAGIC)?;
        rest.get(..HEADER_BYTES - MAGIC.len())?;
        let (mut formats, mut ids) = (BTreeMap::new(), BTreeMap::new());
        for (_, kind, body) in messages(bytes) {
            match kind {
                b'F' => {
                    let text = std::str::from_utf8(body).ok();
                    formats.extend(text.and_then(|text| text.split_once(':')));
                }
                b'A' => {
                    if let [0, low, high, name @ ..] = body
                        && let Ok(name) = std::str::from_utf8(name)
                    {
                        ids.entry(name).or_insert(u16::from_le_bytes([*low, *high]));
                    }
                }
                _ => {}
            }
        }
        let mut log = Self { bytes, formats, ids, offset: None };
        log.offset = log.utc_offset();
        Some(log)
    }

    pub(crate) fn utc(&self) -> bool {
        self.offset.is_some()
    }

    /// From the first fix that knows the time.
    fn utc_offset(&self) -> Option<Seconds> {
        let wanted = Wanted {
            message: "vehicle_gps_position".to_owned(),
            fields: vec!["time_utc_usec".to_owned()],
            only: None,
        };
        let fixes = self.samples(&wanted).ok()?;
        let known = fixes.iter().find(|fix| fix.values[0] > 0.0)?;
        Some(Seconds(known.values[0] * 1e-6 - known.time.0))
    }

    pub(super) fn samples(&self, wanted: &Wanted) -> Result<Vec<Sample>, FlightLogError> {
        let unknown = |name: &str, known: Vec<&str>| FlightLogError::Unknown {
            name: name.to_owned(),
            known: known[..known.len().min(MOST_NAMES)].join(", "),
        };
        let message = wanted.message.as_str();
        let id = self
            .ids
            .get(message)
            .ok_or_else(|| unknown(message, self.ids.keys().copied().collect()))?;
        let field = |name: &str| {
            self.field(message, name).ok_or_else(|| unknown(name, self.fields(message)))
        };
        let time = field("timestamp")?;
        let places: Vec<Field<'_>> =
            wanted.fields.iter().map(|name| field(name)).collect::<Result<_, _>>()?;
        let only = wanted.only.as_ref().map(|(name, text)| Ok((field(name)?, text))).transpose()?;
        let mine = messages(self.bytes).filter_map(|(row, kind, body)| {
            let (own, data) = body.split_first_chunk::<2>()?;
            (kind == b'D' && u16::from_le_bytes(*own) == *id).then_some((row, data))
        });
        let samples = mine.filter_map(|(row, data)| {
            if only.is_some_and(|(field, text)| text_at(data, field) != *text) {
                return None;
            }
            let mut values = [f64::NAN; 3];
            for (value, field) in values.iter_mut().zip(&places) {
                *value = number_at(data, *field);
            }
            let time = number_at(data, time) * 1e-6 + self.offset.unwrap_or_default().0;
            time.is_finite().then_some(Sample { row, time: Seconds(time), values })
        });
        Ok(samples.collect())
    }

    /// How-manieth of the log, time and numbers of every message of a name, NaN where it has no such
    /// field; `None` when the log has no such message.
    pub(crate) fn numbers<const N: usize>(
        &self,
        message: &str,
        names: [&str; N],
    ) -> Option<impl Iterator<Item = (u64, Seconds, [f64; N])>> {
        let id = *self.ids.get(message)?;
        let time = self.field(message, "timestamp")?;
        let fields = names.map(|name| self.field(message, name));
        let offset = self.offset.unwrap_or_default().0;
        Some(messages(self.bytes).filter_map(move |(row, kind, body)| {
            let (own, data) = body.split_first_chunk::<2>()?;
            let time = Seconds(number_at(data, time) * 1e-6 + offset);
            let number = |field: Option<Field<'_>>| field.map_or(f64::NAN, |f| number_at(data, f));
            (kind == b'D' && u16::from_le_bytes(*own) == id)
                .then(|| (row, time, fields.map(number)))
        }))
    }

    /// Number of every message that tells of a pause of the logger, and the pause.
    pub(crate) fn dropouts(&self) -> impl Iterator<Item = (u64, Seconds)> {
        messages(self.bytes).filter_map(|(row, kind, body)| match (kind, body) {
            (b'O', [low, high]) => {
                Some((row, Seconds(f64::from(u16::from_le_bytes([*low, *high])) * 1e-3)))
            }
            _ => None,
        })
    }

    /// Number of the message that the end of the file cuts.
    pub(crate) fn cut(&self) -> Option<u64> {
        let (count, length) = messages(self.bytes)
            .fold((0, HEADER_BYTES), |(_, at), (row, _, body)| (row, at + 3 + body.len()));
        (length < self.bytes.len()).then_some(count + 1)
    }

    fn fields(&self, message: &str) -> Vec<&'b str> {
        let format = self.formats.get(message).copied().unwrap_or_default();
        fields(format).map(|(_, _, name)| name).filter(|name| !name.starts_with('_')).collect()
    }

    /// A field, or an element of one: `name[2]`.
    fn field(&self, message: &str, name: &str) -> Option<Field<'b>> {
        let (name, element) = match name.split_once('[') {
            Some((name, index)) => (name, index.strip_suffix(']')?.parse::<usize>().ok()?),
            None => (name, 0),
        };
        let mut at = 0;
        for (kind, count, own) in fields(self.formats.get(message)?) {
            let size = self.size(kind, DEEPEST)?;
            if own == name {
                let skipped = element.checked_mul(size)?;
                return (element < count).then_some(Field { at: at + skipped, kind, count });
            }
            at += size.checked_mul(count)?;
        }
        None
    }

    /// Bytes of a type.
    fn size(&self, kind: &str, deep: usize) -> Option<usize> {
        match kind {
            "int8_t" | "uint8_t" | "bool" | "char" => Some(1),
            "int16_t" | "uint16_t" => Some(2),
            "int32_t" | "uint32_t" | "float" => Some(4),
            "int64_t" | "uint64_t" | "double" => Some(8),
            other => {
                let deep = deep.checked_sub(1)?;
                let format = self.formats.get(other)?;
                // No message is longer than its length can say, and nothing in it has no length: so
                // formats in formats cannot make this long.
                let add = |sum: usize, (kind, count, _): (_, usize, _)| {
                    let size =
                        self.size(kind, deep)?.checked_mul(count).filter(|size| *size > 0)?;
                    sum.checked_add(size).filter(|sum| u16::try_from(*sum).is_ok())
                };
                fields(format).try_fold(0, add).filter(|size| *size > 0)
            }
        }
    }
}

/// Type, count and name of every field; of one that cannot be read, a type that nobody knows.
fn fields(format: &str) -> impl Iterator<Item = (&str, usize, &str)> {
    let read = |field| {
        let (kind, name) = str::split_once(field, ' ')?;
        match kind.split_once('[') {
            Some((kind, count)) => Some((kind, count.strip_suffix(']')?.parse().ok()?, name)),
            None => Some((kind, 1, name)),
        }
    };
    let all = format.split(';').map(str::trim).filter(|field| !field.is_empty());
    all.map(move |field| read(field).unwrap_or(("", 1, "")))
}

/// Number from 1, kind and body of every message.
fn messages(bytes: &[u8]) -> impl Iterator<Item = (u64, u8, &[u8])> {
    let mut rest = bytes.get(HEADER_BYTES..).unwrap_or_default();
    (1..)
        .zip(std::iter::from_fn(move || {
            let ([low, high, kind], after) = rest.split_first_chunk::<3>()?;
            let body = after.split_at_checked(usize::from(u16::from_le_bytes([*low, *high])))?;
            rest = body.1;
            Some((*kind, body.0))
        }))
        .map(|(row, (kind, body))| (row, kind, body))
}

fn number_at(data: &[u8], field: Field<'_>) -> f64 {
    let rest = data.get(field.at..).unwrap_or_default();
    let read = || {
        Some(match field.kind {
            "uint8_t" | "bool" | "char" => f64::from(*rest.first()?),
            "int8_t" => f64::from(rest.first()?.cast_signed()),
            "uint16_t" => u16::from_le_bytes(*rest.first_chunk()?).into(),
            "int16_t" => i16::from_le_bytes(*rest.first_chunk()?).into(),
            "uint32_t" => u32::from_le_bytes(*rest.first_chunk()?).into(),
            "int32_t" => i32::from_le_bytes(*rest.first_chunk()?).into(),
            "uint64_t" => u64::from_le_bytes(*rest.first_chunk()?) as f64,
            "int64_t" => i64::from_le_bytes(*rest.first_chunk()?) as f64,
            "float" => f32::from_le_bytes(*rest.first_chunk()?).into(),
            "double" => f64::from_le_bytes(*rest.first_chunk()?),
            _ => return None,
        })
    };
    read().unwrap_or(f64::NAN)
}

fn text_at(data: &[u8], field: Field<'_>) -> String {
    if field.kind != "char" {
        return number_at(data, field).to_string();
    }
    let letters = data.get(field.at..).unwrap_or_default();
    let letters = letters.get(..field.count).unwrap_or(letters);
    let end = letters.iter().position(|byte| *byte == 0).unwrap_or(letters.len());
    String::from_utf8_lossy(letters.get(..end).unwrap_or_default()).trim().to_owned()
}
