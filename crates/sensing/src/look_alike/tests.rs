use cathartes_core::{plume::Plume, raster::Raster, signature::Signature};

use super::*;
use crate::{
    plumes::{self, FindOptions},
    search::{SearchOptions, search},
    toy::{self, Recipe, Toy},
};

const LINES: usize = 240;
const SAMPLES: usize = 64;
const BANDS: usize = 73;

const RECIPE: Recipe =
    Recipe { lines: LINES, samples: SAMPLES, bands: BANDS, seed: 1, peak_ppmm: 0.0, plumes: 0 };
/// First line and sample of roofs of 9 × 12 pixels.
const ROOFS: [(u32, u32); 3] = [(40, 10), (110, 36), (190, 20)];

fn ground(seed: u64) -> Toy {
    toy::scene(Recipe { seed, ..RECIPE })
}

fn gassy(seed: u64, peak_ppmm: f32) -> Toy {
    toy::scene(Recipe { seed, peak_ppmm, plumes: 2, ..RECIPE })
}

/// Paint: the two broad bands of CH bonds near 2310 and 2350 nm, on the roofs.
fn paint(toy: &mut Toy, depth: f64) {
    let nm: Vec<f64> = toy.cube.bands.iter().map(|band| band.center.0).collect();
    let dip = |nm: f64, at: f64, width: f64| (-0.5 * ((nm - at) / width).powi(2)).exp();
    add(toy, |b| -depth * (dip(nm[b], 2310.0, 14.0) + 0.7 * dip(nm[b], 2350.0, 16.0)));
}

/// Adds to the logarithm of radiance on the roofs.
fn add(toy: &mut Toy, ln: impl Fn(usize) -> f64) {
    for (top, left) in ROOFS.map(|(l, s)| (l as usize, s as usize)) {
        for line in top..top + 9 {
            for sample in left..left + 12 {
                let at = (line * SAMPLES + sample) * BANDS;
                for (b, x) in toy.cube.data[at..at + BANDS].iter_mut().enumerate() {
                    *x *= ln(b).exp() as f32;
                }
            }
        }
    }
}

/// Another gas: narrow lines elsewhere.
fn other_gas(like: &Signature) -> Signature {
    let lines =
        |nm: f64| -2e-5 * (1.0 + (nm / 3.1).sin()) * (-((nm - 2200.0) / 60.0).powi(2)).exp();
    let unit: Vec<f64> = like.bands.iter().map(|b| lines(b.center.0)).collect();
    Signature {
        gas: "other".into(),
        table: like.columns.iter().map(|c| unit.iter().map(|u| u * c.0).collect()).collect(),
        unit_per_ppmm: unit,
        ..like.clone()
    }
}

fn maps(toy: &Toy) -> SearchMaps {
    search(&toy.cube, &toy.signature, &SearchOptions::default()).unwrap()
}

fn judged(toy: &Toy, maps: &SearchMaps, plumes: &[Plume]) -> Vec<Verdict> {
    let others = [("other".to_owned(), other_gas(&toy.signature))];
    let (cube, signature) = (&toy.cube, &toy.signature);
    let evidence = Evidence {
        cube,
        first_line: 0,
        maps,
        signature,
        others: &others,
        window_bands: BANDS,
        seed: 1,
    };
    let verdicts = judge(plumes, &evidence);
    verdicts.into_iter().flatten().collect()
}

fn found(maps: &SearchMaps) -> Vec<Plume> {
    let options = FindOptions::new(plumes::tests::methane());
    plumes::find(maps, &plumes::Ground::default(), &options)
}

/// What a search that took these pixels for gas would hand over.
fn claimed(maps: &mut SearchMaps, (top, left): (u32, u32)) -> Plume {
    let mut plume = found_shape();
    plume.pixels = (top..top + 9).flat_map(|l| (left..left + 12).map(move |s| (l, s))).collect();
    for &(l, s) in &plume.pixels {
        maps.decision.values[l as usize * SAMPLES + s as usize] = 8.0;
    }
    plume
}

