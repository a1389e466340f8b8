//! Log transmittance against column, with as many rows as a straight line between them needs.

use cathartes_core::units::PpmMetres;

use super::{TOP, cells::Cells};

/// Largest relative error of a straight line between two rows, measured at its middle.
const STRAIGHT: f64 = 5e-4;
/// Rows at most; never reached by the built-in gases.
const MOST_ROWS: usize = 4000;

type Rows = Vec<(f64, Vec<f64>)>;

/// Linear signature, columns and rows.
pub(super) fn tabulate(cells: &Cells) -> (Vec<f64>, Vec<PpmMetres>, Vec<Vec<f64>>) {
    let linear: Vec<f64> = cells
        .bands
        .iter()
        .map(|(first, weights)| {
            -weights.iter().zip(&cells.depth[*first..]).map(|(w, k)| w * k).sum::<f64>()
        })
        .collect();
    let zero = (0.0, vec![0.0; cells.bands.len()]);
    let top = row(cells, TOP.0);
    let mut rows = vec![zero.clone()];
    refine(cells, &mut rows, &zero, top, &linear);
    let (columns, table) = rows.into_iter().map(|(c, row)| (PpmMetres(c), row)).unzip();
    (linear, columns, table)
}

/// Adds the rows after `from` up to and with `to`, halving until straight.
fn refine(
    cells: &Cells,
    rows: &mut Rows,
    from: &(f64, Vec<f64>),
    to: (f64, Vec<f64>),
    linear: &[f64],
) {
    let mut wanted = vec![to];
    let mut from = from.clone();
    while let Some(to) = wanted.pop() {
        let middle = row(cells, f64::midpoint(from.0, to.0));
        let straight =
            rows.len() + wanted.len() >= MOST_ROWS || is_straight(&from, &middle, &to, linear);
        if straight {
            rows.push(to.clone());
            from = to;
        } else {
            wanted.push(to);
            wanted.push(middle);
        }
    }
}

/// Whether a line from one row to the other passes the middle, and near zero whether it keeps the
/// slope.
fn is_straight(
    a: &(f64, Vec<f64>),
    m: &(f64, Vec<f64>),
    b: &(f64, Vec<f64>),
    linear: &[f64],
) -> bool {
    (0..linear.len()).all(|i| {
        let line = f64::midpoint(a.1[i], b.1[i]);
        let middle = (line - m.1[i]).abs() <= STRAIGHT * m.1[i].abs();
        let slope = a.0 > 0.0 || (b.1[i] - linear[i] * b.0).abs() <= STRAIGHT * b.1[i].abs();
        middle && slope
    })
}

/// Log transmittance of one column in every band.
pub(super) fn row(cells: &Cells, column: f64) -> (f64, Vec<f64>) {
    // 1 − T by expm1: as a difference of near-equal numbers it would lose the small columns.
    let lost: Vec<f64> = cells.depth.iter().map(|k| (-k * column).exp_m1()).collect();
    let kept: Vec<f64> = cells.depth.iter().map(|k| (-k * column).exp()).collect();
    let values = cells
        .bands
        .iter()
        .map(|(first, weights)| {
            let mean =
                |of: &[f64]| weights.iter().zip(&of[*first..]).map(|(w, t)| w * t).sum::<f64>();
            let dimmed = mean(&lost);
            if dimmed > -0.5 {
                return dimmed.ln_1p();
            }
            let seen = mean(&kept);
            if seen > f64::MIN_POSITIVE {
                seen.ln()
            } else {
                opaque(weights, &cells.depth[*first..], column)
            }
        })
        .collect();
    (column, values)
}

/// As [`row`] where every cell is black: the most transparent cell is taken out of the sum.
fn opaque(weights: &[f64], depth: &[f64], column: f64) -> f64 {
    let weighed = || weights.iter().zip(depth).filter(|(w, _)| **w > 0.0);
    let least = weighed().map(|(_, k)| *k).fold(f64::INFINITY, f64::min);
    if !least.is_finite() {
        return 0.0;
    }
    let sum: f64 = weighed().map(|(w, k)| w * (-(k - least) * column).exp()).sum();
    sum.ln() - least * column
}
