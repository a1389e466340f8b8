//! A recipe becomes a cube on disk with the truth beside it.

mod outline;
mod own_instrument;
mod truth;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use cathartes_core::{
    cube::CubeInfo,
    raster::Raster,
    scenery::{Instrument, Scenery},
    spectrum::Band,
    units::{Nanometres, PerCm},
};
use cathartes_formats::{
    envi::{Interleave, Layout, Writer},
    scenery,
};
use cathartes_sensing::{
    simulate::{Outline, Simulator, recipe::Recipe},
    thermal::instruments,
};
use thiserror::Error;

use crate::outcome::Unfinished;

/// Bytes of radiance rendered before they are written.
const BLOCK_BYTES: usize = 96 << 20;

/// What was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    /// The image; its header lies beside it.
    pub image: PathBuf,
    /// The truth in words and numbers.
    pub truth: PathBuf,
    /// The true enhancement of every gas that has a plume.
    pub enhancements: Vec<PathBuf>,
    /// The true contrast between ground and plumes, of a thermal scene.
    pub contrast: Option<PathBuf>,
    /// Plumes in the scene.
    pub plumes: usize,
}

/// An instrument no recipe can name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`instrument.name` cannot be `{name}`; known are {known}, or give `file = \"own.csv\"`")]
pub struct UnknownInstrument {
    name: String,
    known: String,
}

/// Reads a recipe. Keys it does not know are errors with their line.
///
/// # Errors
///
/// When the file cannot be read or does not parse.
pub fn read_recipe(path: &Path) -> Result<Recipe> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("{}: cannot be read", path.display()))?;
    toml::from_str(&text).with_context(|| format!("{}: not a recipe", path.display()))
}

/// The instrument a recipe asks for; `folder` is where relative names start.
///
/// # Errors
///
/// When the name is unknown or the file of an own instrument is not right.
pub fn instrument(recipe: &Recipe, scenery: &Scenery, folder: &Path) -> Result<Instrument> {
    if let Some(file) = &recipe.instrument.file {
        return own_instrument::read(&folder.join(file));
    }
    let name = &recipe.instrument.name;
    if let ("hyper-cam", Some(width)) = (name.as_str(), recipe.instrument.resolution_per_cm) {
        return Ok(instruments::hyper_cam(PerCm(width)));
    }
    let known = [scenery.instruments.clone(), instruments::presets()].concat();
    let names: Vec<&str> = known.iter().map(|i| i.slug.as_str()).collect();
    let unknown = || UnknownInstrument { name: name.clone(), known: names.join(", ") };
    Ok(known.iter().find(|i| i.slug == *name).ok_or_else(unknown)?.clone())
}

/// Lays out the scene of a recipe; `folder` is where relative names start.
///
/// # Errors
///
/// When the recipe asks for what cannot be, or a file it names is not right.
pub fn lay_out(recipe: &Recipe, folder: &Path) -> Result<Simulator> {
    let scenery = scenery::builtin()?;
    let instrument = instrument(recipe, &scenery, folder)?;
    let outlines: Vec<Option<Outline>> = recipe
        .plume
        .iter()
        .map(|p| p.mask.as_ref().map(|file| outline::read(&folder.join(file))).transpose())
        .collect::<Result<_>>()?;
    let library = crate::gas::library(None)?;
    Ok(Simulator::new(recipe, &scenery, &instrument, &library, &outlines)?)
}

/// Builds the scene of a recipe file as `out` with its header, `out.truth.json` and one
/// `out.truth.<gas>.img` a gas, and `out.truth.contrast.img` for a thermal scene. `progress` hears
/// lines done and lines in all.
///
/// # Errors
///
/// When the recipe is wrong or a file cannot be written; then nothing is left behind.
pub fn simulate(recipe: &Path, out: &Path, progress: &dyn Fn(usize, usize)) -> Result<Written> {
    let folder = recipe.parent().unwrap_or(Path::new(""));
    let parsed = read_recipe(recipe)?;
    let simulator = lay_out(&parsed, folder)
        .with_context(|| format!("{}: cannot be simulated", recipe.display()))?;
    if let Some(parent) = out.parent() {
        std::fs::create_dir_all(parent)
            .with_context(|| format!("{}: cannot be made", parent.display()))?;
    }
    // The writer's temporary name.
    let _unfinished = Unfinished::new(PathBuf::from(format!("{}.partial", out.display())));
    write_scene(&simulator, out, progress)?;
    let map = |name: &str, unit: &str, raster: &Raster| -> Result<PathBuf> {
        let path = beside(out, &format!("truth.{name}.img"));
        let mut writer = Writer::create(&path, &map_info(simulator.info(), unit), Layout::USUAL)?;
        writer.write_lines(0, &raster.values)?;
        writer.finish()?;
        Ok(path)
    };
    let enhancements = simulator
        .enhancements()
        .map(|(gas, raster)| map(&gas.slug, "ppm m", raster))
        .collect::<Result<_>>()?;
    let contrast = simulator.contrast_k().map(|k| map("contrast", "K", &k)).transpose()?;
    let truth = beside(out, "truth.json");
    truth::write(&truth, &parsed, &simulator)?;
    let plumes = simulator.plumes().len();
    Ok(Written { image: out.into(), truth, enhancements, contrast, plumes })
}

/// `out` with an ending after its whole name, or in place of `.img` and the like.
fn beside(out: &Path, ending: &str) -> PathBuf {
    let name = match out.extension().and_then(|e| e.to_str()) {
        Some("img" | "dat" | "bil" | "bip" | "bsq") => out.with_extension(""),
        _ => out.to_owned(),
    };
    let mut name = name.into_os_string();
    name.push(".");
    name.push(ending);
    name.into()
}

/// One block is rendered while the one before is written.
fn write_scene(simulator: &Simulator, out: &Path, progress: &dyn Fn(usize, usize)) -> Result<()> {
    let info = simulator.info();
    let layout = match out.extension().and_then(|e| e.to_str()) {
        Some("bip") => Layout { interleave: Interleave::Bip, ..Layout::USUAL },
        Some("bsq") => Layout { interleave: Interleave::Bsq, ..Layout::USUAL },
        _ => Layout::USUAL,
    };
    let mut writer = Writer::create(out, &info, layout)?;
    let block = (BLOCK_BYTES / (info.samples * info.bands.len() * 4)).max(1);
    let (send, receive) = std::sync::mpsc::sync_channel::<(usize, Vec<f32>)>(1);
    std::thread::scope(|scope| {
        scope.spawn(move || {
            for first in (0..info.lines).step_by(block) {
                let lines = first..(first + block).min(info.lines);
                if send.send((first, simulator.lines(lines))).is_err() {
                    return;
                }
            }
        });
        let lines = simulator.info().lines;
        for (first, data) in receive {
            writer.write_lines(first, &data)?;
            progress((first + block).min(lines), lines);
        }
        writer.finish()?;
        Ok(())
    })
}

fn map_info(scene: CubeInfo, unit: &str) -> CubeInfo {
    // ENVI wants a rising wavelength above zero for every band; a map has none of its own.
    let bands = vec![Band { center: Nanometres(1.0), fwhm: Nanometres(1.0) }];
    CubeInfo { bands, good: vec![true], radiance_unit: Some(unit.into()), ..scene }
}

#[cfg(test)]
mod tests;
