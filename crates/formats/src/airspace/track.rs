//! `cathartes-track-1`: where an aircraft goes or went. `docs/certificate.md` has the form and its rules in full.
//!
//! No allowance may be left out: one that is missing would be held to be none.

use cathartes_core::{
    geometry::LatLon,
    track::{Allowances, Fix, Track, TrackKind},
    units::{Degrees, Metres, MetresPerSecond, Seconds},
};
use serde::Serialize;

use super::{
    AirspaceError,
    authority::{armed, form, line, purpose},
    error::within,
    json::{self, Fields, Json},
    layout, when,
};

/// The word that says which form this is.
pub const FORM: &str = "cathartes-track-1";

const FIELDS: [&str; 10] = [
    "form",
    "kind",
    "sortie",
    "operator",
    "aircraft",
    "purpose",
    "allowances",
    "most_speed_m_s",
    "most_climb_m_s",
    "fixes",
];
const ALLOWANCES: [&str; 6] =
    ["navigation_m", "drift_m", "overshoot_m", "lost_link_m", "height_m", "time_s"];
const FIX: [&str; 5] = ["time", "longitude_deg", "latitude_deg", "height_m", "pressure_altitude_m"];

/// Reads a track.
///
/// # Errors
///
/// [`AirspaceError::WeaponsRefused`] when its purpose is that, whatever else is wrong with it; the others with the fix.
pub fn read(bytes: &[u8]) -> Result<Track, AirspaceError> {
    let document = json::parse(bytes)?;
    if document.object()?.get("purpose").is_some_and(armed) {
        return Err(AirspaceError::WeaponsRefused { at: "`purpose`".to_owned() });
    }
    let fields = document.only(&FIELDS)?;
    form(fields, FORM)?;
    Ok(Track {
        kind: fields.need("kind", kind)?,
        sortie: fields.need("sortie", line)?,
        operator: fields.need("operator", line)?,
        aircraft: fields.need("aircraft", line)?,
        purpose: fields.need("purpose", purpose)?,
        allowances: fields.need("allowances", allowances)?,
        most_speed: MetresPerSecond(fields.need("most_speed_m_s", not_negative)?),
        most_climb: MetresPerSecond(fields.need("most_climb_m_s", not_negative)?),
        fixes: fixes(fields)?,
    })
}

fn kind(value: &Json) -> Result<TrackKind, AirspaceError> {
    let text = value.text()?;
    let kind = TrackKind::ALL.into_iter().find(|kind| kind.word() == text);
    kind.ok_or_else(|| AirspaceError::new("no kind; write plan or flown"))
}

fn not_negative(value: &Json) -> Result<f64, AirspaceError> {
    match value.number()? {
        number if number >= 0.0 => Ok(number),
        number => Err(AirspaceError::new(format!("{number} is below 0; write 0 or more"))),
    }
}

fn allowances(value: &Json) -> Result<Allowances, AirspaceError> {
    let fields = value.only(&ALLOWANCES)?;
    let metres = |name| fields.need(name, not_negative).map(Metres);
    Ok(Allowances {
        navigation: metres("navigation_m")?,
        drift: metres("drift_m")?,
        overshoot: metres("overshoot_m")?,
        lost_link: metres("lost_link_m")?,
        height: metres("height_m")?,
        time: Seconds(fields.need("time_s", not_negative)?),
    })
}

fn fixes(fields: Fields<'_>) -> Result<Vec<Fix>, AirspaceError> {
    let fixes = fields.each("fixes", "fix", fix)?;
    if fixes.len() < 2 {
        return Err(AirspaceError::new("fewer than two fixes; a track goes from one to another"));
    }
    match fixes.windows(2).position(|pair| pair[1].time < pair[0].time) {
        None => Ok(fixes),
        Some(i) => {
            let what = "`time` is before that of the fix before it; put the fixes into their order";
            Err(within("fix", i + 1)(AirspaceError::new(what)))
        }
    }
}

fn fix(value: &Json) -> Result<Fix, AirspaceError> {
    let fields = value.only(&FIX)?;
    let longitude = Degrees(fields.need("longitude_deg", |value| degrees(value, 180.0))?);
    let latitude = Degrees(fields.need("latitude_deg", |value| degrees(value, 90.0))?);
    let metres = |value: &Json| value.number().map(Metres);
    Ok(Fix {
        time: fields.need("time", when::moment)?,
        place: LatLon { latitude, longitude },
        height: fields.need("height_m", metres)?,
        pressure_altitude: fields.maybe("pressure_altitude_m", metres)?,
    })
}

fn degrees(value: &Json, most: f64) -> Result<f64, AirspaceError> {
    match value.number()? {
        number if number.abs() <= most => Ok(number),
        number => Err(AirspaceError::new(format!("{number}; write -{most} to {most} degrees"))),
    }
}

#[derive(Serialize)]
struct Document<'a> {
    form: &'static str,
    kind: &'static str,
    sortie: &'a str,
    operator: &'a str,
    aircraft: &'a str,
    purpose: &'static str,
    allowances: AllowancesOut,
    most_speed_m_s: f64,
    most_climb_m_s: f64,
    fixes: Vec<FixOut>,
}

#[derive(Serialize)]
struct AllowancesOut {
    navigation_m: f64,
    drift_m: f64,
    overshoot_m: f64,
    lost_link_m: f64,
    height_m: f64,
    time_s: f64,
}

#[derive(Serialize)]
struct FixOut {
    time: jiff::Timestamp,
    longitude_deg: f64,
    latitude_deg: f64,
    height_m: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pressure_altitude_m: Option<f64>,
}

/// Writes a track; the same one gives the same bytes, and what was read is read again.
#[must_use]
pub fn write(track: &Track) -> String {
    let Allowances { navigation, drift, overshoot, lost_link, height, time } = track.allowances;
    layout::text(&Document {
        form: FORM,
        kind: track.kind.word(),
        sortie: &track.sortie,
        operator: &track.operator,
        aircraft: &track.aircraft,
        purpose: track.purpose.word(),
        allowances: AllowancesOut {
            navigation_m: navigation.0,
            drift_m: drift.0,
            overshoot_m: overshoot.0,
            lost_link_m: lost_link.0,
            height_m: height.0,
            time_s: time.0,
        },
        most_speed_m_s: track.most_speed.0,
        most_climb_m_s: track.most_climb.0,
        fixes: track.fixes.iter().map(fix_out).collect(),
    })
}

fn fix_out(fix: &Fix) -> FixOut {
    FixOut {
        time: fix.time,
        longitude_deg: fix.place.longitude.0,
        latitude_deg: fix.place.latitude.0,
        height_m: fix.height.0,
        pressure_altitude_m: fix.pressure_altitude.map(|height| height.0),
    }
}

#[cfg(test)]
mod tests;
