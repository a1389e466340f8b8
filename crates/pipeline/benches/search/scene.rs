//! A simulated flight line in memory: the methane window and, binned by four, its neighbourhood.

use anyhow::{Context, Result};
use cathartes_core::{
    cube::Cube,
    signature::Signature,
    spectrum::Band,
    units::{Degrees, Metres, Nanometres},
};
use cathartes_pipeline::{gas, simulate};
use cathartes_sensing::{
    signature::Slant,
    simulate::{Simulator, recipe::Recipe},
};

const WINDOW_NM: std::ops::RangeInclusive<f64> = 2122.0..=2488.0;
const WIDE_NM: [std::ops::Range<f64>; 2] = [1500.0..1790.0, 1950.0..2122.0];

/// A scene to search and its truth.
pub(crate) struct Scene {
    pub(crate) cube: Cube,
    pub(crate) signature: Signature,
    pub(crate) window: usize,
    /// True enhancement, ppm m.
    pub(crate) truth: Vec<f32>,
}

impl Scene {
    /// The same in the window's bands alone, which is what `detect` gives the named filters.
    pub(crate) fn window_alone(&self) -> Self {
        let n = self.window;
        let spectra = self.cube.data.chunks_exact(self.cube.bands.len());
        let cube = Cube {
            lines: self.cube.lines,
            samples: self.cube.samples,
            bands: self.cube.bands[..n].to_vec(),
            data: spectra.flat_map(|spectrum| &spectrum[..n]).copied().collect(),
        };
        let whole = &self.signature;
        let signature = Signature {
            bands: whole.bands[..n].to_vec(),
            unit_per_ppmm: whole.unit_per_ppmm[..n].to_vec(),
            table: whole.table.iter().map(|row| row[..n].to_vec()).collect(),
            ..whole.clone()
        };
        Self { cube, signature, window: n, truth: self.truth.clone() }
    }
}

/// Twelve plumes of 20 to 2,000 kg/h over ground as varied as the real AVIRIS-NG chip.
const CALM: &str = include_str!("../../../../fixtures/recipes/calm-line.toml");

/// The recipe all figures are from; not `calm`, its plumes over mixed ground of every kind.
pub(crate) fn recipe(seed: u64, lines: usize, calm: bool) -> Result<Recipe> {
    let mut recipe: Recipe = toml::from_str(CALM)?;
    (recipe.seed, recipe.scene.lines) = (seed, lines);
    if let Some(plumes) = &mut recipe.plumes {
        plumes.count = (lines * 12).div_ceil(2000);
    }
    if !calm {
        (recipe.ground, recipe.instrument) = Default::default();
    }
    Ok(recipe)
}

pub(crate) fn simulated(recipe: &Recipe) -> Result<Scene> {
    let simulator = simulate::lay_out(recipe, std::path::Path::new(""))?;
    let info = simulator.info();
    let groups = groups(&info.bands);
    let window = groups.iter().filter(|g| g.len() == 1).count();
    let bands: Vec<Band> = groups.iter().map(|g| mean_band(&info.bands, g)).collect();
    let library = gas::library(None)?;
    let methane = library.iter().find(|g| g.gas.slug == "ch4").context("no methane")?;
    let slant = Slant {
        sun_zenith: Degrees(recipe.view.sun_zenith_deg),
        view_zenith: Degrees(recipe.view.view_zenith_deg),
    };
    let height = Some(Metres(recipe.instrument.altitude_m));
    let signature = gas::signature_under_sky(methane, &bands, slant, height)?;
    let data = render(&simulator, info.lines, &groups, info.bands.len());
    let cube = Cube { lines: info.lines, samples: info.samples, bands, data };
    let truth = simulator.enhancements().next().map(|(_, r)| r.values.clone());
    let truth = truth.unwrap_or_else(|| vec![0.0; info.lines * info.samples]);
    Ok(Scene { cube, signature, window, truth })
}

fn render(simulator: &Simulator, lines: usize, groups: &[Vec<usize>], bands: usize) -> Vec<f32> {
    let mut data = Vec::new();
    for first in (0..lines).step_by(40) {
        let block = simulator.lines(first..(first + 40).min(lines));
        data.reserve_exact(if first == 0 {
            block.len() / bands * groups.len() * lines.div_ceil(40)
        } else {
            0
        });
        for spectrum in block.chunks_exact(bands) {
            data.extend(
                groups.iter().map(|g| g.iter().map(|&b| spectrum[b]).sum::<f32>() / g.len() as f32),
            );
        }
    }
    data
}

/// The window band by band, then its neighbourhood by fours.
fn groups(bands: &[Band]) -> Vec<Vec<usize>> {
    let center = |b: &usize| bands[*b].center.0;
    let mut groups: Vec<Vec<usize>> =
        (0..bands.len()).filter(|b| WINDOW_NM.contains(&center(b))).map(|b| vec![b]).collect();
    for range in &WIDE_NM {
        let inside: Vec<usize> = (0..bands.len()).filter(|b| range.contains(&center(b))).collect();
        groups.extend(inside.chunks_exact(4).map(<[usize]>::to_vec));
    }
    groups
}

fn mean_band(bands: &[Band], group: &[usize]) -> Band {
    let n = group.len() as f64;
    let center = group.iter().map(|&b| bands[b].center.0).sum::<f64>() / n;
    let width = group.iter().map(|&b| bands[b].fwhm.0).sum::<f64>() / n;
    let fwhm = if group.len() > 1 { width * n } else { width };
    Band { center: Nanometres(center), fwhm: Nanometres(fwhm) }
}
