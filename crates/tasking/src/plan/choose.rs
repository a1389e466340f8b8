//! What an aircraft does for a requirement: by which sensor, how high and along which lines.

use cathartes_core::{
    sortie::{Aircraft, PlatformSensor, Requirement, SensorClass, Target, View},
    units::Kelvin,
};

use super::{
    crew::{Crew, Task},
    level::Level,
    pattern::{self, Drawn, Spot},
    room::Room,
};

/// A sensor that is of use no higher than this keeps its height above the ground.
const FOLLOWS_M: f64 = 500.0;
/// The ground counts so far around what is looked at.
const AROUND_M: f64 = 500.0;
/// Levels that are tried at most.
const MOST_LEVELS: usize = 8;
/// Lines that are certified before a level is given up.
const MOST_LINES: usize = 6;
/// A place is no smaller than this.
const SMALLEST_M: f64 = 25.0;
/// Of what is in range to both sides, so much is a swath.
const SWATH_RATIO: f64 = 0.8;
/// How detection rises with the ln of the rate: from a half at 86 kg/h to nine in ten at 191 kg/h, docs/validation/limit.md.
const RISE: f64 = 2.74;

/// Why an aircraft does nothing for a requirement, in the order in which that is found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Hindrance {
    /// It carries no such sensor.
    Sensor,
    /// The wind is too strong for it or its sensor.
    Wind,
    /// The ground is not warm enough over the air, or nobody said how warm.
    Contrast,
    /// Its sensor sees too coarsely from everywhere it may be.
    Sample,
    /// Nowhere from which it could look may be flown.
    Authority,
}

/// What an aircraft could do.
pub(crate) fn task(
    crew: &Crew<'_>,
    requirement: &Requirement,
    contrast: Option<Kelvin>,
) -> Result<Task, Hindrance> {
    let mut worst = Hindrance::Sensor;
    for (number, sensor) in crew.craft.aircraft.platform.sensors.iter().enumerate() {
        if sensor.class != requirement.sensor {
            continue;
        }
        let look = Look { crew, requirement, sensor, spot: spot(crew, requirement) };
        match look.hindered(contrast) {
            Some(hindrance) => worst = worst.max(hindrance),
            None => match look.task(number) {
                Some(task) => return Ok(task),
                None => worst = Hindrance::Authority,
            },
        }
    }
    Err(worst)
}

fn spot(crew: &Crew<'_>, requirement: &Requirement) -> Spot {
    match &requirement.target {
        Target::Place { place, radius } => {
            Spot::circle(crew.plane.of(*place), radius.0.max(SMALLEST_M))
        }
        Target::Area { ring } => Spot::area(ring.iter().map(|p| crew.plane.of(*p)).collect()),
    }
}

/// That a sensor finds what a requirement is about, in one look.
pub(crate) fn detection_probability(sensor: &PlatformSensor, requirement: &Requirement) -> f64 {
    let at_limit = sensor.detection_probability.clamp(0.0, 0.999);
    match (requirement.rate, sensor.detection_limit) {
        (Some(rate), Some(limit)) if rate.0 > 0.0 && limit.0 > 0.0 => {
            let ln_odds = 9.0_f64.ln() + RISE * (rate.0 / limit.0).ln();
            (at_limit / 0.9 / (1.0 + (-ln_odds).exp())).min(0.999)
        }
        _ => at_limit,
    }
}

struct Look<'a> {
    crew: &'a Crew<'a>,
    requirement: &'a Requirement,
    sensor: &'a PlatformSensor,
    spot: Spot,
}

