use cathartes_core::airspace::{Limit, Volume};
use cathartes_core::units::Metres;
use jiff::civil::Weekday;

use super::*;

fn clause(rule: Rule, windows: Vec<TimeWindow>) -> Clause {
    let volume = Volume { polygons: Vec::new(), floor: Limit::Agl(Metres(0.0)), ceiling: None };
    let (operators, aircraft) = (None, None);
    Clause {
        number: "1".to_owned(),
        rule,
        purposes: Vec::new(),
        operators,
        aircraft,
        volume,
        windows,
    }
}

fn weekly(days: &[Weekday], from_min: u16, to_min: u16) -> TimeWindow {
    let weekly = vec![Weekly { days: days.to_vec(), from_min, to_min }];
    TimeWindow { weekly, ..TimeWindow::default() }
}

fn said(clause: &Clause, from: &str, to: &str) -> bool {
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let valid = Period { from: at("2026-10-01T00:00:00Z"), to: at("2027-04-01T00:00:00Z") };
    in_force(clause, valid, [seconds(at(from)), seconds(at(to))])
}

// 5 October 2026 is a Monday.

#[test]
fn a_permission_holds_all_of_a_time_or_is_not_in_force() {
    let mondays = clause(Rule::Permit, vec![weekly(&[Weekday::Monday], 360, 1080)]);
    assert!(said(&mondays, "2026-10-05T06:00:00Z", "2026-10-05T17:59:59Z"));
    assert!(
        !said(&mondays, "2026-10-05T06:00:00Z", "2026-10-05T18:00:00Z"),
        "its end is no part of it"
    );
    assert!(!said(&mondays, "2026-10-05T05:59:59Z", "2026-10-05T07:00:00Z"));
    assert!(!said(&mondays, "2026-10-05T17:00:00Z", "2026-10-05T18:00:01Z"));
    assert!(!said(&mondays, "2026-10-06T07:00:00Z", "2026-10-06T08:00:00Z"));
}

#[test]
fn a_prohibition_is_in_force_when_it_touches_a_time() {
    let mondays = clause(Rule::Forbid, vec![weekly(&[Weekday::Monday], 360, 1080)]);
    assert!(said(&mondays, "2026-10-05T05:00:00Z", "2026-10-05T06:00:00Z"));
    assert!(said(&mondays, "2026-10-05T18:00:00Z", "2026-10-05T19:00:00Z"));
    assert!(!said(&mondays, "2026-10-05T18:00:01Z", "2026-10-06T05:00:00Z"));
}

#[test]
fn a_window_over_midnight_is_of_the_day_on_which_it_begins() {
    let night = clause(Rule::Permit, vec![weekly(&[Weekday::Sunday], 1320, 240)]);
    assert!(said(&night, "2026-10-04T23:00:00Z", "2026-10-05T03:59:00Z"));
    assert!(!said(&night, "2026-10-05T23:00:00Z", "2026-10-05T23:30:00Z"));
}

#[test]
fn windows_that_follow_each_other_without_a_gap_are_one() {
    let both = [Weekday::Monday, Weekday::Tuesday];
    let days = clause(Rule::Permit, vec![weekly(&both, 0, 1440)]);
    assert!(said(&days, "2026-10-05T20:00:00Z", "2026-10-06T04:00:00Z"));
    assert!(!said(&days, "2026-10-06T20:00:00Z", "2026-10-07T00:00:01Z"));
}

#[test]
fn permissions_end_with_their_document_and_prohibitions_do_not() {
    let (permit, forbid) = (clause(Rule::Permit, Vec::new()), clause(Rule::Forbid, Vec::new()));
    assert!(said(&permit, "2026-10-01T00:00:00Z", "2026-10-01T01:00:00Z"));
    assert!(!said(&permit, "2027-03-31T23:00:00Z", "2027-04-01T00:00:01Z"));
    assert!(said(&forbid, "2028-01-01T00:00:00Z", "2028-01-01T01:00:00Z"));
}
