//! One simulated scene, searched.

use cathartes_core::{
    cube::Cube,
    estimate::Estimate,
    gas::CrossSection,
    plume::{PixelPlace, Plume},
    raster::Raster,
    scenery::{Instrument, Scenery},
    signature::Signature,
    spectrum::Band,
    units::{Degrees, Metres, MetresPerSecond},
    wind::Wind,
};
use cathartes_formats::scenery;
use cathartes_pipeline::gas::{library, signature_under_sky};
use cathartes_sensing::{
    look_alike::{Evidence, Verdict, judge},
    plumes::{FindOptions, Ground, find},
    search::{SearchOptions, search},
    signature::Slant,
    simulate::{
        Simulator, TruePlume,
        recipe::{PlumeChoice, PlumeKind, Recipe, SceneSize, WindChoice},
    },
};
use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;

const LINES: usize = 200;
const SAMPLES: usize = 128;
/// Painted roofs: first line and sample, 8 × 10 pixels each.
const ROOFS: [(usize, usize); 3] = [(30, 20), (95, 80), (160, 40)];

/// Everything that is the same for all scenes.
pub(crate) struct Laboratory {
    scenery: Scenery,
    instrument: Instrument,
    library: Vec<CrossSection>,
}

/// A scene, what is in it and what was found.
pub(crate) struct Trial {
    pub(crate) seed: u64,
    pub(crate) truth: Option<TruePlume>,
    pub(crate) enhancement: Option<Raster>,
    /// The map that decided.
    pub(crate) decision: Raster,
    pub(crate) pixel_m: f64,
    /// The wind as told to the rates.
    pub(crate) wind: Wind,
    pub(crate) plumes: Vec<Plume>,
    pub(crate) verdicts: Vec<Option<Verdict>>,
}

pub(crate) fn on_roof(line: usize, sample: usize) -> bool {
    ROOFS.iter().any(|(l, s)| (*l..l + 8).contains(&line) && (*s..s + 10).contains(&sample))
}

impl Laboratory {
    pub(crate) fn open() -> Self {
        let scenery = scenery::builtin().unwrap();
        let mut instrument =
            scenery.instruments.iter().find(|i| i.slug == "aviris-ng").unwrap().clone();
        let window = |band: &Band| (2122.0..2488.0).contains(&band.center.0);
        let kept = |i: &usize| window(&instrument.bands[*i]);
        let kept: Vec<usize> = (0..instrument.bands.len()).filter(kept).collect();
        instrument.noise = kept.iter().map(|&i| instrument.noise[i]).collect();
        instrument.bands = kept.iter().map(|&i| instrument.bands[i]).collect();
        Self { scenery, instrument, library: library(None).unwrap() }
    }

    /// One plume from what a search barely sees to fifty times that, wind and pixel at random.
    pub(crate) fn with_plume(&self, seed: u64) -> Trial {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
        let kind = super::KINDS[(seed % 2) as usize];
        let pixel_m: f64 = random.random_range(2.0..8.0);
        let wind = WindChoice {
            speed_m_s: random.random_range(1.5..7.0),
            from_deg: random.random_range(0.0..360.0),
        };
        let faint = 3.0 * wind.speed_m_s * pixel_m;
        let (sin, cos) = (wind.from_deg + 180.0).to_radians().sin_cos();
        let plume = PlumeChoice {
            kind,
            gas: "ch4".into(),
            line: LINES as f64 * 0.5 + 45.0 * cos,
            sample: SAMPLES as f64 * 0.5 - 30.0 * sin,
            rate_kg_h: faint * random.random_range(0.0..4.0_f64).exp(),
            wind: None,
            length_m: 2500.0,
            turbulence: 0.3,
            mask: None,
        };
        let recipe = Recipe { plume: vec![plume], wind, ..recipe(seed, pixel_m) };
        self.search(&recipe, 0.1, |_| {})
    }

    pub(crate) fn empty(&self, seed: u64) -> Trial {
        self.search(&recipe(seed, 4.0), 0.1, |_| {})
    }

    /// Roofs with the two broad bands of CH bonds, 3 to 30 % deep.
    pub(crate) fn painted(&self, seed: u64) -> Trial {
        let depth = 0.03 * 10_f64.powf((seed % 5) as f64 / 4.0);
        self.search(&recipe(seed, 4.0), 0.1, |cube| {
            let dip = |nm: f64, at: f64, width: f64| (-0.5 * ((nm - at) / width).powi(2)).exp();
            let ln = cube.bands.iter().map(|b| b.center.0);
            let ln: Vec<f64> = ln
                .map(|nm| -depth * (dip(nm, 2310.0, 12.0) + 0.7 * dip(nm, 2350.0, 14.0)))
                .collect();
            let bands = ln.len();
            for (at, pixel) in cube.data.chunks_exact_mut(bands).enumerate() {
                if on_roof(at / SAMPLES, at % SAMPLES) {
                    pixel.iter_mut().zip(&ln).for_each(|(x, ln)| *x *= ln.exp() as f32);
                }
            }
        })
    }

