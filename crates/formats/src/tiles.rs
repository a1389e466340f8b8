//! An image in packed chunks, read window by window.
//!
//! A tile is the part of one chunk that a window asks for: its lines and samples, and the span of
//! the bands asked for. A window is filled a few rows of tiles at a time, so the memory in use is
//! those tiles and, while they unpack, one chunk a thread, twice (packed order and ours).
//!
//! The last row of tiles is kept when the window did not use it up, so a sweep over whole lines
//! unpacks each chunk once. Windows that take some samples of all lines unpack chunks again.

use std::{
    collections::BTreeMap,
    ops::Range,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, PoisonError},
};

use cathartes_core::cube::{ReadError, Window};
use rayon::prelude::*;

/// A row of tiles larger than this is not kept but unpacked again by the next window.
pub(crate) const KEPT_AT_MOST_BYTES: usize = 512 << 20;
/// Rows of tiles are unpacked together up to this.
const TOGETHER_BYTES: usize = 16 << 20;

/// Which dimension of the stored array is which axis of the image.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Axes {
    pub(crate) line: usize,
    pub(crate) sample: usize,
    pub(crate) band: usize,
}

/// How the chunks make up the image, and what their numbers mean.
pub(crate) struct Layout {
    /// The file, for errors.
    pub(crate) file: String,
    pub(crate) axes: Axes,
    /// Lines, samples, bands of the image.
    pub(crate) shape: [usize; 3],
    /// Lines, samples, bands of a chunk.
    pub(crate) chunk: [usize; 3],
    /// The stored number that means none.
    pub(crate) no_data: Option<f32>,
    /// Stored numbers times this, plus that: for each band, or for none.
    pub(crate) scale: Vec<(f64, f64)>,
}

/// Unpacks one part of one chunk (lines, samples, bands), in the order of the file.
type Unpack = dyn Fn([&Range<usize>; 3]) -> Result<Vec<f32>, String> + Send + Sync;

/// An image in chunks.
pub(crate) struct Tiles {
    layout: Layout,
    unpack: Box<Unpack>,
    kept: Mutex<Vec<Arc<Tile>>>,
    #[cfg(test)]
    unpacked: std::sync::atomic::AtomicUsize,
}

/// Part of a chunk, in the order of the file.
struct Tile {
    lines: Range<usize>,
    samples: Range<usize>,
    bands: Range<usize>,
    values: Vec<f32>,
}

/// Bands asked for that lie in one chunk: place in the answer, band.
type Wanted = Vec<(usize, usize)>;

/// Runs a decoder that is not ours; a panic of its becomes an error of ours.
pub(crate) fn contained<T, E: std::fmt::Display>(
    decode: impl FnOnce() -> Result<T, E>,
) -> Result<T, String> {
    match catch_unwind(AssertUnwindSafe(decode)) {
        Ok(result) => result.map_err(|error| error.to_string()),
        Err(_) => Err("the decoder stopped at an impossible value".into()),
    }
}

impl Tiles {
    /// The image `layout` describes. `unpack` is given spans inside one chunk.
    pub(crate) fn new(
        mut layout: Layout,
        unpack: impl Fn([&Range<usize>; 3]) -> Result<Vec<f32>, String> + Send + Sync + 'static,
    ) -> Self {
        for (chunk, extent) in layout.chunk.iter_mut().zip(layout.shape) {
            *chunk = (*chunk).clamp(1, extent.max(1));
        }
        Self {
            layout,
            unpack: Box::new(unpack),
            kept: Mutex::new(Vec::new()),
            #[cfg(test)]
            unpacked: 0.into(),
        }
    }

    /// See [`cathartes_core::cube::CubeSource::read`].
    pub(crate) fn read(
        &self,
        window: &Window,
        bands: &[usize],
        out: &mut [f32],
    ) -> Result<(), ReadError> {
        self.check(window, bands, out.len())?;
        if out.is_empty() {
            return Ok(());
        }
        let wanted = self.by_chunk(bands);
        let per_line = window.samples.len() * bands.len();
        let chunk_lines = self.layout.chunk[0];
        let (mut row, end) =
            (window.lines.start / chunk_lines, window.lines.end.div_ceil(chunk_lines));
        let mut rest = out;
        while row < end {
            let rows = row..(row + self.rows_together(&wanted, window)).min(end);
            row = rows.end;
            let tiles = self.rows(rows.clone(), window, &wanted)?;
            let lines = overlap(&self.lines(&rows), &window.lines);
            let (here, later) = rest.split_at_mut(lines.len() * per_line);
            here.par_chunks_mut(per_line).zip(lines).for_each(|(out, line)| {
                for (tile, wanted) in tiles.iter().filter(|(tile, _)| tile.lines.contains(&line)) {
                    self.copy(tile, wanted, (line, &window.samples), out);
                }
            });
            rest = later;
        }
        Ok(())
    }

