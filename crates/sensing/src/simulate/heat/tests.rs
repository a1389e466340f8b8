use cathartes_core::{
    gas::{Gas, Segment},
    scenery::{NoiseLaw, Sampled, Scenery, SurfaceClass},
    units::{Degrees, GramsPerMole, Kelvin, Nanometres, PerCm},
};

use super::*;
use crate::{
    signature::{one_pass_factor, signature_along},
    simulate::{
        SimulateError, Simulator,
        recipe::{PlumeChoice, PlumeKind, ThermalChoice, WindChoice},
    },
    thermal::planck as other,
};

const CLASSES: [SurfaceClass; 6] = [
    SurfaceClass::Green,
    SurfaceClass::Soil,
    SurfaceClass::Dry,
    SurfaceClass::Asphalt,
    SurfaceClass::Roof,
    SurfaceClass::Water,
];

fn scenery() -> Scenery {
    let flat = |value| Sampled {
        start: Nanometres(350.0),
        step: Nanometres(2200.0),
        values: vec![value; 2],
    };
    let surface = |&class| Surface { class, reflectance: flat(0.3) };
    Scenery {
        sun: flat(100.0),
        dry_depth: flat(0.0),
        water_depth_per_cm: flat(0.0),
        path_reflectance: flat(0.0),
        surfaces: CLASSES.iter().map(surface).collect(),
        instruments: vec![],
    }
}

fn camera(noise: f64) -> Instrument {
    let band =
        |i: i32| Band { center: Nanometres(9_600.0 + 50.0 * f64::from(i)), fwhm: Nanometres(40.0) };
    Instrument {
        slug: "camera".into(),
        bands: (0..24).map(band).collect(),
        noise: vec![NoiseLaw { a: 0.0, b: 0.0, c: noise }; 24],
        pixel_angle_rad: 1e-3,
    }
}

/// Lines between 930 and 970 cm⁻¹, as ammonia's, and none elsewhere.
fn gas() -> CrossSection {
    let sigma = |i: i32| {
        let nu = 800.0 + 0.4 * f64::from(i);
        let lines = if (nu / 9.0).fract() < 0.1 { 1.0 } else { 0.02 };
        (4e-19 * lines * (-((nu - 950.0) / 20.0).powi(2)).exp()) as f32
    };
    CrossSection {
        gas: Gas {
            slug: "comb".into(),
            name: "Comb".into(),
            formula: "X".into(),
            cas: String::new(),
            molar_mass: GramsPerMole(17.0),
        },
        segments: vec![Segment {
            start: PerCm(800.0),
            step: PerCm(0.4),
            sigma_cm2: (0..900).map(sigma).collect(),
        }],
        temperature: Kelvin(296.0),
        source: String::new(),
        citation: String::new(),
        terms: String::new(),
    }
}

fn warm() -> Recipe {
    let mut recipe = Recipe { thermal: Some(ThermalChoice::default()), ..Recipe::default() };
    recipe.scene.lines = 40;
    recipe.scene.samples = 40;
    recipe.instrument.gain_std = 0.0;
    recipe.ground.relief_m = 0.0;
    recipe.air.water_std = 0.0;
    recipe.plume = vec![PlumeChoice {
        kind: PlumeKind::Gaussian,
        gas: "comb".into(),
        line: 20.0,
        sample: 10.0,
        rate_kg_h: 3.0,
        wind: Some(WindChoice { speed_m_s: 4.0, from_deg: 270.0 }),
        length_m: 60.0,
        turbulence: 0.2,
        mask: None,
    }];
    recipe
}

fn built(recipe: &Recipe, noise: f64) -> Simulator {
    Simulator::new(recipe, &scenery(), &camera(noise), &[gas()], &[]).unwrap()
}

fn heat(recipe: &Recipe) -> Heat {
    let gas = gas();
    Heat::new(recipe, &camera(0.0), &scenery().surfaces, &[], &[&gas])
}

fn only(surface: u32) -> Mixture {
    Mixture { parts: vec![(surface, 1.0)], brightness: 1.0, ..Mixture::default() }
}

