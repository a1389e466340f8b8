//! Transmittance and emission of the air from the scene alone (ISAC).
//!
//! Over a black ground of temperature `T`, `L_b = τ_b B_b(T) + P_b`: a straight line in `B_b(T)` for
//! every band. Nothing in the scene says `T`, but in the clearest band, the reference `r`, the
//! brightness temperature `T_r` comes closest. With air of one temperature `T_a`,
//! `B(T_r) ≈ τ_r B(T) + (1 − τ_r) B(T_a)`, so against `B_b(T_r)` the line is
//!
//! ```text
//! L_b = τ'_b B_b(T_r) + P'_b,   τ' = τ/τ_r,   P' = (1 − τ') B(T_a)
//! τ_b = τ'_b τ_r,   P_b = P'_b + τ'_b (1 − τ_r) B_b(T_a)
//! ```
//!
//! 1. Black are the pixels that look warmest in the reference band: those whose brightness
//!    temperature there is within [`InSceneOptions::tolerance`] of their largest. The reference is
//!    the band that is warmest in most pixels; temperatures are means of five bands for this, or noise
//!    would choose. Of the five the reference is then the warmest on the whole, so that no line of the
//!    air lies in it, and `T_r` is of it alone: noise of 0.2 K in a spread of 4 K flattens the lines by
//!    a quarter of a hundredth.
//! 2. Pixels that are not quite black lie below the line. A line through all is lowered until the noise
//!    above it and a band as wide below hold the ridge of the blackest, and refitted to those.
//! 3. `T_a` is the median over the bands with `τ' < 0.85` of the brightness temperature of
//!    `P'/(1 − τ')`, ozone (9.2 to 10.2 µm) left out, because it is high and cold.
//! 4. `τ_r` cannot be told by the scene. It is given, with its deviation: 0.93 ± 0.04 is what air of
//!    1 to 3 cm of water leaves between 1.5 km and the ground at 10 to 11 µm.
//!
//! Where it stops being true: scenes of one temperature (no line), of rock or metal alone (no black
//! pixels), scenes of soil with few plants and no water: soil is black at the reference and not in the
//! lobes of quartz from 8.2 to 9.4 µm, and its missing light there is read as air; air that differs across the scene, plumes that fill a good part of it.
//!
//! Young, Johnson and Hackwell (2002), J. Geophys. Res. 107 (D24), 4774; Gu, Gillespie, Kahle and
//! Palluconi (2000), IEEE TGRS 38, 2618; Borel (2008), IGARSS, IV-1176.

use cathartes_core::{
    air::Air, cube::Cube, estimate::Estimate, provenance::Provenance, units::Kelvin,
};

use super::planck::{band_brightness, band_radiance, band_radiance_slope};
use fit::Line;

mod fit;

/// Bands whose mean decides which pixels are black: this many on either side.
const SIDE: usize = 2;
/// Pixels and spread of temperature it takes.
const FEWEST: usize = 100;
const SPREAD_K: f64 = 1.0;
/// Relative transmittance below which a band tells the temperature of the air.
const TELLING: f64 = 0.85;
/// Ozone's bands, nm.
const OZONE_NM: std::ops::Range<f64> = 9_200.0..10_200.0;

/// What the scene cannot say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct InSceneOptions {
    /// Transmittance of the clearest band.
    pub reference_transmittance: Estimate<f64>,
    /// A pixel is black when it looks warmest in the reference band, within this.
    pub tolerance: Kelvin,
    /// Pixels used, evenly from the whole scene.
    pub most_pixels: usize,
}

impl Default for InSceneOptions {
    fn default() -> Self {
        Self {
            reference_transmittance: Estimate { value: 0.93, std: 0.04 },
            tolerance: Kelvin(0.4),
            most_pixels: 20_000,
        }
    }
}

/// The air of a scene as the scene shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct InScene {
    /// Transmittance and emission of the path; no sky.
    pub air: Air,
    /// One deviation of each transmittance; nine tenths of it are common to all bands (`τ_r`).
    pub transmittance_std: Vec<f64>,
    /// One deviation of each path radiance, W m⁻² sr⁻¹ µm⁻¹.
    pub path_radiance_std: Vec<f64>,
    /// The clearest band.
    pub reference_band: usize,
    /// Pixels taken for black.
    pub black_pixels: usize,
    /// The one temperature that stands for the air of the path.
    pub path_temperature: Estimate<Kelvin>,
}

