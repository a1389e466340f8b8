use cathartes_core::{
    gas::Segment,
    scenery::{NoiseLaw, Sampled, Surface, SurfaceClass},
    spectrum::Band,
    units::{GramsPerMole, Kelvin, Nanometres, PerCm},
};

use super::{recipe::WindChoice, *};

const CLASSES: [SurfaceClass; 6] = [
    SurfaceClass::Green,
    SurfaceClass::Soil,
    SurfaceClass::Dry,
    SurfaceClass::Asphalt,
    SurfaceClass::Roof,
    SurfaceClass::Water,
];

fn flat(value: f32) -> Sampled {
    Sampled { start: Nanometres(350.0), step: Nanometres(2200.0), values: vec![value; 2] }
}

/// A sun of one, clear air, every ground of reflectance 0.3.
fn scenery() -> Scenery {
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
        |i: i32| Band { center: Nanometres(2200.0 + 6.0 * f64::from(i)), fwhm: Nanometres(6.0) };
    Instrument {
        slug: "camera".into(),
        bands: (0..20).map(band).collect(),
        noise: vec![NoiseLaw { a: 0.0, b: 0.0, c: noise }; 20],
        pixel_angle_rad: 1e-3,
    }
}

/// A gas that absorbs evenly between 2,240 and 2,280 nm.
fn grey_gas() -> CrossSection {
    let gas = Gas {
        slug: "grey".into(),
        name: "Grey".into(),
        formula: "X".into(),
        cas: String::new(),
        molar_mass: GramsPerMole(20.0),
    };
    let segment = Segment { start: PerCm(4386.0), step: PerCm(1.0), sigma_cm2: vec![1e-20; 79] };
    CrossSection {
        gas,
        segments: vec![segment],
        temperature: Kelvin(296.0),
        source: String::new(),
        citation: String::new(),
        terms: String::new(),
    }
}

fn plume(kind: PlumeKind, rate_kg_h: f64) -> PlumeChoice {
    PlumeChoice {
        kind,
        gas: "grey".into(),
        line: 100.0,
        sample: 40.0,
        rate_kg_h,
        wind: Some(WindChoice { speed_m_s: 4.0, from_deg: 270.0 }),
        length_m: 300.0,
        turbulence: 0.25,
        mask: None,
    }
}

/// 200 × 200 pixels of 3 m, even ground, no striping.
fn even() -> Recipe {
    let mut recipe = Recipe::default();
    recipe.scene.lines = 200;
    recipe.scene.samples = 200;
    recipe.instrument.noise_scale = 1.0;
    recipe.instrument.gain_std = 0.0;
    recipe.ground.texture = 0.0;
    recipe.ground.variability = 0.0;
    recipe.ground.relief_m = 0.0;
    recipe.air.water_std = 0.0;
    recipe
}

fn built(recipe: &Recipe, noise: f64) -> Simulator {
    Simulator::new(recipe, &scenery(), &camera(noise), &[grey_gas()], &[]).unwrap()
}

#[test]
fn a_plume_holds_the_mass_its_rate_emits() {
    for kind in [PlumeKind::Gaussian, PlumeKind::Puffs] {
        let recipe = Recipe { plume: vec![plume(kind, 360.0)], ..even() };
        let simulator = built(&recipe, 0.0);

        // 0.1 kg/s over 300 m at 4 m/s.
        let emitted = 0.1 * 75.0;
        let truth = &simulator.plumes()[0];
        let (_, map) = simulator.enhancements().next().unwrap();
        let kg = map.values.iter().map(|&v| f64::from(v)).sum::<f64>()
            * plumes::kg_per_ppmm_m2(GramsPerMole(20.0))
            * 9.0;
        assert!((truth.mass_emitted_kg / emitted - 1.0).abs() < 1e-9, "{kind:?}");
        assert!((truth.mass_inside_kg / emitted - 1.0).abs() < 0.01, "{kind:?} {truth:?}");
        assert!((kg / emitted - 1.0).abs() < 0.01, "{kind:?} {kg}");
    }
}

#[test]
fn gas_passes_each_slice_downwind_at_the_stated_rate() {
    let recipe = Recipe { plume: vec![plume(PlumeKind::Gaussian, 360.0)], ..even() };
    let simulator = built(&recipe, 0.0);
    let (_, map) = simulator.enhancements().next().unwrap();

    // Wind from the west blows along the samples; kg per metre times wind is the flux.
    for sample in [60, 90, 120] {
        let column: f64 = (0..200).map(|l| f64::from(map.at(l, sample))).sum();
        let flux = column * plumes::kg_per_ppmm_m2(GramsPerMole(20.0)) * 3.0 * 4.0;
        assert!((flux / 0.1 - 1.0).abs() < 0.02, "{sample}: {flux}");
    }
}

#[test]
fn a_grey_gas_takes_light_by_beer_and_lambert() {
    let recipe = Recipe { plume: vec![plume(PlumeKind::Gaussian, 360.0)], ..even() };
    let with = built(&recipe, 0.0);
    let without = built(&even(), 0.0);
    let (_, map) = with.enhancements().next().unwrap();
    let (sample, band) = (60, 10);

    let (l, l0) = (with.lines(100..101), without.lines(100..101));
    let at = sample * 20 + band;
    let way = 1.0 / 32.4_f64.to_radians().cos() + 1.0 / 4.0_f64.to_radians().cos();
    let expected = -f64::from(map.at(100, sample)) * 2.4794e15 * 1e-20 * way;

    let seen = f64::from(l[at] / l0[at]).ln();
    assert!((seen / expected - 1.0).abs() < 1e-3, "{seen} {expected}");
    assert!((l[sample * 20] / l0[sample * 20] - 1.0).abs() < 1e-6, "a band without lines is dark");
}

