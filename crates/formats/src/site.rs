//! What is known of a site before anything is measured there, one TOML:
//!
//! ```text
//! name = "Pad 4"                      for the picture
//! gas = "ch4"                         of readings that name none
//! start = "2024-05-09T12:00:00Z"      what second 0 of readings and wind is
//! lid_m = 800.0                       height of the mixed air
//!
//! [origin]                            where 0 m east, 0 m north is
//! latitude = 51.1445
//! longitude = -1.4386
//!
//! [search]                            where sources may be, m
//! east = [40.0, 90.0]
//! north = [0.0, 110.0]
//! up = [0.0, 3.0]
//!
//! [prior]                             what is believed beforehand
//! typical_rate_kg_h = 2.5             what a source emits, if it is known at all
//! most_sources = 8
//! source_half_width_m = 1.0
//! ```
//!
//! Every key may be missing, and an unknown one is refused with its line.

use cathartes_core::{
    geometry::LatLon,
    trace::{SearchVolume, Span},
    units::{KgPerHour, Metres, Seconds},
};
use jiff::Timestamp;
use serde::Deserialize;

use crate::readings::on_earth;

/// Largest file, bytes.
pub const MAX_BYTES: usize = 64 << 10;
const LONGEST_NAME: usize = 80;

/// Why a file describes no site.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SiteError {
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
    /// No TOML, or keys that a site has not.
    #[error(
        "line {line}: {reason}; a site holds name, gas, start, lid_m, [origin], [search] and [prior]"
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
        key: &'static str,
        /// What should stand there.
        remedy: &'static str,
    },
}

/// A site.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Site {
    /// What people call it.
    pub name: Option<String>,
    /// Name of the gas of readings that name none.
    pub gas: Option<String>,
    /// Second 0, since 1970-01-01 UTC.
    pub start: Option<Seconds>,
    /// Height of the mixed air.
    pub lid: Option<Metres>,
    /// Where 0 m east, 0 m north is.
    pub origin: Option<LatLon>,
    /// Where sources may be.
    pub search: Option<SearchVolume>,
    /// What a source typically emits.
    pub typical_rate: Option<KgPerHour>,
    /// No more sources than this.
    pub most_sources: Option<usize>,
    /// How wide a source is, half of it.
    pub source_half_width: Option<Metres>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: Option<String>,
    gas: Option<String>,
    start: Option<String>,
    lid_m: Option<f64>,
    origin: Option<Origin>,
    search: Option<Search>,
    prior: Option<Prior>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Origin {
    latitude: f64,
    longitude: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Search {
    east: [f64; 2],
    north: [f64; 2],
    up: [f64; 2],
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Prior {
    typical_rate_kg_h: Option<f64>,
    most_sources: Option<usize>,
    source_half_width_m: Option<f64>,
}

/// Reads a site.
///
/// # Errors
///
/// [`SiteError`] with the place and the remedy.
pub fn parse(bytes: &[u8]) -> Result<Site, SiteError> {
    if bytes.len() > MAX_BYTES {
        return Err(SiteError::TooLarge { bytes: bytes.len() });
    }
    let text = std::str::from_utf8(bytes).map_err(|e| SiteError::NoText { at: e.valid_up_to() })?;
    let file: File = toml::from_str(text).map_err(|error| refused(text, &error))?;
    let prior = file.prior.unwrap_or_default();
    let name = within("name", file.name, "one to 80 letters", |name| {
        (1..=LONGEST_NAME).contains(&name.chars().count()) && !name.contains(char::is_control)
    })?;
    let lid = within("lid_m", file.lid_m, "20 to 20,000 m", |lid| (20.0..=2e4).contains(lid))?;
    let rate = |rate: &f64| *rate > 0.0 && *rate <= 1e6;
    let rate = within("prior.typical_rate_kg_h", prior.typical_rate_kg_h, "above 0 to 1e6", rate)?;
    let most = |most: &usize| (1..=50).contains(most);
    let most_sources = within("prior.most_sources", prior.most_sources, "1 to 50", most)?;
    let wide = |wide: &f64| (0.0..=100.0).contains(wide);
    let wide = within("prior.source_half_width_m", prior.source_half_width_m, "0 to 100 m", wide)?;
    Ok(Site {
        name,
        gas: file.gas,
        start: file.start.map(|text| start(&text)).transpose()?,
        lid: lid.map(Metres),
        origin: file.origin.map(|origin| place(&origin)).transpose()?,
        search: file.search.map(|search| volume(&search)).transpose()?,
        typical_rate: rate.map(KgPerHour),
        most_sources,
        source_half_width: wide.map(Metres),
    })
}

fn within<T>(
    key: &'static str,
    value: Option<T>,
    remedy: &'static str,
    fits: impl Fn(&T) -> bool,
) -> Result<Option<T>, SiteError> {
    match value {
        Some(value) if !fits(&value) => Err(SiteError::Invalid { key, remedy }),
        value => Ok(value),
    }
}

fn start(text: &str) -> Result<Seconds, SiteError> {
    let time: Result<Timestamp, _> = text.parse();
    let time = time.map_err(|_| SiteError::Invalid {
        key: "start",
        remedy: "write RFC 3339 with an offset: 2026-05-03T18:00:00Z",
    })?;
    Ok(Seconds(time.as_duration().as_secs_f64()))
}

fn place(origin: &Origin) -> Result<LatLon, SiteError> {
    on_earth(origin.latitude, origin.longitude).ok_or(SiteError::Invalid {
        key: "origin",
        remedy: "latitude from -90 to 90, longitude from -180 to 180 degrees",
    })
}

fn volume(search: &Search) -> Result<SearchVolume, SiteError> {
    let span = |key, [from, to]: [f64; 2], low: f64, high: f64| {
        let fits = (low..=high).contains(&from) && (low..=high).contains(&to) && from < to;
        fits.then_some(Span { from: Metres(from), to: Metres(to) }).ok_or(SiteError::Invalid {
            key,
            remedy: "[from, to] in m, from below to, within 100 km; up from 0 to 1,000",
        })
    };
    Ok(SearchVolume {
        east: span("search.east", search.east, -1e5, 1e5)?,
        north: span("search.north", search.north, -1e5, 1e5)?,
        up: span("search.up", search.up, 0.0, 1000.0)?,
    })
}

fn refused(text: &str, error: &toml::de::Error) -> SiteError {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let reason = error.message().lines().next().unwrap_or_default().chars().take(200).collect();
    SiteError::Refused { line, reason }
}

#[cfg(test)]
mod tests;
