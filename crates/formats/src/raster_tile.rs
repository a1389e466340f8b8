//! A square of the map of the web out of a map that `cog` wrote: 256 x 256 pixels as PNG, for a screen.
//!
//! Each pixel shows the value at its middle, from the overview that is just finer than the screen, by the
//! colours of the quick look; where there is no data one sees through. Nothing is computed but where the
//! pixels lie.

use std::io::{Read, Seek};

use cathartes_core::{
    geometry::{Crs, LatLon, MapGrid, destination},
    map_tile::MapTile,
    plume::PixelPlace,
    units::{Degrees, Metres},
};

use crate::{geotiff::pyramid::Pyramid, ramp, tiles::contained};

/// Pixels along a side.
const SIDE: usize = 256;
/// Pixels along a side of a close-up.
pub const CLOSE_UP_SIDE_PX: u32 = SIDE as u32;
/// What stands where a close-up has no data.
const NO_DATA: [u8; 3] = [128; 3];
/// Places on each edge of a map by which one sees whether a tile can have any of it.
const EDGE: usize = 16;
/// The end of the scale where nobody names one: so many deviations of the map.
const DEVIATIONS: f64 = 5.0;

/// Why a tile was not drawn.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RasterTileError {
    /// Not a map of ours.
    #[error("the map does not decode: {0}")]
    Damaged(String),
    /// In pixel coordinates.
    #[error("the map lies nowhere: {0}")]
    NoPlace(String),
    /// The encoder gave up.
    #[error("PNG: {0}")]
    Png(String),
}

/// Draws the first band; `top` is the value at the end of the scale, without it five deviations as the second
/// band has them. `None` where the tile has nothing of the map.
///
/// # Errors
///
/// [`RasterTileError`] when the file is no such map or lies nowhere.
pub fn draw(
    file: impl Read + Seek,
    tile: MapTile,
    top: Option<f64>,
) -> Result<Option<Vec<u8>>, RasterTileError> {
    let places = (0..SIDE * SIDE).map(|i| {
        let middle = |at: usize| (at as f64 + 0.5) / SIDE as f64;
        tile.place([middle(i % SIDE), middle(i / SIDE)])
    });
    let here = |grid: &MapGrid, size| meets(grid, size, tile);
    let read = contained(|| values(file, &places.collect::<Vec<_>>(), (&here, top)));
    let read = read.map_err(RasterTileError::Damaged)?;
    let Some((values, top)) = read.map_err(RasterTileError::NoPlace)? else { return Ok(None) };
    if values.iter().all(|value| value.is_nan()) {
        return Ok(None);
    }
    let mut pixels = Vec::with_capacity(4 * values.len());
    for value in values {
        let [r, g, b] = ramp::of_quantity(f64::from(value) / top);
        pixels.extend(if value.is_nan() { [0; 4] } else { [r, g, b, 255] });
    }
    png(&pixels).map(Some).map_err(|error| RasterTileError::Png(error.to_string()))
}

/// A close-up: red, green and blue of [`CLOSE_UP_SIDE_PX`] rows of as many pixels, north above; grey where there is no data. `None` where the map
/// has nothing of it. It carries no words, no frame and no place.
///
/// # Errors
///
/// [`RasterTileError`] when the file is no such map or lies nowhere.
pub fn close_up(
    file: impl Read + Seek,
    middle: LatLon,
    half_side: Metres,
) -> Result<Option<Vec<u8>>, RasterTileError> {
    let part = |at: usize| ((at as f64 + 0.5) / SIDE as f64 * 2.0 - 1.0) * half_side.0;
    let places = (0..SIDE * SIDE).map(|i| {
        let (east, south) = (part(i % SIDE), part(i / SIDE));
        let bearing = Degrees(east.atan2(-south).to_degrees());
        destination(middle, bearing, Metres(east.hypot(south)))
    });
    let read = contained(|| values(file, &places.collect::<Vec<_>>(), (&|_, _| true, None)));
    let read = read.map_err(RasterTileError::Damaged)?;
    let Some((values, top)) = read.map_err(RasterTileError::NoPlace)? else { return Ok(None) };
    if values.iter().all(|value| value.is_nan()) {
        return Ok(None);
    }
    let colour = |value: f32| {
        if value.is_nan() { NO_DATA } else { ramp::of_quantity(f64::from(value) / top) }
    };
    Ok(Some(values.into_iter().flat_map(colour).collect()))
}

/// The values under the pixels and the end of their scale; the inner error says why the map lies nowhere.
type Drawn = Result<Option<(Vec<f32>, f64)>, String>;
/// Whether a map can have anything of what is drawn, by its grid and size, and the end of the scale that somebody named.
type Asked<'a> = (&'a dyn Fn(&MapGrid, [usize; 2]) -> bool, Option<f64>);

