use std::fs;

use cathartes_core::{
    cube::{Cube, CubeSource, Window},
    units::Degrees,
};
use cathartes_formats::{Auxiliary, open};
use cathartes_sensing::{
    search::{Filter, SearchOptions, search},
    signature::{Slant, signature},
};

use super::*;

const TINY: &str = r#"
seed = 3
[scene]
lines = 40
samples = 30
[[plume]]
kind = "puffs"
gas = "ch4"
line = 20
sample = 5
rate_kg_h = 500
length_m = 60
"#;

fn made(text: &str) -> (tempfile::TempDir, Result<Written>) {
    let folder = tempfile::tempdir().unwrap();
    let recipe = folder.path().join("recipe.toml");
    fs::write(&recipe, text).unwrap();
    let written = simulate(&recipe, &folder.path().join("scene.img"), &|_, _| ());
    (folder, written)
}

fn refusal(text: &str) -> String {
    let (folder, outcome) = made(text);
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "only the recipe is left: {left:?}");
    format!("{:#}", outcome.unwrap_err())
}

#[test]
fn a_scene_is_written_with_its_truth_and_reads_back() {
    let (_folder, written) = made(TINY);
    let written = written.unwrap();

    let image = open(&written.image, &Auxiliary::default()).unwrap();
    let info = image.info();
    assert_eq!((info.lines, info.samples, info.bands.len()), (40, 30, 425));
    assert!((info.sun_zenith_deg.unwrap() - 32.4).abs() < 1e-9);
    assert_eq!(written.enhancements.len(), 1);
    let map = open(&written.enhancements[0], &Auxiliary::default()).unwrap();
    let mut ppmm = vec![0.0; 40 * 30];
    map.read(&Window { lines: 0..40, samples: 0..30 }, &[0], &mut ppmm).unwrap();

    let truth: serde_json::Value =
        serde_json::from_slice(&fs::read(&written.truth).unwrap()).unwrap();
    let plume = &truth["plumes"][0];
    let kg = ppmm.iter().map(|&v| f64::from(v)).sum::<f64>() * 9.0 * 2.4794e19 / 6.022_140_76e23
        * 16.043e-3;
    let said = plume["mass_inside_kg"].as_f64().unwrap();
    assert!((kg / said - 1.0).abs() < 0.01, "{kg} {said}");
    // 500 kg/h over 60 m at 3.5 m/s, all of it inside.
    let emitted = 500.0 / 3600.0 * 60.0 / 3.5;
    assert!((said / emitted - 1.0).abs() < 0.01, "{said} {emitted}");
    let place = &plume["source_place"];
    let here =
        info.geometry.locate(cathartes_core::plume::PixelPlace { line_px: 20.0, sample_px: 5.0 });
    assert!((place["latitude"].as_f64().unwrap() - here.unwrap().latitude.0).abs() < 1e-9);
}

const WARM: &str = r#"
[scene]
lines = 12
samples = 10
[instrument]
name = "hyper-cam"
resolution_per_cm = 6
[thermal]
plume_excess_k = -4
[[plume]]
kind = "gaussian"
gas = "nh3"
line = 6
sample = 2
rate_kg_h = 5
length_m = 20
"#;

#[test]
fn a_thermal_scene_is_written_with_the_contrast_beside_it() {
    let (_folder, written) = made(WARM);
    let written = written.unwrap();

    let image = open(&written.image, &Auxiliary::default()).unwrap();
    let info = image.info();
    assert_eq!(info.radiance_unit.as_deref(), Some("W m-2 sr-1 um-1"));
    assert!(info.bands.iter().all(|b| (7_600.0..11_800.0).contains(&b.center.0)));
    let contrast = open(&written.contrast.unwrap(), &Auxiliary::default()).unwrap();
    let mut kelvin = vec![0.0; 120];
    contrast.read(&Window { lines: 0..12, samples: 0..10 }, &[0], &mut kelvin).unwrap();
    assert!(kelvin.iter().all(|k| (-60.0..40.0).contains(k)), "{kelvin:?}");
    let truth: serde_json::Value =
        serde_json::from_slice(&fs::read(&written.truth).unwrap()).unwrap();
    assert_eq!(truth["plumes"][0]["temperature_k"], 294.0);
    assert!(truth["plumes"][0]["contrast_k"].is_number());
    assert_eq!(truth["recipe"]["thermal"]["plume_excess_k"], -4.0);

    let lit = refusal("[instrument]\nname = \"hytes\"");
    assert!(lit.contains("add a `[thermal]` table to the recipe"), "{lit}");
    let fine = refusal(&WARM.replace("resolution_per_cm = 6", "resolution_per_cm = 0.1"));
    assert!(fine.contains("`instrument.resolution_per_cm` is 0.1"), "{fine}");
}

#[test]
fn the_same_recipe_gives_the_same_bytes() {
    let bytes = || {
        let (folder, written) = made(TINY);
        let written = written.unwrap();
        let read = |p: &PathBuf| fs::read(p).unwrap();
        let all = (read(&written.image), read(&written.truth), read(&written.enhancements[0]));
        drop(folder);
        all
    };

    assert!(bytes() == bytes());
}

#[test]
fn a_recipe_with_a_key_nobody_knows_is_refused_with_its_line() {
    let said = refusal("seed = 1\n[scene]\nlines = 10\ncolour = 3\n");

    assert!(said.contains("line 4") && said.contains("colour"), "{said}");
}

