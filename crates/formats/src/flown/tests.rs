use std::path::Path;

use cathartes_core::flown::Height;
use proptest::prelude::*;

use super::*;

/// A real log, where there are any.
pub(super) fn real(name: &str) -> Option<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/flight");
    let path = folder.join(name);
    let bytes = std::fs::read(&path).ok();
    if bytes.is_none() {
        println!("skipped: {} is not there", path.display());
    }
    bytes
}

pub(super) fn faults(log: &FlownLog) -> Vec<String> {
    log.faults.iter().map(ToString::to_string).collect()
}

/// Times of the fixes after a moment.
pub(super) fn seconds(log: &FlownLog, start_s: i64) -> Vec<f64> {
    let after = |time: jiff::Timestamp| time.as_microsecond() as f64 * 1e-6 - start_s as f64;
    log.fixes.iter().map(|fix| (after(fix.time) * 1e6).round() * 1e-6).collect()
}

/// A table with fixes at seconds of one minute, all at one place.
fn at_seconds(all: &[&str]) -> FlownLog {
    let rows = all.iter().map(|s| format!("2026-10-05T08:00:{s}Z,-116.8,32.1,1500\n"));
    let text = format!("time,longitude,latitude,height_m\n{}", rows.collect::<String>());
    open(text.as_bytes()).unwrap()
}

#[test]
fn a_real_flight_of_forty_minutes_is_read_with_its_pauses() {
    let Some(bytes) = real("mavlink/flight.tlog") else { return };
    let log = open(&bytes).unwrap();

    // pymavlink 2.4.50 finds as many, with the same first and last.
    assert_eq!(log.fixes.len(), 6304);
    assert_eq!(log.platform.as_deref(), Some("system 1"));
    let (first, last) = (&log.fixes[0], &log.fixes[6303]);
    assert_eq!(first.time.as_microsecond(), 1_437_195_928_006_080);
    assert_eq!(last.time.as_microsecond(), 1_437_198_363_339_864);
    assert!((first.place.latitude.0 + 35.208_089_1).abs() < 1e-9, "{first:?}");
    assert!((last.place.longitude.0 - 149.043_568_7).abs() < 1e-9, "{last:?}");
    let said = faults(&log);
    let gaps = said.iter().filter(|fault| fault.contains("no position for"));
    assert_eq!(gaps.count(), 6, "{said:#?}");
    assert!(said.iter().any(|fault| fault.ends_with("no position for 59.2 s before this one")));
    assert_eq!(said.last().unwrap(), "byte 5865441: damaged: it ends too early");
    // Until it knows how high home is it sends heights above home, of a place 590 m high.
    let known = |height| matches!(height, Height::AboveSeaLevel(m) if m.0 > 550.0 && m.0 < 700.0);
    for fix in &log.fixes {
        assert!(known(fix.height) || fix.height == Height::Unknown, "{fix:?}");
    }
    assert_eq!(log.fixes.iter().filter(|fix| fix.height == Height::Unknown).count(), 1684);
    assert!(said.iter().any(|fault| fault.contains("that of its receiver differ by 58")));
}

#[test]
fn a_real_log_of_px4_is_read() {
    let Some(bytes) = real("mavlink/sample_log_small.ulg") else { return };
    let log = open(&bytes).unwrap();

    // pyulog 1.3.0 finds as many messages of the receiver, and no other position.
    assert_eq!(log.fixes.len(), 32);
    let (first, last) = (&log.fixes[0], &log.fixes[31]);
    assert_eq!(first.time.as_microsecond(), 1_618_986_658_600_345);
    assert!((first.place.latitude.0 - 63.417_062_2).abs() < 1e-9, "{first:?}");
    assert!((last.place.longitude.0 - 10.408_227_1).abs() < 1e-9, "{last:?}");
    assert!(matches!(last.height, Height::AboveSeaLevel(m) if (m.0 - 62.977).abs() < 1e-9));
    assert_eq!(faults(&log), ["message 1293: the logger wrote nothing for 0.030 s"]);
    // Its quaternion: 0.9926282, 0.009468006, 0.00018696938, 0.1208285.
    assert!((first.attitude.unwrap().heading.0 - 13.879).abs() < 0.01, "{first:?}");
}

