//! A made-up border area: hidden sources that come, go and emit now and then, innocent ones, a register, a sensor that
//! flies over and errs, and people who tell truths, untruths, and the same thing twice. Plain metres and
//! days; nothing here knows how any of it is weighed.

use cathartes_core::{
    geometry::LatLon,
    marking::Marking,
    observation::{
        Credibility, Draft, Grade, Observation, OriginChain, Period, Reliability, Sight, Sign,
        What, Whereabouts,
    },
    site::LicensedEmitter,
    source::Ellipse90,
    units::{Degrees, Metres},
};
use jiff::Timestamp;
use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, Exp, Gamma, Poisson, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;

/// Side of the area, m.
pub(crate) const SIDE: f64 = 60_000.0;
/// How long it is watched, days.
pub(crate) const DAYS: f64 = 120.0;
const START: i64 = 1_780_000_000;
/// Metres a degree of latitude at 40 degrees north, and of longitude.
const PER_DEGREE: [f64; 2] = [85_394.0, 111_035.0];
/// Nine in ten of a circle, in deviations.
const NINE_IN_TEN: f64 = 2.146;

pub(crate) struct World {
    pub(crate) observations: Vec<Observation>,
    pub(crate) register: Vec<LicensedEmitter>,
    /// Hidden sources there at the end, m east and north.
    pub(crate) hidden: Vec<[f64; 2]>,
    /// Where plumes were said to be, m: what plain clustering is given.
    pub(crate) plumes: Vec<[f64; 2]>,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Hidden,
    Innocent,
    Licensed,
}

struct Emitter {
    kind: Kind,
    at: [f64; 2],
    from: f64,
    to: f64,
    /// Moments at which it turns on or off.
    turns: Vec<f64>,
    on_at_first: bool,
    /// How its gases fit kinds of interest.
    profile: f64,
}

impl Emitter {
    fn there(&self, day: f64) -> bool {
        (self.from..self.to).contains(&day)
    }

    fn emits(&self, day: f64) -> bool {
        let turns = self.turns.iter().filter(|t| **t <= day).count();
        self.there(day) && (turns % 2 == 0) == self.on_at_first
    }
}

pub(crate) fn place(at: [f64; 2]) -> LatLon {
    LatLon {
        latitude: Degrees(40.0 + at[1] / PER_DEGREE[1]),
        longitude: Degrees(-3.0 + at[0] / PER_DEGREE[0]),
    }
}

/// Metres of a place.
pub(crate) fn metres(place: LatLon) -> [f64; 2] {
    [(place.longitude.0 + 3.0) * PER_DEGREE[0], (place.latitude.0 - 40.0) * PER_DEGREE[1]]
}

pub(crate) fn moment(day: f64) -> Timestamp {
    Timestamp::from_second(START + (day * 86_400.0) as i64).unwrap()
}

struct Maker {
    dice: Xoshiro256PlusPlus,
    world: World,
    emitters: Vec<Emitter>,
}

impl Maker {
    fn uniform(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.dice.random::<f64>()
    }

    fn normal(&mut self, std: f64) -> f64 {
        let z: f64 = StandardNormal.sample(&mut self.dice);
        z * std
    }

    fn chance(&mut self, p: f64) -> bool {
        self.dice.random::<f64>() < p
    }

    fn count(&mut self, mean: f64) -> usize {
        let n: f64 = Poisson::new(mean).unwrap().sample(&mut self.dice);
        n as usize
    }

    fn anywhere(&mut self) -> [f64; 2] {
        [self.uniform(0.0, SIDE), self.uniform(0.0, SIDE)]
    }

    /// Turns of an emitter that emits a share of the time, in cycles of some hours.
    fn turns(&mut self, share: f64) -> (Vec<f64>, bool) {
        let (mut day, mut on) = (-2.0, self.chance(share));
        let (first, mut turns) = (on, Vec::new());
        while day < DAYS {
            let mean = if on { share } else { 1.0 - share };
            day += Gamma::new(2.0, 0.4 * mean / 2.0).unwrap().sample(&mut self.dice);
            turns.push(day);
            on = !on;
        }
        (turns, first)
    }

    fn emitter(&mut self, kind: Kind, from: f64, to: f64) {
        let share = match kind {
            Kind::Hidden => self.uniform(0.2, 0.6),
            Kind::Innocent => self.uniform(0.5, 0.9),
            Kind::Licensed => 0.8,
        };
        let (turns, on_at_first) = self.turns(share);
        let middle = if kind == Kind::Hidden { 1.45 } else { -1.45 };
        let profile = middle + self.normal(1.7);
        let at = self.anywhere();
        self.emitters.push(Emitter { kind, at, from, to, turns, on_at_first, profile });
    }

