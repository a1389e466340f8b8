//! Band centres and widths that a user lays beside an image: a CSV with a header line and the
//! columns `center_nm` and, if known, `fwhm_nm`. Other columns are passed over.

use cathartes_core::{spectrum::Band, units::Nanometres};

/// The bands of an image, in the order of its channels.
#[derive(Debug, Clone, PartialEq)]
pub struct BandTable {
    /// Centres and widths.
    pub bands: Vec<Band>,
    /// Whether the widths were taken equal to the spacing because there is no column of them.
    pub fwhm_estimated: bool,
}

/// Why a table of bands cannot be used: what is wrong, in which line, and what to do. The file is
/// named by who opened it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BandTableError(String);

impl From<csv::Error> for BandTableError {
    fn from(error: csv::Error) -> Self {
        Self(error.to_string())
    }
}

/// Reads the text of a table.
///
/// # Errors
///
/// [`BandTableError`] when it has no `center_nm`, no lines, or a length that is none.
pub fn parse(text: &str) -> Result<BandTable, BandTableError> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let header = reader.headers()?;
    let column = |name: &str| header.iter().position(|title| title.eq_ignore_ascii_case(name));
    let centre = column("center_nm").ok_or_else(|| BandTableError(
        "the header line has no `center_nm`; write `center_nm,fwhm_nm` and one line for each band".into(),
    ))?;
    let width = column("fwhm_nm");
    let (mut centres, mut widths) = (Vec::new(), Vec::new());
    for record in reader.records() {
        let record = record?;
        let line = record.position().map_or(0, csv::Position::line);
        centres.push(length(&record, centre, line)?);
        if let Some(width) = width {
            widths.push(length(&record, width, line)?);
        }
    }
    if centres.is_empty() {
        let message = "it has no lines after the header; write one for each band";
        return Err(BandTableError(message.into()));
    }
    let fwhm_estimated = width.is_none();
    if fwhm_estimated {
        widths = spacing(&centres);
    }
    Ok(BandTable { bands: bands(&centres, &widths), fwhm_estimated })
}

fn length(record: &csv::StringRecord, column: usize, line: u64) -> Result<f64, BandTableError> {
    let text = record.get(column).unwrap_or_default();
    text.parse().ok().filter(|value: &f64| value.is_finite() && *value > 0.0).ok_or_else(|| {
        BandTableError(format!(
            "line {line}: `{text}` is no length in nm; write a number above zero"
        ))
    })
}

/// Centres and widths in nm, put together.
pub(crate) fn bands(centres_nm: &[f64], widths_nm: &[f64]) -> Vec<Band> {
    let band = |(&center, &fwhm)| Band { center: Nanometres(center), fwhm: Nanometres(fwhm) };
    centres_nm.iter().zip(widths_nm).map(band).collect()
}

/// Distance to the neighbours: half the distance between them, or to the only one.
pub(crate) fn spacing(centres: &[f64]) -> Vec<f64> {
    let last = centres.len().saturating_sub(1);
    (0..centres.len())
        .map(|i| {
            let (low, high) = (i.saturating_sub(1), (i + 1).min(last));
            ((centres[high] - centres[low]) / (high - low).max(1) as f64).abs()
        })
        .collect()
}

/// The first band whose centre is no length or does not go on the way the first two go.
pub(crate) fn out_of_order(centres_nm: &[f64]) -> Option<usize> {
    let falling = centres_nm.len() > 1 && centres_nm[1] < centres_nm[0];
    let wrong = |pair: &[f64]| if falling { pair[1] >= pair[0] } else { pair[1] <= pair[0] };
    centres_nm
        .iter()
        .position(|&centre| !(centre.is_finite() && centre > 0.0))
        .or_else(|| centres_nm.windows(2).position(wrong).map(|index| index + 1))
}

#[cfg(test)]
mod tests;
