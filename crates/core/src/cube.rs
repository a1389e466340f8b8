//! Calibrated radiance: lines × samples × bands.

use std::{ops::Range, path::PathBuf};

use jiff::Timestamp;

use crate::{geometry::Geometry, spectrum::Band};

/// What is known of an image before a number of it is read.
#[derive(Debug, Clone, PartialEq)]
pub struct CubeInfo {
    /// Rows, along track.
    pub lines: usize,
    /// Detector columns, across track.
    pub samples: usize,
    /// Channels, in file order, by rising or falling wavelength.
    pub bands: Vec<Band>,
    /// Which channels the producer calls good; as long as `bands`.
    pub good: Vec<bool>,
    /// Whether the widths were estimated from the spacing because the file has none.
    pub fwhm_estimated: bool,
    /// The unit of radiance as the file names it, when it does.
    pub radiance_unit: Option<String>,
    /// Where the pixels are on the ground.
    pub geometry: Geometry,
    /// Start of the acquisition.
    pub time: Option<Timestamp>,
    /// Angle of the sun from the vertical, degrees, when the file or one beside it has it.
    pub sun_zenith_deg: Option<f64>,
    /// Angle of the sensor from the vertical as seen from the ground, degrees, likewise.
    pub view_zenith_deg: Option<f64>,
    /// What the file says took it.
    pub instrument: Option<String>,
    /// What a reader assumed or noticed, one sentence each, for the report.
    pub notes: Vec<String>,
}

/// A rectangle of pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// Rows.
    pub lines: Range<usize>,
    /// Columns.
    pub samples: Range<usize>,
}

impl Window {
    /// Pixels inside.
    #[must_use]
    pub fn pixels(&self) -> usize {
        self.lines.len() * self.samples.len()
    }
}

/// Why a window could not be read. The position is inside `message`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {message}")]
pub struct ReadError {
    /// The file.
    pub file: String,
    /// What, where, and what to do about it.
    pub message: String,
}

/// An image read window by window, so that it may be larger than memory.
pub trait CubeSource: Send + Sync {
    /// What is known of the image.
    fn info(&self) -> &CubeInfo;

    /// Fills `out` with the window's radiance in order line, sample, band, touching only the bytes
    /// of `bands` (indices into `info().bands`, any order). Values the file declares as no data
    /// arrive as NaN; other values arrive as they are.
    ///
    /// # Errors
    ///
    /// [`ReadError`] when the bytes are not there or do not decode, or the window lies outside.
    fn read(&self, window: &Window, bands: &[usize], out: &mut [f32]) -> Result<(), ReadError>;

    /// Whether the file declares a value for no data. Where it does, a pixel that is NaN in every
    /// band is one; where it does not, a NaN is damage.
    fn declares_no_data(&self) -> bool {
        false
    }

    /// Every file the image is made of, for its provenance; the one that was named, when empty.
    fn files(&self) -> Vec<PathBuf> {
        Vec::new()
    }
}

/// Radiance in memory, order line, sample, band. NaN is no data.
#[derive(Debug, Clone, PartialEq)]
pub struct Cube {
    /// Rows.
    pub lines: usize,
    /// Columns.
    pub samples: usize,
    /// Channels, by rising wavelength.
    pub bands: Vec<Band>,
    /// `lines * samples * bands.len()` values.
    pub data: Vec<f32>,
}

impl Cube {
    /// The spectrum of one pixel.
    #[must_use]
    pub fn spectrum(&self, line: usize, sample: usize) -> &[f32] {
        let p = self.bands.len();
        let at = (line * self.samples + sample) * p;
        &self.data[at..at + p]
    }
}
