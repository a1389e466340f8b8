//! A simulated thermal scene: its air, its contrast and its ammonia found again by other code than
//! made it.

use std::path::Path;

use cathartes_core::{
    air::Air,
    cube::Cube,
    estimate::Estimate,
    provenance::Provenance,
    signature::Signature,
    units::{Degrees, Kelvin, PpmMetres, PpmMetresKelvin},
};
use cathartes_pipeline::{gas, simulate};
use cathartes_sensing::{
    signature::{one_pass_factor, signature_along},
    simulate::Simulator,
    thermal::{
        air::select,
        contrast::{Contrast, clear_bands, ground, thick},
        in_scene::{InSceneOptions, ground_air, in_scene},
        targets::target,
    },
};
use faer::{Col, Mat, Side, prelude::Solve};

const RECIPE: &str = include_str!("../../../../fixtures/recipes/thermal.toml");

fn simulated(seed: u64, rate: &str) -> (Simulator, Cube) {
    let text = RECIPE.replace("seed = 1\n", &format!("seed = {seed}\n"));
    let text = text.replace("rate_kg_h = 30\n", &format!("rate_kg_h = {rate}\n"));
    let recipe = toml::from_str(&text).unwrap();
    let simulator = simulate::lay_out(&recipe, Path::new("")).unwrap();
    let info = simulator.info();
    let data = simulator.lines(0..info.lines);
    let cube = Cube { lines: info.lines, samples: info.samples, bands: info.bands, data };
    (simulator, cube)
}

fn made(cube: &Cube) -> cathartes_sensing::thermal::in_scene::InScene {
    let provenance =
        Provenance { inputs: vec![], version: String::new(), seed: 0, parameters: vec![] };
    in_scene(cube, &InSceneOptions::default(), provenance).unwrap()
}

/// Bands around ammonia, and its signature in them.
fn ammonia(cube: &Cube) -> (Vec<usize>, Signature) {
    let library = gas::library(None).unwrap();
    let nh3 = gas::find("nh3", &library).unwrap();
    let kept: Vec<usize> = (0..cube.bands.len())
        .filter(|&b| (9_900.0..11_400.0).contains(&cube.bands[b].center.0))
        .collect();
    let bands: Vec<_> = kept.iter().map(|&b| cube.bands[b]).collect();
    let way = one_pass_factor(Degrees(0.0)).unwrap();
    (kept, signature_along(nh3, &bands, way, &[]).unwrap())
}

/// What a matched filter finds, ppm m K, its deviation, and the share of every band in it. The
/// background is that of the pixels without gas, which only a simulation knows: what is tested is the
/// way from radiance to ppm m, not how well a background is learnt.
fn filtered(cube: &Cube, kept: &[usize], target: &[f64], gas: &[f32]) -> (Vec<f64>, f64, Vec<f64>) {
    let (pixels, p) = (cube.lines * cube.samples, cube.bands.len());
    let at = |i: usize, k: usize| f64::from(cube.data[i * p + kept[k]]);
    let clean: Vec<usize> = (0..pixels).filter(|&i| gas[i] == 0.0).collect();
    let n = clean.len() as f64;
    let mean: Vec<f64> =
        (0..kept.len()).map(|k| clean.iter().map(|&i| at(i, k)).sum::<f64>() / n).collect();
    let x = Mat::from_fn(clean.len(), kept.len(), |i, k| at(clean[i], k) - mean[k]);
    let covariance = (x.transpose() * &x) * faer::Scale(1.0 / n);
    let t = Col::from_fn(kept.len(), |k| target[k]);
    let w = covariance.llt(Side::Lower).unwrap().solve(&t);
    let power = t.transpose() * &w;
    let found =
        |i: usize| (0..kept.len()).map(|k| w[k] * (at(i, k) - mean[k])).sum::<f64>() / power;
    let share = (0..kept.len()).map(|k| w[k] * t[k]).collect();
    ((0..pixels).map(found).collect(), power.sqrt().recip(), share)
}

fn kelvin(value: f64, std: f64) -> Estimate<Kelvin> {
    Estimate { value: Kelvin(value), std: Kelvin(std) }
}