    fn emitters(&mut self) {
        let rich: f64 = self.normal(0.3);
        let hidden = 3.6 * rich.exp();
        let life = Exp::new(1.0 / 400.0).unwrap();
        for _ in 0..self.count(hidden) {
            let to = life.sample(&mut self.dice);
            self.emitter(Kind::Hidden, -1e9, to);
        }
        for _ in 0..self.count(hidden * DAYS / 400.0) {
            let from = self.uniform(0.0, DAYS);
            let to = from + life.sample(&mut self.dice);
            self.emitter(Kind::Hidden, from, to);
        }
        for _ in 0..self.count(7.2) {
            self.emitter(Kind::Innocent, -1e9, 1e9);
        }
        for number in 0..self.count(4.0) {
            self.emitter(Kind::Licensed, -1e9, 1e9);
            let at = self.emitters[self.emitters.len() - 1].at;
            let shifted = [at[0] + self.normal(100.0), at[1] + self.normal(100.0)];
            self.world.register.push(LicensedEmitter {
                name: format!("Works {number}"),
                gases: vec!["ch4".into()],
                place: place(shifted),
                radius: Metres(250.0),
            });
        }
    }

    fn add(
        &mut self,
        what: What,
        whereabouts: Whereabouts,
        day: f64,
        (grade, origin): (Grade, OriginChain),
    ) {
        let when = Period { from: moment(day), to: moment(day) };
        let draft =
            Draft { what, place: whereabouts, when, grade, origin, marking: Marking::default() };
        self.world.observations.push(Observation::new(draft).unwrap());
    }

    fn flights(&mut self) {
        let mut flights: Vec<f64> = (0..30).map(|_| self.uniform(0.0, DAYS)).collect();
        flights.sort_by(f64::total_cmp);
        for (number, day) in flights.into_iter().enumerate() {
            self.flight(number, day);
        }
    }

    /// A box flown over; what it could have seen is known roughly.
    fn flight(&mut self, number: usize, day: f64) {
        let (wide, high) = (self.uniform(20e3, 40e3), self.uniform(30e3, 60e3));
        let (west, south) = (self.uniform(0.0, SIDE - wide), self.uniform(0.0, SIDE - high));
        let said = Sight {
            detection_probability: self.uniform(0.5, 0.9),
            false_alarms_per_km2: 10_f64.powf(self.uniform(-3.0, -2.0)),
        };
        let truly = (said.detection_probability * self.uniform(0.85, 1.15)).min(0.97);
        let alarms =
            said.false_alarms_per_km2 * Gamma::new(4.0, 0.25).unwrap().sample(&mut self.dice);
        let collection = format!("flight-{number}");
        let over = |at: [f64; 2]| {
            (west..west + wide).contains(&at[0]) && (south..south + high).contains(&at[1])
        };
        let emitting = self.emitters.iter().filter(|e| over(e.at) && e.emits(day));
        let seen: Vec<([f64; 2], f64)> = emitting.map(|e| (e.at, e.profile)).collect();
        for (at, profile) in seen {
            if self.chance(truly) {
                let profile = profile + self.normal(0.5);
                self.plume(at, day, (&collection, said), profile);
            }
        }
        for _ in 0..self.count(alarms * wide * high / 1e6) {
            let at = [west + self.uniform(0.0, wide), south + self.uniform(0.0, high)];
            let profile = self.normal(1.5);
            self.plume(at, day, (&collection, said), profile);
        }
        let corners = [[0.0, 0.0], [wide, 0.0], [wide, high], [0.0, high]];
        let ring = corners.map(|c| place([west + c[0], south + c[1]])).to_vec();
        let what = What::Searched { gas: "ch4".into(), sight: said };
        self.add(what, Whereabouts::Area { ring }, day, (sensor_grade(), sensor(&collection)));
    }

    /// The head of a plume is known better across the wind than along; one in twenty is far off.
    fn plume(&mut self, at: [f64; 2], day: f64, (collection, sight): (&str, Sight), profile: f64) {
        let (long, short) = (self.uniform(40.0, 90.0), self.uniform(15.0, 40.0));
        let bearing = self.uniform(0.0, 180.0);
        let (sin, cos) = bearing.to_radians().sin_cos();
        let far = if self.chance(0.05) { 6.0 } else { 1.0 };
        let (a, b) = (self.normal(long) * far, self.normal(short) * far);
        let said = [at[0] + a * sin + b * cos, at[1] + a * cos - b * sin];
        self.world.plumes.push(said);
        let ellipse = Ellipse90 {
            semi_major: Metres(long * NINE_IN_TEN),
            semi_minor: Metres(short * NINE_IN_TEN),
            bearing: Degrees(bearing),
        };
        let what = What::GasSeen { gas: "ch4".into(), sight, profile_ln_ratio: Some(profile) };
        let point = Whereabouts::Point { place: place(said), ellipse };
        self.add(what, point, day, (sensor_grade(), sensor(collection)));
    }

