//! Numbers, places and heights of `OpenAir`.

use cathartes_core::{airspace::Limit, geometry::LatLon, units::Metres};

use crate::{
    airspace::{AirspaceError, straight, zone::FOOT_M},
    observations::first_line,
};

/// A number that is one.
pub(super) fn number(text: &str) -> Result<f64, AirspaceError> {
    let number = text.trim().parse().ok().filter(|number: &f64| number.is_finite());
    number.ok_or_else(|| {
        AirspaceError::new(format!("`{}` is no number; write one with a point", first_line(text)))
    })
}

/// `40:30:00 N 003:40:00 W`, with or without seconds.
pub(super) fn place(text: &str) -> Result<LatLon, AirspaceError> {
    let fault = || {
        let text = first_line(text);
        AirspaceError::new(format!("`{text}` is no place; write it as 40:30:00 N 003:40:00 W"))
    };
    let upper = text.to_uppercase();
    let (north, rest) = upper.split_once(['N', 'S']).ok_or_else(fault)?;
    let south = upper.get(north.len()..).is_some_and(|rest| rest.starts_with('S'));
    let rest = rest.trim_start_matches([' ', ',']);
    let (east, behind) = rest.split_once(['E', 'W']).ok_or_else(fault)?;
    let west = rest.get(east.len()..).is_some_and(|rest| rest.starts_with('W'));
    if !behind.trim().is_empty() {
        return Err(fault());
    }
    let (north, east) = (degrees(north).ok_or_else(fault)?, degrees(east).ok_or_else(fault)?);
    let signed = |degrees: f64, minus: bool| if minus { -degrees } else { degrees };
    if north > 90.0 || east > 180.0 {
        return Err(fault());
    }
    straight::on_map(signed(east, west), signed(north, south))
}

/// Degrees with minutes and seconds behind, each after a colon.
fn degrees(text: &str) -> Option<f64> {
    let mut sum = 0.0;
    let mut parts = 0;
    for (part, share) in text.trim().split(':').zip([1.0, 60.0, 3600.0, f64::NAN]) {
        let plain = part.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        let number: f64 = part.parse().ok().filter(|_| plain)?;
        if share > 1.0 && number > 60.0 {
            return None;
        }
        sum += number / share;
        parts += 1;
    }
    (parts > 0 && sum.is_finite()).then_some(sum)
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Height {
    At(Limit),
    Endless,
}

/// A height, when it is understood.
pub(super) fn height(text: &str) -> Option<Height> {
    let text: String =
        text.to_uppercase().chars().filter(|c| !c.is_whitespace()).take(40).collect();
    match &*text {
        "SFC" | "GND" | "GROUND" | "SURFACE" => return Some(Height::At(Limit::Agl(Metres(0.0)))),
        "UNL" | "UNLIM" | "UNLTD" | "UNLIMITED" => return Some(Height::Endless),
        _ => {}
    }
    if let Some(level) = text.strip_prefix("FL") {
        let level = plain(level)?;
        return Some(Height::At(Limit::Pressure(Metres(level * Limit::FLIGHT_LEVEL.0))));
    }
    let digits = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let (number, rest) = (plain(text.get(..digits)?)?, text.get(digits..)?);
    let (metres, reference) = match (rest.strip_prefix("FT"), rest.strip_prefix("MSL")) {
        (Some(reference), _) => (number * FOOT_M, reference),
        (None, None) if rest.starts_with('M') => (number, rest.get(1..)?),
        _ => (number * FOOT_M, rest.strip_prefix('F').unwrap_or(rest)),
    };
    match reference {
        "" | "MSL" | "AMSL" | "ALT" => Some(Height::At(Limit::Amsl(Metres(metres)))),
        "AGL" | "ASFC" | "AGND" | "GND" | "SFC" => Some(Height::At(Limit::Agl(Metres(metres)))),
        _ => None,
    }
}

fn plain(text: &str) -> Option<f64> {
    let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    text.parse().ok().filter(|number: &f64| plain && number.is_finite())
}
