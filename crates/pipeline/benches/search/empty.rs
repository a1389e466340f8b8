//! Scenes without a plume: what significance scatters by there, and how often the decision alarms.

use anyhow::Result;
use cathartes_sensing::{
    search::{self, SearchOptions},
    spatial,
};

use crate::{quality, scene};

/// Scenes, and their size.
const SCENES: u64 = 100;
const LINES: usize = 300;
const SAMPLES: usize = 200;
/// The first seed that nothing was tuned on.
const FIRST_SEED: u64 = 3000;

pub(crate) fn run(words: &[&str]) -> Result<()> {
    let scenes = words.iter().find_map(|w| w.parse().ok()).unwrap_or(SCENES);
    let first = words.iter().find_map(|w| w.strip_prefix("from=")?.parse().ok());
    let first: u64 = first.unwrap_or(FIRST_SEED);
    let (mut significance, mut decision) = (Vec::<f32>::new(), Vec::<f32>::new());
    for seed in first..first + scenes {
        let mut recipe = scene::recipe(seed, LINES, !words.contains(&"varied"))?;
        (recipe.scene.samples, recipe.plumes) = (SAMPLES, None);
        let scene = scene::simulated(&recipe)?;
        let options =
            SearchOptions { window_bands: Some(scene.window), ..SearchOptions::default() };
        let maps = search::search(&scene.cube, &scene.signature, &options)?;
        quality::dump(seed, &maps, &scene)?;
        significance.extend(maps.significance.values.iter().filter(|z| z.is_finite()));
        decision.extend(maps.decision.values.iter().filter(|d| d.is_finite()));
    }
    let n = significance.len() as f64;
    let mean = significance.iter().map(|z| f64::from(*z)).sum::<f64>() / n;
    let variance = significance.iter().map(|z| (f64::from(*z) - mean).powi(2)).sum::<f64>() / n;
    println!(
        "{scenes} scenes of {LINES} x {SAMPLES} pixels without a plume: significance has mean {mean:.3}, variance {variance:.3}"
    );
    for asked in [1e-2, 1e-3, 1e-4] {
        let above = spatial::threshold(asked) as f32;
        let found = decision.iter().filter(|d| **d > above).count() as f64 / decision.len() as f64;
        println!(
            "asked {asked:.0e}: {found:.2e} of the pixels alarm, {:.2} times as many",
            found / asked
        );
    }
    Ok(())
}
