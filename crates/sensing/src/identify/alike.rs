//! Which gases the instrument cannot tell apart at the strength found.
//!
//! What would be seen, noise apart, of the best explanation that holds a gas is explained again with
//! another gas in its place. If the evidence is not [`TOLD_APART`] in ln better for the true one, no
//! plume of that strength tells the two apart, whatever luck the noise brought this time.

use super::{dictionary::Dictionary, model::Model};

/// Twenty to one.
const TOLD_APART: f64 = 3.0;
/// A gas that an explanation could do without, by this many deviations, has no double.
const NEEDED: f64 = 3.0;

/// Sets of gases not to be told apart among those that are possible, each rising; `holder` gives the
/// best explanation with a gas.
pub(super) fn groups<'m>(
    dictionary: &Dictionary,
    possible: &[usize],
    holder: impl Fn(usize) -> Option<&'m Model>,
) -> Vec<Vec<usize>> {
    let mut sets: Vec<Vec<usize>> = possible.iter().map(|&g| vec![g]).collect();
    for &g in possible {
        let Some(model) = holder(g).filter(|m| m.zeta(g).abs() >= NEEDED) else { continue };
        for other in unnoticed(dictionary, model, g, possible) {
            join(&mut sets, g, other);
        }
    }
    sets.retain(|set| set.len() > 1);
    sets
}

/// The gases whose exchange for `gas` nobody would notice.
fn unnoticed(dictionary: &Dictionary, model: &Model, gas: usize, possible: &[usize]) -> Vec<usize> {
    let truth: Vec<(usize, f64)> = model.order().into_iter().zip(model.snr()).collect();
    let data = dictionary.without_noise(&truth);
    let own = model.instead(dictionary, &data, (gas, gas)).ln_evidence;
    let others = possible.iter().copied().filter(|o| !model.gases.contains(o));
    others
        .filter(|&o| own - model.instead(dictionary, &data, (gas, o)).ln_evidence < TOLD_APART)
        .collect()
}

fn join(sets: &mut Vec<Vec<usize>>, a: usize, b: usize) {
    let of = |sets: &[Vec<usize>], g| sets.iter().position(|set| set.contains(&g));
    let (Some(i), Some(j)) = (of(sets, a), of(sets, b)) else { return };
    if i != j {
        let gone = sets.remove(i.max(j));
        sets[i.min(j)].extend(gone);
        sets[i.min(j)].sort_unstable();
    }
}
