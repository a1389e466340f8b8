//! Cross-sections people bring along: JCAMP-DX as the NIST Quantitative Infrared Database writes it,
//! HITRAN `.xsc`, and two columns of text. Told apart by content.
//!
//! Everything becomes Napierian cross-sections `σ` in cm² per molecule over wavenumbers in cm⁻¹.
//! With `N` = 2.4794e15 molecules per cm² in 1 ppm m (296 K, 1 atm) and `n = p/kT` molecules per cm³:
//!
//! | unit given | becomes σ by |
//! |---|---|
//! | `cm2/molecule` | as it is; times ln 10 when marked `base 10` |
//! | `(micromol/mol)-1m-1`, `1/(ppm m)` | `/ N`, times ln 10 unless marked `base e` |
//! | `m2/mol` | `× 1e4 / 6.02214e23`, times ln 10 when marked `base 10` |
//! | `absorbance` | `× ln 10 / (n L)` with the path `L` and the partial pressure `p` of the header |
//! | `transmittance` | `−ln y / (n L)` likewise |
//!
//! Wavelengths in nm or µm are turned into wavenumbers; points that are not even are interpolated
//! linearly onto an even grid of the median spacing. Negative values, which are noise, become 0 and
//! are counted in the notes. No reader holds more than a stated multiple of its input: 64 numbers a
//! byte.

use cathartes_core::{
    gas::{CrossSection, Gas, Segment},
    units::{Kelvin, PerCm},
};

use crate::formula::molar_mass;

mod asdf;
mod jcamp;
mod two_column;
mod unit;
mod xsc;

pub use unit::Unit;

/// What the user says about a file; it goes before what the file says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Given {
    /// Short name in commands.
    pub slug: Option<String>,
    /// English name.
    pub name: Option<String>,
    /// Molecular formula.
    pub formula: Option<String>,
    /// CAS registry number.
    pub cas: Option<String>,
    /// Unit of the values.
    pub unit: Option<String>,
    /// Temperature wanted where a file has several; 296 K when not said.
    pub temperature: Option<Kelvin>,
    /// Terms of use.
    pub terms: Option<String>,
}

/// A cross-section and what was done to get it.
#[derive(Debug, Clone, PartialEq)]
pub struct Imported {
    /// The result.
    pub cross_section: CrossSection,
    /// Conversions and choices, one sentence each.
    pub notes: Vec<String>,
}

/// Why a file is no cross-section we can use.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum GasImportError {
    /// None of the three formats.
    #[error("neither JCAMP-DX, HITRAN .xsc nor two columns of numbers")]
    UnknownFormat,
    /// Not text.
    #[error("not text: byte {0} (from 0) is not UTF-8")]
    NotText(usize),
    /// Something in a line cannot be.
    #[error("line {line}: {fault}")]
    Line {
        /// From 1.
        line: usize,
        /// What is wrong with it.
        fault: String,
    },
    /// A part the file must have and the user did not give.
    #[error("{what} is missing; give it with {remedy}")]
    Missing {
        /// What.
        what: &'static str,
        /// The option or header line that gives it.
        remedy: &'static str,
    },
    /// A unit we do not know.
    #[error("unknown {axis} unit `{unit}`; known: {known}")]
    UnknownUnit {
        /// Which axis.
        axis: &'static str,
        /// As given.
        unit: String,
        /// All we know.
        known: String,
    },
    /// A formula without a molar mass.
    #[error("`{0}` is no formula whose mass we know; write it like C2H6O")]
    Formula(String),
    /// Too few points, or out of order, or too many.
    #[error("{0}")]
    Points(String),
}

/// What every reader hands over.
#[derive(Debug, Default)]
struct Raw {
    name: Option<String>,
    formula: Option<String>,
    cas: Option<String>,
    temperature: Option<Kelvin>,
    source: String,
    citation: String,
    terms: Option<String>,
    /// Runs of (cm⁻¹, σ), each rising.
    runs: Vec<Vec<(f64, f64)>>,
    notes: Vec<String>,
}

/// Reads a file of any of the three formats.
///
/// # Errors
///
/// [`GasImportError`] with the line and the remedy.
pub fn read(bytes: &[u8], given: &Given) -> Result<Imported, GasImportError> {
    let text = std::str::from_utf8(bytes).map_err(|e| GasImportError::NotText(e.valid_up_to()))?;
    let first = text.lines().find(|l| !l.trim().is_empty()).unwrap_or_default();
    let raw = if first.trim_start().starts_with("##") {
        jcamp::read(text, given)?
    } else if xsc::is_header(first) {
        xsc::read(text, given)?
    } else {
        two_column::read(text, given)?
    };
    finish(raw, given)
}

