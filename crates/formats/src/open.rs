//! One way in: an image of any format we read, told apart by its first bytes and never by its name.

use std::{
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
};

use cathartes_core::{
    cube::{CubeInfo, CubeSource, ReadError, Window},
    geometry::{Geometry, PixelGrid},
};

use crate::{
    band_table::{self, BandTable, BandTableError},
    envi::{self, EnviError, EnviSource, HeaderError, PlacesError},
    geotiff, netcdf,
};

/// What the user lays beside an image that does not say everything itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Auxiliary {
    /// Longitude and latitude of every pixel (ENVI IGM).
    pub igm: Option<PathBuf>,
    /// The image pixel of every map cell (ENVI GLT).
    pub glt: Option<PathBuf>,
    /// Band centres and widths: CSV with the columns `center_nm` and `fwhm_nm`.
    pub wavelengths: Option<PathBuf>,
}

/// Why a file could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("{}: {cause}", file.display())]
pub struct FormatError {
    /// The file.
    pub file: PathBuf,
    /// What is wrong with it, where, and what to do.
    pub cause: Cause,
}

/// What can be wrong with a file; the reader that found it says it in its own words.
#[derive(Debug, thiserror::Error)]
pub enum Cause {
    /// The system refused.
    #[error("{}", system(.0))]
    System(#[from] io::Error),
    /// None of the formats we read.
    #[error(
        "starts like no image we read (ENVI, NetCDF-4/HDF5, GeoTIFF) and has no ENVI header \
         `{header}` beside it; name the image or its header"
    )]
    Unknown {
        /// Where a header would be.
        header: String,
    },
    /// An ENVI header.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// An ENVI image and its header.
    #[error(transparent)]
    Envi(#[from] EnviError),
    /// NetCDF-4/HDF5 without radiance we know.
    #[error(transparent)]
    Netcdf(#[from] netcdf::NetcdfError),
    /// A file of places beside an image.
    #[error(transparent)]
    Places(#[from] PlacesError),
    /// A table of bands that is none.
    #[error(transparent)]
    Bands(#[from] BandTableError),
    /// A TIFF that is no cube.
    #[error(transparent)]
    Geotiff(#[from] geotiff::GeotiffError),
    /// A format we know and do not read.
    #[error("is {0}")]
    Unread(&'static str),
}

impl FormatError {
    /// A cause, with the file it was found in.
    pub fn new(file: impl Into<PathBuf>, cause: impl Into<Cause>) -> Self {
        Self { file: file.into(), cause: cause.into() }
    }
}

fn system(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "is not there; check the path".to_owned(),
        io::ErrorKind::PermissionDenied => "may not be read; check its permissions".to_owned(),
        io::ErrorKind::IsADirectory => "is a folder; name the image in it".to_owned(),
        _ => error.to_string(),
    }
}

/// What the first bytes of a file say it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    EnviHeader,
    Hdf5,
    Netcdf3,
    Tiff,
    /// Numbers without a preamble: an ENVI image, when a header lies beside it.
    Bare,
}

/// Opens an image of any format we read.
///
/// # Errors
///
/// [`FormatError`] when the file, its header or anything in `auxiliary` is missing, contradicts
/// itself or is of a kind we do not read.
pub fn open(path: &Path, auxiliary: &Auxiliary) -> Result<Box<dyn CubeSource>, FormatError> {
    let source = bare(path, auxiliary)?;
    let shape = [source.info().lines, source.info().samples];
    match places(auxiliary, shape)? {
        None => Ok(source),
        Some(grid) => Ok(Box::new(Placed::new(source, grid, auxiliary))),
    }
}

/// The image without the places beside it.
fn bare(path: &Path, auxiliary: &Auxiliary) -> Result<Box<dyn CubeSource>, FormatError> {
    let table = auxiliary.wavelengths.as_deref().map(table).transpose()?;
    let refuse = |why| Err(FormatError::new(path, Cause::Unread(why)));
    match kind(path).map_err(|error| FormatError::new(path, error))? {
        Kind::EnviHeader | Kind::Bare => Ok(Box::new(EnviSource::open(path, table.as_ref())?)),
        Kind::Hdf5 => match netcdf::open(path) {
            Ok(source) => Ok(Box::new(source)),
            Err(error) => Err(FormatError::new(path, error)),
        },
        Kind::Tiff => match geotiff::open(path, table) {
            Ok(source) => Ok(Box::new(source)),
            Err(error) => Err(FormatError::new(path, error)),
        },
        Kind::Netcdf3 => refuse("NetCDF-3; convert it (`nccopy -k nc4 in.nc out.nc`)"),
    }
}

/// The places of the pixels by the files beside the image; an IGM is exact where a GLT is not.
fn places(auxiliary: &Auxiliary, shape: [usize; 2]) -> Result<Option<PixelGrid>, FormatError> {
    let Auxiliary { igm, glt, .. } = auxiliary;
    Ok(match (igm, glt) {
        (None, None) => None,
        (None, Some(glt)) => Some(envi::by_glt(glt, shape)?),
        (Some(igm), None) => Some(envi::igm(igm, shape)?),
        (Some(igm), Some(glt)) => {
            let glt = Some(envi::glt(glt, shape)?);
            Some(PixelGrid { glt, ..envi::igm(igm, shape)? })
        }
    })
}

/// An image whose places come from files beside it.
struct Placed {
    image: Box<dyn CubeSource>,
    info: CubeInfo,
    beside: Vec<PathBuf>,
}

impl Placed {
    fn new(image: Box<dyn CubeSource>, grid: PixelGrid, auxiliary: &Auxiliary) -> Self {
        let info =
            CubeInfo { geometry: Geometry::PerPixel(Box::new(grid)), ..image.info().clone() };
        let beside = [&auxiliary.igm, &auxiliary.glt].into_iter().flatten().cloned().collect();
        Self { image, info, beside }
    }
}

impl CubeSource for Placed {
    fn info(&self) -> &CubeInfo {
        &self.info
    }

    fn read(&self, window: &Window, bands: &[usize], out: &mut [f32]) -> Result<(), ReadError> {
        self.image.read(window, bands, out)
    }

    fn declares_no_data(&self) -> bool {
        self.image.declares_no_data()
    }

    fn files(&self) -> Vec<PathBuf> {
        [self.image.files(), self.beside.clone()].concat()
    }
}

/// A table of bands of the user's.
fn table(path: &Path) -> Result<BandTable, FormatError> {
    let text = std::fs::read_to_string(path).map_err(|error| FormatError::new(path, error))?;
    band_table::parse(&text).map_err(|error| FormatError::new(path, error))
}

fn kind(path: &Path) -> io::Result<Kind> {
    let mut start = Vec::with_capacity(8);
    File::open(path)?.take(8).read_to_end(&mut start)?;
    Ok(match start.as_slice() {
        [0x89, b'H', b'D', b'F', b'\r', b'\n', 0x1a, b'\n'] => Kind::Hdf5,
        [b'C', b'D', b'F', 1 | 2 | 5, ..] => Kind::Netcdf3,
        [b'I', b'I', b'*' | b'+', 0, ..] | [b'M', b'M', 0, b'*' | b'+', ..] => Kind::Tiff,
        [b'E', b'N', b'V', b'I', b'\r' | b'\n' | b' ' | b'\t', ..] => Kind::EnviHeader,
        _ => Kind::Bare,
    })
}

#[cfg(test)]
mod tests;
