//! From which column on a tabulation is too coarse to saturate.
//!
//! Lines in air at 1 atm have a half-width `γ` of about 0.07 cm⁻¹. Cells up to [`RESOLVED`] follow
//! them. A wider cell holds their mean `τ̄`, which absorbs more than the lines do once their cores
//! are black. How much more we ask of a band of equal lines strewn at random, one every `d` (the
//! cell, or [`SPACING`] if that is narrower), whose transmittance is (Goody; the curve of growth of
//! a Lorentz line as fitted by Goldman)
//!
//! ```text
//! exp(−τ̄ g(x)),   g = (1 + (πx/2)^1.25)^−0.4,   x = τ̄ d / 2πγ.
//! ```
//!
//! The limit is the column at which cells and lines differ by [`TOLERATED`] over all bands, as a
//! filter weighs them. Methane shows what it is worth: its 0.1 cm⁻¹ table averaged to 0.5, 1 and
//! 2 cm⁻¹ differs by that much from the fine one at the columns in `docs/validation/gas.md`, which
//! are up to eight times the limit stated here.

use std::f64::consts::PI;

use cathartes_core::units::PpmMetres;

use super::{TOP, cells::Cells};

/// Widest cell that follows a line, cm⁻¹.
const RESOLVED: f64 = 0.15;
/// γ, cm⁻¹.
const HALF_WIDTH: f64 = 0.07;
/// Widest spacing of lines assumed, cm⁻¹.
const SPACING: f64 = 2.0;
/// Share by which cells may absorb more than lines.
const TOLERATED: f64 = 0.05;

/// The column at which wide cells absorb [`TOLERATED`] more than lines would; `None` when no column
/// of the table does.
pub(super) fn coarse_above(cells: &Cells) -> Option<PpmMetres> {
    if cells.step.iter().all(|&step| step <= RESOLVED) {
        return None;
    }
    let columns = (0..).map(|k| 1.15_f64.powi(k)).take_while(|&c| c <= TOP.0);
    columns.map(PpmMetres).find(|&column| excess(cells, column) > TOLERATED)
}

/// By how much cells absorb more than lines.
fn excess(cells: &Cells, column: PpmMetres) -> f64 {
    let mean: Vec<f64> = cells.depth.iter().map(|k| k * column.0).collect();
    let flat = through(cells, &mean);
    let lines: Vec<f64> =
        mean.iter().zip(&cells.step).map(|(depth, step)| depth * growth(*depth, *step)).collect();
    let lined = through(cells, &lines);
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
    dot(&flat, &lined) / dot(&lined, &lined).max(f64::MIN_POSITIVE) - 1.0
}

/// g.
fn growth(depth: f64, step: f64) -> f64 {
    if step <= RESOLVED {
        return 1.0;
    }
    let x = depth * step.min(SPACING) / (2.0 * PI * HALF_WIDTH);
    (1.0 + (PI * x / 2.0).powf(1.25)).powf(-0.4)
}

/// Log transmittance of the bands through cells of these depths.
fn through(cells: &Cells, depth: &[f64]) -> Vec<f64> {
    let lost: Vec<f64> = depth.iter().map(|d| (-d).exp_m1()).collect();
    cells
        .bands
        .iter()
        .map(|(first, weights)| {
            let lost: f64 = weights.iter().zip(&lost[*first..]).map(|(w, l)| w * l).sum();
            lost.max(-1.0 + 1e-12).ln_1p()
        })
        .collect()
}
