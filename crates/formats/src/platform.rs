//! Platforms: kinds of aircraft with their sensors, one TOML a kind. Those of the folder `platforms` are inside the
//! executable; their figures are public, each with where it is from.
//!
//! ```text
//! kind = "medium-altitude drone"          as authorities name it, at most 80 characters
//! sources = ["…"]                         1 to 8 public documents
//!
//! [flight]
//! speed_m_s = [31, 36, 60]                slowest, on a survey, fastest; through the air
//! ceiling_m = 7620                        above mean sea level
//! endurance_h = 20
//! reserve_min = 60                        left on landing
//! climb_m_s = 2.5
//! turn_radius_m = 400
//! navigation_m = 30                       how far it may be from where it believes to be,
//! height_m = 60                           and up or down
//! response_s = 10                         until it corrects what the wind does
//! lost_link_s = 30                        until it turns home; 0 with a crew
//!
//! [[sensor]]                              1 to 8
//! name = "turret camera"
//! class = "imagery"                       or "gas", "signals", "maritime"
//! view = "aside"                          or "down", "around"
//! nearest_m = 0, range_m = 20000          of aside
//! field_of_view_deg = 50                  of down
//! swath_m = 40                            of around
//! heights_m = [300, 7000]                 above the ground
//! sample_at_km_m = 0.05                   ground sample from 1,000 m away; of pictures
//! detection_limit_kg_h = 1.9              may be missing
//! detection_probability = 0.7             of what is there, in one look
//! needs = { daylight = true, contrast_k = 3, wind_under_m_s = 10 }    any of them
//! ```
//!
//! An unknown key is refused with its line. What is for weapons is refused as such.

use cathartes_core::{
    sortie::{Needs, Platform, PlatformSensor, SensorClass, View},
    units::{Degrees, Kelvin, KgPerHour, Metres, MetresPerSecond, Seconds},
};
use serde::Deserialize;

use crate::armed;

/// Largest platform, bytes.
pub const MAX_BYTES: usize = 64 << 10;
const LONGEST_TEXT: usize = 200;
const MOST: usize = 8;

/// The platforms inside the executable.
const BUILTIN: [&str; 5] = [
    include_str!("../platforms/high-altitude-imagery-aircraft.toml"),
    include_str!("../platforms/maritime-patrol-aircraft.toml"),
    include_str!("../platforms/medium-altitude-drone.toml"),
    include_str!("../platforms/signals-aircraft.toml"),
    include_str!("../platforms/small-drone.toml"),
];