    #[cfg(test)]
    pub(crate) fn unpacked(&self) -> usize {
        self.unpacked.load(std::sync::atomic::Ordering::Relaxed)
    }

    fn check(&self, window: &Window, bands: &[usize], room: usize) -> Result<(), ReadError> {
        let [line_count, sample_count, band_count] = self.layout.shape;
        let inside = window.lines.end <= line_count
            && window.samples.end <= sample_count
            && bands.iter().all(|&band| band < band_count);
        if !inside {
            return Err(self.error(format!(
                "lines {:?}, samples {:?} or a band asked for lies outside {line_count} lines, \
                 {sample_count} samples, {band_count} bands; ask for less",
                window.lines, window.samples
            )));
        }
        let needed = window.pixels().checked_mul(bands.len());
        if needed != Some(room) {
            return Err(self.error(format!(
                "room for {room} values is given to a window of {} pixels and {} bands",
                window.pixels(),
                bands.len()
            )));
        }
        Ok(())
    }

    /// The bands asked for, by chunk along the band axis.
    fn by_chunk(&self, bands: &[usize]) -> Vec<Wanted> {
        let mut chunks: BTreeMap<usize, Wanted> = BTreeMap::new();
        for (place, &band) in bands.iter().enumerate() {
            chunks.entry(band / self.layout.chunk[2]).or_default().push((place, band));
        }
        chunks.into_values().collect()
    }

    /// Rows of chunks whose tiles together stay small; at least one.
    fn rows_together(&self, wanted: &[Wanted], window: &Window) -> usize {
        (TOGETHER_BYTES / self.row_bytes(wanted, window).max(1)).max(1)
    }

    /// Bytes of the tiles of one row of chunks.
    fn row_bytes(&self, wanted: &[Wanted], window: &Window) -> usize {
        let bands: usize = wanted.iter().map(|wanted| band_span(wanted).len()).sum();
        let samples = self.columns(window).len() * self.layout.chunk[1];
        self.layout.chunk[0].saturating_mul(samples).saturating_mul(bands).saturating_mul(4)
    }

    /// The columns of chunks a window touches.
    fn columns(&self, window: &Window) -> Range<usize> {
        let chunk = self.layout.chunk[1];
        window.samples.start / chunk..window.samples.end.div_ceil(chunk)
    }

    /// The lines some rows of chunks cover.
    fn lines(&self, rows: &Range<usize>) -> Range<usize> {
        self.span(0, rows.start).start..self.span(0, rows.end - 1).end
    }

