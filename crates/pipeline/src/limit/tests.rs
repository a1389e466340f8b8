use super::{false_alarms::Count, *};

/// Scenes of a square kilometre whose false plumes follow `N(r) = share · R (r/R)^k` per 100 km².
fn count(share: f64, k: f64, scenes: u64) -> Count {
    let lenient = 200.0;
    let scene = |s: u64| {
        let n = (0..50).filter(|i| unit(s << 8 ^ i) < share * lenient / 100.0 / 50.0).count();
        (0..n as u64).map(|i| lenient * unit(s << 20 ^ i << 12 ^ 7).powf(k.recip())).collect()
    };
    Count {
        by_scene: (0..scenes).map(scene).collect(),
        area_km2: 1.0,
        lenient_per_100_km2: lenient,
        asked_per_100_km2: 1.0,
        seed: 1,
    }
}

#[test]
fn a_true_statement_of_false_alarms_is_measured_as_true() {
    let found = count(1.0, 1.0, 1000).weigh();

    let measured = found.at_asked_per_100_km2.unwrap();
    let [low, high] = found.at_asked_90_percent_per_100_km2.unwrap();
    assert!((0.6..1.6).contains(&measured), "{found:?}");
    assert!(low < measured && measured < high && high / low < 3.5, "{found:?}");
    assert!((found.stated_alarms - 2000.0).abs() < 1e-9);
}

#[test]
fn a_tail_twice_as_long_as_stated_shows_in_the_rate() {
    let found = count(1.0, 0.5, 1000).weigh();

    // 200 (1/200)^½ = 14 where 1 was stated.
    let measured = found.at_asked_per_100_km2.unwrap();
    assert!((10.0..20.0).contains(&measured), "{found:?}");
}

#[test]
fn too_few_false_plumes_say_nothing_of_the_rate() {
    let found = count(0.01, 1.0, 100).weigh();

    assert!(found.counted_alarms < 5, "{found:?}");
    assert_eq!(found.at_asked_per_100_km2, None);
}

#[test]
fn the_interval_of_many_trials_holds_the_limit_and_is_narrow() {
    let question = question();
    let curve = Logistic { intercept: -9.0, slope: 3.0 };
    let trials: Vec<Trial> = (0..2000)
        .map(|k| {
            let rate_kg_h = (1.0 + 4.0 * unit(k)).exp();
            let found = unit(k ^ 0xffff_0000) < curve.chance(rate_kg_h.ln());
            Trial { scene_seed: k / 3, rate_kg_h, seen: found, found }
        })
        .collect();

    let [low, high] = interval(&trials, &question);

    let truth = curve.at_chance(0.9).exp();
    assert!(low < truth && truth < high, "{low} {truth} {high}");
    assert!(high / low < 1.3);
}

#[test]
fn plumes_that_are_found_or_missed_together_make_a_wider_interval() {
    let curve = Logistic { intercept: -9.0, slope: 3.0 };
    let width = |together: u64| {
        let trial = |k: u64| {
            let rate_kg_h = (2.0 + 2.0 * unit(k / together)).exp();
            let luck = unit((k / together * together) ^ 0xffff_0000);
            let found = luck < curve.chance(rate_kg_h.ln());
            Trial { scene_seed: k / together, rate_kg_h, seen: found, found }
        };
        let trials: Vec<Trial> = (0..600).map(trial).collect();
        let [low, high] = interval(&trials, &question());
        high / low
    };

    assert!(width(10) > 1.2 * width(1), "{} {}", width(10), width(1));
}

#[test]
fn the_answer_says_what_it_takes_to_make_it_again() {
    let other = Question { altitude_m: 3001.0, ..question() };
    let (one, two) = (provenance(&question(), 1).unwrap(), provenance(&other, 1).unwrap());

    assert_eq!(one, provenance(&question(), 1).unwrap());
    assert_ne!(one.inputs[0].sha256, two.inputs[0].sha256);
    assert_eq!((one.seed, one.version.as_str()), (1, env!("CARGO_PKG_VERSION")));
}

#[test]
fn an_unknown_instrument_or_gas_is_refused_by_name() {
    let said = |q: &Question| Laboratory::new(q).err().unwrap().to_string();

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

#[test]
#[ignore = "long"]
fn the_same_question_has_the_same_answer_on_one_thread_and_on_two() {
    let question = Question { trials: 24, ..question() };
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| limit(&question, &|_, _, _| {})).unwrap()
    };

    let (one, two) = (on(1), on(2));

    assert_eq!(one, two);
    assert!(one.rate_kg_h > one.half_rate_kg_h);
    assert!(one.trials.iter().all(|trial| trial.seen || !trial.found));
}
