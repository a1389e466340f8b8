use proptest::prelude::*;

use super::*;

const GOOD: &str = "# three kinds
sensor_id,sensor_name,sensor_type,time,east,north,up,east2,north2,up2,value_ppm
0,fence A,point,0,12.5,80,2.4,,,,2.013
1,reflector,beam,0,60,100,1.6,43.9,69.1,1.6,2.957
2,,mobile,1,1,2,3,,,,2.1
";

fn table(text: &str) -> Result<Table, String> {
    read(text.as_bytes()).map_err(|error| error.to_string())
}

/// What becomes of the first row when something in it changes.
fn with(from: &str, to: &str) -> Vec<LeftOut> {
    assert!(GOOD.contains(from), "{from}");
    table(&GOOD.replacen(from, to, 1)).unwrap().left_out
}

fn out(row: u64, reason: Reason) -> Vec<LeftOut> {
    vec![LeftOut { row, reason }]
}

#[test]
fn points_beams_and_tracks_are_read() {
    let table = table(GOOD).unwrap();

    let kinds: Vec<Kind> = table.sensors.iter().map(|head| head.kind).collect();
    assert_eq!(kinds, [Kind::Point, Kind::Beam, Kind::Mobile]);
    assert_eq!(table.sensors[0].sensor, Sensor { id: 0, name: "fence A".into() });
    assert_eq!(table.sensors[2].sensor.name, "sensor 2");
    let far = LocalPlace { east: Metres(43.9), north: Metres(69.1), up: Metres(1.6) };
    assert_eq!(table.rows[1].far, Some(At::Local(far)));
    assert_eq!((table.rows[1].row, table.rows[1].value.0), (4, 2.957));
    assert!(!table.utc);
}

#[test]
fn a_row_that_cannot_be_is_left_out_with_its_reason() {
    assert_eq!(with("2.013", "n/a"), out(3, Reason::NotANumber("value_ppm")));
    assert_eq!(with("2.013", "NaN"), out(3, Reason::NotANumber("value_ppm")));
    assert_eq!(with("2.013", "2e6"), out(3, Reason::Impossible("value_ppm")));
    assert_eq!(with("12.5", "1e99"), out(3, Reason::Impossible("east")));
    assert_eq!(with("point,0", "point,noon"), out(3, Reason::NotANumber("time")));
    assert_eq!(with(",,,2.013", ",,2.013"), out(3, Reason::Torn));
    assert_eq!(with("point", "kite"), out(3, Reason::Impossible("sensor_type")));
    assert_eq!(with("43.9,69.1,1.6", ",,"), out(4, Reason::NotANumber("east2")));
    assert_eq!(with("beam,0", "beam,2024-05-09T12:00:00Z"), out(4, Reason::Impossible("time")));
}

#[test]
fn times_may_be_moments() {
    let text = "sensor_id,time,east,north,up,value_ppm\n1,2024-05-09T14:00:01.5+02:00,0,0,2,1.9\n";
    let table = table(text).unwrap();
    assert!(table.utc);
    assert_eq!(table.rows[0].time, Seconds(1_715_256_001.5));
}

#[test]
fn gases_are_told_apart() {
    let text = "gas,sensor_id,time,east,north,up,value_ppm\nch4,1,0,0,0,2,1.9\nnh3,1,0,0,0,2,0.1\n";
    let table = table(text).unwrap();
    assert_eq!(table.gases, ["ch4", "nh3"]);
    assert_eq!((table.rows[0].gas, table.rows[1].gas), (0, 1));
}

#[test]
fn a_mark_of_a_spreadsheet_and_other_columns_do_no_harm() {
    let text = "\u{feff}sensor_id,battery,time,east,north,up,value_ppm\r\n1,full,0,0,0,2,1.9\r\n";
    assert_eq!(table(text).unwrap().rows.len(), 1);
}

#[test]
fn headers_that_are_not_right_are_refused() {
    assert!(table("").unwrap_err().starts_with("the file is empty"));
    assert_eq!(
        table("sensor_id,time,east,north,up,ppm\n").unwrap_err(),
        "row 1: the column `value_ppm` is missing; the header is sensor_id,sensor_name,\
         sensor_type,time,east,north,up,east2,north2,up2,value_ppm, or longitude,latitude in place \
         of east,north"
    );
    assert_eq!(
        table("sensor_id,time,east,north,up,value_ppm\n").unwrap_err(),
        "no row under the header; give at least one reading"
    );
    assert_eq!(
        table("sensor_id,time,east,north,up,value_ppm\n1,0,0,0,2,-\n").unwrap_err(),
        "row 2: `value_ppm` holds no number, and no other row is better; correct the file"
    );
}

proptest! {
    #[test]
    fn never_panics(junk in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = read(&junk);
    }

    #[test]
    fn never_panics_near_the_truth(place in 0..GOOD.len(), junk in "\\PC{0,4}") {
        let mut text = GOOD.to_owned();
        if text.is_char_boundary(place) {
            text.insert_str(place, &junk);
        }
        if let Ok(mut table) = table(&text) {
            table.sift();
        }
    }
}
