//! Cloud-optimised GeoTIFF, written: float32 maps that GDAL and QGIS open, near or far.
//!
//! What makes a GeoTIFF cloud-optimised is the order of its bytes: every directory (the image's,
//! then its overviews') before any pixel, tiles instead of rows, overviews before the full image,
//! so that a reader across a network asks twice instead of a thousand times. The layout is GDAL's,
//! stated in its own words in the ghost area behind the header: each tile is preceded by its
//! length and followed by its last four bytes again.
//!
//! No data is NaN. Tiles hold all bands pixel by pixel, pass the floating-point predictor of
//! TIFF (Adobe's technical note 3) and are deflated at a fixed level: the same maps give the same
//! bytes on every machine and with any number of threads.

use std::{
    fs::File,
    io::{self, BufWriter, Write},
    path::Path,
};

use cathartes_core::geometry::MapGrid;

mod directory;
mod tiles;

use directory::{Directory, Entry};
use tiles::{Level, overviews};

/// One layer of a map.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer<'a> {
    /// What it shows, for the layer list of a GIS.
    pub description: String,
    /// Unit of its values.
    pub unit: &'static str,
    /// Row by row from the top; NaN is no data.
    pub values: &'a [f32],
}

/// A map to write.
#[derive(Debug, Clone, PartialEq)]
pub struct Map<'a> {
    /// Pixels down.
    pub rows: usize,
    /// Pixels across.
    pub columns: usize,
    /// At least one.
    pub layers: Vec<Layer<'a>>,
    /// Where the pixels are; without it the file has pixel coordinates and no CRS.
    pub grid: Option<MapGrid>,
}

/// Why a map was not written.
#[derive(Debug, thiserror::Error)]
pub enum CogError {
    /// A layer that does not fit the map.
    #[error("layer `{description}` has {found} values, the map has {rows} x {columns} pixels")]
    Size {
        /// The layer.
        description: String,
        /// Its length.
        found: usize,
        /// Pixels down.
        rows: usize,
        /// Pixels across.
        columns: usize,
    },
    /// Nothing to write.
    #[error("a map needs at least one layer and one pixel")]
    Empty,
    /// Classic TIFF counts bytes in 32 bits.
    #[error("the map needs {bytes} bytes, a TIFF holds 4 GiB: search the scene in parts")]
    TooLarge {
        /// Size the file would have.
        bytes: u64,
    },
    /// The compressor gave up.
    #[error("deflate: {0}")]
    Deflate(io::Error),
    /// The file could not be written.
    #[error("{file}: {source}")]
    Io {
        /// The file.
        file: String,
        /// Why.
        source: io::Error,
    },
}

/// GDAL's statement of the order of the bytes; readers rely on every letter of it.
const GHOST: &str = "GDAL_STRUCTURAL_METADATA_SIZE=000140 bytes
LAYOUT=IFDS_BEFORE_DATA
BLOCK_ORDER=ROW_MAJOR
BLOCK_LEADER=SIZE_AS_UINT4
BLOCK_TRAILER=LAST_4_BYTES_REPEATED
KNOWN_INCOMPATIBLE_EDITION=NO
 ";
const HEADER_BYTES: usize = 8;

/// Writes a map. The file appears under a temporary name of the caller's choosing or not at all;
/// this function does not rename.
///
/// # Errors
///
/// [`CogError`] when the layers do not fit the map, the map does not fit a TIFF, or the disk
/// refuses.
pub fn write(path: &Path, map: &Map<'_>) -> Result<(), CogError> {
    let bytes = encode(map)?;
    let io = |source| CogError::Io { file: path.display().to_string(), source };
    let mut file = BufWriter::new(File::create(path).map_err(io)?);
    for part in &bytes {
        file.write_all(part).map_err(io)?;
    }
    file.flush().map_err(io)
}

/// The file as consecutive parts.
fn encode(map: &Map<'_>) -> Result<Vec<Vec<u8>>, CogError> {
    check(map)?;
    let levels = overviews(map);
    let tiles: Vec<Vec<Vec<u8>>> =
        levels.iter().map(Level::tiles).collect::<Result<_, _>>().map_err(CogError::Deflate)?;

    let mut directories: Vec<Directory> = levels
        .iter()
        .zip(&tiles)
        .enumerate()
        .map(|(i, (level, tiles))| describe(map, level, tiles, i > 0))
        .collect();
    let ghost_end = (HEADER_BYTES + GHOST.len()).next_multiple_of(2);
    let data_start = ghost_end + directories.iter().map(Directory::len_bytes).sum::<usize>();
    let total = data_start as u64 + tiles.iter().flatten().map(|t| t.len() as u64).sum::<u64>();
    if total > u64::from(u32::MAX) {
        return Err(CogError::TooLarge { bytes: total });
    }

    // Pixels follow from the coarsest overview to the full image.
    let mut at = data_start as u32;
    for (directory, tiles) in directories.iter_mut().zip(&tiles).rev() {
        let offsets = tiles.iter().map(|tile| {
            let offset = at + tiles::LEADER_BYTES as u32;
            at += tile.len() as u32;
            offset
        });
        directory.set_tile_offsets(&offsets.collect::<Vec<_>>());
    }

    let mut head = b"II*\0".to_vec();
    head.extend((ghost_end as u32).to_le_bytes());
    head.extend(GHOST.as_bytes());
    head.resize(ghost_end, 0);
    let count = directories.len();
    for (i, directory) in directories.iter().enumerate() {
        let next = head.len() + directory.len_bytes();
        let bytes =
            directory.encode(head.len() as u32, if i + 1 < count { next as u32 } else { 0 });
        head.extend(bytes);
    }
    let mut parts = vec![head];
    parts.extend(tiles.into_iter().rev().flatten());
    Ok(parts)
}

