//! The radiance, chunk by chunk.
//!
//! A tile is the part of one chunk that a window asks for: all its lines and samples, and the span
//! of the bands asked for. A window is filled one row of tiles at a time, so the memory in use is
//! one row of tiles and, while they unpack, one chunk a thread, twice (packed order and ours).

use std::{
    collections::BTreeMap,
    ops::Range,
    sync::{Arc, Mutex, PoisonError},
};

use cathartes_core::cube::{ReadError, Window};
use hdf5_reader::{Dataset, SliceInfo, SliceInfoElem};
use rayon::prelude::*;

use super::variables::{floats, number};

/// A row of tiles larger than this is not kept but unpacked again by the next window.
pub(super) const KEPT_AT_MOST_BYTES: usize = 512 << 20;
/// Size of the pieces a variable without chunks is read in.
const PIECE_BYTES: usize = 4 << 20;

/// Which dimension of the variable is which axis of the image.
#[derive(Debug, Clone, Copy)]
pub(super) struct Axes {
    pub(super) line: usize,
    pub(super) sample: usize,
    pub(super) band: usize,
}

/// The radiance variable.
pub(super) struct Tiles {
    file: String,
    dataset: Dataset,
    axes: Axes,
    /// Lines, samples, bands of the image.
    shape: [usize; 3],
    /// Lines, samples, bands of a chunk.
    chunk: [usize; 3],
    no_data: Option<f32>,
    /// Stored numbers times this, plus that.
    scale: Option<(f32, f32)>,
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

/// Bands asked for that lie in one tile: place in the answer, band.
type Wanted = Vec<(usize, usize)>;

impl std::fmt::Debug for Tiles {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tiles").field("shape", &self.shape).finish_non_exhaustive()
    }
}

impl Tiles {
    /// Tiles over `dataset`, whose image is `shape` (lines, samples, bands).
    pub(super) fn new(file: &str, dataset: Dataset, axes: Axes, shape: [usize; 3]) -> Self {
        let chunk = match dataset.chunks() {
            Some(chunks) => [axes.line, axes.sample, axes.band]
                .map(|axis| chunks.get(axis).map_or(1, |&extent| extent.max(1) as usize)),
            None => pieces(axes, shape),
        };
        let chunk = std::array::from_fn(|axis| chunk[axis].min(shape[axis]));
        let no_data = number(&dataset, "_FillValue").or_else(|| number(&dataset, "missing_value"));
        let (scale, offset) = (number(&dataset, "scale_factor"), number(&dataset, "add_offset"));
        Self {
            file: file.into(),
            axes,
            shape,
            chunk,
            no_data: no_data.map(|value| value as f32),
            scale: (scale.is_some() || offset.is_some())
                .then(|| (scale.unwrap_or(1.0) as f32, offset.unwrap_or(0.0) as f32)),
            kept: Mutex::new(Vec::new()),
            #[cfg(test)]
            unpacked: 0.into(),
            dataset,
        }
    }

    /// See [`cathartes_core::cube::CubeSource::read`].
    pub(super) fn read(
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
        let mut rest = out;
        for row in window.lines.start / self.chunk[0]..=(window.lines.end - 1) / self.chunk[0] {
            let tiles = self.row(row, window, &wanted)?;
            let lines = overlap(&self.span(0, row), &window.lines);
            let (here, later) = rest.split_at_mut(lines.len() * per_line);
            here.par_chunks_mut(per_line).zip(lines).for_each(|(out, line)| {
                for (tile, wanted) in &tiles {
                    self.copy(tile, wanted, (line, &window.samples), out);
                }
            });
            rest = later;
        }
        Ok(())
    }

    #[cfg(test)]
    pub(super) fn unpacked(&self) -> usize {
        self.unpacked.load(std::sync::atomic::Ordering::Relaxed)
    }

