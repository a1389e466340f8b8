//! How high the ground is.

use crate::units::{Degrees, Metres};

/// Heights of the ground above mean sea level, on a grid of longitudes and latitudes.
#[derive(Debug, Clone, PartialEq)]
pub struct Terrain {
    /// Western edge of the first column.
    pub west: Degrees,
    /// Southern edge of the last row.
    pub south: Degrees,
    /// Side of a cell, both ways.
    pub cell: Degrees,
    /// Columns from west to east.
    pub columns: usize,
    /// Rows from north to south.
    pub rows: usize,
    /// `rows * columns` heights; NaN where nobody knows.
    pub heights_m: Vec<f32>,
}

impl Terrain {
    /// The lowest and the highest ground of all cells that touch a box; `None` where one of them is not known. Longitudes may
    /// be a turn off.
    #[must_use]
    pub fn range(&self, [west, south, east, north]: [Degrees; 4]) -> Option<[Metres; 2]> {
        let at = |value: f64, begin: f64, count: usize| {
            let cell = ((value - begin) / self.cell.0).floor();
            (cell >= 0.0 && cell < count as f64).then_some(cell as usize)
        };
        let columns = |turn: f64| {
            let column = |longitude: Degrees| at(longitude.0 + turn, self.west.0, self.columns);
            column(west).zip(column(east))
        };
        let (first, last) = [0.0, 360.0, -360.0].into_iter().find_map(columns)?;
        let up = |latitude: Degrees| at(latitude.0, self.south.0, self.rows);
        let (low, high) = (up(south)?, up(north)?);
        let mut range = [f64::INFINITY, f64::NEG_INFINITY];
        for row in self.rows - 1 - high..=self.rows - 1 - low {
            for height in self.heights_m.get(row * self.columns..)?.get(first..=last)? {
                let height = f64::from(*height);
                if height.is_nan() {
                    return None;
                }
                range = [range[0].min(height), range[1].max(height)];
            }
        }
        Some(range.map(Metres))
    }
}
