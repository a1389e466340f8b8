//! Where the numbers of a window stand in the file, and how they reach the pixels.

use std::{fs::File, io, os::unix::fs::FileExt};

use cathartes_core::cube::Window;

use super::{
    EnviError,
    decode::{Ignore, Pixels, Rows, decode, transpose},
    header::Frame,
    layout::{Interleave, Sample},
};

/// What one step of a read holds: fits the second-level cache with room for its pixels.
const STEP_NUMBERS: usize = 1 << 16;
/// What one system call fetches at least, where the layout allows.
const CALL_NUMBERS: usize = 1 << 13;

/// Finds and decodes the numbers of an image.
#[derive(Debug, Clone)]
pub(super) struct Numbers {
    pub(super) frame: Frame,
    scale: Option<Vec<[f32; 2]>>,
    ignore: Ignore,
}

/// Memory kept from step to step.
#[derive(Default)]
pub(super) struct Scratch {
    bytes: Vec<u8>,
    numbers: Vec<f32>,
}

impl Numbers {
    pub(super) fn new(frame: Frame, scale: Option<Vec<[f32; 2]>>) -> Result<Self, EnviError> {
        frame.file_bytes().ok_or(EnviError::Uncountable)?;
        let ignore = Ignore::new(frame.ignore, frame.layout.sample);
        Ok(Self { frame, scale, ignore })
    }

    /// Whether a window and its bands lie in the image and fill what they are to fill.
    pub(super) fn inside(
        &self,
        window: &Window,
        bands: &[usize],
        numbers: usize,
    ) -> Result<(), String> {
        let Frame { lines, samples, bands: all, .. } = self.frame;
        let lines = if lines == 0 { self.frame.whole_lines(u64::MAX) } else { lines };
        let Window { lines: l, samples: s } = window;
        if l.end > lines || s.end > samples || l.start > l.end || s.start > s.end {
            return Err(format!(
                "lines {l:?}, samples {s:?} lie outside the image of {lines} x {samples}; ask for \
                 less"
            ));
        }
        if let Some(band) = bands.iter().find(|band| **band >= all) {
            return Err(format!("band {} of {all} was asked for", band + 1));
        }
        let wanted = window.pixels().checked_mul(bands.len());
        if wanted != Some(numbers) {
            return Err(format!("room for {numbers} numbers does not hold this window"));
        }
        Ok(())
    }

    /// Lines worth reading together: more than one only where a line is many small pieces.
    pub(super) fn lines_at_once(&self) -> usize {
        match self.frame.layout.interleave {
            Interleave::Bsq => (CALL_NUMBERS / self.frame.samples).max(1),
            Interleave::Bil | Interleave::Bip => 1,
        }
    }

    /// Fills `out` with the lines of a window, few enough to be read at once.
    pub(super) fn read(
        &self,
        file: &File,
        window: &Window,
        bands: &[usize],
        (scratch, out): (&mut Scratch, &mut [f32]),
    ) -> io::Result<()> {
        match self.frame.layout.interleave {
            Interleave::Bsq => self.read_bsq(file, window, bands, (scratch, out))?,
            Interleave::Bil => self.read_bil(file, window, bands, (scratch, out))?,
            Interleave::Bip => self.read_bip(file, window, bands, (scratch, out))?,
        }
        self.rescale(bands, out);
        Ok(())
    }

    fn read_bil(
        &self,
        file: &File,
        window: &Window,
        bands: &[usize],
        (scratch, out): (&mut Scratch, &mut [f32]),
    ) -> io::Result<()> {
        let Frame { samples, bands: all, .. } = self.frame;
        let width = window.samples.len();
        let most = (STEP_NUMBERS / samples).max(1);
        for (line, out) in window.lines.clone().zip(out.chunks_mut(width * bands.len())) {
            for (first, run) in runs(bands, most) {
                let row = line as u64 * all as u64 + run.start as u64;
                let at = row * samples as u64 + window.samples.start as u64;
                scratch.numbers.clear();
                self.fetch(file, at, (run.len() - 1) * samples + width, scratch)?;
                let rows = Rows { numbers: &scratch.numbers, stride: samples, count: run.len() };
                self.turn(rows, Pixels { numbers: out, stride: bands.len(), first });
            }
        }
        Ok(())
    }

    fn read_bsq(
        &self,
        file: &File,
        window: &Window,
        bands: &[usize],
        (scratch, out): (&mut Scratch, &mut [f32]),
    ) -> io::Result<()> {
        let Frame { lines, samples, .. } = self.frame;
        let width = window.samples.len();
        let stride = (window.lines.len() - 1) * samples + width;
        let most = (STEP_NUMBERS / stride).max(1);
        for (block, group) in bands.chunks(most).enumerate() {
            scratch.numbers.clear();
            for band in group {
                let row = *band as u64 * lines as u64 + window.lines.start as u64;
                let at = row * samples as u64 + window.samples.start as u64;
                self.fetch(file, at, stride, scratch)?;
            }
            for (line, out) in out.chunks_mut(width * bands.len()).enumerate() {
                let numbers = &scratch.numbers[line * samples..];
                let pixels = Pixels { numbers: out, stride: bands.len(), first: block * most };
                self.turn(Rows { numbers, stride, count: group.len() }, pixels);
            }
        }
        Ok(())
    }

