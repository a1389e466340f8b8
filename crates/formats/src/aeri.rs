//! Spectra of the sky from an Atmospheric Emitted Radiance Interferometer, as the ARM programme keeps
//! them: NetCDF-4 with
//!
//! ```text
//! wnum     [wnum]        wavenumber, cm⁻¹, rising
//! mean_rad [time, wnum]  radiance, mW m⁻² sr⁻¹ (cm⁻¹)⁻¹; `missing_value` or below −9,998: none
//! time     [time]        `units`: seconds since YYYY-MM-DD hh:mm:ss, in UTC
//! hatchOpen [time]       1 while the instrument saw the sky
//! ```
//!
//! Spectra taken with the hatch not open are left out, because they show its underside; where there
//! is no `hatchOpen`, all are taken. Files of before 2000 are NetCDF-3 and are refused by name
//! (`nccopy -k nc4` converts them). What holds for [`crate::netcdf`] holds here: nothing larger than
//! the file can hold is read, and a panic of the decoder becomes an error.
//!
//! Knuteson et al. (2004), J. Atmos. Oceanic Technol. 21, 1763.

use std::{path::Path, sync::Arc};

use cathartes_core::{
    air::{Sky, SkySpectrum},
    units::PerCm,
};
use hdf5_reader::storage::BytesStorage;
use jiff::{SignedDuration, Timestamp, civil::DateTime, tz::TimeZone};

use crate::{
    FormatError,
    netcdf::{
        NetcdfError, Opened, stored,
        variables::{self, Variables},
    },
};

/// Numbers from here down stand for none.
const MISSING: f64 = -9_998.0;

/// Reads every spectrum of a file.
///
/// # Errors
///
/// [`FormatError`] when the file is not there, damaged, or holds something else.
pub fn read(path: &Path) -> Result<Sky, FormatError> {
    let error = |error: NetcdfError| FormatError::new(path, error);
    let opened = stored(path).and_then(Opened::new).map_err(error)?;
    sky(&opened.variables()).map_err(error)
}

/// Reads a file that is already in memory.
///
/// # Errors
///
/// [`NetcdfError`] as [`read`].
pub fn read_bytes(bytes: Vec<u8>) -> Result<Sky, NetcdfError> {
    sky(&Opened::new(Arc::new(BytesStorage::new(bytes)))?.variables())
}

fn sky(file: &Variables) -> Result<Sky, NetcdfError> {
    let axis = numbers(file, "wnum")?;
    let rises = axis.windows(2).all(|pair| pair[1] > pair[0]);
    if axis.is_empty() || !rises || axis[0].is_nan() || axis[0] <= 0.0 {
        return Err(unlike("`wnum` is no rising list of wavenumbers".into()));
    }
    let Some((shape, radiance)) = file.plane("/", "mean_rad")? else {
        return Err(missing("mean_rad"));
    };
    if shape[1] != axis.len() {
        return Err(unlike(format!("`mean_rad` is {shape:?}, `wnum` has {}", axis.len())));
    }
    let times = times(file, shape[0])?;
    let open = match file.find("/", "hatchOpen")? {
        Some(_) => of_each(file, "hatchOpen", shape[0])?,
        None => vec![1.0; shape[0]],
    };
    let value = |v: &f64| if *v > MISSING && v.is_finite() { *v as f32 } else { f32::NAN };
    let rows = radiance.chunks_exact(axis.len()).zip(times).zip(open);
    let spectra = rows
        .filter(|(_, open)| *open == 1.0)
        .map(|((row, time), _)| SkySpectrum { time, radiance: row.iter().map(value).collect() });
    Ok(Sky { wavenumbers: axis.iter().copied().map(PerCm).collect(), spectra: spectra.collect() })
}

/// Times of the spectra; none where the file does not say since when.
fn times(file: &Variables, count: usize) -> Result<Vec<Option<Timestamp>>, NetcdfError> {
    let Some(dataset) = file.find("/", "time")? else { return Ok(vec![None; count]) };
    let since = variables::text(&dataset, "units").and_then(|units| since(&units));
    let Some(since) = since else { return Ok(vec![None; count]) };
    let seconds = of_each(file, "time", count)?;
    let at = |s: &f64| {
        let offset = SignedDuration::try_from_secs_f64(*s).ok()?;
        since.checked_add(offset).ok()
    };
    Ok(seconds.iter().map(at).collect())
}

/// The instant in `seconds since 2019-05-01 00:03:42`, with what may follow it (`0:00`, `UTC`).
fn since(units: &str) -> Option<Timestamp> {
    let mut words = units.strip_prefix("seconds since ")?.split_whitespace();
    let (date, time) = (words.next()?, words.next()?);
    let civil: DateTime = format!("{date}T{time}").parse().ok()?;
    TimeZone::UTC.to_timestamp(civil).ok()
}

/// A variable with one number a spectrum.
fn of_each(file: &Variables, name: &str, count: usize) -> Result<Vec<f64>, NetcdfError> {
    let values = numbers(file, name)?;
    if values.len() == count {
        return Ok(values);
    }
    Err(unlike(format!("`{name}` has {} numbers for {count} spectra", values.len())))
}

fn numbers(file: &Variables, name: &str) -> Result<Vec<f64>, NetcdfError> {
    let dataset = file.find("/", name)?.ok_or_else(|| missing(name))?;
    variables::all("/", name, &dataset)
}

fn missing(name: &str) -> NetcdfError {
    unlike(format!("there is no `{name}`"))
}

fn unlike(found: String) -> NetcdfError {
    NetcdfError::Layout {
        found,
        expected: "`wnum`, `mean_rad` and `time` as ARM's AERI files have them".into(),
        remedy: "use the file as ARM delivers it (`nccopy -k nc4` for NetCDF-3)",
    }
}

#[cfg(test)]
mod tests;
