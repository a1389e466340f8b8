//! Who can fly what, what somebody wants to know, and the flights that are planned for it.
//!
//! Purposes are those of [`Purpose`]; a platform or a requirement has no room for another.

use jiff::Timestamp;

use crate::{
    airspace::Purpose,
    geometry::LatLon,
    observation::Period,
    site::SiteId,
    track::Track,
    units::{Degrees, Kelvin, KgPerHour, Metres, MetresPerSecond, Seconds},
};

/// What a sensor senses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SensorClass {
    /// Gas in the air.
    Gas,
    /// What the ground looks like.
    Imagery,
    /// Radio signals.
    Signals,
    /// What is on the sea.
    Maritime,
}

impl SensorClass {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Gas, Self::Imagery, Self::Signals, Self::Maritime];

    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Gas => "gas",
            Self::Imagery => "imagery",
            Self::Signals => "signals",
            Self::Maritime => "maritime",
        }
    }

    /// What it is flown for.
    #[must_use]
    pub fn purpose(self) -> Purpose {
        match self {
            Self::Gas => Purpose::ChemicalSurvey,
            Self::Imagery => Purpose::Imagery,
            Self::Signals => Purpose::Signals,
            Self::Maritime => Purpose::Maritime,
        }
    }
}

/// Where a sensor looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum View {
    /// Straight down.
    Down {
        /// Across the track.
        field_of_view: Degrees,
    },
    /// At the air around it, which a plume has to come to.
    Around {
        /// A source this far aside, half to either side of the track, is still smelt.
        swath: Metres,
    },
    /// To the side.
    Aside {
        /// Nothing nearer than this over the ground.
        nearest: Metres,
        /// Along the line of sight: the stand-off range.
        range: Metres,
    },
}

/// What has to be so that a sensor finds anything.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Needs {
    /// The sun is up.
    pub daylight: bool,
    /// The ground differs from the air by so much.
    pub contrast: Option<Kelvin>,
    /// The wind is weaker.
    pub wind_under: Option<MetresPerSecond>,
}

/// A sensor on a platform.
#[derive(Debug, Clone, PartialEq)]
pub struct PlatformSensor {
    /// What people call it.
    pub name: String,
    /// What it senses.
    pub class: SensorClass,
    /// Where it looks.
    pub view: View,
    /// Lowest and highest above the ground at which it is of use.
    pub heights: [Metres; 2],
    /// Ground sample from 1,000 m away, when it makes pictures.
    pub sample_at_km: Option<Metres>,
    /// The smallest rate it finds nine times in ten.
    pub detection_limit: Option<KgPerHour>,
    /// That it finds what is there, in one look at its limit.
    pub detection_probability: f64,
    /// What has to be so.
    pub needs: Needs,
}

/// A kind of aircraft with its sensors.
#[derive(Debug, Clone, PartialEq)]
pub struct Platform {
    /// Its words, as authorities name it.
    pub kind: String,
    /// Where its figures are published.
    pub sources: Vec<String>,
    /// Through the air: slowest, on a survey, fastest.
    pub speeds: [MetresPerSecond; 3],
    /// Above mean sea level.
    pub ceiling: Metres,
    /// From take-off until nothing is left.
    pub endurance: Seconds,
    /// What has to be left of it on landing.
    pub reserve: Seconds,
    /// Up or down.
    pub climb: MetresPerSecond,
    /// At the speed of a survey.
    pub turn_radius: Metres,
    /// How far it may be from where it believes to be.
    pub navigation: Metres,
    /// How far up or down of where it believes to be.
    pub height_error: Metres,
    /// Until it corrects what the wind does.
    pub response: Seconds,
    /// Until it turns home after its link is lost; 0 with a crew.
    pub lost_link: Seconds,
    /// At least one.
    pub sensors: Vec<PlatformSensor>,
}