    fn read_bip(
        &self,
        file: &File,
        window: &Window,
        bands: &[usize],
        (scratch, out): (&mut Scratch, &mut [f32]),
    ) -> io::Result<()> {
        let Frame { samples, bands: all, .. } = self.frame;
        let (Some(low), Some(high)) = (bands.iter().min(), bands.iter().max()) else {
            return Ok(());
        };
        let most = (STEP_NUMBERS / all).max(1);
        let width = window.samples.len();
        for (line, out) in window.lines.clone().zip(out.chunks_mut(width * bands.len())) {
            for (step, out) in out.chunks_mut(most * bands.len()).enumerate() {
                let pixels = out.len() / bands.len();
                let sample = window.samples.start + step * most;
                let pixel = line as u64 * samples as u64 + sample as u64;
                scratch.numbers.clear();
                let count = (pixels - 1) * all + high - low + 1;
                self.fetch(file, pixel * all as u64 + *low as u64, count, scratch)?;
                let spectra = scratch.numbers.chunks(all);
                for (out, spectrum) in out.chunks_mut(bands.len()).zip(spectra) {
                    for (out, band) in out.iter_mut().zip(bands) {
                        *out = self.cleaned(spectrum[band - low]);
                    }
                }
            }
        }
        Ok(())
    }

    /// Appends `count` numbers to the scratch, from number `at` of the image on.
    fn fetch(&self, file: &File, at: u64, count: usize, scratch: &mut Scratch) -> io::Result<()> {
        let layout = self.frame.layout;
        let at = self.frame.offset_bytes + at * layout.sample.bytes() as u64;
        let before = scratch.numbers.len();
        scratch.numbers.resize(before + count, 0.0);
        let numbers = &mut scratch.numbers[before..];
        if self.as_stored() {
            return file.read_exact_at(bytemuck::cast_slice_mut(numbers), at);
        }
        scratch.bytes.resize(count * layout.sample.bytes(), 0);
        file.read_exact_at(&mut scratch.bytes, at)?;
        decode(layout, &scratch.bytes, numbers, |number| self.ignore.narrow(number));
        Ok(())
    }

    /// Whether the file holds its numbers as this machine does; they are then cleaned in passing.
    fn as_stored(&self) -> bool {
        let layout = self.frame.layout;
        layout.sample == Sample::F32 && layout.big_endian == cfg!(target_endian = "big")
    }

    fn cleaned(&self, number: f32) -> f32 {
        if self.as_stored() { self.ignore.clean(number) } else { number }
    }

    fn turn(&self, rows: Rows, pixels: Pixels) {
        let ignore = self.ignore;
        if self.as_stored() {
            transpose(rows, pixels, move |number| ignore.clean(number));
        } else {
            transpose(rows, pixels, |number| number);
        }
    }

    /// Gain and offset of each band.
    fn rescale(&self, bands: &[usize], out: &mut [f32]) {
        let Some(scale) = &self.scale else { return };
        for pixel in out.chunks_mut(bands.len()) {
            for (number, [gain, offset]) in pixel.iter_mut().zip(bands.iter().map(|b| scale[*b])) {
                *number = *number * gain + offset;
            }
        }
    }

    /// The asked bands of one whole line in memory.
    pub(super) fn line(&self, bytes: &[u8], bands: &[usize], out: &mut [f32]) {
        let Frame { samples, bands: all, layout, .. } = self.frame;
        let mut row = vec![0.0; samples];
        for (k, band) in bands.iter().enumerate() {
            let size = layout.sample.bytes();
            match layout.interleave {
                Interleave::Bip => {
                    for (at, out) in out.chunks_mut(bands.len()).enumerate() {
                        let bytes = &bytes[(at * all + band) * size..][..size];
                        decode(layout, bytes, &mut out[k..=k], |x| self.ignore.narrow(x));
                    }
                }
                Interleave::Bil | Interleave::Bsq => {
                    let bytes = &bytes[band * samples * size..][..samples * size];
                    decode(layout, bytes, &mut row, |x| self.ignore.narrow(x));
                    let out = out.chunks_mut(bands.len());
                    out.zip(&row).for_each(|(out, number)| out[k] = *number);
                }
            }
        }
        self.rescale(bands, out);
    }
}

/// Bands that follow one another in the file, at most so many at once: (place in `bands`, range).
fn runs(
    bands: &[usize],
    most: usize,
) -> impl Iterator<Item = (usize, std::ops::Range<usize>)> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let (first, start) = (at, *bands.get(at)?);
        while at - first < most && bands.get(at) == Some(&(start + at - first)) {
            at += 1;
        }
        Some((first, start..start + at - first))
    })
}

#[cfg(test)]
mod tests;
