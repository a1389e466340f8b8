//! A line in the plane as places with heights and seconds after its beginning.

use cathartes_core::{geometry::LatLon, track::Fix, units::Metres};
use jiff::{SignedDuration, Timestamp};

use super::{
    craft::Craft,
    level::{Ground, Level},
    plane::{Plane, Point, apart, minus, plus},
};

/// A height above the ground is kept by fixes that are this many cells of the terrain apart,
const CELLS: f64 = 2.0;
/// and no nearer than this.
const NEAREST_M: f64 = 60.0;
const METRES_PER_DEGREE: f64 = 110_000.0;
/// Parts of a leg at most.
const MOST_PARTS: f64 = 2_000.0;

/// A fix before it is known when it begins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Step {
    pub(crate) place: LatLon,
    pub(crate) height_m: f64,
    pub(crate) at_s: f64,
}

/// What it takes to make steps.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Layer<'a> {
    pub(crate) plane: Plane,
    pub(crate) ground: Ground<'a>,
    pub(crate) craft: &'a Craft<'a>,
}

impl Layer<'_> {
    /// How far the ground counts around a fix.
    fn around_m(&self) -> f64 {
        let cell_m = self.ground.terrain.map_or(0.0, |terrain| terrain.cell.0 * METRES_PER_DEGREE);
        (CELLS * cell_m).max(NEAREST_M)
    }

    pub(crate) fn height_m(&self, at: Point, level: Level) -> f64 {
        self.ground.height(self.plane.place(at), level, self.around_m())
    }

    /// A line at a level; over the ground it gets fixes enough to follow it.
    pub(crate) fn steps(&self, line: &[Point], level: Level) -> Vec<Step> {
        let times = self.craft.times_s(line);
        let step = |at: Point, at_s: f64| {
            let height_m = self.height_m(at, level);
            Step { place: self.plane.place(at), height_m, at_s }
        };
        let mut steps: Vec<Step> = Vec::new();
        for (i, pair) in line.windows(2).enumerate() {
            let parts = match level {
                Level::Amsl(_) => 1.0,
                Level::Agl(_) => {
                    (apart(pair[0], pair[1]) / self.around_m()).ceil().clamp(1.0, MOST_PARTS)
                }
            };
            let (from_s, to_s) = (times[i], times[i + 1]);
            for part in 0..parts as usize {
                let share = part as f64 / parts;
                let at = plus(pair[0], minus(pair[1], pair[0]), share);
                steps.push(step(at, from_s + share * (to_s - from_s)));
            }
        }
        steps.extend(line.last().zip(times.last()).map(|(at, at_s)| step(*at, *at_s)));
        self.slowed(steps)
    }

    /// The same with time enough for every climb.
    fn slowed(&self, mut steps: Vec<Step>) -> Vec<Step> {
        let mut late_s = 0.0;
        for i in 1..steps.len() {
            let (before, here) = (steps[i - 1], steps[i]);
            let climb_s = self.craft.climb_s(before.height_m, here.height_m);
            let least_s = before.at_s + climb_s;
            let at_s = (here.at_s + late_s).max(least_s);
            late_s = at_s - here.at_s;
            steps[i].at_s = at_s;
        }
        steps
    }
}

/// How long steps take.
pub(crate) fn duration_s(steps: &[Step]) -> f64 {
    steps.last().map_or(0.0, |last| last.at_s)
}

/// A moment later; `None` beyond all calendars.
pub(crate) fn later(start: Timestamp, seconds: f64) -> Option<Timestamp> {
    // Whole milliseconds: times that are written and read again are the same.
    let millis = (seconds * 1000.0).ceil() as i64;
    start.checked_add(SignedDuration::from_millis(millis)).ok()
}

/// Steps as fixes of a track that begin at a moment.
pub(crate) fn fixes(steps: &[Step], start: Timestamp, pressure_m: Option<f64>) -> Vec<Fix> {
    let fix = |step: &Step| {
        Some(Fix {
            time: later(start, step.at_s)?,
            place: step.place,
            height: Metres(step.height_m),
            pressure_altitude: pressure_m.map(|more| Metres(step.height_m + more)),
        })
    };
    steps.iter().filter_map(fix).collect()
}

#[cfg(test)]
mod tests;
