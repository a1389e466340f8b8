//! An authority as its form has it.

use cathartes_core::airspace::{Authority, Clause, Limit, TimeWindow, Volume, Weekly};
use serde::Serialize;

use super::FORM;
use crate::airspace::{
    layout,
    when::{DAYS, clock_text},
};

#[derive(Serialize)]
struct Document<'a> {
    form: &'static str,
    issuer: &'a str,
    number: &'a str,
    valid: Span,
    operators: &'a [String],
    aircraft: &'a [String],
    clauses: Vec<ClauseOut<'a>>,
}

#[derive(Serialize)]
struct Span {
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<jiff::Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<jiff::Timestamp>,
}

#[derive(Serialize)]
struct ClauseOut<'a> {
    number: &'a str,
    rule: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    purposes: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    operators: Option<&'a [String]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    aircraft: Option<&'a [String]>,
    volume: VolumeOut,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    when: Vec<WindowOut>,
}

#[derive(Serialize)]
struct VolumeOut {
    polygons: Vec<Vec<Vec<[f64; 2]>>>,
    floor: LimitOut,
    #[serde(skip_serializing_if = "Option::is_none")]
    ceiling: Option<LimitOut>,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum LimitOut {
    AmslM(f64),
    AglM(f64),
    FlightLevel(f64),
}

#[derive(Serialize)]
struct WindowOut {
    #[serde(flatten)]
    span: Span,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    weekly: Vec<WeeklyOut>,
}

#[derive(Serialize)]
struct WeeklyOut {
    days: Vec<&'static str>,
    from: String,
    to: String,
}

/// Writes an authority; the same one gives the same bytes, and what was read is read again.
#[must_use]
pub fn write(authority: &Authority) -> String {
    layout::text(&Document {
        form: FORM,
        issuer: &authority.issuer,
        number: &authority.number,
        valid: Span { from: Some(authority.valid.from), to: Some(authority.valid.to) },
        operators: &authority.operators,
        aircraft: &authority.aircraft,
        clauses: authority.clauses.iter().map(clause).collect(),
    })
}

fn clause(clause: &Clause) -> ClauseOut<'_> {
    ClauseOut {
        number: &clause.number,
        rule: clause.rule.word(),
        purposes: clause.purposes.iter().map(|purpose| purpose.word()).collect(),
        operators: clause.operators.as_deref(),
        aircraft: clause.aircraft.as_deref(),
        volume: volume(&clause.volume),
        when: clause.windows.iter().map(window).collect(),
    }
}

fn volume(volume: &Volume) -> VolumeOut {
    let ring = |ring: &Vec<_>| ring.iter().map(place).collect();
    let polygons = volume.polygons.iter().map(|polygon| polygon.rings.iter().map(ring).collect());
    VolumeOut {
        polygons: polygons.collect(),
        floor: limit(volume.floor),
        ceiling: volume.ceiling.map(limit),
    }
}

fn place(place: &cathartes_core::geometry::LatLon) -> [f64; 2] {
    [place.longitude.0, place.latitude.0]
}

fn limit(limit: Limit) -> LimitOut {
    match limit {
        Limit::Amsl(height) => LimitOut::AmslM(height.0),
        Limit::Agl(height) => LimitOut::AglM(height.0),
        Limit::Pressure(height) => LimitOut::FlightLevel(level(height.0)),
    }
}

/// The flight level that is read as this pressure altitude to the last bit, where there is one.
pub(crate) fn level(height_m: f64) -> f64 {
    let near = height_m / Limit::FLIGHT_LEVEL.0;
    let all = [near.round(), near, near.next_up(), near.next_down()];
    all.into_iter().find(|level| level * Limit::FLIGHT_LEVEL.0 == height_m).unwrap_or(near)
}

fn window(window: &TimeWindow) -> WindowOut {
    let span = Span { from: window.from, to: window.to };
    WindowOut { span, weekly: window.weekly.iter().map(weekly).collect() }
}

/// Windows alone, in one line.
pub(crate) fn windows(windows: &[TimeWindow]) -> String {
    let windows: Vec<WindowOut> = windows.iter().map(window).collect();
    serde_json::to_string(&windows).unwrap_or_default()
}

fn weekly(weekly: &Weekly) -> WeeklyOut {
    let word = |day| DAYS.iter().find(|(other, _)| other == day).map(|(_, word)| *word);
    WeeklyOut {
        days: weekly.days.iter().filter_map(word).collect(),
        from: clock_text(weekly.from_min),
        to: clock_text(weekly.to_min),
    }
}
