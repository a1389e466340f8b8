use proptest::prelude::*;

use super::*;
use crate::flown::tests::faults;

const ROW: &str = "2026-10-05T08:00:00Z,-116.8,32.1,1500,1480\n";

fn table(rows: &str) -> FlownLog {
    read(format!("{HEADER}\n{rows}").as_bytes()).unwrap()
}

#[test]
fn a_row_is_a_fix() {
    let log = table(ROW);
    let [fix] = log.fixes.as_slice() else { panic!("{log:?}") };
    assert_eq!(fix.place, place(32.1, -116.8));
    assert_eq!(fix.height, Height::AboveSeaLevel(Metres(1500.0)));
    assert_eq!(fix.pressure_altitude, Some(Metres(1480.0)));
    assert_eq!(fix.time.to_string(), "2026-10-05T08:00:00Z");
}

#[test]
fn heights_may_be_missing_and_columns_stand_anywhere() {
    let text = "\u{feff}# exported\nLatitude, longitude, speed, height_m, time\n\
                32.1, -116.8, 40, , 2026-10-05T10:00:00+02:00\n";
    let log = crate::flown::open(text.as_bytes()).unwrap();
    assert_eq!(log.fixes[0].height, Height::Unknown);
    assert_eq!(log.fixes[0].time.to_string(), "2026-10-05T08:00:00Z");
}

#[test]
fn rows_that_cannot_be_are_left_out_each_with_its_reason() {
    let log = table(&format!(
        "{ROW}yesterday,1,2,3,4\n2026-10-05T08:00:01Z,NaN,32.1,1,\n2026-10-05T08:00:02Z,200,95,1,\n\
         2026-10-05T08:00:03Z,1,2,high,\n2026-10-05T08:00:04Z,0,0,1,\n"
    ));
    assert_eq!(log.fixes.len(), 1);
    assert_eq!(
        faults(&log),
        [
            "row 3: not readable: `time` is no RFC 3339",
            "row 4, 2026-10-05T08:00:01Z: position lost: latitude or longitude is no number",
            "row 5, 2026-10-05T08:00:02Z: position lost: latitude or longitude is beyond its range",
            "row 6, 2026-10-05T08:00:03Z: not readable: `height_m` is no number",
            "row 7, 2026-10-05T08:00:04Z: position lost: latitude and longitude are zero",
        ]
    );
}

#[test]
fn a_missing_column_is_named() {
    let said = crate::flown::open(b"time,longitude,latitude\n").unwrap_err().to_string();
    assert_eq!(
        said,
        "row 1: the column `height_m` is missing; the header is time,longitude,latitude,height_m,pressure_altitude_m"
    );
}

#[test]
fn rows_of_several_aircraft_are_told_apart() {
    let text = "time,longitude,latitude,height_m,platform\n2026-10-05T08:00:00Z,1,2,3,A\n\
                2026-10-05T08:00:00Z,4,5,6,B\n";
    assert!(matches!(read(text.as_bytes()), Err(FlownError::Several { count: 2, .. })));
    let log = crate::flown::open_one(text.as_bytes(), "B").unwrap();
    assert_eq!(log.fixes[0].place, place(5.0, 4.0));
}

proptest! {
    #[test]
    fn what_was_written_is_read(
        rows in proptest::collection::vec((0..86_400_i64, -180.0..180.0_f64, -90.0..90.0_f64, -400.0..2e4_f64), 1..30)
    ) {
        let mut rows = rows;
        rows.sort_by_key(|row| row.0);
        let time = |second| Timestamp::from_second(1_790_000_000 + second).unwrap();
        let text = rows.iter().map(|(s, east, north, up)| format!("{},{east},{north},{up},\n", time(*s)));
        let log = table(&text.collect::<String>());
        prop_assert_eq!(log.fixes.len(), rows.len());
        for (fix, (second, east, north, up)) in log.fixes.iter().zip(rows) {
            prop_assert_eq!(fix.time, time(second));
            prop_assert_eq!(fix.place, place(north, east));
            prop_assert_eq!(fix.height, Height::AboveSeaLevel(Metres(up)));
        }
    }

    #[test]
    fn never_panics(text in "[0-9a-zTZ:,\"\n.-]{0,200}") {
        let _ = read(format!("{HEADER}\n{text}").as_bytes());
    }
}
