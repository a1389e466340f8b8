//! What a search costs.

use std::time::Instant;

use anyhow::Result;
use cathartes_sensing::{
    follow::Follower,
    search::{self, Filter, SearchOptions},
};

use crate::{
    limits,
    scene::{self, Scene},
};

pub(crate) fn run(words: &[&str]) -> Result<()> {
    let lines = words.iter().find_map(|w| w.strip_prefix("lines=")).map_or(Ok(2000), str::parse)?;
    let scene = scene::simulated(&scene::recipe(1, lines, true)?)?;
    let window = scene.window_alone();
    let (syrk, read) = (limits::syrk_s(&scene), limits::read_s(&scene));
    let pixels = (scene.cube.lines * scene.cube.samples) as f64;
    let products = pixels * (scene.window * (scene.window + 1)) as f64 / syrk / 1e9;
    let bytes = pixels * (4 * scene.window) as f64 / read / 1e9;
    println!(
        "limits of one thread, {} bands: SYRK {syrk:.3} s ({products:.0} GFLOP/s), reading {read:.3} s ({bytes:.1} GB/s)",
        scene.window
    );
    for threads in [1, 2] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
        for (filter, name) in Filter::ALL {
            let scene = if filter == Filter::Auto { &scene } else { &window };
            let options = SearchOptions {
                filter,
                window_bands: Some(scene.window),
                ..SearchOptions::default()
            };
            let timed = |what: &str, work: &(dyn Fn() + Sync)| {
                let (wall, cpu) = (Instant::now(), cpu_seconds());
                pool.install(work);
                let (wall, cpu) = (wall.elapsed().as_secs_f64(), cpu_seconds() - cpu);
                println!(
                    "{threads} threads  {name:<10} {what:<8} wall {wall:6.2} s  cpu {cpu:6.2} s  {:6.2} Mpixel/cpu s  {:3.0} % of it SYRK's limit, {:3.0} % reading's  resident {:.2} GB",
                    pixels / cpu / 1e6,
                    100.0 * syrk / cpu,
                    100.0 * read / cpu,
                    resident_gb()
                );
            };
            if filter != Filter::Auto {
                timed("filter", &|| {
                    drop(search::plain_enhancement(&scene.cube, &scene.signature, &options));
                });
            }
            timed("search", &|| drop(search::search(&scene.cube, &scene.signature, &options)));
        }
        pool.install(|| follow(&scene, threads))?;
    }
    Ok(())
}

/// Lines a second while the line is flown.
fn follow(scene: &Scene, threads: usize) -> Result<()> {
    let options = SearchOptions { window_bands: Some(scene.window), ..SearchOptions::default() };
    let mut follower = Follower::new(scene.cube.samples, scene.signature.clone(), options);
    let (start, mut longest) = (Instant::now(), 0.0_f64);
    for line in scene.cube.data.chunks_exact(scene.cube.samples * scene.cube.bands.len()) {
        let begun = Instant::now();
        follower.push(line)?;
        longest = longest.max(begun.elapsed().as_secs_f64());
    }
    let rate = scene.cube.lines as f64 / start.elapsed().as_secs_f64();
    println!(
        "{threads} threads  following: {rate:.0} lines of {} pixels a second; the slowest line {longest:.2} s",
        scene.cube.samples
    );
    Ok(())
}

/// CPU seconds of this process so far, user and system (Linux; 100 ticks a second).
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit(')').next().unwrap_or_default();
    let field = |k: usize| {
        after.split_whitespace().nth(k).and_then(|w| w.parse::<f64>().ok()).unwrap_or(0.0)
    };
    (field(11) + field(12)) / 100.0
}

/// Most memory held so far, GB (Linux).
fn resident_gb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("VmHWM")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|w| w.parse::<f64>().ok()).unwrap_or(0.0) / 1e6
}