#[test]
fn a_pause_is_a_gap_from_five_seconds_on() {
    assert_eq!(faults(&at_seconds(&["00", "01", "02", "06.9"])), [""; 0]);
    let log = at_seconds(&["00", "01", "02", "08", "09"]);
    assert_eq!(
        faults(&log),
        ["row 5, 2026-10-05T08:00:08Z: no position for 6.0 s before this one"]
    );
    assert_eq!(log.fixes.len(), 5);
}

#[test]
fn a_log_with_long_pauses_throughout_has_gaps_from_five_of_them_on() {
    assert_eq!(faults(&at_seconds(&["00", "06", "12", "18", "24"])), [""; 0]);
    assert_eq!(faults(&at_seconds(&["00", "06", "12", "18", "50"])).len(), 1);
}

#[test]
fn a_clock_that_goes_back_leaves_out_as_few_fixes_as_can_be() {
    let log = at_seconds(&["10", "11", "12", "02", "03", "13", "14"]);
    let start = "2026-10-05T08:00:00Z".parse::<jiff::Timestamp>().unwrap().as_second();
    assert_eq!(seconds(&log, start), [10.0, 11.0, 12.0, 13.0, 14.0]);
    assert_eq!(
        faults(&log),
        [
            "row 5, 2026-10-05T08:00:02Z: its time is 10.000 s before an earlier one (2 times in a row)"
        ]
    );
}

#[test]
fn a_clock_that_jumps_ahead_once_does_not_cost_what_follows() {
    let log = at_seconds(&["10", "11", "50", "12", "13"]);
    assert_eq!(log.fixes.len(), 4);
    assert_eq!(
        faults(&log),
        ["row 4, 2026-10-05T08:00:50Z: its time is 38.000 s after a later one"]
    );
}

#[test]
fn a_step_that_nothing_flies_is_a_jump_and_stays() {
    let text = "time,longitude,latitude,height_m\n\
                2026-10-05T08:00:00Z,-116.8,32.1,1500\n2026-10-05T08:00:01Z,-116.8,32.2,1500\n";
    let log = open(text.as_bytes()).unwrap();
    assert_eq!(log.fixes.len(), 2);
    assert_eq!(
        faults(&log),
        ["row 3, 2026-10-05T08:00:01Z: 11089 m in 1.000 s: nothing flies so fast"]
    );
}

#[test]
fn what_is_no_log_is_refused_with_what_would_be_one() {
    for bytes in [&b""[..], b"hello", b"<kml/>", &[0; 400], b"sensor,value\n1,2\n"] {
        assert_eq!(open(bytes).unwrap_err(), FlownError::NoLog);
    }
    assert!(FlownError::NoLog.to_string().contains("give MAVLink telemetry, a ULog"));
}

#[test]
fn pressure_altitude_is_that_of_the_standard_atmosphere() {
    // ICAO Doc 7488: hPa, m.
    for (hpa, metres) in [(1013.25, 0.0), (500.0, 5574.4), (226.32, 11_000.0), (54.748, 20_000.0)] {
        let found = gather::pressure_altitude(hpa).unwrap();
        assert!((found.0 - metres).abs() < 1.0, "{hpa} {found:?}");
    }
    assert_eq!(gather::pressure_altitude(0.0), None);
    assert_eq!(gather::pressure_altitude(f64::NAN), None);
}

proptest! {
    #[test]
    fn times_of_what_is_read_never_go_back(all in proptest::collection::vec(0..60_u8, 1..40)) {
        let texts: Vec<String> = all.iter().map(|s| format!("{s:02}")).collect();
        let log = at_seconds(&texts.iter().map(String::as_str).collect::<Vec<_>>());
        prop_assert!(log.fixes.windows(2).all(|pair| pair[0].time <= pair[1].time));
        let out: u64 = log.faults.iter().filter(|f| f.to_string().contains("its time")).map(|f| f.times).sum();
        prop_assert_eq!(log.fixes.len() as u64 + out, all.len() as u64);
    }

    #[test]
    fn never_panics(junk in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = open(&junk);
        let begins: [&[u8]; 4] =
            [&[0x55, 0x4C, 0x6F, 0x67, 1, 0x12, 0x35, 0], &[0x47], &klv::KEY, b"<gpx><trk><trkpt "];
        for begin in begins {
            let _ = open(&[begin, &junk].concat());
        }
    }
}
