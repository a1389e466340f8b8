//! Worlds to plan in: a square that is permitted, prohibitions in it, a fleet and what somebody wants known.

use cathartes_core::{
    airspace::{Authority, Clause, Limit, Polygon, Purpose, Rule, TimeWindow, Volume},
    estimate::Estimate,
    geometry::LatLon,
    observation::Period,
    sortie::{
        Aircraft, Fleet, Needs, Platform, PlatformSensor, Requirement, SensorClass, Target, View,
    },
    units::{Degrees, Metres, MetresPerSecond, Seconds},
    wind::Wind,
};
use cathartes_tasking::{Airspace, Conditions, Tasking};
use jiff::{SignedDuration, Timestamp};
use rand::RngExt;

/// All that a plan is made of.
pub(crate) struct World {
    pub(crate) authority: Authority,
    pub(crate) airspace: Airspace,
    pub(crate) fleet: Fleet,
    pub(crate) requirements: Vec<Requirement>,
    pub(crate) conditions: Conditions,
}

impl World {
    pub(crate) fn new(
        authority: Authority,
        fleet: Vec<Aircraft>,
        requirements: Vec<Requirement>,
    ) -> Self {
        let airspace = Airspace::new(std::slice::from_ref(&authority), None).unwrap();
        let fleet = Fleet { aircraft: fleet };
        Self { authority, airspace, fleet, requirements, conditions: wind(4.0, 270.0) }
    }

    pub(crate) fn tasking(&self) -> Tasking<'_> {
        Tasking {
            airspace: &self.airspace,
            fleet: &self.fleet,
            requirements: &self.requirements,
            sites: &[],
            conditions: self.conditions,
        }
    }
}

pub(crate) fn wind(speed_m_s: f64, from_deg: f64) -> Conditions {
    let speed = Estimate { value: MetresPerSecond(speed_m_s), std: MetresPerSecond(0.5) };
    Conditions { wind: Wind { speed, from: Degrees(from_deg) }, contrast: None, pressure: None }
}

pub(crate) fn at(longitude: f64, latitude: f64) -> LatLon {
    LatLon { latitude: Degrees(latitude), longitude: Degrees(longitude) }
}

pub(crate) fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Noon and so many minutes.
pub(crate) fn noon(minutes: i64) -> Timestamp {
    time("2026-10-05T12:00:00Z") + SignedDuration::from_mins(minutes)
}

pub(crate) fn rectangle([west, south, east, north]: [f64; 4]) -> Polygon {
    Polygon {
        rings: vec![vec![at(west, south), at(east, south), at(east, north), at(west, north)]],
    }
}

pub(crate) fn clause(number: &str, rule: Rule, polygon: Polygon, ceiling_m: Option<f64>) -> Clause {
    let permits = rule == Rule::Permit;
    let purposes = if permits { Purpose::ALL.to_vec() } else { Vec::new() };
    let ceiling = ceiling_m.map(|height_m| Limit::Amsl(Metres(height_m)));
    let volume = Volume { polygons: vec![polygon], floor: Limit::Agl(Metres(0.0)), ceiling };
    let number = number.to_owned();
    let (operators, aircraft, windows) = (None, None, Vec::new());
    Clause { number, rule, purposes, operators, aircraft, volume, windows }
}

pub(crate) fn authority(clauses: Vec<Clause>) -> Authority {
    Authority {
        issuer: "Directorate".to_owned(),
        number: "A".to_owned(),
        valid: Period { from: time("2026-10-01T00:00:00Z"), to: time("2026-11-01T00:00:00Z") },
        operators: vec!["North Wing".to_owned()],
        aircraft: ["small drone", "drone", "aircraft"].map(str::to_owned).to_vec(),
        clauses,
    }
}

/// Not before a moment and not after another.
pub(crate) fn window(from: Timestamp, to: Timestamp) -> TimeWindow {
    TimeWindow { from: Some(from), to: Some(to), weekly: Vec::new() }
}

fn sensor(name: &str, class: SensorClass, view: View, heights_m: [f64; 2]) -> PlatformSensor {
    PlatformSensor {
        name: name.to_owned(),
        class,
        view,
        heights: heights_m.map(Metres),
        sample_at_km: (class == SensorClass::Imagery).then_some(Metres(0.1)),
        detection_limit: None,
        detection_probability: 0.8,
        needs: Needs::default(),
    }
}

