//! Moments and windows of time, as authorities write them.

use cathartes_core::{
    airspace::{TimeWindow, Weekly},
    observation::Period,
};
use jiff::{Timestamp, civil::Weekday};

use super::{
    AirspaceError,
    json::{Json, each},
};

/// Minutes of a day.
pub(super) const DAY_MIN: u16 = 1440;

/// The days of the week by their words.
pub(super) const DAYS: [(Weekday, &str); 7] = [
    (Weekday::Monday, "mon"),
    (Weekday::Tuesday, "tue"),
    (Weekday::Wednesday, "wed"),
    (Weekday::Thursday, "thu"),
    (Weekday::Friday, "fri"),
    (Weekday::Saturday, "sat"),
    (Weekday::Sunday, "sun"),
];

/// A moment of UTC. Other offsets are refused, so that what people read is what programs compare.
pub(super) fn moment(value: &Json) -> Result<Timestamp, AirspaceError> {
    let text = value.text()?;
    let rest = text.strip_suffix('Z').or_else(|| text.strip_suffix("+00:00"));
    let digits = |c: u8| c.is_ascii_digit() || b"-T:.".contains(&c);
    let plain = rest.is_some_and(|rest| rest.len() >= 19 && rest.bytes().all(digits));
    let time = text.parse().ok().filter(|_| plain);
    time.ok_or_else(|| AirspaceError::new("no moment of UTC; write it as 2026-05-03T18:00:00Z"))
}

/// From one moment to a later one.
pub(super) fn period(value: &Json) -> Result<Period, AirspaceError> {
    let fields = value.only(&["from", "to"])?;
    let (from, to) = (fields.need("from", moment)?, fields.need("to", moment)?);
    if from >= to {
        return Err(AirspaceError::new("`from` is not before `to`; exchange or mend them"));
    }
    Ok(Period { from, to })
}

/// All windows of a clause.
pub(super) fn windows(value: &Json) -> Result<Vec<TimeWindow>, AirspaceError> {
    each(filled(value)?, "window", window)
}

/// A list that says something.
pub(super) fn filled(value: &Json) -> Result<&[Json], AirspaceError> {
    let list = value.list()?;
    if list.is_empty() {
        return Err(AirspaceError::new("the list is empty; fill it or leave the field out"));
    }
    Ok(list)
}

fn window(value: &Json) -> Result<TimeWindow, AirspaceError> {
    let fields = value.only(&["from", "to", "weekly"])?;
    let (from, to) = (fields.maybe("from", moment)?, fields.maybe("to", moment)?);
    if from.zip(to).is_some_and(|(from, to)| from > to) {
        return Err(AirspaceError::new("`from` is after `to`; exchange or mend them"));
    }
    let all = |value| each(filled(value)?, "entry", weekly);
    Ok(TimeWindow { from, to, weekly: fields.maybe("weekly", all)?.unwrap_or_default() })
}

fn weekly(value: &Json) -> Result<Weekly, AirspaceError> {
    let fields = value.only(&["days", "from", "to"])?;
    let days = fields.need("days", |days| filled(days)?.iter().map(day).collect())?;
    let from_min = fields.need("from", minutes)?;
    if from_min == DAY_MIN {
        return Err(AirspaceError::new("`from` is 24:00; write 00:00 on the following day"));
    }
    Ok(Weekly { days, from_min, to_min: fields.need("to", minutes)? })
}

fn day(value: &Json) -> Result<Weekday, AirspaceError> {
    let text = value.text()?;
    let day = DAYS.iter().find(|(_, word)| *word == text).map(|(day, _)| *day);
    day.ok_or_else(|| AirspaceError::new("no day; write mon, tue, wed, thu, fri, sat or sun"))
}

fn minutes(value: &Json) -> Result<u16, AirspaceError> {
    clock(value.text()?)
        .ok_or_else(|| AirspaceError::new("no time of day; write 06:30, up to 24:00"))
}

/// Minutes after midnight of hours and minutes.
pub(super) fn clock(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    let number = |text: &str| {
        let digits = text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit());
        text.parse::<u16>().ok().filter(|_| digits)
    };
    let (hours, minutes) = (number(hours)?, number(minutes).filter(|m| *m < 60)?);
    Some(hours * 60 + minutes).filter(|all| *all <= DAY_MIN)
}

/// Hours and minutes.
pub(super) fn clock_text(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}
