use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::*;

const MAP: &str = "
[[sensor]]
id = 3
gas = \"ch4\"
value = \"NAMED_VALUE_FLOAT.value\"
only = \"name = CH4\"
unit = \"ppb\"
";

fn map(text: &str) -> LogMap {
    LogMap::parse(text.as_bytes()).unwrap()
}

fn map_error(from: &str, to: &str) -> String {
    assert!(MAP.contains(from), "{from}");
    LogMap::parse(MAP.replacen(from, to, 1).as_bytes()).unwrap_err().to_string()
}

/// A frame of `MAVLink` 2, its trailing zeros cut as the protocol has it.
fn frame(time_s: u64, message: u32, extra: u8, payload: &[u8]) -> Vec<u8> {
    let end = payload.iter().rposition(|byte| *byte != 0).map_or(1, |at| at + 1);
    let [a, b, c, _] = message.to_le_bytes();
    let mut checked = vec![end as u8, 0, 0, 7, 1, 1, a, b, c];
    checked.extend(&payload[..end]);
    let crc = checked.iter().chain([&extra]).fold(0xFFFF_u16, |crc, byte| {
        let mut crc = crc ^ u16::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0x8408 } else { crc >> 1 };
        }
        crc
    });
    let mut frame = (time_s * 1_000_000).to_be_bytes().to_vec();
    frame.push(0xFD);
    frame.extend(checked);
    frame.extend(crc.to_le_bytes());
    frame
}

fn position(time_s: u64, lat: f64, height_mm: i32) -> Vec<u8> {
    let mut payload = [0; 28];
    payload[4..8].copy_from_slice(&((lat * 1e7) as i32).to_le_bytes());
    payload[8..12].copy_from_slice(&100_000_000_i32.to_le_bytes());
    payload[16..20].copy_from_slice(&height_mm.to_le_bytes());
    frame(time_s, 33, 104, &payload)
}

fn value(time_s: u64, name: &[u8], value: f32) -> Vec<u8> {
    let mut payload = [0; 18];
    payload[4..8].copy_from_slice(&value.to_le_bytes());
    payload[8..8 + name.len()].copy_from_slice(name);
    frame(time_s, 251, 170, &payload)
}

fn flown() -> Vec<u8> {
    let frames = [
        position(100, 50.0, 0),
        value(101, b"CH4", 1990.0),
        value(101, b"HUM", 40.0),
        position(102, 50.001, 8000),
        value(102, b"CH4", 2100.0),
        value(150, b"CH4", 2000.0),
    ];
    frames.concat()
}

#[test]
fn gas_under_a_named_value_stands_where_the_drone_was() {
    let table = read(&flown(), &map(MAP)).unwrap();

    let seen: Vec<_> = table.rows.iter().map(|row| (row.row, row.time.0, row.value.0)).collect();
    assert_eq!(seen, [(2, 101.0, 1.99), (5, 102.0, 2.1)]);
    let At::Earth(place, up) = table.rows[0].near else { panic!() };
    assert!((place.latitude.0 - 50.0005).abs() < 1e-7, "{place:?}");
    assert_eq!((place.longitude.0, up), (10.0, Metres(4.0)));
    assert!(table.utc);
    assert_eq!(table.gases, ["ch4"]);
}

#[test]
fn a_reading_far_from_every_position_is_left_out() {
    let table = read(&flown(), &map(MAP)).unwrap();
    assert_eq!(table.left_out, [LeftOut { row: 6, reason: Reason::NoPosition }]);
}

#[test]
fn readings_on_the_ground_are_left_out_on_request() {
    let table = read(&flown(), &map(&format!("least_height_m = 5\n{MAP}"))).unwrap();
    assert!(table.left_out.contains(&LeftOut { row: 2, reason: Reason::OnTheGround }));
}

#[test]
fn a_damaged_frame_is_passed_over() {
    let mut bytes = flown();
    let first = position(100, 50.0, 0).len();
    bytes[first + 8 + 12] ^= 1;
    let table = read(&bytes, &map(MAP)).unwrap();
    assert_eq!(table.rows.iter().map(|row| row.value.0).collect::<Vec<_>>(), [2.1]);
}

#[test]
fn says_what_is_wrong_with_map_or_log() {
    assert!(map_error("unit", "units").starts_with("line 7: unknown field `units`"));
    assert!(map_error("ppb", "mg").starts_with("`unit` cannot be `mg`; write ppm, ppb"));
    assert!(map_error("FLOAT.value", "FLOAT").ends_with("as NAMED_VALUE_FLOAT.value"));
    let said = |text: &str| read(&flown(), &map(text)).unwrap_err().to_string();
    assert!(
        said(&MAP.replace("FLOAT.value", "FLOAT.gas"))
            .contains("no `gas`; it has time_boot_ms, value")
    );
    assert!(
        said(&MAP.replace("NAMED_VALUE_FLOAT", "TUNNEL"))
            .contains("no `TUNNEL`; it has GPS_RAW_INT")
    );
    assert_eq!(read(b"time,ppm\n", &map(MAP)).unwrap_err(), FlightLogError::NoLog);
    let blind = value(101, b"CH4", 1990.0);
    assert_eq!(read(&blind, &map(MAP)).unwrap_err(), FlightLogError::NoPosition);
}

