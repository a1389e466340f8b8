use proptest::prelude::*;

use super::*;
use crate::flown::tests::{faults, seconds};

const START_S: u64 = 1_700_000_000;

fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    [&(body.len() as u16).to_le_bytes()[..], &[kind], body].concat()
}

fn head() -> Vec<u8> {
    let mut bytes = vec![0x55, 0x4C, 0x6F, 0x67, 0x01, 0x12, 0x35, 1];
    bytes.extend([0; 8]);
    let formats = [
        &b"vehicle_gps_position:uint64_t timestamp;uint64_t time_utc_usec;int32_t lat;int32_t lon;int32_t alt;uint8_t fix_type;"[..],
        b"vehicle_attitude:uint64_t timestamp;float[4] q;",
        b"vehicle_air_data:uint64_t timestamp;float baro_pressure_pa;",
    ];
    let names: [&[u8]; 3] = [b"vehicle_gps_position", b"vehicle_attitude", b"vehicle_air_data"];
    bytes.extend(formats.map(|format| message(b'F', format)).concat());
    for (id, name) in (0..).zip(names) {
        bytes.extend(message(b'A', &[&[0, id, 0], name].concat()));
    }
    bytes
}

fn data(id: u8, second: u64, fields: &[&[u8]]) -> Vec<u8> {
    message(b'D', &[&[id, 0], &(second * 1_000_000).to_le_bytes()[..], &fields.concat()].concat())
}

fn receiver(second: u64, latitude: i32, fix_type: u8) -> Vec<u8> {
    let utc = ((START_S + second) * 1_000_000).to_le_bytes();
    let [lat, lon, alt] = [latitude, 80_000_000, 1_500_000].map(i32::to_le_bytes);
    data(0, second, &[&utc, &lat, &lon, &alt, &[fix_type]])
}

#[test]
fn a_position_has_the_attitude_and_the_pressure_before_it() {
    let half = std::f32::consts::FRAC_1_SQRT_2;
    let q = [half, 0.0, 0.0, half].map(f32::to_le_bytes).concat();
    let all = [
        head(),
        data(1, 9, &[&q]),
        data(2, 9, &[&89_874.6_f32.to_le_bytes()]),
        receiver(10, 470_000_000, 3),
        receiver(14, 470_000_000, 3),
    ];
    let log = crate::flown::open(&all.concat()).unwrap();
    assert_eq!(seconds(&log, START_S as i64), [10.0, 14.0]);
    let first = &log.fixes[0];
    assert_eq!(first.height, Height::AboveSeaLevel(Metres(1500.0)));
    assert!((first.attitude.unwrap().heading.0 - 90.0).abs() < 1e-4, "{first:?}");
    assert!((first.pressure_altitude.unwrap().0 - 1000.0).abs() < 0.1, "{first:?}");
    assert_eq!((log.fixes[1].attitude, log.fixes[1].pressure_altitude), (None, None));
}

#[test]
fn a_receiver_without_a_fix_is_a_position_lost() {
    let all = [head(), receiver(0, 470_000_000, 3), receiver(1, 470_000_000, 2), receiver(2, 0, 0)];
    let log = read(&all.concat()).unwrap();
    assert!(faults(&log)[0].ends_with("position lost: the receiver has no fix (2 times in a row)"));
    assert_eq!(seconds(&log, START_S as i64), [0.0]);
}

#[test]
fn pauses_of_the_logger_and_a_cut_end_are_told() {
    let mut bytes = [head(), receiver(0, 470_000_000, 3), message(b'O', &[0x2C, 1])].concat();
    bytes.extend(&receiver(1, 470_000_000, 3)[..9]);
    let log = read(&bytes).unwrap();
    let said = [
        "message 8: the logger wrote nothing for 0.300 s",
        "message 9: damaged: it ends too early",
    ];
    assert_eq!(faults(&log), said);
}

#[test]
fn a_log_that_never_knew_the_time_is_refused() {
    let mut one = receiver(5, 470_000_000, 3);
    one[13..21].fill(0);
    let said = read(&[head(), one].concat()).unwrap_err().to_string();
    assert!(said.starts_with("the log does not say when its positions were"), "{said}");
}

proptest! {
    #[test]
    fn never_panics_near_the_truth(at in 0..600_usize, junk in any::<u8>(), cut in 0..600_usize) {
        let mut bytes = [head(), receiver(0, 470_000_000, 3), receiver(1, 470_000_000, 3)].concat();
        let end = bytes.len();
        bytes[at % end] = junk;
        let _ = read(&bytes);
        let _ = read(&bytes[..cut.min(end)]);
    }
}
