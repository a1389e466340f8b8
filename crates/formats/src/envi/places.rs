//! Where the pixels are, from the files beside an image.
//!
//! **IGM** (input geometry): for every pixel of the image longitude, latitude and perhaps height,
//! or easting and northing when its header names the UTM zone.
//!
//! **GLT** (geographic lookup table): for every cell of a map grid the sample and the line of the
//! image that belong there, counted from 1; negative where the nearest was taken to fill a gap, 0
//! where there is none. The place of a pixel is the mean of its own cells, or of those it was lent
//! to; pixels that reached no cell lie evenly between, or beyond, their neighbours along the line.

use std::path::Path;

use cathartes_core::geometry::{Crs, Geometry, Glt, LatLon, MapGrid, PixelGrid};

use super::{
    decode::{Ignore, decode},
    files,
    header::Frame,
    layout::Interleave,
    source::{read_header, whole},
};
use crate::FormatError;

/// What is wrong with a file of places.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PlacesError {
    /// Another shape than the image.
    #[error(
        "{lines} lines x {samples} samples, the image has {image_lines} x {image_samples}; give \
         the IGM of this image"
    )]
    Shape {
        /// Lines here.
        lines: usize,
        /// Samples here.
        samples: usize,
        /// Lines of the image.
        image_lines: usize,
        /// Samples of the image.
        image_samples: usize,
    },
    /// Not enough bands.
    #[error("{bands} band, two are needed: {what}")]
    Bands {
        /// Bands here.
        bands: usize,
        /// What they should hold.
        what: &'static str,
    },
    /// A pixel that is nowhere on Earth.
    #[error(
        "line {line}, sample {sample}: {longitude}, {latitude} is no longitude and latitude in \
         degrees; metres need `map info` with the UTM zone in the header"
    )]
    Nowhere {
        /// From 1.
        line: usize,
        /// From 1.
        sample: usize,
        /// First band.
        longitude: f64,
        /// Second band.
        latitude: f64,
    },
    /// A lookup table that is no map.
    #[error("the header of a GLT needs `map info` in UTM or degrees on WGS-84")]
    NoMap,
    /// A cell that points outside the image.
    #[error(
        "row {row}, column {column} points to line {line}, sample {sample} of an image of \
         {image_lines} x {image_samples}; give the GLT of this image"
    )]
    Outside {
        /// From 1.
        row: usize,
        /// From 1.
        column: usize,
        /// From 1.
        line: f64,
        /// From 1.
        sample: f64,
        /// Lines of the image.
        image_lines: usize,
        /// Samples of the image.
        image_samples: usize,
    },
    /// A table without a single pixel.
    #[error("no cell points to a pixel; give the GLT of this image")]
    Empty,
}

/// The places of an image of `lines` x `samples` pixels by its IGM file.
///
/// # Errors
///
/// [`FormatError`] when the file is not an IGM of this image.
pub fn igm(path: &Path, [lines, samples]: [usize; 2]) -> Result<PixelGrid, FormatError> {
    let what = "longitude and latitude";
    let (frame, [x, y]) = planes(path, what)?;
    let wrong = |error| FormatError::new(path, error);
    if (frame.lines, frame.samples) != (lines, samples) {
        let (image_lines, image_samples) = (lines, samples);
        let Frame { lines, samples, .. } = frame;
        return Err(wrong(PlacesError::Shape { lines, samples, image_lines, image_samples }));
    }
    let (longitudes_deg, latitudes_deg) = match frame.geometry {
        Geometry::Map(MapGrid { crs: crs @ Crs::Utm { .. }, .. }) if !degrees(&x, &y) => {
            let plane: Vec<[f64; 2]> = x.iter().zip(&y).map(|(x, y)| [*x, *y]).collect();
            apart(&crs.unproject(&plane))
        }
        _ => (x, y),
    };
    let nowhere = |at: usize| !on_earth(longitudes_deg[at], latitudes_deg[at]);
    if let Some(at) = (0..longitudes_deg.len()).find(|at| nowhere(*at)) {
        return Err(wrong(PlacesError::Nowhere {
            line: at / samples + 1,
            sample: at % samples + 1,
            longitude: longitudes_deg[at],
            latitude: latitudes_deg[at],
        }));
    }
    Ok(PixelGrid { lines, samples, latitudes_deg, longitudes_deg, glt: None })
}

