//! The exact oracle of plans: what one aircraft can fly in one sortie, and what all sorties are worth together.
//!
//! Greedy, search and enumeration ask it alone, so that they differ in how they choose and in nothing else.

use std::{cell::RefCell, collections::HashMap, rc::Rc};

use cathartes_core::{
    geometry::LatLon,
    sortie::{Requirement, Target},
};
use jiff::Timestamp;

use crate::when;

use super::{
    Conditions, PlanError, Tasking,
    choose::{self, Hindrance},
    craft::Craft,
    crew::{Crew, Piece, Task},
    level::Ground,
    plane::Plane,
    steps::{Step, duration_s, later},
    sun,
    value::Worth,
};

/// Farther than this from their middle the plane is too wrong.
const FARTHEST_M: f64 = 1_500_000.0;
/// The ground counts so far around all that is flown to, or as far of these as it is known.
const AROUND_M: [f64; 3] = [20_000.0, 5_000.0, 1_000.0];
/// The sun is up when it stands higher: below, shadows are longer than five times what casts them.
const LOWEST_SUN_DEG: f64 = 10.0;
/// A full flight costs so much of the worth of a certain find of the first priority: of two plans that tell as much the
/// shorter is better.
const FLIGHT_SHARE: f64 = 1e-4;
/// Pressure at sea level of the standard atmosphere, and metres a kilopascal there.
const STANDARD_KPA: f64 = 101.325;
const METRES_PER_KPA: f64 = 82.3;

/// Requirements in the order in which one aircraft looks at them, aircraft by aircraft.
pub type Orders = Vec<Vec<usize>>;

/// Why one aircraft cannot fly something, the nearest to flying last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Refusal {
    /// It can do nothing for one of them, or not with the others.
    Task(Hindrance),
    /// There is no way that keeps to the authorities.
    Way,
    /// It would have to land before.
    Endurance,
    /// It would be too late, at every time at which it may take off.
    Late,
    /// The sun is never up when it is there.
    Dark,
    /// A clause is not in force, or is, at every time at which it may take off.
    Closed,
}

/// One sortie, before its track is laid.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Flight {
    pub(crate) departure: Timestamp,
    pub(crate) duration_s: f64,
    /// Of each visit: requirement, begin in seconds since 1970, probability of detection.
    pub(crate) looks: Vec<(usize, f64, f64)>,
    /// Share of the endurance.
    endurance_share: f64,
}

impl Flight {
    /// What is taken off for its length.
    pub(crate) fn cost(&self) -> f64 {
        FLIGHT_SHARE * self.endurance_share
    }
}

type Flown = Result<Rc<Flight>, Refusal>;

/// Requirements, a fleet and what it may fly, made ready.
#[derive(Debug)]
pub struct Problem<'a> {
    pub(crate) requirements: &'a [Requirement],
    pub(crate) crews: Vec<Crew<'a>>,
    pub(crate) hindrances: Vec<Vec<Option<Hindrance>>>,
    pub(crate) worths: Vec<Worth>,
    looks: Vec<usize>,
    /// Whether it matters to any requirement when looks are.
    pub(crate) revisits: bool,
    /// What is known of each aircraft's orders.
    flown: RefCell<Vec<HashMap<Vec<usize>, Flown>>>,
}

impl<'a> Problem<'a> {
    /// Makes everything ready that does not depend on who is sent where.
    ///
    /// # Errors
    ///
    /// [`PlanError`] for an empty fleet or list, two of one name, and what is too far apart.
    pub fn new(tasking: &Tasking<'a>) -> Result<Self, PlanError> {
        let plane = plane(tasking)?;
        let conditions = tasking.conditions;
        let mut problem = Self {
            requirements: tasking.requirements,
            crews: Vec::new(),
            hindrances: Vec::new(),
            worths: tasking.requirements.iter().map(|one| Worth::new(one, tasking.sites)).collect(),
            looks: Vec::new(),
            revisits: false,
            flown: RefCell::new(vec![HashMap::new(); tasking.fleet.aircraft.len()]),
        };
        problem.revisits = problem.worths.iter().any(Worth::revisits);
        for aircraft in &tasking.fleet.aircraft {
            problem.add(tasking, Craft::new(aircraft, conditions.wind), plane);
        }
        problem.looks = (0..tasking.requirements.len()).map(|r| problem.most_looks(r)).collect();
        Ok(problem)
    }

