//! When a body is at work. Its clock is a fixed distance from UTC: where clocks are turned twice a year a message may
//! come an hour early, which is better than a table of time zones that ages.

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

const DAY_S: i64 = 86_400;
const HOUR_S: i64 = 3_600;
/// 1 January 1970 was a Thursday.
const FIRST_DAY: i64 = 3;

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weekday {
    /// Monday.
    Mon,
    /// Tuesday.
    Tue,
    /// Wednesday.
    Wed,
    /// Thursday.
    Thu,
    /// Friday.
    Fri,
    /// Saturday.
    Sat,
    /// Sunday.
    Sun,
}

impl Weekday {
    const ALL: [Self; 7] =
        [Self::Mon, Self::Tue, Self::Wed, Self::Thu, Self::Fri, Self::Sat, Self::Sun];

    pub(super) fn of(day: i64) -> Self {
        Self::ALL[(day + FIRST_DAY).rem_euclid(7) as usize]
    }
}

/// Hours of the days on which a body may be written to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// The body, by its code; none: every other.
    pub recipient: Option<String>,
    /// How far its clock is ahead of UTC.
    pub utc_offset_min: i32,
    /// The first hour.
    pub from_h: u8,
    /// The end, not included.
    pub to_h: u8,
    /// Days of work.
    pub days: Vec<Weekday>,
}

impl Hours {
    /// Whether these are hours at all; a sentence when not.
    pub(super) fn check(&self) -> Result<(), String> {
        if self.days.is_empty() || self.from_h >= self.to_h || self.to_h > 24 {
            return Err("hours need a day, and from_h before to_h, both up to 24".to_owned());
        }
        if self.utc_offset_min.abs() > 14 * 60 {
            return Err(format!("no clock is {} minutes from UTC", self.utc_offset_min));
        }
        Ok(())
    }

    /// The first moment from this one on at which it may be written to.
    #[must_use]
    pub fn next(&self, at: Timestamp) -> Option<Timestamp> {
        let offset = i64::from(self.utc_offset_min) * 60;
        let local = at.as_second() + offset;
        let today = local.div_euclid(DAY_S);
        let second = local.rem_euclid(DAY_S);
        let [from, to] = [self.from_h, self.to_h].map(|hour| i64::from(hour) * HOUR_S);
        let works = |day: i64| self.days.contains(&Weekday::of(day));
        if works(today) && (from..to).contains(&second) {
            return Some(at);
        }
        let first = if second < from { today } else { today + 1 };
        let day = (first..first + 7).find(|day| works(*day))?;
        let start = Timestamp::from_second(day * DAY_S + from).ok()?;
        start.checked_sub(SignedDuration::from_secs(offset)).ok()
    }
}