/// A medium drone: looks down for gas and aside for pictures.
pub(crate) fn drone(endurance_h: f64) -> Platform {
    let down = View::Down { field_of_view: Degrees(40.0) };
    let aside = View::Aside { nearest: Metres(0.0), range: Metres(15_000.0) };
    Platform {
        kind: "drone".to_owned(),
        sources: Vec::new(),
        speeds: [35.0, 50.0, 70.0].map(MetresPerSecond),
        ceiling: Metres(6_000.0),
        endurance: Seconds(3_600.0 * endurance_h),
        reserve: Seconds(1_200.0),
        climb: MetresPerSecond(5.0),
        turn_radius: Metres(500.0),
        navigation: Metres(20.0),
        height_error: Metres(60.0),
        response: Seconds(5.0),
        lost_link: Seconds(10.0),
        sensors: vec![
            sensor("imager", SensorClass::Gas, down, [500.0, 3_000.0]),
            sensor("camera", SensorClass::Imagery, aside, [1_000.0, 5_000.0]),
        ],
    }
}

pub(crate) fn aircraft(id: &str, platform: Platform, base: LatLon) -> Aircraft {
    Aircraft {
        id: id.to_owned(),
        operator: "North Wing".to_owned(),
        base,
        base_height: Metres(0.0),
        ready: Period { from: noon(0), to: noon(24 * 60) },
        platform,
    }
}

pub(crate) fn requirement(id: &str, sensor: SensorClass, place: LatLon) -> Requirement {
    Requirement {
        id: id.to_owned(),
        question: "is anything there?".to_owned(),
        target: Target::Place { place, radius: Metres(500.0) },
        sensor,
        priority: 1,
        latest: noon(24 * 60),
        revisit: None,
        wanted_probability: 0.8,
        site_probability: Some(0.5),
        site: None,
        sample: None,
        rate: None,
    }
}

/// A degree of land and sea with boxes in it that are forbidden, as the dice fall.
pub(crate) fn random(dice: &mut impl RngExt, requirements: usize, aircraft_count: usize) -> World {
    let mut clauses =
        vec![clause("1", Rule::Permit, rectangle([0.0, 0.0, 1.5, 1.5]), Some(8_000.0))];
    for number in 2..dice.random_range(3..8) {
        let [west, south] = [0, 1].map(|_| dice.random_range(0.1..1.2));
        let [wide, high] = [0, 1].map(|_| dice.random_range(0.03..0.25));
        let ceiling_m = dice.random_bool(0.7).then(|| dice.random_range(500.0..6_000.0));
        let forbidden = rectangle([west, south, west + wide, south + high]);
        clauses.push(clause(&number.to_string(), Rule::Forbid, forbidden, ceiling_m));
    }
    if let Some(last) = clauses.last_mut().filter(|last| last.rule == Rule::Forbid) {
        last.windows = vec![window(noon(-600), noon(dice.random_range(-100..900)))];
    }
    let base = |dice: &mut _| {
        let [lon, lat]: [f64; 2] = [0, 1].map(|_| RngExt::random_range(dice, 0.08..1.42));
        at(lon, lat)
    };
    let fleet = (0..aircraft_count).map(|number| {
        let platform = drone(dice.random_range(1.0..3.0));
        aircraft(&format!("D{number}"), platform, base(dice))
    });
    let fleet: Vec<Aircraft> = fleet.collect();
    let wanted = (0..requirements).map(|number| {
        let sensor = if dice.random_bool(0.7) { SensorClass::Gas } else { SensorClass::Imagery };
        let place = at(dice.random_range(-0.05..1.55), dice.random_range(-0.05..1.55));
        let mut one = requirement(&format!("R{number}"), sensor, place);
        one.priority = dice.random_range(1..=4);
        one.site_probability = Some(dice.random_range(0.05..0.9));
        one.latest = noon(dice.random_range(60..24 * 60));
        if dice.random_bool(0.3) {
            let side = dice.random_range(0.01..0.05);
            let [west, south] = [place.longitude.0, place.latitude.0];
            let polygon = rectangle([west, south, west + side, south + side]);
            one.target = Target::Area { ring: polygon.rings[0].clone() };
        }
        one
    });
    let wanted = wanted.collect();
    let mut world = World::new(authority(clauses), fleet, wanted);
    world.conditions = wind(dice.random_range(0.0..8.0), dice.random_range(0.0..360.0));
    world
}
