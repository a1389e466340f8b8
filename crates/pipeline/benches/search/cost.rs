//! What a search costs.

use anyhow::Result;
use cathartes_sensing::search::{self, Filter, SearchOptions};

use crate::scene;

pub(crate) fn run(words: &[&str]) -> Result<()> {
    let lines = words.iter().find_map(|w| w.strip_prefix("lines=")).map_or(Ok(2000), str::parse)?;
    let scene = scene::simulated(&scene::recipe(1, lines, true)?)?;
    let pixels = (scene.cube.lines * scene.cube.samples) as f64;
    for threads in [1, 2] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
        for (filter, name) in Filter::ALL {
            let options = SearchOptions {
                filter,
                window_bands: Some(scene.window),
                ..SearchOptions::default()
            };
            let timed = |what: &str, work: &(dyn Fn() + Sync)| {
                let (wall, cpu) = (std::time::Instant::now(), cpu_seconds());
                pool.install(work);
                let (wall, cpu) = (wall.elapsed().as_secs_f64(), cpu_seconds() - cpu);
                println!(
                    "{threads} threads  {name:<10} {what:<8} wall {wall:6.2} s  cpu {cpu:6.2} s  {:6.2} Mpixel/cpu s  resident {:.2} GB",
                    pixels / cpu / 1e6,
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
    }
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
