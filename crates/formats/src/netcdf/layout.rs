//! Which of the known layouts a file has, and what is in it.

use cathartes_core::cube::CubeInfo;
use hdf5_reader::{Dataset, SliceInfo, SliceInfoElem};
use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

use crate::{
    band_table::{self, out_of_order, spacing},
    envi::named,
    tiles::{Axes, Layout, Tiles},
};

use super::{
    NetcdfError,
    places::{self, Frame},
    variables::{self, Variables, path},
};

/// Where one product keeps things.
pub(super) struct Product {
    radiance_group: &'static str,
    band_group: &'static str,
    wavelength: &'static str,
    axes: Axes,
    axis_names: &'static str,
    pub(super) frame: Frame,
}

const EMIT: Product = Product {
    radiance_group: "/",
    band_group: "/sensor_band_parameters",
    wavelength: "wavelengths",
    axes: Axes { line: 0, sample: 1, band: 2 },
    axis_names: "[downtrack, crosstrack, bands]",
    frame: Frame::Emit,
};

const AVIRIS_3: Product = Product {
    radiance_group: "/radiance",
    band_group: "/radiance",
    wavelength: "wavelength",
    axes: Axes { line: 1, sample: 2, band: 0 },
    axis_names: "[wavelength, lines, samples]",
    frame: Frame::Aviris3,
};

const GET_RADIANCE: &str =
    "give the L1B radiance file of EMIT (EMIT_L1B_RAD_*.nc) or AVIRIS-3 (AV3*_L1B_RDN_*.nc)";

/// Finds out what the file is and reads all of it but the radiance.
pub(super) fn cube(file: &Variables, name: &str) -> Result<(CubeInfo, Tiles), NetcdfError> {
    let product = product(file)?;
    let (radiance, bands) = (radiance(file, &product)?, band_values(file, &product)?);
    let shape = shape(&product, &radiance, bands.wavelengths_nm.len())?;
    let mut notes = Vec::new();
    let fwhm_estimated = bands.fwhm_nm.is_none();
    if fwhm_estimated {
        notes.push("the file has no band widths: they were taken equal to the spacing".into());
    }
    let fwhm_nm = bands.fwhm_nm.unwrap_or_else(|| spacing(&bands.wavelengths_nm));
    let geometry = places::geometry(file, product.frame, [shape[0], shape[1]], &mut notes)?;
    let info = CubeInfo {
        lines: shape[0],
        samples: shape[1],
        bands: band_table::bands(&bands.wavelengths_nm, &fwhm_nm),
        good: bands.good,
        fwhm_estimated,
        instrument: instrument(file),
        radiance_unit: variables::text(&radiance, "units"),
        geometry,
        time: time(file, &mut notes),
        sun_zenith_deg: None,
        view_zenith_deg: None,
        notes,
    };
    Ok((info, tiles(name, radiance, product.axes, shape)))
}

/// Size of the pieces a variable without chunks is read in.
const PIECE_BYTES: usize = 4 << 20;

fn tiles(name: &str, radiance: Dataset, axes: Axes, shape: [usize; 3]) -> Tiles {
    let attribute = |name| variables::number(&radiance, name);
    let scale = match (attribute("scale_factor"), attribute("add_offset")) {
        (None, None) => Vec::new(),
        (scale, offset) => vec![(scale.unwrap_or(1.0), offset.unwrap_or(0.0)); shape[2]],
    };
    let layout = Layout {
        file: name.into(),
        axes,
        shape,
        chunk: match radiance.chunks() {
            Some(chunks) => [axes.line, axes.sample, axes.band]
                .map(|axis| chunks.get(axis).map_or(1, |&extent| extent as usize)),
            None => pieces(axes, shape),
        },
        no_data: attribute("_FillValue")
            .or_else(|| attribute("missing_value"))
            .map(|value| value as f32),
        scale,
    };
    Tiles::new(layout, move |spans| {
        let mut selections = vec![SliceInfoElem::Index(0); 3];
        for (axis, span) in [axes.line, axes.sample, axes.band].into_iter().zip(spans) {
            selections[axis] =
                SliceInfoElem::Slice { start: span.start as u64, end: span.end as u64, step: 1 };
        }
        variables::floats(&radiance, &SliceInfo { selections })
    })
}

/// Pieces of a variable without chunks: whole lines, and single bands where bands come first.
fn pieces(axes: Axes, [_, samples, bands]: [usize; 3]) -> [usize; 3] {
    let bands = if axes.band == 0 { 1 } else { bands };
    let line_bytes = samples.saturating_mul(bands).saturating_mul(4).max(1);
    [PIECE_BYTES / line_bytes, samples, bands]
}

fn product(file: &Variables) -> Result<Product, NetcdfError> {
    let (groups, variables) = file.members("/")?;
    if variables.iter().any(|name| name == "radiance") {
        return Ok(EMIT);
    }
    if groups.iter().any(|name| name == "radiance") {
        return Ok(AVIRIS_3);
    }
    let names: Vec<&str> = variables.iter().chain(&groups).map(String::as_str).take(12).collect();
    Err(NetcdfError::Layout {
        found: match names[..] {
            [] => "the file is empty".into(),
            _ => format!("there is `{}`", names.join("`, `")),
        },
        expected: "a variable or group `radiance`".into(),
        remedy: GET_RADIANCE,
    })
}

