use cathartes_core::{
    emitter::{EmittedGas, Names, Persistence},
    identification::{GasGroup, GasProbability},
};

use super::*;

const LIBRARY: [&str; 6] = ["nh3", "ch4", "toluene", "methanol", "hcl", "so2"];

fn kind(id: &str, standing: Standing, prior_weight: f64, gases: &[(&str, f64)]) -> EmitterKind {
    let gas = |&(gas, presence_probability): &(&str, f64)| EmittedGas {
        gas: gas.into(),
        presence_probability,
        persistence: Persistence::Daily,
    };
    EmitterKind {
        id: id.into(),
        name: Names { en: id.into(), es: id.into() },
        standing,
        prior_weight,
        gases: gases.iter().map(gas).collect(),
        sources: vec!["An inventory".into()],
    }
}

fn kinds() -> Vec<EmitterKind> {
    use Standing::{Innocent, OfInterest};
    vec![
        kind("dairy", Innocent, 10.0, &[("nh3", 0.9), ("ch4", 0.8)]),
        kind("store", Innocent, 3.0, &[("nh3", 0.95)]),
        kind("paint", Innocent, 6.0, &[("toluene", 0.8), ("xylene", 0.6)]),
        kind("mixed", OfInterest, 1.0, &[("toluene", 0.6), ("methanol", 0.5), ("hcl", 0.4)]),
    ]
}

fn seen(there: &[(&str, f64)], groups: &[(&[&str], f64)]) -> Identification {
    let groups: Vec<GasGroup> = groups
        .iter()
        .map(|(gases, probability)| GasGroup {
            gases: gases.iter().map(|g| (*g).to_owned()).collect(),
            probability: *probability,
            likelihood: Likelihood::of(*probability),
        })
        .collect();
    let gases = LIBRARY.map(|gas| {
        let probability = there.iter().find(|t| t.0 == gas).map_or(0.005, |t| t.1);
        GasProbability {
            gas: gas.into(),
            probability,
            likelihood: Likelihood::of(probability),
            amplitude: None,
            column: None,
            group: groups.iter().position(|g| g.gases.iter().any(|n| n == gas)),
        }
    });
    Identification {
        gases: gases.to_vec(),
        groups,
        none_probability: 0.0,
        unlisted_probability: 0.0,
        prior_probability: 0.08,
        best: Vec::new(),
        best_correlation: Vec::new(),
        models: 1,
    }
}

#[test]
fn presence_and_absence_both_speak() {
    let farm = judge(&seen(&[("nh3", 0.99), ("ch4", 0.97)], &[]), &kinds());
    assert_eq!(farm.kinds[0].id, "dairy");
    let store = judge(&seen(&[("nh3", 0.99)], &[]), &kinds());
    assert_eq!(store.kinds[0].id, "store");
    let methane = store.kinds.iter().find(|k| k.id == "dairy").unwrap();
    let said = methane.contributions.iter().find(|c| c.gases == ["ch4"]).unwrap();
    assert!(said.ln_evidence_ratio < -1.0, "{said:?}");
}

#[test]
fn several_solvents_and_an_acid_outweigh_the_prior() {
    let said = judge(&seen(&[("toluene", 0.98), ("methanol", 0.97), ("hcl", 0.95)], &[]), &kinds());
    assert!(said.of_interest_probability > 0.9, "{said:?}");
    let alone = judge(&seen(&[("toluene", 0.98)], &[]), &kinds());
    assert!(alone.of_interest_probability < 0.2, "{alone:?}");
}

#[test]
fn probabilities_of_all_kinds_sum_to_one_and_contributions_to_the_odds() {
    let all = kinds();
    let said = judge(&seen(&[("nh3", 0.7)], &[]), &all);
    let sum: f64 = said.kinds.iter().map(|k| k.probability).sum();
    assert!((sum - 1.0).abs() < 1e-12);
    let ln = |k: &KindProbability| {
        let weight = all.iter().find(|a| a.id == k.id).unwrap().prior_weight.ln();
        weight + k.contributions.iter().map(|c| c.ln_evidence_ratio).sum::<f64>()
    };
    let (a, b) = (&said.kinds[0], &said.kinds[1]);
    assert!((ln(a) - ln(b) - (a.probability / b.probability).ln()).abs() < 1e-9);
}

#[test]
fn gases_the_instrument_does_not_see_do_not_count_and_are_said() {
    let said = judge(&seen(&[("toluene", 0.9)], &[]), &kinds());
    assert_eq!(said.unseen, ["xylene"]);
    let counted = said.kinds.iter().flat_map(|k| &k.contributions).flat_map(|c| &c.gases);
    assert!(counted.into_iter().all(|gas| gas != "xylene"));
}

#[test]
fn a_group_counts_once_for_any_of_its_gases() {
    let said = judge(&seen(&[], &[(&["toluene", "so2"], 0.97)]), &kinds());
    assert_eq!(said.kinds[0].id, "paint");
    assert_eq!(said.kinds[0].contributions.len(), LIBRARY.len() - 1);
}

#[test]
fn kinds_that_differ_by_what_cannot_be_seen_are_not_told_apart() {
    let mut all = kinds();
    let unseen = [("toluene", 0.7), ("xylene", 0.1), ("acetone", 0.9)];
    all.push(kind("glue", Standing::Innocent, 6.0, &unseen));
    let said = judge(&seen(&[("toluene", 0.98)], &[]), &all);
    let mut doubles = said.not_told_apart.clone();
    doubles.sort_unstable();
    assert_eq!(doubles, ["glue", "paint"]);
    assert!(judge(&seen(&[("toluene", 0.98)], &[]), &kinds()).not_told_apart.is_empty());
}
