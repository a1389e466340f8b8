//! The ground, as a grid of heights.

use std::{collections::BTreeMap, ops::Range};

use crate::{documents::must, geodesic::Arc};

/// Heights by rows from north to south, None where the file has none.
pub(crate) struct Grid {
    size: [usize; 2],
    corner_deg: [f64; 2],
    cell_deg: f64,
    cells: Vec<Option<f64>>,
}

impl Grid {
    /// From the ASCII form of ESRI.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, String> {
        let text = str::from_utf8(bytes).map_err(|why| format!("ground: {why}"))?;
        let words: Vec<&str> = text.split_ascii_whitespace().collect();
        let number = |word: &str| {
            let number = word.parse().ok().filter(|number: &f64| number.is_finite());
            number.ok_or_else(|| format!("ground: `{word}` is no number"))
        };
        let (head, cells) = words.split_at_checked(12).ok_or("ground: no head of six lines")?;
        let named = |pair: &[&str]| Ok((pair[0].to_ascii_lowercase(), number(pair[1])?));
        let head = head.chunks(2).map(named).collect::<Result<BTreeMap<_, _>, String>>()?;
        let names = ["ncols", "nrows", "xllcorner", "yllcorner", "cellsize", "nodata_value"];
        must(
            names.iter().all(|name| head.contains_key(*name)),
            &format!("ground: not all of {names:?}"),
        )?;
        let [cols, rows, west, south, cell_deg, none] = names.map(|name| head[name]);
        let cells = cells.iter().map(|word| number(word)).collect::<Result<Vec<_>, _>>()?;
        must(cols >= 1.0 && rows >= 1.0 && cell_deg > 0.0, "ground: empty")?;
        must(
            cols.fract() == 0.0 && cells.len() as f64 == cols * rows,
            "ground: not ncols by nrows values",
        )?;
        let cells = cells.into_iter().map(|cell| (cell != none).then_some(cell)).collect();
        Ok(Self {
            size: [cols as usize, rows as usize],
            corner_deg: [west, south],
            cell_deg,
            cells,
        })
    }

    /// Lowest and highest under the box of the ends of an arc, grown by metres, a fiftieth of its length and two cells,
    /// and by degrees for rounding.
    pub(crate) fn under(&self, arc: &Arc, metres: f64, rounding_deg: f64) -> Option<[f64; 2]> {
        let [west, south, east, north] = arc.box_deg();
        let more = (metres + arc.half_m / 25.0) / 110_000.0;
        let flattest = south.abs().max(north.abs()).to_radians().cos();
        let wider = [more / flattest, more].map(|more| more + 2.0 * self.cell_deg + rounding_deg);
        let touched = |axis: usize, [low, high]: [f64; 2]| -> Option<Range<usize>> {
            let cell = |deg: f64| (deg - self.corner_deg[axis]) / self.cell_deg;
            let (low, high) = (cell(low - wider[axis]), cell(high + wider[axis]));
            let within = low >= 0.0 && high <= self.size[axis] as f64;
            let first = (low.ceil() - 1.0).max(0.0) as usize;
            within.then(|| first..self.size[axis].min(high.floor() as usize + 1))
        };
        let turned = |turn: f64| touched(0, [west + turn, east + turn]);
        let columns = [0.0, 360.0, -360.0].into_iter().find_map(turned)?;
        let rows = touched(1, [south, north])?.map(|row| (self.size[1] - 1 - row) * self.size[0]);
        let mut cells = rows.flat_map(|row| &self.cells[row + columns.start..row + columns.end]);
        cells.try_fold([f64::MAX, f64::MIN], |[low, high], cell| {
            cell.map(|height| [low.min(height), high.max(height)])
        })
    }
}