    fn add(&mut self, tasking: &Tasking<'a>, (craft, flies): (Craft<'a>, bool), plane: Plane) {
        let Conditions { contrast, pressure, .. } = tasking.conditions;
        let terrain = tasking.airspace.terrain.as_ref();
        let base = craft.aircraft.base;
        let base_m = craft.aircraft.base_height.0;
        let pressure_m = pressure.map(|there| (STANDARD_KPA - there.0) * METRES_PER_KPA);
        let ground = Ground { terrain, base_m, pressure_m };
        let mut places: Vec<LatLon> = tasking.requirements.iter().flat_map(places).collect();
        places.push(base);
        let known = AROUND_M.into_iter().find_map(|around_m| ground.known(&places, around_m));
        let mut crew = Crew::new(tasking.airspace, craft, ground, (plane, known));
        let mut hindrances = Vec::new();
        for requirement in tasking.requirements {
            let task = if flies {
                choose::task(&crew, requirement, contrast)
            } else {
                Err(Hindrance::Wind)
            };
            hindrances.push(task.as_ref().err().copied());
            crew.tasks.push(task.ok());
        }
        self.crews.push(crew);
        self.hindrances.push(hindrances);
    }

    fn most_looks(&self, requirement: usize) -> usize {
        let all = self.crews.iter().filter_map(|crew| crew.task(requirement));
        let best = all.map(|task| task.detection_probability).fold(0.0, f64::max);
        if best > 0.0 { self.worths[requirement].looks(best) } else { 0 }
    }

    /// How many aircraft there are.
    #[must_use]
    pub fn aircraft(&self) -> usize {
        self.crews.len()
    }

    /// How many looks at a requirement are of use.
    #[must_use]
    pub fn looks(&self) -> &[usize] {
        &self.looks
    }

    /// Whether an aircraft can look at a requirement and come back, were there no other.
    #[must_use]
    pub fn can(&self, aircraft: usize, requirement: usize) -> bool {
        self.fly(aircraft, &[requirement]).is_ok()
    }

    /// Whether an aircraft can look at requirements in an order.
    #[must_use]
    pub fn flies(&self, aircraft: usize, order: &[usize]) -> bool {
        order.is_empty() || self.fly(aircraft, order).is_ok()
    }

    /// What sorties are worth together; `None` where one of them cannot be flown.
    #[must_use]
    pub fn worth_share(&self, orders: &[Vec<usize>]) -> Option<f64> {
        let each = orders.iter().enumerate().filter(|(_, order)| !order.is_empty());
        let flights: Option<Vec<Rc<Flight>>> =
            each.map(|(a, order)| self.fly(a, order).ok()).collect();
        Some(self.worth(flights?.iter().map(Rc::as_ref)))
    }

    /// What flights are worth together.
    pub(crate) fn worth<'f>(&self, flights: impl Iterator<Item = &'f Flight>) -> f64 {
        let mut looks: Vec<Vec<(f64, f64)>> = vec![Vec::new(); self.requirements.len()];
        let mut cost = 0.0;
        for flight in flights {
            cost += flight.cost();
            for (requirement, at_s, d) in &flight.looks {
                looks[*requirement].push((*at_s, *d));
            }
        }
        let each = looks.iter_mut().zip(&self.worths).filter(|(looks, _)| !looks.is_empty());
        each.map(|(looks, worth)| worth.of(looks)).sum::<f64>() - cost
    }

    /// One sortie.
    pub(crate) fn fly(&self, aircraft: usize, order: &[usize]) -> Flown {
        if let Some(flown) = self.flown.borrow()[aircraft].get(order) {
            return flown.clone();
        }
        let flown = self.find(aircraft, order).map(Rc::new);
        self.flown.borrow_mut()[aircraft].insert(order.to_vec(), flown.clone());
        flown
    }

    fn find(&self, aircraft: usize, order: &[usize]) -> Result<Flight, Refusal> {
        let crew = &self.crews[aircraft];
        let legs = self.legs(aircraft, order)?;
        let duration_s: f64 = legs.iter().map(|leg| duration_s(leg.steps())).sum();
        let platform = &crew.craft.aircraft.platform;
        let most_s = platform.endurance.0 - platform.reserve.0;
        if duration_s > most_s {
            return Err(Refusal::Endurance);
        }
        let endurance_share = duration_s / platform.endurance.0;
        let mut worst = Refusal::Late;
        for departure in crew.departures() {
            match self.depart(crew, &legs, departure) {
                Ok(looks) => return Ok(Flight { departure, duration_s, looks, endurance_share }),
                Err(Refusal::Late) => break,
                Err(refusal) => worst = worst.max(refusal),
            }
        }
        Err(worst)
    }

    /// What is flown, piece by piece.
    pub(crate) fn legs(&self, aircraft: usize, order: &[usize]) -> Result<Vec<Leg<'_>>, Refusal> {
        let crew = &self.crews[aircraft];
        let mut legs = Vec::with_capacity(2 * order.len() + 1);
        let mut at = 0;
        let mut purpose = None;
        for requirement in order {
            let hindrance = self.hindrances[aircraft][*requirement].unwrap_or(Hindrance::Sensor);
            let task = crew.task(*requirement).ok_or(Refusal::Task(hindrance))?;
            if *purpose.get_or_insert(task.purpose) != task.purpose {
                return Err(Refusal::Task(Hindrance::Sensor));
            }
            let node = Crew::node(*requirement);
            let way = crew.way(at, node, task.purpose).ok_or(Refusal::Way)?;
            legs.push(Leg::Way(Piece::Way(at, node), way, task));
            legs.push(Leg::Task(*requirement, task));
            at = node;
        }
        if let Some(task) = order.last().and_then(|requirement| crew.task(*requirement)) {
            let way = crew.way(at, 0, task.purpose).ok_or(Refusal::Way)?;
            legs.push(Leg::Way(Piece::Way(at, 0), way, task));
        }
        Ok(legs)
    }

    fn depart(
        &self,
        crew: &Crew<'_>,
        legs: &[Leg<'_>],
        departure: Timestamp,
    ) -> Result<Vec<(usize, f64, f64)>, Refusal> {
        let mut start = departure;
        let mut looks = Vec::new();
        for leg in legs {
            let end = later(start, duration_s(leg.steps())).ok_or(Refusal::Late)?;
            if end > crew.craft.aircraft.ready.to {
                return Err(Refusal::Late);
            }
            if let Leg::Task(requirement, task) = leg {
                self.look(*requirement, task, [start, end])?;
                looks.push((*requirement, when::seconds(start), task.detection_probability));
            }
            let (piece, purpose) = (leg.piece(), leg.task().purpose);
            if !crew.keeps(piece, leg.steps(), purpose, start) {
                return Err(Refusal::Closed);
            }
            start = end;
        }
        Ok(looks)
    }

    fn look(&self, requirement: usize, task: &Task, times: [Timestamp; 2]) -> Result<(), Refusal> {
        let requirement = &self.requirements[requirement];
        if times[1] > requirement.latest {
            return Err(Refusal::Late);
        }
        let place = task.steps.first().map(|step| step.place);
        let up = |at: Timestamp| {
            place.is_none_or(|place| sun::elevation_deg(place, at) >= LOWEST_SUN_DEG)
        };
        if task.daylight && !times.into_iter().all(up) { Err(Refusal::Dark) } else { Ok(()) }
    }
}

