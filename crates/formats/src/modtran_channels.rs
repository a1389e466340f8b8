//! Channel tables of MODTRAN (`.chn`): the air of one path in the bands of one instrument.
//!
//! ```text
//! heading lines, a rule of dashes, then one row a channel:
//!   0 centre nm | 1 path | 2 channel | 3 4 5 radiance per cm⁻¹, per nm, as temperature | 6 radiance
//!   7 8 width in cm⁻¹, in nm | 9 10 range nm | 11 thermal emission of the path | 12 thermal scatter
//!   13 ground emission | 14 15 scattered sunlight, multiple and single | 16 reflected by the ground,
//!   all of it | 17 of it direct sunlight | 18 19 20 sunlight | 21 22 coefficients | 23 spherical albedo
//!   24 transmittance of the path | 25 emissivity of the ground | CENTER: c NM   FWHM: f NM
//! ```
//!
//! Columns 11 to 17 are integrated over the channel, in W sr⁻¹ cm⁻²; over its equivalent width `w` in
//! nm (column 8) they are spectral, and
//!
//! ```text
//! 1 W sr⁻¹ cm⁻² / nm = 10⁷ W m⁻² sr⁻¹ µm⁻¹
//! τ = c24,   P = 10⁷ (c11 + c12 + c14 + c15)/w,   S = 10⁷ (c16 − c17)(1 − ρ c23)/(w τ ρ)
//! ```
//!
//! with `ρ = 1 − c25`. `P` has nothing of the ground, whatever its temperature in the run. The sky
//! `S` is only known where the ground of the run reflects (the usual run has `ρ = 1`) and the path
//! lets it through; it holds scattered sunlight too, 10⁻⁴ of it. The columns were told apart by
//! their headings and by sums: c6 is c11 + c12 + c13 + c14 + c15 + c16 in every row.
//!
//! Berk et al. (2014), Proc. SPIE 9088, 90880H (MODTRAN 6).

use cathartes_core::{air::Air, provenance::Provenance, spectrum::Band, units::Nanometres};

/// Numbers before the words of a row.
const COLUMNS: usize = 26;
/// Width of a Gaussian's area over its FWHM.
const AREA_OVER_FWHM: f64 = 1.064_467;
/// W sr⁻¹ cm⁻² nm⁻¹ in W m⁻² sr⁻¹ µm⁻¹.
const PER_UM: f64 = 1e7;
/// Below this the ground is not seen, or reflects nothing.
const DARK: f64 = 1e-4;

/// What a table says of a path. Radiances in W m⁻² sr⁻¹ µm⁻¹.
#[derive(Debug, Clone, PartialEq)]
pub struct Channels {
    /// Centres and widths, in the order of the file.
    pub bands: Vec<Band>,
    /// Share of the ground's radiance that arrives.
    pub transmittance: Vec<f64>,
    /// What the path sends to the sensor.
    pub path_radiance: Vec<f64>,
    /// What the sky sends to the ground; none when a channel does not tell.
    pub sky_radiance: Option<Vec<f64>>,
}

/// Why a text is no channel table. The file is named by who opened it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChannelsError {
    /// No rule of dashes, or none in nanometres before it.
    #[error(
        "no heading of a MODTRAN channel table in nanometres: lines with `(NANOMETERS)` and `TRANSM`, \
         then one of dashes; have MODTRAN write its .chn file in nm"
    )]
    Heading,
    /// A row that is none.
    #[error("line {line}: {what}; use the .chn file as MODTRAN wrote it")]
    Row {
        /// Line, from 1.
        line: usize,
        /// What is wrong.
        what: String,
    },
    /// A heading and nothing under it.
    #[error("no channels under the heading; use the .chn file as MODTRAN wrote it")]
    Empty,
}

impl Channels {
    /// The same as a value with its origin.
    #[must_use]
    pub fn into_air(self, provenance: Provenance) -> Air {
        let Self { bands, transmittance, path_radiance, sky_radiance } = self;
        Air { bands, transmittance, path_radiance, sky_radiance, provenance }
    }
}

/// Reads the text of a table.
///
/// # Errors
///
/// [`ChannelsError`] with the line.
pub fn parse(text: &str) -> Result<Channels, ChannelsError> {
    let mut lines = (1..).zip(text.lines());
    let mut heading = String::new();
    loop {
        let (_, line) = lines.next().ok_or(ChannelsError::Heading)?;
        if line.trim_start().starts_with("----") {
            break;
        }
        heading.push_str(line);
    }
    if !(heading.contains("(NANOMETERS)") && heading.contains("TRANSM")) {
        return Err(ChannelsError::Heading);
    }
    let rows = lines.filter(|(_, line)| !line.trim().is_empty());
    let rows: Vec<Row> = rows.map(|(at, line)| Row::read(at, line)).collect::<Result<_, _>>()?;
    if rows.is_empty() {
        return Err(ChannelsError::Empty);
    }
    Ok(Channels {
        bands: rows.iter().map(|r| r.band).collect(),
        transmittance: rows.iter().map(|r| r.transmittance).collect(),
        path_radiance: rows.iter().map(|r| r.path).collect(),
        sky_radiance: rows.iter().map(|r| r.sky).collect(),
    })
}

struct Row {
    band: Band,
    transmittance: f64,
    path: f64,
    sky: Option<f64>,
}

impl Row {
    fn read(line: usize, text: &str) -> Result<Self, ChannelsError> {
        let wrong = |what: String| ChannelsError::Row { line, what };
        let mut c = [0.0; COLUMNS];
        let mut words = text.split_whitespace();
        for (column, value) in c.iter_mut().enumerate() {
            let word = words.next().unwrap_or_default();
            let number = word.parse().ok().filter(|v: &f64| v.is_finite());
            let shown: String = word.chars().take(20).collect();
            *value = number
                .ok_or_else(|| wrong(format!("`{shown}` in column {} is no number", column + 1)))?;
        }
        let words: Vec<&str> = words.collect();
        let width = words.iter().position(|w| *w == "FWHM:").and_then(|at| words.get(at + 1));
        let fwhm = match width {
            Some(word) => word.parse().unwrap_or(f64::NAN),
            None => c[8] / AREA_OVER_FWHM,
        };
        if !(c[0] > 0.0 && c[8] > 0.0 && fwhm > 0.0 && fwhm < f64::INFINITY) {
            return Err(wrong("centre and width have to be above zero".into()));
        }
        if !(-0.001..=1.001).contains(&c[24]) {
            return Err(wrong(format!("a transmittance of {} is none", c[24])));
        }
        let spectral = |value: f64| PER_UM * value / c[8];
        let reflectance = 1.0 - c[25];
        let seen = c[24] * reflectance;
        let sky = || spectral(c[16] - c[17]) * (1.0 - reflectance * c[23]) / seen;
        Ok(Self {
            band: Band { center: Nanometres(c[0]), fwhm: Nanometres(fwhm) },
            transmittance: c[24].clamp(0.0, 1.0),
            path: spectral(c[11] + c[12] + c[14] + c[15]),
            sky: (seen > DARK).then(sky),
        })
    }
}

#[cfg(test)]
mod tests;
