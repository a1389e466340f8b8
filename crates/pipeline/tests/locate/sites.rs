//! Sites that never were: puffs carried by an unsteady wind, seen by masts or by a drone.
//!
//! Shares nothing with the model that locates. Every second a source lets go of a puff; puffs drift
//! with the wind of the moment, which is a slow mean with gusts on it, and grow as they travel. The
//! mast that the inversion is given averages that wind over a minute and is a little off.

use cathartes_core::{
    trace::{
        Frame, LocalPlace, Probe, Reading, SearchVolume, Sensor, Span, Trace, WindReading,
        WindRecord,
    },
    units::{Degrees, Metres, MetresPerSecond, PartsPerMillion, Seconds},
};
use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::cases::{Case, True};

/// Half of the site, m.
const HALF: f64 = 30.0;
/// ppm m³ of a kg of methane at 15 °C.
const PPM_M3_PER_KG: f64 = 1.474e6;

/// Wind of every second, m/s east and north.
struct Weather {
    true_wind: Vec<[f64; 2]>,
    /// Growth of a puff with its travel, across and up.
    growth: [f64; 2],
}

struct Dice(Xoshiro256PlusPlus);

impl Dice {
    fn normal(&mut self) -> f64 {
        StandardNormal.sample(&mut self.0)
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.0.random::<f64>()
    }
}

fn weather(seconds: usize, turn: f64, dice: &mut Dice) -> Weather {
    let speed = dice.between(2.0, 5.0);
    let start = dice.between(0.0, std::f64::consts::TAU);
    let gust = dice.between(0.08, 0.16);
    let (mut slow, mut along, mut across) = (0.0, 0.0, 0.0);
    let true_wind = (0..seconds).map(|t| {
        // Memories of five minutes and of a quarter of one.
        slow = 0.9967 * slow + 0.0816 * 0.15 * dice.normal();
        along = 0.935 * along + 0.354 * gust * dice.normal();
        across = 0.935 * across + 0.354 * gust * dice.normal();
        let angle = start + turn * t as f64 / seconds as f64 + slow;
        let (u, v) = (speed * (1.0 + along), speed * across);
        [u * angle.cos() - v * angle.sin(), u * angle.sin() + v * angle.cos()]
    });
    let true_wind = true_wind.collect();
    let across = dice.between(0.06, 0.1);
    Weather { true_wind, growth: [across, 0.6 * across] }
}

/// Where the puffs of one source are, the youngest last: place and distance travelled.
#[derive(Default)]
struct Puffs(Vec<([f64; 2], f64)>);

impl Puffs {
    fn second(&mut self, source: [f64; 3], wind: [f64; 2]) {
        for (place, travelled) in &mut self.0 {
            (0..2).for_each(|k| place[k] += wind[k]);
            *travelled += wind[0].hypot(wind[1]);
        }
        self.0.retain(|p| p.1 < 250.0);
        // Half a second old on the whole when it is first looked at.
        let half = [0.5 * wind[0], 0.5 * wind[1]];
        self.0.push(([source[0] + half[0], source[1] + half[1]], half[0].hypot(half[1])));
    }

    /// ppm of 1 kg/h.
    fn at(&self, place: [f64; 3], height: f64, growth: [f64; 2]) -> f64 {
        let one = |&(centre, travelled): &([f64; 2], f64)| {
            let (s, z) = (1.0 + growth[0] * travelled, 0.3 + growth[1] * travelled);
            let r2 = (place[0] - centre[0]).powi(2) + (place[1] - centre[1]).powi(2);
            let flat = (-0.5 * r2 / (s * s)).exp() / (std::f64::consts::TAU * s * s);
            let layer = |h: f64| (-0.5 * ((place[2] - h) / z).powi(2)).exp();
            flat * (layer(height) + layer(-height)) / (std::f64::consts::TAU.sqrt() * z)
        };
        self.0.iter().map(one).sum::<f64>() * PPM_M3_PER_KG / 3600.0
    }
}

/// What a mast makes of the wind: minute means, a little off, and the scatter within them.
fn mast(weather: &Weather, every: usize, dice: &mut Dice) -> Vec<WindReading> {
    let (turn, factor) = (0.035 * dice.normal(), 1.0 + 0.05 * dice.normal());
    let (sin, cos) = f64::sin_cos(turn);
    let seconds = weather.true_wind.len();
    let reading = |t: usize| {
        let half = every.max(60) / 2;
        let span = &weather.true_wind[t.saturating_sub(half)..(t + half).min(seconds)];
        let mean = |k: usize| span.iter().map(|w| w[k]).sum::<f64>() / span.len() as f64;
        let (u, v) = (mean(0), mean(1));
        let aside = |w: &[f64; 2]| ((w[1] * u - w[0] * v) / (w[0] * u + w[1] * v)).powi(2);
        let gusts = span.iter().map(aside).sum::<f64>() / span.len() as f64;
        let deg = |own: f64| Degrees((gusts + own * own).sqrt().to_degrees());
        WindReading {
            time: Seconds(t as f64),
            east: MetresPerSecond(factor * (u * cos - v * sin)),
            north: MetresPerSecond(factor * (u * sin + v * cos)),
            turbulence_across: Some(deg(weather.growth[0])),
            turbulence_up: Some(Degrees(weather.growth[1].to_degrees())),
            temperature: None,
            pressure: None,
        }
    };
    (0..seconds).step_by(every).map(reading).collect()
}

