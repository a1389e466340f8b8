use cathartes_core::raster::Raster;

use super::*;
use crate::{maps::Chosen, toy};

fn maps(decision: Vec<f32>) -> SearchMaps {
    let raster = |values| Raster { lines: 1, samples: 400, values };
    SearchMaps {
        enhancement_ppmm: raster(vec![0.0; 400]),
        sigma_ppmm: raster(vec![1.0; 400]),
        significance: raster(vec![0.0; 400]),
        decision: raster(decision),
        masks: Vec::new(),
        chosen: Chosen { filter: "auto".into(), reasons: Vec::new(), bands_nm: Vec::new() },
    }
}

/// Tables of Student's t: one-sided 0.001 at 37 degrees of freedom is 3.326, at 5 it is 5.893; the
/// normal's is 3.090.
#[test]
fn a_score_of_students_t_is_the_normals_of_the_same_tail() {
    assert!((normal_score(3.326, 37.0) - 3.090).abs() < 0.01);
    assert!((normal_score(5.893, 5.0) - 3.090).abs() < 0.05);
    assert!((normal_score(-3.326, 37.0) + 3.090).abs() < 0.01);
    assert!((normal_score(2.0, 1e9) - 2.0).abs() < 1e-6);
}

#[test]
fn a_map_that_scatters_too_much_is_brought_down_and_a_quiet_one_is_not_raised() {
    let even = |k: f32| (0..400).map(|i| k * (i as f32 / 199.5 - 1.0)).collect::<Vec<f32>>();
    let (mut wild, mut quiet) = (maps(even(6.0)), maps(even(0.5)));
    temper(&mut wild);
    temper(&mut quiet);

    assert!(wild.decision.values[399] < 1.5, "{}", wild.decision.values[399]);
    assert!(quiet.decision.values[399] <= 0.5);
    assert!(wild.decision.values.is_sorted());
}

#[test]
fn no_data_stays_no_data() {
    let mut decision = vec![0.0; 400];
    decision[3] = f32::NAN;
    let mut maps = maps(decision);
    temper(&mut maps);
    assert!(maps.decision.values[3].is_nan());
    assert_eq!(maps.decision.values.iter().filter(|d| d.is_nan()).count(), 1);
}

fn toy(seed: u64, peak_ppmm: f32, plumes: usize) -> toy::Toy {
    toy::scene(toy::Recipe { lines: 30, samples: 28, seed, peak_ppmm, plumes, ..toy::EMPTY })
}

fn searched(toy: &toy::Toy) -> SearchMaps {
    search(&toy.cube, &toy.signature, &SearchOptions::default()).unwrap()
}

/// Enhancement over truth inside the plume, by least squares.
fn slope(maps: &SearchMaps, truth: &[f32]) -> f32 {
    let pairs = || maps.enhancement_ppmm.values.iter().zip(truth).filter(|p| *p.1 > 300.0);
    let square: f32 = pairs().map(|(_, t)| t * t).sum();
    pairs().map(|(a, t)| a * t).sum::<f32>() / square
}

#[test]
fn a_plume_over_much_of_a_little_scene_is_found_and_read_nearer_to_its_strength_than_by_one_pass() {
    for seed in 1..=5 {
        let toy = toy(seed, 3000.0, 1);
        let maps = searched(&toy);
        let options = SearchOptions { passes: 1, ..SearchOptions::default() };
        let once = search::search(&toy.cube, &toy.signature, &options).unwrap();

        let (ours, plain) = (slope(&maps, &toy.truth), slope(&once, &toy.truth));
        assert!((0.75..1.1).contains(&ours) && ours > plain, "seed {seed}: {ours} {plain}");
        let strongest = maps.decision.values.iter().copied().fold(f32::MIN, f32::max);
        assert!(strongest > 6.0, "seed {seed}: {strongest}");
    }
}

#[test]
fn a_little_scene_without_gas_claims_next_to_nothing() {
    for seed in 1..=20 {
        let maps = searched(&toy(seed, 0.0, 0));
        let strongest = maps.decision.values.iter().copied().fold(f32::MIN, f32::max);
        assert!(strongest < 5.5, "seed {seed}: {strongest}");
    }
}

#[test]
fn sigma_on_little_ground_is_the_scatter_seen() {
    let maps = searched(&toy(3, 0.0, 0));
    let known = maps.enhancement_ppmm.values.iter().zip(&maps.sigma_ppmm.values);
    let square: f32 = known.map(|(a, s)| (a / s).powi(2)).sum();
    let deviation = (square / maps.sigma_ppmm.values.len() as f32).sqrt();
    assert!((0.85..1.2).contains(&deviation), "{deviation}");
}
