//! What changes slowly over a scene (water vapour, height) and what spoils it (cloud, flares,
//! dead columns, borders, clipping).

use std::ops::Range;

use cathartes_core::scenery::Instrument;

use super::{
    field::{cell, fractal, mix, unit},
    optics::ColumnView,
    recipe::Recipe,
};

/// Radiance of a black body, uW cm⁻² nm⁻¹ sr⁻¹ (Planck), wavelength in nm.
fn planck(nm: f64, kelvin: f64) -> f64 {
    let l = nm * 1e-9;
    let (c1, c2) = (1.191_042_97e-16, 1.438_776_88e-2);
    // W m⁻² sr⁻¹ m⁻¹ to uW cm⁻² nm⁻¹ sr⁻¹: 1e6 · 1e-4 · 1e-9.
    c1 / l.powi(5) / ((c2 / (l * kelvin)).exp() - 1.0) * 1e-7
}

/// A flare: where, and the share of a pixel that burns.
#[derive(Debug, Clone, Copy)]
struct Flare {
    line: f64,
    sample: f64,
    share: f32,
}

/// Slow fields and defects of one scene.
#[derive(Debug, Clone)]
pub(super) struct Weather {
    seed: u64,
    pixel_m: f64,
    water_std: f32,
    cloud_above: f32,
    flares: Vec<Flare>,
    flame: Vec<f32>,
    dead: Vec<usize>,
    noisy: Vec<usize>,
    noise_scale: f32,
    ceiling: f32,
    border: f64,
    lines: usize,
}

impl Weather {
    pub(super) fn new(recipe: &Recipe, instrument: &Instrument, pixel_m: f64) -> Self {
        let seed = mix(recipe.seed ^ 0x7765_6174);
        let draw = |k: u64| f64::from(unit(mix(seed ^ mix(k))));
        let flares = (0..recipe.defects.flares as u64).map(|i| Flare {
            line: draw(3 * i + 1) * recipe.scene.lines as f64,
            sample: draw(3 * i + 2) * recipe.scene.samples as f64,
            // One square metre of flame.
            share: ((0.5 + draw(3 * i + 3)) / (pixel_m * pixel_m)).min(1.0) as f32,
        });
        let flame = instrument.bands.iter().map(|b| planck(b.center.0, 1800.0) as f32).collect();
        Self {
            seed,
            pixel_m,
            water_std: recipe.air.water_std as f32,
            cloud_above: cloud_level(seed, recipe.defects.clouds),
            flares: flares.collect(),
            flame,
            dead: recipe.defects.dead_columns.clone(),
            noisy: recipe.defects.noisy_columns.clone(),
            noise_scale: recipe.instrument.noise_scale as f32,
            ceiling: recipe.instrument.ceiling.map_or(f32::MAX, |c| c as f32),
            border: recipe.defects.border,
            lines: recipe.scene.lines,
        }
    }

    fn place(&self, line: usize, sample: usize) -> [f64; 2] {
        [sample as f64 * self.pixel_m, line as f64 * self.pixel_m]
    }

    /// Relative departure of water and of all other air; both thin out with height.
    pub(super) fn air(&self, line: usize, sample: usize, height_m: f32) -> (f32, f32) {
        let place = self.place(line, sample).map(|x| x / 600.0);
        let water = self.water_std * fractal(self.seed ^ 1, place, 4, 0.45);
        (water - height_m / 2000.0, -height_m / 8000.0)
    }

    /// Lays cloud and fire over a pixel.
    pub(super) fn cover(&self, line: usize, sample: usize, view: &ColumnView, pixel: &mut [f32]) {
        if self.cloud_above < f32::MAX {
            let place = self.place(line, sample).map(|x| x / 800.0);
            let thick = fractal(self.seed ^ 2, place, 6, 0.55) - self.cloud_above;
            let share = (0.5 + 4.0 * thick).clamp(0.0, 1.0);
            if share > 0.0 {
                for (x, w) in pixel.iter_mut().zip(&view.white) {
                    *x += share * (0.65 * w - *x);
                }
            }
        }
        for flare in &self.flares {
            let (dl, ds) = (line as f64 + 0.5 - flare.line, sample as f64 + 0.5 - flare.sample);
            let r2 = dl * dl + ds * ds;
            if r2 < 16.0 {
                let share = flare.share * (-r2).exp() as f32;
                pixel.iter_mut().zip(&self.flame).for_each(|(x, f)| *x += share * f);
            }
        }
    }

    /// Factor on the noise of a detector column.
    pub(super) fn noise_factor(&self, sample: usize) -> f32 {
        self.noise_scale * if self.noisy.contains(&sample) { 10.0 } else { 1.0 }
    }

    /// Dead columns and clipping.
    pub(super) fn detector(&self, sample: usize, pixel: &mut [f32]) {
        if self.dead.contains(&sample) {
            pixel.fill(0.0);
        } else {
            for x in pixel {
                *x = x.min(self.ceiling);
            }
        }
    }

    /// Samples of a line that hold no data: a wedge that moves along the line.
    pub(super) fn border(&self, line: usize, samples: usize) -> Range<usize> {
        let width = (self.border * samples as f64) as usize;
        let along = line as f64 / self.lines.max(1) as f64;
        if along < 0.5 {
            0..(width as f64 * (1.0 - 2.0 * along)) as usize
        } else {
            samples - (width as f64 * (2.0 * along - 1.0)) as usize..samples
        }
    }
}

fn cloud_level(seed: u64, share: f64) -> f32 {
    if share <= 0.0 {
        return f32::MAX;
    }
    let mut values: Vec<f32> = (0..4096)
        .map(|i| {
            let bits = cell(seed, i, 5);
            let place = [unit(bits), unit(mix(bits))].map(|u| 300.0 * f64::from(u));
            fractal(seed ^ 2, place, 6, 0.55)
        })
        .collect();
    values.sort_by(f32::total_cmp);
    values[((1.0 - share) * 4095.0) as usize]
}
