//! When a clause is in force.

use cathartes_core::{
    airspace::{Clause, Rule, TimeWindow, Weekly},
    observation::Period,
};
use jiff::Timestamp;

const DAY_S: f64 = 86_400.0;
/// 1 January 1970 was a Thursday.
const FIRST_WEEKDAY: i64 = 3;

/// From one moment to another, seconds since 1970.
pub(crate) type Interval = [f64; 2];

pub(crate) fn seconds(at: Timestamp) -> f64 {
    at.as_microsecond() as f64 * 1e-6
}

/// Whether a clause is in force: a prohibition at any moment of a time, a permission in all of it.
pub(crate) fn in_force(clause: &Clause, valid: Period, time: Interval) -> bool {
    let always = [[f64::NEG_INFINITY, f64::INFINITY]];
    let mut windows: Vec<Interval> =
        clause.windows.iter().flat_map(|window| around(window, time)).collect();
    if clause.windows.is_empty() {
        windows.extend(always);
    }
    match clause.rule {
        Rule::Forbid => windows.iter().any(|[from, to]| *from <= time[1] && *to >= time[0]),
        Rule::Permit => {
            let valid = [valid.from, valid.to].map(seconds);
            valid[0] <= time[0] && time[1] < valid[1] && covered(windows, time)
        }
    }
}

/// Whether windows hold all of a time, one after the other without a gap; their ends are no part of them.
fn covered(mut windows: Vec<Interval>, [from, to]: Interval) -> bool {
    windows.sort_unstable_by(|one, other| one[0].total_cmp(&other[0]));
    let mut reached = from;
    let mut begun = false;
    for window in windows {
        if window[0] <= reached && window[1] >= reached {
            (reached, begun) = (window[1], true);
        }
    }
    begun && reached > to
}

/// What of a window lies around a time.
fn around(window: &TimeWindow, time: Interval) -> Vec<Interval> {
    let from = window.from.map_or(f64::NEG_INFINITY, seconds);
    let to = window.to.map_or(f64::INFINITY, seconds);
    if window.weekly.is_empty() {
        return vec![[from, to]];
    }
    let all = window.weekly.iter().flat_map(|weekly| days(weekly, time));
    let clipped = all.map(|[begin, end]| [begin.max(from), end.min(to)]);
    clipped.filter(|[begin, end]| begin <= end).collect()
}

/// The windows of the days around a time.
fn days(weekly: &Weekly, time: Interval) -> impl Iterator<Item = Interval> {
    let [first, last] = time.map(|at| (at / DAY_S).floor() as i64);
    let minutes = [weekly.from_min, weekly.to_min].map(|min| f64::from(min) * 60.0);
    let over = if minutes[1] <= minutes[0] { DAY_S } else { 0.0 };
    let named = |day: &i64| {
        let weekday = (day + FIRST_WEEKDAY).rem_euclid(7);
        weekly.days.iter().any(|named| i64::from(named.to_monday_zero_offset()) == weekday)
    };
    (first - 1..=last + 1).filter(named).map(move |day| {
        let midnight = day as f64 * DAY_S;
        [midnight + minutes[0], midnight + minutes[1] + over]
    })
}

#[cfg(test)]
mod tests;