    fn reports(&mut self) {
        let letters =
            [Reliability::A, Reliability::B, Reliability::C, Reliability::D, Reliability::E];
        let shares = [0.95, 0.8, 0.6, 0.4, 0.2];
        let collectors: Vec<(usize, f64)> = (0..10)
            .map(|_| {
                let letter = self.dice.random_range(1..5);
                // Some are worse than their letter, and nobody knows.
                let truly = if self.chance(0.1) { 0.2 } else { shares[letter] };
                (letter, truly)
            })
            .collect();
        for _ in 0..self.count(9.0) {
            let who = self.dice.random_range(0..collectors.len());
            let (letter, truly) = collectors[who];
            let day = self.uniform(0.0, DAYS);
            let known: Vec<[f64; 2]> = self.hidden(day);
            let truth = self.chance(truly) && !known.is_empty();
            let about =
                if truth { known[self.dice.random_range(0..known.len())] } else { self.anywhere() };
            self.report(about, day, (who, letters[letter]), truth);
        }
    }

    fn hidden(&self, day: f64) -> Vec<[f64; 2]> {
        let there = self.emitters.iter().filter(|e| e.kind == Kind::Hidden && e.there(day));
        there.map(|e| e.at).collect()
    }

    fn report(
        &mut self,
        about: [f64; 2],
        day: f64,
        (who, reliability): (usize, Reliability),
        truth: bool,
    ) {
        let std = self.uniform(150.0, 700.0);
        let at = [about[0] + self.normal(std), about[1] + self.normal(std)];
        let dice = self.dice.random::<f64>();
        let (likely, doubtful) = if truth { (0.4, 0.15) } else { (0.2, 0.3) };
        let credibility = match dice {
            d if d < likely => Credibility::ProbablyTrue,
            d if d > 1.0 - doubtful => Credibility::Doubtful,
            _ => Credibility::PossiblyTrue,
        };
        let grade = Grade { reliability, credibility };
        let radius = Metres(std * NINE_IN_TEN);
        let ellipse = Ellipse90 { semi_major: radius, semi_minor: radius, bearing: Degrees(0.0) };
        let mut origin = OriginChain {
            collector: format!("collector-{who}"),
            collection: None,
            handed_on_by: Vec::new(),
        };
        let what = What::Told { sign: Sign::Smell };
        let point = |at| Whereabouts::Point { place: place(at), ellipse };
        self.add(what.clone(), point(at), day, (grade, origin.clone()));
        if self.chance(0.3) {
            // The same tale through another office, with the place rounded.
            origin.handed_on_by.push("office-2".into());
            let rounded = at.map(|x| (x / 200.0).round() * 200.0);
            self.add(what, point(rounded), (day + 1.0).min(DAYS), (grade, origin));
        }
        if self.chance(0.2) && day + 3.0 < DAYS {
            self.visit(at, std, day + 3.0);
        }
    }

    /// Somebody goes to the place told of and looks around.
    fn visit(&mut self, at: [f64; 2], std: f64, day: f64) {
        let near =
            self.hidden(day).into_iter().find(|h| (h[0] - at[0]).hypot(h[1] - at[1]) < 2.0 * std);
        let grade = Grade { reliability: Reliability::B, credibility: Credibility::PossiblyTrue };
        let origin = OriginChain {
            collector: format!("patrol-{day:.3}"),
            collection: None,
            handed_on_by: vec![],
        };
        let found = near.filter(|_| self.chance(0.8));
        let (sign, about, std) = match found {
            Some(site) => {
                let exact = [site[0] + self.normal(50.0), site[1] + self.normal(50.0)];
                (Sign::Waste, exact, 50.0)
            }
            None => (Sign::NothingThere, at, std),
        };
        let radius = Metres(std * NINE_IN_TEN);
        let ellipse = Ellipse90 { semi_major: radius, semi_minor: radius, bearing: Degrees(0.0) };
        let point = Whereabouts::Point { place: place(about), ellipse };
        self.add(What::Told { sign }, point, day, (grade, origin));
    }
}

fn sensor_grade() -> Grade {
    Grade { reliability: Reliability::B, credibility: Credibility::ProbablyTrue }
}

fn sensor(collection: &str) -> OriginChain {
    OriginChain {
        collector: "imager-1".into(),
        collection: Some(collection.into()),
        handed_on_by: Vec::new(),
    }
}

/// The world of a seed, its observations in the order of their time.
pub(crate) fn world(seed: u64) -> World {
    let world = World { observations: vec![], register: vec![], hidden: vec![], plumes: vec![] };
    let dice = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut maker = Maker { dice, world, emitters: Vec::new() };
    maker.emitters();
    maker.flights();
    maker.reports();
    maker.world.hidden = maker.hidden(DAYS);
    let mut world = maker.world;
    world.observations.sort_by_key(|o| o.when().to);
    world
}
