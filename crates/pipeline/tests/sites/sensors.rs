//! What looks at the air of a site, when, and how it errs.

use cathartes_core::{
    trace::{LocalPlace, Probe, Sensor},
    units::Metres,
};

use super::weather::Dice;

/// Metres between the places that stand for a beam: puffs are not narrower.
const BEAM_STEP_M: f64 = 1.0;
/// Seconds of a row of the drone's curtain, and its rows.
const ROW_S: usize = 40;
const ROWS: usize = 16;
const HOUR_S: usize = 3600;

/// What carries the sensors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// One sensor that flies two curtains downwind, read every second.
    Drone,
    /// Fixed inlets around the site, means over five minutes.
    Masts,
    /// One laser head that looks at reflectors across the site in turns, means over a minute.
    Beams,
}

impl Kind {
    pub(crate) const ALL: [Self; 3] = [Self::Drone, Self::Masts, Self::Beams];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Drone => "drone",
            Self::Masts => "masts",
            Self::Beams => "beams",
        }
    }

    /// Length of the record.
    pub(crate) fn seconds(self) -> usize {
        match self {
            Self::Drone => ROW_S * ROWS,
            Self::Masts => 4 * HOUR_S,
            Self::Beams => 3 * HOUR_S,
        }
    }

    /// Seconds that a reading is the mean of.
    pub(crate) fn every_s(self) -> usize {
        match self {
            Self::Drone => 1,
            Self::Masts => 300,
            Self::Beams => 60,
        }
    }
}

/// What sensor looks at what air.
#[derive(Debug, Clone)]
pub(crate) struct Look {
    pub(crate) sensor: usize,
    pub(crate) probe: Probe,
    /// Places whose mean is what it sees.
    pub(crate) places: Vec<[f64; 3]>,
}

impl Look {
    fn point(sensor: usize, place: [f64; 3]) -> Self {
        Self { sensor, probe: Probe::Point(local(place)), places: vec![place] }
    }

    fn beam(sensor: usize, near: [f64; 3], far: [f64; 3]) -> Self {
        let length = (0..3).map(|k| (far[k] - near[k]).powi(2)).sum::<f64>().sqrt();
        let count = (length / BEAM_STEP_M).ceil() as usize;
        let at = |i: usize| {
            let share = (i as f64 + 0.5) / count as f64;
            std::array::from_fn(|k| near[k] + share * (far[k] - near[k]))
        };
        let probe = Probe::Beam(local(near), local(far));
        Self { sensor, probe, places: (0..count).map(at).collect() }
    }
}

fn local(place: [f64; 3]) -> LocalPlace {
    let [east, north, up] = place.map(Metres);
    LocalPlace { east, north, up }
}

/// The sensors of a site.
pub(crate) struct Array {
    kind: Kind,
    /// Those that do not move.
    fixed: Vec<Look>,
    /// Of a drone: where the mean wind blows to, and how far downwind its curtains hang, m.
    downwind: [f64; 2],
    curtains_m: [f64; 2],
}

impl Array {
    pub(crate) fn new(kind: Kind, downwind: [f64; 2], dice: &mut Dice) -> Self {
        let fixed = match kind {
            Kind::Drone => Vec::new(),
            Kind::Masts => masts(dice),
            Kind::Beams => beams(dice),
        };
        let curtains_m = [dice.between(40.0, 55.0), dice.between(65.0, 85.0)];
        Self { kind, fixed, downwind, curtains_m }
    }

    pub(crate) fn sensors(&self) -> Vec<Sensor> {
        let name = |id: i64| match self.kind {
            Kind::Drone => "drone".to_owned(),
            Kind::Masts => format!("mast {}", id + 1),
            Kind::Beams => format!("reflector {}", id + 1),
        };
        let count = self.fixed.len().max(1);
        (0..).take(count).map(|id| Sensor { id, name: name(id) }).collect()
    }

