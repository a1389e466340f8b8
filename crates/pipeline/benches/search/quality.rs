//! What each filter finds: average precision, found at one false pixel in a thousand, error and
//! mass of the quantity map.

use anyhow::Result;
use cathartes_sensing::search::{self, Filter, SearchOptions};

use crate::scene::{self, Scene};

/// Less than this is background, ppm m.
const BACKGROUND: f32 = 1.0;

pub(crate) fn run(words: &[&str]) -> Result<()> {
    let (mut lines, mut calm, mut filters) = (2000, false, &Filter::ALL[..]);
    let mut seeds = Vec::new();
    for word in words {
        match word.strip_prefix("lines=") {
            Some(n) => lines = n.parse()?,
            None if *word == "calm" => calm = true,
            None if *word == "auto" => filters = &Filter::ALL[..1],
            None => seeds.push(word.parse()?),
        }
    }
    let seeds = if seeds.is_empty() { vec![1] } else { seeds };
    println!(
        "| seed, map | AP>100 | AP>300 | AP>1000 | found >300 at 1e-3 | false at 3.09 | RMSE | mass |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    for seed in seeds {
        let scene = scene::simulated(&scene::recipe(seed, lines, calm)?)?;
        score(seed, &scene, filters)?;
    }
    Ok(())
}

fn score(seed: u64, scene: &Scene, filters: &[(Filter, &str)]) -> Result<()> {
    let above = |t: f32| scene.truth.iter().filter(|v| **v > t).count();
    let plain = plain_sigma(scene)?;
    println!(
        "| {seed}: {} pixels above 100, {} above 300 ppm-m; plain filter scatters by {plain:.0} ppm-m |",
        above(100.0),
        above(300.0)
    );
    for &(filter, name) in filters {
        let options =
            SearchOptions { filter, window_bands: Some(scene.window), ..SearchOptions::default() };
        let maps = search::search(&scene.cube, &scene.signature, &options)?;
        let (quantity, decision) = (&maps.enhancement_ppmm.values, &maps.decision.values);
        row(&format!("{seed} {name}, quantity"), quantity, quantity, scene);
        if filter == Filter::Auto {
            row(
                &format!("{seed} {name}, significance"),
                &maps.significance.values,
                quantity,
                scene,
            );
            println!("{:?} {:?}", maps.chosen.reasons, maps.masks);
            dump(seed, &maps, scene)?;
        }
        row(&format!("{seed} {name}, decision"), decision, quantity, scene);
    }
    Ok(())
}

/// Deviation of the column matched filter over background, ppm m.
fn plain_sigma(scene: &Scene) -> Result<f64> {
    let options = SearchOptions {
        filter: Filter::Classic,
        window_bands: Some(scene.window),
        ..SearchOptions::default()
    };
    let map = search::plain_enhancement(&scene.cube, &scene.signature, &options)?;
    let seen =
        || map.values.iter().zip(&scene.truth).filter(|(m, t)| **t < BACKGROUND && m.is_finite());
    let n = seen().count() as f64;
    let mean = seen().map(|(m, _)| f64::from(*m)).sum::<f64>() / n;
    Ok((seen().map(|(m, _)| (f64::from(*m) - mean).powi(2)).sum::<f64>() / n).sqrt())
}

/// Raw maps for a look with other tools, when a folder is named for them.
pub(crate) fn dump(
    seed: u64,
    maps: &cathartes_sensing::maps::SearchMaps,
    scene: &Scene,
) -> Result<()> {
    let Some(folder) = std::env::var_os("CATHARTES_DUMP") else { return Ok(()) };
    let folder = std::path::PathBuf::from(folder);
    let all = [
        ("truth", &scene.truth),
        ("enhancement", &maps.enhancement_ppmm.values),
        ("sigma", &maps.sigma_ppmm.values),
        ("significance", &maps.significance.values),
        ("decision", &maps.decision.values),
    ];
    for (name, values) in all {
        let bytes: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
        std::fs::write(folder.join(format!("{name}-{seed}.f32")), bytes)?;
    }
    Ok(())
}

fn row(name: &str, map: &[f32], quantity: &[f32], scene: &Scene) {
    let truth = &scene.truth;
    let mut background: Vec<f32> = (0..map.len())
        .filter(|&i| truth[i] < BACKGROUND && map[i].is_finite())
        .map(|i| map[i])
        .collect();
    let false_rate =
        background.iter().filter(|m| **m > 3.09).count() as f64 / background.len() as f64;
    background.sort_by(f32::total_cmp);
    let threshold = background[background.len() - 1 - background.len() / 1000];
    let strong = || (0..map.len()).filter(|&i| truth[i] > 300.0);
    let found =
        strong().filter(|&i| map[i] > threshold).count() as f64 / strong().count().max(1) as f64;
    let plume: Vec<usize> =
        (0..map.len()).filter(|&i| truth[i] > 10.0 && quantity[i].is_finite()).collect();
    let total = |of: &[f32]| plume.iter().map(|&i| f64::from(of[i])).sum::<f64>();
    let square: f64 = plume.iter().map(|&i| f64::from(quantity[i] - truth[i]).powi(2)).sum();
    println!(
        "| {name} | {:.4} | {:.4} | {:.4} | {found:.3} | {false_rate:.1e} | {:.0} | {:.3} |",
        average_precision(map, truth, 100.0),
        average_precision(map, truth, 300.0),
        average_precision(map, truth, 1000.0),
        (square / plume.len().max(1) as f64).sqrt(),
        total(quantity) / total(truth),
    );
}

/// Average precision for pixels above a true enhancement against true background; a pixel without
/// an answer is ranked last.
fn average_precision(map: &[f32], truth: &[f32], above: f32) -> f64 {
    let mut ranked: Vec<(f32, bool)> = map
        .iter()
        .zip(truth)
        .filter(|(_, t)| **t > above || **t < BACKGROUND)
        .map(|(m, t)| (if m.is_nan() { f32::MIN } else { *m }, *t > above))
        .collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (mut hits, mut sum) = (0.0, 0.0);
    for (k, _) in ranked.iter().enumerate().filter(|(_, r)| r.1) {
        hits += 1.0;
        sum += hits / (k + 1) as f64;
    }
    sum / hits
}
