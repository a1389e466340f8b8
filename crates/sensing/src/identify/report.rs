//! From weighed models to what is said.

use cathartes_core::{
    estimate::Estimate,
    identification::{GasGroup, GasProbability, Identification, Likelihood},
    units::PpmMetresKelvin,
};

use super::{
    Beliefs, alike,
    beam::{Prior, Weighed},
    dictionary::Dictionary,
    model::Model,
};

/// Gases below this probability are nobody's double.
const POSSIBLE: f64 = 0.02;

/// Weights of models, normalised, and what they say.
pub(super) fn report(
    dictionary: &Dictionary,
    beliefs: &Beliefs,
    models: &[Weighed],
) -> Identification {
    let top = models.first().map_or(0.0, |m| m.0);
    let total: f64 = models.iter().map(|m| (m.0 - top).exp()).sum();
    let sum = |holds: &dyn Fn(&Model) -> bool| {
        let held = models.iter().filter(|m| holds(&m.1));
        (held.map(|m| (m.0 - top).exp()).sum::<f64>() / total).min(1.0)
    };
    let count = dictionary.gases.len();
    let probability: Vec<f64> =
        (0..count).map(|g| sum(&|m: &Model| m.gases.binary_search(&g).is_ok())).collect();
    let holder = |g: usize| models.iter().map(|m| &m.1).find(|m| m.gases.contains(&g));
    let possible: Vec<usize> = (0..count).filter(|&g| probability[g] >= POSSIBLE).collect();
    let mut groups = alike::groups(dictionary, &possible, holder);
    for group in &mut groups {
        group.sort_by(|a, b| probability[*b].total_cmp(&probability[*a]).then(a.cmp(b)));
    }
    let mut gases: Vec<GasProbability> = (0..count)
        .map(|g| GasProbability {
            gas: dictionary.gases[g].slug.clone(),
            probability: probability[g],
            likelihood: Likelihood::of(probability[g]),
            amplitude: holder(g).and_then(|m| amplitude(dictionary, m, g)),
            column: None,
            group: groups.iter().position(|set| set.contains(&g)),
        })
        .collect();
    gases.sort_by(|a, b| b.probability.total_cmp(&a.probability));
    let groups = groups
        .iter()
        .map(|set| {
            let probability = sum(&|m: &Model| set.iter().any(|g| m.gases.contains(g)));
            let gases = set.iter().map(|&g| dictionary.gases[g].slug.clone()).collect();
            GasGroup { gases, probability, likelihood: Likelihood::of(probability) }
        })
        .collect();
    let best = models.first().map(|m| &m.1);
    Identification {
        gases,
        groups,
        unlisted_probability: models
            .iter()
            .map(|m| (m.0 - top).exp() / total * m.1.unlisted_share)
            .sum::<f64>()
            .min(1.0),
        none_probability: sum(&|m: &Model| m.gases.is_empty()),
        prior_probability: Prior { beliefs, library: count }.of_one_gas(),
        best: best.map_or_else(Vec::new, |m| names(dictionary, m)),
        best_correlation: best.map_or_else(Vec::new, correlation),
        models: models.len(),
    }
}

fn names(dictionary: &Dictionary, model: &Model) -> Vec<String> {
    model.order().into_iter().map(|g| dictionary.gases[g].slug.clone()).collect()
}

fn amplitude(
    dictionary: &Dictionary,
    model: &Model,
    gas: usize,
) -> Option<Estimate<PpmMetresKelvin>> {
    let i = model.order().iter().position(|&g| g == gas)?;
    let (snr, covariance) = (model.snr(), model.snr_covariance());
    let per = dictionary.gases[gas].per_ppmm_k;
    let std = covariance.get(i * snr.len() + i)?.sqrt() / per;
    Some(Estimate { value: PpmMetresKelvin(snr.get(i)? / per), std: PpmMetresKelvin(std) })
}

fn correlation(model: &Model) -> Vec<f64> {
    let covariance = model.snr_covariance();
    let n = model.gases.len();
    let at = |i: usize, j: usize| covariance.get(i * n + j).copied().unwrap_or(0.0);
    let pairs = (0..n).flat_map(|i| (0..n).map(move |j| (i, j)));
    pairs.map(|(i, j)| at(i, j) / (at(i, i) * at(j, j)).sqrt().max(1e-300)).collect()
}