/// The lookup table of an image of `lines` x `samples` pixels.
///
/// # Errors
///
/// [`FormatError`] when the file is not a GLT of this image.
pub fn glt(path: &Path, [lines, samples]: [usize; 2]) -> Result<Glt, FormatError> {
    lookup(path, [lines, samples]).map(|(table, _)| table)
}

/// The places of an image by its lookup table.
///
/// # Errors
///
/// [`FormatError`] when the file is not a GLT of this image.
pub fn by_glt(path: &Path, [lines, samples]: [usize; 2]) -> Result<PixelGrid, FormatError> {
    let (table, lent) = lookup(path, [lines, samples])?;
    placed(table, &lent, [lines, samples]).ok_or_else(|| FormatError::new(path, PlacesError::Empty))
}

/// The places of an image by a lookup table, of which some cells are `lent` to a neighbour; none
/// when the table is empty.
pub(crate) fn placed(table: Glt, lent: &[bool], [lines, samples]: [usize; 2]) -> Option<PixelGrid> {
    let mut places = centres(&table, lent, lines * samples, samples);
    if places.iter().all(|place| place[0].is_nan()) {
        return None;
    }
    places.chunks_mut(samples).for_each(fill);
    for sample in 0..samples {
        let mut column: Vec<[f64; 2]> =
            places.iter().skip(sample).step_by(samples).copied().collect();
        fill(&mut column);
        let cells = places.iter_mut().skip(sample).step_by(samples);
        cells.zip(column).for_each(|(cell, place)| *cell = place);
    }
    let (longitudes_deg, latitudes_deg) = apart(&table.grid.crs.unproject(&places));
    Some(PixelGrid { lines, samples, latitudes_deg, longitudes_deg, glt: Some(table) })
}

fn lookup(path: &Path, [lines, samples]: [usize; 2]) -> Result<(Glt, Vec<bool>), FormatError> {
    let (frame, [columns_of, lines_of]) = planes(path, "sample and line")?;
    let wrong = |error| FormatError::new(path, error);
    let Geometry::Map(grid) = frame.geometry else { return Err(wrong(PlacesError::NoMap)) };
    let inside = |x: f64, n: usize| x.abs() >= 1.0 && x.abs() < n as f64 + 1.0;
    let mut cells = Vec::with_capacity(columns_of.len());
    for (at, (sample, line)) in columns_of.iter().zip(&lines_of).enumerate() {
        let none = [sample, line].iter().any(|x| **x == 0.0 || x.is_nan());
        let within = inside(*sample, samples) && inside(*line, lines);
        if !(none || within) {
            return Err(wrong(PlacesError::Outside {
                row: at / frame.samples + 1,
                column: at % frame.samples + 1,
                line: *line,
                sample: *sample,
                image_lines: lines,
                image_samples: samples,
            }));
        }
        let from_zero = |x: f64| x.abs() as u32 - 1;
        cells.push((!none).then(|| (from_zero(*line), from_zero(*sample))));
    }
    let lent = columns_of.iter().zip(&lines_of).map(|(s, l)| *s < 0.0 || *l < 0.0).collect();
    Ok((Glt { grid, rows: frame.lines, columns: frame.samples, cells }, lent))
}

