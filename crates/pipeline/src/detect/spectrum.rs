//! `plume-<n>.spectrum.json`: the spectrum of a plume, and of its strongest pixels, against the fitted gases
//! with what the fit leaves, for whoever judges it.
//!
//! ```text
//! { "version": 1, "scene": s, "plume": n, "gas": slug,
//!   "quantity": "change of ln radiance", "unit": "1",
//!   "wavelength_nm": [w],
//!   "curves": [ { "of": "plume" | "pixel", "line": l, "sample": s, "pixels": n,
//!                 "measured": [w], "noise": [w], "ground": [w], "fitted": [w], "residual": [w],
//!                 "gases": [ { "gas": slug, "column_ppm_m": c, "sigma_ppm_m": σ, "fitted": [w] } ],
//!                 "chi2_per_band": χ² } ] }
//! ```
//!
//! Every array has the length of `wavelength_nm` and its order, by rising wavelength:
//! `measured = fitted + residual`, `fitted = ground + Σ gases.fitted`; what each is stands in
//! `cathartes_sensing::fitted`. `line` and `sample`, from 0, are of single pixels alone. Of heat each gas has
//! `column_times_contrast_ppm_m_k` and `column_times_contrast_sigma_ppm_m_k` too, and its column only where
//! the contrast is known. What is not known is left out.

use std::{fs::File, io::Write, path::Path};

use cathartes_core::plume::Plume;
use cathartes_sensing::{
    fitted::{FittedGas, FittedSpectrum},
    look_alike::PlumeSpectrum,
};
use serde::Serialize;

/// Of the layout above; another number, another layout.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    scene: &'a str,
    plume: u32,
    gas: &'a str,
    quantity: &'static str,
    unit: &'static str,
    wavelength_nm: Numbers,
    curves: Vec<Curve<'a>>,
}

#[derive(Serialize)]
struct Curve<'a> {
    of: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sample: Option<u32>,
    pixels: usize,
    measured: Numbers,
    noise: Numbers,
    ground: Numbers,
    fitted: Numbers,
    residual: Numbers,
    gases: Vec<Part<'a>>,
    chi2_per_band: Option<f64>,
}

#[derive(Serialize)]
struct Part<'a> {
    gas: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    column_ppm_m: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sigma_ppm_m: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column_times_contrast_ppm_m_k: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column_times_contrast_sigma_ppm_m_k: Option<f64>,
    fitted: Numbers,
}

type Numbers = Vec<Option<f64>>;

/// Whether a plume has a spectrum to be judged by: enough ground was known.
pub(crate) fn is_known(spectrum: Option<&PlumeSpectrum>) -> bool {
    spectrum.is_some_and(|spectrum| !spectrum.fits.is_empty())
}

/// Writes the spectrum of a plume of a scene.
pub(crate) fn write(
    path: &Path,
    scene: &str,
    plume: &Plume,
    spectrum: &PlumeSpectrum,
) -> anyhow::Result<()> {
    let mut text = serde_json::to_string(&document(scene, plume, spectrum))?;
    text.push('\n');
    Ok(File::create(path)?.write_all(text.as_bytes())?)
}

fn document<'a>(scene: &'a str, plume: &'a Plume, spectrum: &'a PlumeSpectrum) -> Document<'a> {
    let bands = spectrum.fits.first().map_or(0, |fit| fit.measured_ln.len());
    Document {
        version: VERSION,
        scene,
        plume: plume.number,
        gas: &plume.gas,
        quantity: "change of ln radiance",
        unit: "1",
        wavelength_nm: numbers(&spectrum.wavelengths_nm[..bands]),
        curves: spectrum.fits.iter().map(curve).collect(),
    }
}

fn curve(fit: &FittedSpectrum) -> Curve<'_> {
    Curve {
        of: if fit.pixel.is_some() { "pixel" } else { "plume" },
        line: fit.pixel.map(|pixel| pixel.0),
        sample: fit.pixel.map(|pixel| pixel.1),
        pixels: fit.pixels,
        measured: numbers(&fit.measured_ln),
        noise: numbers(&fit.noise_ln),
        ground: numbers(&fit.ground_ln),
        fitted: numbers(&fit.fitted_ln),
        residual: numbers(&fit.residual_ln),
        gases: fit.gases.iter().map(part).collect(),
        chi2_per_band: significant(fit.chi2_per_band),
    }
}

fn part(gas: &FittedGas) -> Part<'_> {
    let (column, amplitude) = (gas.column, gas.amplitude);
    Part {
        gas: &gas.gas,
        column_ppm_m: column.and_then(|column| significant(column.value.0)),
        sigma_ppm_m: column.and_then(|column| significant(column.std.0)),
        column_times_contrast_ppm_m_k: amplitude.and_then(|a| significant(a.value.0)),
        column_times_contrast_sigma_ppm_m_k: amplitude.and_then(|a| significant(a.std.0)),
        fitted: numbers(&gas.fitted_ln),
    }
}

fn numbers(values: &[f64]) -> Numbers {
    values.iter().map(|value| significant(*value)).collect()
}

/// Six figures, as the list of plumes has them; `None` for what is no number.
fn significant(value: f64) -> Option<f64> {
    if value.is_finite() { format!("{value:.5e}").parse().ok() } else { None }
}

#[cfg(test)]
mod tests;
