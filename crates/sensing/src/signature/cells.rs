//! The tabulation cut into cells, and how each band weighs them.

use cathartes_core::{gas::CrossSection, spectrum::Band, units::PerCm};

use super::{MOLECULES_PER_PPMM, Standing};

/// Responses are followed out to this many fwhm: a Gaussian has 2e-12 of its area beyond.
const REACH_FWHM: f64 = 3.0;
/// Cells are cut until they are no wider than this share of the narrowest band.
const FINEST_SHARE: f64 = 0.125;

/// What the bands see of one tabulation.
pub(super) struct Cells {
    /// Optical depth per ppm m of every cell, path included.
    pub depth: Vec<f64>,
    /// Spacing of the tabulation each cell comes from, cm⁻¹.
    pub step: Vec<f64>,
    /// For each band the first of its cells and their normalised weights.
    pub bands: Vec<(usize, Vec<f64>)>,
}

/// One stretch of constant cross-section, nm and cm².
struct Cell {
    nm: f64,
    width_nm: f64,
    sigma_cm2: f64,
    step: f64,
}

impl Cells {
    /// Cells of the gas within reach of any band, by falling wavelength, weighted by response and
    /// by the light the standing gases leave.
    pub(super) fn cut(
        gas: &CrossSection,
        bands: &[Band],
        air_mass_factor: f64,
        air: &[Standing],
    ) -> Self {
        let cells = cut(gas, bands);
        let light: Vec<f64> = cells
            .iter()
            .map(|cell| {
                let depth: f64 = air.iter().map(|s| standing_depth(s, cell)).sum();
                cell.width_nm * (-depth * MOLECULES_PER_PPMM * air_mass_factor).exp()
            })
            .collect();
        Self {
            depth: cells
                .iter()
                .map(|c| c.sigma_cm2 * MOLECULES_PER_PPMM * air_mass_factor)
                .collect(),
            step: cells.iter().map(|c| c.step).collect(),
            bands: bands.iter().map(|band| weigh(&cells, &light, band)).collect(),
        }
    }
}

fn standing_depth(standing: &Standing, cell: &Cell) -> f64 {
    let sigma = nearest(standing.gas, PerCm(1e7 / cell.nm)).unwrap_or_default();
    sigma * standing.column.0
}

/// Cross-section of the cell a wavenumber lies in.
fn nearest(gas: &CrossSection, nu: PerCm) -> Option<f64> {
    let i = gas.segments.partition_point(|s| s.end().0 + s.step.0 / 2.0 < nu.0);
    let s = gas.segments.get(i)?;
    let cell = ((nu.0 - s.start.0) / s.step.0).round();
    (cell >= 0.0).then(|| s.sigma_cm2.get(cell as usize).copied().map(f64::from)).flatten()
}

/// The response of one band over the cells it reaches, as a share of its whole.
fn weigh(cells: &[Cell], light: &[f64], band: &Band) -> (usize, Vec<f64>) {
    let (center, fwhm) = (band.center.0, band.fwhm.0);
    let reach = REACH_FWHM * fwhm;
    let first = cells.partition_point(|c| c.nm > center + reach);
    let end = cells.partition_point(|c| c.nm >= center - reach);
    let mut weights: Vec<f64> = (first..end)
        .map(|i| {
            let x = (cells[i].nm - center) / fwhm;
            light[i] * (-4.0 * std::f64::consts::LN_2 * x * x).exp()
        })
        .collect();
    let sum: f64 = weights.iter().sum();
    if sum > 0.0 {
        for weight in &mut weights {
            *weight /= sum;
        }
    }
    (first, weights)
}

fn cut(gas: &CrossSection, bands: &[Band]) -> Vec<Cell> {
    let reach = |b: &Band, sign: f64| 1e7 / (b.center.0 + sign * REACH_FWHM * b.fwhm.0).max(1.0);
    let low = bands.iter().map(|b| reach(b, 1.0)).fold(f64::INFINITY, f64::min);
    let high = bands.iter().map(|b| reach(b, -1.0)).fold(0.0, f64::max);
    let finest_nm = bands.iter().map(|b| b.fwhm.0).fold(f64::INFINITY, f64::min) * FINEST_SHARE;

    let mut cells = Vec::new();
    let mut reached = 0.0_f64;
    for s in &gas.segments {
        let half = s.step.0 / 2.0;
        let index = |nu: f64| ((nu - s.start.0) / s.step.0).max(0.0) as usize;
        let range = index(low - s.step.0)..(index(high + s.step.0) + 1).min(s.sigma_cm2.len());
        for i in range {
            let nu = s.start.0 + s.step.0 * i as f64;
            let (a, b) = ((nu - half).max(reached), nu + half);
            if b > a {
                split(&mut cells, (a, b), f64::from(s.sigma_cm2[i]), (s.step.0, finest_nm));
            }
        }
        reached = reached.max(s.end().0 + half);
    }
    cells
}

/// Adds a cell between two wavenumbers, in pieces where it is wide for the bands.
fn split(cells: &mut Vec<Cell>, (a, b): (f64, f64), sigma_cm2: f64, (step, finest_nm): (f64, f64)) {
    let (from, to) = (1e7 / a, 1e7 / b);
    let pieces = ((from - to) / finest_nm).ceil().clamp(1.0, 1000.0);
    let width_nm = (from - to) / pieces;
    cells.extend((0..pieces as usize).map(|k| Cell {
        nm: from - width_nm * (k as f64 + 0.5),
        width_nm,
        sigma_cm2,
        step,
    }));
}