/// Why a scene does not show its air.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum InSceneError {
    /// Too few pixels that could be black.
    #[error(
        "{pixels} pixels look black in the clearest band, {needed} are needed; use more of the line, \
         or give a table of air"
    )]
    TooFew {
        /// How many there are.
        pixels: usize,
        /// How many it takes.
        needed: usize,
    },
    /// Ground of one temperature.
    #[error(
        "the black pixels are all within {spread_k:.2} K of one another (one deviation), {needed_k} K \
         are needed to part ground from air; use more of the line, or give a table of air"
    )]
    TooEven {
        /// Deviation of their temperatures.
        spread_k: f64,
        /// What it takes.
        needed_k: f64,
    },
    /// No band in which air shows.
    #[error(
        "no band is dim enough to show how warm the air is; give its temperature or a table of air"
    )]
    TooClear,
}

/// Estimates the air of a scene of radiance in W m⁻² sr⁻¹ µm⁻¹.
///
/// # Errors
///
/// [`InSceneError`] when the scene cannot tell.
pub fn in_scene(
    cube: &Cube,
    options: &InSceneOptions,
    provenance: Provenance,
) -> Result<InScene, InSceneError> {
    let pixels = warm_pixels(cube, options.most_pixels);
    let reference_band = reference(&pixels, cube.bands.len());
    let black = black(&pixels, reference_band, options.tolerance);
    if black.len() < FEWEST {
        return Err(InSceneError::TooFew { pixels: black.len(), needed: FEWEST });
    }
    let temperatures: Vec<f64> = black.iter().map(|p| p.kelvin[reference_band]).collect();
    let spread_k = deviation(&temperatures);
    if spread_k < SPREAD_K {
        return Err(InSceneError::TooEven { spread_k, needed_k: SPREAD_K });
    }
    let lines: Vec<Line> = cube
        .bands
        .iter()
        .enumerate()
        .map(|(b, band)| {
            let x = temperatures.iter().map(|&t| band_radiance(band, Kelvin(t)));
            let y = black.iter().map(|p| f64::from(p.radiance[b]));
            fit::ridge(&x.zip(y).collect::<Vec<_>>())
        })
        .collect();
    let path_temperature = path_temperature(cube, &lines).ok_or(InSceneError::TooClear)?;
    let scale = options.reference_transmittance;
    let shaped = Scaled::new(cube, &lines, path_temperature, scale);
    Ok(InScene {
        air: Air {
            bands: cube.bands.clone(),
            transmittance: shaped.transmittance,
            path_radiance: shaped.path_radiance,
            sky_radiance: None,
            provenance,
        },
        transmittance_std: shaped.transmittance_std,
        path_radiance_std: shaped.path_radiance_std,
        reference_band,
        black_pixels: black.len(),
        path_temperature,
    })
}

/// Temperature of the air at the ground: what the user knows, else that of the path made warmer by
/// its mean height over the ground, 6.5 K a km.
///
/// Water holds most of what the path sends, and its continuum goes with the square of its pressure:
/// its mean height below a sensor at `h` is `1 km (1 − (h/1 km) / (e^(h/1 km) − 1))`. The deviation
/// is that of the path with 2.5 K for what lapse and inversion do to this.
#[must_use]
pub fn ground_air(
    scene: &InScene,
    known: Option<Estimate<Kelvin>>,
    altitude_m: f64,
) -> Estimate<Kelvin> {
    if let Some(known) = known {
        return known;
    }
    let h = (altitude_m * 1e-3).clamp(1e-6, 60.0);
    let height_km = 1.0 - h / h.exp_m1();
    let Estimate { value, std } = scene.path_temperature;
    Estimate { value: Kelvin(value.0 + 6.5 * height_km), std: Kelvin(std.0.hypot(2.5)) }
}

struct Pixel<'c> {
    radiance: &'c [f32],
    /// Brightness temperature by band, K.
    kelvin: Vec<f64>,
    /// The same, mean with its neighbours.
    smooth: Vec<f64>,
}