impl Look<'_> {
    fn aircraft(&self) -> &Aircraft {
        self.crew.craft.aircraft
    }

    fn hindered(&self, contrast: Option<Kelvin>) -> Option<Hindrance> {
        let needs = self.sensor.needs;
        if needs.wind_under.is_some_and(|most| self.crew.craft.wind_m_s >= most.0) {
            return Some(Hindrance::Wind);
        }
        if needs.contrast.is_some_and(|least| contrast.is_none_or(|there| there.0 < least.0)) {
            return Some(Hindrance::Contrast);
        }
        let lowest_m = self.sensor.heights[0].0;
        let nearest_m = match self.sensor.view {
            View::Aside { nearest, .. } => lowest_m.hypot(nearest.0),
            View::Down { .. } | View::Around { .. } => lowest_m,
        };
        (nearest_m > self.farthest_m()).then_some(Hindrance::Sample)
    }

    /// From how far away the sample is fine enough.
    fn farthest_m(&self) -> f64 {
        let (wanted, at_km) = (self.requirement.sample, self.sensor.sample_at_km);
        match wanted.zip(at_km) {
            Some((wanted, at_km)) => 1_000.0 * wanted.0 / at_km.0,
            // Who asks for a sample asks for pictures.
            None if wanted.is_some() && self.sensor.class == SensorClass::Imagery => 0.0,
            None => f64::INFINITY,
        }
    }

    fn task(&self, sensor: usize) -> Option<Task> {
        self.levels().into_iter().find_map(|(level, above_m)| {
            let purpose = self.sensor.class.purpose();
            let room = self.crew.room(purpose, level);
            let drawn = self.drawn(&room, above_m);
            drawn.into_iter().take(MOST_LINES).find_map(|(line, pattern)| {
                let steps = self.crew.layer().steps(&line, level);
                let (entry, exit) = (*line.first()?, *line.last()?);
                self.crew.ever_kept(&steps, purpose).then(|| Task {
                    sensor,
                    pattern,
                    purpose,
                    level,
                    entry,
                    exit,
                    steps,
                    detection_probability: detection_probability(self.sensor, self.requirement),
                    daylight: self.sensor.needs.daylight,
                })
            })
        })
    }

    /// Levels to be tried, and how high each is above what is looked at.
    fn levels(&self) -> Vec<(Level, f64)> {
        let plane = self.crew.plane;
        let places: Vec<_> = self.spot.ring.iter().map(|p| plane.place(*p)).collect();
        let known = self.crew.ground.known(&places, AROUND_M);
        let [low_m, high_m] = known.unwrap_or([self.crew.ground.base_m; 2]);
        let [from, to] = self.sensor.heights.map(|height| height.0);
        let to = to.min(self.farthest_m());
        if to <= FOLLOWS_M && known.is_some() {
            // Near the ground is where the gas is, and where a limit above the ground is kept.
            let heights = [from, f64::midpoint(from, to), to];
            return heights.map(|height_m| (Level::Agl(height_m), height_m)).into();
        }
        let ceiling_m = self.aircraft().platform.ceiling.0;
        let band = [high_m + from, (low_m + to).min(ceiling_m)];
        let mut heights = self.crew.beside_limits(self.sensor.class.purpose(), band);
        heights.extend([band[1], f64::midpoint(band[0], band[1]), band[0]]);
        heights.retain(|height_m| band[0] <= *height_m && *height_m <= band[1]);
        heights.sort_by(|one, other| other.total_cmp(one));
        heights.dedup();
        if matches!(self.sensor.view, View::Around { .. }) {
            heights.reverse();
        }
        let all = heights.into_iter().take(MOST_LEVELS);
        all.map(|height_m| (Level::Amsl(height_m), height_m - low_m)).collect()
    }

    /// Lines that may be flown at a level, the best first.
    fn drawn(&self, room: &Room, above_m: f64) -> Vec<Drawn> {
        let turn_radius_m = self.aircraft().platform.turn_radius.0;
        let fits = |drawn: &Drawn| drawn.0.windows(2).all(|leg| room.free(leg[0], leg[1]));
        match self.sensor.view {
            View::Down { field_of_view } => {
                let swath_m = 2.0 * above_m * (0.5 * field_of_view.0).to_radians().tan();
                self.survey(swath_m, turn_radius_m).into_iter().filter(fits).collect()
            }
            View::Around { swath } => {
                self.survey(swath.0, turn_radius_m).into_iter().filter(fits).collect()
            }
            View::Aside { nearest, range } => {
                let range_m = range.0.min(self.farthest_m());
                let over_m = (range_m * range_m - above_m * above_m).max(0.0).sqrt();
                let range = [nearest.0, over_m];
                let mut all = pattern::orbits(&self.spot, range, turn_radius_m);
                all.retain(fits);
                let beside = pattern::racetracks(&self.spot, range, turn_radius_m);
                all.extend(beside.filter(fits).take(MOST_LINES));
                if all.is_empty() && self.spot.radius_m > over_m {
                    let swath_m = 2.0 * SWATH_RATIO * over_m;
                    all.extend(self.survey(swath_m, turn_radius_m).filter(fits));
                }
                all
            }
        }
    }

    fn survey(&self, swath_m: f64, turn_radius_m: f64) -> Option<Drawn> {
        let bearing_deg = if self.sensor.class == SensorClass::Gas {
            self.crew.craft.wind_from_deg + 90.0
        } else {
            pattern::longest_bearing_deg(&self.spot.ring)
        };
        pattern::survey(&self.spot, bearing_deg, swath_m, turn_radius_m)
    }
}