fn sources(count: usize, dice: &mut Dice) -> Vec<True> {
    let mut all: Vec<True> = Vec::new();
    while all.len() < count {
        let mut at = || dice.between(-0.8 * HALF, 0.8 * HALF);
        let place = [at(), at(), dice.between(0.5, 4.0)];
        let far = |t: &True| (t.place[0] - place[0]).hypot(t.place[1] - place[1]) > 12.0;
        if all.iter().all(far) {
            all.push(True { place, rate: (0.5 * dice.normal()).exp() });
        }
    }
    all
}

/// Places of the sensors at a second: masts around the site, or a drone on a curtain downwind.
fn probes(drone: bool, t: usize, downwind: [f64; 2]) -> Vec<[f64; 3]> {
    if drone {
        let row = t / 40;
        let along = (t % 40) as f64 * 4.0 - 80.0;
        let side = if row.is_multiple_of(2) { along } else { -along };
        let away = if row < 8 { 45.0 } else { 75.0 };
        let up = 2.0 + 3.0 * (row % 8) as f64;
        let [e, n] = downwind;
        return vec![[away * e - side * n, away * n + side * e, up]];
    }
    let mast = |k: usize| {
        let angle = k as f64 * std::f64::consts::TAU / 8.0;
        [40.0 * angle.cos(), 40.0 * angle.sin(), 2.0 + (k % 2) as f64]
    };
    (0..8).map(mast).collect()
}

/// What surrounds the sources of a site.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Trouble {
    None,
    /// The background drifts fast.
    Drift,
    /// Another source, upwind and outside.
    Outside,
}

/// A site by its seed.
pub(crate) fn site(seed: u64, count: usize, trouble: Trouble) -> Case {
    let mut dice = Dice(Xoshiro256PlusPlus::seed_from_u64(seed));
    let drone = seed % 2 == 1;
    let (seconds, every) = if drone { (640, 1) } else { (4 * 3600, 300) };
    let weather = weather(seconds, if drone { 0.0 } else { dice.between(2.0, 6.0) }, &mut dice);
    let truth = sources(count, &mut dice);
    let mean = |k: usize| weather.true_wind.iter().map(|w| w[k]).sum::<f64>();
    let (e, n) = (mean(0), mean(1));
    let downwind = [e / e.hypot(n), n / e.hypot(n)];
    let mut emitting = truth.clone();
    if trouble == Trouble::Outside {
        let place = [-150.0 * downwind[0], -150.0 * downwind[1], 3.0];
        emitting.push(True { place, rate: 20.0 });
    }
    let mut puffs: Vec<Puffs> = emitting.iter().map(|_| Puffs::default()).collect();
    let sensors = if drone { 1 } else { 8 };
    let offsets: Vec<f64> = (0..sensors).map(|_| 0.005 * dice.normal()).collect();
    let (mut air, drift) = (2.0, if trouble == Trouble::Drift { 0.02 } else { 0.002 });
    let (mut sums, mut readings) = (vec![0.0; sensors], Vec::new());
    for t in 0..seconds {
        for (source, puffs) in emitting.iter().zip(&mut puffs) {
            puffs.second(source.place, weather.true_wind[t]);
        }
        air +=
            drift * (every as f64).recip().sqrt() * if drone { 0.2 } else { 1.0 } * dice.normal();
        // Masts look every third second.
        if !drone && t % 3 > 0 {
            continue;
        }
        let places = probes(drone, t, downwind);
        for (sum, place) in sums.iter_mut().zip(&places) {
            let gas = emitting.iter().zip(&puffs);
            *sum +=
                gas.map(|(s, p)| s.rate * p.at(*place, s.place[2], weather.growth)).sum::<f64>();
        }
        let looks = if drone { 1 } else { every / 3 };
        if drone || t % every == every - 3 {
            let time = t as f64 - 0.5 * (every - 1) as f64;
            for (k, (sum, place)) in sums.iter_mut().zip(&places).enumerate() {
                let value = air + offsets[k] + *sum / looks as f64 + 0.01 * dice.normal();
                let [east, north, up] = place.map(Metres);
                let row = readings.len() as u64 + 2;
                readings.push(Reading {
                    sensor: k,
                    time: Seconds(time),
                    probe: Probe::Point(LocalPlace { east, north, up }),
                    value: PartsPerMillion(value),
                    row,
                });
                *sum = 0.0;
            }
        }
    }
    let span = |from: f64, to: f64| Span { from: Metres(from), to: Metres(to) };
    let wind = mast(&weather, every, &mut dice);
    Case {
        name: format!("site {seed}{}", if drone { ", drone" } else { ", masts" }),
        trace: Trace {
            gas: "ch4".into(),
            frame: Frame::default(),
            sensors: (0..sensors as i64).map(|id| Sensor { id, name: format!("{id}") }).collect(),
            readings,
            wind: WindRecord { common: wind, own: Vec::new() },
        },
        volume: SearchVolume {
            east: span(-HALF, HALF),
            north: span(-HALF, HALF),
            up: span(0.0, 6.0),
        },
        truth,
    }
}
