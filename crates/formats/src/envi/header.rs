//! What an ENVI header says about the image beside it.
//!
//! We read what it takes to find every number in the image and refuse what we would have to guess.
//! A header with no wavelength unit, for example, is an error: nanometres and micrometres differ
//! by a thousand and both are common. Two things are taken on evidence and said in the notes: a
//! missing `fwhm` is the spacing of the bands, and where `wavelength` or its unit is missing, band
//! names such as `376.44 Nanometers` or the name of an AVIRIS-NG product decide.

use std::path::Path;

use cathartes_core::{cube::CubeInfo, geometry::Geometry, spectrum::Band};
use jiff::{Timestamp, civil, tz};

use super::{
    fields::{Fields, HeaderError, entries},
    layout::{Interleave, Layout, Sample},
    map_info,
    source::read_header,
    wavelengths::{self, Spectrum},
};
use crate::{FormatError, band_table::BandTable};

/// Longer is no name of an instrument.
const LONGEST_NAME: usize = 80;

/// Where every number of the image stands in its file, whatever the numbers mean.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// Rows, along track; 0 while nobody knows.
    pub lines: usize,
    /// Columns, across track.
    pub samples: usize,
    /// Channels.
    pub bands: usize,
    /// Bytes before the first number.
    pub offset_bytes: u64,
    /// How the numbers follow one another.
    pub layout: Layout,
    /// The number that means no data.
    pub ignore: Option<f64>,
    /// Whether the image is a map.
    pub geometry: Geometry,
    /// What had to be assumed.
    pub notes: Vec<String>,
}

/// The header of a radiance image.
#[derive(Debug, Clone, PartialEq)]
pub struct Header {
    /// Where the numbers stand.
    pub frame: Frame,
    /// Channels, in file order, by rising wavelength.
    pub bands: Vec<Band>,
    /// Whether the widths were estimated from the spacing.
    pub fwhm_estimated: bool,
    /// `sensor type`, when it says one.
    pub instrument: Option<String>,
    /// Which channels the producer calls good.
    pub good: Vec<bool>,
    /// Gain and offset of each band, when the numbers in the file are not radiance yet.
    pub scale: Option<Vec<[f32; 2]>>,
    /// The unit of radiance as the file names it.
    pub radiance_unit: Option<String>,
    /// Start of the acquisition.
    pub time: Option<Timestamp>,
    /// Sun zenith, degrees.
    pub sun_zenith_deg: Option<f64>,
}

impl Frame {
    /// Reads the header of any image, spectral or not.
    ///
    /// # Errors
    ///
    /// [`HeaderError`] when a number of the image could not be found by it.
    pub fn parse(text: &str) -> Result<Self, HeaderError> {
        Self::from_fields(&Fields::split(text)?)
    }

    fn from_fields(fields: &Fields) -> Result<Self, HeaderError> {
        let whole = |text: &str| text.parse::<usize>().ok();
        let size = |key| {
            fields.need(key, "write a whole number above 0", |text| whole(text).filter(|n| *n > 0))
        };
        let mut notes = Vec::new();
        let geometry = match fields.get("map info") {
            Some((line, value)) => map_info::read(line, value, &mut notes)?,
            None => Geometry::Unknown,
        };
        refuse_what_moves_numbers(fields)?;
        Ok(Self {
            lines: fields.need("lines", "write a whole number", whole)?,
            samples: size("samples")?,
            bands: size("bands")?,
            offset_bytes: fields
                .want("header offset", "write the bytes before the first number", |text| {
                    text.parse().ok()
                })?
                .unwrap_or(0),
            layout: layout(fields)?,
            ignore: fields.want("data ignore value", "write a number", |text| text.parse().ok())?,
            geometry,
            notes,
        })
    }

    /// Bytes the file must have; none when that is more than can be counted.
    #[must_use]
    pub fn file_bytes(&self) -> Option<u64> {
        (self.lines as u64).checked_mul(self.line_bytes()?)?.checked_add(self.offset_bytes)
    }

    /// Lines that are whole in a file of so many bytes, when they follow one another.
    pub(super) fn whole_lines(&self, bytes: u64) -> usize {
        let per_line = self.line_bytes().unwrap_or(u64::MAX).max(1);
        usize::try_from(bytes.saturating_sub(self.offset_bytes) / per_line).unwrap_or(usize::MAX)
    }

    /// Bytes of one line with all its bands.
    #[must_use]
    pub fn line_bytes(&self) -> Option<u64> {
        let numbers = (self.samples as u64).checked_mul(self.bands as u64)?;
        numbers.checked_mul(self.layout.sample.bytes() as u64)
    }
}

impl Header {
    /// Reads the header of a radiance image; `given` bands, when there are any, take the place of
    /// what the header says or leaves out.
    ///
    /// # Errors
    ///
    /// [`HeaderError`] when a number of the image or its wavelength could not be found by it.
    pub fn parse(text: &str, given: Option<&BandTable>) -> Result<Self, HeaderError> {
        let fields = Fields::split(text)?;
        let mut frame = Frame::from_fields(&fields)?;
        let Spectrum { bands, fwhm_estimated } = match given {
            Some(given) => wavelengths::given(given, frame.bands, &mut frame.notes)?,
            None => wavelengths::read(&fields, frame.bands, &mut frame.notes)?,
        };
        let good = fields.numbers("bbl", frame.bands, |_| true)?.map_or_else(
            || vec![true; bands.len()],
            |(_, flags)| flags.iter().map(|flag| *flag != 0.0).collect(),
        );
        let sun_elevation =
            fields.want("sun elevation", "write degrees between -90 and 90", |text| {
                text.parse().ok().filter(|degrees: &f64| degrees.abs() <= 90.0)
            })?;
        Ok(Self {
            bands,
            fwhm_estimated,
            instrument: fields.get("sensor type").and_then(|(_, name)| named(name)),
            good,
            scale: scale(&fields, frame.bands)?,
            radiance_unit: fields.get("data units").map(|(_, unit)| unit.to_owned()),
            time: time(&fields, &mut frame.notes)?,
            sun_zenith_deg: sun_elevation.map(|degrees| 90.0 - degrees),
            frame,
        })
    }