fn radiance(file: &Variables, product: &Product) -> Result<Dataset, NetcdfError> {
    let group = product.radiance_group;
    file.find(group, "radiance")?.ok_or_else(|| NetcdfError::Layout {
        found: "there is no variable `radiance/radiance`".into(),
        expected: format!("one with dimensions {}", product.axis_names),
        remedy: GET_RADIANCE,
    })
}

/// Lines, samples, bands.
fn shape(product: &Product, radiance: &Dataset, bands: usize) -> Result<[usize; 3], NetcdfError> {
    let axes = product.axes;
    let extents: Vec<usize> = radiance.shape().iter().map(|&extent| extent as usize).collect();
    if extents.len() == 3 && extents[axes.band] == bands && !extents.contains(&0) {
        return Ok([axes.line, axes.sample, axes.band].map(|axis| extents[axis]));
    }
    Err(NetcdfError::Layout {
        found: format!("`{}` has shape {extents:?}", path(product.radiance_group, "radiance")),
        expected: format!(
            "{} with the {bands} bands of `{}`",
            product.axis_names, product.wavelength
        ),
        remedy: "use the file as its producer made it, not an excerpt that moved its axes",
    })
}

/// What the file says of its bands.
struct BandValues {
    wavelengths_nm: Vec<f64>,
    fwhm_nm: Option<Vec<f64>>,
    good: Vec<bool>,
}

fn band_values(file: &Variables, product: &Product) -> Result<BandValues, NetcdfError> {
    let group = product.band_group;
    let missing = |found: String| NetcdfError::Layout {
        found,
        expected: format!("`{}`, the band centres in nm", path(group, product.wavelength)),
        remedy: GET_RADIANCE,
    };
    if group != "/" && !file.members("/")?.0.iter().any(|name| name == group.trim_matches('/')) {
        return Err(missing(format!("there is no group `{}`", group.trim_matches('/'))));
    }
    let wavelengths_nm = lengths(file, group, product.wavelength)?.ok_or_else(|| {
        missing(format!("there is no variable `{}`", path(group, product.wavelength)))
    })?;
    rising_or_falling(&path(group, product.wavelength), &wavelengths_nm)?;
    let bands = wavelengths_nm.len();
    let fwhm_nm = lengths(file, group, "fwhm")?
        .filter(|widths| widths.len() == bands && widths.iter().all(|&width| width > 0.0));
    let good = match file.find(group, "good_wavelengths")? {
        Some(dataset) => variables::all(group, "good_wavelengths", &dataset)?,
        None => Vec::new(),
    };
    let good = if good.len() == bands {
        good.iter().map(|&v| v > 0.0).collect()
    } else {
        vec![true; bands]
    };
    Ok(BandValues { wavelengths_nm, fwhm_nm, good })
}

/// Lengths in nm: the unit is the attribute `units`, and nm without it, as both products define.
fn lengths(file: &Variables, group: &str, name: &str) -> Result<Option<Vec<f64>>, NetcdfError> {
    let Some(dataset) = file.find(group, name)? else { return Ok(None) };
    let unit = variables::text(&dataset, "units").unwrap_or_else(|| "nm".into());
    let to_nm = match unit.trim().to_lowercase().as_str() {
        "nm" | "nanometers" | "nanometres" | "nanometer" | "nanometre" => 1.0,
        "um" | "µm" | "micrometers" | "micrometres" | "micrometer" | "microns" => 1000.0,
        _ => {
            return Err(NetcdfError::Layout {
                found: format!("`{}` is in `{unit}`", path(group, name)),
                expected: "nm or um".into(),
                remedy: "correct its attribute `units`",
            });
        }
    };
    let values = variables::all(group, name, &dataset)?;
    Ok(Some(values.into_iter().map(|value| value * to_nm).collect()))
}

fn rising_or_falling(path: &str, values: &[f64]) -> Result<(), NetcdfError> {
    let Some(index) = out_of_order(values) else { return Ok(()) };
    Err(NetcdfError::Layout {
        found: format!("`{path}` is {} nm at band {}", values[index], index + 1),
        expected: "wavelengths that rise or fall from band to band".into(),
        remedy: "correct or drop that band",
    })
}

/// Who took it, from the attribute `instrument` or `sensor`.
fn instrument(file: &Variables) -> Option<String> {
    let told = ["instrument", "sensor"].into_iter().find_map(|name| file.text("/", name));
    told.and_then(|name| named(&name))
}

/// Start of the acquisition from the attribute `time_coverage_start`; without a zone it is UTC.
fn time(file: &Variables, notes: &mut Vec<String>) -> Option<Timestamp> {
    let text = file.text("/", "time_coverage_start")?;
    let text = text.trim();
    let zoned = text.parse::<Timestamp>().ok();
    let civil = || TimeZone::UTC.to_timestamp(text.parse::<DateTime>().ok()?).ok();
    let time = zoned.or_else(civil);
    if time.is_none() {
        notes.push(format!("`time_coverage_start` is `{text}`, which is no time: ignored"));
    }
    time
}
