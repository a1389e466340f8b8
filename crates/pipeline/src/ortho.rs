//! From the pixel grid to a map: which image pixel belongs in each map cell.
//!
//! Where the producer gave a lookup table, it is used. Else one is made: every pixel is laid on
//! the plane with its own two steps (half the way between its neighbours),
//!
//! ```text
//! (x, y) = centre + u · per_sample + v · per_line,    |u|, |v| ≤ 0.5,
//! ```
//!
//! and each map cell takes the pixel it lies in, the nearest where pixels overlap. Nothing is
//! interpolated: a map of enhancement has the values of the image and no others.

use cathartes_core::{
    geometry::{Crs, Glt, LatLon, MapGrid, PixelGrid},
    raster::Raster,
    units::Degrees,
};

/// Pixels reach a little over their half steps, so that rounding and curvature leave no seams.
const REACH: f64 = 0.52;
/// A map is refused this many cells a pixel: a line flown along a diagonal needs about twenty.
const CELLS_PER_PIXEL: usize = 64;

/// A map's values from an image's; NaN where no pixel belongs.
pub(crate) fn resample(raster: &Raster, table: &Glt) -> Vec<f32> {
    let value = |cell: &Option<(u32, u32)>| match *cell {
        Some((line, sample)) if (line as usize) < raster.lines => {
            raster.line(line as usize).get(sample as usize).copied().unwrap_or(f32::NAN)
        }
        _ => f32::NAN,
    };
    table.cells.iter().map(value).collect()
}

/// The producer's table, or one made from the places of the pixels; `None` when these make no map.
pub(crate) fn lookup(grid: &PixelGrid) -> Option<Glt> {
    grid.glt.clone().or_else(|| make(grid))
}

fn make(grid: &PixelGrid) -> Option<Glt> {
    let places: Vec<LatLon> = grid
        .latitudes_deg
        .iter()
        .zip(&grid.longitudes_deg)
        .map(|(&lat, &lon)| LatLon { latitude: Degrees(lat), longitude: Degrees(lon) })
        .collect();
    let known = |p: &&LatLon| p.latitude.0.is_finite() && p.longitude.0.is_finite();
    let middle =
        places.get(places.len() / 2).filter(known).or_else(|| places.iter().find(known))?;
    let crs = Crs::utm_around(*middle);
    let plane = crs.project(&places);
    let sheet = Sheet { lines: grid.lines, samples: grid.samples, plane: &plane };
    let mut table = sheet.frame(crs)?;
    let mut distance = vec![f64::INFINITY; table.cells.len()];
    for line in 0..sheet.lines {
        for sample in 0..sheet.samples {
            if let Some(pixel) = sheet.pixel(line, sample) {
                pixel.lay(&mut table, &mut distance, (line as u32, sample as u32));
            }
        }
    }
    Some(table)
}

/// Pixel centres on the plane.
struct Sheet<'a> {
    lines: usize,
    samples: usize,
    plane: &'a [[f64; 2]],
}

/// One pixel on the plane.
struct Laid {
    centre: [f64; 2],
    per_sample: [f64; 2],
    per_line: [f64; 2],
}

impl Sheet<'_> {
    fn at(&self, line: usize, sample: usize) -> Option<[f64; 2]> {
        let place = *self.plane.get(line * self.samples + sample)?;
        (place[0].is_finite() && place[1].is_finite()).then_some(place)
    }

    fn pixel(&self, line: usize, sample: usize) -> Option<Laid> {
        let step = |low: (usize, usize), high: (usize, usize)| {
            let (a, b) = (self.at(low.0, low.1)?, self.at(high.0, high.1)?);
            let n = ((high.0 - low.0) + (high.1 - low.1)) as f64;
            (n > 0.0).then(|| [(b[0] - a[0]) / n, (b[1] - a[1]) / n])
        };
        let (l, s) = (line.saturating_sub(1), sample.saturating_sub(1));
        let (l1, s1) = ((line + 1).min(self.lines - 1), (sample + 1).min(self.samples - 1));
        let per_sample = step((line, s), (line, s1));
        let per_line = step((l, sample), (l1, sample));
        // A single row or column has one step only; its pixels are taken to be square.
        let turned = |[x, y]: [f64; 2]| [y, -x];
        Some(Laid {
            centre: self.at(line, sample)?,
            per_sample: per_sample.or_else(|| per_line.map(turned))?,
            per_line: per_line.or_else(|| per_sample.map(turned))?,
        })
    }

    /// An empty map around all pixels, north up. A cell is the shorter step over √2: then every
    /// pixel holds the middle of a cell however it is turned, and none is lost.
    fn frame(&self, crs: Crs) -> Option<Glt> {
        let middle = self.pixel(self.lines / 2, self.samples / 2)?;
        let length = |[x, y]: [f64; 2]| x.hypot(y);
        let shorter = length(middle.per_sample).min(length(middle.per_line));
        let side = shorter * std::f64::consts::FRAC_1_SQRT_2;
        let margin = length(middle.per_sample).max(length(middle.per_line));
        let (mut low, mut high) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
        for place in self.plane.iter().filter(|p| p[0].is_finite() && p[1].is_finite()) {
            for i in 0..2 {
                low[i] = low[i].min(place[i] - margin);
                high[i] = high[i].max(place[i] + margin);
            }
        }
        let cells = |i: usize| ((high[i] - low[i]) / side).ceil();
        let most = (CELLS_PER_PIXEL * self.plane.len() + 10_000) as f64;
        if !(side > 0.0 && cells(0) * cells(1) <= most) {
            return None;
        }
        // Corners on whole cells, so that maps of neighbouring lines fit.
        let origin = [(low[0] / side).floor() * side, (high[1] / side).ceil() * side];
        let (columns, rows) = (cells(0) as usize + 2, cells(1) as usize + 2);
        let grid = MapGrid { crs, origin, per_sample: [side, 0.0], per_line: [0.0, -side] };
        Some(Glt { grid, rows, columns, cells: vec![None; rows * columns] })
    }
}

impl Laid {
    /// Gives this pixel the map cells that lie in it and in no nearer one.
    fn lay(&self, table: &mut Glt, distance: &mut [f64], pixel: (u32, u32)) {
        let ([a, c], [b, d]) = (self.per_sample, self.per_line);
        let determinant = a * d - b * c;
        if determinant == 0.0 {
            return;
        }
        let side = table.grid.per_sample[0];
        let [x0, y0] = table.grid.origin;
        let half = [REACH * (a.abs() + b.abs()), REACH * (c.abs() + d.abs())];
        let range = |low: f64, high: f64, n: usize| {
            (low.floor().max(0.0) as usize)..(high.ceil().max(0.0) as usize).min(n)
        };
        let [x, y] = self.centre;
        let columns = range((x - half[0] - x0) / side, (x + half[0] - x0) / side, table.columns);
        for row in range((y0 - y - half[1]) / side, (y0 - y + half[1]) / side, table.rows) {
            for column in columns.clone() {
                let dx = x0 + (column as f64 + 0.5) * side - x;
                let dy = y0 - (row as f64 + 0.5) * side - y;
                let (u, v) = ((dx * d - dy * b) / determinant, (dy * a - dx * c) / determinant);
                let (cell, far) = (row * table.columns + column, dx.hypot(dy));
                if u.abs() <= REACH && v.abs() <= REACH && far < distance[cell] {
                    distance[cell] = far;
                    table.cells[cell] = Some(pixel);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
