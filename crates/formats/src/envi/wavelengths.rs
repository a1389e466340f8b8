//! The bands of an ENVI image: where they are and how wide.
//!
//! Fourier transform imagers write wavenumbers, `λ = 10⁷/ν` and `W = 10⁷ w/(ν² − w²/4)` in nm for a centre
//! `ν` and a width `w` in cm⁻¹. Their bands may fall in wavelength, in step; all others have to rise.

use cathartes_core::{spectrum::Band, units::Nanometres};

use super::{
    fields::{Fields, HeaderError, entries, shortened},
    header::aviris_ng_product,
};
use crate::band_table::{BandTable, spacing};

pub(super) struct Spectrum {
    pub(super) bands: Vec<Band>,
    pub(super) fwhm_estimated: bool,
}

/// Bands from a file of the user's.
pub(super) fn given(
    BandTable { bands, fwhm_estimated }: &BandTable,
    wanted: usize,
    notes: &mut Vec<String>,
) -> Result<Spectrum, HeaderError> {
    if bands.len() != wanted {
        return Err(HeaderError::Given { entries: bands.len(), bands: wanted });
    }
    if *fwhm_estimated {
        notes.push("the file of wavelengths has no `fwhm_nm`: estimated as the spacing".into());
    }
    Ok(Spectrum { bands: bands.clone(), fwhm_estimated: *fwhm_estimated })
}

pub(super) fn read(
    fields: &Fields,
    bands: usize,
    notes: &mut Vec<String>,
) -> Result<Spectrum, HeaderError> {
    let (key, line, centers_nm, axis) = centers(fields, bands, notes)?;
    in_order(key, line, &centers_nm, axis)?;
    let widths = fields.numbers("fwhm", bands, |width| width > 0.0)?;
    let fwhm_estimated = widths.is_none();
    let widths_nm: Vec<f64> = match widths {
        Some((line, widths)) => {
            let width = |at: usize| axis.width_nm(centers_nm[at], widths[at], (line, at + 1));
            (0..bands).map(width).collect::<Result<_, _>>()?
        }
        None if bands == 1 => {
            let remedy = "one band has no spacing to estimate it from: write the width";
            return Err(HeaderError::Missing { key: "fwhm", remedy });
        }
        None => {
            notes.push("the header has no `fwhm`: estimated as the spacing of the bands".into());
            spacing(&centers_nm)
        }
    };
    let band = |(center, fwhm): (&f64, &f64)| Band {
        center: Nanometres(*center),
        fwhm: Nanometres(*fwhm),
    };
    Ok(Spectrum { bands: centers_nm.iter().zip(&widths_nm).map(band).collect(), fwhm_estimated })
}

type Centers = (&'static str, usize, Vec<f64>, Axis);

/// What the numbers of `wavelength` and `fwhm` are.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Axis {
    /// Wavelengths, so many nm each.
    Length(f64),
    /// Wavenumbers, cm⁻¹.
    Wavenumber,
}

impl Axis {
    fn center_nm(self, value: f64) -> f64 {
        match self {
            Self::Length(nm) => value * nm,
            Self::Wavenumber => 1e7 / value,
        }
    }

    fn width_nm(
        self,
        center_nm: f64,
        width: f64,
        (line, band): (usize, usize),
    ) -> Result<f64, HeaderError> {
        let Self::Length(nm) = self else {
            let nu = 1e7 / center_nm;
            if width / 2.0 < nu {
                return Ok(1e7 * width / (nu * nu - width * width / 4.0));
            }
            let (key, value) = ("fwhm", width.to_string());
            let remedy =
                "it is wider than the wavenumber it is at: write cm-1 as the wavelengths are";
            return Err(HeaderError::Entry { line, key, band, value, remedy });
        };
        Ok(width * nm)
    }
}

fn centers(fields: &Fields, bands: usize, notes: &mut Vec<String>) -> Result<Centers, HeaderError> {
    let Some((line, centers)) = fields.numbers("wavelength", bands, |center| center > 0.0)? else {
        return named(fields, bands, notes);
    };
    let axis = match unit(fields)? {
        Some(axis) => axis,
        None => assumed_unit(fields, line, &centers, notes)?,
    };
    Ok(("wavelength", line, centers.iter().map(|center| axis.center_nm(*center)).collect(), axis))
}