/// A piece of a sortie.
#[derive(Debug, Clone)]
pub(crate) enum Leg<'a> {
    /// A way, and the task for whose purpose it is flown.
    Way(Piece, Rc<Vec<Step>>, &'a Task),
    /// At a requirement.
    Task(usize, &'a Task),
}

impl Leg<'_> {
    pub(crate) fn steps(&self) -> &[Step] {
        match self {
            Self::Way(_, steps, _) => steps,
            Self::Task(_, task) => &task.steps,
        }
    }

    fn piece(&self) -> Piece {
        match self {
            Self::Way(piece, ..) => *piece,
            Self::Task(requirement, _) => Piece::Task(Crew::node(*requirement)),
        }
    }

    fn task(&self) -> &Task {
        match self {
            Self::Way(_, _, task) | Self::Task(_, task) => task,
        }
    }
}

fn places(requirement: &Requirement) -> Vec<LatLon> {
    match &requirement.target {
        Target::Place { place, .. } => vec![*place],
        Target::Area { ring } => ring.clone(),
    }
}

/// The plane around all that is flown to.
fn plane(tasking: &Tasking<'_>) -> Result<Plane, PlanError> {
    let fleet = &tasking.fleet.aircraft;
    let first = fleet.first().ok_or(PlanError::NoAircraft)?.base;
    if tasking.requirements.is_empty() {
        return Err(PlanError::NoRequirement);
    }
    super::distinct(tasking)?;
    let bases = fleet.iter().map(|one| (one.id.as_str(), one.base));
    let targets = tasking
        .requirements
        .iter()
        .flat_map(|one| places(one).into_iter().map(|place| (one.id.as_str(), place)));
    let all: Vec<(&str, LatLon)> = bases.chain(targets).collect();
    let rough = Plane::new(first);
    let sum = all.iter().fold([0.0; 2], |sum, (_, place)| {
        super::plane::plus(sum, rough.of(*place), 1.0 / all.len() as f64)
    });
    let plane = Plane::new(rough.place(sum));
    let far = |(_, place): &&(&str, LatLon)| super::plane::length(plane.of(*place)) > FARTHEST_M;
    match all.iter().find(far) {
        Some((name, _)) => Err(PlanError::TooFar((*name).to_owned())),
        None => Ok(plane),
    }
}
