//! The moments at which clauses begin or end to be in force.

use cathartes_core::{airspace::Weekly, observation::Period};

use crate::{airspace::Prepared, when};

const DAY_S: f64 = 86_400.0;
/// 1 January 1970 was a Thursday.
const FIRST_WEEKDAY: i64 = 3;

/// All of them around a period, in order, seconds since 1970.
pub(crate) fn moments(clauses: &[&Prepared], around: Period) -> Vec<f64> {
    let around = [around.from, around.to].map(when::seconds);
    let mut all: Vec<f64> = clauses.iter().flat_map(|one| of(one, around)).collect();
    all.retain(|at_s| (around[0] - DAY_S..=around[1] + DAY_S).contains(at_s));
    all.sort_by(f64::total_cmp);
    all.dedup();
    all
}

fn of(one: &Prepared, around: [f64; 2]) -> Vec<f64> {
    let mut all: Vec<f64> = [one.valid.from, one.valid.to].map(when::seconds).into();
    for window in &one.clause.windows {
        all.extend([window.from, window.to].into_iter().flatten().map(when::seconds));
        all.extend(window.weekly.iter().flat_map(|weekly| days(weekly, around)));
    }
    all
}

/// Both ends of every day's window.
fn days(weekly: &Weekly, around: [f64; 2]) -> Vec<f64> {
    let [first, last] = around.map(|at_s| (at_s / DAY_S).floor() as i64);
    let named = |day: i64| {
        let weekday = (day + FIRST_WEEKDAY).rem_euclid(7);
        weekly.days.iter().any(|named| i64::from(named.to_monday_zero_offset()) == weekday)
    };
    // A window may end a day after it began, hence both minutes of every day that is named and of the next.
    let from = (first - 2..=last + 2).filter(|day| named(*day));
    from.flat_map(|day| {
        let at = |day: i64, minutes: u16| day as f64 * DAY_S + f64::from(minutes) * 60.0;
        [at(day, weekly.from_min), at(day, weekly.to_min), at(day + 1, weekly.to_min)]
    })
    .collect()
}

#[cfg(test)]
mod tests;