/// Why a file describes no platform.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlatformError {
    /// Not UTF-8.
    #[error("byte {at}: the file is no UTF-8 text; save it as UTF-8")]
    NoText {
        /// First bad byte.
        at: usize,
    },
    /// Larger than any.
    #[error("the file has {bytes} bytes of at most {MAX_BYTES}; is it the right one?")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// No TOML, or keys that a platform has not.
    #[error(
        "line {line}: {reason}; a platform holds kind, sources, [flight] and [[sensor]], as the guide shows"
    )]
    Refused {
        /// Line, from 1.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// A value that cannot be.
    #[error("`{key}`: {remedy}")]
    Invalid {
        /// Which key.
        key: String,
        /// What should stand there.
        remedy: &'static str,
    },
    /// Something that carries weapons, or is flown for them.
    #[error("`{key}`: {}", armed::EXPLANATION)]
    Armed {
        /// Which key.
        key: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    kind: String,
    sources: Vec<String>,
    flight: Flight,
    sensor: Vec<Sensor>,
}

/// `[flight]`.
#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
pub(crate) struct Flight {
    speed_m_s: [f64; 3],
    ceiling_m: f64,
    endurance_h: f64,
    reserve_min: f64,
    climb_m_s: f64,
    turn_radius_m: f64,
    navigation_m: f64,
    height_m: f64,
    response_s: f64,
    lost_link_s: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sensor {
    name: String,
    class: String,
    view: String,
    nearest_m: Option<f64>,
    range_m: Option<f64>,
    field_of_view_deg: Option<f64>,
    swath_m: Option<f64>,
    heights_m: [f64; 2],
    sample_at_km_m: Option<f64>,
    detection_limit_kg_h: Option<f64>,
    detection_probability: f64,
    needs: Option<Needed>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Needed {
    #[serde(default)]
    daylight: bool,
    contrast_k: Option<f64>,
    wind_under_m_s: Option<f64>,
}

/// The platforms inside the executable, by kind.
///
/// # Errors
///
/// [`PlatformError`] when the executable was built from a damaged one.
pub fn builtin() -> Result<Vec<Platform>, PlatformError> {
    BUILTIN.iter().map(|text| parse(text.as_bytes())).collect()
}

/// Reads a platform.
///
/// # Errors
///
/// [`PlatformError`] with the place and the remedy.
pub fn parse(bytes: &[u8]) -> Result<Platform, PlatformError> {
    if bytes.len() > MAX_BYTES {
        return Err(PlatformError::TooLarge { bytes: bytes.len() });
    }
    let text =
        std::str::from_utf8(bytes).map_err(|e| PlatformError::NoText { at: e.valid_up_to() })?;
    if let Some(key) = toml::from_str(text).ok().and_then(|table| armed::in_table(&table)) {
        return Err(PlatformError::Armed { key });
    }
    let file: File = toml::from_str(text).map_err(|e| refused(text, &e))?;
    line("kind", &file.kind, 80)?;
    if !(1..=MOST).contains(&file.sources.len()) {
        return Err(invalid("sources", "name 1 to 8 public documents"));
    }
    for source in &file.sources {
        line("sources", source, LONGEST_TEXT)?;
    }
    if !(1..=MOST).contains(&file.sensor.len()) {
        return Err(invalid("sensor", "give 1 to 8 sensors"));
    }
    let sensors: Result<Vec<_>, _> = file.sensor.iter().map(sensor).collect();
    let platform = file.flight.platform(file.kind, file.sources, sensors?)?;
    Ok(platform)
}

impl Flight {
    fn platform(
        &self,
        kind: String,
        sources: Vec<String>,
        sensors: Vec<PlatformSensor>,
    ) -> Result<Platform, PlatformError> {
        let [slowest, survey, fastest] = self.speed_m_s;
        let rising = slowest <= survey && survey <= fastest;
        if !((0.0..=1_000.0).contains(&slowest) && rising) {
            return Err(invalid(
                "flight.speed_m_s",
                "[slowest, survey, fastest], rising, 0 to 1,000",
            ));
        }
        let within = |key: &str, value: f64, low: f64, high: f64| {
            let fits = (low..=high).contains(&value);
            let remedy = "a number that an aircraft can have, in the unit that its name says";
            if fits { Ok(value) } else { Err(invalid(key, remedy)) }
        };
        let speed = within("flight.speed_m_s", survey, 1.0, 1_000.0)?;
        within("flight.speed_m_s", fastest, speed, 1_000.0)?;
        let endurance_s = 3_600.0 * within("flight.endurance_h", self.endurance_h, 0.05, 10_000.0)?;
        let reserve_s = 60.0 * within("flight.reserve_min", self.reserve_min, 0.0, 600_000.0)?;
        if reserve_s >= endurance_s {
            return Err(invalid("flight.reserve_min", "less than the endurance"));
        }
        Ok(Platform {
            kind,
            sources,
            speeds: self.speed_m_s.map(MetresPerSecond),
            ceiling: Metres(within("flight.ceiling_m", self.ceiling_m, 1.0, 40_000.0)?),
            endurance: Seconds(endurance_s),
            reserve: Seconds(reserve_s),
            climb: MetresPerSecond(within("flight.climb_m_s", self.climb_m_s, 0.1, 300.0)?),
            turn_radius: Metres(within(
                "flight.turn_radius_m",
                self.turn_radius_m,
                0.5,
                100_000.0,
            )?),
            navigation: Metres(within("flight.navigation_m", self.navigation_m, 0.0, 10_000.0)?),
            height_error: Metres(within("flight.height_m", self.height_m, 0.0, 2_000.0)?),
            response: Seconds(within("flight.response_s", self.response_s, 0.0, 600.0)?),
            lost_link: Seconds(within("flight.lost_link_s", self.lost_link_s, 0.0, 3_600.0)?),
            sensors,
        })
    }
}

/// A platform with some of its figures replaced; keys are those of `[flight]`.
pub(crate) fn overridden(
    platform: &Platform,
    overrides: &toml::Table,
) -> Result<Platform, PlatformError> {
    let [slowest, survey, fastest] = platform.speeds.map(|speed| speed.0);
    let mut table = toml::Table::new();
    table.insert("speed_m_s".into(), vec![slowest, survey, fastest].into());
    let figures = [
        ("ceiling_m", platform.ceiling.0),
        ("endurance_h", platform.endurance.0 / 3_600.0),
        ("reserve_min", platform.reserve.0 / 60.0),
        ("climb_m_s", platform.climb.0),
        ("turn_radius_m", platform.turn_radius.0),
        ("navigation_m", platform.navigation.0),
        ("height_m", platform.height_error.0),
        ("response_s", platform.response.0),
        ("lost_link_s", platform.lost_link.0),
    ];
    table.extend(figures.map(|(key, value)| (key.to_owned(), value.into())));
    table.extend(overrides.clone());
    let flight: Flight = table.try_into().map_err(|error: toml::de::Error| {
        PlatformError::Refused { line: 1, reason: first_line(error.message()) }
    })?;
    flight.platform(platform.kind.clone(), platform.sources.clone(), platform.sensors.clone())
}

fn sensor(sensor: &Sensor) -> Result<PlatformSensor, PlatformError> {
    line("sensor.name", &sensor.name, 80)?;
    let class = SensorClass::ALL.into_iter().find(|class| class.word() == sensor.class);
    let class =
        class.ok_or_else(|| invalid("sensor.class", "gas, imagery, signals or maritime"))?;
    let [low, high] = sensor.heights_m;
    if !(0.0 <= low && low <= high && high <= 40_000.0) {
        return Err(invalid(
            "sensor.heights_m",
            "[lowest, highest] above the ground, up to 40,000",
        ));
    }
    if !(sensor.detection_probability > 0.0 && sensor.detection_probability <= 1.0) {
        return Err(invalid("sensor.detection_probability", "above 0 and at most 1"));
    }
    let above = |key: &str, value: Option<f64>| match value {
        Some(value) if !(value > 0.0 && value <= 1e6) => {
            Err(invalid(key, "a number above 0 and at most 1,000,000"))
        }
        value => Ok(value),
    };
    let needs = sensor.needs.as_ref();
    let contrast = above("sensor.needs.contrast_k", needs.and_then(|needs| needs.contrast_k))?;
    let wind = above("sensor.needs.wind_under_m_s", needs.and_then(|needs| needs.wind_under_m_s))?;
    Ok(PlatformSensor {
        name: sensor.name.clone(),
        class,
        view: view(sensor)?,
        heights: [low, high].map(Metres),
        sample_at_km: above("sensor.sample_at_km_m", sensor.sample_at_km_m)?.map(Metres),
        detection_limit: above("sensor.detection_limit_kg_h", sensor.detection_limit_kg_h)?
            .map(KgPerHour),
        detection_probability: sensor.detection_probability,
        needs: Needs {
            daylight: needs.is_some_and(|needs| needs.daylight),
            contrast: contrast.map(Kelvin),
            wind_under: wind.map(MetresPerSecond),
        },
    })
}

fn view(sensor: &Sensor) -> Result<View, PlatformError> {
    let Sensor {
        field_of_view_deg: field, swath_m: swath, nearest_m: near, range_m: range, ..
    } = sensor;
    let fits = |value: &f64, high: f64| *value > 0.0 && *value <= high;
    match (sensor.view.as_str(), field, swath, near, range) {
        ("down", Some(field), None, None, None) if fits(field, 150.0) => {
            Ok(View::Down { field_of_view: Degrees(*field) })
        }
        ("around", None, Some(swath), None, None) if fits(swath, 1e5) => {
            Ok(View::Around { swath: Metres(*swath) })
        }
        ("aside", None, None, Some(near), Some(range))
            if fits(range, 1e6) && (0.0..*range).contains(near) =>
        {
            Ok(View::Aside { nearest: Metres(*near), range: Metres(*range) })
        }
        _ => Err(invalid(
            "sensor.view",
            "\"down\" with field_of_view_deg alone, \"around\" with swath_m alone, or \"aside\" with nearest_m and range_m alone",
        )),
    }
}

fn invalid(key: &str, remedy: &'static str) -> PlatformError {
    PlatformError::Invalid { key: key.to_owned(), remedy }
}

fn line(key: &str, text: &str, longest: usize) -> Result<(), PlatformError> {
    let fits = !text.trim().is_empty()
        && text.chars().count() <= longest
        && !text.chars().any(char::is_control);
    if fits {
        Ok(())
    } else {
        Err(invalid(key, "write one line of at most 200 characters (a kind or a name 80)"))
    }
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().chars().take(200).collect()
}

fn refused(text: &str, error: &toml::de::Error) -> PlatformError {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    PlatformError::Refused { line, reason: first_line(error.message()) }
}

#[cfg(test)]
mod tests;