#[test]
fn what_a_recipe_asks_in_vain_is_said_and_nothing_is_left() {
    assert!(refusal("[instrument]\nname = \"eye\"").contains("known are aviris-ng, emit"));
    let gas = TINY.replace("ch4", "phlogiston");
    assert!(refusal(&gas).contains("gas `phlogiston` is not in the library"));
    let infrared = TINY.replace("ch4", "phosphine");
    assert!(refusal(&infrared).contains("recipe.toml: cannot be simulated"));
    let mask = TINY.replace("length_m = 60", "mask = \"none.png\"").replace("puffs", "mask");
    assert!(refusal(&mask).contains("none.png: cannot be opened"));
}

#[test]
fn a_mask_plume_has_the_outline_of_its_picture() {
    let folder = tempfile::tempdir().unwrap();
    let file = fs::File::create(folder.path().join("outline.png")).unwrap();
    let mut encoder = png::Encoder::new(file, 4, 3);
    encoder.set_color(png::ColorType::Grayscale);
    let picture = [0, 255, 255, 0, 255, 255, 255, 0, 0, 255, 0, 0];
    encoder.write_header().unwrap().write_image_data(&picture).unwrap();
    let text = TINY.replace("length_m = 60", "mask = \"outline.png\"").replace("puffs", "mask");
    let recipe: Recipe = toml::from_str(&text).unwrap();

    let simulator = lay_out(&recipe, folder.path()).unwrap();

    let (_, map) = simulator.enhancements().next().unwrap();
    let gas: Vec<(usize, usize)> = (0..40)
        .flat_map(|l| (0..30).map(move |s| (l, s)))
        .filter(|&(l, s)| map.at(l, s) > 0.0)
        .collect();
    assert_eq!(gas, [(20, 6), (20, 7), (21, 5), (21, 6), (21, 7), (22, 6)]);
}

#[test]
fn the_recipes_of_the_project_are_recipes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/recipes");
    let mut seen = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "toml") {
            read_recipe(&path).unwrap().check().unwrap();
            seen += 1;
        }
    }
    assert!(seen >= 3);
}

/// Robust scatter of the plain filter over a piece of ground, and the mean spectrum of its window.
fn plain(source: &dyn CubeSource) -> (f64, Vec<f64>) {
    let info = source.info();
    let window = |nm: f64| (2122.0..=2488.0).contains(&nm);
    let bands: Vec<usize> =
        (0..info.bands.len()).filter(|&i| window(info.bands[i].center.0)).collect();
    let mut data = vec![0.0; 25 * 30 * bands.len()];
    source.read(&Window { lines: 0..25, samples: 0..30 }, &bands, &mut data).unwrap();
    let mean = (0..bands.len())
        .map(|b| {
            data.iter().skip(b).step_by(bands.len()).map(|&v| f64::from(v)).sum::<f64>() / 750.0
        })
        .collect();
    // One column of all pixels: the plain filter knows one background for the whole piece.
    let bands = bands.iter().map(|&i| info.bands[i]).collect();
    let cube = Cube { lines: 750, samples: 1, bands, data };
    let slant = Slant { sun_zenith: Degrees(32.4), view_zenith: Degrees(4.2) };
    let library = crate::gas::library(None).unwrap();
    let gas = crate::gas::find("ch4", &library).unwrap();
    let signature = signature(gas, &cube.bands, slant).unwrap();
    let options = SearchOptions { filter: Filter::Classic, ..SearchOptions::default() };
    let maps = search(&cube, &signature, &options).unwrap();
    let mut values: Vec<f32> = maps.enhancement_ppmm.values.clone();
    values.sort_by(f32::total_cmp);
    let at = |share: f64| f64::from(values[(share * 749.0) as usize]);
    ((at(0.8413) - at(0.1587)) / 2.0, mean)
}

/// The conditions of the real chip: pixels of 15 m, each the mean of many, brushland.
const LIKE_THE_CHIP: &str = r"
[scene]
lines = 25
samples = 30
[instrument]
pixel_m = 15
altitude_m = 1900
noise_scale = 0.4
[ground]
urban = 0
water = 0
relief_m = 60
";

#[test]
fn simulated_ground_scatters_a_plain_filter_as_real_ground_does() {
    let chip = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/cubes/ang20160910t185702_2rdn_img");
    if !chip.is_file() {
        println!("{} is not there: not compared with real ground", chip.display());
        return;
    }
    let real = plain(open(&chip, &Auxiliary::default()).unwrap().as_ref());
    let mut scatters = Vec::new();
    let mut shape = 0.0_f64;
    for seed in 1..=8 {
        let (_folder, written) = made(&format!("seed = {seed}\n{LIKE_THE_CHIP}"));
        let image = open(&written.unwrap().image, &Auxiliary::default()).unwrap();
        let (scatter, mean) = plain(image.as_ref());
        scatters.push(scatter);
        let cosine = mean.iter().zip(&real.1).map(|(a, b)| a * b).sum::<f64>()
            / (mean.iter().map(|a| a * a).sum::<f64>() * real.1.iter().map(|a| a * a).sum::<f64>())
                .sqrt();
        shape = shape.max(1.0 - cosine);
    }
    scatters.sort_by(f64::total_cmp);
    println!("real {:.0} ppm m, simulated {scatters:.0?}, shape {shape:.4}", real.0);

    let middle = scatters[4];
    assert!((0.6..=1.7).contains(&(middle / real.0)), "real {}, simulated {scatters:?}", real.0);
    assert!(shape < 0.02, "{shape}");
}