const HERE: (usize, [f64; 2]) = (20, [0.0, 0.0]);

#[test]
fn the_plumes_mark_is_that_of_the_target_made_elsewhere() {
    let mut recipe = warm();
    recipe.instrument.smile_nm = 0.0;
    recipe.thermal = Some(ThermalChoice { plume_excess_k: -3.0, ..ThermalChoice::default() });
    let (heat, mixture) = (heat(&recipe), only(0));
    let mut with = vec![0.0; 24];
    let mut without = with.clone();
    heat.light(&mixture, HERE, (0.0, &[20.0]), &mut with);
    heat.light(&mixture, HERE, (0.0, &[0.0]), &mut without);
    let contrast = f64::from(heat.contrast(&mixture, HERE));

    let view = one_pass_factor(Degrees(recipe.view.view_zenith_deg)).unwrap();
    let signature = signature_along(&gas(), &camera(0.0).bands, view, &[]).unwrap();
    let between = Kelvin(heat.plume_k() + contrast / 2.0);
    let strongest = signature.unit_per_ppmm.iter().fold(0.0, |m: f64, s| m.max(s.abs()));
    let t = signature.log_transmittance(cathartes_core::units::PpmMetres(20.0));
    for (b, band) in camera(0.0).bands.iter().enumerate() {
        let tau = f64::from(heat.nodes[1].clear[0][b]);
        let slope = other::band_radiance_slope(band, between);
        let expected = tau * (t[b].exp() - 1.0) * slope * contrast;
        let seen = f64::from(with[b]) - f64::from(without[b]);
        let error = (seen - expected).abs() / (tau * 20.0 * strongest * slope * contrast.abs());
        assert!(error < 0.02, "band {b}: {seen} {expected}");
    }
    assert!(contrast > 2.0, "{contrast}");
}

#[test]
fn a_hot_plume_shines_and_a_cold_one_dims() {
    let change = |excess: f64| {
        let thermal = ThermalChoice { plume_excess_k: excess, ..ThermalChoice::default() };
        let heat = heat(&Recipe { thermal: Some(thermal), ..warm() });
        let (mut with, mut without) = (vec![0.0; 24], vec![0.0; 24]);
        heat.light(&only(1), HERE, (0.0, &[100.0]), &mut with);
        heat.light(&only(1), HERE, (0.0, &[0.0]), &mut without);
        with.iter().zip(&without).map(|(a, b)| f64::from(a - b)).sum::<f64>()
    };
    assert!(change(60.0) > 0.1);
    assert!(change(-30.0) < -0.1);
}

#[test]
fn a_plume_as_warm_as_the_ground_looks_leaves_no_mark() {
    let first = heat(&warm());
    let contrast = f64::from(first.contrast(&only(0), HERE));
    let thermal = ThermalChoice { plume_excess_k: contrast, ..ThermalChoice::default() };
    let heat = heat(&Recipe { thermal: Some(thermal), ..warm() });
    let (mut with, mut without) = (vec![0.0; 24], vec![0.0; 24]);
    heat.light(&only(0), HERE, (0.0, &[500.0]), &mut with);
    heat.light(&only(0), HERE, (0.0, &[0.0]), &mut without);

    let largest = with.iter().zip(&without).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    // 1 K would change it by 0.1 and more.
    assert!(largest < 0.01, "{largest}");
}

#[test]
fn planck_here_and_planck_there_are_the_same_law() {
    for kelvin in [220.0, 296.0, 330.0] {
        for per_cm in [800.0, 1_000.0, 1_300.0] {
            let there = other::radiance(PerCm(per_cm).to_nm(), Kelvin(kelvin));
            assert!((planck(per_cm, kelvin) / there - 1.0).abs() < 1e-6);
        }
    }
}

#[test]
fn every_emissivity_is_one_and_metal_is_dark() {
    let bands = camera(0.0).bands;
    let many: Vec<Surface> = CLASSES
        .iter()
        .cycle()
        .take(240)
        .map(|&class| Surface { class, ..scenery().surfaces[0].clone() })
        .collect();
    let table = Emissivities::new(&bands, &many, 5);
    let all = (0..240).flat_map(|s| table.of(s).to_vec());
    assert!(all.clone().all(|e| (0.2..=0.995).contains(&e)));
    assert!(all.clone().any(|e| e < 0.4) && all.clone().any(|e| e > 0.98));
}