fn found_shape() -> Plume {
    let toy = gassy(1, 2000.0);
    found(&maps(&toy)).swap_remove(0)
}

#[test]
fn a_true_plume_is_not_flagged() {
    let verdicts: Vec<Verdict> = (1001..=1006)
        .flat_map(|seed| {
            let toy = gassy(seed, 1500.0);
            let maps = maps(&toy);
            let strong =
                found(&maps).into_iter().filter(|p| p.pixels.len() > 60).collect::<Vec<_>>();
            judged(&toy, &maps, &strong)
        })
        .collect();

    assert!(verdicts.len() >= 10, "{}", verdicts.len());
    assert!(verdicts.iter().all(|v| !v.look_alike.flagged), "{:?}", verdicts[0].look_alike);
}

#[test]
fn the_spectrum_of_a_plume_is_its_gas_and_little_else() {
    let toy = gassy(1, 1500.0);
    let maps = maps(&toy);
    let plumes = found(&maps);

    let verdicts = judged(&toy, &maps, &plumes[..1]);

    let spectrum = &verdicts[0].spectrum;
    let power = |v: &[f64]| v.iter().map(|x| x * x).sum::<f64>();
    assert!(power(&spectrum.residual_ln) < 0.02 * power(&spectrum.observed_ln));
    let near = |&(l, s): &(u32, u32)| f64::from(toy.truth[l as usize * SAMPLES + s as usize]);
    let mean = plumes[0].pixels.iter().map(near).sum::<f64>() / plumes[0].pixels.len() as f64;
    assert!((0.7..2.0).contains(&(spectrum.column_ppmm / mean)), "{} {mean}", spectrum.column_ppmm);
}

#[test]
fn paint_is_flagged() {
    for (seed, depth) in [(1001, 0.03), (1002, 0.1), (1003, 0.3)] {
        let mut toy = ground(seed);
        paint(&mut toy, depth);
        let mut maps = maps(&toy);
        let roofs = ROOFS.map(|roof| claimed(&mut maps, roof));

        let verdicts = judged(&toy, &maps, &roofs);

        assert_eq!(verdicts.len(), 3);
        for verdict in verdicts {
            assert!(verdict.look_alike.flagged, "{depth} {:?}", verdict.look_alike);
        }
    }
}

#[test]
fn another_gas_is_called_by_its_name() {
    let mut toy = ground(1004);
    let other = other_gas(&toy.signature);
    add(&mut toy, |b| 1500.0 * other.unit_per_ppmm[b]);
    let mut maps = maps(&toy);
    let roofs = ROOFS.map(|roof| claimed(&mut maps, roof));

    for verdict in judged(&toy, &maps, &roofs) {
        let seen = verdict.look_alike;
        assert!(seen.flagged && seen.rival == "other", "{seen:?}");
    }
}

#[test]
fn a_scene_too_small_to_know_its_ground_has_no_verdict() {
    let toy = toy::scene(Recipe { lines: 10, samples: 10, ..RECIPE });
    let still = Raster::filled(10, 10, 0.0);
    let maps = SearchMaps {
        enhancement_ppmm: still.clone(),
        sigma_ppmm: still.clone(),
        significance: still.clone(),
        decision: Raster::filled(10, 10, 8.0),
        ..maps(&ground(1))
    };
    let plume = Plume {
        pixels: (0..8).flat_map(|l| (0..8).map(move |s| (l, s))).collect(),
        ..found_shape()
    };

    assert_eq!(judged(&toy, &maps, &[plume]), Vec::new());
}

#[test]
fn verdicts_are_the_same_on_one_thread_and_three() {
    let toy = gassy(2, 1500.0);
    let maps = maps(&toy);
    let plumes = found(&maps);
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| judged(&toy, &maps, &plumes))
    };

    assert!(on(1) == on(3), "the number of threads changes a verdict");
}