    fn search(&self, recipe: &Recipe, alarms: f64, spoil: impl Fn(&mut Cube)) -> Trial {
        let simulator =
            Simulator::new(recipe, &self.scenery, &self.instrument, &self.library, &[]).unwrap();
        let data = simulator.lines(0..LINES);
        let bands = self.instrument.bands.clone();
        let mut cube = Cube { lines: LINES, samples: SAMPLES, bands, data };
        spoil(&mut cube);
        let signature = self.signature("ch4", recipe);
        let maps = search(&cube, &signature, &SearchOptions::default()).unwrap();
        let wind = told(recipe);
        let middle = PixelPlace { line_px: LINES as f64 / 2.0, sample_px: SAMPLES as f64 / 2.0 };
        let steps = simulator.info().geometry.steps(middle);
        let gas = self.library.iter().find(|g| g.gas.slug == "ch4").unwrap().gas.clone();
        let options = FindOptions { expected_false_alarms: alarms, ..FindOptions::new(gas) };
        let plumes = find(&maps, &Ground { steps, wind: Some(wind) }, &options);
        let others = ["h2o", "co2"].map(|slug| (slug.to_owned(), self.signature(slug, recipe)));
        let verdicts = judge(
            &plumes,
            &Evidence {
                cube: &cube,
                first_line: 0,
                maps: &maps,
                signature: &signature,
                others: &others,
                window_bands: cube.bands.len(),
                seed: 1,
            },
        );
        Trial {
            seed: recipe.seed,
            truth: simulator.plumes().first().cloned(),
            enhancement: simulator.enhancements().next().map(|(_, raster)| raster.clone()),
            decision: maps.decision,
            pixel_m: simulator.pixel_m(),
            wind,
            plumes,
            verdicts,
        }
    }

    fn signature(&self, slug: &str, recipe: &Recipe) -> Signature {
        let gas = self.library.iter().find(|g| g.gas.slug == slug).unwrap();
        let slant = Slant {
            sun_zenith: Degrees(recipe.view.sun_zenith_deg),
            view_zenith: Degrees(recipe.view.view_zenith_deg),
        };
        let height = Metres(recipe.instrument.altitude_m);
        signature_under_sky(gas, &self.instrument.bands, slant, Some(height)).unwrap()
    }
}

fn recipe(seed: u64, pixel_m: f64) -> Recipe {
    let mut recipe = Recipe { seed, ..Recipe::default() };
    recipe.scene = SceneSize { lines: LINES, samples: SAMPLES };
    recipe.instrument.pixel_m = Some(pixel_m);
    recipe
}

/// The true wind with an error of its stated deviation, 15 % of the speed, and ten degrees.
fn told(recipe: &Recipe) -> Wind {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(recipe.seed ^ 0x5EED);
    let mut normal = || -> f64 { StandardNormal.sample(&mut random) };
    let speed = recipe.wind.speed_m_s * (1.0 + 0.15 * normal()).max(0.3);
    let std = MetresPerSecond(0.15 * speed);
    Wind {
        speed: Estimate { value: MetresPerSecond(speed), std },
        from: Degrees(recipe.wind.from_deg + 10.0 * normal()),
    }
}

impl Trial {
    /// The plume found that holds most of the true gas.
    pub(crate) fn matched(&self) -> Option<(&Plume, Option<&Verdict>)> {
        let truth = self.enhancement.as_ref()?;
        let held = |p: &Plume| -> f64 {
            p.pixels.iter().map(|&(l, s)| f64::from(truth.at(l as usize, s as usize))).sum()
        };
        let both = self.plumes.iter().zip(&self.verdicts).map(|(p, v)| (held(p), p, v));
        both.max_by(|a, b| a.0.total_cmp(&b.0))
            .filter(|found| found.0 > 100.0 * found.1.pixels.len() as f64)
            .map(|(_, p, v)| (p, v.as_ref()))
    }

    pub(crate) fn kind(&self) -> Option<PlumeKind> {
        self.truth.as_ref().map(|t| t.kind)
    }
}
