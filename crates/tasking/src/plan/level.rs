//! Heights at which something may be flown.

use cathartes_core::{
    airspace::{Limit, Rule, Volume},
    geometry::LatLon,
    terrain::Terrain,
    units::{Degrees, Metres},
};

/// The ground rises by no more than this within what one height above it is flown over.
const RELIEF_M: f64 = 40.0;
const METRES_PER_DEGREE: f64 = 110_000.0;

/// How an aircraft keeps its height.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Level {
    /// Above mean sea level.
    Amsl(f64),
    /// Above the ground.
    Agl(f64),
}

impl Level {
    /// So that levels can be told apart exactly.
    pub(crate) fn key(self) -> (bool, u64) {
        match self {
            Self::Amsl(height_m) => (false, height_m.to_bits()),
            Self::Agl(height_m) => (true, height_m.to_bits()),
        }
    }
}

/// The ground of a plan: terrain where there is some, else as high as the base everywhere.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ground<'a> {
    pub(crate) terrain: Option<&'a Terrain>,
    pub(crate) base_m: f64,
    /// What a barometer set to 1013.25 hPa shows more than the height, when somebody knows.
    pub(crate) pressure_m: Option<f64>,
}

impl Ground<'_> {
    /// Lowest and highest ground within a distance of places, where it is known.
    pub(crate) fn known(&self, places: &[LatLon], around_m: f64) -> Option<[f64; 2]> {
        let first = places.first()?.longitude.0;
        let mut edges = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
        for place in places {
            let latitude = place.latitude.0;
            let longitude = first + (place.longitude.0 - first + 540.0).rem_euclid(360.0) - 180.0;
            let up = around_m / METRES_PER_DEGREE;
            let aside = up / (latitude.abs() + up).min(89.0).to_radians().cos();
            edges[0] = edges[0].min(longitude - aside);
            edges[1] = edges[1].min(latitude - up);
            edges[2] = edges[2].max(longitude + aside);
            edges[3] = edges[3].max(latitude + up);
        }
        let [low, high] = self.terrain?.range(edges.map(Degrees))?;
        Some([low.0, high.0])
    }

    /// The same, as high as the base where it is not known.
    pub(crate) fn range(&self, places: &[LatLon], around_m: f64) -> [f64; 2] {
        self.known(places, around_m).unwrap_or([self.base_m; 2])
    }

    /// Whether a level may be within a volume and its allowance, and whether it is well within it.
    pub(crate) fn meets(
        &self,
        volume: &Volume,
        level: Level,
        known: Option<[f64; 2]>,
        allowance_m: f64,
    ) -> (bool, bool) {
        let above = |limit: Limit| self.above(level, limit, known);
        let floor = Some(volume.floor).filter(|floor| !floor.is_ground());
        let over_floor = floor.map_or(Some([f64::INFINITY; 2]), above);
        let under_ceiling = volume.ceiling.map_or(Some([f64::INFINITY; 2]), |ceiling| {
            above(ceiling).map(|[low, high]| [-high, -low])
        });
        let both = [over_floor, under_ceiling];
        // What is not known may be within and is not well within, as a certificate holds it too.
        let may = both.iter().flatten().all(|[_, most]| *most > -allowance_m);
        let well = both.iter().all(|one| one.is_some_and(|[least, _]| least >= allowance_m));
        (may, well)
    }

    /// How far a level is above a limit, least and most.
    fn above(&self, level: Level, limit: Limit, known: Option<[f64; 2]>) -> Option<[f64; 2]> {
        let amsl = match level {
            Level::Amsl(height_m) => Some([height_m, height_m]),
            Level::Agl(height_m) => {
                known.map(|[low, high]| [low + height_m, high + height_m + RELIEF_M])
            }
        };
        let less = |[low, high]: [f64; 2], limit: Metres| [low - limit.0, high - limit.0];
        match (limit, level) {
            (Limit::Amsl(limit), _) => amsl.map(|amsl| less(amsl, limit)),
            (Limit::Agl(limit), Level::Agl(height_m)) => {
                Some(less([height_m, height_m + RELIEF_M], limit))
            }
            (Limit::Agl(limit), Level::Amsl(height_m)) => {
                known.map(|[low, high]| less([height_m - high, height_m - low], limit))
            }
            (Limit::Pressure(limit), _) => {
                let more = self.pressure_m?;
                amsl.map(|[low, high]| less([low + more, high + more], limit))
            }
        }
    }

    /// Heights above mean sea level just over and just under a limit.
    pub(crate) fn beside(&self, limit: Limit, [low, high]: [f64; 2], by_m: f64) -> Vec<f64> {
        match limit {
            Limit::Amsl(limit) => vec![limit.0 - by_m, limit.0 + by_m],
            Limit::Agl(limit) => vec![low + limit.0 - by_m, high + limit.0 + by_m],
            Limit::Pressure(limit) => {
                let at_m = limit.0 - self.pressure_m.unwrap_or(0.0);
                vec![at_m - by_m, at_m + by_m]
            }
        }
    }

    /// Height above mean sea level at a place.
    pub(crate) fn height(&self, place: LatLon, level: Level, around_m: f64) -> f64 {
        match level {
            Level::Amsl(height_m) => height_m,
            Level::Agl(height_m) => self.range(&[place], around_m)[1] + height_m,
        }
    }
}

/// Whether a clause may stand in the way of a level, or hold it.
pub(crate) fn matters(rule: Rule, (may, well): (bool, bool)) -> bool {
    match rule {
        Rule::Forbid => may,
        Rule::Permit => well,
    }
}

#[cfg(test)]
mod tests;
