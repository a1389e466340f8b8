//! Imaging-spectrometer radiance in NetCDF-4, which is HDF5 underneath. Two layouts are known:
//!
//! | product | radiance | bands | places |
//! |---|---|---|---|
//! | EMIT L1B | `radiance` [downtrack, crosstrack, bands] | `sensor_band_parameters/{wavelengths, fwhm, good_wavelengths}` | `location/{lat, lon, glt_x, glt_y}`, attribute `geotransform` |
//! | AVIRIS-3 L1B | `radiance/radiance` [wavelength, lines, samples] | `radiance/{wavelength, fwhm}` | `lat`, `lon`, `geolocation_lookup_table/{sample, line}`, attributes of `transverse_mercator` |
//!
//! The layout is told from what is in the file, never from its name. Lookup tables count from 1;
//! 0 is no pixel, and a negative entry is a pixel borrowed from a neighbour. Sun and view angles come
//! from the companion file of observation parameters, when it lies beside.
//!
//! The file is read by positions, not mapped, so one that shrinks while it is read gives an error
//! and no signal. Nothing is allocated for more bytes than the file can hold: deflate packs at most
//! 1,032 bytes into one, so a variable that declares more than 1,032 times the file is refused
//! before it is read. The decoder below is not ours; should it panic on damaged bytes, the panic
//! stops here and becomes an error.
//!
//! Green et al. (2020), EMIT, IEEE Aerospace Conf.; Chapman et al. (2019), Remote Sens. 11, 2129.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use cathartes_core::cube::{CubeInfo, CubeSource, ReadError, Window};
use hdf5_reader::{
    Hdf5File, OpenOptions,
    storage::{BytesStorage, DynStorage, FileStorage},
};

use crate::tiles::{self, Tiles, contained};

pub use angles::Angles;

mod angles;
mod layout;
mod places;
pub(crate) mod variables;

/// Deflate never packs more bytes than this into one.
const MOST_PACKED: u64 = 1032;
/// The largest chunk we unpack, bytes.
const LARGEST_CHUNK: u64 = 1 << 30;

/// Why a NetCDF file is not a cube. The file is named by who opened it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NetcdfError {
    /// The bytes do not decode.
    #[error("{what} does not decode ({reason}); the file is damaged: fetch it again")]
    Damaged {
        /// The variable, or the whole.
        what: String,
        /// What the decoder says.
        reason: String,
    },
    /// Bytes are missing at the end.
    #[error("it has {held} of the {declared} bytes it declares: it is cut short; fetch it again")]
    CutShort {
        /// Bytes there are.
        held: u64,
        /// Bytes there should be.
        declared: u64,
    },
    /// The bytes decode and hold something else.
    #[error("{found}; expected {expected}; {remedy}")]
    Layout {
        /// What there is, or is not.
        found: String,
        /// What a known layout has there.
        expected: String,
        /// What to do.
        remedy: &'static str,
    },
}

/// A NetCDF cube, read window by window.
///
/// Chunks that a window only partly covers are kept until the next window, so a sweep over whole
/// lines unpacks each chunk once. What is kept is one row of chunks, of the bands asked for only,
/// and never more than [`NetcdfSource::KEPT_AT_MOST_BYTES`].
pub struct NetcdfSource {
    info: CubeInfo,
    tiles: Tiles,
    /// What it was read from, where that is files.
    files: Vec<PathBuf>,
}

impl NetcdfSource {
    /// The most that is kept between windows: 512 MiB.
    pub const KEPT_AT_MOST_BYTES: usize = tiles::KEPT_AT_MOST_BYTES;
}

/// Opens a file, and takes the angles from the companion beside it, when there is one. A companion
/// that is of no use is noted and left.
///
/// # Errors
///
/// [`NetcdfError`] when it does not decode or is neither EMIT nor AVIRIS-3 radiance.
pub fn open(path: &Path) -> Result<NetcdfSource, NetcdfError> {
    let mut source = open_storage(&path.display().to_string(), stored(path)?)?;
    source.files.push(path.to_owned());
    if let Some(beside) = angles::companion(path) {
        source.take_angles(&beside);
    }
    Ok(source)
}

