//! How far a piece of a leg is from a volume in height.

use cathartes_core::{
    airspace::{Limit, Volume},
    units::Metres,
};

/// The heights of a piece, lowest and highest.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Heights {
    pub(crate) amsl_m: [f64; 2],
    pub(crate) pressure_m: Option<[f64; 2]>,
    /// Of the ground under it.
    pub(crate) ground: Option<[Metres; 2]>,
}

/// A height distance, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum HeightDistance {
    Known(f64),
    /// There is no limit but the ground.
    Endless,
    Unknown,
}

impl HeightDistance {
    pub(crate) fn known(self) -> Option<f64> {
        if let Self::Known(distance_m) = self { Some(distance_m) } else { None }
    }
}

impl Heights {
    /// Height above a limit, with the ground that makes it the least: lowest and highest.
    fn above(&self, limit: Limit) -> Option<[f64; 2]> {
        let less = |[low, high]: [f64; 2], limit_m: f64| [low - limit_m, high - limit_m];
        match limit {
            Limit::Amsl(height) => Some(less(self.amsl_m, height.0)),
            Limit::Pressure(height) => self.pressure_m.map(|all| less(all, height.0)),
            Limit::Agl(height) => {
                let [lowest, highest] = self.ground?;
                let [low, high] = less(self.amsl_m, height.0);
                Some([low - highest.0, high - lowest.0])
            }
        }
    }

    /// How far it keeps clear of a prohibition, as far as limits are known.
    pub(crate) fn clear_of(&self, volume: &Volume) -> HeightDistance {
        let ceiling = volume.ceiling.and_then(|ceiling| self.above(ceiling)).map(|above| above[0]);
        let floor = Some(volume.floor).filter(|floor| !floor.is_ground());
        let floor = floor.and_then(|floor| self.above(floor)).map(|above| -above[1]);
        let most = [ceiling, floor].into_iter().flatten().reduce(f64::max);
        most.map_or(HeightDistance::Unknown, HeightDistance::Known)
    }

    /// How far it keeps within a permission.
    pub(crate) fn within(&self, volume: &Volume) -> HeightDistance {
        let floor = Some(volume.floor).filter(|floor| !floor.is_ground());
        let floor = floor.map(|floor| self.above(floor).map(|above| above[0]));
        let ceiling = volume.ceiling.map(|ceiling| self.above(ceiling).map(|above| -above[1]));
        let limits: Option<Vec<f64>> = [floor, ceiling].into_iter().flatten().collect();
        match limits {
            None => HeightDistance::Unknown,
            Some(limits) => limits
                .into_iter()
                .reduce(f64::min)
                .map_or(HeightDistance::Endless, HeightDistance::Known),
        }
    }
}
