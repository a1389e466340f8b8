use cathartes_core::{
    flown::{Attitude, HandlingItem, Height, View},
    marking::Classification,
    units::{Degrees, Metres},
};
use proptest::prelude::*;

use super::*;
use crate::flown::{
    gather::place,
    tests::{faults, real, seconds},
};

const START_S: u64 = 1_700_000_000;

fn item(tag: u8, value: &[u8]) -> Vec<u8> {
    [&[tag, value.len() as u8][..], value].concat()
}

/// A packet of items, with its checksum.
pub(in crate::flown) fn packet(items: &[Vec<u8>]) -> Vec<u8> {
    let body = items.concat();
    let length = body.len() + 4;
    let length = match u8::try_from(length) {
        Ok(short) if short < 128 => vec![short],
        _ => vec![0x82, (length >> 8) as u8, length as u8],
    };
    let mut packet = [&KEY[..], &length, &body, &[1, 2]].concat();
    let sum = (0..).zip(&packet).fold(0_u16, |sum, (i, byte)| {
        sum.wrapping_add(u16::from(*byte) << if i % 2 == 0 { 8 } else { 0 })
    });
    packet.extend(sum.to_be_bytes());
    packet
}

fn at(second: u64) -> Vec<u8> {
    item(2, &((START_S + second) * 1_000_000).to_be_bytes())
}

fn angle(tag: u8, degrees: f64, highest: f64) -> Vec<u8> {
    item(tag, &((degrees / highest * f64::from(i32::MAX)).round() as i32).to_be_bytes())
}

pub(in crate::flown) fn fix(second: u64) -> Vec<u8> {
    packet(&[at(second), item(10, b"Kite"), angle(13, 60.0, 90.0), angle(14, 128.0, 180.0)])
}

fn one(items: &[Vec<u8>]) -> LogFix {
    let all = [&[at(0), angle(13, 60.0, 90.0), angle(14, 128.0, 180.0)][..], items].concat();
    read(&packet(&all)).unwrap().fixes.remove(0)
}
use cathartes_core::flown::LogFix;

#[test]
fn every_packet_of_a_real_stream_is_read_as_another_program_reads_it() {
    let Some(bytes) = real("Truck.klv") else { return };
    let log = read(&bytes).unwrap();
    assert_eq!((log.fixes.len(), log.faults.len()), (711, 0));
    assert_eq!(log.platform.as_deref(), Some("C208B N97826"));
    let microseconds: i64 = log.fixes.iter().map(|fix| fix.time.as_microsecond()).sum();
    assert_eq!(microseconds, 958_490_497_192_542_805);

    // Sums of all packets by klvdata 0.0.3.
    let sum = |number: &dyn Fn(&LogFix, &View) -> f64| -> f64 {
        log.fixes.iter().map(|fix| number(fix, fix.view.as_ref().unwrap())).sum()
    };
    let centre = |view: &View| view.centre.unwrap();
    let corner = |view: &View, i: usize| view.corners.unwrap()[i];
    let sums = [
        (130_348.740_672_922_91, sum(&|fix, _| fix.attitude.unwrap().heading.0)),
        (3_517.934_507_278_671, sum(&|fix, _| fix.attitude.unwrap().pitch.0)),
        (-8_401.676_992_095_681, sum(&|fix, _| fix.attitude.unwrap().roll.0)),
        (29_215.627_418_912_904, sum(&|fix, _| fix.place.latitude.0)),
        (-74_549.674_586_341_88, sum(&|fix, _| fix.place.longitude.0)),
        (2_090.090_180_819_431_7, sum(&|_, view| view.horizontal_field.unwrap().0)),
        (1_174.428_931_105_513_6, sum(&|_, view| view.vertical_field.unwrap().0)),
        (196_726.453_214_233_25, sum(&|_, view| view.azimuth.unwrap().0)),
        (-15_379.320_316_128_116, sum(&|_, view| view.elevation.unwrap().0)),
        (0.0, sum(&|_, view| view.roll.unwrap().0)),
        (1_412_417.239_372_716_5, sum(&|_, view| view.slant_range.unwrap().0)),
        (29_214.146_663_893_105, sum(&|_, view| centre(view).latitude.0)),
        (-74_550.855_676_044_19, sum(&|_, view| centre(view).longitude.0)),
        (1_351_371.097_886_624_7, sum(&|_, view| view.centre_height.unwrap().0)),
        (-0.080_458_998_382_513_17, sum(&|_, v| corner(v, 0).latitude.0 - centre(v).latitude.0)),
        (0.008_576_464_125_493_732, sum(&|_, v| corner(v, 0).longitude.0 - centre(v).longitude.0)),
        (0.006_065_553_758_356_24, sum(&|_, v| corner(v, 3).latitude.0 - centre(v).latitude.0)),
        (0.081_598_864_711_449_78, sum(&|_, v| corner(v, 3).longitude.0 - centre(v).longitude.0)),
    ];
    for (theirs, ours) in sums {
        assert!((theirs - ours).abs() < 1e-8, "{theirs} {ours}");
    }
    let heights = log.fixes.iter().map(|fix| match fix.height {
        Height::AboveSeaLevel(metres) => metres.0,
        other => panic!("{other:?}"),
    });
    assert!((heights.sum::<f64>() - 2_101_067.425_040_055).abs() < 1e-6);
}