/// One aircraft of a fleet.
#[derive(Debug, Clone, PartialEq)]
pub struct Aircraft {
    /// Its name, unlike all others of the fleet.
    pub id: String,
    /// Who flies it.
    pub operator: String,
    /// Where it takes off and lands.
    pub base: LatLon,
    /// Of its base, above mean sea level.
    pub base_height: Metres,
    /// From when to when it may be in the air.
    pub ready: Period,
    /// What it is.
    pub platform: Platform,
}

/// What there is to fly.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Fleet {
    /// In the order of the file.
    pub aircraft: Vec<Aircraft>,
}

/// Where somebody wants something known.
#[derive(Debug, Clone, PartialEq)]
pub enum Target {
    /// Within a circle.
    Place {
        /// Its middle.
        place: LatLon,
        /// How far around it.
        radius: Metres,
    },
    /// Within a polygon.
    Area {
        /// Corners in order, not closed.
        ring: Vec<LatLon>,
    },
}

/// What somebody wants known.
#[derive(Debug, Clone, PartialEq)]
pub struct Requirement {
    /// Its name, unlike all others.
    pub id: String,
    /// In words, for people.
    pub question: String,
    /// Where.
    pub target: Target,
    /// By what.
    pub sensor: SensorClass,
    /// 1 before 2, up to [`Requirement::LEAST`].
    pub priority: u8,
    /// Of no use after this.
    pub latest: Timestamp,
    /// Between two looks that count as two.
    pub revisit: Option<Seconds>,
    /// That what is there is found; nothing is added beyond it.
    pub wanted_probability: f64,
    /// That there is anything, where no site says it.
    pub site_probability: Option<f64>,
    /// The site that it is about.
    pub site: Option<SiteId>,
    /// The coarsest ground sample that answers it.
    pub sample: Option<Metres>,
    /// The rate that is to be found.
    pub rate: Option<KgPerHour>,
}

impl Requirement {
    /// The last of the priorities.
    pub const LEAST: u8 = 5;

    /// What it weighs: each priority half of the one before.
    #[must_use]
    pub fn weight(&self) -> f64 {
        0.5_f64.powi(i32::from(self.priority.clamp(1, Self::LEAST)) - 1)
    }
}

/// How an aircraft flies while it looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Pattern {
    /// Parallel lines.
    SurveyLines {
        /// From one to the next.
        spacing: Metres,
        /// How many.
        lines: usize,
        /// Where the first leads.
        bearing: Degrees,
    },
    /// Around what it looks at.
    Orbit {
        /// Over the ground.
        radius: Metres,
    },
    /// To and fro beside what it looks at.
    Racetrack {
        /// From the middle of the near side to the target, over the ground.
        stand_off: Metres,
        /// Of a side.
        length: Metres,
    },
}

impl Pattern {
    /// Its words.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::SurveyLines { .. } => "survey lines",
            Self::Orbit { .. } => "orbit",
            Self::Racetrack { .. } => "racetrack",
        }
    }
}

/// One look at what somebody wants known.
#[derive(Debug, Clone, PartialEq)]
pub struct Visit {
    /// Of which requirement.
    pub requirement: String,
    /// By which sensor.
    pub sensor: String,
    /// How.
    pub pattern: Pattern,
    /// Above mean sea level, at its beginning.
    pub height: Metres,
    /// When.
    pub time: Period,
    /// Numbers of the first and the last fix of the track that belong to it.
    pub fixes: [usize; 2],
    /// That it finds what is there.
    pub detection_probability: f64,
}

/// One flight of one aircraft as it is planned.
#[derive(Debug, Clone, PartialEq)]
pub struct Sortie {
    /// Its name.
    pub id: String,
    /// The aircraft.
    pub aircraft: String,
    /// What it looks at, in order.
    pub visits: Vec<Visit>,
    /// The way.
    pub track: Track,
    /// In the air.
    pub duration: Seconds,
    /// What is left of its endurance on landing, the reserve taken off.
    pub endurance_left: Seconds,
    /// Sum over its visits of weight x probability of a site x probability that it is found, each as if it were alone.
    pub expected_information_share: f64,
}
