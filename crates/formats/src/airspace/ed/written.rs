//! A clause as ED-269 and ED-318 can say it.

use cathartes_core::{
    airspace::{Authority, Clause, Limit, Polygon, Rule, TimeWindow, Weekly},
    geometry::LatLon,
};
use serde_json::{Value, json};

use super::ENDLESS_M;
use crate::airspace::{
    AirspaceError,
    straight::{self, Given},
    when::{DAY_MIN, DAYS, clock_text},
    zone::Leaving,
};

/// A height in metres and its reference.
type Height = (f64, &'static str);

/// One clause.
pub(crate) struct Sheet {
    /// At most seven letters, digits, `-` and `_`.
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) restriction: &'static str,
    pub(crate) message: String,
    pub(crate) periods: Vec<Value>,
    pub(crate) lower: Height,
    pub(crate) upper: Height,
    /// Closed rings, longitude first.
    pub(crate) polygons: Vec<Vec<Vec<[f64; 2]>>>,
}

/// All clauses that can be said, and what is to be told.
pub(crate) fn sheets(authority: &Authority) -> (Vec<Sheet>, Vec<String>) {
    let mut notes = Vec::new();
    let mut sheets = Vec::new();
    for (index, clause) in authority.clauses.iter().enumerate() {
        let mut leaving = Leaving { clause, notes: &mut notes };
        let Some((lower, upper)) = heights(&mut leaving) else { continue };
        let Some(windows) = leaving.in_force(authority.valid) else { continue };
        leaving.common();
        sheets.push(Sheet {
            code: code(authority, index, &mut leaving),
            name: clause.number.clone(),
            restriction: match clause.rule {
                Rule::Forbid => "PROHIBITED",
                Rule::Permit => "REQ_AUTHORIZATION",
            },
            message: message(authority, clause),
            periods: windows.iter().map(period).collect(),
            lower,
            upper,
            polygons: clause.volume.polygons.iter().map(|p| polygon(p, &mut leaving)).collect(),
        });
    }
    (sheets, notes)
}

/// Three letters of a country.
pub(crate) fn country(country: &str) -> Result<String, AirspaceError> {
    let fits = country.len() == 3 && country.bytes().all(|b| b.is_ascii_alphabetic());
    if !fits {
        let what =
            format!("`{country}` is no country; write its three letters of ISO 3166, as ESP");
        return Err(AirspaceError::new(what));
    }
    Ok(country.to_uppercase())
}

fn code(authority: &Authority, index: usize, leaving: &mut Leaving<'_>) -> String {
    let number = &leaving.clause.number;
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    if number.len() <= 7 && number.bytes().all(plain) {
        return number.clone();
    }
    let taken = |code: &String| authority.clauses.iter().any(|other| other.number == *code);
    let codes = (index + 1..).map(|i| format!("Z{i:04}"));
    let code = codes.into_iter().find(|code| !taken(code)).unwrap_or_default();
    leaving
        .note(format_args!("its number is no identifier of seven letters; the zone is `{code}`"));
    code
}

fn message(authority: &Authority, clause: &Clause) -> String {
    let purposes: Vec<&str> = clause.purposes.iter().map(|purpose| purpose.word()).collect();
    let operators = clause.operators.as_ref().unwrap_or(&authority.operators).join(", ");
    let name = format!("{}/{}", authority.number, clause.number);
    let whole = match clause.rule {
        Rule::Forbid => format!("Prohibited by {name}."),
        Rule::Permit => format!("Permitted by {name} to {operators} for {}.", purposes.join(", ")),
    };
    whole.chars().take(1000).collect()
}

fn heights(leaving: &mut Leaving<'_>) -> Option<(Height, Height)> {
    const LEVEL: &str =
        "the form has no flight levels, whose height above the sea changes with the weather";
    let lower = match leaving.clause.volume.floor {
        Limit::Agl(height) => (height.0, "AGL"),
        Limit::Amsl(height) => (height.0, "AMSL"),
        Limit::Pressure(_) => leaving.widen(LEVEL, "from the ground").then_some((0.0, "AGL"))?,
    };
    let upper = match leaving.clause.volume.ceiling {
        Some(Limit::Agl(height)) => (height.0, "AGL"),
        Some(Limit::Amsl(height)) => (height.0, "AMSL"),
        Some(Limit::Pressure(_)) => {
            leaving.widen(LEVEL, "without end").then_some((ENDLESS_M, "AMSL"))?
        }
        None => {
            leaving.note("no ceiling is written as 99,999 m, for the form asks for one");
            (ENDLESS_M, "AMSL")
        }
    };
    Some((lower, upper))
}

fn period(window: &TimeWindow) -> Value {
    let mut period = serde_json::Map::new();
    let mut put = |name: &str, value: Value| period.insert(name.to_owned(), value);
    if let Some(from) = window.from {
        put("startDateTime", from.to_string().into());
    }
    if let Some(to) = window.to {
        put("endDateTime", to.to_string().into());
    }
    if !window.weekly.is_empty() {
        put("schedule", window.weekly.iter().flat_map(daily).collect());
    }
    period.into()
}

/// What goes on after midnight is another entry, because the forms do not say what an end before its beginning means.
fn daily(weekly: &Weekly) -> Vec<Value> {
    let Weekly { days, from_min, to_min } = weekly;
    let entry = |later: i32, from: u16, to: u16| {
        let word = |day: &jiff::civil::Weekday| {
            let day = day.wrapping_add(later);
            DAYS.iter().find(|(other, _)| *other == day).map(|(_, word)| word.to_uppercase())
        };
        let days: Vec<String> = days.iter().filter_map(word).collect();
        let mut entry = json!({ "day": days, "startTime": format!("{}:00Z", clock_text(from)) });
        // An end that is missing is that of the day; 24:00 is no time to most programs.
        if let (Some(entry), true) = (entry.as_object_mut(), to < DAY_MIN) {
            entry.insert("endTime".to_owned(), format!("{}:00Z", clock_text(to)).into());
        }
        entry
    };
    match (*from_min, *to_min) {
        (from, to) if from < to => vec![entry(0, from, to)],
        (from, 0) => vec![entry(0, from, DAY_MIN)],
        (from, to) => vec![entry(0, from, DAY_MIN), entry(1, 0, to)],
    }
}

fn polygon(polygon: &Polygon, leaving: &mut Leaving<'_>) -> Vec<Vec<[f64; 2]>> {
    let mut put = 0;
    let ring = |ring: &Vec<LatLon>| {
        // What is too long to be followed is written as it is; the reader measures it again.
        let followed = straight::follow(ring, Given::Geodesic);
        put += followed.as_ref().map_or(0, straight::Followed::put);
        let ring = followed.map_or_else(|_| ring.clone(), |followed| followed.ring);
        let closed = ring.iter().chain(ring.first());
        closed.map(|place| [place.longitude.0, place.latitude.0]).collect()
    };
    let rings = polygon.rings.iter().map(ring).collect();
    if put > 0 {
        leaving.note(format_args!(
            "{put} vertices were put in, so that its edges are right on flat maps"
        ));
    }
    rings
}