    /// The tiles of some rows of chunks, kept from the last window or unpacked now.
    fn rows<'w>(
        &self,
        rows: Range<usize>,
        window: &Window,
        wanted: &'w [Wanted],
    ) -> Result<Vec<(Arc<Tile>, &'w Wanted)>, ReadError> {
        let keep = self.row_bytes(wanted, window) <= KEPT_AT_MOST_BYTES;
        let last = self.span(0, rows.end - 1);
        let lines = |row| match self.span(0, row) {
            whole if keep => whole,
            whole => overlap(&whole, &window.lines),
        };
        let tasks: Vec<_> = rows
            .flat_map(|row| self.columns(window).map(move |column| (row, column)))
            .flat_map(|(row, column)| wanted.iter().map(move |wanted| (row, column, wanted)))
            .collect();
        let tiles: Result<Vec<_>, ReadError> = tasks
            .into_par_iter()
            .map(|(row, column, wanted)| {
                let tile = self.tile(&lines(row), &self.span(1, column), &band_span(wanted))?;
                Ok((tile, wanted))
            })
            .collect();
        let tiles = tiles?;
        let used_up = window.lines.end >= last.end && window.samples.len() == self.layout.shape[1];
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.clear();
        if keep && !used_up {
            let of_last_row = tiles.iter().filter(|(tile, _)| tile.lines == last);
            kept.extend(of_last_row.map(|(tile, _)| Arc::clone(tile)));
        }
        Ok(tiles)
    }

    fn tile(
        &self,
        lines: &Range<usize>,
        samples: &Range<usize>,
        bands: &Range<usize>,
    ) -> Result<Arc<Tile>, ReadError> {
        let same = |tile: &&Arc<Tile>| {
            tile.lines == *lines && tile.samples == *samples && tile.bands == *bands
        };
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(tile) = kept.iter().find(same) {
            return Ok(Arc::clone(tile));
        }
        drop(kept);
        #[cfg(test)]
        self.unpacked.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let values = self.unpack([lines, samples, bands])?;
        let (lines, samples, bands) = (lines.clone(), samples.clone(), bands.clone());
        Ok(Arc::new(Tile { lines, samples, bands, values }))
    }

    fn unpack(&self, spans: [&Range<usize>; 3]) -> Result<Vec<f32>, ReadError> {
        let damaged = |reason: &str| {
            let [lines, samples, bands] = spans;
            self.error(format!(
                "radiance of lines {lines:?}, samples {samples:?}, bands {bands:?} (from 0) does \
                 not decode ({reason}); the file is damaged: fetch it again"
            ))
        };
        let values = (self.unpack)(spans).map_err(|reason| damaged(&reason))?;
        if values.len() == spans.iter().map(|span| span.len()).product::<usize>() {
            return Ok(values);
        }
        Err(damaged(&format!("{} values", values.len())))
    }

    /// Copies one line of a tile into the answer's line.
    fn copy(
        &self,
        tile: &Tile,
        wanted: &Wanted,
        (line, samples): (usize, &Range<usize>),
        out: &mut [f32],
    ) {
        let extents = [tile.lines.len(), tile.samples.len(), tile.bands.len()];
        let stride = self.strides(extents);
        let here = overlap(&tile.samples, samples);
        let per_pixel = out.len() / samples.len();
        let from_line = (line - tile.lines.start) * stride[0];
        for sample in here {
            let from = from_line + (sample - tile.samples.start) * stride[1];
            let pixel = &mut out[(sample - samples.start) * per_pixel..][..per_pixel];
            for &(place, band) in wanted {
                let stored = tile.values[from + (band - tile.bands.start) * stride[2]];
                pixel[place] = self.value(stored, band);
            }
        }
    }

    /// Steps in a tile from line to line, sample to sample, band to band.
    fn strides(&self, [lines, samples, bands]: [usize; 3]) -> [usize; 3] {
        let mut extents = [0; 3];
        (
            extents[self.layout.axes.line],
            extents[self.layout.axes.sample],
            extents[self.layout.axes.band],
        ) = (lines, samples, bands);
        let by_dimension = [extents[1] * extents[2], extents[2], 1];
        [self.layout.axes.line, self.layout.axes.sample, self.layout.axes.band]
            .map(|axis| by_dimension[axis])
    }

    fn value(&self, stored: f32, band: usize) -> f32 {
        if self.layout.no_data == Some(stored) {
            return f32::NAN;
        }
        let scaled = |(scale, offset)| (f64::from(stored) * scale + offset) as f32;
        self.layout.scale.get(band).copied().map_or(stored, scaled)
    }

    /// What chunk `index` covers of an axis.
    fn span(&self, axis: usize, index: usize) -> Range<usize> {
        let start = index * self.layout.chunk[axis];
        start..(start + self.layout.chunk[axis]).min(self.layout.shape[axis])
    }

    fn error(&self, message: String) -> ReadError {
        ReadError { file: self.layout.file.clone(), message }
    }
}

fn band_span(wanted: &[(usize, usize)]) -> Range<usize> {
    let first = wanted.iter().map(|&(_, band)| band).min().unwrap_or(0);
    let last = wanted.iter().map(|&(_, band)| band).max().unwrap_or(0);
    first..last + 1
}

fn overlap(a: &Range<usize>, b: &Range<usize>) -> Range<usize> {
    let start = a.start.max(b.start);
    start..a.end.min(b.end).max(start)
}
