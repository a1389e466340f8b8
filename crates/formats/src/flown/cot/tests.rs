use proptest::prelude::*;

use super::*;
use crate::flown::tests::faults;

fn event(uid: &str, kind: &str, second: u32, point: &str) -> String {
    format!(
        "<event version='2.0' uid='{uid}' type='{kind}' how='m-g' time='2026-10-05T08:00:{second:02}Z' \
         start='2026-10-05T08:00:00Z' stale='2026-10-05T08:01:00Z'>{point}<detail/></event>\n"
    )
}

const POINT: &str = "<point lat='32.1' lon='-116.8' hae='1480.5' ce='10' le='15'/>";

#[test]
fn events_one_after_the_other_are_fixes() {
    let text = event("UAS-17", "a-f-A-M-H-Q", 0, POINT) + &event("UAS-17", "a-f-A-M-H-Q", 1, POINT);
    let log = crate::flown::open(text.as_bytes()).unwrap();
    assert_eq!((log.platform.as_deref(), log.fixes.len()), (Some("UAS-17"), 2));
    assert_eq!(log.fixes[0].place, place(32.1, -116.8));
    assert_eq!(log.fixes[0].height, Height::AboveEllipsoid(Metres(1480.5)));
    assert_eq!(log.faults, []);
}

#[test]
fn events_within_others_and_declarations_between_them_are_read() {
    let both = event("A", "a-f-A", 0, POINT) + &event("A", "a-f-A", 1, POINT);
    assert_eq!(read(format!("<events>{both}</events>").as_bytes()).unwrap().fixes.len(), 2);
    let declared = both.replace("<event ", "<?xml version='1.0'?>\n<event ");
    assert_eq!(read(declared.as_bytes()).unwrap().fixes.len(), 2);
}

#[test]
fn a_height_of_nines_is_not_known() {
    let point = POINT.replace("1480.5", "9999999.0");
    let log = read(event("A", "a-f-A", 0, &point).as_bytes()).unwrap();
    assert_eq!(log.fixes[0].height, Height::Unknown);
}

#[test]
fn only_aircraft_are_followed() {
    let text = event("A", "a-f-A", 0, POINT) + &event("B", "a-f-G-U-C", 0, POINT);
    let log = read(text.as_bytes()).unwrap();
    assert_eq!(log.platform.as_deref(), Some("A"));
    let said = "row 2, 2026-10-05T08:00:00Z: no aircraft: nothing else is followed here";
    assert_eq!(faults(&log), [said]);
}

#[test]
fn a_sensor_says_how_much_it_sees() {
    let sensor = "<sensor azimuth='140' fov='66.9' vfov='41.6' range='300'/>";
    let log = read(event("A", "a-f-A", 0, &format!("{POINT}<detail>{sensor}</detail>")).as_bytes());
    let view = log.unwrap().fixes[0].view.clone().unwrap();
    assert_eq!(view.horizontal_field, Some(Degrees(66.9)));
    assert_eq!((view.slant_range, view.azimuth), (Some(Metres(300.0)), None));
}

#[test]
fn what_an_event_says_of_handling_is_handed_on() {
    let text =
        event("A", "a-f-A", 0, POINT).replace("how=", "caveat='FOUO' releasableTo='NATO' how=");
    let handling = read(text.as_bytes()).unwrap().handling.unwrap();
    let said = "classification not readable; caveats: FOUO; releasing instructions: NATO";
    assert_eq!(handling.to_string(), said);
}

#[test]
fn events_that_cannot_be_are_left_out_each_with_its_reason() {
    let all = [
        event("A", "a-f-A", 0, POINT),
        event("A", "a-f-A", 1, ""),
        event("A", "a-f-A", 2, "<point lat='x' lon='1'/>"),
        event("A", "a-f-A", 3, POINT).replace(" time=", " when="),
        "<event uid='A' type='a-f-A'><point".to_owned(),
    ];
    let log = read(all.concat().as_bytes()).unwrap();
    assert_eq!(log.fixes.len(), 1);
    let said = faults(&log);
    assert!(said[0].ends_with("position lost: nothing is said of it"), "{said:?}");
    assert!(said[1].ends_with("latitude or longitude is no number"), "{said:?}");
    assert!(said[2].ends_with("the clock is not set"), "{said:?}");
    assert!(said[3].ends_with("no XML from here on"), "{said:?}");
}

proptest! {
    #[test]
    fn what_was_written_is_read(
        (north, east, up) in (-90.0..-0.1_f64, -180.0..180.0_f64, -400.0..3e4_f64), second in 0..60_u32,
    ) {
        let point = format!("<point lat='{north}' lon='{east}' hae='{up}' ce='1' le='1'/>");
        let log = read(event("A", "a-u-A-C", second, &point).as_bytes()).unwrap();
        prop_assert_eq!(log.fixes[0].place, place(north, east));
        prop_assert_eq!(log.fixes[0].height, Height::AboveEllipsoid(Metres(up)));
    }

    #[test]
    fn never_panics(text in "[<>/a-t=\"' 0-9&;-]{0,200}") {
        let _ = read(format!("<event type='a-f-A' {text}").as_bytes());
    }
}
