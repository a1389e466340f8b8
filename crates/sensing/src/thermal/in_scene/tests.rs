use cathartes_core::{spectrum::Band, units::Nanometres};
use rand::{RngExt, SeedableRng};
use rand_distr::StandardNormal;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::*;
use crate::thermal::air::tests::nobody;

const BANDS: usize = 80;

fn band(b: usize) -> Band {
    Band { center: Nanometres(7_600.0 + 55.0 * b as f64), fwhm: Nanometres(50.0) }
}

/// Clear at 10.5 µm, dim at the short end, with a few lines.
fn transmittance(b: usize) -> f64 {
    let um = band(b).center.0 * 1e-3;
    let lines = if b.is_multiple_of(7) { 0.12 } else { 0.0 };
    0.94 - lines - 0.6 * (-(um - 7.6) / 0.5).exp() - 0.02 * ((um - 10.5) / 1.5).powi(2)
}

/// Two thirds black ground, one third with the lobes of quartz, under air of 290 K.
fn scene(noise: f32, spread_k: f64) -> Cube {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(11);
    let bands: Vec<Band> = (0..BANDS).map(band).collect();
    let mut data = Vec::new();
    for i in 0..3_000 {
        let kelvin = 304.0 + spread_k * rng.sample::<f64, _>(StandardNormal);
        for (b, band) in bands.iter().enumerate() {
            let um = band.center.0 * 1e-3;
            let quartz = (-((um - 8.7) / 0.5).powi(2)).exp();
            let emissivity = if i % 3 == 0 { 0.95 - 0.2 * quartz } else { 0.985 };
            let leaving = emissivity * band_radiance(band, Kelvin(kelvin))
                + (1.0 - emissivity) * band_radiance(band, Kelvin(230.0));
            let tau = transmittance(b);
            let light = tau * leaving + (1.0 - tau) * band_radiance(band, Kelvin(290.0));
            data.push(light as f32 + noise * rng.sample::<f32, _>(StandardNormal));
        }
    }
    Cube { lines: 60, samples: 50, bands, data }
}

fn told() -> InSceneOptions {
    let largest = (0..BANDS).map(transmittance).fold(0.0, f64::max);
    InSceneOptions {
        reference_transmittance: Estimate { value: largest, std: 0.0 },
        ..InSceneOptions::default()
    }
}

#[test]
fn the_air_of_a_made_up_scene_is_found_again() {
    let found = in_scene(&scene(0.01, 4.0), &told(), nobody()).unwrap();

    for b in 0..BANDS {
        let (tau, path) = (found.air.transmittance[b], found.air.path_radiance[b]);
        let body = band_radiance(&band(b), Kelvin(290.0));
        assert!((tau - transmittance(b)).abs() < 0.02, "{b}: {tau} for {}", transmittance(b));
        // Black ground of emissivity 0.985 stands for black: its missing light is read as path.
        assert!((path - (1.0 - transmittance(b)) * body).abs() < 0.2, "{b}: {path}");
    }
    let air = found.path_temperature;
    assert!((air.value.0 - 290.0).abs() < 2.5, "{air:?}");
    assert!(found.black_pixels > 500 && found.black_pixels <= 3_000, "{}", found.black_pixels);
}

#[test]
fn the_scale_of_the_reference_scales_every_transmittance_and_its_doubt() {
    let scene = scene(0.01, 4.0);
    let mut options = told();
    let one = in_scene(&scene, &options, nobody()).unwrap();
    options.reference_transmittance = Estimate { value: 0.8, std: 0.1 };
    let other = in_scene(&scene, &options, nobody()).unwrap();

    let ratio = 0.8 / told().reference_transmittance.value;
    for b in 0..BANDS {
        let (a, o) = (one.air.transmittance[b], other.air.transmittance[b]);
        assert!((o / a - ratio).abs() < 1e-9);
        assert!(other.transmittance_std[b] > 0.1 * o, "a tenth of doubt in the reference");
    }
}

#[test]
fn a_scene_of_one_temperature_is_refused() {
    let said = in_scene(&scene(0.001, 0.1), &told(), nobody()).unwrap_err();
    assert!(matches!(said, InSceneError::TooEven { .. }), "{said}");
    let few = Cube {
        lines: 1,
        samples: 50,
        data: scene(0.01, 4.0).data[..50 * BANDS].to_vec(),
        ..scene(0.01, 4.0)
    };
    let said = in_scene(&few, &told(), nobody()).unwrap_err();
    assert!(matches!(said, InSceneError::TooFew { needed: 100, .. }), "{said}");
}

#[test]
fn the_air_at_the_ground_is_what_the_user_knows_or_warmer_than_the_path() {
    let found = in_scene(&scene(0.01, 4.0), &told(), nobody()).unwrap();
    let known = Estimate { value: Kelvin(296.0), std: Kelvin(0.5) };
    assert_eq!(ground_air(&found, Some(known), 1_500.0), known);

    let low = ground_air(&found, None, 10.0);
    let high = ground_air(&found, None, 20_000.0);
    let path = found.path_temperature.value.0;
    assert!((low.value.0 - path).abs() < 0.1, "a short path is air of the ground");
    assert!((high.value.0 - path - 6.5).abs() < 0.01, "a long one has its mean a kilometre up");
    assert!(high.std.0 >= 2.5);
}

#[test]
fn the_ridge_is_where_the_points_are_densest_from_above() {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(3);
    let points: Vec<(f64, f64)> = (0..4_000)
        .map(|i| {
            let x = 8.0 + 2.0 * rng.random::<f64>();
            let below = if i % 2 == 0 { 0.0 } else { rng.random::<f64>() };
            (x, 0.7 * x + 2.0 - below + 0.02 * rng.sample::<f64, _>(StandardNormal))
        })
        .collect();
    let line = fit::ridge(&points);
    assert!((line.slope - 0.7).abs() < 0.005, "{line:?}");
    assert!((line.slope * 9.0 + line.offset - 8.3).abs() < 0.01, "{line:?}");
}
