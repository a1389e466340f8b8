//! Reading an ENVI image window by window.
//!
//! Plain positioned reads, not a memory map: measured faster here (docs/validation/formats.md),
//! the pages never count as ours, and a file cut short while we read is an error, not a signal.

use std::{
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
};

use cathartes_core::cube::{CubeInfo, CubeSource, ReadError, Window};

use super::{
    EnviError, HeaderError, files,
    header::{Frame, Header},
    layout::Interleave,
    numbers::{Numbers, Scratch},
};
use crate::{FormatError, band_table::BandTable};

/// No header is longer.
const HEADER_BYTES: u64 = 16 << 20;

/// An ENVI image on disk.
#[derive(Debug)]
pub struct EnviSource {
    file: File,
    path: PathBuf,
    header: PathBuf,
    numbers: Numbers,
    info: CubeInfo,
}

impl EnviSource {
    /// Opens an image by its header or by itself; `bands`, when given, take the place of the
    /// wavelengths in the header.
    ///
    /// # Errors
    ///
    /// [`FormatError`] when either file is missing, the header does not hold, or the size of the
    /// image is not what the header says.
    pub fn open(path: &Path, bands: Option<&BandTable>) -> Result<Self, FormatError> {
        let source = Self::open_growing(path, bands)?;
        let bytes = source.bytes()?;
        whole(source.frame(), bytes).map_err(|error| FormatError::new(&source.path, error))?;
        Ok(source)
    }

    /// Opens an image that is still being written: it may be shorter than its header says, and a
    /// header that says `lines = 0` does not know yet.
    ///
    /// # Errors
    ///
    /// As [`EnviSource::open`], but for the size.
    pub fn open_growing(path: &Path, bands: Option<&BandTable>) -> Result<Self, FormatError> {
        let (header, path) = files::pair(path)?;
        let said = Header::open(&header, bands)?;
        let file = File::open(&path).map_err(|error| FormatError::new(&path, error))?;
        let info = said.info();
        let numbers = Numbers::new(said.frame, said.scale)
            .map_err(|error| FormatError::new(&header, error))?;
        Ok(Self { file, path, header, numbers, info })
    }

    /// The image file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where the numbers stand.
    #[must_use]
    pub fn frame(&self) -> &Frame {
        &self.numbers.frame
    }

    /// Whole lines in the file now. A BSQ image has none until it is whole.
    ///
    /// # Errors
    ///
    /// [`FormatError`] when the system does not tell.
    pub fn lines_present(&self) -> Result<usize, FormatError> {
        let (bytes, frame) = (self.bytes()?, self.frame());
        Ok(match frame.layout.interleave {
            Interleave::Bsq if whole(frame, bytes).is_err() => 0,
            _ if frame.lines == 0 => frame.whole_lines(bytes),
            _ => frame.whole_lines(bytes).min(frame.lines),
        })
    }

    fn bytes(&self) -> Result<u64, FormatError> {
        let metadata = self.file.metadata();
        metadata.map(|data| data.len()).map_err(|error| FormatError::new(&self.path, error))
    }

    fn wrong(&self, message: String) -> ReadError {
        ReadError { file: self.path.display().to_string(), message }
    }

    fn unread(&self, line: usize, error: &io::Error) -> ReadError {
        self.wrong(match error.kind() {
            io::ErrorKind::UnexpectedEof => {
                format!("line {}: the file ends before it; copy it again", line + 1)
            }
            _ => format!("line {}: {error}", line + 1),
        })
    }
}

impl CubeSource for EnviSource {
    fn info(&self) -> &CubeInfo {
        &self.info
    }

    fn declares_no_data(&self) -> bool {
        self.frame().ignore.is_some()
    }

    fn files(&self) -> Vec<PathBuf> {
        vec![self.path.clone(), self.header.clone()]
    }

    fn read(&self, window: &Window, bands: &[usize], out: &mut [f32]) -> Result<(), ReadError> {
        let wrong = |message| self.wrong(message);
        self.numbers.inside(window, bands, out.len()).map_err(wrong)?;
        let per_line = window.samples.len() * bands.len();
        if per_line == 0 {
            return Ok(());
        }
        let step = self.numbers.lines_at_once();
        let mut scratch = Scratch::default();
        for (at, out) in out.chunks_mut(step * per_line).enumerate() {
            let first = window.lines.start + at * step;
            let lines = first..first + out.len() / per_line;
            let window = Window { lines, samples: window.samples.clone() };
            let read = self.numbers.read(&self.file, &window, bands, (&mut scratch, out));
            read.map_err(|error| self.unread(first, &error))?;
        }
        Ok(())
    }
}

/// Reads and parses a header.
pub(super) fn read_header<T>(
    path: &Path,
    parse: impl FnOnce(&str) -> Result<T, HeaderError>,
) -> Result<T, FormatError> {
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| FormatError::new(path, error))?;
    let read = file.take(HEADER_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(|error| FormatError::new(path, error))?;
    if bytes.len() as u64 > HEADER_BYTES {
        return Err(FormatError::new(path, HeaderError::TooLong { bytes: HEADER_BYTES }));
    }
    parse(&String::from_utf8_lossy(&bytes)).map_err(|error| FormatError::new(path, error))
}

/// Whether the file has the bytes its header says, no fewer and no more.
pub(super) fn whole(frame: &Frame, bytes: u64) -> Result<(), EnviError> {
    let wanted = frame.file_bytes().ok_or(EnviError::Uncountable)?;
    if frame.lines == 0 {
        return Err(EnviError::NoLines);
    }
    if bytes < wanted {
        let (lines, present) = (frame.lines, frame.whole_lines(bytes));
        return Err(match frame.layout.interleave {
            Interleave::Bsq => EnviError::CutBands { bytes, wanted },
            _ => EnviError::CutLines { bytes, wanted, present, lines },
        });
    }
    if bytes > wanted {
        return Err(EnviError::TooLong { bytes, wanted });
    }
    Ok(())
}

#[cfg(test)]
mod tests;
