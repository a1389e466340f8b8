//! Where the bands of a TIFF are.

use cathartes_core::spectrum::Band;
use jiff::Timestamp;

use super::{Beside, GeotiffError, enmap};
use crate::{
    band_table::{bands, out_of_order, spacing},
    xml::{Leaf, leaves},
};

/// What is known of the bands.
#[derive(Debug, Default)]
pub(super) struct Spectrum {
    pub(super) bands: Vec<Band>,
    pub(super) fwhm_estimated: bool,
    /// For each of `bands`, its number in the file.
    pub(super) file_bands: Vec<usize>,
    /// By number in the file.
    pub(super) scale: Vec<(f64, f64)>,
    pub(super) radiance_unit: Option<String>,
    pub(super) time: Option<Timestamp>,
    pub(super) sun_zenith_deg: Option<f64>,
    pub(super) notes: Vec<String>,
}

/// The bands of the image `name`, from what lies beside it or in it.
pub(super) fn spectrum(
    name: &str,
    count: usize,
    beside: &Beside,
    gdal_metadata: Option<&str>,
) -> Result<Spectrum, GeotiffError> {
    let (origin, spectrum) = if let Some(table) = &beside.table {
        let spectrum = Spectrum {
            bands: table.bands.clone(),
            fwhm_estimated: table.fwhm_estimated,
            ..Spectrum::default()
        };
        ("the table of bands", spectrum)
    } else if let Some(text) = &beside.enmap {
        ("METADATA.XML", enmap::spectrum(name, count, text)?)
    } else {
        ("the metadata of the bands", gdal(count, gdal_metadata)?)
    };
    checked(origin, count, spectrum)
}

fn checked(
    origin: &'static str,
    count: usize,
    mut spectrum: Spectrum,
) -> Result<Spectrum, GeotiffError> {
    let wrong = |problem| Err(GeotiffError::Wavelengths { origin, problem });
    if spectrum.bands.len() != count {
        let found = spectrum.bands.len();
        return wrong(format!("has {found} bands, the image {count}; give one line for each"));
    }
    let centres: Vec<f64> = spectrum.bands.iter().map(|band| band.center.0).collect();
    if let Some(band) = out_of_order(&centres) {
        return wrong(format!(
            "has {} nm at band {}, where wavelengths must rise or fall from band to band; correct it",
            centres[band],
            band + 1
        ));
    }
    if spectrum.file_bands.is_empty() {
        spectrum.file_bands = (0..count).collect();
    }
    if spectrum.fwhm_estimated {
        spectrum
            .notes
            .push("there are no band widths: they were taken equal to the spacing".into());
    }
    Ok(spectrum)
}

/// From the items GDAL keeps for each band.
fn gdal(count: usize, text: Option<&str>) -> Result<Spectrum, GeotiffError> {
    let items = text.map(leaves).unwrap_or_default();
    let (centres_nm, widths_nm) =
        (lengths(&items, count, &CENTRES)?, lengths(&items, count, &WIDTHS)?);
    let Some(centres_nm) = centres_nm else {
        return Err(GeotiffError::NoWavelengths { bands: count });
    };
    let fwhm_estimated = widths_nm.is_none();
    let widths_nm = widths_nm.unwrap_or_else(|| spacing(&centres_nm));
    Ok(Spectrum { bands: bands(&centres_nm, &widths_nm), fwhm_estimated, ..Spectrum::default() })
}

/// Names of an item with its unit in the metadata, and with micrometres in its name.
type Names = (&'static str, &'static str);
const CENTRES: Names = ("wavelength", "CENTRAL_WAVELENGTH_UM");
const WIDTHS: Names = ("fwhm", "FWHM_UM");

/// One length for each band, or none when a band has none.
fn lengths(
    items: &[Leaf],
    count: usize,
    (plain, micrometres): &Names,
) -> Result<Option<Vec<f64>>, GeotiffError> {
    let mut lengths_nm = vec![f64::NAN; count];
    for item in items {
        let Some(band) = item.attribute("sample").and_then(|text| text.parse::<usize>().ok())
        else {
            continue;
        };
        let (Some(name), Some(slot)) = (item.attribute("name"), lengths_nm.get_mut(band)) else {
            continue;
        };
        let to_nm = if name.eq_ignore_ascii_case(plain) {
            unit(items, band)?
        } else if name == *micrometres {
            1000.0
        } else {
            continue;
        };
        // Some programs write the unit behind the number.
        let text = item.text();
        let number = text.split_whitespace().next().and_then(|word| word.parse::<f64>().ok());
        *slot = number.unwrap_or(f64::NAN) * to_nm;
    }
    let all = lengths_nm.iter().all(|length| length.is_finite() && *length > 0.0);
    Ok(all.then_some(lengths_nm))
}

/// Nanometres in the unit of `wavelength` and `fwhm` of one band.
fn unit(items: &[Leaf], band: usize) -> Result<f64, GeotiffError> {
    let of_band = |item: &&Leaf| {
        let sample = item.attribute("sample");
        sample.is_none_or(|text| text.parse() == Ok(band))
            && item.attribute("name").is_some_and(|name| {
                let name = name.to_ascii_lowercase();
                name == "wavelength_units" || name == "wavelength_unit"
            })
    };
    let unit = items.iter().find(of_band).map(Leaf::text);
    match unit.as_deref().map(str::to_lowercase).as_deref() {
        Some("nm" | "nanometers" | "nanometres") => Ok(1.0),
        Some("um" | "µm" | "micrometers" | "micrometres" | "microns") => Ok(1000.0),
        other => Err(GeotiffError::Wavelengths {
            origin: "the metadata of the bands",
            problem: format!(
                "has `wavelength` in {}; add `wavelength_units` (nm or um) or give a CSV",
                other.map_or("no unit".to_owned(), |unit| format!("`{unit}`"))
            ),
        }),
    }
}
