use super::*;
use crate::toy::{self, EMPTY, Recipe, Toy};

fn with_plumes(seed: u64) -> Toy {
    toy::scene(Recipe { lines: 400, samples: 60, seed, peak_ppmm: 3000.0, plumes: 3, ..EMPTY })
}

fn run(toy: &Toy, filter: Filter) -> SearchMaps {
    let options = SearchOptions { filter, ..SearchOptions::default() };
    search(&toy.cube, &toy.signature, &options).unwrap()
}

/// Average precision of a map for pixels above `above`, against pixels without gas.
fn average_precision(map: &[f32], truth: &[f32], above: f32) -> f64 {
    let mut ranked: Vec<(f32, bool)> = map
        .iter()
        .zip(truth)
        .filter(|(m, t)| m.is_finite() && (**t > above || **t == 0.0))
        .map(|(m, t)| (*m, *t > above))
        .collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (mut hits, mut sum) = (0.0, 0.0);
    for (k, (_, hit)) in ranked.iter().enumerate() {
        if *hit {
            hits += 1.0;
            sum += hits / (k + 1) as f64;
        }
    }
    sum / hits
}

#[test]
fn the_decision_finds_what_single_pixels_cannot() {
    let toy = with_plumes(3);
    let maps = run(&toy, Filter::Auto);

    let single = average_precision(&maps.significance.values, &toy.truth, 300.0);
    let decided = average_precision(&maps.decision.values, &toy.truth, 300.0);
    let classic =
        average_precision(&run(&toy, Filter::Classic).enhancement_ppmm.values, &toy.truth, 300.0);

    eprintln!("{classic} {single} {decided}");
    assert!(decided > single && single > classic);
}

#[test]
fn the_mass_of_the_plumes_is_what_was_put_in() {
    let toy = with_plumes(4);
    let maps = run(&toy, Filter::Auto);

    let inside = || (0..toy.truth.len()).filter(|&i| toy.truth[i] > 0.0);
    let truth: f32 = inside().map(|i| toy.truth[i]).sum();
    let found: f32 = inside().map(|i| maps.enhancement_ppmm.values[i]).sum();

    let ratio = found / truth;
    assert!((0.95..1.05).contains(&ratio), "{ratio}");
}

#[test]
fn one_thread_and_two_give_the_same_bits() {
    let toy = with_plumes(5);
    let bits = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let maps = pool.install(|| run(&toy, Filter::Auto));
        [maps.enhancement_ppmm, maps.sigma_ppmm, maps.significance, maps.decision]
            .map(|m| m.values.iter().map(|v| v.to_bits()).collect::<Vec<u32>>())
    };

    assert!(bits(1) == bits(2));
}

#[test]
fn refuses_what_does_not_fit() {
    let toy = toy::scene(EMPTY);
    let options = SearchOptions::default();

    let other = toy::signature(30);
    let error = search(&toy.cube, &other, &options).unwrap_err();
    assert_eq!(error, SearchError::BandMismatch { cube: 40, signature: 30 });

    let dark = Cube { data: vec![0.0; toy.cube.data.len()], ..toy.cube.clone() };
    let error = search(&dark, &toy.signature, &options).unwrap_err();
    assert!(matches!(error, SearchError::TooFewPixels { usable: 0, .. }), "{error}");
    assert_eq!(
        "best".parse::<Filter>().unwrap_err().to_string(),
        "no filter is called `best`: use auto, classic, lognormal, sparse or ace"
    );
}

/// Significance and decision of every third pixel of an empty scene, of which neither filter nor
/// calibration has seen anything.
fn unseen(seed: u64) -> (Vec<f32>, Vec<f32>) {
    let toy = toy::scene(Recipe { lines: 300, samples: 60, seed, ..EMPTY });
    let mut scene = Scene::new(&toy.cube, &toy.signature, &SearchOptions::default()).unwrap();
    let hidden: Vec<bool> = (0..scene.survey.used.len()).map(|i| i % 7 % 3 == 0).collect();
    let all = scene.survey.used.clone();
    scene.survey.used.iter_mut().zip(&hidden).for_each(|(used, hidden)| *used &= !hidden);
    let sums = scene.first_sums();
    scene.survey.used = all;
    let round = scene.round(&sums, scene.window, &hidden, &mut Vec::new());
    let decision = scene.decide(&round);
    let of = |map: &[f32]| -> Vec<f32> {
        (0..map.len()).filter(|&i| hidden[i] && map[i].is_finite()).map(|i| map[i]).collect()
    };
    (of(&round.significance), of(&decision))
}

#[test]
fn over_a_hundred_empty_scenes_unseen_pixels_scatter_by_one_and_alarm_as_often_as_asked() {
    let (significance, decision): (Vec<_>, Vec<_>) = (1000..1100).map(unseen).unzip();
    let (significance, decision) = (significance.concat(), decision.concat());

    let n = significance.len() as f64;
    let mean = significance.iter().map(|z| f64::from(*z)).sum::<f64>() / n;
    let variance = significance.iter().map(|z| (f64::from(*z) - mean).powi(2)).sum::<f64>() / n;
    let share = |above: f64| {
        decision.iter().filter(|d| f64::from(**d) > above).count() as f64 / decision.len() as f64
    };

    assert!((variance - 1.0).abs() < 0.05, "variance {variance}");
    for asked in [1e-2, 1e-3] {
        let found = share(crate::spatial::threshold(asked));
        assert!((found / asked).ln().abs() < 1.5_f64.ln(), "{asked}: {found}");
    }
}
