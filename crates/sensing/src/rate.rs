//! Emission rates from the mass of a plume and the wind.
//!
//! Gas that leaves at Q and is carried at U lies Q/U thick along the plume, whatever the shape
//! across. Two ways to read Q from that:
//!
//! ```text
//! by mass      Q = U M / L                      M mass, L length along the plume
//! by sections  Q = U · mean over sections of ∫ Ω dy     Ω column, kg m⁻²
//! ```
//!
//! U is the wind at plume height, not an effective wind fitted to a model: Varon's
//! `U_eff = a U₁₀ + b` with L = √area was fitted for 50 m pixels and one detection limit, and at
//! 1 to 10 m a plume is resolved, so its length is measured instead, and conservation of mass
//! needs no fit. L is the length between 5 % and 95 % of the cumulated mass, divided by 0.9: exact
//! for an even plume, and blind to a pixel more or less at either end.
//!
//! Sections end that far from both ends. Their scatter is the plume's own intermittency; it is
//! turned into the deviation of their mean with the correlation seen from section to section.
//!
//! Not true for a source that began or stopped within the plume's length over U, for a plume that
//! has risen or spread into another wind, and for pixels larger than the plume is wide.
//!
//! Relative deviations add in squares: mass, wind, and the variability of transport, which is
//! `STEADY` and `OWN` times what the sections show (both from simulated plumes, seeds below
//! 100). Ranges are
//! log-normal: rates are products.
//!
//! Varon et al. (2018), Atmos. Meas. Tech. 11, 5673; Krings et al. (2011), ibid. 4, 1735.

use cathartes_core::{
    estimate::{Estimate, Interval90},
    units::{GramsPerMole, KgPerHour},
    wind::Wind,
};

use crate::plumes::{
    frame::{Frame, downwind},
    mass::{SCALE, mass},
    stencil::{Ground, Sum},
};

mod corridor;

use corridor::{Corridor, Section};

/// Variability of transport in a plume that looks even, relative.
const STEADY: f64 = 0.18;
/// Share of the deviation that the scatter of the sections shows which is the mean's own: the rest
/// is gas moved from one section to the next, which the mean does not feel.
const OWN: f64 = 0.65;
/// 95 % point of the standard normal.
const Z95: f64 = 1.6449;

/// A rate and where it lies with 90 %.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    /// Best value and deviation.
    pub estimate: Estimate<KgPerHour>,
    /// 5 % and 95 %.
    pub range: Interval90<KgPerHour>,
}

/// The rates of one plume, each absent when it cannot be told.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Rates {
    /// From the integrated mass.
    pub by_mass: Option<Rate>,
    /// From fluxes through cross-sections.
    pub by_sections: Option<Rate>,
}

/// What a rate is made from besides the maps.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Air<'a> {
    pub(crate) frame: Frame,
    pub(crate) wind: &'a Wind,
    pub(crate) molar_mass: GramsPerMole,
    pub(crate) seed: u64,
}

/// Both rates of a plume.
pub(crate) fn rates(pixels: &[(u32, u32)], ground: &Ground, air: &Air) -> Rates {
    let Some(corridor) = Corridor::along(pixels, air.frame, downwind(air.wind)) else {
        return Rates::default();
    };
    let sum = corridor.stencil(ground).sum(ground, air.seed);
    let sections = corridor.sections(ground);
    let background = sum.background;
    let profile: Vec<f64> = sections.iter().map(|s| s.sum - background * s.pixels).collect();
    let Some((low, high)) = inner(&profile) else { return Rates::default() };
    let length = corridor.step() * (high - low) / 0.9;
    let even = &profile[low.ceil() as usize..(high.floor() as usize).max(low.ceil() as usize)];
    let Some((mean, own)) = by_sections(even, &sections, &sum) else { return Rates::default() };
    let scatter = STEADY.hypot(OWN * own);
    Rates {
        by_mass: air.rate(sum, length, scatter),
        by_sections: air.rate(mean, corridor.step(), scatter),
    }
}

impl Air<'_> {
    /// Q = U m / L with the deviations of all three.
    fn rate(&self, sum: Sum, length_m: f64, scatter: f64) -> Option<Rate> {
        let kg = mass(sum.value * self.frame.pixel_area(), self.molar_mass).0;
        let speed = self.wind.speed;
        let value = 3600.0 * speed.value.0 * kg / length_m;
        if !(value.is_finite() && value > 0.0) {
            return None;
        }
        let parts = [sum.std / sum.value, SCALE, speed.std.0 / speed.value.0, scatter];
        let relative = parts.iter().map(|p| p * p).sum::<f64>().sqrt();
        let spread = (Z95 * (relative * relative).ln_1p().sqrt()).exp();
        Some(Rate {
            estimate: Estimate { value: KgPerHour(value), std: KgPerHour(value * relative) },
            range: Interval90 { low: KgPerHour(value / spread), high: KgPerHour(value * spread) },
        })
    }
}

/// Where the cumulated profile passes 5 % and 95 %, in sections.
fn inner(profile: &[f64]) -> Option<(f64, f64)> {
    let total: f64 = profile.iter().sum();
    if total.is_nan() || total <= 0.0 {
        return None;
    }
    let mut cumulated = 0.0;
    let sums: Vec<f64> = profile
        .iter()
        .map(|m| {
            cumulated += m / total;
            cumulated
        })
        .collect();
    let passing = |share: f64| {
        let i = sums.iter().position(|&c| c >= share)?;
        let before = if i == 0 { 0.0 } else { sums[i - 1] };
        Some(i as f64 + (share - before) / (sums[i] - before))
    };
    let (low, high) = (passing(0.05)?, passing(0.95)?);
    (high > low).then_some((low, high))
}

/// Mean section with its deviation from noise, and its relative deviation from intermittency.
fn by_sections(profile: &[f64], sections: &[Section], whole: &Sum) -> Option<(Sum, f64)> {
    let n = profile.len() as f64;
    if profile.len() < 3 {
        return None;
    }
    let mean = profile.iter().sum::<f64>() / n;
    let variance = profile.iter().map(|m| (m - mean).powi(2)).sum::<f64>() / (n - 1.0);
    let lagged = profile.windows(2).map(|w| (w[0] - mean) * (w[1] - mean)).sum::<f64>() / n;
    let r = (lagged / variance).clamp(0.0, 0.9);
    let own = (variance / n * (1.0 + r) / (1.0 - r)).sqrt() / mean;
    let noise = whole.std * n / sections.len() as f64;
    let value = Sum { value: mean, std: noise / n, ..*whole };
    (mean > 0.0).then_some((value, own))
}

#[cfg(test)]
mod tests;