/// Mean plane coordinates of the cells of each pixel; NaN for a pixel without.
fn centres(table: &Glt, lent: &[bool], pixels: usize, samples: usize) -> Vec<[f64; 2]> {
    let mut sums = vec![[0.0; 3]; pixels];
    for borrowed in [false, true] {
        let own: Vec<bool> = sums.iter().map(|sum| borrowed && sum[2] > 0.0).collect();
        for (at, cell) in table.cells.iter().enumerate() {
            let Some((line, sample)) = *cell else { continue };
            let pixel = line as usize * samples + sample as usize;
            if lent[at] != borrowed || own[pixel] {
                continue;
            }
            let [x, y] = table.grid.cell_centre(at / table.columns, at % table.columns);
            let sum = &mut sums[pixel];
            *sum = [sum[0] + x, sum[1] + y, sum[2] + 1.0];
        }
    }
    sums.iter().map(|[x, y, n]| [x / n, y / n]).collect()
}

/// Puts the unknown evenly between the known, and beyond them by the step of the two nearest.
fn fill(row: &mut [[f64; 2]]) {
    let known: Vec<usize> = (0..row.len()).filter(|at| !row[*at][0].is_nan()).collect();
    if known.len() < 2 || known.len() == row.len() {
        return;
    }
    let mut next = 0;
    for at in 0..row.len() {
        while next + 2 < known.len() && known[next + 1] <= at {
            next += 1;
        }
        let (a, b) = (known[next], known[next + 1]);
        if row[at][0].is_nan() {
            let w = (at as f64 - a as f64) / (b - a) as f64;
            row[at] = [0, 1].map(|i| (1.0 - w) * row[a][i] + w * row[b][i]);
        }
    }
}

fn degrees(x: &[f64], y: &[f64]) -> bool {
    x.iter().zip(y).all(|(x, y)| on_earth(*x, *y))
}

/// No data passes: a pixel may have no place.
fn on_earth(longitude: f64, latitude: f64) -> bool {
    let beyond = |x: f64, limit: f64| x.is_infinite() || x.abs() > limit;
    !beyond(longitude, 360.0) && !beyond(latitude, 90.0)
}

fn apart(places: &[LatLon]) -> (Vec<f64>, Vec<f64>) {
    places.iter().map(|place| (place.longitude.0, place.latitude.0)).unzip()
}

/// The first two bands of a file, all digits kept; no data is NaN.
fn planes(path: &Path, what: &'static str) -> Result<(Frame, [Vec<f64>; 2]), FormatError> {
    let (header, image) = files::pair(path)?;
    let frame = read_header(&header, Frame::parse)?;
    if frame.bands < 2 {
        return Err(FormatError::new(header, PlacesError::Bands { bands: frame.bands, what }));
    }
    let wrong = |error| FormatError::new(&image, error);
    let size = std::fs::metadata(&image).map_err(|error| FormatError::new(&image, error))?.len();
    whole(&frame, size).map_err(wrong)?;
    let bytes = std::fs::read(&image).map_err(|error| FormatError::new(&image, error))?;
    let planes = [0, 1].map(|band| plane(&frame, &bytes, band));
    Ok((frame, planes))
}

fn plane(frame: &Frame, bytes: &[u8], band: usize) -> Vec<f64> {
    let Frame { lines, samples, bands, layout, .. } = *frame;
    let size = layout.sample.bytes();
    let ignore = Ignore::new(frame.ignore, layout.sample);
    let (step, first, run) = match layout.interleave {
        Interleave::Bsq => (1, band * lines, samples),
        Interleave::Bil => (bands, band, samples),
        Interleave::Bip => (bands, band, 1),
    };
    let mut out = vec![f64::NAN; lines * samples];
    for (at, out) in out.chunks_mut(run).enumerate() {
        let from = frame.offset_bytes as usize + (first + at * step) * run * size;
        let Some(bytes) = bytes.get(from..from + run * size) else { break };
        decode(layout, bytes, out, |number| ignore.keep(number));
    }
    out
}

#[cfg(test)]
mod tests;
