use proptest::prelude::*;

use super::*;
use crate::flown::tests::{faults, seconds};

const START_S: i64 = 1_457_996_400;
/// From "The 1090 Megahertz Riddle", chapter 5.
const EVEN: &str = "8D40621D58C382D690C8AC2863A7";
const ODD: &str = "8D40621D58C386435CC412692AD6";

fn lines_at(all: &[(f64, &str)]) -> Vec<u8> {
    let line = |(second, frame): &(f64, &str)| format!("{:.3},{frame}\n", START_S as f64 + second);
    all.iter().map(line).collect::<String>().into_bytes()
}

/// A frame of an aircraft with the parity that belongs to it.
fn frame(kind: u64, code: u16, half: cpr::Half) -> String {
    let message = kind << 51
        | u64::from(code) << 36
        | u64::from(half.odd) << 34
        | u64::from(half.latitude) << 17
        | u64::from(half.longitude);
    let mut bytes = [0; FRAME_BYTES];
    bytes[..4].copy_from_slice(&[0x8D, 0x40, 0x62, 0x1D]);
    bytes[4..11].copy_from_slice(&message.to_be_bytes()[1..]);
    let left = parity(&bytes).to_be_bytes();
    bytes[11..].copy_from_slice(&left[1..]);
    format!("{:028X}", bytes.iter().fold(0_u128, |sum, byte| sum << 8 | u128::from(*byte)))
}

/// What an aircraft sends of a place (Doc 9871, C.2.6.5).
fn half(latitude: f64, longitude: f64, odd: bool) -> cpr::Half {
    let zone = if odd { 360.0 / 59.0 } else { 6.0 };
    let north = (131_072.0 * latitude.rem_euclid(zone) / zone + 0.5).floor();
    let seen = zone * (north / 131_072.0 + (latitude / zone).floor());
    let zones = (cpr::longitude_zones(seen) - if odd { 1.0 } else { 0.0 }).max(1.0);
    let east = (131_072.0 * longitude.rem_euclid(360.0 / zones) / (360.0 / zones) + 0.5).floor();
    cpr::Half { odd, latitude: north as u32 & 0x1_FFFF, longitude: east as u32 & 0x1_FFFF }
}

#[test]
fn an_even_and_an_odd_frame_are_a_place() {
    let log = read(&lines_at(&[(2.0, ODD), (4.0, EVEN)])).unwrap();
    assert_eq!(log.platform.as_deref(), Some("40621D"));
    let [fix] = log.fixes.as_slice() else { panic!("{log:?}") };
    // pyModeS 3.6.1.
    assert!((fix.place.latitude.0 - 52.257_202_148_437_5).abs() < 1e-9, "{fix:?}");
    assert!((fix.place.longitude.0 - 3.919_372_558_593_75).abs() < 1e-9, "{fix:?}");
    assert_eq!(fix.height, Height::Unknown);
    assert!((fix.pressure_altitude.unwrap().0 - 38_000.0 * 0.3048).abs() < 1e-9, "{fix:?}");
    assert_eq!(fix.time.as_millisecond(), START_S * 1000 + 4000);
}

#[test]
fn one_frame_is_enough_beside_a_known_place_and_not_long_after_it() {
    let times = [(2.0, ODD), (4.0, EVEN), (60.0, EVEN), (300.0, EVEN)];
    let log = read(&lines_at(&times)).unwrap();
    assert_eq!(seconds(&log, START_S), [4.0, 60.0]);
    assert!((log.fixes[1].place.longitude.0 - 3.919_372_558_593_75).abs() < 1e-9);
    let said = read(&lines_at(&[(2.0, ODD), (14.0, EVEN)])).unwrap_err();
    assert!(matches!(said, FlownError::NoPosition { .. }), "{said}");
}

#[test]
fn heights_above_the_ellipsoid_are_told_apart_from_pressure() {
    let frames = [false, true].map(|odd| frame(20, 1234, half(48.0, 11.0, odd)));
    let log = read(&lines_at(&[(0.0, &frames[0]), (1.0, &frames[1])])).unwrap();
    assert_eq!(log.fixes[0].height, Height::AboveEllipsoid(Metres(1234.0)));
    assert_eq!(log.fixes[0].pressure_altitude, None);
}

#[test]
fn frames_in_the_form_of_avr_and_comments_are_read() {
    let text = format!("# receiver 3\n{START_S}.5, *{ODD};\r\n{START_S}.9, *{EVEN};\r\n");
    assert_eq!(read(text.as_bytes()).unwrap().fixes.len(), 1);
}

#[test]
fn frames_without_times_say_what_is_missing() {
    let text = format!("*{ODD};\n*{EVEN};\n");
    let said = crate::flown::open(text.as_bytes()).unwrap_err().to_string();
    assert!(said.ends_with("write every frame as seconds since 1970, a comma, and the frame"));
}

