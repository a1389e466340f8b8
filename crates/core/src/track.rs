//! Where an aircraft is to go, or went. `docs/certificate.md` has the words in full.

use jiff::Timestamp;

use crate::{
    airspace::Purpose,
    geometry::LatLon,
    units::{Metres, MetresPerSecond, Seconds},
};

/// One flight of one aircraft as fixes with straight legs between them.
#[derive(Debug, Clone, PartialEq)]
pub struct Track {
    /// Which of both.
    pub kind: TrackKind,
    /// The sortie that it is of.
    pub sortie: String,
    /// Who flies.
    pub operator: String,
    /// What kind of aircraft.
    pub aircraft: String,
    /// What for.
    pub purpose: Purpose,
    /// How far it may be from where it says.
    pub allowances: Allowances,
    /// Over the ground.
    pub most_speed: MetresPerSecond,
    /// Up or down.
    pub most_climb: MetresPerSecond,
    /// At least two, none before the one before it.
    pub fixes: Vec<Fix>,
}

/// Whether it is to be flown or was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrackKind {
    /// To be flown.
    Plan,
    /// It was flown, and this is what was recorded.
    Flown,
}

impl TrackKind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Plan, Self::Flown];

    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Flown => "flown",
        }
    }
}

/// Where it was at one moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fix {
    /// The moment.
    pub time: Timestamp,
    /// Over which place.
    pub place: LatLon,
    /// Above mean sea level.
    pub height: Metres,
    /// What a barometer set to 1013.25 hPa shows.
    pub pressure_altitude: Option<Metres>,
}

/// What a track is held to be wrong by at most, each by itself.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Allowances {
    /// Of navigation.
    pub navigation: Metres,
    /// Carried off by the wind before it is corrected.
    pub drift: Metres,
    /// Beyond the end of a leg in a turn.
    pub overshoot: Metres,
    /// Flown on after the link is lost.
    pub lost_link: Metres,
    /// Up and down.
    pub height: Metres,
    /// Earlier and later.
    pub time: Seconds,
}

impl Allowances {
    /// All of the plane together.
    #[must_use]
    pub fn plane(&self) -> Metres {
        Metres(self.navigation.0 + self.drift.0 + self.overshoot.0 + self.lost_link.0)
    }
}
