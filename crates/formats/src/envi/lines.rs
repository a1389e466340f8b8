//! An ENVI image as it arrives: whole lines from a pipe or from a file that grows.

use std::io::{self, Read};

use cathartes_core::cube::{CubeInfo, ReadError, Window};

use super::{EnviError, header::Header, layout::Interleave, numbers::Numbers};

/// Reads the lines of a BIL or BIP image one after the other, however many come.
///
/// At the end of what is there [`LineReader::next_line`] says so and keeps the half line it has: on
/// a file that grows, ask again later; on a pipe, [`LineReader::finish`].
#[derive(Debug)]
pub struct LineReader<R> {
    input: R,
    name: String,
    numbers: Numbers,
    info: CubeInfo,
    line: usize,
    line_bytes: u64,
    skip_bytes: u64,
    pending: Vec<u8>,
}

impl<R: Read> LineReader<R> {
    /// Reads from `input`, called `name` in errors, what `header` describes.
    ///
    /// # Errors
    ///
    /// [`EnviError`] when the image does not come line by line.
    pub fn new(header: Header, input: R, name: &str) -> Result<Self, EnviError> {
        let info = header.info();
        let frame = &header.frame;
        if frame.layout.interleave == Interleave::Bsq {
            return Err(EnviError::NotByLine);
        }
        let line_bytes = frame.line_bytes().ok_or(EnviError::Uncountable)?;
        let skip_bytes = frame.offset_bytes;
        let numbers = Numbers::new(header.frame, header.scale)?;
        let (name, pending) = (name.to_owned(), Vec::new());
        Ok(Self { input, name, numbers, info, line: 0, line_bytes, skip_bytes, pending })
    }

    /// What is known of the image; its `lines` are what the header says, 0 when it does not know.
    #[must_use]
    pub fn info(&self) -> &CubeInfo {
        &self.info
    }

    /// Lines read so far.
    #[must_use]
    pub fn lines_read(&self) -> usize {
        self.line
    }

    /// Fills `out` with the asked bands of the next line, order sample, band; false when no whole
    /// line is there.
    ///
    /// # Errors
    ///
    /// [`ReadError`] when the input breaks, or `out` is not one line of these bands.
    pub fn next_line(&mut self, bands: &[usize], out: &mut [f32]) -> Result<bool, ReadError> {
        let window = Window { lines: 0..1, samples: 0..self.info.samples };
        let outside = self.numbers.inside(&window, bands, out.len());
        outside.map_err(|message| self.wrong(&message))?;
        let end = self.info.lines != 0 && self.line == self.info.lines;
        if end || !self.fill().map_err(|error| self.wrong(&error.to_string()))? {
            return Ok(false);
        }
        self.numbers.line(&self.pending, bands, out);
        self.pending.clear();
        self.line += 1;
        Ok(true)
    }

    /// Says that nothing more will come.
    ///
    /// # Errors
    ///
    /// [`EnviError::HalfLine`] when part of a line is left over.
    pub fn finish(self) -> Result<usize, EnviError> {
        if self.pending.is_empty() {
            return Ok(self.line);
        }
        Err(EnviError::HalfLine { line: self.line + 1 })
    }

    /// Memory grows with what arrives, not with what the header promises.
    fn fill(&mut self) -> io::Result<bool> {
        self.skip_bytes -=
            io::copy(&mut self.input.by_ref().take(self.skip_bytes), &mut io::sink())?;
        if self.skip_bytes > 0 {
            return Ok(false);
        }
        let missing = self.line_bytes - self.pending.len() as u64;
        self.input.by_ref().take(missing).read_to_end(&mut self.pending)?;
        Ok(self.pending.len() as u64 == self.line_bytes)
    }

    fn wrong(&self, message: &str) -> ReadError {
        ReadError { file: self.name.clone(), message: format!("line {}: {message}", self.line + 1) }
    }
}

#[cfg(test)]
mod tests;
