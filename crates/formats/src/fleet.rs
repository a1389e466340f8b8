//! Fleets: the aircraft that there are, as TOML.
//!
//! ```text
//! [[aircraft]]                                     1 to 200
//! id = "MQ-1"                                      letters, digits and -, at most 40; each once
//! kind = "medium-altitude drone"                   of a platform
//! operator = "North Wing"                          as authorities name it
//! base = { latitude = 32.4, longitude = -116.9, height_m = 140 }
//! ready = { from = "2026-10-05T06:00:00Z", to = "2026-10-05T22:00:00Z" }
//! overrides = { endurance_h = 18 }                 any of [flight] of a platform; may be missing
//! ```
//!
//! An unknown key is refused with its line.

use cathartes_core::{
    observation::Period,
    sortie::{Aircraft, Fleet, Platform},
    units::Metres,
};
use jiff::Timestamp;
use serde::Deserialize;

use crate::{
    armed,
    platform::{self, PlatformError},
    readings::on_earth,
};

/// Largest file, bytes.
pub const MAX_BYTES: usize = 1 << 20;
const MOST: usize = 200;
const LONGEST_ID: usize = 40;
const LONGEST_NAME: usize = 160;

/// Why a file is no fleet.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FleetError {
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
    /// No TOML, or keys that a fleet has not.
    #[error(
        "line {line}: {reason}; an [[aircraft]] holds id, kind, operator, base, ready and overrides"
    )]
    Refused {
        /// Line, from 1.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// None, or more than a fleet has.
    #[error("there are {count} aircraft; give 1 to {MOST}")]
    Count {
        /// How many.
        count: usize,
    },
    /// A value that cannot be.
    #[error("aircraft {number}: `{key}`: {remedy}")]
    Invalid {
        /// From 1.
        number: usize,
        /// Which key.
        key: &'static str,
        /// What should stand there.
        remedy: String,
    },
    /// An override that cannot be.
    #[error("aircraft {number}: `overrides`: {error}")]
    Override {
        /// From 1.
        number: usize,
        /// Why.
        error: PlatformError,
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
    aircraft: Vec<Said>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    id: String,
    kind: String,
    operator: String,
    base: Base,
    ready: Ready,
    #[serde(default)]
    overrides: toml::Table,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Base {
    latitude: f64,
    longitude: f64,
    height_m: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ready {
    from: String,
    to: String,
}

/// Reads a fleet of platforms.
///
/// # Errors
///
/// [`FleetError`] with the place and the remedy.
pub fn parse(bytes: &[u8], platforms: &[Platform]) -> Result<Fleet, FleetError> {
    if bytes.len() > MAX_BYTES {
        return Err(FleetError::TooLarge { bytes: bytes.len() });
    }
    let text =
        std::str::from_utf8(bytes).map_err(|e| FleetError::NoText { at: e.valid_up_to() })?;
    if let Some(key) = toml::from_str(text).ok().and_then(|table| armed::in_table(&table)) {
        return Err(FleetError::Armed { key });
    }
    let file: File = toml::from_str(text).map_err(|e| refused(text, &e))?;
    if !(1..=MOST).contains(&file.aircraft.len()) {
        return Err(FleetError::Count { count: file.aircraft.len() });
    }
    let mut fleet = Fleet::default();
    for (number, said) in (1..).zip(&file.aircraft) {
        let aircraft = said.aircraft(number, platforms)?;
        if fleet.aircraft.iter().any(|other| other.id == aircraft.id) {
            return Err(invalid(number, "id", "another aircraft has it; give each its own"));
        }
        fleet.aircraft.push(aircraft);
    }
    Ok(fleet)
}

impl Said {
    fn aircraft(&self, number: usize, platforms: &[Platform]) -> Result<Aircraft, FleetError> {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
        if !(1..=LONGEST_ID).contains(&self.id.len()) || !self.id.bytes().all(plain) {
            return Err(invalid(number, "id", "at most 40 letters, digits and -"));
        }
        let long = self.operator.chars().count() > LONGEST_NAME;
        if self.operator.trim().is_empty() || long || self.operator.contains(char::is_control) {
            return Err(invalid(number, "operator", "one line of at most 160 characters"));
        }
        let platform = platforms.iter().find(|platform| platform.kind == self.kind);
        let platform = platform.ok_or_else(|| {
            let kinds: Vec<&str> = platforms.iter().map(|one| one.kind.as_str()).collect();
            invalid(
                number,
                "kind",
                &format!("there is no such platform; there are {}", kinds.join(", ")),
            )
        })?;
        let platform = platform::overridden(platform, &self.overrides)
            .map_err(|error| FleetError::Override { number, error })?;
        let base = on_earth(self.base.latitude, self.base.longitude).ok_or_else(|| {
            invalid(number, "base", "latitude from -90 to 90, longitude from -180 to 180 degrees")
        })?;
        if !(-500.0..=9_000.0).contains(&self.base.height_m) {
            return Err(invalid(number, "base.height_m", "-500 to 9,000 above mean sea level"));
        }
        let time = |text: &str| {
            let remedy = "write RFC 3339 with an offset: 2026-10-05T06:00:00Z";
            text.parse::<Timestamp>().map_err(|_| invalid(number, "ready", remedy))
        };
        let ready = Period { from: time(&self.ready.from)?, to: time(&self.ready.to)? };
        if ready.to <= ready.from {
            return Err(invalid(number, "ready", "`to` after `from`"));
        }
        Ok(Aircraft {
            id: self.id.clone(),
            operator: self.operator.clone(),
            base,
            base_height: Metres(self.base.height_m),
            ready,
            platform,
        })
    }
}

fn invalid(number: usize, key: &'static str, remedy: &str) -> FleetError {
    FleetError::Invalid { number, key, remedy: remedy.to_owned() }
}

fn refused(text: &str, error: &toml::de::Error) -> FleetError {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let reason = error.message().lines().next().unwrap_or_default().chars().take(200).collect();
    FleetError::Refused { line, reason }
}

#[cfg(test)]
mod tests;
