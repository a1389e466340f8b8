//! The ground: a grid of heights in the ASCII form of ESRI.

use crate::documents::must;
use crate::geodesic::{Arc, degrees, turn};

const HEAD: [&str; 6] = ["ncols", "nrows", "xllcorner", "yllcorner", "cellsize", "nodata_value"];

/// The numbers of the head, and heights by rows from north to south.
pub(crate) struct Grid([f64; 6], Vec<f64>);

impl Grid {
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, String> {
        let text = String::from_utf8_lossy(bytes).to_ascii_lowercase();
        let mut words: Vec<&str> = text.split_ascii_whitespace().collect();
        let named = words.len() > 12 && (0..6).all(|at| words.remove(at) == HEAD[at]);
        must(named, &format!("ground: not {HEAD:?} and heights"))?;
        let number = |word: &str| word.parse().ok().filter(|number: &f64| number.is_finite());
        let numbers: Option<Vec<f64>> = words.into_iter().map(number).collect();
        let mut numbers = numbers.ok_or("ground: a word that is no number")?;
        let heights = numbers.split_off(6);
        let whole = numbers[0] >= 1.0 && numbers[0].fract() == 0.0 && numbers[4] > 0.0;
        let full = numbers[0] * numbers[1] == heights.len() as f64;
        must(whole && full, "ground: not ncols by nrows heights of cells")?;
        Ok(Self(std::array::from_fn(|at| numbers[at]), heights))
    }

    /// Lowest and highest under the box of the ends of an arc, grown by metres, a fiftieth of its length and two cells.
    pub(crate) fn under(&self, arc: &Arc, metres: f64) -> Option<[f64; 2]> {
        let Self([columns, rows, west, south, cell_deg, none], heights) = self;
        let [[lon, start], [_, end]] = arc.ends.map(degrees);
        let up = (metres + arc.length_m / 50.0) / 110_000.0;
        let aside = up / start.abs().max(end.abs()).to_radians().cos();
        let touched = |[a, b]: [f64; 2], more: f64, corner: f64, size: f64| {
            let low = (a.min(b) - more - corner) / cell_deg - 2.0;
            let high = (a.max(b) + more - corner) / cell_deg + 2.0;
            let cells = (low.ceil() - 1.0).max(0.0)..(high.floor() + 1.0).min(size);
            (low >= 0.0 && high <= size).then_some(cells.start as usize..cells.end as usize)
        };
        let lons = [lon, lon + turn(arc.ends).to_degrees()];
        let turned = |round: f64| touched(lons.map(|lon| lon + round), aside, *west, *columns);
        let across = [0.0, 360.0, -360.0].into_iter().find_map(turned)?;
        let upward = touched([start, end], up, *south, *rows)?;
        let rows = heights.rchunks(*columns as usize).skip(upward.start).take(upward.len());
        let mut heights = rows.flat_map(|row| &row[across.clone()]);
        heights.try_fold([f64::MAX, f64::MIN], |[low, high], height| {
            (height != none).then_some([low.min(*height), high.max(*height)])
        })
    }
}