fn real(name: &str) -> Option<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/flight/mavlink");
    let path: PathBuf = folder.join(name);
    let bytes = std::fs::read(&path).ok();
    if bytes.is_none() {
        println!("skipped: {} is not there", path.display());
    }
    bytes
}

/// Farthest of the rows from the first, and highest of them, m.
fn reach(table: &Table) -> (f64, f64) {
    let places = table.rows.iter().filter_map(|row| match row.near {
        At::Earth(place, up) => Some((place, up.0)),
        At::Local(_) => None,
    });
    let first = table.first_on_earth().unwrap();
    places.fold((0.0, 0.0), |(far, high), (place, up)| {
        let (_, apart) = cathartes_core::geometry::bearing_and_distance(first, place);
        (f64::max(far, apart.0), f64::max(high, up))
    })
}

#[test]
fn a_real_flight_of_forty_minutes_is_read_and_both_its_receivers_agree() {
    let Some(bytes) = real("flight.tlog") else { return };
    let air = "[[sensor]]\nid = 1\nvalue = \"SCALED_PRESSURE.press_abs\"\nunit = \"ppm\"\n";
    let gps = "[position]\nlatitude = \"GPS_RAW_INT.lat\"\nlongitude = \"GPS_RAW_INT.lon\"\n\
               height = \"GPS_RAW_INT.alt\"\ndegrees_per_unit = 1e-7\nmetres_per_unit = 1e-3\n";
    let table = read(&bytes, &map(air)).unwrap();
    let raw = read(&bytes, &map(&format!("{air}{gps}"))).unwrap();

    // 6,354 messages between 05:05:19 and 05:46:03 UTC on 18 July 2015, near Canberra.
    assert_eq!(table.rows.len() + table.left_out.len(), 6354);
    assert!(table.rows.len() > 6000, "{}", table.rows.len());
    let first = table.rows[0];
    assert!((first.time.0 - 1_437_195_919.66).abs() < 30.0, "{first:?}");
    let place = table.first_on_earth().unwrap();
    assert!((place.latitude.0 + 35.208_089).abs() < 1e-4, "{place:?}");
    assert!((place.longitude.0 - 149.043_519).abs() < 1e-4, "{place:?}");
    let ((far, high), (raw_far, _)) = (reach(&table), reach(&raw));
    assert!((far - raw_far).abs() < 20.0, "{far} {raw_far}");
    // Pressure in hPa falls by an eighth of one a metre.
    let pressures = table.rows.iter().map(|row| row.value.0);
    let (low, top) = pressures.fold((f64::MAX, 0.0), |(a, b): (f64, f64), p| (a.min(p), b.max(p)));
    assert!(((top - low) * 8.7 - high).abs() < 0.25 * high, "{low} {top} {high}");
}

#[test]
fn a_real_log_of_px4_is_read() {
    let Some(bytes) = real("sample_log_small.ulg") else { return };
    let air = "[[sensor]]\nid = 1\nvalue = \"airspeed.air_temperature_celsius\"\nunit = \"ppm\"\n";
    let table = read(&bytes, &map(air)).unwrap();
    let place = table.first_on_earth().unwrap();
    // Trondheim, on 21 April 2021.
    assert!((place.latitude.0 - 63.417_06).abs() < 1e-4, "{place:?}");
    assert!((place.longitude.0 - 10.408_22).abs() < 1e-4, "{place:?}");
    assert!(
        table.utc && (table.rows[0].time.0 - 1_618_986_658.6).abs() < 1.0,
        "{:?}",
        table.rows[0]
    );
    assert_eq!(table.rows.len() + table.left_out.len(), 595);
    let said = read(&bytes, &map(&air.replace("air_temperature_celsius", "methane"))).unwrap_err();
    assert!(said.to_string().starts_with("the log has no `methane`; it has timestamp, indicated"));
}

proptest! {
    #[test]
    fn never_panics(junk in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = read(&junk, &map(MAP));
        let _ = LogMap::parse(&junk);
        let _ = read(&[&[0x55, 0x4C, 0x6F, 0x67, 1, 0x12, 0x35, 0][..], &junk].concat(), &map(MAP));
    }

    #[test]
    fn never_panics_near_the_truth(place in 0..190_usize, junk in any::<u8>()) {
        let mut bytes = flown();
        bytes[place] = junk;
        let _ = read(&bytes, &map(MAP));
    }
}