#[test]
fn a_real_stream_says_how_it_is_to_be_held() {
    let Some(bytes) = real("Truck.klv") else { return };
    let handling = read(&bytes).unwrap().handling.unwrap();
    assert_eq!(handling.classification, Some(Classification::Unclassified));
    let words = "UNCLASSIFIED; classifying country: //CA; releasing instructions: CA";
    assert_eq!(handling.to_string(), words);
}

#[test]
fn the_examples_of_the_standard_are_read() {
    // ST 0601, the examples of its items.
    let fix = one(&[
        item(5, &[0x71, 0xC2]),
        item(6, &[0xFD, 0x3D]),
        item(7, &[0x08, 0xB8]),
        item(13, &[0x55, 0x95, 0xB6, 0x6D]),
        item(14, &[0x5B, 0x53, 0x60, 0xC4]),
        item(15, &[0xC2, 0x21]),
        item(18, &[0x72, 0x4A, 0x0A, 0x20]),
        item(19, &[0x87, 0xF8, 0x4B, 0x86]),
        item(21, &[0x03, 0x83, 0x09, 0x26]),
    ]);
    let near =
        |found: f64, said: f64, most: f64| assert!((found - said).abs() < most, "{found} {said}");
    let Attitude { heading, pitch, roll } = fix.attitude.unwrap();
    near(heading.0, 159.974_36, 1e-5);
    near(pitch.0, -0.431_531_724, 1e-8);
    near(roll.0, 3.405_865_65, 1e-8);
    near(fix.place.latitude.0, 60.176_822_966_978_335, 1e-9);
    near(fix.place.longitude.0, 128.426_759_042_045_86, 1e-9);
    let Height::AboveSeaLevel(height) = fix.height else { panic!("{fix:?}") };
    near(height.0, 14_190.719_5, 1e-3);
    let view = fix.view.unwrap();
    near(view.azimuth.unwrap().0, 160.719_211_474_396_9, 1e-7);
    near(view.elevation.unwrap().0, -168.792_324_833_941_07, 1e-7);
    near(view.slant_range.unwrap().0, 68_590.983_298_744_8, 1e-3);
}

#[test]
fn a_height_above_the_ellipsoid_counts_where_there_is_none_above_the_sea() {
    let ellipsoid = item(75, &[0x80, 0]);
    assert!(matches!(one(std::slice::from_ref(&ellipsoid)).height, Height::AboveEllipsoid(_)));
    assert!(matches!(one(&[ellipsoid, item(15, &[0x80, 0])]).height, Height::AboveSeaLevel(_)));
    assert_eq!(one(&[]).height, Height::Unknown);
}

