use cathartes_core::airspace::Purpose;

use super::*;
use crate::airspace::{Intent, json};

fn read(text: &str, rule: Rule) -> (Result<Vec<TimeWindow>, String>, Vec<String>) {
    let mut zone = Zone::intended("Z", &Intent { rule, purposes: vec![Purpose::Imagery] });
    let value = json::parse(text.as_bytes()).unwrap();
    let windows = periods(&value, &mut zone).map_err(|error| error.to_string());
    (windows, zone.notes)
}

fn week(days: &[Weekday], from_min: u16, to_min: u16) -> Weekly {
    Weekly { days: days.to_vec(), from_min, to_min }
}

fn weekly(text: &str, rule: Rule) -> Vec<Weekly> {
    let windows = read(&format!("[{{\"schedule\": [{text}]}}]"), rule).0.unwrap();
    windows.into_iter().flat_map(|window| window.weekly).collect()
}

#[test]
fn times_of_other_zones_are_those_of_utc_on_the_days_they_fall_on() {
    use Weekday::{Friday, Monday, Sunday, Thursday};
    let entry = |days: &str, from: &str, to: &str| {
        format!("{{\"day\": {days}, \"startTime\": \"{from}\", \"endTime\": \"{to}\"}}")
    };
    let plain = weekly(&entry("[\"MON\", \"FRI\"]", "08:00:00Z", "18:30Z"), Rule::Permit);
    assert_eq!(plain, [week(&[Monday, Friday], 480, 1110)]);
    let east = weekly(&entry("\"MON\"", "01:00+02:00", "05:00+02:00"), Rule::Permit);
    assert_eq!(east, [week(&[Sunday], 1380, 180)]);
    let west = weekly(&entry("\"THU\"", "22:00:00.0-07:00", "23:00:00-07:00"), Rule::Permit);
    assert_eq!(west, [week(&[Friday], 300, 360)]);
    let night = weekly(&entry("\"THU\"", "22:00Z", "06:00Z"), Rule::Permit);
    assert_eq!(night, [week(&[Thursday], 1320, 360)]);
    assert_eq!(weekly("{\"day\": \"ANY\"}", Rule::Permit)[0].days.len(), 7);
    assert_eq!(weekly("{\"day\": \"MON\"}", Rule::Permit), [week(&[Monday], 0, 1440)]);
}

#[test]
fn seconds_are_rounded_outwards_for_a_prohibition_and_inwards_for_a_permission() {
    let text = "{\"day\": \"MON\", \"startTime\": \"08:00:30Z\", \"endTime\": \"23:59:59Z\"}";
    assert_eq!(weekly(text, Rule::Forbid), [week(&[Weekday::Monday], 480, 1440)]);
    assert_eq!(weekly(text, Rule::Permit), [week(&[Weekday::Monday], 481, 1439)]);
}

#[test]
fn less_than_a_minute_of_permission_is_none_and_of_prohibition_a_minute() {
    let text = "[{\"schedule\": [{\"day\": \"MON\", \"startTime\": \"08:00:10Z\", \"endTime\": \"08:00:50Z\"}]}]";
    let said = read(text, Rule::Permit).0.unwrap_err();
    assert!(said.contains("a permission is not made larger"), "{said}");
    let window = &read(text, Rule::Forbid).0.unwrap()[0];
    assert_eq!(window.weekly, [week(&[Weekday::Monday], 480, 481)]);
}

#[test]
fn the_sun_and_clocks_without_a_zone_prohibit_always_and_permit_nothing() {
    for entry in [
        "{\"day\": \"MON\", \"startEvent\": \"SR\", \"endEvent\": \"SS\"}",
        "{\"day\": \"MON\", \"startTime\": \"08:00\", \"endTime\": \"18:00\"}",
    ] {
        let text =
            format!("[{{\"startDateTime\": \"2026-10-01T00:00:00Z\", \"schedule\": [{entry}]}}]");
        let (windows, notes) = read(&text, Rule::Forbid);
        assert!(windows.unwrap()[0].weekly.is_empty() && notes.len() == 1, "{notes:?}");
        let said = read(&text, Rule::Permit).0.unwrap_err();
        assert!(said.contains("a permission is not made larger"), "{said}");
    }
}

#[test]
fn a_period_without_limits_is_always() {
    let text = "[{\"startDateTime\": \"2026-10-01T00:00:00Z\"}, {\"permanent\": \"YES\"}]";
    assert_eq!(read(text, Rule::Forbid).0.unwrap(), []);
    assert_eq!(read("null", Rule::Permit).0.unwrap(), []);
}

#[test]
fn a_permission_for_ever_and_for_some_days_is_for_some_days() {
    let text = "[{\"permanent\": \"YES\", \"endDateTime\": \"2026-10-01T00:00:00Z\"}]";
    assert_eq!(read(text, Rule::Forbid).0.unwrap(), []);
    assert!(read(text, Rule::Permit).0.unwrap()[0].to.is_some());
}

#[test]
fn what_is_no_time_is_told_with_its_place() {
    let said = [
        "[{\"startDateTime\": \"2026\"}]",
        "[{\"startDateTime\": \"2026-10-02T00:00:00Z\", \"endDateTime\": \"2026-10-01T00:00:00Z\"}]",
        "[{\"schedule\": [{\"day\": \"MONDAY\"}]}]",
        "[{\"schedule\": [{\"day\": \"MON\", \"startTime\": \"8:00Z\"}]}]",
        "[{\"schedule\": [{\"day\": \"MON\", \"startTime\": \"08:00:60Z\"}]}]",
        "[{\"schedule\": [{\"startTime\": \"08:00Z\"}]}]",
    ]
    .map(|text| read(text, Rule::Forbid).0.unwrap_err());
    insta::assert_snapshot!(said.join("\n"));
}
