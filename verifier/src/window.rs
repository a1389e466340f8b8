//! When a clause is in force, in nanoseconds since 1970.

use jiff::{Timestamp, civil::Time};
use serde::Deserialize;

use crate::documents::Law;

const MINUTE: i128 = 60_000_000_000;
const DAY: i128 = 1440 * MINUTE;
/// The first of 1970 was a Thursday.
const DAYS: [&str; 7] = ["thu", "fri", "sat", "sun", "mon", "tue", "wed"];

#[derive(Deserialize, Clone, Default)]
#[serde(deny_unknown_fields)]
pub(crate) struct When {
    pub(crate) from: Option<Timestamp>,
    pub(crate) to: Option<Timestamp>,
    pub(crate) weekly: Option<Vec<Weekly>>,
}

#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
pub(crate) struct Weekly {
    days: Vec<String>,
    from: String,
    to: String,
}

impl Weekly {
    /// From the beginning of its day.
    fn span(&self) -> Option<[i128; 2]> {
        let clock = |text: &str| match text.as_bytes() {
            b"24:00" => Some(DAY),
            [_, _, b':', _, _] => text.parse().ok().map(|time: Time| {
                MINUTE * (60 * i128::from(time.hour()) + i128::from(time.minute()))
            }),
            _ => None,
        };
        let [from, to] = [clock(&self.from)?, clock(&self.to)?];
        Some([from, if to > from { to } else { to + DAY }])
    }
}

impl When {
    pub(crate) fn is_whole(&self) -> bool {
        let known = |day: &String| DAYS.contains(&day.as_str());
        let whole =
            |w: &Weekly| !w.days.is_empty() && w.days.iter().all(known) && w.span().is_some();
        self.weekly.as_ref().is_none_or(|weekly| !weekly.is_empty() && weekly.iter().all(whole))
    }

    /// Its windows that may touch a time.
    fn near(&self, [from, to]: [i128; 2]) -> Vec<[i128; 2]> {
        let first = self.from.map_or(i128::MIN, Timestamp::as_nanosecond);
        let last = self.to.map_or(i128::MAX, Timestamp::as_nanosecond);
        let Some(weekly) = &self.weekly else { return vec![[first, last]] };
        let mut windows = vec![];
        for day in from.div_euclid(DAY) - 2..=to.div_euclid(DAY) {
            let name = DAYS[day.rem_euclid(7) as usize];
            let of_day = weekly.iter().filter(|weekly| weekly.days.iter().any(|day| day == name));
            let spans = of_day.filter_map(Weekly::span);
            windows.extend(spans.map(|[a, b]| [first.max(day * DAY + a), last.min(day * DAY + b)]));
        }
        windows
    }
}

/// A prohibition where the time touches a window, ends included; a permission where all of it lies before the ends of
/// windows that follow each other without a gap.
pub(crate) fn in_force(law: &Law, time: [i128; 2]) -> bool {
    let mut windows: Vec<_> = law.when.iter().flat_map(|when| when.near(time)).collect();
    windows.retain(|[a, b]| a <= b);
    if !law.permits {
        return windows.iter().any(|&[a, b]| a <= time[1] && time[0] <= b);
    }
    windows.sort_unstable();
    let covered = |till: i128, &[a, b]: &[i128; 2]| if a <= till { till.max(b) } else { till };
    windows.iter().fold(time[0], covered) > time[1]
}
