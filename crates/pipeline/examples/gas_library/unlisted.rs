//! Takes out ranges where a line list is silent because nobody has listed the lines.
//!
//! The sources are computed from line lists over fixed ranges, and are zero where the list ends:
//! ethane is listed around 3.3 and 12 µm only, yet absorbs at 2.3 µm. Zero there means "not
//! tabulated". We keep a run of zeros only where the list is known to be complete:
//!
//! - molecules of two atoms: everywhere, their few bands are all listed;
//! - of three atoms: between their bands, not before the first or after the last;
//! - of four and more: only up to [`SHORT`].
//!
//! A list may also hold weak lines where a strong band is missing; those that literature gives away
//! are named in [`MISSING`].

use cathartes_core::{
    gas::{CrossSection, Segment},
    units::PerCm,
};

/// Longest run of zeros kept between lines of a large molecule, cm⁻¹.
const SHORT: f64 = 100.0;
/// Gases with stretches, cm⁻¹, whose strongest band no list used here has: of acetonitrile the rocking
/// of its methyl group at 1041 cm⁻¹ (Shimanouchi 1972).
const MISSING: [(&str, std::ops::Range<f64>); 1] = [("acetonitrile", 980.0..1200.0)];
/// Zeros kept beside a line, cm⁻¹.
const MARGIN: f64 = 10.0;

/// Removes what is not listed from the segments of a gas.
pub(super) fn cut(gas: &mut CrossSection) {
    let atoms = atoms(&gas.gas.formula);
    let lines: Vec<f64> = (gas.segments.iter())
        .flat_map(|s| {
            let at = |i: usize| s.start.0 + s.step.0 * i as f64;
            let lines = s.sigma_cm2.iter().enumerate().filter(|(_, v)| **v > 0.0);
            lines.map(move |(i, _)| at(i)).collect::<Vec<_>>()
        })
        .collect();
    let (Some(&first), Some(&last)) = (lines.first(), lines.last()) else { return };
    let listed = |nu: f64| {
        let next = lines.partition_point(|l| *l < nu);
        match (next.checked_sub(1).map(|i| lines[i]), lines.get(next)) {
            _ if atoms <= 2 => true,
            (Some(a), Some(b)) => {
                atoms == 3 || b - a <= SHORT || nu - a <= MARGIN || b - nu <= MARGIN
            }
            _ => nu >= first - MARGIN && nu <= last + MARGIN,
        }
    };
    let missing =
        |nu: f64| MISSING.iter().any(|(s, band)| gas.gas.slug == *s && band.contains(&nu));
    let holds = |nu: f64| listed(nu) && !missing(nu);
    gas.segments = gas.segments.iter().flat_map(|s| kept(s, holds)).collect();
}

/// Stretches of a segment that hold.
fn kept(segment: &Segment, holds: impl Fn(f64) -> bool) -> Vec<Segment> {
    let at = |i: usize| segment.start.0 + segment.step.0 * i as f64;
    let places: Vec<usize> = (0..segment.sigma_cm2.len()).filter(|&i| holds(at(i))).collect();
    places
        .chunk_by(|a, b| a + 1 == *b)
        .filter(|run| run.len() > 1)
        .map(|run| Segment {
            start: PerCm(at(run[0])),
            step: segment.step,
            sigma_cm2: segment.sigma_cm2[run[0]..=run[run.len() - 1]].to_vec(),
        })
        .collect()
}

/// How many atoms a formula counts.
fn atoms(formula: &str) -> usize {
    let mut count = 0;
    let mut rest = formula;
    while let Some(at) = rest.find(|c: char| c.is_ascii_uppercase()) {
        rest = rest[at + 1..].trim_start_matches(|c: char| c.is_ascii_lowercase());
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        count += rest[..digits].parse().unwrap_or(1);
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn atoms_are_counted() {
        let counts = ["CO", "CO2", "NH3", "COCl2", "C2H6O"].map(atoms);
        assert_eq!(counts, [2, 3, 4, 4, 9]);
    }

    #[test]
    fn silence_is_kept_only_beside_lines() {
        let mut sigma = vec![0.0; 400];
        sigma[100] = 1.0;
        sigma[150] = 1.0;
        sigma[390] = 1.0;
        let segment = Segment { start: PerCm(1000.0), step: PerCm(1.0), sigma_cm2: sigma };
        let made = |formula: &str| -> Vec<(f64, f64)> {
            let mut gas = cathartes_formats::gas_library::builtin()[0].clone();
            (gas.gas.slug, gas.gas.formula) = ("x".into(), formula.into());
            gas.segments = vec![segment.clone()];
            cut(&mut gas);
            gas.segments.iter().map(|s| (s.start.0, s.end().0)).collect()
        };
        assert_eq!(made("CO"), [(1000.0, 1399.0)]);
        assert_eq!(made("CO2"), [(1090.0, 1399.0)]);
        assert_eq!(made("C2H6"), [(1090.0, 1160.0), (1380.0, 1399.0)]);
    }
}