#[test]
fn the_truth_tells_the_plumes_temperature_and_the_contrast_behind_it() {
    let simulator = built(&warm(), 0.0);
    let truth = &simulator.plumes()[0];
    let map = simulator.contrast_k().unwrap();
    let (_, gas) = simulator.enhancements().next().unwrap();

    assert_eq!(truth.temperature_k, Some(298.0));
    let pairs = || gas.values.iter().zip(&map.values).map(|(g, c)| (f64::from(*g), f64::from(*c)));
    let mean = pairs().map(|(g, c)| g * c).sum::<f64>() / pairs().map(|(g, _)| g).sum::<f64>();
    assert!((truth.contrast_k.unwrap() - mean).abs() < 1e-3, "{truth:?} {mean}");
    assert_eq!(simulator.info().radiance_unit.as_deref(), Some("W m-2 sr-1 um-1"));
}

#[test]
fn a_warm_scene_has_the_same_bits_on_one_thread_and_two() {
    let render = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| built(&warm(), 0.002).lines(5..25))
    };
    let (one, two) = (render(1), render(2));
    assert!(one.iter().zip(&two).all(|(a, b)| a.to_bits() == b.to_bits()));
}

#[test]
fn the_noise_of_a_warm_scene_is_the_law_in_its_unit() {
    let (noisy, clean) = (built(&warm(), 0.002), built(&warm(), 0.0));
    let noise: Vec<f64> =
        noisy.lines(0..40).iter().zip(&clean.lines(0..40)).map(|(a, b)| f64::from(a - b)).collect();
    let std = (noise.iter().map(|x| x * x).sum::<f64>() / noise.len() as f64).sqrt();
    // 0.002 uW cm-2 nm-1 sr-1 are 0.02 W m-2 sr-1 um-1, halved by the recipe's scale.
    assert!((std / 0.01 - 1.0).abs() < 0.02, "{std}");
}

#[test]
fn a_scene_of_the_wrong_light_is_refused_and_says_what_to_do() {
    let cold = Recipe { thermal: None, ..warm() };
    let gases = [gas()];
    let said = |recipe: &Recipe, instrument: &Instrument| -> SimulateError {
        Simulator::new(recipe, &scenery(), instrument, &gases, &[]).unwrap_err()
    };
    assert!(said(&cold, &camera(0.0)).to_string().contains("add a `[thermal]` table"));

    let mut sunny = camera(0.0);
    sunny.bands.iter_mut().for_each(|b| b.center.0 -= 7_500.0);
    let recipe = Recipe { plume: vec![], ..warm() };
    assert!(said(&recipe, &sunny).to_string().starts_with("a `[thermal]` scene needs bands"));

    let mut cloudy = warm();
    cloudy.defects.clouds = 0.1;
    assert_eq!(
        said(&cloudy, &camera(0.0)).to_string(),
        "`defects.clouds` is 0.1; it has to be 0 in a `[thermal]` scene"
    );
}

#[test]
fn air_of_one_temperature_shines_as_a_black_body_dimmed_by_nothing() {
    // However the depths are bent, what a path takes it gives back at its own temperature.
    let mut recipe = warm();
    recipe.instrument.altitude_m = 20.0;
    recipe.air.water_cm = 8.0;
    let thermal = recipe.thermal.clone().unwrap();
    let air = Layers::new(&recipe, &thermal, &[], (900.0, 1_000.0), 1.0);
    for (i, nu) in air.per_cm.iter().enumerate() {
        let body = planck(*nu, thermal.air_k);
        let sum = air.path[i] + air.through[i] * body;
        assert!((sum / body - 1.0).abs() < 1e-3, "{nu}: {sum} {body}");
        assert!(air.through[i] < 1.0 && air.sky_through[i] < body);
    }
}
