//! What a flight log does not say: whose flight it is, what for, and how well it knows where it was.
//!
//! ```toml
//! sortie = "2026-10-05-a"
//! operator = "North Wing"
//! aircraft = "medium-altitude drone"
//! purpose = "chemical survey"
//! most_speed_m_s = 60
//! most_climb_m_s = 8
//! geoid_m = -34.2            # height of the sea above the ellipsoid, for logs that count from the ellipsoid
//! pressure_error_m = 300     # added to the height allowance where a log has nothing but a pressure altitude
//!
//! [allowances]
//! navigation_m = 10
//! height_m = 25
//! time_s = 2
//! ```
//! A log of a sensor that searches also has a `[sensor]`: see [`super::search`].

use std::path::Path;

use anyhow::{Context, bail, ensure};
use cathartes_core::{
    airspace::Purpose,
    flown::{Height, LogFix},
    track::{Allowances, Fix, Track, TrackKind},
    units::{Metres, MetresPerSecond, Seconds},
};
use cathartes_formats::{airspace::track, flown};
use serde::Deserialize;

use super::{Told, bytes, searched::Sensor};

/// What is to be known of a log.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    sortie: String,
    operator: String,
    aircraft: String,
    purpose: String,
    most_speed_m_s: MetresPerSecond,
    most_climb_m_s: MetresPerSecond,
    geoid_m: Option<Metres>,
    pressure_error_m: Option<Metres>,
    allowances: Allowed,
    sensor: Option<Sensor>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
struct Allowed {
    navigation_m: Metres,
    height_m: Metres,
    time_s: Seconds,
}

impl About {
    /// Reads it.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or says something else.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        let bytes = bytes(path)?;
        let named = || path.display().to_string();
        let about: Self = toml::from_slice(&bytes).with_context(named)?;
        let Allowed { navigation_m, height_m, time_s } = about.allowances;
        let all = [navigation_m.0, height_m.0, time_s.0, about.most_climb_m_s.0];
        let sane = all.iter().all(|number| number.is_finite() && *number >= 0.0);
        ensure!(
            sane && about.most_speed_m_s.0 > 0.0 && about.most_speed_m_s.0.is_finite(),
            "{}: allowances and speeds are numbers from 0 on, the most speed above 0",
            named()
        );
        about.purpose()?;
        Ok(about)
    }

    pub(super) fn sensor(&self) -> Option<&Sensor> {
        self.sensor.as_ref()
    }

    /// Who collected it, as observations name them: without blanks.
    pub(super) fn collector(&self) -> String {
        identifier(&format!("{}/{}", self.operator, self.aircraft))
    }

    pub(super) fn collection(&self) -> String {
        identifier(&self.sortie)
    }

    fn purpose(&self) -> anyhow::Result<Purpose> {
        let found = Purpose::ALL.into_iter().find(|one| one.word() == self.purpose);
        let Some(purpose) = found else {
            let words = Purpose::ALL.map(Purpose::word).join(", ");
            bail!(
                "`{}` is no purpose an aircraft may fly for here: it is one of {words}",
                self.purpose
            );
        };
        Ok(purpose)
    }

    /// The track of a log. Positions without a height above the sea are left out, which leaves a gap, and told of.
    pub(super) fn told(&self, bytes: &[u8]) -> anyhow::Result<Told> {
        let log = flown::open(bytes)?;
        let mut faults: Vec<String> = log.faults.iter().map(ToString::to_string).collect();
        let handling = log.handling.iter().map(ToString::to_string).collect();
        let (mut fixes, mut without): (Vec<Fix>, _) =
            (Vec::with_capacity(log.fixes.len()), Vec::new());
        let mut by_pressure = false;
        for fix in &log.fixes {
            match self.height(fix) {
                Ok((height, pressed)) => {
                    by_pressure |= pressed;
                    let LogFix { time, place, pressure_altitude, .. } = *fix;
                    fixes.push(Fix { time, place, height, pressure_altitude });
                }
                Err(error) => without.push(error),
            }
        }
        if let Some(first) = without.first() {
            ensure!(fixes.len() >= 2, "{first:#}");
            faults.push(format!("{} positions are left out; the first: {first:#}", without.len()));
        }
        ensure!(
            fixes.len() >= 2,
            "the log has {} positions; a track has at least two",
            fixes.len()
        );
        // Logs that jump back in time say so among their faults; a track goes on.
        fixes.sort_by_key(|fix| fix.time);
        let mut track = self.of(fixes)?;
        let more = self.pressure_error_m.filter(|_| by_pressure).unwrap_or_default();
        track.allowances.height.0 += more.0;
        let bytes = track::write(&track).into_bytes();
        Ok(Told { track, bytes, faults, handling })
    }

    /// A flown track of fixes.
    pub(crate) fn of(&self, fixes: Vec<Fix>) -> anyhow::Result<Track> {
        let Allowed { navigation_m, height_m, time_s } = self.allowances;
        let (navigation, height, time) = (navigation_m, height_m, time_s);
        Ok(Track {
            kind: TrackKind::Flown,
            sortie: self.sortie.clone(),
            operator: self.operator.clone(),
            aircraft: self.aircraft.clone(),
            purpose: self.purpose()?,
            allowances: Allowances { navigation, height, time, ..Allowances::default() },
            most_speed: self.most_speed_m_s,
            most_climb: self.most_climb_m_s,
            fixes,
        })
    }

    /// Height above the sea, and whether it is nothing but a pressure altitude.
    pub(crate) fn height(&self, fix: &LogFix) -> anyhow::Result<(Metres, bool)> {
        match (fix.height, self.geoid_m, fix.pressure_altitude) {
            (Height::AboveSeaLevel(height), _, _) => Ok((height, false)),
            (Height::AboveEllipsoid(height), Some(geoid), _) => {
                Ok((Metres(height.0 - geoid.0), false))
            }
            (_, _, Some(pressure)) if self.pressure_error_m.is_some() => Ok((pressure, true)),
            (Height::AboveEllipsoid(_), None, _) => bail!(
                "the log counts heights from the ellipsoid: say in --about how high the sea is above it there, `geoid_m`"
            ),
            _ => bail!(
                "the position of {} has no height above the sea: say in --about how far a pressure altitude may \
                 be from it, `pressure_error_m`",
                fix.time
            ),
        }
    }
}

/// Letters, digits and `-_./:` stay; the rest becomes `-`.
fn identifier(text: &str) -> String {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-_./:".contains(c);
    text.chars().map(|c| if allowed(c) { c } else { '-' }).collect()
}
