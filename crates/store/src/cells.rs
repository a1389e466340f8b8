//! Where things are, as one number that an ordinary index holds: the H3 cell of resolution 9.
//!
//! All cells of resolution 9 within one coarser cell are one range of numbers. A box is covered by
//! coarse cells, that is by a few dozen ranges, whatever its size. Children stick out of their parents
//! a little, and the samples of a box miss corners; a ring of neighbours takes care of both, and the
//! exact box is asked for beside the ranges.

use std::collections::BTreeSet;

use cathartes_core::geometry::LatLon;
use h3o::{CellIndex, LatLng, Resolution};

use crate::query::Bbox;

/// What the tables hold: cells of about 0.1 km².
const FINE: Resolution = Resolution::Nine;
/// Coarser cells than these are a good part of the Earth: then the index is of no use.
const COARSEST: Resolution = Resolution::One;
/// Distance of samples over the length of an edge: near enough that no cell lies between two samples
/// without touching the cell of one.
const STEP_RATIO: f64 = 0.4;
const MOST_SAMPLES: f64 = 500.0;
const METRES_PER_DEGREE: f64 = 111_320.0;

/// The cell of a place; `None` where the place is none.
pub(crate) fn of(place: LatLon) -> Option<i64> {
    let place = LatLng::new(place.latitude.0, place.longitude.0).ok()?;
    Some(u64::from(place.to_cell(FINE)) as i64)
}

/// Ranges of cells, first and last, in ascending order, that hold all places of a box; `None` when
/// the box is a good part of the Earth.
pub(crate) fn cover(bbox: Bbox) -> Option<Vec<(i64, i64)>> {
    let grid = Grid::over(bbox)?;
    let cells: BTreeSet<CellIndex> = grid
        .samples()
        .flat_map(|place| place.to_cell(grid.resolution).grid_disk::<Vec<_>>(1))
        .collect();
    let mut ranges: Vec<(i64, i64)> = cells.into_iter().map(range).collect();
    ranges.sort_unstable();
    let mut merged: Vec<(i64, i64)> = Vec::with_capacity(ranges.len());
    for (first, last) in ranges {
        match merged.last_mut() {
            // Siblings follow each other, with only digits of 7 between them.
            Some(before) if first <= next(before.1) => before.1 = last,
            _ => merged.push((first, last)),
        }
    }
    Some(merged)
}

/// Samples of a box, dense enough for cells of a resolution.
struct Grid {
    bbox: Bbox,
    width_deg: f64,
    columns: usize,
    rows: usize,
    resolution: Resolution,
}

impl Grid {
    fn over(bbox: Bbox) -> Option<Self> {
        let height_deg = bbox.north.0 - bbox.south.0;
        let width_deg = bbox.width().0;
        let (south, north) = (bbox.south.0, bbox.north.0);
        let nearest_equator =
            if south <= 0.0 && north >= 0.0 { 0.0 } else { south.abs().min(north.abs()) };
        let per_degree = METRES_PER_DEGREE * nearest_equator.to_radians().cos();
        let finer =
            [9, 8, 7, 6, 5, 4, 3, 2, 1].into_iter().filter_map(|r| Resolution::try_from(r).ok());
        for resolution in finer.take_while(|r| *r >= COARSEST) {
            let step_m = STEP_RATIO * resolution.edge_length_m();
            let columns = (width_deg * per_degree / step_m).ceil() + 1.0;
            let rows = (height_deg * METRES_PER_DEGREE / step_m).ceil() + 1.0;
            if columns * rows <= MOST_SAMPLES {
                let (columns, rows) = (columns as usize, rows as usize);
                return Some(Self { bbox, width_deg, columns, rows, resolution });
            }
        }
        None
    }

    fn samples(&self) -> impl Iterator<Item = LatLng> + '_ {
        let part = |at: usize, of: usize| at as f64 / of.saturating_sub(1).max(1) as f64;
        let height_deg = self.bbox.north.0 - self.bbox.south.0;
        (0..self.rows).flat_map(move |row| {
            (0..self.columns).filter_map(move |column| {
                let latitude = self.bbox.south.0 + height_deg * part(row, self.rows);
                let longitude = self.bbox.west.0 + self.width_deg * part(column, self.columns);
                LatLng::new(latitude, longitude).ok()
            })
        })
    }
}

/// First and last cell of the fine resolution in a coarser one: its free digits all 0, or all 6.
fn range(cell: CellIndex) -> (i64, i64) {
    let coarse = u8::from(cell.resolution());
    let (mut first, mut last) = (u64::from(cell), u64::from(cell));
    for digit in coarse + 1..=u8::from(FINE) {
        let shift = u32::from(15 - digit) * 3;
        first &= !(0b111 << shift);
        last = last & !(0b111 << shift) | 0b110 << shift;
    }
    let fine = u64::from(u8::from(FINE)) << 52;
    let resolution = |index: u64| (index & !(0b1111 << 52) | fine) as i64;
    (resolution(first), resolution(last))
}

/// The smallest number a cell after this one can have.
fn next(last: i64) -> i64 {
    let step = 1 << ((15 - u8::from(FINE)) * 3);
    let after = last + step;
    // Over a digit of 7 into the next digit, until none is 7.
    (1..=u32::from(u8::from(FINE))).rev().fold(after, |index, digit| {
        let shift = (15 - digit) * 3;
        if (index >> shift) & 0b111 == 0b111 { index + (1 << shift) } else { index }
    })
}

#[cfg(test)]
mod tests;
