//! Emissivities: smooth made-up spectra with the features real ones have.
//!
//! | ground | emissivity |
//! |---|---|
//! | green | 0.98, nearly flat |
//! | soil | 0.965 less the two lobes of quartz (8.40 and 9.15 µm, 0.05 to 0.25 deep) and its pair at 12.6 µm |
//! | dry vegetation | 0.96 less a broad dip of cellulose at 9.7 µm |
//! | asphalt | 0.955 less a broad silicate dip at 9.4 µm |
//! | roof | one in four metal, 0.3 and rising; others 0.93 with silicate at 9.3 and calcite at 11.3 µm |
//! | water | 0.99, falling beyond 11 µm to 0.98 at 13 µm |
//!
//! Each surface of a class has its own depth, drawn from its number and the seed. They are nobody's
//! measurement: what is tested on them is tested on shapes, not on a library. Shapes after Salisbury
//! and D'Aria (1992), Remote Sens. Environ. 42, 83.

use cathartes_core::{
    scenery::{Surface, SurfaceClass},
    spectrum::Band,
};

use crate::simulate::{
    field::{mix, unit},
    ground::MODES,
};

/// Emissivity by surface and band.
#[derive(Debug, Clone)]
pub(super) struct Emissivities {
    bands: usize,
    table: Vec<f32>,
    modes: Vec<[f32; MODES]>,
}

/// Number of a surface in 0..1, its own for each `of`.
pub(super) fn draw(seed: u64, surface: u32, of: u64) -> f64 {
    f64::from(unit(mix(seed ^ mix(u64::from(surface) ^ (of << 32)))))
}

/// Whether a roof is bare metal.
pub(super) fn is_metal(class: SurfaceClass, seed: u64, surface: u32) -> bool {
    class == SurfaceClass::Roof && draw(seed, surface, 1) < 0.25
}

fn bell(um: f64, centre: f64, width: f64) -> f64 {
    (-0.5 * ((um - centre) / width).powi(2)).exp()
}

fn emissivity(class: SurfaceClass, seed: u64, surface: u32, um: f64) -> f64 {
    let own = draw(seed, surface, 2);
    match class {
        SurfaceClass::Green => 0.978 + 0.006 * own - 0.004 * bell(um, 9.6, 1.2),
        SurfaceClass::Soil => {
            let quartz = bell(um, 8.40, 0.24) + 0.95 * bell(um, 9.15, 0.24);
            let pair = bell(um, 12.45, 0.12) + 0.8 * bell(um, 12.8, 0.1);
            0.965 - (0.05 + 0.2 * own) * (quartz + 0.25 * pair)
        }
        SurfaceClass::Dry => 0.965 - (0.01 + 0.03 * own) * bell(um, 9.7, 0.7),
        SurfaceClass::Asphalt => 0.955 - (0.01 + 0.03 * own) * bell(um, 9.4, 0.6),
        SurfaceClass::Roof if is_metal(class, seed, surface) => {
            0.25 + 0.1 * own + 0.01 * (um - 10.0)
        }
        SurfaceClass::Roof => {
            0.935 - 0.08 * own * bell(um, 9.3, 0.5) - 0.04 * (1.0 - own) * bell(um, 11.3, 0.12)
        }
        SurfaceClass::Water => 0.99 - 0.0025 * (um - 11.0).max(0.0).powi(2),
    }
}

impl Emissivities {
    pub(super) fn new(bands: &[Band], surfaces: &[Surface], seed: u64) -> Self {
        let table = (0u32..).zip(surfaces).flat_map(|(i, surface)| {
            bands.iter().map(move |b| emissivity(surface.class, seed, i, b.center.0 * 1e-3) as f32)
        });
        let waves = [
            (5.0, 0.4, 0.3),
            (2.6, 0.25, 1.9),
            (1.5, 0.12, 4.0),
            (0.9, 0.06, 2.6),
            (0.6, 0.03, 5.1),
            (0.4, 0.02, 0.9),
        ];
        let mode = |band: &Band| {
            waves.map(|(period, strength, phase): (f64, f64, f64)| {
                let turn = std::f64::consts::TAU * band.center.0 * 1e-3 / period + phase;
                (strength * turn.sin()) as f32 * 0.05
            })
        };
        Self { bands: bands.len(), table: table.collect(), modes: bands.iter().map(mode).collect() }
    }

    pub(super) fn of(&self, surface: u32) -> &[f32] {
        &self.table[surface as usize * self.bands..][..self.bands]
    }

    /// Smooth changes of emissivity from pixel to pixel, by band.
    pub(super) fn modes(&self) -> &[[f32; MODES]] {
        &self.modes
    }
}
