//! Times of applicability as windows.
//!
//! ```text
//! period   = {"startDateTime": moment?, "endDateTime": moment?, "permanent": "YES" | "NO" ?, "schedule": [daily …]?}
//! daily    = {"day": "MON" | "ANY" | […], "startTime": time?, "endTime": time?, "startEvent": …?, "endEvent": …?}
//! time     = 08:00[:00[.0]] then Z or an offset as +02:00
//! ```
//!
//! A schedule by the sun, or by a clock without its zone, is not known in UTC: the whole period then.

use cathartes_core::airspace::{Rule, TimeWindow, Weekly};
use jiff::{Timestamp, civil::Weekday};

use super::{some_text, texts};
use crate::airspace::{
    AirspaceError,
    json::{Fields, Json, each},
    when::{DAY_MIN, DAYS, clock},
    zone::Zone,
};

const ALL_DAY: &str = "at all times of the period";

/// All windows; none where it is always.
pub(crate) fn periods(value: &Json, zone: &mut Zone) -> Result<Vec<TimeWindow>, AirspaceError> {
    let list = match value {
        Json::Null => return Ok(super::ALWAYS),
        Json::List(list) => list,
        one => std::slice::from_ref(one),
    };
    let mut windows = Vec::new();
    for (i, value) in list.iter().enumerate() {
        let window = period(value, zone).map_err(crate::airspace::error::within("period", i))?;
        if window == TimeWindow::default() {
            return Ok(super::ALWAYS);
        }
        windows.push(window);
    }
    Ok(windows)
}

fn period(value: &Json, zone: &mut Zone) -> Result<TimeWindow, AirspaceError> {
    let fields = value.object()?;
    let permanent = fields.maybe("permanent", some_text)?.flatten();
    // Whoever permits for ever and for some days permits for some days.
    if zone.rule == Rule::Forbid && permanent.is_some_and(|word| word.eq_ignore_ascii_case("YES")) {
        return Ok(TimeWindow::default());
    }
    let (from, to) = (moment(fields, "startDateTime")?, moment(fields, "endDateTime")?);
    if from.zip(to).is_some_and(|(from, to)| from > to) {
        return Err(AirspaceError::new("`startDateTime` is after `endDateTime`; mend them"));
    }
    let weekly = match fields.get("schedule") {
        None | Some(Json::Null) => Vec::new(),
        Some(Json::List(list)) => weeks(list, zone)?,
        Some(one) => weeks(std::slice::from_ref(one), zone)?,
    };
    Ok(TimeWindow { from, to, weekly })
}

fn moment(fields: Fields<'_>, name: &str) -> Result<Option<Timestamp>, AirspaceError> {
    let read = |value| {
        let Some(text) = some_text(value)? else { return Ok(None) };
        let time = text.parse().map(Some);
        time.map_err(|_| AirspaceError::new("no moment; write it as 2026-05-03T18:00:00Z"))
    };
    Ok(fields.maybe(name, read)?.flatten())
}

fn weeks(list: &[Json], zone: &mut Zone) -> Result<Vec<Weekly>, AirspaceError> {
    let daily = each(list, "schedule", Daily::read)?;
    if let Some(vague) = daily.iter().find_map(Daily::vague) {
        zone.widen(vague, ALL_DAY, "write its times with Z")?;
        return Ok(Vec::new());
    }
    let weekly: Vec<Option<Weekly>> = daily.iter().map(|daily| daily.weekly(zone)).collect();
    let known: Vec<Weekly> = weekly.iter().flatten().cloned().collect();
    // A permission does without a time that is none; a prohibition would be smaller.
    let lost =
        if zone.rule == Rule::Forbid { known.len() < weekly.len() } else { known.is_empty() };
    if lost && !weekly.is_empty() {
        zone.widen("a schedule with a time that is none", ALL_DAY, "mend its times")?;
        return Ok(Vec::new());
    }
    Ok(known)
}

/// A time of day and how far its clock is ahead of UTC, if that is said.
#[derive(Debug, Clone, Copy)]
struct Time {
    seconds: f64,
    ahead_min: Option<i32>,
}

struct Daily {
    days: Vec<Weekday>,
    start: Option<Time>,
    end: Option<Time>,
    sun: bool,
}

