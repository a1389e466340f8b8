//! The measured sunlight, air, surfaces and noise models inside the executable.
//!
//! `data/scenery.bin` is made by `fixtures/make/scenery.py` from the `PyPI` source package isofit
//! 3.0.1 (Apache-2.0; notice in `fixtures/README.md`): zlib over 8 bytes `CATHSCN1`, a u32 length,
//! a JSON header of that length, and the arrays the header lists, little-endian.

use std::io::Read as _;

use cathartes_core::{
    scenery::{Instrument, NoiseLaw, Sampled, Scenery, Surface, SurfaceClass},
    spectrum::Band,
    units::Nanometres,
};
use serde::Deserialize;

const BUILTIN: &[u8] = include_bytes!("../data/scenery.bin");

/// Largest table accepted after inflation, bytes; the built-in one has 0.3 MB.
const LIMIT: u64 = 16 << 20;

/// Why a scenery table could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SceneryError {
    /// Not deflated, or larger than anything we write.
    #[error("scenery table: the deflated bytes do not inflate to at most {limit} bytes")]
    Deflate {
        /// The limit.
        limit: u64,
    },
    /// The magic or the header is not ours.
    #[error("scenery table: byte {at}: {what}")]
    Header {
        /// Position after inflation.
        at: usize,
        /// What was expected.
        what: String,
    },
    /// An array runs over the end.
    #[error("scenery table: byte {at}: the table ends inside `{array}`")]
    Short {
        /// Position after inflation.
        at: usize,
        /// The array's name.
        array: &'static str,
    },
}

#[derive(Deserialize)]
struct Header {
    sun: SunPart,
    air: AirPart,
    surfaces: SurfacePart,
    instruments: Vec<InstrumentPart>,
}

#[derive(Deserialize)]
struct SunPart {
    start_nm: f64,
    step_nm: f64,
    len: usize,
    ln_min: f64,
    ln_range: f64,
}

#[derive(Deserialize)]
struct AirPart {
    start_nm: f64,
    step_nm: f64,
    len: usize,
    path_len: usize,
}

#[derive(Deserialize)]
struct SurfacePart {
    start_nm: f64,
    step_nm: f64,
    len: usize,
    scale: f64,
    class: Vec<SurfaceClass>,
}

#[derive(Deserialize)]
struct InstrumentPart {
    slug: String,
    bands: usize,
}

/// The scenery inside the executable.
///
/// # Errors
///
/// [`SceneryError`] when the executable was built from a damaged table.
pub fn builtin() -> Result<Scenery, SceneryError> {
    decode(BUILTIN)
}

/// Reads a scenery table.
///
/// # Errors
///
/// [`SceneryError`] with the position.
pub fn decode(deflated: &[u8]) -> Result<Scenery, SceneryError> {
    let mut raw = Vec::new();
    flate2::read::ZlibDecoder::new(deflated)
        .take(LIMIT)
        .read_to_end(&mut raw)
        .map_err(|_| SceneryError::Deflate { limit: LIMIT })?;
    let mut bytes = Bytes { raw: &raw, at: 0 };
    let header = bytes.header()?;
    let grid =
        |start, step, values| Sampled { start: Nanometres(start), step: Nanometres(step), values };
    let sun = {
        let s = &header.sun;
        let ln = |v: u16| (s.ln_min + s.ln_range * f64::from(v) / 65535.0).exp() as f32;
        grid(s.start_nm, s.step_nm, bytes.u16s("sun", s.len)?.into_iter().map(ln).collect())
    };
    let a = &header.air;
    let dry_depth = grid(a.start_nm, a.step_nm, bytes.f32s("dry air", a.len)?);
    let water_depth_per_cm = grid(a.start_nm, a.step_nm, bytes.f32s("water", a.len)?);
    let path_reflectance = grid(a.start_nm, a.step_nm, bytes.f32s("path", a.path_len)?);
    let s = &header.surfaces;
    let surfaces = s
        .class
        .iter()
        .map(|&class| {
            let values = bytes.u16s("surfaces", s.len)?;
            let values =
                values.into_iter().map(|v| (s.scale * f64::from(v) / 65535.0) as f32).collect();
            Ok(Surface { class, reflectance: grid(s.start_nm, s.step_nm, values) })
        })
        .collect::<Result<_, _>>()?;
    let instruments =
        header.instruments.iter().map(|i| bytes.instrument(i)).collect::<Result<_, _>>()?;
    Ok(Scenery { sun, dry_depth, water_depth_per_cm, path_reflectance, surfaces, instruments })
}

struct Bytes<'b> {
    raw: &'b [u8],
    at: usize,
}

impl Bytes<'_> {
    fn take(&mut self, array: &'static str, len: usize) -> Result<&[u8], SceneryError> {
        let end = self.at.checked_add(len).filter(|&end| end <= self.raw.len());
        let Some(end) = end else { return Err(SceneryError::Short { at: self.at, array }) };
        let taken = &self.raw[self.at..end];
        self.at = end;
        Ok(taken)
    }

    fn header(&mut self) -> Result<Header, SceneryError> {
        if self.take("magic", 8)? != b"CATHSCN1" {
            return Err(SceneryError::Header { at: 0, what: "not a scenery table".into() });
        }
        let len: [u8; 4] = self.take("length", 4)?.try_into().unwrap_or_default();
        let text = self.take("header", u32::from_le_bytes(len) as usize)?;
        serde_json::from_slice(text)
            .map_err(|e| SceneryError::Header { at: 12, what: e.to_string() })
    }

    fn u16s(&mut self, array: &'static str, n: usize) -> Result<Vec<u16>, SceneryError> {
        let bytes = self.take(array, n.saturating_mul(2))?;
        Ok(bytes.chunks_exact(2).map(|b| u16::from_le_bytes([b[0], b[1]])).collect())
    }

    fn f32s(&mut self, array: &'static str, n: usize) -> Result<Vec<f32>, SceneryError> {
        let bytes = self.take(array, n.saturating_mul(4))?;
        Ok(bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect())
    }

    fn instrument(&mut self, part: &InstrumentPart) -> Result<Instrument, SceneryError> {
        let rows = self.f32s("instruments", part.bands.saturating_mul(5))?;
        let row = |r: &[f32]| {
            let [center, fwhm, a, b, c] = [0, 1, 2, 3, 4].map(|k| f64::from(r[k]));
            let band = Band { center: Nanometres(center), fwhm: Nanometres(fwhm) };
            (band, NoiseLaw { a, b, c })
        };
        let (bands, noise) = rows.chunks_exact(5).map(row).unzip();
        // 1 mrad (AVIRIS-NG); 60 m from 415 km (EMIT).
        let pixel_angle_rad = if part.slug == "emit" { 60.0 / 415_000.0 } else { 1e-3 };
        Ok(Instrument { slug: part.slug.clone(), bands, noise, pixel_angle_rad })
    }
}

#[cfg(test)]
mod tests;
