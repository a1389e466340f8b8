//! What was named against what is true, by a rule that stands before any answer is known.
//!
//! Named sources are paired with true ones so that `Σ min(metres apart, GATE_M)` over the true ones is
//! least, on the ground; a pair farther apart than the gate is none. A true source with a partner is
//! *found*; a named one without is *false*. Neither the gate nor the pairing looks at ellipses, so that
//! an ellipse cannot decide whether it is counted: every named source is asked whether its ellipse holds
//! the true one of its pair, and a false one is a miss. Ranges of rates are asked of pairs alone, because
//! there is no rate where no source is.
//!
//! Schuhmacher, Vo & Vo (2008), IEEE Trans. Signal Process. 56, 3447 (the distance that the pairing makes
//! least).

mod table;

use cathartes_core::source::{Declined, Location, Source};

pub(crate) use table::{Tally, table};

/// A true source counts as found when its named one is no farther than this, m.
pub(crate) const GATE_M: f64 = 25.0;

/// A source that was there.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Truth {
    pub(crate) east_m: f64,
    pub(crate) north_m: f64,
    pub(crate) rate_kg_h: f64,
}

/// A true source with the named one it is paired with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found {
    pub(crate) off_m: f64,
    /// Rate named over rate true, less one.
    pub(crate) rate_error: f64,
    pub(crate) in_ellipse: bool,
    pub(crate) in_range: bool,
}

/// What became of one trace.
#[derive(Debug, Clone)]
pub(crate) struct Verdict {
    /// By true source, in their order.
    pub(crate) found: Vec<Option<Found>>,
    /// Named sources without a true one.
    pub(crate) false_ones: usize,
    pub(crate) declined: Option<Declined>,
}

pub(crate) fn judge(truth: &[Truth], location: &Location) -> Verdict {
    let named = &location.sources;
    let apart: Vec<Vec<f64>> =
        truth.iter().map(|t| named.iter().map(|s| apart_m(t, s)).collect()).collect();
    let (_, partners) = pairing(&apart, &mut vec![false; named.len()]);
    let found = |(t, partner): (&Truth, &Option<usize>)| partner.map(|at| found(t, &named[at]));
    Verdict {
        found: truth.iter().zip(&partners).map(found).collect(),
        false_ones: named.len() - partners.iter().flatten().count(),
        declined: location.declined,
    }
}

/// The least sum over the rows from the first on, and the column of each row; rows are few, so that all
/// pairings can be looked at.
fn pairing(apart: &[Vec<f64>], taken: &mut [bool]) -> (f64, Vec<Option<usize>>) {
    let Some((row, rest)) = apart.split_first() else { return (0.0, Vec::new()) };
    let (sum, mut partners) = pairing(rest, taken);
    partners.insert(0, None);
    let mut best = (sum + GATE_M, partners);
    for (column, metres) in row.iter().enumerate() {
        if taken[column] || *metres > GATE_M {
            continue;
        }
        taken[column] = true;
        let (sum, mut partners) = pairing(rest, taken);
        taken[column] = false;
        if sum + metres < best.0 {
            partners.insert(0, Some(column));
            best = (sum + metres, partners);
        }
    }
    best
}

fn found(truth: &Truth, source: &Source) -> Found {
    Found {
        off_m: apart_m(truth, source),
        rate_error: source.rate.0 / truth.rate_kg_h - 1.0,
        in_ellipse: in_ellipse(truth, source),
        in_range: (source.rate_range.low.0..=source.rate_range.high.0).contains(&truth.rate_kg_h),
    }
}

fn apart_m(truth: &Truth, source: &Source) -> f64 {
    (truth.east_m - source.place.east.0).hypot(truth.north_m - source.place.north.0)
}

fn in_ellipse(truth: &Truth, source: &Source) -> bool {
    let (e, n) = (truth.east_m - source.place.east.0, truth.north_m - source.place.north.0);
    let (sin, cos) = source.ellipse.bearing.0.to_radians().sin_cos();
    let (along, across) = (e * sin + n * cos, e * cos - n * sin);
    (along / source.ellipse.semi_major.0).hypot(across / source.ellipse.semi_minor.0) <= 1.0
}

#[cfg(test)]
mod tests;
