use proptest::prelude::*;

use super::*;

const DAY: f64 = 86_400.0;

fn chain() -> Chain {
    Chain::before(&Beliefs::default(), 0.0)
}

fn sight(detection_probability: f64) -> Sight {
    Sight { detection_probability, false_alarms_per_km2: 0.01 }
}

fn hidden(chain: &Chain) -> f64 {
    1.0 / (1.0 + (-chain.ln_odds()).exp())
}

#[test]
fn beforehand_a_square_kilometre_holds_what_is_believed() {
    assert!((hidden(&chain()) / 0.001 - 1.0).abs() < 0.005);
}

#[test]
fn a_first_detection_weighs_its_probability_against_false_ones() {
    let beliefs = Beliefs { innocent_per_km2: 1e-12, ..Beliefs::default() };
    let mut chain = Chain::before(&beliefs, 0.0);
    chain.weigh(&seen(&sight(0.8), None, &beliefs));

    // 0.001 sites a km2 that emit 0.4 of the time and are seen 0.8 of that, against 0.01 false ones.
    assert!((chain.ln_odds() - (0.001_f64 * 0.4 * 0.8 / 0.01).ln()).abs() < 1e-6);
}

#[test]
fn a_miss_makes_a_source_quiet_and_time_makes_it_unknown_again() {
    let mut chain = chain();
    let believed = Beliefs { mistaken_ratio: 0.0, ..Beliefs::default() };
    chain.weigh(&told(1e5, true, &believed));
    let mut soon = chain;
    soon.weigh(&clean(0.9));
    let first = chain.ln_odds() - soon.ln_odds();
    let mut late = soon;
    soon.age(Seconds(600.0), &Beliefs::default());
    late.age(Seconds(3.0 * DAY), &Beliefs::default());
    let drop = |mut chain: Chain| {
        let before = chain.ln_odds();
        chain.weigh(&clean(0.9));
        before - chain.ln_odds()
    };

    assert!(drop(soon) < 0.5 * first, "ten minutes later it is quiet still");
    assert!(drop(late) > 0.9 * first, "three days later it is asked anew");
}

#[test]
fn what_is_told_again_of_a_known_place_is_bounded() {
    let beliefs = Beliefs::default();
    let likelihood = told(1e9, false, &beliefs);

    assert!((likelihood[4] - beliefs.most_of_one_factor).abs() < 1e-6);
}

#[test]
fn an_innocent_profile_speaks_against_and_a_good_one_never_against_nothing() {
    let [n, i, _, h, _] = profile(-2.0);
    assert!(n == 1.0 && i == 1.0 && h < 0.14);
    let [n, i, _, h, _] = profile(2.0);
    assert!(n == 1.0 && h == 1.0 && i < 0.14);
}

proptest! {
    #[test]
    fn probabilities_stay_probabilities(
        steps in proptest::collection::vec((0..5_u8, 0.01..0.99_f64, 0.0..1e9_f64), 1..40),
    ) {
        let beliefs = Beliefs::default();
        let mut chain = chain();
        for (kind, p, x) in steps {
            match kind {
                0 => chain.age(Seconds(x), &beliefs),
                1 => chain.weigh(&clean(p)),
                2 => chain.weigh(&seen(&sight(p), Some(x * 1e-5), &beliefs)),
                3 => chain.weigh(&told(x, false, &beliefs)),
                _ => chain.weigh(&nothing_there(p, 0.2)),
            }
            let sum: f64 = chain.0.iter().sum();
            prop_assert!((sum - 1.0).abs() < 1e-9, "{sum}");
            prop_assert!(chain.0.iter().all(|p| (0.0..=1.0).contains(p)), "{:?}", chain.0);
            prop_assert!(chain.ln_odds().is_finite());
        }
    }

    #[test]
    fn age_only_moves_towards_what_was_believed(days in 0.0..5000.0_f64, odds in 1.0..1e6_f64) {
        let beliefs = Beliefs::default();
        let mut chain = chain();
        chain.weigh(&told(odds, true, &beliefs));
        let before = hidden(&chain);
        chain.age(Seconds(days * DAY), &beliefs);
        let after = hidden(&chain);
        let (low, high) = (before.min(0.0009), before.max(0.00101));
        prop_assert!((low..=high).contains(&after), "{before} {after}");
    }
}
