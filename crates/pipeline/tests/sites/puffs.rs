//! Gas let go a puff a second, carried by the wind of the moment, wider the farther it has come.

use super::weather::Weather;

/// ppm m³ of a kg of methane at 15 °C.
pub(crate) const PPM_M3_PER_KG: f64 = 1.474e6;
/// Half widths of a fresh puff, across and up, m.
const FRESH_M: [f64; 2] = [1.0, 0.3];
/// Beyond so many half widths a puff adds nothing.
const REACH: f64 = 6.0;

/// Where an emitter is.
#[derive(Debug, Clone)]
pub(crate) enum Way {
    Still([f64; 3]),
    /// There and back along a straight road, with pauses out of reach: the middle of the road, the
    /// metres of a second, and the seconds at which the middle is passed, in turns this way and that.
    Road {
        middle: [f64; 3],
        velocity: [f64; 2],
        passes_s: Vec<f64>,
        half_m: f64,
    },
}

impl Way {
    /// The place at a second; none while it is off the road.
    pub(crate) fn at(&self, t: usize) -> Option<[f64; 3]> {
        match self {
            Self::Still(place) => Some(*place),
            Self::Road { middle, velocity, passes_s, half_m } => {
                let speed = velocity[0].hypot(velocity[1]);
                let on = |since: f64| (since * speed).abs() <= *half_m;
                let pass = passes_s.iter().enumerate().find(|(_, at)| on(t as f64 - **at))?;
                let (way, since) = (if pass.0 % 2 == 0 { 1.0 } else { -1.0 }, t as f64 - pass.1);
                let [east, north] = velocity.map(|v| way * v * since);
                Some([middle[0] + east, middle[1] + north, middle[2]])
            }
        }
    }

    /// Metres of height above the ground.
    fn height(&self) -> f64 {
        match self {
            Self::Still(place) | Self::Road { middle: place, .. } => place[2],
        }
    }
}

/// The puffs of one emitter that have not gone yet.
pub(crate) struct Puffs {
    way: Way,
    rate_kg_h: f64,
    /// Wind at the emitter, which carries its puffs, m/s.
    wind: Vec<[f64; 2]>,
    growth: [f64; 2],
    /// Farther than this nobody looks, m.
    reach_m: f64,
    /// Middle and metres travelled.
    alive: Vec<([f64; 2], f64)>,
}

impl Puffs {
    pub(crate) fn new(
        way: Way,
        rate_kg_h: f64,
        reach_m: f64,
        (weather, wind): (&Weather, Vec<[f64; 2]>),
    ) -> Self {
        Self { way, rate_kg_h, wind, growth: weather.growth, reach_m, alive: Vec::new() }
    }

    /// Carries every puff on, and lets go of another.
    pub(crate) fn second(&mut self, t: usize) {
        let wind = self.wind[t];
        let speed = wind[0].hypot(wind[1]);
        for (middle, travelled) in &mut self.alive {
            (0..2).for_each(|k| middle[k] += wind[k]);
            *travelled += speed;
        }
        let reach = self.reach_m;
        self.alive.retain(|puff| puff.1 < reach);
        // Half a second old on the whole when it is first looked at.
        let fresh = |[e, n, _]: [f64; 3]| ([e + 0.5 * wind[0], n + 0.5 * wind[1]], 0.5 * speed);
        self.alive.extend(self.way.at(t).map(fresh));
    }

    /// ppm, mean over places.
    pub(crate) fn mean_at(&self, places: &[[f64; 3]]) -> f64 {
        let sum: f64 = places.iter().map(|place| self.at(*place)).sum();
        sum / places.len() as f64 * self.rate_kg_h / 3600.0 * PPM_M3_PER_KG
    }

    /// Puffs at a place, 1/m³.
    fn at(&self, place: [f64; 3]) -> f64 {
        let height = self.way.height();
        let one = |&(middle, travelled): &([f64; 2], f64)| {
            let [s, z] = [0, 1].map(|k| FRESH_M[k] + self.growth[k] * travelled);
            let r2 = (place[0] - middle[0]).powi(2) + (place[1] - middle[1]).powi(2);
            if r2 > (REACH * s).powi(2) {
                return 0.0;
            }
            let flat = (-0.5 * r2 / (s * s)).exp() / (std::f64::consts::TAU * s * s);
            let layer = |h: f64| (-0.5 * ((place[2] - h) / z).powi(2)).exp();
            flat * (layer(height) + layer(-height)) / (std::f64::consts::TAU.sqrt() * z)
        };
        self.alive.iter().map(one).sum()
    }
}