    /// Where a sensor is at a second.
    pub(crate) fn probe(&self, sensor: usize, t: usize) -> Probe {
        self.fixed.get(sensor).map_or_else(|| Probe::Point(local(self.flown(t))), |look| look.probe)
    }

    /// What is looked at during a second.
    pub(crate) fn looks(&self, t: usize) -> Vec<Look> {
        match self.kind {
            Kind::Drone => vec![Look::point(0, self.flown(t))],
            Kind::Masts if t.is_multiple_of(3) => self.fixed.clone(),
            Kind::Masts => Vec::new(),
            Kind::Beams => vec![self.fixed[t % self.fixed.len()].clone()],
        }
    }

    /// Rows to and fro, each 3 m higher than the one before, on two curtains.
    fn flown(&self, t: usize) -> [f64; 3] {
        let row = t / ROW_S;
        let along = (t % ROW_S) as f64 * 4.0 - 80.0;
        let side = if row.is_multiple_of(2) { along } else { -along };
        let away = self.curtains_m[usize::from(row >= ROWS / 2)];
        let [e, n] = self.downwind;
        [away * e - side * n, away * n + side * e, 2.0 + 3.0 * (row % (ROWS / 2)) as f64]
    }
}

fn masts(dice: &mut Dice) -> Vec<Look> {
    let count = dice.between(6.0, 11.0) as usize;
    let mast = |k: usize| {
        let angle = (k as f64 + dice.between(-0.3, 0.3)) * std::f64::consts::TAU / count as f64;
        let away = dice.between(36.0, 48.0);
        Look::point(k, [away * angle.cos(), away * angle.sin(), dice.between(2.0, 4.0)])
    };
    (0..count).map(mast).collect()
}

/// A head at the edge, and seven reflectors in a fan across the site.
fn beams(dice: &mut Dice) -> Vec<Look> {
    let angle = dice.between(0.0, std::f64::consts::TAU);
    let head = [45.0 * angle.cos(), 45.0 * angle.sin(), 1.6];
    let reflector = |k: usize| {
        let bearing = angle + std::f64::consts::PI + 0.3 * (k as f64 - 3.0);
        let away = dice.between(50.0, 95.0);
        let place = [
            head[0] + away * bearing.cos(),
            head[1] + away * bearing.sin(),
            dice.between(1.0, 3.0),
        ];
        Look::beam(k, head, place)
    };
    (0..7).map(reflector).collect()
}

/// How sensors err together or one by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The air around drifts ten times as fast as it should.
    Air,
    /// One sensor drifts.
    Walk,
    /// One sensor steps, and stays there.
    Step,
    /// One sensor takes time to warm up.
    WarmUp,
}

impl Fault {
    pub(crate) const ALL: [Self; 4] = [Self::Air, Self::Walk, Self::Step, Self::WarmUp];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Air => "of the air",
            Self::Walk => "of one sensor",
            Self::Step => "of one sensor by a step",
            Self::WarmUp => "of one sensor that warms up",
        }
    }

    /// What it adds to one sensor, ppm, second by second.
    pub(crate) fn of_one(self, seconds: usize, dice: &mut Dice) -> Vec<f64> {
        let size = dice.side() * dice.magnitude(0.05, 0.5);
        let share = |t: usize| t as f64 / seconds as f64;
        match self {
            Self::Air => vec![0.0; seconds],
            Self::Walk => {
                let walk = dice.series(seconds, seconds as f64);
                walk.iter().map(|x| size * (x - walk[0])).collect()
            }
            Self::Step => {
                let at = dice.between(0.2, 0.8);
                (0..seconds).map(|t| if share(t) < at { 0.0 } else { size }).collect()
            }
            Self::WarmUp => {
                let memory = dice.between(0.03, 0.1);
                (0..seconds).map(|t| size * (-share(t) / memory).exp()).collect()
            }
        }
    }
}
