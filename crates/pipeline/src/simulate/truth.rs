//! The truth beside a simulated scene. Only the simulator writes it.

use std::path::Path;

use anyhow::{Context, Result};
use cathartes_sensing::simulate::{Simulator, TruePlume, recipe::Recipe};
use serde::Serialize;

#[derive(Serialize)]
struct Truth<'t> {
    made_by: String,
    seed: u64,
    lines: usize,
    samples: usize,
    pixel_m: f64,
    /// How ppm m and kg go together in this file.
    molecules_per_cm2_per_ppmm: f64,
    plumes: &'t [TruePlume],
    recipe: &'t Recipe,
}

pub(super) fn write(path: &Path, recipe: &Recipe, simulator: &Simulator) -> Result<()> {
    let info = simulator.info();
    let truth = Truth {
        made_by: format!("cathartes {} simulate", env!("CARGO_PKG_VERSION")),
        seed: recipe.seed,
        lines: info.lines,
        samples: info.samples,
        pixel_m: simulator.pixel_m(),
        molecules_per_cm2_per_ppmm: 2.4794e15,
        plumes: simulator.plumes(),
        recipe,
    };
    let mut text = serde_json::to_vec_pretty(&truth)?;
    text.push(b'\n');
    let place = || format!("{}: cannot be written", path.display());
    let partial = path.with_extension("json.partial");
    std::fs::write(&partial, &text)
        .and_then(|()| std::fs::rename(&partial, path))
        .inspect_err(|_| drop(std::fs::remove_file(&partial)))
        .with_context(place)
}