#[test]
fn corners_in_full_count_before_those_from_the_centre() {
    let centre = [angle(23, 10.0, 90.0), angle(24, 179.99, 180.0)];
    let offsets: Vec<_> = (26..34).map(|tag| item(tag, &[0x7F, 0xFF])).collect();
    let beside = one(&[&centre[..], &offsets].concat()).view.unwrap().corners.unwrap();
    // 0.075 degrees on, across the antimeridian.
    assert!((beside[0].longitude.0 + 179.935).abs() < 1e-6, "{beside:?}");
    let full: Vec<_> =
        (82..90).map(|tag| angle(tag, 5.0, if tag % 2 == 0 { 90.0 } else { 180.0 })).collect();
    let found = one(&[&centre[..], &offsets, &full].concat()).view.unwrap().corners.unwrap();
    assert!((found[3].longitude.0 - 5.0).abs() < 1e-6, "{found:?}");
}

#[test]
fn a_place_that_is_marked_as_unknown_is_a_position_lost() {
    let unknown = packet(&[at(1), item(13, &[0x80, 0, 0, 0]), angle(14, 8.0, 180.0)]);
    let absent = packet(&[at(2), item(5, &[0, 0])]);
    let zero = packet(&[at(3), angle(13, 0.0, 90.0), angle(14, 0.0, 180.0)]);
    let log = read(&[fix(0), unknown, absent, zero].concat()).unwrap();
    assert_eq!(seconds(&log, START_S as i64), [0.0]);
    let said = faults(&log);
    assert!(said[0].ends_with("latitude or longitude is no number"), "{said:?}");
    assert!(said[1].ends_with("nothing is said of it"), "{said:?}");
    assert!(said[2].ends_with("latitude and longitude are zero"), "{said:?}");
}

#[test]
fn a_packet_with_another_checksum_is_left_out() {
    let mut bytes = [fix(0), fix(1), fix(2)].concat();
    let length = fix(0).len();
    bytes[length + 40] ^= 1;
    let log = read(&bytes).unwrap();
    assert_eq!(seconds(&log, START_S as i64), [0.0, 2.0]);
    assert_eq!(faults(&log), [format!("byte {length}: damaged: its checksum is another")]);
}

#[test]
fn a_packet_that_lost_its_end_does_not_cost_the_next() {
    let length = fix(0).len();
    let bytes = [&fix(0)[..length - 9], &fix(1), &fix(2)[..30]].concat();
    let log = read(&bytes).unwrap();
    assert_eq!(seconds(&log, START_S as i64), [1.0]);
    let cut = |at: usize| format!("byte {at}: damaged: it ends too early");
    assert_eq!(faults(&log), [cut(0), cut(2 * length - 9)]);
}

#[test]
fn bytes_between_packets_are_a_fault_and_zeros_are_not() {
    let log = read(&[&fix(0)[..], &[0; 40], &fix(1), b"noise", &fix(2)].concat()).unwrap();
    assert_eq!(log.fixes.len(), 3);
    let said = faults(&log);
    assert_eq!(said.len(), 1);
    assert!(said[0].ends_with("not readable: bytes between packets"), "{said:?}");
}

#[test]
fn a_clock_that_was_never_set_gives_no_fix() {
    let unset =
        packet(&[item(2, &7_u64.to_be_bytes()), angle(13, 6.0, 90.0), angle(14, 8.0, 180.0)]);
    let log = read(&[fix(0), unset].concat()).unwrap();
    assert_eq!(log.fixes.len(), 1);
    assert!(faults(&log)[0].ends_with("the clock is not set"), "{log:?}");
}

#[test]
fn leap_seconds_are_added_where_they_are_told() {
    let said = [vec![0x81, 0x08, 1], vec![0xE5]].concat();
    let fix = one(&[said]);
    assert_eq!(fix.time.as_second(), START_S as i64 - 27);
}