    /// Reads the header file `path`, for an image that comes another way.
    ///
    /// # Errors
    ///
    /// [`FormatError`] when the file is missing or does not hold.
    pub fn open(path: &Path, given: Option<&BandTable>) -> Result<Self, FormatError> {
        read_header(path, |text| Self::parse(text, given))
    }

    /// What is known of the image before a number of it is read.
    #[must_use]
    pub fn info(&self) -> CubeInfo {
        CubeInfo {
            lines: self.frame.lines,
            samples: self.frame.samples,
            bands: self.bands.clone(),
            good: self.good.clone(),
            fwhm_estimated: self.fwhm_estimated,
            instrument: self.instrument.clone(),
            radiance_unit: self.radiance_unit.clone(),
            geometry: self.frame.geometry.clone(),
            time: self.time,
            sun_zenith_deg: self.sun_zenith_deg,
            view_zenith_deg: None,
            notes: self.frame.notes.clone(),
        }
    }
}

fn layout(fields: &Fields) -> Result<Layout, HeaderError> {
    let sample = fields.need("data type", "use 1, 2, 3, 4, 5, 12, 13, 14 or 15", |code| {
        Sample::ALL.into_iter().find(|sample| sample.code().to_string() == code)
    })?;
    let order = "write 0 for the least significant byte first, 1 for the most";
    let big_endian = |code: &str| match code {
        "0" => Some(false),
        "1" => Some(true),
        _ => None,
    };
    Ok(Layout {
        interleave: fields.need("interleave", "write bsq, bil or bip", |name| {
            let name = name.to_lowercase();
            Interleave::ALL.into_iter().find(|order| order.word() == name)
        })?,
        sample,
        big_endian: match fields.want("byte order", order, big_endian)? {
            Some(big_endian) => big_endian,
            None if sample.bytes() == 1 => false,
            None => return Err(HeaderError::Missing { key: "byte order", remedy: order }),
        },
    })
}

/// Fields under which the numbers would stand elsewhere than we look for them.
fn refuse_what_moves_numbers(fields: &Fields) -> Result<(), HeaderError> {
    let zeros = |text: &str| entries(text).all(|entry| entry.parse() == Ok(0_u64)).then_some(());
    let unpack = "unpack the image first (`gdal_translate -of ENVI`)";
    fields.want("file compression", unpack, zeros)?;
    let frames = "write the image without frame offsets first (`gdal_translate -of ENVI`)";
    fields.want("major frame offsets", frames, zeros)?;
    fields.want("minor frame offsets", frames, zeros)?;
    Ok(())
}

fn scale(fields: &Fields, bands: usize) -> Result<Option<Vec<[f32; 2]>>, HeaderError> {
    let gains = fields.numbers("data gain values", bands, |gain| gain != 0.0)?;
    let offsets = fields.numbers("data offset values", bands, |_| true)?;
    let (gains, offsets) = (gains.map(|(_, g)| g), offsets.map(|(_, o)| o));
    let at = |list: &Option<Vec<f64>>, band: usize, else_: f64| {
        list.as_ref().and_then(|list| list.get(band).copied()).unwrap_or(else_) as f32
    };
    let any = gains.is_some() || offsets.is_some();
    let length = gains.as_ref().or(offsets.as_ref()).map_or(0, Vec::len);
    let scale: Vec<[f32; 2]> =
        (0..length).map(|band| [at(&gains, band, 1.0), at(&offsets, band, 0.0)]).collect();
    Ok((any && scale.iter().any(|pair| *pair != [1.0, 0.0])).then_some(scale))
}

/// A name as people write one; `unknown` is none.
pub(crate) fn named(text: &str) -> Option<String> {
    let name: String = text.trim().chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
    Some(name).filter(|name| !name.is_empty() && !name.eq_ignore_ascii_case("unknown"))
}

/// `acquisition time`, or the time in the name of an AVIRIS-NG product.
fn time(fields: &Fields, notes: &mut Vec<String>) -> Result<Option<Timestamp>, HeaderError> {
    let remedy = "write it as 2016-09-10T18:57:02Z";
    let stated = fields.want("acquisition time", remedy, |text| {
        let text = text.trim_matches('"');
        let local = || utc(text.parse().ok()?);
        text.parse().ok().or_else(local)
    })?;
    if stated.is_some() {
        return Ok(stated);
    }
    let product = fields.get("description").and_then(|(_, text)| aviris_ng_product(text));
    if let Some(product) = product {
        notes.push(format!("time taken from the name of the AVIRIS-NG product {product}"));
    }
    Ok(product.and_then(product_time))
}

/// The identifier of an AVIRIS-NG flight line (`ang20170323t202244`) in a description.
pub(super) fn aviris_ng_product(description: &str) -> Option<&str> {
    description.match_indices("ang").find_map(|(at, _)| {
        let name = description.get(at..at + 18)?;
        product_time(name).map(|_| name)
    })
}

fn product_time(name: &str) -> Option<Timestamp> {
    utc(civil::DateTime::strptime("ang%Y%m%dt%H%M%S", name).ok()?)
}

fn utc(moment: civil::DateTime) -> Option<Timestamp> {
    tz::TimeZone::UTC.to_timestamp(moment).ok()
}

#[cfg(test)]
mod tests;
