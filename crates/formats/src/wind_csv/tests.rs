use proptest::prelude::*;

use super::*;

const GOOD: &str = "# mast, 10 m
time,speed_m_s,from_deg,sd
2026-05-03T18:00:00Z,3.0,350,0.6
2026-05-03T18:10:00Z,4.0,10,0.6

2026-05-03T14:20:00-04:00, 5 ,-90, 0.5
";

fn series(text: &str) -> Result<WindSeries, String> {
    WindSeries::read(text.as_bytes()).map_err(|error| error.to_string())
}

fn at(time: &str) -> Result<Wind, String> {
    series(GOOD)?.at(time.parse().unwrap()).map_err(|error| error.to_string())
}

fn with(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "{from}");
    series(&GOOD.replacen(from, to, 1)).unwrap_err()
}

#[test]
fn a_row_gives_its_own_wind() {
    let wind = at("2026-05-03T18:20:00Z").unwrap();

    assert_eq!((wind.speed.value.0, wind.speed.std.0, wind.from.0), (5.0, 0.5, 270.0));
}

#[test]
fn between_rows_the_bearing_turns_the_short_way_and_the_deviation_grows() {
    let wind = at("2026-05-03T18:05:00Z").unwrap();

    assert_eq!((wind.speed.value.0, wind.from.0), (3.5, 0.0));
    assert!((wind.speed.std.0 - 0.6_f64.hypot(0.5)).abs() < 1e-12, "{wind:?}");
}

#[test]
fn far_from_every_row_there_is_no_wind() {
    assert!(at("2026-05-03T18:29:00Z").is_ok());
    assert_eq!(
        at("2026-05-03T18:31:00Z").unwrap_err(),
        "no wind for 2026-05-03T18:31:00Z: the rows around it are too far away; add a row near \
         that time"
    );
    let holey =
        series("time,speed_m_s,from_deg,sd\n2026-05-03T10:00Z,3,0,1\n2026-05-03T18:00Z,3,0,1\n")
            .unwrap();
    assert!(holey.at("2026-05-03T14:00:00Z".parse().unwrap()).is_err());
}

#[test]
fn columns_may_stand_in_any_order_with_others_beside_them() {
    let text = "sd,gust,Time,from_deg,speed_m_s\n1,9,2026-05-03T18:00:00Z,45,2\n";

    let wind = series(text).unwrap().at("2026-05-03T18:00:00Z".parse().unwrap()).unwrap();

    assert_eq!((wind.speed.value.0, wind.speed.std.0, wind.from.0), (2.0, 1.0, 45.0));
}

#[test]
fn says_what_is_wrong_in_which_row() {
    assert_eq!(
        with("from_deg", "direction"),
        "row 1: the column `from_deg` is missing; the header is time,speed_m_s,from_deg,sd"
    );
    assert_eq!(with("3.0", "-3"), "row 3: `speed_m_s` cannot be `-3`; write m/s from 0 to 120");
    assert_eq!(with("10,0.6", "10,nan"), "row 4: `sd` cannot be `nan`; write m/s from 0 to 120");
    assert_eq!(
        with(",350,", ",NW,"),
        "row 3: `from_deg` cannot be `NW`; write degrees from 0 to 360"
    );
    assert_eq!(
        with("2026-05-03T18:10:00Z", "2026-05-03 18:10"),
        "row 4: `time` cannot be `2026-05-03 18:10`; write RFC 3339 with an offset: \
         2026-05-03T18:00:00Z"
    );
    assert_eq!(
        with("18:10", "17:10"),
        "row 4: time does not rise; sort the rows and leave out repeated ones"
    );
    assert_eq!(
        with(",350,0.6", ",350"),
        "row 3: 3 fields where the header has 4; give every row as many fields as the header"
    );
    assert_eq!(
        series("time,speed_m_s,from_deg,sd\n").unwrap_err(),
        "no row under the header; give at least one wind"
    );
    assert!(series("").unwrap_err().starts_with("row 1: the column `time` is missing"));
}

proptest! {
    #[test]
    fn never_panics(junk in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = WindSeries::read(&junk);
    }

    #[test]
    fn never_panics_near_the_truth(place in 0..GOOD.len(), junk in "\\PC{0,4}") {
        let mut text = GOOD.to_owned();
        if text.is_char_boundary(place) {
            text.insert_str(place, &junk);
        }
        if let Ok(series) = series(&text) {
            let _ = series.at("2026-05-03T18:05:00Z".parse().unwrap());
        }
    }
}
