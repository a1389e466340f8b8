//! Orders to sorties with tracks, and why the rest is left.

use cathartes_core::{
    certificate::Verdict,
    observation::Period,
    sortie::{Sortie, Visit},
    track::{Fix, Track},
    units::{Metres, Seconds},
};
use jiff::Timestamp;

use super::{
    Left, Plan, Planned,
    choose::Hindrance,
    problem::{Flight, Leg, Orders, Problem, Refusal},
    steps::{duration_s, fixes, later},
};

impl Problem<'_> {
    /// Lays the tracks of orders; a sortie that is not kept is not there.
    #[must_use]
    pub fn plan(&self, orders: &Orders) -> Plan {
        let mut flights = Vec::new();
        let mut sorties = Vec::new();
        for (aircraft, order) in orders.iter().enumerate().filter(|(_, order)| !order.is_empty()) {
            let Ok(flight) = self.fly(aircraft, order) else { continue };
            if let Some(planned) = self.lay(aircraft, order, &flight) {
                sorties.push(planned);
                flights.push(flight);
            }
        }
        let seen: Vec<usize> =
            flights.iter().flat_map(|one| one.looks.iter().map(|l| l.0)).collect();
        let left = (0..self.requirements.len()).filter(|r| !seen.contains(r));
        Plan {
            expected_information_share: self.information(&flights),
            left: left.map(|r| self.left(r)).collect(),
            sorties,
        }
    }

    /// What flights tell together, nothing taken off for their length.
    fn information(&self, flights: &[std::rc::Rc<Flight>]) -> f64 {
        let each = |r: usize| {
            let all = flights.iter().flat_map(|flight| &flight.looks).filter(|look| look.0 == r);
            let mut looks: Vec<(f64, f64)> = all.map(|(_, at_s, d)| (*at_s, *d)).collect();
            if looks.is_empty() { 0.0 } else { self.worths[r].of(&mut looks) }
        };
        (0..self.requirements.len()).map(each).sum()
    }

    fn lay(&self, aircraft: usize, order: &[usize], flight: &Flight) -> Option<Planned> {
        let crew = &self.crews[aircraft];
        let legs = self.legs(aircraft, order).ok()?;
        let purpose = crew.task(*order.first()?)?.purpose;
        let craft = crew.craft.aircraft;
        let id = name(&craft.id, flight.departure);
        let mut track = Track { sortie: id.clone(), ..crew.craft.track(purpose) };
        let (mut start, mut visits) = (flight.departure, Vec::new());
        for leg in &legs {
            let end = later(start, duration_s(leg.steps()))?;
            let first = track.fixes.len().saturating_sub(1);
            append(&mut track.fixes, fixes(leg.steps(), start, crew.ground.pressure_m));
            if let Leg::Task(requirement, task) = leg {
                visits.push(Visit {
                    requirement: self.requirements[*requirement].id.clone(),
                    sensor: craft.platform.sensors.get(task.sensor)?.name.clone(),
                    pattern: task.pattern,
                    height: Metres(task.steps.first()?.height_m),
                    time: Period { from: start, to: end },
                    fixes: [first, track.fixes.len() - 1],
                    detection_probability: task.detection_probability,
                });
            }
            start = end;
        }
        let certified = crew.airspace.certify(&track);
        let left_s = craft.platform.endurance.0 - craft.platform.reserve.0 - flight.duration_s;
        let alone = self.information(&[std::rc::Rc::new(flight.clone())]);
        let sortie = Sortie {
            id,
            aircraft: craft.id.clone(),
            visits,
            track,
            duration: Seconds(flight.duration_s),
            endurance_left: Seconds(left_s),
            expected_information_share: alone,
        };
        (certified.verdict == Verdict::Kept).then_some(Planned { sortie, certified })
    }

    /// Why nobody looks at a requirement.
    fn left(&self, requirement: usize) -> Left {
        let nearest = (0..self.aircraft()).map(|a| self.fly(a, &[requirement]).err());
        // One that could is nearer to flying than all that could not.
        let all: Vec<Option<Refusal>> = nearest.collect();
        let why = if all.contains(&None) { None } else { all.into_iter().flatten().max() };
        Left { requirement: self.requirements[requirement].id.clone(), why: words(why).to_owned() }
    }
}

/// Adds fixes, the first of which may be the last that is there.
fn append(fixes: &mut Vec<Fix>, more: Vec<Fix>) {
    for fix in more {
        if fixes.last() != Some(&fix) {
            fixes.push(fix);
        }
    }
}

fn name(aircraft: &str, departure: Timestamp) -> String {
    format!("{aircraft}-{}", departure.strftime("%Y%m%dT%H%MZ"))
}

fn words(why: Option<Refusal>) -> &'static str {
    match why {
        None => {
            "other requirements are worth more to every aircraft that could; add an aircraft, or raise its priority"
        }
        Some(Refusal::Task(Hindrance::Sensor)) => {
            "no aircraft of the fleet has a sensor of its class; add one"
        }
        Some(Refusal::Task(Hindrance::Wind)) => {
            "the wind is too strong for every aircraft or sensor that could; wait for less wind"
        }
        Some(Refusal::Task(Hindrance::Contrast)) => {
            "the thermal contrast is too small, or nobody said what it is; say it, or wait for more"
        }
        Some(Refusal::Task(Hindrance::Sample)) => {
            "every sensor sees too coarsely from its lowest height; allow a coarser sample, or add another sensor"
        }
        Some(Refusal::Task(Hindrance::Authority)) => {
            "there is nowhere within range from which an aircraft may look; ask for an authority that is nearer, or add a sensor that sees farther"
        }
        Some(Refusal::Way) => {
            "no way that keeps to the authorities leads there and back; ask for one, or base an aircraft elsewhere"
        }
        Some(Refusal::Endurance) => {
            "it takes longer than any aircraft stays in the air, its reserve taken off; divide it, or base an aircraft nearer"
        }
        Some(Refusal::Late) => {
            "no aircraft gets there before its latest time and back while it is ready; allow more time"
        }
        Some(Refusal::Dark) => {
            "the sun is not up at any time at which an aircraft could be there; allow more time"
        }
        Some(Refusal::Closed) => {
            "a clause stands in the way at every time at which an aircraft could fly; ask for another time window"
        }
    }
}
