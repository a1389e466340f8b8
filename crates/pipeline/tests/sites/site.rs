//! Sites that never were, by their seeds.
//!
//! Shares nothing with the model that locates. Every second a source lets go of a puff; puffs drift with
//! the wind of their source, which is a slow mean with gusts on it that are partly its own, and grow as
//! they travel. The mast that the inversion is given stands in other gusts, averages over a minute or
//! more, and is a little off.

use cathartes_core::{
    trace::{Frame, Reading, SearchVolume, Span, Trace, WindRecord},
    units::{Metres, PartsPerMillion, Seconds},
};

use super::{
    judge::Truth,
    puffs::{Puffs, Way},
    sensors::{Array, Fault, Kind},
    weather::{Dice, Weather},
};

/// Half of the searched ground, m.
pub(crate) const HALF_M: f64 = 30.0;
/// Puffs of sources inside are forgotten after this many metres.
const REACH_M: f64 = 250.0;
/// Deviation of a look, and of the offset of a sensor, ppm.
const NOISE_PPM: f64 = 0.01;
const OFFSET_PPM: f64 = 0.005;

/// What is there besides the sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    Nothing,
    /// An emitter outside that stays, upwind at some moment.
    Beyond,
    /// An emitter outside that drives by.
    Vehicle,
    Fault(Fault),
}

impl Trouble {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Nothing => "nothing else",
            Self::Beyond | Self::Vehicle => "passing plume",
            Self::Fault(_) => "drift",
        }
    }
}

/// A trace, where to look, and what is true.
pub(crate) struct Case {
    pub(crate) kind: Kind,
    pub(crate) what: String,
    pub(crate) trace: Trace,
    pub(crate) volume: SearchVolume,
    pub(crate) truth: Vec<Truth>,
}

/// One to four sources, and nothing else.
pub(crate) fn with_sources(seed: u64) -> Case {
    let kind = Kind::ALL[(seed % 3) as usize];
    site(seed, kind, 1 + (seed / 3 % 4) as usize, Trouble::Nothing)
}

/// No source, and as often nothing else as a plume from outside as a sensor that errs.
pub(crate) fn without_source(seed: u64) -> Case {
    let nth = seed / 3;
    let (kind, turn) = (Kind::ALL[(nth % 3) as usize], (nth / 3) as usize);
    let trouble = match seed % 3 {
        0 => Trouble::Nothing,
        1 if turn % 3 == 2 => Trouble::Vehicle,
        1 => Trouble::Beyond,
        _ => Trouble::Fault(Fault::ALL[turn % 4]),
    };
    site(seed, kind, 0, trouble)
}

pub(crate) fn site(seed: u64, kind: Kind, count: usize, trouble: Trouble) -> Case {
    let dice = &mut Dice::new(seed);
    let turn = if kind == Kind::Drone { 0.0 } else { dice.between(2.0, 6.0) };
    let weather = Weather::new(kind.seconds(), turn, dice);
    let array = Array::new(kind, weather.downwind(kind.seconds() / 2), dice);
    let truth = sources(count, dice);
    let mut emitters: Vec<Puffs> = truth
        .iter()
        .map(|t| {
            let way = Way::Still([t.east_m, t.north_m, dice.between(0.5, 4.0)]);
            let wind = weather.at_one_place(dice);
            Puffs::new(way, t.rate_kg_h, REACH_M, (&weather, wind))
        })
        .collect();
    let mut what = trouble.name().to_owned();
    if let Some((way, reach_m, words)) = outside(trouble, kind, &weather, dice) {
        let (wind, rate) = (weather.at_one_place(dice), dice.magnitude(3.0, 40.0));
        emitters.push(Puffs::new(way, rate, reach_m, (&weather, wind)));
        what = format!("{what}, {rate:.0} kg/h {words}");
    } else if let Trouble::Fault(fault) = trouble {
        what = format!("{what}, {}", fault.name());
    }
    let readings = Watch::new(&array, kind, trouble, dice).readings(&mut emitters, dice);
    let wind = weather.measured(kind.every_s(), dice);
    let span = |from: f64, to: f64| Span { from: Metres(from), to: Metres(to) };
    let ground = span(-HALF_M, HALF_M);
    Case {
        kind,
        what,
        trace: Trace {
            gas: "ch4".into(),
            frame: Frame::default(),
            sensors: array.sensors(),
            readings,
            wind: WindRecord { common: wind, own: Vec::new() },
        },
        volume: SearchVolume { east: ground, north: ground, up: span(0.0, 6.0) },
        truth,
    }
}

fn sources(count: usize, dice: &mut Dice) -> Vec<Truth> {
    let mut all: Vec<Truth> = Vec::new();
    while all.len() < count {
        let mut at = || dice.between(-0.8 * HALF_M, 0.8 * HALF_M);
        let (east_m, north_m) = (at(), at());
        let far = |t: &Truth| (t.east_m - east_m).hypot(t.north_m - north_m) > 12.0;
        if all.iter().all(far) {
            all.push(Truth { east_m, north_m, rate_kg_h: (0.5 * dice.normal()).exp() });
        }
    }
    all
}

