//! The gas library: cross-sections of many gases in one compact file, one copy of it built in.
//!
//! ```text
//! "CGL1"  inflated length: u32 LE  zlib( header length: u32 LE  header: JSON  high bytes  low bytes )
//! ```
//!
//! A cross-section is a 16-bit code on a logarithmic scale of its segment, 0 for none,
//!
//! ```text
//! σ(k) = exp(low + (k − 1) · rung),   k = 1..65535,
//! ```
//!
//! so that the relative error is at most half a rung: below [`RELATIVE_ERROR`]. Values under
//! [`FLOOR_CM2`] become 0: at 50,000 ppm m they would absorb 1e-7 of the light. Codes are stored as
//! differences from their predecessor, all high bytes before all low ones, which deflates better.
//!
//! Reading allocates at most [`MAX_INFLATED`] bytes and four times that for the numbers.

use std::{
    io::{Read, Write},
    sync::OnceLock,
};

use cathartes_core::{
    gas::{CrossSection, Gas, Segment},
    units::{Kelvin, PerCm},
};
use serde::{Deserialize, Serialize};

/// Largest relative error of a stored cross-section.
pub const RELATIVE_ERROR: f64 = 2.5e-4;
/// Cross-sections below this, cm² per molecule, are stored as none.
pub const FLOOR_CM2: f64 = 1e-27;
/// Bytes a library may unpack to.
pub const MAX_INFLATED: usize = 32 << 20;

const MAGIC: &[u8; 4] = b"CGL1";
const TOP_CODE: f64 = 65_534.0;

/// Why bytes are not a gas library.
#[derive(Debug, thiserror::Error)]
pub enum GasLibraryError {
    /// Other first bytes.
    #[error("not a gas library: it does not begin with `CGL1`")]
    NotALibrary,
    /// The stream ends early, is damaged, or is longer than it says.
    #[error("the packed part of the gas library is damaged; copy the file again")]
    Damaged,
    /// The header is not the JSON we write.
    #[error("the header of the gas library cannot be read: {0}")]
    Header(#[from] serde_json::Error),
    /// A segment that cannot be.
    #[error("`{gas}`: tabulated range {segment} (from 1) {fault}")]
    Segment {
        /// Slug of the gas.
        gas: String,
        /// Which of its ranges.
        segment: usize,
        /// What is wrong.
        fault: &'static str,
    },
    /// The numbers promised by the header and those present differ.
    #[error("the header of the gas library promises {promised} numbers, it holds {present}")]
    Count {
        /// By the header.
        promised: usize,
        /// In the file.
        present: usize,
    },
}

#[derive(Serialize, Deserialize)]
struct Entry {
    gas: Gas,
    temperature: Kelvin,
    source: String,
    citation: String,
    terms: String,
    segments: Vec<Head>,
}

#[derive(Serialize, Deserialize, Clone, Copy)]
struct Head {
    start: PerCm,
    step: PerCm,
    count: usize,
    /// ln of the smallest non-zero value.
    low: f64,
    /// ln from one code to the next.
    rung: f64,
}

/// The library inside the executable.
#[must_use]
pub fn builtin() -> &'static [CrossSection] {
    static LIBRARY: OnceLock<Vec<CrossSection>> = OnceLock::new();
    // A damaged copy cannot be built: the tests read it.
    LIBRARY.get_or_init(|| parse(include_bytes!("../data/gases.bin")).unwrap_or_default())
}

/// Reads a library.
///
/// # Errors
///
/// [`GasLibraryError`] when the bytes are not a whole library.
pub fn parse(bytes: &[u8]) -> Result<Vec<CrossSection>, GasLibraryError> {
    let plain = inflate(bytes)?;
    let (length, rest) = plain.split_first_chunk::<4>().ok_or(GasLibraryError::Damaged)?;
    let length = u32::from_le_bytes(*length) as usize;
    let (header, codes) = rest.split_at_checked(length).ok_or(GasLibraryError::Damaged)?;
    let entries: Vec<Entry> = serde_json::from_slice(header)?;

    let promised = entries
        .iter()
        .flat_map(|e| &e.segments)
        .fold(0_usize, |sum, head| sum.saturating_add(head.count));
    if promised.checked_mul(2) != Some(codes.len()) {
        return Err(GasLibraryError::Count { promised, present: codes.len() / 2 });
    }
    let (high, low) = codes.split_at(promised);
    let mut pairs = high.iter().zip(low).map(|(&h, &l)| u16::from_be_bytes([h, l]));
    entries.into_iter().map(|entry| entry.read(&mut pairs)).collect()
}

