//! What the library holds, as text for people and as values for machines.

use std::fmt::Write as _;

use cathartes_core::{
    gas::CrossSection,
    units::{GramsPerMole, Kelvin, PerCm},
};
use cathartes_sensing::signature::{MOLECULES_PER_PPMM, ranges};
use serde::Serialize;

/// Thermal and shortwave windows in which imaging spectrometers look for gas.
pub(super) const WINDOWS: [(&str, PerCm, PerCm); 2] = [
    ("thermal infrared", PerCm(700.0), PerCm(1400.0)),
    ("shortwave infrared", PerCm(4000.0), PerCm(10_000.0)),
];

/// One gas of the library.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Listing {
    /// Short name for commands.
    pub slug: String,
    /// English name.
    pub name: String,
    /// Molecular formula.
    pub formula: String,
    /// CAS registry number, empty when not known.
    pub cas: String,
    /// Molar mass.
    pub molar_mass_g_per_mol: GramsPerMole,
    /// Temperature of the cross-sections.
    pub temperature_k: Kelvin,
    /// Tabulated ranges.
    pub ranges: Vec<Range>,
    /// Strongest place of each window with absorption in it.
    pub strongest: Vec<Peak>,
    /// Where the numbers come from.
    pub source: String,
    /// Papers to cite.
    pub citation: String,
    /// Terms of use.
    pub terms: String,
}

/// One tabulated range.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Range {
    /// Lower end.
    pub low_per_cm: PerCm,
    /// Upper end.
    pub high_per_cm: PerCm,
    /// Finest spacing of values in it.
    pub finest_step_per_cm: PerCm,
}

/// The strongest place in a window.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Peak {
    /// Which window.
    pub window: &'static str,
    /// Where.
    pub at_per_cm: PerCm,
    /// Cross-section there, cm² per molecule.
    pub sigma_cm2: f64,
    /// Napierian absorbance of 1 ppm m there.
    pub absorbance_per_ppmm: f64,
}

impl Listing {
    /// What there is to say of a gas.
    #[must_use]
    pub fn of(gas: &CrossSection) -> Self {
        let range = |(low, high): (PerCm, PerCm)| Range {
            low_per_cm: low,
            high_per_cm: high,
            finest_step_per_cm: PerCm(
                (gas.segments.iter())
                    .filter(|s| s.start.0 >= low.0 && s.end().0 <= high.0)
                    .map(|s| s.step.0)
                    .fold(f64::INFINITY, f64::min),
            ),
        };
        Self {
            slug: gas.gas.slug.clone(),
            name: gas.gas.name.clone(),
            formula: gas.gas.formula.clone(),
            cas: gas.gas.cas.clone(),
            molar_mass_g_per_mol: gas.gas.molar_mass,
            temperature_k: gas.temperature,
            ranges: ranges(gas).into_iter().map(range).collect(),
            strongest: WINDOWS.iter().filter_map(|w| peak(gas, *w)).collect(),
            source: gas.source.clone(),
            citation: gas.citation.clone(),
            terms: gas.terms.clone(),
        }
    }
}

fn peak(gas: &CrossSection, (window, low, high): (&'static str, PerCm, PerCm)) -> Option<Peak> {
    let (at, sigma) = points(gas)
        .filter(|(nu, _)| (low.0..=high.0).contains(nu))
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .filter(|p| p.1 > 0.0)?;
    Some(Peak {
        window,
        at_per_cm: PerCm(at),
        sigma_cm2: sigma,
        absorbance_per_ppmm: sigma * MOLECULES_PER_PPMM,
    })
}

/// Every tabulated point, by rising wavenumber.
pub(super) fn points(gas: &CrossSection) -> impl Iterator<Item = (f64, f64)> {
    gas.segments.iter().flat_map(|s| {
        let at = |i: usize| s.start.0 + s.step.0 * i as f64;
        s.sigma_cm2.iter().enumerate().map(move |(i, &sigma)| (at(i), f64::from(sigma)))
    })
}

/// The library as a table.
#[must_use]
pub fn table(library: &[CrossSection]) -> String {
    let head = ["gas", "formula", "CAS", "tabulated, cm-1 (finest step)", "terms", "source"];
    let rows: Vec<[String; 6]> = library.iter().map(|gas| row(&Listing::of(gas))).collect();
    let mut widths = head.map(|h| h.chars().count());
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut text = String::new();
    for row in std::iter::once(&head.map(str::to_owned)).chain(&rows) {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(widths) {
            let _ = write!(line, "{cell:width$}  ");
        }
        text += line.trim_end();
        text.push('\n');
    }
    let _ = writeln!(
        text,
        "{} gases. Outside these ranges a gas is not tabulated, which is not transparent. \
         `cathartes gas show GAS` has whole sources and citations.",
        rows.len()
    );
    text
}

fn row(gas: &Listing) -> [String; 6] {
    let range = |r: &Range| {
        let (low, high) = (r.low_per_cm.0, r.high_per_cm.0);
        format!("{low:.0}-{high:.0} ({})", tidy(r.finest_step_per_cm.0))
    };
    let ranges: Vec<String> = gas.ranges.iter().map(range).collect();
    let word = |text: &str, end: &[char]| text.split(end).next().unwrap_or_default().to_owned();
    [
        gas.slug.clone(),
        gas.formula.clone(),
        gas.cas.clone(),
        ranges.join(", "),
        word(&gas.terms, &[':', ';']),
        word(&gas.source, &['@', ';', '[', ',']).trim().to_owned(),
    ]
}

/// A number without trailing zeros.
fn tidy(value: f64) -> String {
    format!("{value:.4}").trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// All there is to say of one gas.
#[must_use]
pub fn sheet(gas: &CrossSection) -> String {
    let l = Listing::of(gas);
    let mut text = format!("{} ({})\n", l.name, l.slug);
    let mut put = |label: &str, value: &str| {
        let _ = writeln!(text, "{label:<12} {value}");
    };
    put("formula", &l.formula);
    put("CAS", if l.cas.is_empty() { "not given" } else { &l.cas });
    put("molar mass", &format!("{:.3} g/mol", l.molar_mass_g_per_mol.0));
    put("temperature", &format!("{} K", l.temperature_k.0));
    for (i, r) in l.ranges.iter().enumerate() {
        let (low, high) = (r.low_per_cm, r.high_per_cm);
        let microns = (high.to_nm().0 / 1000.0, low.to_nm().0 / 1000.0);
        let label = if i == 0 { "tabulated" } else { "" };
        put(
            label,
            &format!(
                "{:.1}-{:.1} cm-1 ({:.3}-{:.3} um), finest step {} cm-1",
                low.0,
                high.0,
                microns.0,
                microns.1,
                tidy(r.finest_step_per_cm.0)
            ),
        );
    }
    for (i, p) in l.strongest.iter().enumerate() {
        let label = if i == 0 { "strongest" } else { "" };
        put(
            label,
            &format!(
                "{}: {:.2} cm-1 ({:.4} um), {:.3e} cm2, absorbance {:.3e} per ppm-m",
                p.window,
                p.at_per_cm.0,
                p.at_per_cm.to_nm().0 / 1000.0,
                p.sigma_cm2,
                p.absorbance_per_ppmm
            ),
        );
    }
    put("source", &l.source);
    put("cite", &l.citation);
    put("terms", &l.terms);
    text
}
