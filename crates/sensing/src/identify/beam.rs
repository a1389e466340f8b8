//! Which subsets are weighed: all single gases, then the best few of each size with what they lack.

use std::collections::BTreeMap;

use super::{
    Beliefs,
    dictionary::{Data, Dictionary},
    model::Model,
};

/// Models of one size that are grown, and gases tried on each.
const BEAM: usize = 4;
const TRIED: usize = 5;
/// A size whose best is this much worse than the best of all, in ln, is not grown further.
const HOPELESS: f64 = 8.0;
/// Share of plumes of listed gases by number of gases.
const SIZES: [f64; 5] = [0.45, 0.25, 0.15, 0.1, 0.05];

/// A model with ln of its posterior weight.
pub(super) type Weighed = (f64, Model);

/// The models weighed, the best first.
pub(super) fn search(dictionary: &Dictionary, data: &Data, beliefs: &Beliefs) -> Vec<Weighed> {
    let prior = Prior { beliefs, library: dictionary.gases.len() };
    let weigh = |m: &Model| beliefs.tempering_exponent * m.ln_evidence + prior.ln(m.gases.len());
    let none = Model::none(dictionary, data);
    let mut best = weigh(&none);
    let mut front: Vec<Weighed> = (0..dictionary.gases.len())
        .map(|g| none.with(dictionary, data, g))
        .map(|m| (weigh(&m), m))
        .collect();
    let mut all = vec![(best, none)];
    for size in 1..=beliefs.most_gases.min(dictionary.gases.len()).max(1) {
        front.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.gases.cmp(&b.1.gases)));
        let top = front.first().map_or(f64::NEG_INFINITY, |f| f.0);
        best = best.max(top);
        let grown = if size < beliefs.most_gases && top > best - HOPELESS {
            grow(dictionary, data, &front)
        } else {
            BTreeMap::new()
        };
        all.append(&mut front);
        front = grown.into_values().map(|m| (weigh(&m), m)).collect();
    }
    all.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.gases.cmp(&b.1.gases)));
    all
}

fn grow(dictionary: &Dictionary, data: &Data, front: &[Weighed]) -> BTreeMap<Vec<usize>, Model> {
    let mut grown = BTreeMap::new();
    for (_, model) in front.iter().take(BEAM) {
        for (_, gas) in model.wants(dictionary, data).into_iter().take(TRIED) {
            let mut gases = model.gases.clone();
            gases.push(gas);
            gases.sort_unstable();
            grown.entry(gases).or_insert_with(|| model.with(dictionary, data, gas));
        }
    }
    grown
}

/// The prior over subsets.
#[derive(Debug, Clone, Copy)]
pub(super) struct Prior<'b> {
    pub(super) beliefs: &'b Beliefs,
    pub(super) library: usize,
}

impl Prior<'_> {
    /// ln of the prior of one subset of a size.
    fn ln(&self, size: usize) -> f64 {
        if size == 0 {
            return self.beliefs.none_probability.ln();
        }
        let choose: f64 =
            (0..size).map(|i| ((self.library - i) as f64).ln() - ((i + 1) as f64).ln()).sum();
        self.of_size(size).ln() - choose
    }

    fn of_size(&self, size: usize) -> f64 {
        let most = self.beliefs.most_gases.min(self.library).clamp(1, SIZES.len());
        let total: f64 = SIZES[..most].iter().sum();
        (1.0 - self.beliefs.none_probability) * SIZES.get(size - 1).unwrap_or(&0.0) / total
    }

    /// Probability that a plume holds a certain gas.
    pub(super) fn of_one_gas(&self) -> f64 {
        let most = self.beliefs.most_gases.min(self.library).clamp(1, SIZES.len());
        (1..=most).map(|k| self.of_size(k) * k as f64).sum::<f64>() / self.library as f64
    }
}
