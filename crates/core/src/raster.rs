//! One number a pixel.

/// A map in the pixel grid of a cube; NaN is no data.
#[derive(Debug, Clone, PartialEq)]
pub struct Raster {
    /// Rows.
    pub lines: usize,
    /// Columns.
    pub samples: usize,
    /// `lines * samples` values, line by line.
    pub values: Vec<f32>,
}

impl Raster {
    /// A raster of one value everywhere.
    #[must_use]
    pub fn filled(lines: usize, samples: usize, value: f32) -> Self {
        Self { lines, samples, values: vec![value; lines * samples] }
    }

    /// The value of one pixel.
    #[must_use]
    pub fn at(&self, line: usize, sample: usize) -> f32 {
        self.values[line * self.samples + sample]
    }

    /// One row.
    #[must_use]
    pub fn line(&self, line: usize) -> &[f32] {
        &self.values[line * self.samples..(line + 1) * self.samples]
    }
}
