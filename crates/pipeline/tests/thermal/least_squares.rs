//! Least squares with a few unknowns.

use faer::{Col, Mat, Side, prelude::Solve};

/// Coefficients, their deviations from what is left, and what is left.
pub(crate) struct Fit {
    pub(crate) coefficients: Vec<f64>,
    pub(crate) deviations: Vec<f64>,
    pub(crate) left: Vec<f64>,
}

impl Fit {
    pub(crate) fn rms(&self) -> f64 {
        (self.left.iter().map(|r| r * r).sum::<f64>() / self.left.len() as f64).sqrt()
    }
}

/// Fits `columns` to `y`.
pub(crate) fn fit(columns: &[Vec<f64>], y: &[f64]) -> Fit {
    let a = Mat::from_fn(y.len(), columns.len(), |i, j| columns[j][i]);
    let normal = (a.transpose() * &a).llt(Side::Lower).unwrap();
    let x = normal.solve(a.transpose() * Col::from_fn(y.len(), |i| y[i]));
    let seen = &a * &x;
    let left: Vec<f64> = (0..y.len()).map(|i| y[i] - seen[i]).collect();
    let variance = left.iter().map(|r| r * r).sum::<f64>() / (y.len() - columns.len()) as f64;
    let inverse = normal.solve(Mat::<f64>::identity(columns.len(), columns.len()));
    Fit {
        coefficients: x.iter().copied().collect(),
        deviations: (0..columns.len()).map(|j| (variance * inverse[(j, j)]).sqrt()).collect(),
        left,
    }
}
