//! Observations as the filter takes them: what each would say of a source that is there, and of none.

use std::{collections::HashMap, sync::Arc};

use cathartes_core::{
    geometry::LatLon,
    observation::{Grade, Observation, ObservationId, Sight, Sign, What, Whereabouts},
    units::{Degrees, Metres},
};
use jiff::Timestamp;

use crate::{
    gaussian::Covariance,
    ground::{inside, moments, offset_m, share_inside},
};

/// Who collected it; equal numbers are one look at the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct OriginNumber(u32);

/// A slug.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct GasNumber(pub(crate) u32);

/// What speaks for one place.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Says {
    /// A sensor saw gas.
    Seen { gas: GasNumber, sight: Sight, profile_ln_ratio: Option<f64> },
    /// Somebody told of a sign.
    Told { sign: Sign, grade: Grade },
}

/// An observation about one place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Evidence {
    pub(crate) id: ObservationId,
    pub(crate) time: Timestamp,
    pub(crate) origin: OriginNumber,
    pub(crate) says: Says,
    pub(crate) place: LatLon,
    pub(crate) spread: Covariance,
}

/// Ground that was looked at, or a line of sight: it speaks of every site it touches.
#[derive(Debug, Clone)]
pub(crate) struct Look {
    pub(crate) id: ObservationId,
    pub(crate) time: Timestamp,
    pub(crate) origin: OriginNumber,
    pub(crate) kind: LookKind,
}

#[derive(Debug, Clone)]
pub(crate) enum LookKind {
    /// Searched by a sensor for a gas.
    Searched { gas: GasNumber, sight: Sight, ring: Box<[LatLon]> },
    /// Somebody was there and saw nothing.
    Visited { grade: Grade, place: LatLon, spread: Covariance, ring: Option<Box<[LatLon]>> },
    /// A line of sight.
    Line { grade: Grade, from: LatLon, bearing: Degrees, bearing_std: Degrees, reach: Metres },
}

/// One or the other.
pub(crate) enum Entry {
    Evidence(Evidence),
    Look(Look),
}

impl LookKind {
    /// Which share of a site, given its place and uncertainty, lies on the ground looked at.
    pub(crate) fn share(&self, site: LatLon, spread: &Covariance) -> f64 {
        match self {
            Self::Searched { ring, .. } | Self::Visited { ring: Some(ring), .. } => {
                share_inside(ring, site, spread)
            }
            Self::Visited { place, spread: visited, ring: None, .. } => {
                let apart = visited.plus(spread).squared_distance(offset_m(*place, site));
                f64::from(u8::from(apart <= 4.605))
            }
            Self::Line { .. } => 1.0,
        }
    }
}

/// Numbers for names.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    numbers: HashMap<Arc<str>, u32>,
    names: Vec<Arc<str>>,
}

impl Names {
    pub(crate) fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = self.names.len() as u32;
        let name: Arc<str> = name.into();
        self.numbers.insert(name.clone(), number);
        self.names.push(name);
        number
    }

    pub(crate) fn name(&self, number: u32) -> &str {
        self.names.get(number as usize).map_or("", |name| name)
    }
}

/// Names of collectors, and of gases.
#[derive(Debug, Clone, Default)]
pub(crate) struct Book {
    origins: Names,
    gases: Names,
}

impl Book {
    pub(crate) fn gas(&mut self, slug: &str) -> GasNumber {
        GasNumber(self.gases.number(slug))
    }

    pub(crate) fn gas_name(&self, gas: GasNumber) -> &str {
        self.gases.name(gas.0)
    }

    /// Collector, and for a look of a sensor its collection too.
    pub(crate) fn origin_name(&self, origin: OriginNumber) -> &str {
        self.origins.name(origin.0)
    }

    /// What a collector tells twice is one origin; a sensor, a visitor and a mast look anew with every
    /// collection.
    fn origin(&mut self, observation: &Observation) -> OriginNumber {
        let origin = observation.origin();
        let visited = matches!(observation.what(), What::Told { sign: Sign::NothingThere });
        let line = matches!(observation.place(), Whereabouts::Bearing { .. });
        let anew = visited || line || !matches!(observation.what(), What::Told { .. });
        let name = match &origin.collection {
            Some(collection) if anew => format!("{} {collection}", origin.collector),
            _ if anew => format!("{} at {}", origin.collector, observation.when().from),
            _ => origin.collector.clone(),
        };
        OriginNumber(self.origins.number(&name))
    }

    pub(crate) fn entry(&mut self, id: ObservationId, observation: &Observation) -> Entry {
        let (time, grade) = (observation.when().to, observation.grade());
        let origin = self.origin(observation);
        let look = |kind| Entry::Look(Look { id, time, origin, kind });
        let (place, spread) = match observation.place() {
            Whereabouts::Point { place, ellipse } => (*place, Covariance::of(ellipse)),
            Whereabouts::Area { ring } => moments(ring),
            Whereabouts::Bearing { from, bearing, bearing_std, reach } => {
                let (from, bearing, bearing_std, reach) = (*from, *bearing, *bearing_std, *reach);
                return look(LookKind::Line { grade, from, bearing, bearing_std, reach });
            }
        };
        let ring = || match observation.place() {
            Whereabouts::Area { ring } => Some(ring.clone().into_boxed_slice()),
            _ => None,
        };
        let says = match observation.what() {
            What::Searched { gas, sight } => {
                let (gas, sight) = (self.gas(gas), *sight);
                let ring = ring().unwrap_or_default();
                return look(LookKind::Searched { gas, sight, ring });
            }
            What::Told { sign: Sign::NothingThere } => {
                return look(LookKind::Visited { grade, place, spread, ring: ring() });
            }
            What::Told { sign } => Says::Told { sign: *sign, grade },
            What::GasSeen { gas, sight, profile_ln_ratio } => Says::Seen {
                gas: self.gas(gas),
                sight: *sight,
                profile_ln_ratio: *profile_ln_ratio,
            },
        };
        Entry::Evidence(Evidence { id, time, origin, says, place, spread })
    }
}

/// Whether a place lies where a visitor or sensor looked, at all.
pub(crate) fn touches(kind: &LookKind, place: LatLon) -> bool {
    match kind {
        LookKind::Searched { ring, .. } => inside(ring, place),
        _ => true,
    }
}
