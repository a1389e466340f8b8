use super::*;

#[test]
fn the_threshold_lies_where_the_tail_has_the_rate_asked_for() {
    // Peaks whose excess over 4 is exponential with mean 0.5, ten per km2.
    let peaks: Vec<f64> =
        (0..1000).map(|i| 4.0 - 0.5 * ((f64::from(i) + 0.5) / 1000.0).ln()).collect();

    let tail = FalseTail::fit(peaks, 100.0).unwrap();

    let expected = 4.0 + 0.5 * (10.0_f64 / 0.01).ln();
    assert!((tail.threshold(0.01) - expected).abs() < 0.05, "{tail:?}");
    assert!((0.05..0.3).contains(&tail.std(0.01)));
}

#[test]
fn too_few_false_plumes_make_no_tail() {
    assert_eq!(FalseTail::fit(vec![4.0; 6], 1.0), None);
}

#[test]
fn the_interval_of_many_trials_holds_the_limit_and_is_narrow() {
    let question = question();
    let curve = Logistic { intercept: -9.0, slope: 3.0 };
    let trials: Vec<Trial> = (0..2000)
        .map(|k| {
            let rate_kg_h = (1.0 + 4.0 * unit(k)).exp();
            let found = unit(k ^ 0xffff_0000) < curve.chance(rate_kg_h.ln());
            Trial { rate_kg_h, strength: None, found }
        })
        .collect();

    let [low, high] = interval(&trials, &question);

    let truth = curve.at_chance(0.9).exp();
    assert!(low < truth && truth < high, "{low} {truth} {high}");
    assert!(high / low < 1.3);
}

#[test]
fn an_unknown_instrument_or_gas_is_refused_by_name() {
    let said = |q: &Question| Bench::new(q).err().unwrap().to_string();

    let instrument = Question { instrument: "eye".into(), ..question() };
    assert!(said(&instrument).contains("`eye`"), "{}", said(&instrument));
    let gas = Question { gas: "phlogiston".into(), ..question() };
    assert!(said(&gas).contains("`phlogiston`"), "{}", said(&gas));
}

fn question() -> Question {
    Question {
        instrument: "aviris-ng".into(),
        gas: "ch4".into(),
        altitude_m: 3000.0,
        wind_m_s: 3.0,
        chance: 0.9,
        false_alarms_per_100_km2: 1.0,
        trials: 60,
        seed: 1,
    }
}