    fn check(&self, window: &Window, bands: &[usize], room: usize) -> Result<(), ReadError> {
        let [line_count, sample_count, band_count] = self.shape;
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
            chunks.entry(band / self.chunk[2]).or_default().push((place, band));
        }
        chunks.into_values().collect()
    }

    /// The tiles of one row of chunks, kept from the last window or unpacked now.
    fn row<'w>(
        &self,
        row: usize,
        window: &Window,
        wanted: &'w [Wanted],
    ) -> Result<Vec<(Arc<Tile>, &'w Wanted)>, ReadError> {
        let columns =
            window.samples.start / self.chunk[1]..=(window.samples.end - 1) / self.chunk[1];
        let whole = self.span(0, row);
        let spans: Vec<Range<usize>> = wanted.iter().map(band_span).collect();
        let band_count: usize = spans.iter().map(ExactSizeIterator::len).sum();
        let bytes = whole.len() * columns.clone().count() * self.chunk[1] * band_count * 4;
        let keep = bytes <= KEPT_AT_MOST_BYTES;
        let lines = if keep { whole.clone() } else { overlap(&whole, &window.lines) };

        let tasks: Vec<_> = columns
            .flat_map(|column| spans.iter().zip(wanted).map(move |(span, w)| (column, span, w)))
            .collect();
        let tiles: Result<Vec<_>, ReadError> = tasks
            .into_par_iter()
            .map(|(column, span, wanted)| {
                let tile = self.tile(&lines, &self.span(1, column), span)?;
                Ok((tile, wanted))
            })
            .collect();
        let tiles = tiles?;
        let finished = window.lines.end >= whole.end && window.samples.len() == self.shape[1];
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.clear();
        if keep && !finished {
            kept.extend(tiles.iter().map(|(tile, _)| Arc::clone(tile)));
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
        let mut selections = vec![SliceInfoElem::Index(0); 3];
        for (axis, span) in
            [self.axes.line, self.axes.sample, self.axes.band].into_iter().zip(spans)
        {
            selections[axis] =
                SliceInfoElem::Slice { start: span.start as u64, end: span.end as u64, step: 1 };
        }
        let place = || {
            format!(
                "radiance of lines {:?}, samples {:?}, bands {:?} (from 0)",
                spans[0], spans[1], spans[2]
            )
        };
        let values = floats(&self.dataset, &SliceInfo { selections }).map_err(|reason| {
            self.error(format!(
                "{} does not decode ({reason}); the file is damaged: fetch it again",
                place()
            ))
        })?;
        if values.len() == spans.iter().map(|span| span.len()).product::<usize>() {
            return Ok(values);
        }
        Err(self.error(format!(
            "{} decodes to {} values; fetch the file again",
            place(),
            values.len()
        )))
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
                pixel[place] =
                    self.value(tile.values[from + (band - tile.bands.start) * stride[2]]);
            }
        }
    }

    /// Steps in a tile from line to line, sample to sample, band to band.
    fn strides(&self, [lines, samples, bands]: [usize; 3]) -> [usize; 3] {
        let mut extents = [0; 3];
        (extents[self.axes.line], extents[self.axes.sample], extents[self.axes.band]) =
            (lines, samples, bands);
        let by_dimension = [extents[1] * extents[2], extents[2], 1];
        [self.axes.line, self.axes.sample, self.axes.band].map(|axis| by_dimension[axis])
    }

    fn value(&self, stored: f32) -> f32 {
        if self.no_data == Some(stored) {
            return f32::NAN;
        }
        self.scale.map_or(stored, |(scale, offset)| stored * scale + offset)
    }

    /// What chunk `index` covers of an axis.
    fn span(&self, axis: usize, index: usize) -> Range<usize> {
        let start = index * self.chunk[axis];
        start..(start + self.chunk[axis]).min(self.shape[axis])
    }

    fn error(&self, message: String) -> ReadError {
        ReadError { file: self.file.clone(), message }
    }
}

/// Pieces of a variable without chunks: whole lines, and single bands where bands come first.
fn pieces(axes: Axes, [lines, samples, bands]: [usize; 3]) -> [usize; 3] {
    let bands = if axes.band == 0 { 1 } else { bands };
    let line_bytes = samples.saturating_mul(bands).saturating_mul(4).max(1);
    [(PIECE_BYTES / line_bytes).clamp(1, lines), samples, bands]
}

fn band_span(wanted: &Wanted) -> Range<usize> {
    let first = wanted.iter().map(|&(_, band)| band).min().unwrap_or(0);
    let last = wanted.iter().map(|&(_, band)| band).max().unwrap_or(0);
    first..last + 1
}

fn overlap(a: &Range<usize>, b: &Range<usize>) -> Range<usize> {
    let start = a.start.max(b.start);
    start..a.end.min(b.end).max(start)
}
