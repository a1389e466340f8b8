//! A map with its overviews, read where it is looked at: what `cog` writes.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    io::{Read, Seek},
};

use cathartes_core::geometry::MapGrid;
use tiff::{
    TiffError,
    decoder::{Decoder, DecodingResult, Limits},
    tags::Tag,
};

use super::{image::Facts, place};

/// Most halvings that are looked at.
const MOST_LEVELS: usize = 32;
/// The largest chunk, bytes; ours have half a mebibyte.
const LARGEST_CHUNK: usize = 16 << 20;

/// One resolution.
struct Level {
    columns: usize,
    rows: usize,
    chunk_columns: usize,
    chunk_rows: usize,
}

/// A map at every resolution.
pub(crate) struct Pyramid<R: Read + Seek> {
    decoder: Decoder<R>,
    levels: Vec<Level>,
    bands: usize,
    /// Where the pixels of the full map are; or why nobody knows.
    pub(crate) grid: Result<MapGrid, String>,
}

impl<R: Read + Seek> Pyramid<R> {
    pub(crate) fn open(file: R) -> Result<Self, TiffError> {
        let mut limits = Limits::default();
        limits.decoding_buffer_size = LARGEST_CHUNK;
        limits.intermediate_buffer_size = LARGEST_CHUNK;
        limits.ifd_value_size = LARGEST_CHUNK;
        let mut decoder = Decoder::new(file)?.with_limits(limits);
        let bands = decoder.find_tag_unsigned::<u16>(Tag::SamplesPerPixel)?.unwrap_or(1);
        let grid = place::grid(&Facts::read(&mut decoder));
        let mut levels = Vec::new();
        loop {
            let ((columns, rows), chunk) = (decoder.dimensions()?, decoder.chunk_dimensions());
            levels.push(Level {
                columns: columns as usize,
                rows: rows as usize,
                chunk_columns: chunk.0.max(1) as usize,
                chunk_rows: chunk.1.max(1) as usize,
            });
            if levels.len() == MOST_LEVELS || !decoder.more_images() {
                break;
            }
            decoder.next_image()?;
        }
        Ok(Self { decoder, levels, bands: usize::from(bands).max(1), grid })
    }

    /// Pixels down and across at full resolution.
    pub(crate) fn size(&self) -> [usize; 2] {
        self.levels.first().map_or([0, 0], |full| [full.rows, full.columns])
    }

    /// The last level of at most so many pixels for one, each level having half of the one before.
    pub(crate) fn level_for(&self, pixels_for_one: f64) -> usize {
        let wanted = pixels_for_one.max(1.0).log2() as usize;
        wanted.min(self.levels.len() - 1)
    }

    /// Values of the first band at pixels (row, column) of the full map, read at a level; NaN where the
    /// map has none.
    pub(crate) fn values(
        &mut self,
        level: usize,
        pixels: &[Option<(usize, usize)>],
    ) -> Result<Vec<f32>, TiffError> {
        let mut chunks = BTreeMap::new();
        let mut values = Vec::with_capacity(pixels.len());
        for pixel in pixels {
            let at =
                pixel.and_then(|(row, column)| self.find(level, row >> level, column >> level));
            let Some((index, row, column)) = at else {
                values.push(f32::NAN);
                continue;
            };
            let chunk = match chunks.entry(index) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => new.insert(self.chunk(level, index)?),
            };
            values.push(chunk.at(row, column));
        }
        Ok(values)
    }

    /// All values of a band at the coarsest level, as many as there are.
    pub(crate) fn coarsest(&mut self, band: usize) -> Result<Vec<f32>, TiffError> {
        let last = self.levels.len() - 1;
        let level = &self.levels[last];
        let across = level.columns.div_ceil(level.chunk_columns);
        let chunks = across * level.rows.div_ceil(level.chunk_rows);
        let mut values = Vec::new();
        for index in 0..chunks {
            let chunk = self.chunk(last, index as u32)?;
            values.extend(chunk.values.iter().skip(band).step_by(self.bands));
        }
        Ok(values)
    }

    /// The chunk of a pixel, and where it is in it.
    fn find(&self, level: usize, row: usize, column: usize) -> Option<(u32, usize, usize)> {
        let Level { columns, rows, chunk_columns, chunk_rows } = *self.levels.get(level)?;
        if row >= rows || column >= columns {
            return None;
        }
        let index = row / chunk_rows * columns.div_ceil(chunk_columns) + column / chunk_columns;
        Some((u32::try_from(index).ok()?, row % chunk_rows, column % chunk_columns))
    }

    fn chunk(&mut self, level: usize, index: u32) -> Result<Chunk, TiffError> {
        self.decoder.seek_to_image(level)?;
        let (columns, _) = self.decoder.chunk_data_dimensions(index);
        let values = match self.decoder.read_chunk(index)? {
            DecodingResult::F32(values) => values,
            _ => Vec::new(),
        };
        Ok(Chunk { values, columns: columns as usize, bands: self.bands })
    }
}

/// Part of a level, pixel by pixel.
struct Chunk {
    values: Vec<f32>,
    columns: usize,
    bands: usize,
}

impl Chunk {
    fn at(&self, row: usize, column: usize) -> f32 {
        let at = (row * self.columns + column) * self.bands;
        self.values.get(at).copied().unwrap_or(f32::NAN)
    }
}