impl Daily {
    fn read(value: &Json) -> Result<Self, AirspaceError> {
        let fields = value.object()?;
        let days = fields.need("day", |day| {
            let days: Result<Vec<_>, _> = texts(day)?.into_iter().map(days).collect();
            Ok(days?.concat())
        })?;
        let there = |name| fields.maybe(name, some_text).map(Option::flatten);
        let time = |name| -> Result<Option<Time>, AirspaceError> {
            Ok(fields.maybe(name, |value| some_text(value)?.map(time).transpose())?.flatten())
        };
        let sun = there("startEvent")?.is_some() || there("endEvent")?.is_some();
        Ok(Self { days, start: time("startTime")?, end: time("endTime")?, sun })
    }

    /// Why its times are not known in UTC.
    fn vague(&self) -> Option<&'static str> {
        let times = [self.start, self.end];
        let unsaid = times.into_iter().flatten().any(|time| time.ahead_min.is_none());
        match (self.sun, unsaid) {
            (true, _) => Some("a schedule by sunrise or sunset"),
            (_, true) => Some("a schedule without the zone of its clock"),
            _ => None,
        }
    }

    /// In UTC and whole minutes, outwards for a prohibition and inwards for a permission; `None` for no time at all.
    fn weekly(&self, zone: &mut Zone) -> Option<Weekly> {
        let ahead = |time: Option<Time>| time.and_then(|time| time.ahead_min);
        let (start_ahead, end_ahead) = (ahead(self.start), ahead(self.end));
        let start_ahead = start_ahead.or(end_ahead).unwrap_or(0);
        let end_ahead = end_ahead.unwrap_or(start_ahead);
        let utc = |time: Option<Time>, none: f64, ahead_min: i32| {
            time.map_or(none, |time| time.seconds / 60.0) - f64::from(ahead_min)
        };
        let from = utc(self.start, 0.0, start_ahead);
        let to = utc(self.end, f64::from(DAY_MIN), end_ahead);
        // An end that is not after its beginning is on the following day.
        let to = if to <= from { to + f64::from(DAY_MIN) } else { to };
        let (from, to) = match zone.rule {
            Rule::Forbid => (from.floor() as i32, to.ceil() as i32),
            Rule::Permit => (from.ceil() as i32, to.floor() as i32),
        };
        let day = i32::from(DAY_MIN);
        let length = to - from;
        if length <= 0 || length > day || self.days.is_empty() {
            return None;
        }
        let whole = |time: Option<Time>| time.is_none_or(|time| time.seconds % 60.0 == 0.0);
        if !whole(self.start) || !whole(self.end) {
            zone.note("its times are in whole minutes");
        }
        let start = from.rem_euclid(day);
        let end = start + length;
        let end = if end > day { end - day } else { end };
        let days = self.days.iter().map(|d| d.wrapping_add(from.div_euclid(day))).collect();
        Some(Weekly { days, from_min: start as u16, to_min: end as u16 })
    }
}

fn days(word: &str) -> Result<Vec<Weekday>, AirspaceError> {
    let word = word.to_lowercase();
    if word == "any" {
        return Ok(DAYS.map(|(day, _)| day).to_vec());
    }
    let day = DAYS.iter().find(|(_, name)| *name == word);
    let day = day.ok_or_else(|| AirspaceError::new("no day; write MON to SUN, or ANY"))?;
    Ok(vec![day.0])
}

fn time(text: &str) -> Result<Time, AirspaceError> {
    parsed(text).ok_or_else(|| AirspaceError::new("no time of day; write it as 08:00:00Z"))
}

fn parsed(text: &str) -> Option<Time> {
    let (clock_part, ahead_min) = match text.strip_suffix(['Z', 'z']) {
        Some(rest) => (rest, Some(0)),
        None => match text.rfind(['+', '-']) {
            Some(at) => {
                let ahead = i32::from(clock(text.get(at + 1..)?)?);
                let sign = if text.get(at..=at)? == "-" { -1 } else { 1 };
                (text.get(..at)?, Some(ahead * sign))
            }
            None => (text, None),
        },
    };
    let minutes = clock(clock_part.get(..5)?)?;
    let rest = clock_part.get(5..)?;
    let seconds: f64 = match rest.strip_prefix(':') {
        Some(digits) if digits.starts_with(|c: char| c.is_ascii_digit()) => digits.parse().ok()?,
        None if rest.is_empty() => 0.0,
        _ => return None,
    };
    let fits = (0.0..60.0).contains(&seconds);
    fits.then_some(Time { seconds: f64::from(minutes) * 60.0 + seconds, ahead_min })
}

#[cfg(test)]
mod tests;
