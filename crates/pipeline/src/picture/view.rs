//! Which part of an image is shown where on a sheet.

use std::ops::Range;

use cathartes_core::plume::PixelPlace;

/// A window of the pixel grid and its place on the sheet.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct View {
    pub(super) lines: Range<usize>,
    pub(super) samples: Range<usize>,
    /// Upper left corner on the sheet.
    pub(super) left: usize,
    pub(super) top: usize,
    /// Sheet pixels an image pixel.
    pub(super) across: f64,
    pub(super) down: f64,
}

impl View {
    pub(super) fn width(&self) -> usize {
        ((self.samples.len() as f64 * self.across).round() as usize).max(1)
    }

    pub(super) fn height(&self) -> usize {
        ((self.lines.len() as f64 * self.down).round() as usize).max(1)
    }

    pub(super) fn right(&self) -> usize {
        self.left + self.width()
    }

    pub(super) fn bottom(&self) -> usize {
        self.top + self.height()
    }

    /// A place of the image on the sheet.
    pub(super) fn place(&self, at: PixelPlace) -> (i32, i32) {
        let x = self.left as f64 + (at.sample_px - self.samples.start as f64) * self.across;
        let y = self.top as f64 + (at.line_px - self.lines.start as f64) * self.down;
        (x.round() as i32, y.round() as i32)
    }

    /// The samples of the image under a sheet column, counted from the view's left; at least one.
    pub(super) fn samples_under(&self, column: usize) -> Range<usize> {
        under(column, self.across, &self.samples)
    }

    /// The lines of the image under a sheet row, counted from the view's top; at least one.
    pub(super) fn lines_under(&self, row: usize) -> Range<usize> {
        under(row, self.down, &self.lines)
    }
}

fn under(at: usize, scale: f64, all: &Range<usize>) -> Range<usize> {
    let first = all.start + (at as f64 / scale) as usize;
    let first = first.min(all.end.saturating_sub(1));
    let next = all.start + ((at + 1) as f64 / scale) as usize;
    first..next.clamp(first + 1, all.end.max(first + 1))
}
