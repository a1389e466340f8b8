use cathartes_core::airspace::Weekly;
use jiff::{Timestamp, civil::Weekday};

use super::*;

#[test]
fn every_day_that_is_named_has_both_ends_of_its_window() {
    let seconds = |text: &str| when::seconds(text.parse::<Timestamp>().unwrap());
    // 5 October 2026 is a Monday.
    let weekly = Weekly { days: vec![Weekday::Monday], from_min: 22 * 60, to_min: 6 * 60 };
    let around = [seconds("2026-10-05T12:00:00Z"), seconds("2026-10-06T12:00:00Z")];
    let all = days(&weekly, around);
    for end in ["2026-10-05T22:00:00Z", "2026-10-06T06:00:00Z"] {
        assert!(all.contains(&seconds(end)), "{end} {all:?}");
    }
}