fn values(
    file: impl Read + Seek,
    places: &[LatLon],
    (here, top): Asked<'_>,
) -> Result<Drawn, tiff::TiffError> {
    let mut map = Pyramid::open(file)?;
    let grid = match &map.grid {
        Ok(grid) => *grid,
        Err(why) => return Ok(Err(why.clone())),
    };
    let size = map.size();
    if !here(&grid, size) {
        return Ok(Ok(None));
    }
    let places = pixel_places(&grid, size, places);
    let inside = |[row, column]: &[f64; 2]| {
        let within = |at: f64, end: usize| (0.0..end as f64).contains(&at).then_some(at as usize);
        within(*row, size[0]).zip(within(*column, size[1]))
    };
    let pixels: Vec<Option<(usize, usize)>> = places.iter().map(inside).collect();
    let Some(first) = pixels.iter().position(Option::is_some) else { return Ok(Ok(None)) };
    let level = map.level_for(step(&places, first));
    let values = map.values(level, &pixels)?;
    let top = match top {
        Some(top) => top,
        None => DEVIATIONS * median(map.coarsest(1)?).unwrap_or(1.0),
    };
    Ok(Ok(Some((values, top))))
}

/// Whether the map can have anything in a tile, by its edges.
fn meets(grid: &MapGrid, [rows, columns]: [usize; 2], tile: MapTile) -> bool {
    let along = |i: usize, end: usize| i as f64 / EDGE as f64 * end as f64;
    let edges = (0..=EDGE).flat_map(|i| {
        let (down, right) = (along(i, rows), along(i, columns));
        let (bottom, end) = (rows as f64, columns as f64);
        [[down, 0.0], [down, end], [0.0, right], [bottom, right]]
    });
    let plane: Vec<[f64; 2]> =
        edges.map(|[line_px, sample_px]| grid.plane(PixelPlace { line_px, sample_px })).collect();
    let shares: Vec<[f64; 2]> =
        grid.crs.unproject(&plane).into_iter().map(|place| tile.shares(place)).collect();
    [0, 1].iter().all(|&axis| {
        let all = || shares.iter().map(|share| share[axis]);
        let (low, high) =
            (all().fold(f64::INFINITY, f64::min), all().fold(-f64::INFINITY, f64::max));
        // An edge between two places bends a little.
        let bend = (high - low) / EDGE as f64;
        low - bend <= 1.0 && high + bend >= 0.0
    })
}

/// Row and column of places in a map, as fractions; NaN where they have none.
fn pixel_places(grid: &MapGrid, [rows, columns]: [usize; 2], places: &[LatLon]) -> Vec<[f64; 2]> {
    let MapGrid { crs, origin: [x0, y0], per_sample: [xs, ys], per_line: [xl, yl] } = *grid;
    let determinant = xs * yl - ys * xl;
    let middle = grid.cell_centre(rows / 2, columns / 2)[0];
    let one = |[x, y]: [f64; 2]| {
        let x = if crs == Crs::Geographic { x - 360.0 * ((x - middle) / 360.0).round() } else { x };
        let (dx, dy) = (x - x0, y - y0);
        [(xs * dy - ys * dx) / determinant, (yl * dx - xl * dy) / determinant]
    };
    crs.project(places).into_iter().map(one).collect()
}

/// Pixels of the map from one pixel of the tile to its neighbour.
fn step(places: &[[f64; 2]], at: usize) -> f64 {
    let [a, b] = [places[at], places[at ^ 1]];
    (a[0] - b[0]).hypot(a[1] - b[1])
}

fn median(values: Vec<f32>) -> Option<f64> {
    let mut known: Vec<f32> = values.into_iter().filter(|value| value.is_finite()).collect();
    let at = known.len().checked_sub(1)? / 2;
    let (_, value, _) = known.select_nth_unstable_by(at, f32::total_cmp);
    Some(f64::from(*value))
}

/// A picture of three bytes a pixel as PNG: for a screen of ours, never for what leaves.
///
/// # Errors
///
/// [`RasterTileError::Png`] when the bytes are not those of so many pixels.
pub fn shown(rgb: &[u8], width_px: u32, height_px: u32) -> Result<Vec<u8>, RasterTileError> {
    let bytes = encoded(rgb, [width_px, height_px], png::ColorType::Rgb);
    bytes.map_err(|error| RasterTileError::Png(error.to_string()))
}

fn png(pixels: &[u8]) -> Result<Vec<u8>, png::EncodingError> {
    encoded(pixels, [SIDE as u32, SIDE as u32], png::ColorType::Rgba)
}

fn encoded(
    pixels: &[u8],
    [width, height]: [u32; 2],
    colours: png::ColorType,
) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(colours);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(pixels)?;
    writer.finish()?;
    Ok(bytes)
}

#[cfg(test)]
mod tests;