#[test]
fn a_frame_with_another_parity_is_left_out() {
    let damaged = ODD.replace("86435", "86436");
    let log = read(&lines_at(&[(0.0, ODD), (1.0, EVEN), (2.0, &damaged), (3.0, EVEN)])).unwrap();
    assert_eq!(seconds(&log, START_S), [1.0, 3.0]);
    assert_eq!(faults(&log), ["row 3, 2016-03-14T23:00:02Z: damaged: its checksum is another"]);
}

#[test]
fn a_line_that_is_no_frame_is_a_fault_and_short_frames_are_passed_over() {
    let text = [lines_at(&[(0.0, ODD), (1.0, EVEN), (1.5, "5D484FDEA248F5")]), b"hello\n".to_vec()];
    let log = read(&text.concat()).unwrap();
    assert_eq!(faults(&log), ["row 4: not readable: neither `time,frame` nor a comment"]);
}

#[test]
fn all_codes_of_altitude_are_read_as_another_program_reads_them() {
    // Sums over all codes by pyModeS 3.6.1, each altitude in feet times (code modulo 7 + 1).
    let feet = |code: u16| altitude::pressure(code).map(|m| (m.0 / 0.3048).round() as i64);
    let all: Vec<(u16, i64)> = (0..4096).filter_map(|code| Some((code, feet(code)?))).collect();
    assert_eq!(all.len(), 3328);
    let sum: i64 = all.iter().map(|(code, feet)| feet * i64::from(code % 7 + 1)).sum();
    assert_eq!(sum, 522_892_975);
    assert_eq!(
        [0xC38, 0x5A0, 0x4A2, 0xB8A].map(feet),
        [Some(38_000), Some(18_700), Some(27_700), None]
    );
}

/// The numbers that the other program was given.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u32 {
        self.0 = (self.0 * 1_103_515_245 + 12_345) % (1 << 31);
        (self.0 >> 14) as u32
    }

    fn half(&mut self, odd: bool) -> cpr::Half {
        cpr::Half { odd, latitude: self.next(), longitude: self.next() }
    }
}

#[test]
fn many_places_are_as_another_program_finds_them() {
    // Counts and sums by pyModeS 3.6.1.
    let mut numbers = Numbers(1);
    let (mut found, mut north, mut east) = (0, 0.0, 0.0);
    for i in 0..5000 {
        let (even, odd) = (numbers.half(false), numbers.half(true));
        if let Some(place) = cpr::both(even, odd, i % 2 == 1) {
            (found, north, east) = (found + 1, north + place.latitude, east + place.longitude);
        }
    }
    assert_eq!(found, 2424);
    assert!((north - 4_855.700_904_716_872).abs() < 1e-6, "{north}");
    assert!((east - 797.328_746_507_009_3).abs() < 1e-6, "{east}");
    (found, north, east) = (0, 0.0, 0.0);
    for i in 0..5000 {
        let half = numbers.half(i % 2 == 1);
        let share = |number: u32| f64::from(number) / 131_072.0 - 0.5;
        let (latitude, longitude) = (share(numbers.next()) * 170.0, share(numbers.next()) * 358.0);
        let place = cpr::beside(cpr::Place { latitude, longitude }, half);
        if place.latitude.abs() <= 86.9 {
            (found, north, east) = (found + 1, north + place.latitude, east + place.longitude);
        }
    }
    assert_eq!(found, 4996);
    assert!((north + 3_891.245_147_187_845_3).abs() < 1e-6, "{north}");
    assert!((east + 7_817.739_933_736_416).abs() < 1e-6, "{east}");
}

proptest! {
    #[test]
    fn what_an_aircraft_sends_is_where_it_is(
        latitude in -86.0..86.0_f64, longitude in -179.9..179.9_f64, odd_last in any::<bool>(),
    ) {
        // Two belts of zones meet where the number of zones changes: no pair there.
        let zones = |odd| cpr::longitude_zones(latitude + if odd { 1e-3 } else { -1e-3 });
        prop_assume!(zones(true) == zones(false) && latitude.abs() > 1e-3);
        let frames = [odd_last, !odd_last].map(|even| frame(11, 0xC38, half(latitude, longitude, !even)));
        let log = read(&lines_at(&[(0.0, &frames[0]), (0.5, &frames[1])])).unwrap();
        let found = log.fixes[0].place;
        prop_assert!((found.latitude.0 - latitude).abs() < 5e-5, "{found:?}");
        let apart = (found.longitude.0 - longitude + 180.0).rem_euclid(360.0) - 180.0;
        prop_assert!(apart.abs() * latitude.to_radians().cos() < 1e-4, "{found:?}");
    }

    #[test]
    fn never_panics(text in "[0-9A-F,*;.\n]{0,200}") {
        let _ = read(text.as_bytes());
        let _ = read(format!("1457996400,{EVEN}\n{text}").as_bytes());
    }
}