fn warm_pixels(cube: &Cube, most: usize) -> Vec<Pixel<'_>> {
    let bands = cube.bands.len();
    let count = cube.lines * cube.samples;
    let step = count.div_ceil(most.max(1)).max(1);
    let spectra = cube.data.chunks_exact(bands).step_by(step);
    let warm = |radiance| {
        let kelvin: Option<Vec<f64>> = cube
            .bands
            .iter()
            .zip(radiance)
            .map(|(band, &l)| Some(band_brightness(band, f64::from(l))?.0))
            .collect();
        let kelvin = kelvin?;
        Some(Pixel { radiance, smooth: smooth(&kelvin), kelvin })
    };
    spectra.filter_map(warm).collect()
}

fn smooth(values: &[f64]) -> Vec<f64> {
    (0..values.len())
        .map(|i| {
            let near = &values[i.saturating_sub(SIDE)..(i + SIDE + 1).min(values.len())];
            near.iter().sum::<f64>() / near.len() as f64
        })
        .collect()
}

/// The band in which most pixels look warmest.
fn reference(pixels: &[Pixel], bands: usize) -> usize {
    let mut votes = vec![0_usize; bands];
    for pixel in pixels {
        let warmest = (0..bands).max_by(|&a, &b| pixel.smooth[a].total_cmp(&pixel.smooth[b]));
        votes[warmest.unwrap_or(0)] += 1;
    }
    // Votes of neighbours are for the same window of the air.
    let near = |i: usize| i.saturating_sub(SIDE)..(i + SIDE + 1).min(bands);
    let window = (0..bands).max_by_key(|&i| votes[near(i)].iter().sum::<usize>()).unwrap_or(0);
    let warmth = |b: usize| pixels.iter().map(|p| p.kelvin[b]).sum::<f64>();
    near(window).max_by(|&a, &b| warmth(a).total_cmp(&warmth(b))).unwrap_or(window)
}

fn black<'p, 'c>(pixels: &'p [Pixel<'c>], reference: usize, within: Kelvin) -> Vec<&'p Pixel<'c>> {
    let short = |p: &Pixel| p.smooth.iter().copied().fold(f64::MIN, f64::max) - p.smooth[reference];
    pixels.iter().filter(|p| short(p) <= within.0).collect()
}

fn deviation(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n).sqrt()
}

/// Median over the dim bands, and the deviation of a median.
fn path_temperature(cube: &Cube, lines: &[Line]) -> Option<Estimate<Kelvin>> {
    let telling = cube
        .bands
        .iter()
        .zip(lines)
        .filter(|(band, line)| line.slope < TELLING && !OZONE_NM.contains(&band.center.0));
    let mut kelvin: Vec<f64> = telling
        .filter_map(|(band, line)| Some(band_brightness(band, line.offset / (1.0 - line.slope))?.0))
        .collect();
    kelvin.sort_by(f64::total_cmp);
    let at = |share: f64| kelvin[((kelvin.len() - 1) as f64 * share).round() as usize];
    if kelvin.is_empty() {
        return None;
    }
    // Neighbouring bands err together: the scatter between bands stands, undivided by their number.
    Some(Estimate { value: Kelvin(at(0.5)), std: Kelvin((at(0.84) - at(0.16)) / 2.0) })
}

/// Lines with the scale of the reference put in.
struct Scaled {
    transmittance: Vec<f64>,
    path_radiance: Vec<f64>,
    transmittance_std: Vec<f64>,
    path_radiance_std: Vec<f64>,
}

impl Scaled {
    fn new(cube: &Cube, lines: &[Line], air: Estimate<Kelvin>, scale: Estimate<f64>) -> Self {
        let mut all = Self {
            transmittance: Vec::new(),
            path_radiance: Vec::new(),
            transmittance_std: Vec::new(),
            path_radiance_std: Vec::new(),
        };
        for (band, line) in cube.bands.iter().zip(lines) {
            let body = band_radiance(band, air.value);
            let warmer = band_radiance_slope(band, air.value) * air.std.0;
            let share = line.slope * (1.0 - scale.value);
            all.transmittance.push((line.slope * scale.value).clamp(0.0, 1.0));
            all.path_radiance.push(line.offset + share * body);
            all.transmittance_std
                .push((line.slope_std * scale.value).hypot(line.slope * scale.std));
            let by_scale = line.slope * scale.std * body;
            all.path_radiance_std.push(line.offset_std.hypot(share * warmer).hypot(by_scale));
        }
        all
    }
}

#[cfg(test)]
mod tests;
