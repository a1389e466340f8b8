//! The way by which gas came: puffs, carried by wind that changes while they travel.
//!
//! ```text
//! D(τ) = ∫_{t−τ}^{t} u dt',     C = ∫ Q/(2π)^{3/2}σσσ exp(…) dτ  →  the plume with its axis along D(τ)/|D(τ)|
//! ```
//!
//! A source lets go of puffs one after another, and the wind u, alike all over the site, carries each. What is now at the
//! distance s from the source left it τ ago, |D(τ)| = s, and lies around the end of D(τ). Puffs that follow each other
//! lie |u(t−τ)| apart for every second: summed over τ they are a plume whose axis, for a reading at the distance s, has the direction
//! of D, and whose speed is that of the wind when they left. In steady wind that is the plume itself.
//!
//! Both are kept at six distances, and taken linearly in ln s between. Only for points, and where wind is measured every
//! [`OFTEN_S`] or more often: means over minutes know nothing of a journey of seconds. Not true where the way bends by more than a right
//! angle, and for wind that differs from place to place; `wander` takes up the rest.
//!
//! Roberts (1923), Proc. R. Soc. A 104, 640 (puffs summed up); Hirst et al. (2013), Atmos. Environ. 74, 141.

use cathartes_core::trace::WindReading;
use wide::f64x4;

use super::air::{CALM, wind_at};

/// Distances at which a way is kept, m: the first, and each twice the one before.
const NEAREST: f64 = 5.0;
const KEPT: usize = 6;
/// Wind measured more seldom than this tells no way, s.
const OFTEN_S: f64 = 20.0;
/// Steps of the way back, s, and the most of them.
const STEP_S: f64 = 1.0;
const MOST_STEPS: usize = 240;

/// Unit vector of where gas came along, and the speed of the wind when it left its source, m s⁻¹, at each distance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Way([[f64; 3]; KEPT]);

impl Way {
    /// Back from a time of a record that is not empty and whose times rise; none when wind is measured too seldom.
    pub(super) fn to(record: &[WindReading], time: f64) -> Option<Self> {
        let (first, last) = (record[0].time.0, record[record.len() - 1].time.0);
        let often = (last - first) <= OFTEN_S * (record.len() - 1) as f64;
        if record.len() < 2 || !often {
            return None;
        }
        let wind = |back: f64| {
            let wind = wind_at(record, time - back);
            [wind.east.0, wind.north.0]
        };
        let (mut way, mut kept) = ([[0.0; 3]; KEPT], 0);
        let (mut gone, mut now) = ([0.0; 2], wind(0.0));
        for step in 1..=MOST_STEPS {
            let before = wind(STEP_S * step as f64);
            (0..2).for_each(|k| gone[k] += 0.5 * STEP_S * (now[k] + before[k]));
            now = before;
            let far = gone[0].hypot(gone[1]);
            while kept < KEPT
                && (far >= NEAREST * f64::powi(2.0, kept as i32) || step == MOST_STEPS)
            {
                let [e, n] = gone.map(|d| d / far.max(1e-9));
                way[kept] = [e, n, now[0].hypot(now[1]).max(CALM)];
                kept += 1;
            }
            if kept == KEPT {
                break;
            }
        }
        Some(Self(way))
    }
}

/// The ways of four readings.
#[derive(Debug, Clone)]
pub(super) struct Ways([[f64x4; 3]; KEPT]);

impl Ways {
    /// None unless all have one.
    pub(super) fn new(ways: &[Option<Way>; 4]) -> Option<Self> {
        let [Some(a), Some(b), Some(c), Some(d)] = ways else { return None };
        let four = |k: usize, what: usize| [a, b, c, d].map(|way| way.0[k][what]).into();
        Some(Self(std::array::from_fn(|k| std::array::from_fn(|what| four(k, what)))))
    }

    /// Unit vectors and speeds for gas from so far away, east and north.
    pub(super) fn from(&self, [east, north]: [f64x4; 2]) -> ([f64x4; 2], f64x4) {
        let least = f64x4::splat(NEAREST * NEAREST);
        let square = (east * east + north * north).max(least) * least.recip();
        // In powers of two of the distance.
        let at =
            (square.ln() * (0.5 / std::f64::consts::LN_2)).min(f64x4::splat((KEPT - 1) as f64));
        let mut sum = [f64x4::ZERO; 3];
        for (k, way) in self.0.iter().enumerate() {
            let share = (f64x4::ONE - (at - k as f64).abs()).max(f64x4::ZERO);
            // Neighbours in time are about as far away: most of what is kept is of no use to any of them.
            if !share.simd_gt(f64x4::ZERO).any() {
                continue;
            }
            (0..3).for_each(|what| sum[what] = share.mul_add(way[what], sum[what]));
        }
        let [e, n, speed] = sum;
        let length = (e * e + n * n).max(f64x4::splat(1e-12)).sqrt();
        ([e / length, n / length], speed)
    }
}

#[cfg(test)]
mod tests;