fn unit(fields: &Fields) -> Result<Option<Axis>, HeaderError> {
    fields.want("wavelength units", "write Nanometers, Micrometers or Wavenumber", axis)
}

fn axis(unit: &str) -> Option<Axis> {
    match unit.to_lowercase().as_str() {
        "nanometers" | "nanometres" | "nanometer" | "nanometre" | "nm" => Some(Axis::Length(1.0)),
        "micrometers" | "micrometres" | "micrometer" | "micrometre" | "microns" | "micron"
        | "um" | "µm" | "μm" => Some(Axis::Length(1000.0)),
        "wavenumber" | "wavenumbers" | "cm-1" | "cm^-1" | "1/cm" | "cm⁻¹" => {
            Some(Axis::Wavenumber)
        }
        _ => None,
    }
}

/// AVIRIS-NG products state nanometres or nothing, and lie between 350 and 2520 nm; anything else
/// without a unit is refused.
fn assumed_unit(
    fields: &Fields,
    line: usize,
    centers: &[f64],
    notes: &mut Vec<String>,
) -> Result<Axis, HeaderError> {
    let product = fields.get("description").and_then(|(_, text)| aviris_ng_product(text));
    match product.filter(|_| centers.iter().all(|center| (350.0..2520.0).contains(center))) {
        Some(product) => {
            notes.push(format!(
                "the header gives no `wavelength units`: nanometres, as in every AVIRIS-NG \
                 product ({product})"
            ));
            Ok(Axis::Length(1.0))
        }
        None => Err(HeaderError::NoUnit { line }),
    }
}

/// Wavelengths written as band names, each with its unit.
fn named(fields: &Fields, bands: usize, notes: &mut Vec<String>) -> Result<Centers, HeaderError> {
    let missing = HeaderError::Missing {
        key: "wavelength",
        remedy: "add it with `wavelength units`, or give the bands in a file (--wavelengths)",
    };
    let (line, names) = fields.get("band names").ok_or(missing.clone())?;
    let mut centers = Vec::new();
    let mut first = None;
    for (band, name) in (1..).zip(entries(names)) {
        let read = name.split_once(' ').and_then(|(number, unit)| {
            let number = number.parse().ok().filter(|n: &f64| n.is_finite() && *n > 0.0)?;
            Some((number, axis(unit.trim())?))
        });
        match read {
            Some((number, axis)) if first.is_none_or(|first| first == axis) => {
                first = Some(axis);
                centers.push(axis.center_nm(number));
            }
            // Names of another kind: the header simply has no wavelengths.
            _ if band == 1 => return Err(missing),
            _ => {
                let (value, key) = (shortened(name), "band names");
                let remedy = "the names before it are wavelengths: write one here too";
                return Err(HeaderError::Entry { line, key, band, value, remedy });
            }
        }
    }
    if centers.len() != bands {
        let key = "band names";
        return Err(HeaderError::Count { line, key, entries: centers.len(), bands });
    }
    notes.push("the header has no `wavelength`: taken from its band names".into());
    Ok(("band names", line, centers, first.unwrap_or(Axis::Length(1.0))))
}

fn in_order(
    key: &'static str,
    line: usize,
    centers_nm: &[f64],
    axis: Axis,
) -> Result<(), HeaderError> {
    let may_fall = axis == Axis::Wavenumber && centers_nm.len() > 1;
    let falls = may_fall && centers_nm[1] < centers_nm[0];
    let wrong = |pair: &[f64]| if falls { pair[1] >= pair[0] } else { pair[1] <= pair[0] };
    match centers_nm.windows(2).position(wrong) {
        None => Ok(()),
        Some(at) => Err(HeaderError::NotRising {
            line,
            key,
            band: at + 2,
            value_nm: centers_nm[at + 1],
            before_nm: centers_nm[at],
        }),
    }
}
