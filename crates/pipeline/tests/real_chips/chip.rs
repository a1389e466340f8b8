//! A piece of real radiance, and methane put into it.
//!
//! Radiance `L` of a band becomes
//!
//! ```text
//! L' = L T(a),   T(a) = ∫ G e^{k (a + a₀)} dν / ∫ G e^{k a₀} dν
//! ```
//!
//! with `k` the change of ln radiance per ppm m of a published table (mag1c 1.2.0, 0.1 cm⁻¹, for
//! light that crosses the gas twice), `G` the band's Gaussian, `a` the plume's column and `a₀` the
//! methane that stands in the air. What the instrument saw through `a₀` is not flat inside a band.

use std::path::{Path, PathBuf};

use cathartes_core::cube::{CubeInfo, Window};
use cathartes_formats::envi::{Interleave, Layout, Sample, Writer};
use cathartes_pipeline::detect::{Auxiliary, Filter, Found, Invalid, Job, Options, Thermal, run};
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::plain::Plain;

/// Methane over the ground, ppm m: 1.9 ppm in 8.6 km of air.
const STANDING_PPMM: f64 = 16_300.0;
/// Columns for which transmittance is tabulated: up to 4,000 ppm m by 50.
const STEP_PPMM: f64 = 50.0;
const STEPS: usize = 81;
/// The window of the plain filter.
const WINDOW_NM: std::ops::Range<f64> = 2122.0..2488.0;

/// The chip with everything needed to put plumes into it.
pub(crate) struct Chip {
    pub(crate) info: CubeInfo,
    /// Order line, sample, band.
    pub(crate) radiance: Vec<f32>,
    /// ln T by band and column.
    ln_transmittance: Vec<[f64; STEPS]>,
    plain: Plain,
}

fn shared(below: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(below);
    if !path.exists() {
        println!("left out: {} is not there", path.display());
    }
    path.exists().then_some(path)
}

impl Chip {
    /// `None`, and a sentence, where the data are not.
    pub(crate) fn open(name: &str) -> Option<Self> {
        let path = shared(&format!("cubes/{name}"))?;
        let table = shared("spectra/targets/ch4_mag1c_unit_absorption_0.1cm-1.csv")?;
        let source = cathartes_formats::open(&path, &Auxiliary::default()).unwrap();
        let info = source.info().clone();
        let all: Vec<usize> = (0..info.bands.len()).collect();
        let mut radiance = vec![0.0; info.lines * info.samples * all.len()];
        let window = Window { lines: 0..info.lines, samples: 0..info.samples };
        source.read(&window, &all, &mut radiance).unwrap();
        let lines = absorption(&std::fs::read_to_string(table).unwrap());
        let ln_transmittance: Vec<[f64; STEPS]> =
            info.bands.iter().map(|b| of_band(&lines, b.center.0, b.fwhm.0)).collect();
        let inside = |b: &usize| WINDOW_NM.contains(&info.bands[*b].center.0);
        let bands: Vec<usize> = all.into_iter().filter(inside).collect();
        let unit = bands.iter().map(|&b| ln_transmittance[b][1] / STEP_PPMM).collect();
        Some(Self { plain: Plain { bands, unit }, info, radiance, ln_transmittance })
    }

    pub(crate) fn pixels(&self) -> usize {
        self.info.lines * self.info.samples
    }

    /// The radiance with so many ppm m in every pixel.
    pub(crate) fn with(&self, columns_ppmm: &[f64]) -> Vec<f32> {
        let mut cube = self.radiance.clone();
        for (pixel, a) in cube.chunks_exact_mut(self.info.bands.len()).zip(columns_ppmm) {
            let at = a / STEP_PPMM;
            let (k, w) = (at as usize, at.fract());
            for (x, ln) in pixel.iter_mut().zip(&self.ln_transmittance) {
                *x *= (ln[k] + w * (ln[k + 1] - ln[k])).exp() as f32;
            }
        }
        cube
    }

    /// The matched filter everybody writes first.
    pub(crate) fn plain(&self, cube: &[f32]) -> Vec<f32> {
        self.plain.enhancement_ppmm(cube, self.info.bands.len())
    }

