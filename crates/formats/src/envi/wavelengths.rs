//! The bands of an ENVI image: where they are and how wide.

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
    let (key, line, centers_nm, to_nm) = centers(fields, bands, notes)?;
    rising(key, line, &centers_nm)?;
    let widths = fields.numbers("fwhm", bands, |width| width > 0.0)?;
    let fwhm_estimated = widths.is_none();
    let widths_nm: Vec<f64> = match widths {
        Some((_, widths)) => widths.iter().map(|width| width * to_nm).collect(),
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

type Centers = (&'static str, usize, Vec<f64>, f64);

fn centers(fields: &Fields, bands: usize, notes: &mut Vec<String>) -> Result<Centers, HeaderError> {
    let Some((line, centers)) = fields.numbers("wavelength", bands, |center| center > 0.0)? else {
        return named(fields, bands, notes);
    };
    let to_nm = match unit(fields)? {
        Some(to_nm) => to_nm,
        None => assumed_unit(fields, line, &centers, notes)?,
    };
    Ok(("wavelength", line, centers.iter().map(|center| center * to_nm).collect(), to_nm))
}

fn unit(fields: &Fields) -> Result<Option<f64>, HeaderError> {
    fields.want("wavelength units", "write Nanometers or Micrometers", nm_per)
}

fn nm_per(unit: &str) -> Option<f64> {
    match unit.to_lowercase().as_str() {
        "nanometers" | "nanometres" | "nanometer" | "nanometre" | "nm" => Some(1.0),
        "micrometers" | "micrometres" | "micrometer" | "micrometre" | "microns" | "micron"
        | "um" | "µm" | "μm" => Some(1000.0),
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
) -> Result<f64, HeaderError> {
    let product = fields.get("description").and_then(|(_, text)| aviris_ng_product(text));
    match product.filter(|_| centers.iter().all(|center| (350.0..2520.0).contains(center))) {
        Some(product) => {
            notes.push(format!(
                "the header gives no `wavelength units`: nanometres, as in every AVIRIS-NG \
                 product ({product})"
            ));
            Ok(1.0)
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
    let mut to_nm = None;
    for (band, name) in (1..).zip(entries(names)) {
        let read = name.split_once(' ').and_then(|(number, unit)| {
            let number = number.parse().ok().filter(|n: &f64| n.is_finite() && *n > 0.0)?;
            Some((number, nm_per(unit.trim())?))
        });
        match read {
            Some((number, unit)) if to_nm.is_none_or(|first| first == unit) => {
                to_nm = Some(unit);
                centers.push(number * unit);
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
    Ok(("band names", line, centers, to_nm.unwrap_or(1.0)))
}

fn rising(key: &'static str, line: usize, centers_nm: &[f64]) -> Result<(), HeaderError> {
    match centers_nm.windows(2).position(|pair| pair[1] <= pair[0]) {
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
