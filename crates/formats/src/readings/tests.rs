use std::{fmt::Write as _, path::Path};

use super::*;
use crate::readings_csv;

/// Readings of one sensor, a second apart, with the rule's victims.
fn sifted(kind: &str, rows: &[(f64, f64, f64)]) -> Vec<(u64, Reason)> {
    let mut text = "sensor_id,sensor_type,time,east,north,up,value_ppm\n".to_owned();
    for (time, east, value) in rows {
        writeln!(text, "7,{kind},{time},{east},0,2,{value}").unwrap();
    }
    let mut table = readings_csv::read(text.as_bytes()).unwrap();
    table.sift();
    assert!(table.rows.is_sorted_by_key(|row| row.time));
    assert_eq!(table.rows.len() + table.left_out.len(), rows.len());
    table.left_out.iter().map(|left| (left.row, left.reason)).collect()
}

/// Values that scatter and never repeat, from a counter and no dice.
fn wave(i: usize) -> f64 {
    2.0 + 0.01 * (i as f64 * 0.7).sin() + 1e-4 * (i as f64 * 1.9).cos()
}

fn steady(count: usize) -> Vec<(f64, f64, f64)> {
    (0..count).map(|i| (i as f64, 0.0, wave(i))).collect()
}

#[test]
fn good_rows_all_stay() {
    assert_eq!(sifted("point", &steady(200)), []);
}

#[test]
fn of_times_that_go_back_the_fewest_rows_go() {
    let mut rows = steady(50);
    rows[20].0 = 4000.0;
    rows[30].0 = 3.5;
    assert_eq!(sifted("point", &rows), [(22, Reason::TimeGoesBack), (32, Reason::TimeGoesBack)]);
}

#[test]
fn a_row_given_twice_stays_once() {
    let mut rows = steady(50);
    rows.insert(10, rows[9]);
    rows.insert(20, (18.0, 0.0, 9.0));
    assert_eq!(sifted("point", &rows), [(12, Reason::Repeated), (22, Reason::SecondAtOnce)]);
}

#[test]
fn a_stuck_sensor_is_left_out_and_a_coarse_one_is_not() {
    let mut stuck = steady(200);
    stuck[60..80].iter_mut().for_each(|row| row.2 = 2.003);
    let out = sifted("point", &stuck);
    assert_eq!(out.len(), 20);
    assert!(out.iter().all(|(_, reason)| *reason == Reason::Stuck));

    // In steps of 0.01 ppm nine readings of ten repeat the one before.
    let coarse: Vec<_> =
        (0..400).map(|i| (f64::from(i), 0.0, 2.0 + 0.01 * f64::from(i / 10 % 3))).collect();
    assert_eq!(sifted("point", &coarse), []);
}

#[test]
fn a_sensor_that_never_changes_is_stuck() {
    let rows: Vec<_> = (0..60).map(|i| (f64::from(i), 0.0, 1.9)).collect();
    assert_eq!(sifted("point", &rows).len(), 60);
}

#[test]
fn readings_at_the_top_of_the_range_are_left_out() {
    let mut rows = steady(100);
    for i in [10, 12, 14, 33, 35, 50, 51] {
        rows[i].2 = 5.0;
    }
    let out = sifted("point", &rows);
    assert_eq!(out.len(), 7);
    assert!(out.iter().all(|(_, reason)| *reason == Reason::Saturated));
}

#[test]
fn less_than_nothing_goes_unless_the_sensor_scatters_about_zero() {
    let mut rows = steady(100);
    rows[7].2 = -0.3;
    assert_eq!(sifted("point", &rows), [(9, Reason::BelowZero)]);
    let around: Vec<_> = (0..100).map(|i| (i as f64, 0.0, wave(i) - 2.0)).collect();
    assert_eq!(sifted("point", &around), []);
}

#[test]
fn a_fixed_sensor_elsewhere_is_left_out_and_a_mobile_one_is_not() {
    let mut rows = steady(40);
    rows[5].1 = 30.0;
    rows[6].1 = 0.4;
    assert_eq!(sifted("point", &rows), [(7, Reason::Moved)]);
    assert_eq!(sifted("mobile", &rows), []);
}

#[test]
fn silence_is_told() {
    let mut text = "sensor_id,time,east,north,up,value_ppm\n".to_owned();
    for i in 0..40_u32 {
        let time = if i < 20 { i } else { 600 + i };
        writeln!(text, "7,{time},{i},0,2,{}", wave(i as usize)).unwrap();
    }
    let gaps = readings_csv::read(text.as_bytes()).unwrap().sift();
    assert_eq!(gaps, [Gap { row: 22, sensor: 0, length: Seconds(601.0) }]);
}

#[test]
fn degrees_with_an_origin_say_what_metres_say() {
    let origin = LatLon { latitude: Degrees(51.1445), longitude: Degrees(-1.4386) };
    let frame = Frame { origin: Some(origin), start: None };
    let place = frame.on_earth(Metres(68.9), Metres(92.7)).unwrap();
    let (lon, lat) = (place.longitude.0, place.latitude.0);
    let text = format!("sensor_id,time,longitude,latitude,up,value_ppm\n1,0,{lon},{lat},2,1.9\n");
    let mut table = readings_csv::read(text.as_bytes()).unwrap();
    assert_eq!(table.first_on_earth(), Some(place));

    let Probe::Point(local) = table.traces(frame)[0].readings[0].probe else { panic!() };

    assert!((local.east.0 - 68.9).hypot(local.north.0 - 92.7) < 1e-6, "{local:?}");
}

#[test]
fn nothing_of_the_real_traces_is_left_out() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/traces");
    let Ok(cases) = std::fs::read_dir(&folder) else {
        println!("skipped: {} is not there", folder.display());
        return;
    };
    let mut seen = 0;
    for case in cases.map(|case| case.unwrap().path()).filter(|path| path.is_dir()) {
        let text = std::fs::read(case.join("readings.csv")).unwrap();
        let mut table = readings_csv::read(&text).unwrap();
        table.sift();
        assert_eq!(table.left_out, [], "{}", case.display());
        seen += 1;
    }
    assert_eq!(seen, 10);
}
