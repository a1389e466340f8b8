use proptest::prelude::*;

use super::*;
use crate::flown::tests::{faults, seconds};

const START_S: u64 = 1_700_000_000;

/// A frame of `MAVLink` 2 as a vehicle sends it.
pub(in crate::flown) fn frame(system: u8, message: u32, extra: u8, payload: &[u8]) -> Vec<u8> {
    let [a, b, c, _] = message.to_le_bytes();
    let mut checked = vec![payload.len() as u8, 0, 0, 7, system, 1, a, b, c];
    checked.extend(payload);
    let crc = checked.iter().chain([&extra]).fold(0xFFFF_u16, |crc, byte| {
        (0..8).fold(crc ^ u16::from(*byte), |crc, _| {
            if crc & 1 == 1 { (crc >> 1) ^ 0x8408 } else { crc >> 1 }
        })
    });
    [&[0xFD][..], &checked, &crc.to_le_bytes()].concat()
}

pub(in crate::flown) fn position(system: u8, latitude: i32, mm: i32) -> Vec<u8> {
    let mut payload = [1; 28];
    payload[4..8].copy_from_slice(&latitude.to_le_bytes());
    payload[8..12].copy_from_slice(&0_i32.to_le_bytes());
    payload[12..16].copy_from_slice(&mm.to_le_bytes());
    frame(system, 33, 104, &payload)
}

fn receiver(fix_type: u8, latitude: i32, mm: i32) -> Vec<u8> {
    let mut payload = [1; 30];
    payload[8..12].copy_from_slice(&latitude.to_le_bytes());
    payload[12..16].copy_from_slice(&0_i32.to_le_bytes());
    payload[16..20].copy_from_slice(&mm.to_le_bytes());
    payload[28] = fix_type;
    frame(1, 24, 24, &payload)
}

fn floats(message: u32, extra: u8, values: [f32; 3]) -> Vec<u8> {
    let mut payload = vec![0; 4];
    payload.extend(values.map(f32::to_le_bytes).concat());
    payload.resize(if message == 29 { 14 } else { 28 }, 0);
    frame(1, message, extra, &payload)
}

/// Frames with the seconds of their arrival.
fn log(frames: &[(u64, Vec<u8>)]) -> Vec<u8> {
    let stamped = frames.iter().map(|(second, frame)| {
        [&((START_S + second) * 1_000_000).to_be_bytes()[..], frame].concat()
    });
    stamped.collect::<Vec<_>>().concat()
}

#[test]
fn a_position_has_the_attitude_and_the_pressure_before_it() {
    let half = std::f32::consts::FRAC_PI_2;
    let bytes = log(&[
        (0, floats(30, 39, [0.1, -0.2, -half])),
        (0, floats(29, 115, [898.746, 0.0, 0.0])),
        (1, position(1, 500_000_000, 1_000_000)),
        (4, position(1, 500_000_010, 1_000_000)),
    ]);
    let log = read(&bytes).unwrap();
    assert_eq!(log.platform.as_deref(), Some("system 1"));
    let [first, second] = log.fixes.as_slice() else { panic!("{log:?}") };
    assert_eq!(first.time.as_second(), START_S as i64 + 1);
    assert_eq!(first.place, place(50.0, 0.0));
    assert_eq!(first.height, Height::AboveSeaLevel(Metres(1000.0)));
    let attitude = first.attitude.unwrap();
    assert!((attitude.heading.0 - 270.0).abs() < 1e-4, "{attitude:?}");
    assert!((attitude.roll.0 - 5.729_578).abs() < 1e-4, "{attitude:?}");
    // 898.746 hPa is 1000 m in the standard atmosphere.
    assert!((first.pressure_altitude.unwrap().0 - 1000.0).abs() < 0.1, "{first:?}");
    assert_eq!((second.attitude, second.pressure_altitude), (None, None));
    assert_eq!(log.faults, []);
}

#[test]
fn the_receiver_counts_where_no_better_position_is_sent() {
    let bytes =
        log(&[(0, receiver(3, 500_000_000, 80_000)), (1, receiver(3, 500_000_000, 80_000))]);
    assert_eq!(read(&bytes).unwrap().fixes.len(), 2);
    let both = log(&[(0, receiver(3, 500_000_000, 80_000)), (1, position(1, 500_000_000, 80_000))]);
    assert_eq!(read(&both).unwrap().fixes.len(), 1);
}

#[test]
fn a_receiver_without_a_fix_and_places_of_zero_are_positions_lost() {
    let bytes = log(&[
        (0, position(1, 500_000_000, 0)),
        (1, receiver(2, 500_000_000, 0)),
        (2, receiver(1, 500_000_000, 0)),
        (3, position(1, 0, 0)),
    ]);
    let log = read(&bytes).unwrap();
    assert_eq!(log.fixes.len(), 1);
    let said = faults(&log);
    assert!(said[0].ends_with("position lost: the receiver has no fix (2 times in a row)"));
    assert!(said[1].ends_with("position lost: latitude and longitude are zero"), "{said:?}");
}

