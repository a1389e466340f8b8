//! Molecular formulae: `CH4`, `CCl3F`, `C2H6O`. Element symbols with counts, no brackets, no charge.
//!
//! Masses are the conventional atomic weights (IUPAC 2021 abridged).

use cathartes_core::units::GramsPerMole;

const WEIGHTS: [(&str, f64); 17] = [
    ("H", 1.008),
    ("He", 4.0026),
    ("B", 10.81),
    ("C", 12.011),
    ("N", 14.007),
    ("O", 15.999),
    ("F", 18.998),
    ("Ne", 20.180),
    ("Si", 28.085),
    ("P", 30.974),
    ("S", 32.06),
    ("Cl", 35.45),
    ("Ar", 39.95),
    ("As", 74.922),
    ("Se", 78.971),
    ("Br", 79.904),
    ("I", 126.90),
];

/// Molar mass of a formula; `None` when it is not one, or holds an element we have no weight for.
#[must_use]
pub fn molar_mass(formula: &str) -> Option<GramsPerMole> {
    let mut rest = formula.trim();
    let mut mass = 0.0;
    while !rest.is_empty() {
        let (weight, after) = element(rest)?;
        let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let count = if digits == 0 { 1 } else { after[..digits].parse::<u16>().ok()? };
        mass += weight * f64::from(count);
        rest = &after[digits..];
    }
    (mass > 0.0).then_some(GramsPerMole(mass))
}

/// The element a text begins with, two letters before one, and what follows it.
fn element(text: &str) -> Option<(f64, &str)> {
    [2, 1].into_iter().find_map(|n| {
        let symbol = text.get(..n)?;
        let (_, weight) = WEIGHTS.iter().find(|(s, _)| *s == symbol)?;
        Some((*weight, &text[n..]))
    })
}

#[cfg(test)]
mod tests;
