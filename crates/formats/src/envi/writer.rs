//! Writing an ENVI image: under a temporary name until it is whole.

use std::{
    fs::{self, File},
    io,
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
};

use cathartes_core::cube::CubeInfo;

use super::{
    EnviError, files,
    header_text::header_text,
    layout::{Interleave, Layout, Sample},
};
use crate::FormatError;

/// Writes the lines of an image in any order, from any layout the format has.
///
/// NaN is written as the no-data value of the header. Dropped before [`Writer::finish`], it leaves
/// nothing behind.
#[derive(Debug)]
pub struct Writer {
    path: PathBuf,
    temporary: PathBuf,
    file: File,
    header: String,
    shape: [usize; 3],
    layout: Layout,
    written: Vec<bool>,
    row: Vec<u8>,
}

impl Writer {
    /// Starts an image `path` with its header beside it (`x.img` and `x.hdr`, `x` and `x.hdr`).
    ///
    /// # Errors
    ///
    /// [`FormatError`] when the file cannot be made or the sizes are more than a file holds.
    pub fn create(path: &Path, info: &CubeInfo, layout: Layout) -> Result<Self, FormatError> {
        let shape = [info.lines, info.samples, info.bands.len()];
        let numbers = shape.iter().try_fold(layout.sample.bytes(), |n, side| n.checked_mul(*side));
        let bytes = numbers.filter(|bytes| i64::try_from(*bytes).is_ok());
        let bytes = bytes.ok_or_else(|| FormatError::new(path, EnviError::Uncountable))?;
        let mut temporary = path.as_os_str().to_owned();
        temporary.push(".partial");
        let temporary = PathBuf::from(temporary);
        let file = File::create(&temporary).map_err(|error| FormatError::new(&temporary, error))?;
        let writer = Self {
            path: path.to_owned(),
            temporary,
            file,
            header: header_text(info, layout, no_data(layout.sample)),
            shape,
            layout,
            written: vec![false; info.lines],
            row: Vec::new(),
        };
        let sized = writer.file.set_len(bytes as u64);
        sized.map_err(|error| FormatError::new(&writer.temporary, error))?;
        Ok(writer)
    }

    /// Writes whole lines, order line, sample, band, from `first_line` on.
    ///
    /// # Errors
    ///
    /// [`FormatError`] when they are not lines of the image, a number does not fit the kind of
    /// number asked for, or the system refuses.
    pub fn write_lines(&mut self, first_line: usize, bip: &[f32]) -> Result<(), FormatError> {
        let [lines, samples, bands] = self.shape;
        let per_line = samples * bands;
        let count = bip.len().checked_div(per_line).unwrap_or(0);
        let end = first_line.checked_add(count).filter(|end| *end <= lines);
        let (Some(end), true) = (end, count * per_line == bip.len()) else {
            let error =
                EnviError::NotLines { line: first_line.saturating_add(1), numbers: bip.len() };
            return Err(FormatError::new(&self.path, error));
        };
        for (line, bip) in (first_line..end).zip(bip.chunks(per_line.max(1))) {
            self.write_line(line, bip)?;
            self.written[line] = true;
        }
        Ok(())
    }

    /// Puts image and header in their place.
    ///
    /// # Errors
    ///
    /// [`FormatError`] when a line is missing or the system refuses.
    pub fn finish(self) -> Result<(), FormatError> {
        if let Some(line) = self.written.iter().position(|written| !written) {
            return Err(FormatError::new(&self.path, EnviError::Unwritten { line: line + 1 }));
        }
        let header = files::header_to_write(&self.path);
        let system = |error: io::Error| FormatError::new(&self.path, error);
        self.file.sync_data().map_err(system)?;
        fs::rename(&self.temporary, &self.path).map_err(system)?;
        let mut unfinished = header.as_os_str().to_owned();
        unfinished.push(".partial");
        let placed =
            fs::write(&unfinished, &self.header).and_then(|()| fs::rename(&unfinished, &header));
        placed.map_err(|error| {
            let _ = fs::remove_file(&unfinished);
            let _ = fs::remove_file(&self.path);
            FormatError::new(header, error)
        })
    }