/// Temperature of the ground of every pixel.
fn grounds(cube: &Cube, air: &Air, gas: &Signature, kept: &[usize]) -> Vec<Estimate<Kelvin>> {
    let near = select(air, kept);
    let clear: Vec<usize> = clear_bands(&near, &[gas]).into_iter().map(|k| kept[k]).collect();
    assert!(clear.len() > 10, "{clear:?}");
    let pixels = cube.data.chunks_exact(cube.bands.len());
    pixels.map(|pixel| ground(pixel, air, &clear).unwrap()).collect()
}

#[test]
fn the_contrast_of_a_scene_is_found_from_the_scene_and_the_air_at_the_ground() {
    let (simulator, cube) = simulated(1, "30");
    let found = made(&cube);
    println!(
        "reference {:.0}, {} black pixels, path {:.1?} K, air at the ground {:.1?} K for 298",
        cube.bands[found.reference_band].center,
        found.black_pixels,
        found.path_temperature,
        ground_air(&found, None, 1_500.0)
    );
    for um in [7.7, 8.0, 8.5, 9.0, 9.6, 10.1, 10.7, 11.3, 11.8] {
        let b = cube.bands.partition_point(|band| band.center.0 < um * 1e3);
        let (tau, path) = (found.air.transmittance[b], found.air.path_radiance[b]);
        println!("  {um:.1} um: tau {tau:.3} +- {:.3}, path {path:.2}", found.transmittance_std[b]);
    }
    let air = ground_air(&found, None, 1_500.0);
    assert!((air.value.0 - 298.0).abs() < 2.0 * air.std.0, "{air:?}");

    let (kept, signature) = ammonia(&cube);
    let truth = simulator.contrast_k().unwrap();
    let seen = grounds(&cube, &found.air, &signature, &kept);
    let mut away: Vec<f64> =
        seen.iter().zip(&truth.values).map(|(s, t)| s.value.0 - 298.0 - f64::from(*t)).collect();
    away.sort_by(f64::total_cmp);
    let at = |share: f64| away[(share * (away.len() - 1) as f64) as usize];
    println!(
        "contrast over truth: {:.2} K, 68 % within {:.2} K",
        at(0.5),
        (at(0.84) - at(0.16)) / 2.0
    );
    assert!(at(0.5).abs() < 1.0 && (at(0.84) - at(0.16)) / 2.0 < 0.7);
}

#[test]
fn ammonia_put_into_a_scene_comes_back_in_ppm_m() {
    let mut ratios = Vec::new();
    for (seed, rate) in [(1, "1.0"), (2, "1.0"), (3, "1.0"), (1, "10"), (2, "10"), (3, "10")] {
        let (simulator, cube) = simulated(seed, rate);
        let scene = made(&cube);
        let (kept, signature) = ammonia(&cube);
        let near = select(&scene.air, &kept);
        let target = target(&near, &signature, Kelvin(302.0)).unwrap();
        let (_, truth) = simulator.enhancements().next().unwrap();
        let (found, sigma, share) = filtered(&cube, &kept, &target.per_ppmm_k, &truth.values);
        let grounds = grounds(&cube, &scene.air, &signature, &kept);
        let plume = kelvin(298.0, 0.5);
        let (mut thin, mut bent, mut all, mut opaque, mut blind) = (0.0, 0.0, 0.0, 0, 0);
        for (i, &q) in found.iter().enumerate().filter(|(i, _)| truth.values[*i] > 10.0) {
            let found = Estimate { value: PpmMetresKelvin(q), std: PpmMetresKelvin(sigma) };
            let contrast = Contrast::between(grounds[i], plume, 3);
            let Some(column) = contrast.column(found) else {
                blind += 1;
                continue;
            };
            let Some(PpmMetres(c)) = thick(column.value, &signature, &share) else {
                opaque += 1;
                continue;
            };
            bent += c;
            thin += column.value.0;
            all += f64::from(truth.values[i]);
        }
        let truth = &simulator.plumes()[0];
        println!(
            "{rate} kg/h, seed {seed}, peak {:.0} ppm-m, contrast {:.1} K: found {:.2} of the gas, \
             {:.2} as if thin; {blind} pixels without contrast, {opaque} opaque; sigma {sigma:.0} ppm-m K",
            truth.peak_ppmm,
            truth.contrast_k.unwrap(),
            bent / all,
            thin / all,
        );
        ratios.push(bent / all);
    }
    assert!(ratios.iter().all(|r| (0.7..1.3).contains(r)), "{ratios:?}");
}