fn finish(mut raw: Raw, given: &Given) -> Result<Imported, GasImportError> {
    let missing = |what, remedy| GasImportError::Missing { what, remedy };
    let formula = given
        .formula
        .clone()
        .or_else(|| raw.formula.take())
        .ok_or(missing("the formula", "--formula"))?;
    let mass = molar_mass(&formula).ok_or_else(|| GasImportError::Formula(formula.clone()))?;
    let name = given.name.clone().or(raw.name).unwrap_or_else(|| formula.clone());
    let slug = slug(given.slug.as_deref().unwrap_or(&name));
    if slug.is_empty() {
        return Err(missing("a short name of letters and digits", "--slug"));
    }
    let mut notes = raw.notes;
    let mut segments = Vec::new();
    for run in raw.runs {
        segments.extend(segments_of(run, &mut notes)?);
    }
    segments.sort_by(|a, b| a.start.0.total_cmp(&b.start.0));
    if segments.windows(2).any(|pair| pair[1].start.0 <= pair[0].end().0) {
        return Err(GasImportError::Points("two tabulated ranges overlap".into()));
    }
    let cas = given.cas.clone().or(raw.cas).unwrap_or_default();
    Ok(Imported {
        cross_section: CrossSection {
            gas: Gas { slug, name, formula, cas, molar_mass: mass },
            segments,
            temperature: raw.temperature.or(given.temperature).unwrap_or(Kelvin(296.0)),
            source: raw.source,
            citation: raw.citation,
            terms: given.terms.clone().or(raw.terms).unwrap_or_else(|| "imported".into()),
        },
        notes,
    })
}

/// Lower case, every run of other characters one hyphen.
fn slug(name: &str) -> String {
    let kept = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' });
    let text: String = kept.collect::<String>().to_lowercase();
    text.split_whitespace().collect::<Vec<_>>().join("-")
}

/// Points as even segments, without noise below zero: one for each stretch of even steps, or one
/// interpolated where steps change all the time.
fn segments_of(
    mut points: Vec<(f64, f64)>,
    notes: &mut Vec<String>,
) -> Result<Vec<Segment>, GasImportError> {
    let fault = |text: &str| Err(GasImportError::Points(text.into()));
    if points.len() < 3 {
        return fault("a tabulated range needs at least three points");
    }
    if points.iter().any(|(x, y)| !x.is_finite() || *x <= 0.0 || y.is_nan() || y.abs() >= 1.0) {
        return fault(
            "a wavenumber is not positive, or a cross-section is not a number below 1 cm2 per \
             molecule; is the unit right?",
        );
    }
    if points[0].0 > points[points.len() - 1].0 {
        points.reverse();
    }
    if points.windows(2).any(|pair| pair[1].0 <= pair[0].0) {
        return fault("wavenumbers neither rise nor fall throughout");
    }
    let negative = points.iter().filter(|p| p.1 < 0.0).count();
    if negative > 0 {
        notes.push(format!("{negative} of {} values were negative and became 0", points.len()));
    }
    match stretches(&points).into_iter().map(even).collect() {
        Some(segments) => Ok(segments),
        None => Ok(vec![resample(&points, notes)?]),
    }
}

/// Cuts points where the step to the next changes by more than a quarter.
fn stretches(points: &[(f64, f64)]) -> Vec<&[(f64, f64)]> {
    let mut stretches = Vec::new();
    let mut first = 0;
    for i in 1..points.len() {
        let step = points[first + 1].0 - points[first].0;
        if ((points[i].0 - points[i - 1].0) / step - 1.0).abs() > 0.25 {
            stretches.push(&points[first..i]);
            first = i;
        }
        if first + 1 >= points.len() {
            break;
        }
    }
    stretches.push(&points[first..]);
    stretches
}

/// Points as they are; `None` when they are few or not even.
fn even(points: &[(f64, f64)]) -> Option<Segment> {
    let (first, last) = (points.first()?.0, points.last()?.0);
    let mean = (last - first) / (points.len() - 1) as f64;
    let off = |(i, p): (usize, &(f64, f64))| (p.0 - first - mean * i as f64).abs() > 0.1 * mean;
    if points.len() < 3 || points.iter().enumerate().any(off) {
        return None;
    }
    let sigma_cm2 = points.iter().map(|p| p.1.max(0.0) as f32).collect();
    Some(Segment { start: PerCm(first), step: PerCm(mean), sigma_cm2 })
}

/// Linear interpolation onto an even grid of the median spacing, at most four points for each.
fn resample(points: &[(f64, f64)], notes: &mut Vec<String>) -> Result<Segment, GasImportError> {
    let mut gaps: Vec<f64> = points.windows(2).map(|pair| pair[1].0 - pair[0].0).collect();
    gaps.sort_by(f64::total_cmp);
    let (first, last) = (points[0].0, points[points.len() - 1].0);
    let step = gaps[gaps.len() / 2];
    if let Some(jump) = points.windows(3).find(|p| {
        let ratio = (p[2].0 - p[1].0) / (p[1].0 - p[0].0);
        !(0.1..=10.0).contains(&ratio)
    }) {
        return Err(GasImportError::Points(format!(
            "the step changes more than tenfold at {:.2} cm-1; not tabulated is not transparent: \
             give every range its own file",
            jump[1].0
        )));
    }
    let step = step.max((last - first) / (4 * points.len()) as f64);
    let count = ((last - first) / step) as usize + 1;
    let value = |i: usize| {
        let x = first + step * i as f64;
        let k = points.partition_point(|p| p.0 <= x).clamp(1, points.len() - 1);
        let (a, b) = (points[k - 1], points[k]);
        (a.1 + (b.1 - a.1) * (x - a.0) / (b.0 - a.0)).max(0.0) as f32
    };
    notes.push(format!(
        "points were not evenly spaced: interpolated linearly onto steps of {step:.4} cm-1"
    ));
    let sigma_cm2 = (0..count).map(value).collect();
    Ok(Segment { start: PerCm(first), step: PerCm(step), sigma_cm2 })
}

#[cfg(test)]
mod tests;
