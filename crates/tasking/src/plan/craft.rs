//! An aircraft in the wind: how fast it gets over the ground, and what its tracks are held to be wrong by.
//!
//! ```text
//! ground speed = √(v² − c²) + t          c the wind across, t along the leg
//! drift = wind × response,   lost link = v × seconds,   overshoot = (1 + √3) r
//! ```
//! Of all turns of radius r a reversal on the spot leads farthest beyond the end of its leg: 60° to one side and 300°
//! to the other, which reaches √3 r + r. A spiral or a half circle stays nearer.

use cathartes_core::{
    airspace::Purpose,
    sortie::Aircraft,
    track::{Allowances, Track, TrackKind},
    units::{Metres, MetresPerSecond, Seconds},
    wind::Wind,
};

use super::plane::{Point, apart, dot, length, minus, towards, turn};

const OVERSHOOT_RATIO: f64 = 2.732_050_807_568_877;
/// A plan is flown within this of its times.
const TIME_S: f64 = 120.0;
/// Deviations of the wind that are allowed for.
const WIND_DEVIATIONS: f64 = 2.0;
/// Against a wind of more than this share of its speed nothing is planned.
const STRONGEST_RATIO: f64 = 0.7;
/// Turning to the next of two lines that are nearer than two radii takes this many more half circles.
const TIGHT_HALVES: f64 = 4.0 / 3.0;

/// An aircraft with the wind.
#[derive(Debug, Clone)]
pub(crate) struct Craft<'a> {
    pub(crate) aircraft: &'a Aircraft,
    pub(crate) allowances: Allowances,
    /// Through the air.
    pub(crate) speed_m_s: f64,
    /// Where the air goes.
    wind: Point,
    pub(crate) wind_m_s: f64,
    pub(crate) wind_from_deg: f64,
}

impl<'a> Craft<'a> {
    /// Makes one ready, and says whether it flies in this wind.
    pub(crate) fn new(aircraft: &'a Aircraft, wind: Wind) -> (Self, bool) {
        let platform = &aircraft.platform;
        let speed_m_s = platform.speeds[1].0;
        let wind_m_s = wind.speed.value.0 + WIND_DEVIATIONS * wind.speed.std.0.max(0.0);
        let allowances = Allowances {
            navigation: platform.navigation,
            drift: Metres(wind_m_s * platform.response.0),
            overshoot: Metres(OVERSHOOT_RATIO * platform.turn_radius.0),
            lost_link: Metres((speed_m_s + wind_m_s) * platform.lost_link.0),
            height: platform.height_error,
            time: Seconds(TIME_S),
        };
        let wind_from_deg = wind.from.0;
        let wind = towards(wind_from_deg + 180.0).map(|part| part * wind_m_s);
        let flies = wind_m_s <= STRONGEST_RATIO * speed_m_s;
        (Self { aircraft, allowances, speed_m_s, wind, wind_m_s, wind_from_deg }, flies)
    }

    /// A track without a fix.
    pub(crate) fn track(&self, purpose: Purpose) -> Track {
        Track {
            kind: TrackKind::Plan,
            sortie: String::new(),
            operator: self.aircraft.operator.clone(),
            aircraft: self.aircraft.platform.kind.clone(),
            purpose,
            allowances: self.allowances,
            most_speed: self.most_speed(),
            most_climb: self.aircraft.platform.climb,
            fixes: Vec::new(),
        }
    }

    /// Over the ground at most.
    fn most_speed(&self) -> MetresPerSecond {
        MetresPerSecond(self.speed_m_s + self.wind_m_s)
    }

    /// How long a leg takes.
    pub(crate) fn leg_s(&self, a: Point, b: Point) -> f64 {
        let way = minus(b, a);
        let way_m = length(way);
        if way_m <= 0.0 {
            return 0.0;
        }
        let along = dot(self.wind, way) / way_m;
        let across_2 = (dot(self.wind, self.wind) - along * along).max(0.0);
        let ground_m_s = (self.speed_m_s * self.speed_m_s - across_2).max(0.0).sqrt() + along;
        way_m / ground_m_s.max(0.1 * self.speed_m_s)
    }

    /// How long a turn takes that a line of legs makes at a corner.
    pub(crate) fn turn_s(&self, a: Point, b: Point, c: Point) -> f64 {
        self.aircraft.platform.turn_radius.0 * turn(a, b, c) / self.speed_m_s
    }

    /// How long it takes to change height.
    pub(crate) fn climb_s(&self, from_m: f64, to_m: f64) -> f64 {
        (to_m - from_m).abs() / self.aircraft.platform.climb.0
    }

    /// Seconds after the first of places at which each is reached.
    pub(crate) fn times_s(&self, line: &[Point]) -> Vec<f64> {
        let radius_m = self.aircraft.platform.turn_radius.0;
        let mut at_s = 0.0;
        let mut times = vec![0.0; line.len().min(1)];
        for (i, pair) in line.windows(2).enumerate() {
            at_s += self.leg_s(pair[0], pair[1]);
            let before = i.checked_sub(1).and_then(|i| line.get(i));
            if let Some(before) = before {
                at_s += self.turn_s(*before, pair[0], pair[1]);
            }
            // Both corners of a reversal and too little room between them.
            let next = line.get(i + 2).filter(|_| apart(pair[0], pair[1]) < 2.0 * radius_m);
            if let (Some(before), Some(next)) = (before, next) {
                let half = std::f64::consts::PI;
                let both = turn(*before, pair[0], pair[1]) + turn(pair[0], pair[1], *next);
                if both > 0.9 * half {
                    at_s += TIGHT_HALVES * half * radius_m / self.speed_m_s;
                }
            }
            times.push(at_s);
        }
        times
    }
}

#[cfg(test)]
mod tests;
