//! A sheet of pixels, drawn on by hand and by plotters, written as PNG.

use std::path::Path;

use anyhow::{Context, anyhow};
use plotters::{coord::Shift, prelude::*};

use crate::font;

/// Red, green, blue.
pub(super) type Rgb = [u8; 3];

/// Where plotters draws.
pub(super) type Area<'a> = DrawingArea<BitMapBackend<'a>, Shift>;

/// A sheet of pixels.
#[derive(Debug, Clone)]
pub(super) struct Canvas {
    pub(super) width: usize,
    pub(super) height: usize,
    rgb: Vec<u8>,
}

impl Canvas {
    pub(super) fn new(width: usize, height: usize, ground: Rgb) -> Self {
        Self { width, height, rgb: ground.repeat(width * height) }
    }

    /// Paints one pixel; outside the sheet there is nothing to paint.
    pub(super) fn set(&mut self, x: usize, y: usize, colour: Rgb) {
        if x < self.width && y < self.height {
            let at = 3 * (y * self.width + x);
            self.rgb[at..at + 3].copy_from_slice(&colour);
        }
    }

    #[cfg(test)]
    pub(super) fn at(&self, x: usize, y: usize) -> Rgb {
        let at = 3 * (y * self.width + x);
        [self.rgb[at], self.rgb[at + 1], self.rgb[at + 2]]
    }

    /// Lets plotters draw.
    pub(super) fn draw<T>(
        &mut self,
        draw: impl FnOnce(&Area<'_>) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        font::register()?;
        let size = (self.width as u32, self.height as u32);
        let area = BitMapBackend::with_buffer(&mut self.rgb, size).into_drawing_area();
        let drawn = draw(&area)?;
        area.present().map_err(|error| anyhow!("{error}"))?;
        Ok(drawn)
    }

    pub(super) fn save(&self, path: &Path) -> anyhow::Result<()> {
        std::fs::write(path, self.png()?).with_context(|| path.display().to_string())
    }

    fn png(&self) -> anyhow::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, self.width as u32, self.height as u32);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::Fast);
        encoder.write_header()?.write_image_data(&self.rgb)?;
        Ok(bytes)
    }
}
