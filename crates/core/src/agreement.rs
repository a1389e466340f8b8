//! How far two who look at the same things without knowing of each other agree.
//!
//! Cohen's κ is the agreement beyond that of chance, as a share of what there could be:
//!
//! ```text
//! pₒ = Σ pᵢᵢ     pₑ = Σ pᵢ. p.ᵢ     κ = (pₒ − pₑ) / (1 − pₑ)
//! var κ = { Σ pᵢᵢ [1 − (pᵢ. + p.ᵢ)(1 − κ)]² + (1 − κ)² Σ_{i≠j} pᵢⱼ (p.ᵢ + pⱼ.)²
//!           − [κ − pₑ (1 − κ)]² } / { n (1 − pₑ)² }
//! ```
//!
//! J. Cohen, Educ. Psychol. Meas. 20, 37 (1960); J. L. Fleiss, J. Cohen and B. S. Everitt, Psychol. Bull. 72,
//! 323 (1969). The variance holds for many pairs: under some thirty, or where nearly everything falls into
//! one class, the interval is too narrow. κ is of what was looked at twice: where only what the first confirmed is
//! looked at again, the first has one class and κ is 0, whatever the two are worth.
//!
//! A share of counts has the interval of E. B. Wilson, J. Am. Stat. Assoc. 22, 209 (1927).

use crate::estimate::{Estimate, Interval90};

/// Nine times in ten within so many deviations.
const Z_90: f64 = 1.644_853_626_951_472_7;

/// Cohen's κ of a square table, the first judge's classes downward, the second's across.
/// None where there is no pair, or where chance alone agrees always.
#[must_use]
pub fn kappa_ratio(table: &[Vec<u64>]) -> Option<Estimate<f64>> {
    let classes = table.len();
    let total: u64 = table.iter().flatten().sum();
    if total == 0 || table.iter().any(|row| row.len() != classes) {
        return None;
    }
    let n = total as f64;
    let p = |i: usize, j: usize| table[i][j] as f64 / n;
    let all = 0..classes;
    let first: Vec<f64> = all.clone().map(|i| all.clone().map(|j| p(i, j)).sum()).collect();
    let second: Vec<f64> = all.clone().map(|j| all.clone().map(|i| p(i, j)).sum()).collect();
    let agreed: f64 = all.clone().map(|i| p(i, i)).sum();
    let by_chance: f64 = all.clone().map(|i| first[i] * second[i]).sum();
    let open = 1.0 - by_chance;
    // A table of one class leaves rounding alone here.
    if open < 1e-12 {
        return None;
    }
    let kappa = (agreed - by_chance) / open;
    let on = |i: usize| p(i, i) * (1.0 - (first[i] + second[i]) * (1.0 - kappa)).powi(2);
    let off = |i: usize, j: usize| p(i, j) * (second[i] + first[j]).powi(2);
    let beside = all.clone().flat_map(|i| all.clone().map(move |j| (i, j))).filter(|(i, j)| i != j);
    let off: f64 = beside.map(|(i, j)| off(i, j)).sum();
    let on: f64 = all.map(on).sum();
    let last = (kappa - by_chance * (1.0 - kappa)).powi(2);
    let variance = (on + (1.0 - kappa).powi(2) * off - last) / (n * open * open);
    Some(Estimate { value: kappa, std: variance.max(0.0).sqrt() })
}

/// The range of an estimate that holds the truth nine times in ten, within −1 and 1.
#[must_use]
pub fn within_one_ratio(kappa_ratio: Estimate<f64>) -> Interval90<f64> {
    let Estimate { value, std } = kappa_ratio;
    Interval90 { low: (value - Z_90 * std).max(-1.0), high: (value + Z_90 * std).min(1.0) }
}

/// Wilson's interval of the chance behind `hits` of `of`; none of nothing.
#[must_use]
pub fn wilson_ratio(hits: u64, of: u64) -> Option<Interval90<f64>> {
    if of == 0 {
        return None;
    }
    let (n, z2) = (of as f64, Z_90 * Z_90);
    let p = hits as f64 / n;
    let middle = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = Z_90 / (1.0 + z2 / n) * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
    Some(Interval90 { low: middle - half, high: middle + half })
}

#[cfg(test)]
mod tests;
