use super::*;

#[test]
fn a_probability_on_an_edge_has_the_upper_term() {
    use Likelihood::*;
    let below = |p: f64| Likelihood::of(p - 1e-9);
    for (edge, lower, upper) in [
        (0.05, AlmostNoChance, VeryUnlikely),
        (0.20, VeryUnlikely, Unlikely),
        (0.45, Unlikely, RoughlyEvenChance),
        (0.55, RoughlyEvenChance, Likely),
        (0.80, Likely, VeryLikely),
        (0.95, VeryLikely, AlmostCertain),
    ] {
        assert_eq!((below(edge), Likelihood::of(edge)), (lower, upper), "{edge}");
    }
}

#[test]
fn beyond_one_and_ninety_nine_percent_the_outermost_terms_stand() {
    assert_eq!(Likelihood::of(0.0), Likelihood::AlmostNoChance);
    assert_eq!(Likelihood::of(f64::NAN), Likelihood::AlmostNoChance);
    assert_eq!(Likelihood::of(1.0), Likelihood::AlmostCertain);
    assert_eq!(Likelihood::AlmostCertain.to_string(), "almost certain");
}

#[test]
fn a_gas_in_a_group_is_never_named_alone() {
    let gas = |gas: &str, probability, group| GasProbability {
        gas: gas.into(),
        probability,
        likelihood: Likelihood::of(probability),
        amplitude: None,
        column: None,
        group,
    };
    let seen = Identification {
        gases: vec![gas("a", 0.97, Some(0)), gas("b", 0.96, None), gas("c", 0.1, None)],
        groups: Vec::new(),
        none_probability: 0.0,
        unlisted_probability: 0.0,
        prior_probability: 0.05,
        best: Vec::new(),
        best_correlation: Vec::new(),
        models: 1,
    };
    let named: Vec<&str> = seen.named(0.5).map(|g| g.gas.as_str()).collect();
    assert_eq!(named, ["b"]);
}