#[test]
fn a_height_far_from_that_of_the_receiver_is_not_taken() {
    let bytes = log(&[
        (0, receiver(3, 500_000_000, 590_000)),
        (1, position(1, 500_000_000, 2_000)),
        (2, receiver(3, 500_000_000, 590_000)),
        (3, position(1, 500_000_000, 594_000)),
    ]);
    let log = read(&bytes).unwrap();
    assert_eq!(log.fixes[0].height, Height::Unknown);
    assert_eq!(log.fixes[1].height, Height::AboveSeaLevel(Metres(594.0)));
    assert!(faults(&log)[0].ends_with("its height and that of its receiver differ by 588 m"));
}

#[test]
fn a_height_above_home_is_taken_for_one_above_the_sea_only_where_the_receiver_says_so() {
    let above_home = |mm: i32| {
        let mut payload = [1; 28];
        payload[12..16].copy_from_slice(&mm.to_le_bytes());
        payload[16..20].copy_from_slice(&mm.to_le_bytes());
        frame(1, 33, 104, &payload)
    };
    let alone = read(&log(&[(0, above_home(2_000))])).unwrap();
    assert_eq!(alone.fixes[0].height, Height::Unknown);
    assert!(faults(&alone)[0].ends_with("its height counts from home, not from the sea"));
    let coast =
        read(&log(&[(0, receiver(3, 500_000_000, 9_000)), (0, above_home(2_000))])).unwrap();
    assert_eq!(coast.fixes[0].height, Height::AboveSeaLevel(Metres(2.0)));
}

#[test]
fn a_damaged_frame_is_left_out_and_the_next_is_found() {
    let mut bytes = log(&[
        (0, position(1, 500_000_000, 0)),
        (1, position(1, 500_000_001, 0)),
        (2, position(1, 500_000_002, 0)),
    ]);
    let length = bytes.len() / 3;
    bytes[length + 8 + 12] ^= 1;
    // The length too: it would reach over the frame behind.
    bytes[length + 8 + 1] = 60;
    let log = read(&bytes).unwrap();
    assert_eq!(seconds(&log, START_S as i64), [0.0, 2.0]);
    assert_eq!(
        faults(&log),
        [format!("byte {length}, 2023-11-14T22:13:21Z: damaged: its checksum is another")]
    );
}

#[test]
fn a_log_that_is_cut_says_where() {
    let bytes = log(&[(0, position(1, 500_000_000, 0)), (1, position(1, 500_000_000, 0))]);
    let log = read(&bytes[..bytes.len() - 3]).unwrap();
    assert_eq!(faults(&log), [format!("byte {}: damaged: it ends too early", bytes.len() / 2)]);
}

#[test]
fn junk_between_frames_is_a_fault() {
    let one = log(&[(0, position(1, 500_000_000, 0))]);
    let log = read(&[one.clone(), b"garbage".to_vec(), one].concat()).unwrap();
    assert_eq!(log.fixes.len(), 2);
    assert!(faults(&log)[0].ends_with("not readable: bytes between frames"), "{log:?}");
}

#[test]
fn a_clock_that_was_never_set_gives_no_fix() {
    let bytes = [&5_000_000_u64.to_be_bytes()[..], &position(1, 500_000_000, 0)].concat();
    let said = read(&bytes).unwrap_err().to_string();
    assert!(said.contains("the clock is not set"), "{said}");
}

#[test]
fn two_vehicles_have_to_be_told_apart() {
    let bytes = log(&[(0, position(1, 500_000_000, 0)), (0, position(2, 510_000_000, 0))]);
    let said = read(&bytes).unwrap_err().to_string();
    assert_eq!(said, "the log is of 2 aircraft, system 1, system 2; name one of them");
    let log = crate::flown::open_one(&bytes, "system 2").unwrap();
    assert_eq!(log.fixes[0].place, place(51.0, 0.0));
    let said = crate::flown::open_one(&bytes, "system 3").unwrap_err().to_string();
    assert_eq!(said, "the log knows no `system 3`; it is of system 1, system 2");
}

proptest! {
    #[test]
    fn what_was_written_is_read(
        points in proptest::collection::vec((-900_000_000..900_000_000_i32, -500_000..9_000_000_i32), 1..20)
    ) {
        let frames: Vec<_> = (0..).zip(&points).map(|(s, (lat, mm))| (s, position(1, *lat | 1, *mm))).collect();
        let log = read(&log(&frames)).unwrap();
        prop_assert_eq!(log.fixes.len(), points.len());
        for (fix, (latitude, mm)) in log.fixes.iter().zip(&points) {
            prop_assert!((fix.place.latitude.0 - f64::from(*latitude | 1) * 1e-7).abs() < 1e-9);
            prop_assert_eq!(fix.height, Height::AboveSeaLevel(Metres(f64::from(*mm) * 1e-3)));
        }
    }

    #[test]
    fn never_panics_near_the_truth(at in 0..90_usize, junk in any::<u8>(), cut in 0..90_usize) {
        let mut bytes = log(&[(0, position(1, 500_000_000, 0)), (1, receiver(3, 500_000_000, 0))]);
        bytes[at] = junk;
        let _ = read(&bytes);
        let _ = read(&bytes[..cut.min(bytes.len())]);
    }
}
