//! GeoTIFF with many bands: radiance as EnMAP, Tanager and others deliver it.
//!
//! Strips and tiles, bands interleaved by pixel or one plane each; integers and floats of 8 to 64
//! bits; deflate, LZW, pack-bits or none, with either predictor; classic and big TIFF. The place
//! comes from the GeoTIFF keys when they name WGS 84 geographic or UTM coordinates.
//!
//! TIFF has no place for wavelengths. They come from the first of these that is there:
//! 1. a table of the user's (see [`crate::band_table`]);
//! 2. EnMAP's `...METADATA.XML` beside `...SPECTRAL_IMAGE*.TIF`, with gain and offset;
//! 3. the items GDAL keeps for each band: `wavelength` and `fwhm` with `wavelength_units`, or
//!    `CENTRAL_WAVELENGTH_UM` and `FWHM_UM`.
//!
//! EnMAP's two spectrometers overlap; bands of its files are put in order of wavelength, which the
//! notes say. A chunk is refused before it is unpacked when it declares more than 4,096 times the
//! bytes of the file (LZW packs up to 2,731 bytes into one, deflate 1,032) or more than 1 GiB. The
//! decoder below is not ours; a panic of its stops here.

use std::{
    fs::File,
    path::{Path, PathBuf},
    sync::Arc,
};

use cathartes_core::cube::{CubeInfo, CubeSource, ReadError, Window};

use crate::{
    band_table::BandTable,
    tiles::{Axes, Layout, Tiles},
};

mod enmap;
mod image;
mod place;
pub(crate) mod pyramid;
mod spectrum;

use image::{Image, Source};

/// Why a TIFF is not a cube. The file is named by who opened it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GeotiffError {
    /// The bytes do not decode.
    #[error("{what} does not decode ({reason}); the file is damaged: fetch it again")]
    Damaged {
        /// The part.
        what: &'static str,
        /// What the decoder says.
        reason: String,
    },
    /// A kind of TIFF we do not read.
    #[error("{found}; convert it with `gdal_translate -ot Float32 -co COMPRESS=DEFLATE`")]
    Unread {
        /// What is in it.
        found: String,
    },
    /// Declares more than the file can hold.
    #[error(
        "it declares {declared} bytes in {what}, more than its {held} can hold; fetch it again"
    )]
    TooLarge {
        /// The part.
        what: &'static str,
        /// Bytes declared.
        declared: u64,
        /// Bytes of the file.
        held: u64,
    },
    /// Nobody says where the bands are.
    #[error(
        "it has {bands} bands and no wavelengths; give a CSV with the columns `center_nm` and \
         `fwhm_nm`, or put the METADATA.XML of the product beside it"
    )]
    NoWavelengths {
        /// Bands of the image.
        bands: usize,
    },
    /// The wavelengths do not fit the image or one another.
    #[error("{origin} {problem}")]
    Wavelengths {
        /// Where they come from.
        origin: &'static str,
        /// What is wrong and what to do.
        problem: String,
    },
}

/// A GeoTIFF cube, read window by window; see [`crate::netcdf::NetcdfSource`] for what is kept.
pub struct GeotiffSource {
    info: CubeInfo,
    tiles: Tiles,
    /// The band of the file for each of `info.bands`.
    file_bands: Vec<usize>,
}

/// What lies beside a TIFF and says what its bands are.
#[derive(Debug, Clone, Default)]
pub struct Beside {
    /// A table of the user's.
    pub table: Option<BandTable>,
    /// EnMAP's METADATA.XML.
    pub enmap: Option<String>,
}

/// Opens a file; `table` is the user's own table of bands.
///
/// # Errors
///
/// [`GeotiffError`] when it does not decode, is of a kind we do not read, or has no wavelengths.
pub fn open(path: &Path, table: Option<BandTable>) -> Result<GeotiffSource, GeotiffError> {
    let beside = Beside {
        table,
        enmap: enmap_file(path).and_then(|path| std::fs::read_to_string(path).ok()),
    };
    let unreadable = |error: std::io::Error| GeotiffError::Damaged {
        what: "the file",
        reason: error.to_string(),
    };
    let length = File::open(path).and_then(|file| file.metadata()).map_err(unreadable)?.len();
    let source = Source::File(path.to_owned(), length);
    assemble(&path.display().to_string(), source, &beside)
}

/// Opens a file that is already in memory; `name` stands in the errors of its windows and tells
/// which half of an EnMAP product it is.
///
/// # Errors
///
/// As [`open`].
pub fn open_bytes(
    name: &str,
    bytes: Vec<u8>,
    beside: &Beside,
) -> Result<GeotiffSource, GeotiffError> {
    assemble(name, Source::Memory(Arc::from(bytes)), beside)
}

fn assemble(name: &str, source: Source, beside: &Beside) -> Result<GeotiffSource, GeotiffError> {
    let (image, facts) = Image::open(source)?;
    let shape = [image.lines, image.samples, image.bands];
    let spectrum = spectrum::spectrum(name, shape[2], beside, facts.gdal_metadata.as_deref())?;
    let mut notes = spectrum.notes;
    let geometry = place::geometry(&facts, &mut notes);
    let info = CubeInfo {
        lines: shape[0],
        samples: shape[1],
        good: vec![true; spectrum.bands.len()],
        bands: spectrum.bands,
        fwhm_estimated: spectrum.fwhm_estimated,
        instrument: None,
        radiance_unit: spectrum.radiance_unit,
        geometry,
        time: spectrum.time,
        sun_zenith_deg: spectrum.sun_zenith_deg,
        view_zenith_deg: None,
        notes,
    };
    let layout = Layout {
        file: name.to_owned(),
        axes: Axes { line: 0, sample: 1, band: 2 },
        shape,
        chunk: image.chunk(),
        no_data: image.no_data,
        scale: spectrum.scale,
    };
    let tiles = Tiles::new(layout, move |spans| image.unpack(spans));
    Ok(GeotiffSource { info, tiles, file_bands: spectrum.file_bands })
}

/// The metadata of an EnMAP product, by the names its files have.
fn enmap_file(image: &Path) -> Option<PathBuf> {
    let name = image.file_name()?.to_str()?;
    let start = name.to_ascii_uppercase().find("SPECTRAL_IMAGE")?;
    let stem = name.get(..start)?;
    let beside = |end| image.with_file_name(format!("{stem}{end}"));
    ["METADATA.XML", "METADATA.xml", "metadata.xml"].map(beside).into_iter().find(|p| p.is_file())
}

impl CubeSource for GeotiffSource {
    fn info(&self) -> &CubeInfo {
        &self.info
    }

    fn read(&self, window: &Window, bands: &[usize], out: &mut [f32]) -> Result<(), ReadError> {
        // A band that is not there stays not there, and the tiles refuse it.
        let in_file = |&band: &usize| self.file_bands.get(band).copied().unwrap_or(usize::MAX);
        let bands: Vec<usize> = bands.iter().map(in_file).collect();
        self.tiles.read(window, &bands, out)
    }
}

#[cfg(test)]
mod tests;