/// The angles of a companion file that is already in memory.
///
/// # Errors
///
/// [`NetcdfError`] when it does not decode or is no companion of EMIT or AVIRIS-3.
pub fn angles_of_bytes(bytes: Vec<u8>) -> Result<Angles, NetcdfError> {
    angles::angles(&Opened::new(Arc::new(BytesStorage::new(bytes)))?.variables())
}

pub(crate) fn stored(path: &Path) -> Result<DynStorage, NetcdfError> {
    let storage = FileStorage::open(path).map_err(|error| NetcdfError::Damaged {
        what: "the file".into(),
        reason: error.to_string(),
    })?;
    Ok(Arc::new(storage))
}

/// Opens a file that is already in memory; `name` stands in the errors of its windows.
///
/// # Errors
///
/// As [`open`].
pub fn open_bytes(name: &str, bytes: Vec<u8>) -> Result<NetcdfSource, NetcdfError> {
    open_storage(name, Arc::new(BytesStorage::new(bytes)))
}

fn open_storage(name: &str, storage: DynStorage) -> Result<NetcdfSource, NetcdfError> {
    let opened = Opened::new(storage)?;
    let (info, tiles) = layout::cube(&opened.variables(), name)?;
    Ok(NetcdfSource { info, tiles, files: Vec::new() })
}

/// A file that is HDF5, all of it there.
pub(crate) struct Opened {
    file: Hdf5File,
    most_bytes: u64,
}

impl Opened {
    pub(crate) fn new(storage: DynStorage) -> Result<Self, NetcdfError> {
        let (held, most_bytes) = (storage.len(), storage.len().saturating_mul(MOST_PACKED));
        let options = OpenOptions::default()
            .with_chunk_cache_bytes(0)
            .with_max_chunk_bytes(most_bytes.min(LARGEST_CHUNK) as usize)
            .with_max_read_bytes(usize::try_from(most_bytes).unwrap_or(usize::MAX));
        let file = contained(|| Hdf5File::from_storage_with_options(storage, options))
            .map_err(|reason| NetcdfError::Damaged { what: "the file".into(), reason })?;
        let declared = file.superblock().eof_address;
        if declared > held {
            return Err(NetcdfError::CutShort { held, declared });
        }
        Ok(Self { file, most_bytes })
    }

    pub(crate) fn variables(&self) -> variables::Variables<'_> {
        variables::Variables { file: &self.file, most_bytes: self.most_bytes }
    }
}

impl NetcdfSource {
    fn take_angles(&mut self, beside: &Path) {
        let shape = [self.info.lines, self.info.samples];
        let read = || angles::angles(&Opened::new(stored(beside)?)?.variables());
        let name = beside.file_name().unwrap_or_default().to_string_lossy();
        let note = match read() {
            Ok(angles) if angles.shape == shape => {
                self.info.sun_zenith_deg = Some(angles.sun_zenith_deg);
                self.info.view_zenith_deg = Some(angles.view_zenith_deg);
                self.files.push(beside.to_owned());
                format!(
                    "sun and view angles are from {name}: the angles with the mean secant of its pixels"
                )
            }
            Ok(angles) => format!(
                "{name} is of {:?} lines and samples, not {shape:?}: its angles were left",
                angles.shape
            ),
            Err(error) => format!("the angles of {name} were left: {error}"),
        };
        self.info.notes.push(note);
    }
}

impl CubeSource for NetcdfSource {
    fn info(&self) -> &CubeInfo {
        &self.info
    }

    fn read(&self, window: &Window, bands: &[usize], out: &mut [f32]) -> Result<(), ReadError> {
        self.tiles.read(window, bands, out)
    }

    fn files(&self) -> Vec<PathBuf> {
        self.files.clone()
    }
}

#[cfg(test)]
mod tests;