fn check(map: &Map<'_>) -> Result<(), CogError> {
    let pixels = map.rows * map.columns;
    if pixels == 0 || map.layers.is_empty() {
        return Err(CogError::Empty);
    }
    match map.layers.iter().find(|layer| layer.values.len() != pixels) {
        None => Ok(()),
        Some(layer) => Err(CogError::Size {
            description: layer.description.clone(),
            found: layer.values.len(),
            rows: map.rows,
            columns: map.columns,
        }),
    }
}

/// The directory of one resolution. Only the first carries what holds for all.
fn describe(map: &Map<'_>, level: &Level, tiles: &[Vec<u8>], reduced: bool) -> Directory {
    let bands = map.layers.len();
    let lengths =
        tiles.iter().map(|t| (t.len() - tiles::LEADER_BYTES - tiles::TRAILER_BYTES) as u32);
    let mut entries = vec![
        Entry::longs(254, &[u32::from(reduced)]),
        Entry::longs(256, &[level.columns as u32]),
        Entry::longs(257, &[level.rows as u32]),
        Entry::shorts(258, &vec![32; bands]),
        Entry::shorts(259, &[8]),
        Entry::shorts(262, &[1]),
        Entry::shorts(277, &[bands as u16]),
        Entry::shorts(284, &[1]),
        Entry::shorts(317, &[3]),
        Entry::shorts(322, &[tiles::SIDE as u16]),
        Entry::shorts(323, &[tiles::SIDE as u16]),
        Entry::longs(directory::TILE_OFFSETS, &vec![0; tiles.len()]),
        Entry::longs(325, &lengths.collect::<Vec<_>>()),
        Entry::shorts(339, &vec![3; bands]),
        Entry::text(42113, "nan"),
    ];
    if bands > 1 {
        entries.push(Entry::shorts(338, &vec![0; bands - 1]));
    }
    if !reduced {
        entries.push(Entry::text(42112, &descriptions(&map.layers)));
        entries.extend(map.grid.iter().flat_map(place));
    }
    Directory::new(entries)
}

/// GDAL's own tag for what the bands are called and measured in.
fn descriptions(layers: &[Layer<'_>]) -> String {
    let escape = |text: &str| {
        text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
    };
    let item = |i: usize, name: &str, role: &str, text: &str| {
        let text = escape(text);
        format!("  <Item name=\"{name}\" sample=\"{i}\" role=\"{role}\">{text}</Item>\n")
    };
    let items: Vec<String> = (0..)
        .zip(layers)
        .map(|(i, layer)| {
            item(i, "DESCRIPTION", "description", &layer.description)
                + &item(i, "UNITTYPE", "unittype", layer.unit)
        })
        .collect();
    let items = items.concat();
    format!("<GDALMetadata>\n{items}</GDALMetadata>\n")
}

/// The GeoTIFF tags of a grid: scale and corner when north is up, else the whole matrix.
fn place(grid: &MapGrid) -> Vec<Entry> {
    let MapGrid { crs, origin: [x0, y0], per_sample: [xs, ys], per_line: [xl, yl] } = *grid;
    let mut entries = if ys == 0.0 && xl == 0.0 && xs > 0.0 && yl < 0.0 {
        vec![
            Entry::doubles(33550, &[xs, -yl, 0.0]),
            Entry::doubles(33922, &[0.0, 0.0, 0.0, x0, y0, 0.0]),
        ]
    } else {
        let zeros = [0.0; 4];
        let rows = [[xs, xl, 0.0, x0], [ys, yl, 0.0, y0], zeros, [0.0, 0.0, 0.0, 1.0]];
        vec![Entry::doubles(34264, &rows.concat())]
    };
    let geographic = crs.epsg() == 4326;
    let (model, key) = if geographic { (2, 2048) } else { (1, 3072) };
    let keys = [[1, 1, 0, 3], [1024, 0, 1, model], [1025, 0, 1, 1], [key, 0, 1, crs.epsg()]];
    entries.push(Entry::shorts(34735, &keys.concat()));
    entries
}

#[cfg(test)]
mod tests;
