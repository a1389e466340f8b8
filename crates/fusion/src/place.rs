//! Where a site is: the reports of its place multiplied, each weighed by how probably it is about this
//! site at all.
//!
//! ```text
//! a_k = c_k N(z_k; x, R_k),    w_k = a_k / (1 + a_k)
//! P⁻¹ = Σ w_k R_k⁻¹,           x = P Σ w_k R_k⁻¹ z_k
//! ```
//!
//! repeated until x stays, from the report that the others agree with best; `c` is what makes `a` the odds that
//! the report is about the site and not false (P d / λ of a sensor, o / π of what is told: `existence`).
//! Reports of one origin are first intersected. A report far from the others has a weight near 0, and an outlier
//! moves the place by no more than its own doubt.
//!
//! For the ledger the reports are then taken in again one by one, those with the greatest weights first:
//! the density of each is that around the place which the earlier ones give, so that the densities
//! multiply to that of all of them together.
//!
//! Two places that agree among themselves equally well are not told apart: the more precise report wins.
//! Weights as in Bar-Shalom, Daum & Huang (2009), IEEE Control Systems 29(6), 82; intersections in `gaussian`.

use crate::gaussian::{Covariance, Fix, Information};

const ROUNDS: usize = 12;
/// Reports that a place may begin from.
const STARTS: usize = 16;
/// Reports that a start is tried against.
const TRIED_AGAINST: usize = 64;
/// Closer than anything is known.
const STILL_M: f64 = 0.05;

/// One report of a place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Report {
    pub(crate) fix: Fix,
    /// c above, square kilometres.
    pub(crate) odds_km2: f64,
}

/// Where reports say that it is.
#[derive(Debug, Clone)]
pub(crate) struct Placed {
    pub(crate) fix: Fix,
    /// By report.
    pub(crate) weights: Vec<f64>,
}

fn difference(a: [f64; 2], b: [f64; 2]) -> [f64; 2] {
    [a[0] - b[0], a[1] - b[1]]
}

impl Report {
    /// How probably it is about a site at x known to P.
    fn weight(&self, x: [f64; 2], p: &Covariance) -> f64 {
        let (z, r) = &self.fix;
        let a = self.odds_km2 * p.plus(r).density_per_km2(difference(*z, x));
        a / (1.0 + a)
    }
}

/// What a report adds, worked out once for all rounds.
struct Worked {
    z: [f64; 2],
    information: Covariance,
    /// c times the density at the middle.
    peak: f64,
}

impl Worked {
    fn of(report: &Report) -> Self {
        let (z, r) = report.fix;
        let peak = report.odds_km2 * r.density_per_km2([0.0; 2]);
        Self { z, information: r.inverse(), peak }
    }

    fn weight(&self, x: [f64; 2]) -> f64 {
        let v = difference(self.z, x);
        let w = self.information.apply(v);
        let a = self.peak * (-0.5 * (v[0] * w[0] + v[1] * w[1])).exp();
        (a / (1.0 + a)).max(1e-9)
    }
}

/// Puts reports together; there must be one at least.
pub(crate) fn placed(reports: &[Report]) -> Placed {
    let mut x = start(reports);
    let mut weights = vec![1.0; reports.len()];
    let worked: Vec<Worked> = reports.iter().map(Worked::of).collect();
    let mut fix = reports[0].fix;
    for round in 0..ROUNDS {
        let mut sum = Information::none();
        for (report, weight) in worked.iter().zip(&mut weights) {
            if reports.len() > 1 {
                *weight = report.weight(x);
            }
            sum.add_matrix(&report.information.times(*weight), report.z);
        }
        fix = sum.fix();
        let [e, n] = difference(fix.0, x);
        x = fix.0;
        if round > 0 && e.hypot(n) < STILL_M {
            break;
        }
    }
    Placed { fix, weights }
}

/// The place of the report that the others agree with best, among the most precise ones.
fn start(reports: &[Report]) -> [f64; 2] {
    let mut precise: Vec<usize> = (0..reports.len()).collect();
    let size = |i: &usize| reports[*i].fix.1.determinant();
    precise.sort_by(|a, b| size(a).total_cmp(&size(b)).then(a.cmp(b)));
    precise.truncate(TRIED_AGAINST);
    let agreement = |i: usize| -> f64 {
        let (x, p) = reports[i].fix;
        precise.iter().map(|k| reports[*k].weight(x, &p)).sum()
    };
    let mut best = (f64::NEG_INFINITY, reports[0].fix.0);
    for &i in precise.iter().take(STARTS) {
        let agreed = agreement(i);
        if agreed > best.0 {
            best = (agreed, reports[i].fix.0);
        }
    }
    best.1
}

/// Density of each report around the place that those before it give; none for the first.
pub(crate) fn densities_per_km2(reports: &[Report], weights: &[f64]) -> Vec<Option<f64>> {
    let mut order: Vec<usize> = (0..reports.len()).collect();
    order.sort_by(|a, b| weights[*b].total_cmp(&weights[*a]).then(a.cmp(b)));
    let mut densities = vec![None; reports.len()];
    let mut sum = Information::none();
    for (n, &i) in order.iter().enumerate() {
        let Report { fix: (z, r), odds_km2 } = reports[i];
        let mut weight = 1.0;
        if n > 0 {
            let (x, p) = sum.fix();
            let density = p.plus(&r).density_per_km2(difference(z, x));
            densities[i] = Some(density);
            weight = odds_km2 * density / (1.0 + odds_km2 * density);
        }
        sum.add(&(z, r), weight.max(1e-9));
    }
    densities
}

/// A line of sight as information across it: (of what it is sure, where its foot is).
pub(crate) fn across(foot: [f64; 2], normal: [f64; 2], std_m: f64) -> (Covariance, [f64; 2]) {
    let [e, n] = normal;
    let w = 1.0 / (std_m * std_m);
    (Covariance { ee_m2: w * e * e, en_m2: w * e * n, nn_m2: w * n * n }, foot)
}

#[cfg(test)]
mod tests;
