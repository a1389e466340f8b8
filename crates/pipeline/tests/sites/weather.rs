//! Wind of every second: a slow mean that all places share, and gusts that they share in part.

use cathartes_core::{
    trace::WindReading,
    units::{Degrees, MetresPerSecond, Seconds},
};
use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;

/// Variance of gusts that places some tens of metres apart have in common.
const SHARED: f64 = 0.5;
/// Memories, s: of the mean direction, of gusts, of how the air at the mast turns from that of the site.
const MEAN_S: f64 = 300.0;
const GUST_S: f64 = 15.0;
const MAST_S: f64 = 600.0;
/// Deviation of the mean direction, rad.
const MEAN_TURN: f64 = 0.15;
/// Deviations of a mast's wind from that of the site: steady turn and slow turn, rad, and speed.
const STEADY_TURN: f64 = 0.035;
const SLOW_TURN: f64 = 0.05;
const SPEED: f64 = 0.07;

/// Numbers drawn by seed.
pub(crate) struct Dice(Xoshiro256PlusPlus);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64(seed))
    }

    pub(crate) fn normal(&mut self) -> f64 {
        StandardNormal.sample(&mut self.0)
    }

    pub(crate) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.0.random::<f64>()
    }

    /// As many for every factor of the range.
    pub(crate) fn magnitude(&mut self, low: f64, high: f64) -> f64 {
        self.between(low.ln(), high.ln()).exp()
    }

    /// −1 or 1.
    pub(crate) fn side(&mut self) -> f64 {
        if self.0.random::<bool>() { 1.0 } else { -1.0 }
    }

    /// A series of unit variance that forgets itself over so many seconds.
    pub(crate) fn series(&mut self, seconds: usize, memory_s: f64) -> Vec<f64> {
        let kept = (-memory_s.recip()).exp();
        let fresh = (1.0 - kept * kept).sqrt();
        let mut value = self.normal();
        let mut next = |_| {
            let now = value;
            value = kept * value + fresh * self.normal();
            now
        };
        (0..seconds).map(&mut next).collect()
    }
}

/// Gusts along and across the mean wind.
type Gusts = [Vec<f64>; 2];

/// What the wind is made of.
pub(crate) struct Weather {
    speed_m_s: f64,
    /// Where the mean wind blows to, rad anticlockwise from east, second by second.
    towards: Vec<f64>,
    /// Deviation of gusts over the mean speed.
    gust: f64,
    shared: Gusts,
    /// Growth of a puff with its travel, across and up.
    pub(crate) growth: [f64; 2],
}

fn gusts(seconds: usize, dice: &mut Dice) -> Gusts {
    [(); 2].map(|()| dice.series(seconds, GUST_S))
}

fn turned([east, north]: [f64; 2], angle: f64) -> [f64; 2] {
    let (sin, cos) = angle.sin_cos();
    [east * cos - north * sin, east * sin + north * cos]
}

impl Weather {
    /// Wind that turns by so many radians over the record.
    pub(crate) fn new(seconds: usize, turn: f64, dice: &mut Dice) -> Self {
        let (speed_m_s, start) = (dice.between(2.0, 5.0), dice.between(0.0, std::f64::consts::TAU));
        let (gust, across) = (dice.between(0.08, 0.16), dice.between(0.06, 0.1));
        let slow = dice.series(seconds, MEAN_S).into_iter().enumerate();
        let towards =
            slow.map(|(t, slow)| start + turn * t as f64 / seconds as f64 + MEAN_TURN * slow);
        Self {
            speed_m_s,
            towards: towards.collect(),
            gust,
            shared: gusts(seconds, dice),
            growth: [across, 0.6 * across],
        }
    }

    /// Where the mean wind of a second blows to, of length one.
    pub(crate) fn downwind(&self, t: usize) -> [f64; 2] {
        turned([1.0, 0.0], self.towards[t])
    }

    /// The wind at one place, m/s east and north: some of its gusts are its own.
    pub(crate) fn at_one_place(&self, dice: &mut Dice) -> Vec<[f64; 2]> {
        let own = gusts(self.towards.len(), dice);
        let gust = |k: usize, t: usize| {
            self.gust * (SHARED.sqrt() * self.shared[k][t] + (1.0 - SHARED).sqrt() * own[k][t])
        };
        let wind = |(t, angle): (usize, &f64)| {
            turned([self.speed_m_s * (1.0 + gust(0, t)), self.speed_m_s * gust(1, t)], *angle)
        };
        self.towards.iter().enumerate().map(wind).collect()
    }

    /// What a mast beside the site makes of it every so often: means over a minute or more, of other
    /// gusts, turned and scaled a little, and the scatter within.
    pub(crate) fn measured(&self, every_s: usize, dice: &mut Dice) -> Vec<WindReading> {
        let (turn, factor) = (STEADY_TURN * dice.normal(), 1.0 + SPEED * dice.normal());
        let slow = dice.series(self.towards.len(), MAST_S);
        let wind = self.at_one_place(dice).into_iter().zip(&slow);
        let wind: Vec<[f64; 2]> =
            wind.map(|(w, slow)| turned(w.map(|x| factor * x), turn + SLOW_TURN * slow)).collect();
        let half = every_s.max(60) / 2;
        let reading = |t: usize| {
            let span = &wind[t.saturating_sub(half)..(t + half).min(wind.len())];
            self.reading(t, span)
        };
        (0..wind.len()).step_by(every_s).map(reading).collect()
    }

    fn reading(&self, t: usize, span: &[[f64; 2]]) -> WindReading {
        let mean = |k: usize| span.iter().map(|w| w[k]).sum::<f64>() / span.len() as f64;
        let (u, v) = (mean(0), mean(1));
        let aside = |w: &[f64; 2]| ((w[1] * u - w[0] * v) / (w[0] * u + w[1] * v)).powi(2);
        let gusts = span.iter().map(aside).sum::<f64>() / span.len() as f64;
        WindReading {
            time: Seconds(t as f64),
            east: MetresPerSecond(u),
            north: MetresPerSecond(v),
            turbulence_across: Some(Degrees((gusts + self.growth[0].powi(2)).sqrt().to_degrees())),
            turbulence_up: Some(Degrees(self.growth[1].to_degrees())),
            temperature: None,
            pressure: None,
        }
    }
}