    /// What `cathartes detect` makes of a cube, through a file.
    pub(crate) fn searched(&self, cube: &[f32], filter: Filter) -> Found {
        let folder = tempfile::tempdir().unwrap();
        let image = folder.path().join("chip.img");
        let layout = Layout { interleave: Interleave::Bil, sample: Sample::F32, big_endian: false };
        let mut writer = Writer::create(&image, &self.info, layout).unwrap();
        writer.write_lines(0, cube).unwrap();
        writer.finish().unwrap();
        let job = Job {
            scenes: vec![image],
            gases: vec!["ch4".into()],
            out: folder.path().join("out"),
            options: options(filter),
        };
        let mut scenes = run(&job, &|_| {}).unwrap();
        scenes.remove(0).unwrap().found.remove(0)
    }
}

fn options(filter: Filter) -> Options {
    Options {
        filter,
        window_nm: None,
        wind: None,
        false_alarms: 0.1,
        seed: 1,
        auxiliary: Auxiliary::default(),
        sun_zenith_deg: None,
        height: None,
        invalid: Invalid::Refuse,
        memory_bytes: 1 << 30,
        force: false,
        gas_folder: None,
        thermal: Thermal::default(),
    }
}

/// Wavelength, nm, and change of ln radiance per ppm m, line by line.
fn absorption(table: &str) -> Vec<[f64; 2]> {
    let rows = table.lines().filter(|row| !row.starts_with('#'));
    rows.map(|row| {
        let fields: Vec<f64> = row.split(',').map(|field| field.parse().unwrap()).collect();
        [fields[1], fields[2]]
    })
    .collect()
}

/// ln T of a band; nothing where the table does not reach.
fn of_band(lines: &[[f64; 2]], center_nm: f64, fwhm_nm: f64) -> [f64; STEPS] {
    let near: Vec<(f64, f64)> = lines
        .iter()
        .filter(|[nm, _]| (nm - center_nm).abs() < 1.5 * fwhm_nm)
        .map(|[nm, k]| {
            let gaussian =
                (-4.0 * std::f64::consts::LN_2 * ((nm - center_nm) / fwhm_nm).powi(2)).exp();
            // Steps are even in wavenumber: their width in wavelength goes with its square.
            (gaussian * nm * nm * (k * STANDING_PPMM).exp(), *k)
        })
        .collect();
    let light = |a: f64| near.iter().map(|(w, k)| w * (k * a).exp()).sum::<f64>();
    let clear = light(0.0);
    std::array::from_fn(
        |i| if clear > 0.0 { (light(i as f64 * STEP_PPMM) / clear).ln() } else { 0.0 },
    )
}

/// A long Gaussian plume.
pub(crate) struct Blob {
    peak_ppmm: f64,
    line: f64,
    sample: f64,
    angle: f64,
    /// Deviations along and across, pixels.
    shape: [f64; 2],
}

impl Blob {
    /// Somewhere inside the chip, in any direction.
    pub(crate) fn drawn(seed: u64, chip: &Chip, peak_ppmm: f64, shape: [f64; 2]) -> Self {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
        let mut share = || 0.2 + 0.6 * random.random::<f64>();
        let (line, sample) = (share() * chip.info.lines as f64, share() * chip.info.samples as f64);
        let angle = random.random_range(0.0..std::f64::consts::PI);
        Self { peak_ppmm, line, sample, angle, shape }
    }

    /// Its column in every pixel, ppm m.
    pub(crate) fn columns(&self, chip: &Chip) -> Vec<f64> {
        let (sin, cos) = self.angle.sin_cos();
        let [along, across] = self.shape;
        (0..chip.pixels())
            .map(|i| {
                let (y, x) = ((i / chip.info.samples) as f64, (i % chip.info.samples) as f64);
                let (y, x) = (y + 0.5 - self.line, x + 0.5 - self.sample);
                let (u, v) = ((x * cos + y * sin) / along, (y * cos - x * sin) / across);
                self.peak_ppmm * (-0.5 * (u * u + v * v)).exp()
            })
            .collect()
    }
}
