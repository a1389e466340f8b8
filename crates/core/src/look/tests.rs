use super::*;

fn day(days: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + days * 86_400).unwrap()
}

/// Looks of every kind, spread by the golden ratio.
fn looks() -> Vec<Look> {
    let part = |i: i32, by: f64| (f64::from(i) * by).fract();
    let one = |i: i32| {
        let probability = Some(part(i, 0.618_033_988_75)).filter(|_| i % 7 != 0);
        let seen = day((part(i, 0.569_840_291) * 400.0) as i64);
        if i % 3 == 0 {
            let evidence = (1 + i as usize % 40, i as usize % 4);
            Look::at_site(probability, Some(evidence), seen)
        } else {
            let rate = Some(KgPerHour(1_000.0 * part(i, 0.754_877_666_2)));
            Look::at_finding(probability, rate.filter(|_| i % 5 != 0), seen)
        }
    };
    (1..200).map(one).collect()
}

#[test]
fn the_order_by_rank_is_the_order_by_value_at_every_moment() {
    let looks = looks();
    for now in [day(400), day(401), day(500), day(1_200)] {
        for one in &looks {
            for other in &looks {
                let by_rank = one.rank_level() - other.rank_level();
                let by_value = (one.value_weight(now) / other.value_weight(now)).log2();
                assert!((by_rank - by_value).abs() < 1e-8, "{one:?} {other:?} {now}");
            }
        }
    }
}

#[test]
fn a_fortnight_halves_the_value_and_nothing_is_worth_more_before_it_was_seen() {
    let look = Look::at_finding(Some(0.5), Some(KgPerHour(99.0)), day(0));
    assert!((look.value_weight(day(0)) - 3.0).abs() < 1e-12);
    assert!((look.value_weight(day(14)) - 1.5).abs() < 1e-12);
    assert_eq!(look.value_weight(day(-14)), look.value_weight(day(0)));
}

#[test]
fn what_is_open_counts_for_more_than_what_is_known_and_nothing_for_nought() {
    let of = |p| Look::at_finding(p, None, day(0)).uncertainty_weight;
    assert_eq!(of(None), 1.0);
    assert_eq!(of(Some(f64::NAN)), 1.0);
    assert_eq!(of(Some(0.5)), 1.0);
    assert!((of(Some(0.9)) - 0.36).abs() < 1e-12);
    assert_eq!((of(Some(0.0)), of(Some(1.0)), of(Some(0.999))), (0.05, 0.05, 0.05));
}

#[test]
fn ten_times_the_rate_or_the_evidence_is_one_more() {
    let of = |rate| Look::at_finding(None, Some(KgPerHour(rate)), day(0)).consequence_weight;
    assert!((of(999.0) - of(99.0) - 1.0).abs() < 1e-12);
    assert_eq!((of(0.0), of(f64::NAN), of(-3.0)), (1.0, 1.0, 1.0));
    let site = |evidence| Look::at_site(None, evidence, day(0)).consequence_weight;
    assert!((site(None) - 2.0).abs() < 1e-12);
    assert_eq!(site(Some((33, 3))), of(99.0));
    assert_eq!(site(Some((5, 0))), of(5.0), "signs without a gas count as of one");
}