/// Writes a library.
///
/// # Errors
///
/// [`GasLibraryError::Header`] when a text cannot be written as JSON.
pub fn encode(gases: &[CrossSection]) -> Result<Vec<u8>, GasLibraryError> {
    let entries: Vec<Entry> = gases.iter().map(Entry::of).collect();
    let header = serde_json::to_vec(&entries)?;
    let codes: Vec<u16> = gases
        .iter()
        .zip(&entries)
        .flat_map(|(gas, entry)| gas.segments.iter().zip(&entry.segments))
        .flat_map(|(segment, head)| head.codes(segment))
        .collect();
    let mut plain = (header.len() as u32).to_le_bytes().to_vec();
    plain.extend(header);
    plain.extend(codes.iter().map(|c| c.to_be_bytes()[0]));
    plain.extend(codes.iter().map(|c| c.to_be_bytes()[1]));

    let mut out = MAGIC.to_vec();
    out.extend((plain.len() as u32).to_le_bytes());
    let mut packer = flate2::write::ZlibEncoder::new(out, flate2::Compression::best());
    packer.write_all(&plain).map_err(|_| GasLibraryError::Damaged)?;
    packer.finish().map_err(|_| GasLibraryError::Damaged)
}

fn inflate(bytes: &[u8]) -> Result<Vec<u8>, GasLibraryError> {
    let rest = bytes.strip_prefix(MAGIC).ok_or(GasLibraryError::NotALibrary)?;
    let (length, packed) = rest.split_first_chunk::<4>().ok_or(GasLibraryError::Damaged)?;
    let length = u32::from_le_bytes(*length) as usize;
    if length > MAX_INFLATED {
        return Err(GasLibraryError::Damaged);
    }
    let mut plain = Vec::new();
    flate2::read::ZlibDecoder::new(packed)
        .take(length as u64 + 1)
        .read_to_end(&mut plain)
        .map_err(|_| GasLibraryError::Damaged)?;
    if plain.len() == length { Ok(plain) } else { Err(GasLibraryError::Damaged) }
}

impl Entry {
    fn of(gas: &CrossSection) -> Self {
        Self {
            gas: gas.gas.clone(),
            temperature: gas.temperature,
            source: gas.source.clone(),
            citation: gas.citation.clone(),
            terms: gas.terms.clone(),
            segments: gas.segments.iter().map(Head::of).collect(),
        }
    }

    fn read(self, codes: &mut impl Iterator<Item = u16>) -> Result<CrossSection, GasLibraryError> {
        let mut segments = Vec::with_capacity(self.segments.len());
        let mut reached = 0.0;
        for (i, head) in self.segments.iter().enumerate() {
            let fault = |fault| GasLibraryError::Segment {
                gas: self.gas.slug.clone(),
                segment: i + 1,
                fault,
            };
            head.check().map_err(fault)?;
            if head.start.0 <= reached {
                return Err(fault("begins before the one before it ends"));
            }
            let segment = head.segment(codes);
            if segment.sigma_cm2.iter().any(|s| !s.is_finite()) {
                return Err(fault("holds a cross-section that is not a number"));
            }
            reached = segment.end().0;
            segments.push(segment);
        }
        Ok(CrossSection {
            gas: self.gas,
            segments,
            temperature: self.temperature,
            source: self.source,
            citation: self.citation,
            terms: self.terms,
        })
    }
}

impl Head {
    fn of(segment: &Segment) -> Self {
        let stored = segment
            .sigma_cm2
            .iter()
            .map(|&s| f64::from(s))
            .filter(|&s| s >= FLOOR_CM2)
            .map(f64::ln);
        let (low, high) =
            stored.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), ln| (a.min(ln), b.max(ln)));
        let (low, high) = if low > high { (0.0, 0.0) } else { (low, high) };
        Self {
            start: segment.start,
            step: segment.step,
            count: segment.sigma_cm2.len(),
            low,
            rung: (high - low) / TOP_CODE,
        }
    }

    fn check(&self) -> Result<(), &'static str> {
        let sane = |x: f64| x.is_finite() && x > 0.0;
        if !sane(self.start.0) || !sane(self.step.0) {
            return Err("has a start or step that is not a positive number");
        }
        if self.count == 0 {
            return Err("is empty");
        }
        if !self.low.is_finite() || !(0.0..=1.0).contains(&self.rung) {
            return Err("has a scale that makes no sense");
        }
        Ok(())
    }

    /// Differences of the codes of a segment.
    fn codes(self, segment: &Segment) -> impl Iterator<Item = u16> {
        let code = move |sigma: f32| {
            let sigma = f64::from(sigma);
            if sigma < FLOOR_CM2 {
                return 0;
            }
            let rungs = if self.rung > 0.0 { (sigma.ln() - self.low) / self.rung } else { 0.0 };
            (rungs.round().clamp(0.0, TOP_CODE) as u16).saturating_add(1)
        };
        let mut before = 0_u16;
        segment.sigma_cm2.iter().map(move |&sigma| {
            let now = code(sigma);
            let step = now.wrapping_sub(before);
            before = now;
            step
        })
    }

    fn segment(self, codes: &mut impl Iterator<Item = u16>) -> Segment {
        let mut code = 0_u16;
        let sigma = |code: u16| match code {
            0 => 0.0,
            k => (self.low + f64::from(k - 1) * self.rung).exp() as f32,
        };
        let sigma_cm2 = codes
            .take(self.count)
            .map(|step| {
                code = code.wrapping_add(step);
                sigma(code)
            })
            .collect();
        Segment { start: self.start, step: self.step, sigma_cm2 }
    }
}

#[cfg(test)]
mod tests;