    fn write_line(&mut self, line: usize, bip: &[f32]) -> Result<(), FormatError> {
        let [lines, samples, bands] = self.shape;
        let Layout { interleave, sample, .. } = self.layout;
        let size = sample.bytes();
        match interleave {
            Interleave::Bip => {
                self.encode(line, bip, (0..samples * bands).map(|at| (at / bands, at % bands)))?;
                self.put(line * samples * bands * size, 0..self.row.len())
            }
            Interleave::Bil | Interleave::Bsq => {
                let turned = (0..samples * bands).map(|at| (at % samples, at / samples));
                self.encode(line, bip, turned)?;
                if interleave == Interleave::Bil {
                    return self.put(line * samples * bands * size, 0..self.row.len());
                }
                let row = samples * size;
                (0..bands).try_for_each(|band| {
                    self.put((band * lines + line) * row, band * row..(band + 1) * row)
                })
            }
        }
    }

    /// Encodes the (sample, band) of a line in the order given.
    fn encode(
        &mut self,
        line: usize,
        bip: &[f32],
        order: impl Iterator<Item = (usize, usize)>,
    ) -> Result<(), FormatError> {
        let Layout { sample: kind, big_endian, .. } = self.layout;
        let bands = self.shape[2];
        self.row.clear();
        for (sample, band) in order {
            let value = bip[sample * bands + band];
            let Some(number) = stored(kind, value) else {
                let (line, sample, band, code) = (line + 1, sample + 1, band + 1, kind.code());
                let error = EnviError::DoesNotFit { line, sample, band, value, code };
                return Err(FormatError::new(&self.path, error));
            };
            push(kind, number, big_endian, &mut self.row);
        }
        Ok(())
    }

    fn put(&self, at: usize, bytes: std::ops::Range<usize>) -> Result<(), FormatError> {
        let put = self.file.write_all_at(&self.row[bytes], at as u64);
        put.map_err(|error| FormatError::new(&self.temporary, error))
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // After `finish` the temporary name is gone already.
        let _ = fs::remove_file(&self.temporary);
    }
}

/// The number that stands for no data: what AVIRIS products use, or the largest there is.
fn no_data(kind: Sample) -> f64 {
    match kind {
        Sample::U8 => f64::from(u8::MAX),
        Sample::U16 => f64::from(u16::MAX),
        Sample::U32 => f64::from(u32::MAX),
        Sample::U64 => u64::MAX as f64,
        Sample::I16 | Sample::I32 | Sample::I64 | Sample::F32 | Sample::F64 => -9999.0,
    }
}

/// The number to store, rounded for whole kinds; none when it does not fit or would read as no
/// data.
fn stored(kind: Sample, value: f32) -> Option<f64> {
    let nothing = no_data(kind);
    if value.is_nan() {
        return Some(nothing);
    }
    let value = f64::from(value);
    let (value, low, high) = match kind {
        Sample::F32 | Sample::F64 => (value, f64::NEG_INFINITY, f64::INFINITY),
        Sample::U8 | Sample::U16 | Sample::U32 | Sample::U64 => (value.round(), 0.0, nothing),
        Sample::I16 => (value.round(), f64::from(i16::MIN), f64::from(i16::MAX)),
        Sample::I32 => (value.round(), f64::from(i32::MIN), f64::from(i32::MAX)),
        Sample::I64 => (value.round(), i64::MIN as f64, (i64::MAX as f64).next_down()),
    };
    (low..=high).contains(&value).then_some(value).filter(|value| *value != nothing)
}

fn push(kind: Sample, number: f64, big_endian: bool, row: &mut Vec<u8>) {
    macro_rules! bytes {
        ($kind:ty) => {{
            let number = number as $kind;
            let bytes = if big_endian { number.to_be_bytes() } else { number.to_le_bytes() };
            row.extend_from_slice(&bytes);
        }};
    }
    match kind {
        Sample::U8 => bytes!(u8),
        Sample::I16 => bytes!(i16),
        Sample::I32 => bytes!(i32),
        Sample::F32 => bytes!(f32),
        Sample::F64 => bytes!(f64),
        Sample::U16 => bytes!(u16),
        Sample::U32 => bytes!(u32),
        Sample::I64 => bytes!(i64),
        Sample::U64 => bytes!(u64),
    }
}

#[cfg(test)]
mod tests;
