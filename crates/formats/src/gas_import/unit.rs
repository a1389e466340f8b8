//! Units of spectra, and the factors to cm⁻¹ and cm² per molecule.

use cathartes_core::units::Kelvin;

use super::GasImportError;

/// Molecules per cm² in 1 ppm m at 296 K and 1 atm.
const PER_PPMM: f64 = 2.4794e15;
const AVOGADRO: f64 = 6.022_140_76e23;
const BOLTZMANN: f64 = 1.380_649e-23;

const KNOWN_Y: &str = "cm2/molecule, (micromol/mol)-1m-1 (also written 1/(ppm m)), m2/mol, \
                       absorbance, transmittance; with `base 10` or `base e`";
const KNOWN_X: &str = "1/cm (cm-1), micrometers (um), nanometers (nm)";

/// What the values of a spectrum are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Unit {
    /// Proportional to σ: multiply by this, cm² per molecule.
    Scaled(f64),
    /// Decadic absorbance of a cell; divide by molecules per cm² along its path.
    Absorbance,
    /// Share of the light that passes a cell.
    Transmittance,
}

impl Unit {
    /// Reads a unit as people and files write it.
    ///
    /// # Errors
    ///
    /// [`GasImportError::UnknownUnit`] with those known.
    pub fn parse(text: &str) -> Result<Self, GasImportError> {
        let lower = text.to_lowercase();
        let base10 = lower.contains("base 10") || lower.contains("base10");
        let base_e = lower.contains("base e") || lower.contains("napier");
        let bare: String = lower
            .replace("base 10", "")
            .replace("base10", "")
            .replace("base e", "")
            .chars()
            .filter(|c| c.is_alphanumeric() || *c == '/' || *c == '-')
            .collect();
        let ln10_if = |yes: bool| if yes { std::f64::consts::LN_10 } else { 1.0 };
        Ok(match bare.as_str() {
            "cm2/molecule"
            | "cm2/molec"
            | "cm2molecule-1"
            | "cm2permolecule"
            | "crosssectioncm2permolecule" => Self::Scaled(ln10_if(base10)),
            "micromol/mol-1m-1" | "µmol/mol-1m-1" | "umol/mol-1m-1" | "1/ppmm" | "ppm-1m-1"
            | "1/ppm-m" | "ppm-m-1" => Self::Scaled(ln10_if(!base_e) / PER_PPMM),
            "m2/mol" | "m2mol-1" => Self::Scaled(ln10_if(base10) * 1e4 / AVOGADRO),
            "absorbance" => Self::Absorbance,
            "transmittance" | "transmission" => Self::Transmittance,
            _ => return Err(unknown("value", text, KNOWN_Y)),
        })
    }

    /// One sentence on what is done.
    pub(super) fn sentence(self, text: &str) -> String {
        match self {
            Self::Scaled(factor) => {
                format!("values in `{text}` times {factor:.6e} give cm2 per molecule (base e)")
            }
            Self::Absorbance => format!(
                "`{text}` times ln 10 over the molecules per cm2 of the cell gives cm2 per molecule"
            ),
            Self::Transmittance => {
                format!(
                    "-ln of `{text}` over the molecules per cm2 of the cell gives cm2 per molecule"
                )
            }
        }
    }

    /// The cross-section a value stands for; the cell matters only to cell spectra.
    pub(super) fn sigma(self, value: f64, molecules_per_cm2: f64) -> f64 {
        match self {
            Self::Scaled(factor) => value * factor,
            Self::Absorbance => value * std::f64::consts::LN_10 / molecules_per_cm2,
            Self::Transmittance => -value.ln() / molecules_per_cm2,
        }
    }
}

/// Molecules per cm² of an ideal gas along a path.
pub(super) fn along_path(path_cm: f64, pressure_pa: f64, temperature: Kelvin) -> f64 {
    pressure_pa / (BOLTZMANN * temperature.0) * 1e-6 * path_cm
}

/// The wavenumber an abscissa stands for.
pub(super) fn abscissa(text: &str) -> Result<fn(f64) -> f64, GasImportError> {
    let bare: String =
        text.to_lowercase().chars().filter(|c| c.is_alphanumeric() || *c == '/').collect();
    Ok(match bare.as_str() {
        "1/cm" | "cm1" | "wavenumbercm1" | "wavenumber" => |x| x,
        "micrometers" | "micrometres" | "microns" | "um" | "µm" | "wavelengthum" => |x| 1e4 / x,
        "nanometers" | "nanometres" | "nm" | "wavelengthnm" => |x| 1e7 / x,
        _ => return Err(unknown("abscissa", text, KNOWN_X)),
    })
}

/// A length with its unit, cm.
pub(super) fn length_cm(text: &str) -> Option<f64> {
    let (value, unit) = quantity(text)?;
    let factor = match unit.as_str() {
        "mm" => 0.1,
        "cm" => 1.0,
        "m" => 100.0,
        _ => return None,
    };
    Some(value * factor)
}

/// A pressure with its unit, Pa.
pub(super) fn pressure_pa(text: &str) -> Option<f64> {
    let (value, unit) = quantity(text)?;
    let factor = match unit.as_str() {
        "pa" => 1.0,
        "hpa" | "mbar" => 100.0,
        "kpa" => 1000.0,
        "bar" => 1e5,
        "mmhg" | "torr" => 133.322_368,
        "atm" => 101_325.0,
        _ => return None,
    };
    Some(value * factor)
}

/// A temperature with its unit; a bare number is kelvin above 150 and Celsius below.
pub(super) fn temperature(text: &str) -> Option<Kelvin> {
    let (value, unit) = quantity(text)?;
    let celsius = match unit.as_str() {
        "k" | "kelvin" => false,
        "c" | "degc" | "°c" | "degreesc" => true,
        "" => value < 150.0,
        _ => return None,
    };
    let kelvin = if celsius { value + 273.15 } else { value };
    (kelvin > 0.0 && kelvin < 5000.0).then_some(Kelvin(kelvin))
}

/// A number and the first word after it in lower case.
fn quantity(text: &str) -> Option<(f64, String)> {
    let text = text.trim();
    let end = text
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '+' | '-')))
        .unwrap_or(text.len());
    let value: f64 = text[..end].parse().ok()?;
    let unit = text[end..].split_whitespace().next().unwrap_or_default();
    let unit: String = unit.trim_matches([',', ';', '(', ')']).to_lowercase();
    (value.is_finite() && value > 0.0).then_some((value, unit))
}

fn unknown(axis: &'static str, unit: &str, known: &str) -> GasImportError {
    GasImportError::UnknownUnit { axis, unit: unit.trim().to_owned(), known: known.to_owned() }
}

#[cfg(test)]
mod tests;