#[test]
fn the_strictest_of_all_packets_holds_and_a_change_is_told() {
    let set = |level: u8, caveat: &[u8]| item(48, &[item(1, &[level]), item(5, caveat)].concat());
    let with =
        |second, set| packet(&[at(second), angle(13, 6.0, 90.0), angle(14, 8.0, 180.0), set]);
    let bytes = [
        with(0, set(2, b"EYES")),
        with(1, set(2, b"EYES")),
        with(2, set(4, b"")),
        with(3, set(1, b"LOW")),
    ];
    let log = read(&bytes.concat()).unwrap();
    let handling = log.handling.clone().unwrap();
    assert_eq!(handling.to_string(), "SECRET; caveats: EYES; caveats: LOW");
    let said = faults(&log);
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(
        said[0].ends_with("what is said about handling changes (2 times in a row)"),
        "{said:?}"
    );
    let unread = read(&with(0, set(9, b"X"))).unwrap().handling.unwrap();
    assert_eq!(unread.classification, None);
}

#[test]
fn countries_seen_are_wide_letters() {
    let set = item(48, &item(13, &[0, b'C', 0, b'A']));
    let all = packet(&[at(0), angle(13, 6.0, 90.0), angle(14, 8.0, 180.0), set]);
    let handling = read(&all).unwrap().handling.unwrap();
    assert!(handling.said.contains(&(HandlingItem::ObjectCountries, "CA".into())), "{handling:?}");
}

#[test]
fn lengths_in_either_form_are_read() {
    assert_eq!(length(&[0x7F, 9]), Some((127, &[9][..])));
    assert_eq!(length(&[0x82, 1, 2, 9]), Some((258, &[9][..])));
    assert_eq!(length(&[0x80, 1]), None);
    assert_eq!(length(&[0x85, 0, 0, 0, 0, 1]), None);
    assert_eq!(tag(&[0x81, 0x08, 9]), Some((136, &[9][..])));
    assert_eq!(tag(&[0xFF, 0xFF, 0xFF, 0xFF, 1]), None);
}

proptest! {
    #[test]
    fn what_was_written_is_read(
        (latitude, longitude) in (-90.0..=90.0, -180.0..=180.0_f64),
        (second, height, heading) in (0..1_000_000_u64, any::<u16>(), any::<u16>()),
    ) {
        prop_assume!(f64::abs(latitude) > 1e-6);
        let items = [
            at(second), angle(13, latitude, 90.0), angle(14, longitude, 180.0),
            item(15, &height.to_be_bytes()), item(5, &heading.to_be_bytes()), item(6, &[0, 0]), item(7, &[0, 0]),
        ];
        let log = read(&packet(&items)).unwrap();
        let fix = &log.fixes[0];
        prop_assert_eq!(fix.time.as_second(), (START_S + second) as i64);
        prop_assert!((fix.place.latitude.0 - latitude).abs() < 3e-8);
        prop_assert!((fix.place.longitude.0 - longitude).abs() < 5e-8);
        let expected = Metres(-900.0 + f64::from(height) * (19_900.0 / 65_535.0));
        prop_assert_eq!(fix.height, Height::AboveSeaLevel(expected));
        let expected = Degrees(f64::from(heading) * (360.0 / 65_535.0));
        prop_assert_eq!(fix.attitude.unwrap().heading, expected);
        prop_assert_eq!(fix.place, place(fix.place.latitude.0, fix.place.longitude.0));
    }

    #[test]
    fn never_panics_near_the_truth(at in 0..140_usize, junk in any::<u8>(), cut in 0..140_usize) {
        let mut bytes = [fix(0), fix(1)].concat();
        let end = bytes.len();
        bytes[at % end] = junk;
        let _ = read(&bytes);
        let _ = read(&bytes[..cut.min(end)]);
    }
}
