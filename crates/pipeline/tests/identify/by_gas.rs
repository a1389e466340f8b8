//! What is said of each gas: operating characteristic and confusion.

use std::{collections::BTreeMap, fmt};

use cathartes_core::identification::Identification;

use crate::generator::Plume;

/// A single gas counts as called from here.
const CALLED_FROM: f64 = 0.5;
/// Share of false calls at which the share of right ones is told.
const FALSE_SHARE: f64 = 0.01;

/// Probabilities said of each gas, with whether it was there; and single gases by what they were called.
#[derive(Default)]
pub(crate) struct ByGas {
    said: BTreeMap<String, Vec<(f64, bool)>>,
    called: BTreeMap<String, BTreeMap<String, usize>>,
}

impl ByGas {
    pub(crate) fn add(&mut self, plume: &Plume, said: &Identification) {
        for gas in &said.gases {
            let all = self.said.entry(gas.gas.clone()).or_default();
            all.push((gas.probability, plume.gases.contains(&gas.gas)));
        }
        if let [only] = plume.gases.as_slice() {
            let called = called(said);
            *self.called.entry(only.clone()).or_default().entry(called).or_default() += 1;
        }
    }
}

/// The one name that a plume gets.
fn called(said: &Identification) -> String {
    if let Some(first) = said.named(CALLED_FROM).next() {
        return first.gas.clone();
    }
    let group = said.groups.iter().find(|group| group.probability >= CALLED_FROM);
    let alone =
        || if said.none_probability >= CALLED_FROM { "none of these" } else { "nobody knows" };
    group.map_or_else(|| alone().into(), |group| group.gases.join(" or "))
}

/// Area under the operating characteristic, and the share of right calls at few false ones.
fn characteristic(said: &[(f64, bool)]) -> (f64, f64) {
    let mut falling = said.to_vec();
    falling.sort_by(|a, b| b.0.total_cmp(&a.0));
    let there = said.iter().filter(|s| s.1).count().max(1) as f64;
    let absent = said.iter().filter(|s| !s.1).count().max(1) as f64;
    let (mut right, mut wrong, mut area, mut at_few) = (0.0, 0.0, 0.0, 0.0);
    for same in falling.chunk_by(|a, b| a.0.to_bits() == b.0.to_bits()) {
        let more = same.iter().filter(|s| s.1).count() as f64;
        let false_more = same.len() as f64 - more;
        area += false_more * (right + 0.5 * more);
        right += more;
        wrong += false_more;
        if wrong <= FALSE_SHARE * absent {
            at_few = right / there;
        }
    }
    (area / (there * absent), at_few)
}

impl fmt::Display for ByGas {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "| gas | plumes with it | area under the curve | found at 1 % false |\n|---|---|---|---|"
        )?;
        for (gas, said) in &self.said {
            let (area, few) = characteristic(said);
            let there = said.iter().filter(|s| s.1).count();
            writeln!(f, "| {gas} | {there} | {area:.3} | {few:.2} |")?;
        }
        writeln!(f, "\n| single gas | called so | called otherwise |\n|---|---|---|")?;
        for (gas, called) in &self.called {
            let all: usize = called.values().sum();
            let right = called.get(gas).copied().unwrap_or(0);
            let others = called.iter().filter(|(name, _)| *name != gas);
            let others: Vec<String> = others.map(|(name, n)| format!("{name} {n}")).collect();
            writeln!(f, "| {gas} | {right} of {all} | {} |", others.join(", "))?;
        }
        Ok(())
    }
}