/// An emitter 40 to 400 m beyond the searched ground, upwind of some part of it at some moment: its way,
/// how far its puffs have to be followed, and what it is in words.
pub(crate) fn outside(
    trouble: Trouble,
    kind: Kind,
    weather: &Weather,
    dice: &mut Dice,
) -> Option<(Way, f64, String)> {
    let moves = match trouble {
        Trouble::Beyond => false,
        Trouble::Vehicle => true,
        Trouble::Nothing | Trouble::Fault(_) => return None,
    };
    let seconds = kind.seconds() as f64;
    let [e, n] = weather.downwind(dice.between(0.1 * seconds, 0.9 * seconds) as usize);
    let (beyond, side) = (dice.magnitude(40.0, 400.0), dice.between(-40.0, 40.0));
    // From the corners, so that it is outside whatever the bearing.
    let away = std::f64::consts::SQRT_2 * HALF_M + beyond;
    let place = [-away * e - side * n, -away * n + side * e, dice.between(0.5, 4.0)];
    let reach_m = away + 150.0;
    if !moves {
        let words = format!("{beyond:.0} m beyond, {side:.0} m aside");
        return Some((Way::Still(place), reach_m, words));
    }
    let speed = dice.side() * dice.between(3.0, 10.0);
    let passes = if kind == Kind::Drone { 2 } else { 6 };
    let gap = seconds / passes as f64;
    let pass = |i: usize| (i as f64 + dice.between(0.3, 0.7)) * gap;
    let way = Way::Road {
        middle: place,
        velocity: [-n * speed, e * speed],
        passes_s: (0..passes).map(pass).collect(),
        half_m: (0.25 * gap * speed.abs()).min(300.0),
    };
    let words = format!("drives by {passes} times {beyond:.0} m beyond, {:.0} m/s", speed.abs());
    Some((way, reach_m, words))
}

/// The sensors at work.
struct Watch<'a> {
    array: &'a Array,
    kind: Kind,
    offsets: Vec<f64>,
    /// How far the air drifts within a second, ppm.
    drift: f64,
    /// What errs, and what that adds.
    fault: Option<(usize, Vec<f64>)>,
    /// By sensor: what it has seen since its last reading, and how often it looked.
    sums: Vec<(f64, usize)>,
}

impl<'a> Watch<'a> {
    fn new(array: &'a Array, kind: Kind, trouble: Trouble, dice: &mut Dice) -> Self {
        let count = array.sensors().len();
        let usual = if kind == Kind::Drone { 4e-4 } else { 1.2e-4 };
        let fault = match trouble {
            Trouble::Fault(fault) => {
                let which = dice.between(0.0, count as f64) as usize;
                Some((which.min(count - 1), fault.of_one(kind.seconds(), dice)))
            }
            Trouble::Nothing | Trouble::Beyond | Trouble::Vehicle => None,
        };
        Self {
            array,
            kind,
            offsets: (0..count).map(|_| OFFSET_PPM * dice.normal()).collect(),
            drift: if trouble == Trouble::Fault(Fault::Air) { 10.0 * usual } else { usual },
            fault,
            sums: vec![(0.0, 0); count],
        }
    }

    fn readings(mut self, emitters: &mut [Puffs], dice: &mut Dice) -> Vec<Reading> {
        let (mut air, mut readings, every) = (2.0, Vec::new(), self.kind.every_s());
        for t in 0..self.kind.seconds() {
            for puffs in emitters.iter_mut() {
                puffs.second(t);
            }
            air += self.drift * dice.normal();
            for look in self.array.looks(t) {
                let gas: f64 = emitters.iter().map(|puffs| puffs.mean_at(&look.places)).sum();
                let sum = &mut self.sums[look.sensor];
                *sum = (sum.0 + gas, sum.1 + 1);
            }
            if (t + 1).is_multiple_of(every) {
                self.write_down(t, air, &mut readings, dice);
            }
        }
        readings
    }

    /// A reading of every sensor, of the seconds up to this one.
    fn write_down(&mut self, t: usize, air: f64, readings: &mut Vec<Reading>, dice: &mut Dice) {
        let every = self.kind.every_s();
        for sensor in 0..self.sums.len() {
            let (sum, looks) = std::mem::take(&mut self.sums[sensor]);
            let own = self.fault.as_ref().filter(|fault| fault.0 == sensor).map_or(0.0, |f| f.1[t]);
            let value = air + self.offsets[sensor] + own + sum / looks as f64;
            readings.push(Reading {
                sensor,
                time: Seconds(t as f64 - 0.5 * (every - 1) as f64),
                probe: self.array.probe(sensor, t),
                value: PartsPerMillion(value + NOISE_PPM * dice.normal()),
                row: readings.len() as u64 + 2,
            });
        }
    }
}
