use proptest::prelude::*;

use super::*;

const GOOD: &str =
    "sensor_id,time,speed,direction_from_deg,turb_h_deg,temperature_K,pressure_kPa,gust
-1,0,2,90,12,288,101.3,9
-1,60,3,180,,,,
4,0,1,0,,,,
";

fn table(text: &str) -> Result<WindTable, String> {
    read(text.as_bytes()).map_err(|error| error.to_string())
}

fn left_out(from: &str, to: &str) -> Vec<(u64, Reason)> {
    assert!(GOOD.contains(from), "{from}");
    let left = table(&GOOD.replacen(from, to, 1)).unwrap().left_out;
    left.iter().map(|left| (left.row, left.reason)).collect()
}

#[test]
fn a_wind_from_the_east_blows_to_the_west() {
    let table = table(GOOD).unwrap();
    let wind = table.by_sensor[&-1][0];
    assert!((wind.east.0 + 2.0).abs() < 1e-12 && wind.north.0.abs() < 1e-12, "{wind:?}");
    assert_eq!(wind.turbulence_across, Some(Degrees(12.0)));
    assert_eq!((wind.turbulence_up, wind.pressure), (None, Some(Kilopascals(101.3))));
}

#[test]
fn components_count_where_both_stand() {
    let text = "time,speed,direction_from_deg,u_east,v_north\n0,9,9,1.5,-2\n";
    let wind = table(text).unwrap().by_sensor[&-1][0];
    assert_eq!((wind.east.0, wind.north.0), (1.5, -2.0));
}

#[test]
fn a_sensor_with_winds_of_its_own_gets_these() {
    let sensor = |id| Sensor { id, name: String::new() };
    let record = table(GOOD).unwrap().record(&[sensor(3), sensor(4)], Seconds(-10.0));
    assert_eq!((record.of(0).len(), record.of(1).len()), (2, 1));
    assert_eq!(record.of(0)[1].time, Seconds(70.0));
}

#[test]
fn a_row_that_cannot_be_is_left_out_with_its_reason() {
    assert_eq!(left_out("-1,0,2", "-1,0,-2"), [(2, Reason::Impossible("speed"))]);
    assert_eq!(left_out("90,12", "NE,12"), [(2, Reason::NotANumber("direction_from_deg"))]);
    assert_eq!(left_out("101.3", "-1"), [(2, Reason::Impossible("pressure_kPa"))]);
    assert_eq!(left_out("-1,60", "-1,-60"), [(3, Reason::TimeGoesBack)]);
    assert_eq!(left_out("-1,60", "-1,0"), [(3, Reason::SecondAtOnce)]);
    assert_eq!(left_out(",,,,", ",,,"), [(3, Reason::Torn)]);
}

#[test]
fn headers_that_are_not_right_are_refused() {
    assert!(table("").unwrap_err().starts_with("row 1: the column `time` is missing"));
    assert!(table("time,u_east\n").unwrap_err().starts_with("row 1: the column `speed`"));
    let none = "no row under the header; give at least one wind";
    assert_eq!(table("time,u_east,v_north\n").unwrap_err(), none);
    assert!(table("time,u_east,v_north\n0,x,1\n").unwrap_err().starts_with("row 2: `u_east`"));
}

proptest! {
    #[test]
    fn never_panics(junk in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = read(&junk);
    }

    #[test]
    fn never_panics_near_the_truth(place in 0..GOOD.len(), junk in "\\PC{0,4}") {
        let mut text = GOOD.to_owned();
        text.insert_str(place, &junk);
        if let Ok(table) = table(&text) {
            let _ = table.record(&[Sensor { id: 4, name: String::new() }], Seconds(0.0));
        }
    }
}
