//! What a recipe leaves to chance or to arithmetic: places of random plumes, the pixel, the gases.

use cathartes_core::{gas::CrossSection, scenery::Instrument, units::PerCm};
use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::{
    SimulateError,
    field::mix,
    plumes::Frame,
    recipe::{PlumeChoice, Recipe, WindChoice},
};

/// The recipe's plumes, then the random ones.
pub(super) fn all_plumes(recipe: &Recipe, instrument: &Instrument) -> Vec<PlumeChoice> {
    let mut all = recipe.plume.clone();
    let Some(random) = &recipe.plumes else { return all };
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(mix(recipe.seed ^ 0x0070_6c75_6d65));
    let pixel_m = frame(recipe, instrument).pixel_m;
    let [low, high] = random.rate_kg_h.map(f64::ln);
    for i in 0..random.count {
        // One stretch of the line each, so that plumes seldom overlap.
        let within = 0.15 + 0.7 * rng.random::<f64>();
        let line = (i as f64 + within) / random.count as f64 * recipe.scene.lines as f64;
        let sample = (0.1 + 0.8 * rng.random::<f64>()) * recipe.scene.samples as f64;
        let turn: f64 = StandardNormal.sample(&mut rng);
        let speed: f64 = StandardNormal.sample(&mut rng);
        let wind = WindChoice {
            speed_m_s: (recipe.wind.speed_m_s * (0.1 * speed).exp()).clamp(0.3, 60.0),
            from_deg: recipe.wind.from_deg + random.direction_std_deg * turn,
        };
        all.push(PlumeChoice {
            kind: random.kind,
            gas: random.gas.clone(),
            line,
            sample,
            rate_kg_h: (low + (high - low) * rng.random::<f64>()).exp(),
            wind: Some(wind),
            length_m: (800.0 * pixel_m).clamp(500.0, 2500.0),
            turbulence: 0.22,
            mask: None,
        });
    }
    all
}

pub(super) fn frame(recipe: &Recipe, instrument: &Instrument) -> Frame {
    let choice = &recipe.instrument;
    Frame {
        lines: recipe.scene.lines,
        samples: recipe.scene.samples,
        pixel_m: choice.pixel_m.unwrap_or(instrument.pixel_angle_rad * choice.altitude_m),
        heading_deg: recipe.place.heading_deg,
    }
}

/// What the instrument sees, with room for the responses' wings and the smile.
pub(super) fn range_nm(instrument: &Instrument) -> [f64; 2] {
    let ends = |f: fn(f64, f64) -> f64, sign: f64, start: f64| {
        instrument.bands.iter().map(|b| b.center.0 + sign * (2.0 * b.fwhm.0 + 3.0)).fold(start, f)
    };
    [ends(f64::min, -1.0, f64::MAX), ends(f64::max, 1.0, 0.0)]
}

pub(super) fn plume_gases<'l>(
    choices: &[PlumeChoice],
    instrument: &Instrument,
    library: &'l [CrossSection],
) -> Result<Vec<&'l CrossSection>, SimulateError> {
    let mut gases: Vec<&CrossSection> = Vec::new();
    let [low, high] = range_nm(instrument);
    for choice in choices {
        let unknown = || SimulateError::UnknownGas { gas: choice.gas.clone() };
        let gas = library.iter().find(|g| g.gas.slug == choice.gas).ok_or_else(unknown)?;
        let seen = |c: &&cathartes_core::spectrum::Band| gas.at(PerCm(1e7 / c.center.0)).is_some();
        if !instrument.bands.iter().any(|b| seen(&b)) {
            return Err(SimulateError::NotTabulated {
                gas: choice.gas.clone(),
                low_nm: low,
                high_nm: high,
            });
        }
        if !gases.iter().any(|g| g.gas.slug == gas.gas.slug) {
            gases.push(gas);
        }
    }
    Ok(gases)
}

/// Striping: part of the factor is common to a column, part is each band's own.
pub(super) fn gains(recipe: &Recipe, bands: usize) -> Vec<f32> {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(mix(recipe.seed ^ 0x6761_696e));
    let std = recipe.instrument.gain_std as f32;
    let mut gains = Vec::with_capacity(recipe.scene.samples * bands);
    for _ in 0..recipe.scene.samples {
        let common: f32 = StandardNormal.sample(&mut rng);
        gains.extend((0..bands).map(|_| {
            let own: f32 = StandardNormal.sample(&mut rng);
            1.0 + std * (0.7 * common + 0.7 * own)
        }));
    }
    gains
}