#[test]
fn the_scatter_of_even_ground_is_the_noise_law() {
    let simulator = built(&even(), 0.05);
    let clean = built(&even(), 0.0).lines(0..50);
    let noise: Vec<f64> = simulator
        .lines(0..50)
        .iter()
        .zip(&clean)
        .map(|(a, b)| f64::from(*a) - f64::from(*b))
        .collect();

    let n = noise.len() as f64;
    let mean = noise.iter().sum::<f64>() / n;
    let std = (noise.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n).sqrt();
    assert!(mean.abs() < 5.0 * 0.05 / n.sqrt(), "{mean}");
    assert!((std / 0.05 - 1.0).abs() < 0.01, "{std}");
}

#[test]
fn one_thread_and_two_give_the_same_bits() {
    let recipe = Recipe { plume: vec![plume(PlumeKind::Puffs, 50.0)], ..even() };
    let render = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| built(&recipe, 0.05).lines(90..110))
    };
    let (one, two) = (render(1), render(2));

    assert!(one.iter().zip(&two).all(|(a, b)| a.to_bits() == b.to_bits()));
}

#[test]
fn a_line_is_the_same_whatever_is_rendered_with_it() {
    let simulator = built(&even(), 0.05);
    let width = 200 * 20;

    assert_eq!(simulator.lines(3..8)[2 * width..3 * width], simulator.lines(5..6)[..]);
}

#[test]
fn another_seed_is_another_scene() {
    let recipe = Recipe { seed: 2, ..even() };

    assert_ne!(built(&even(), 0.05).lines(0..1), built(&recipe, 0.05).lines(0..1));
}

#[test]
fn defects_are_where_the_recipe_puts_them() {
    let mut recipe = even();
    recipe.defects.dead_columns = vec![7];
    recipe.defects.border = 0.1;
    recipe.instrument.ceiling = Some(5.0);
    let line = built(&recipe, 0.05).lines(100..101);

    assert!(line[7 * 20..8 * 20].iter().all(|&v| v == 0.0));
    assert!(line.iter().all(|&v| v <= 5.0));
    let first = built(&recipe, 0.05).lines(0..1);
    assert!(first[..20 * 20].iter().all(|v| v.is_nan()), "the border starts 20 pixels wide");
    assert!(!first[20 * 20].is_nan());
}

#[test]
fn random_plumes_keep_to_their_range_and_away_from_the_edges() {
    let mut recipe = even();
    let toml = RandomChoice { count: 9, low: 20.0, high: 2000.0 };
    recipe.plumes = Some(toml.plumes());
    let simulator = built(&recipe, 0.0);

    assert_eq!(simulator.plumes().len(), 9);
    for p in simulator.plumes() {
        assert!((20.0..=2000.0).contains(&p.rate_kg_h));
        assert!((19.0..=181.0).contains(&p.source.sample_px));
    }
}

struct RandomChoice {
    count: usize,
    low: f64,
    high: f64,
}

impl RandomChoice {
    fn plumes(&self) -> recipe::RandomPlumes {
        recipe::RandomPlumes {
            count: self.count,
            gas: "grey".into(),
            kind: PlumeKind::Gaussian,
            rate_kg_h: [self.low, self.high],
            direction_std_deg: 10.0,
        }
    }
}

#[test]
fn what_cannot_be_is_refused_by_name() {
    let refused = |change: &dyn Fn(&mut Recipe)| {
        let mut recipe = even();
        change(&mut recipe);
        let gases = [grey_gas()];
        Simulator::new(&recipe, &scenery(), &camera(0.0), &gases, &[]).unwrap_err().to_string()
    };

    assert_eq!(
        refused(&|r| r.view.sun_zenith_deg = 89.0),
        "`view.sun_zenith_deg` is 89; it has to be from 0 to 80"
    );
    assert_eq!(
        refused(&|r| r.wind.speed_m_s = f64::NAN),
        "`wind.speed_m_s` is NaN; it has to be from 0.3 to 60"
    );
    let mut unknown = plume(PlumeKind::Puffs, 5.0);
    unknown.gas = "phlogiston".into();
    assert!(refused(&|r| r.plume = vec![unknown.clone()]).starts_with("gas `phlogiston` is not"));
    assert_eq!(
        refused(&|r| r.plume = vec![plume(PlumeKind::Puffs, 0.0)]),
        "plume 1: `rate_kg_h` has to be above 0"
    );
}

#[test]
fn an_outline_is_filled_with_the_stated_mass_and_no_claim_of_a_rate() {
    let mut choice = plume(PlumeKind::Mask, 100.0);
    choice.mask = Some("x.png".into());
    let recipe = Recipe { plume: vec![choice], ..even() };
    let inside = (0..20 * 30).map(|i| (5..15).contains(&(i / 30)) && i % 30 > 3).collect();
    let outline = Outline { lines: 20, samples: 30, inside };

    let simulator =
        Simulator::new(&recipe, &scenery(), &camera(0.0), &[grey_gas()], &[Some(outline)]).unwrap();

    let truth = &simulator.plumes()[0];
    let (_, map) = simulator.enhancements().next().unwrap();
    assert!(!truth.rate_is_physical);
    assert_eq!(map.values.iter().filter(|v| **v > 0.0).count(), 260);
    assert!(map.at(110, 55) > map.at(105, 55), "more gas in the middle than at the edge");
    let length = (260.0_f64 * 9.0).sqrt();
    assert!((truth.mass_inside_kg / (100.0 / 3600.0 * length / 4.0) - 1.0).abs() < 1e-6);
}
