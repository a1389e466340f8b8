use proptest::{collection::vec, option, prelude::*, sample::select};

use super::*;
use crate::airspace::authority::tests::example;
use cathartes_core::airspace::Purpose;

fn with(from: &str, to: &str) -> Result<Track, AirspaceError> {
    let good = example("Track").replacen(
        "} ]",
        "},\n{ \"time\": \"2026-10-05T08:01:00.5Z\", \"longitude_deg\": -116.7, \"latitude_deg\": 32.1, \"height_m\": 1500 } ]",
        1,
    );
    assert!(good.contains(from), "{from}");
    read(good.replacen(from, to, 1).as_bytes())
}

fn refused(from: &str, to: &str) -> String {
    with(from, to).unwrap_err().to_string()
}

#[test]
fn the_example_of_the_page_is_read() {
    let track = with("plan", "plan").unwrap();

    assert_eq!(
        (track.kind, &*track.sortie, track.purpose),
        (TrackKind::Plan, "S-12", Purpose::ChemicalSurvey)
    );
    assert_eq!(track.allowances.plane(), Metres(495.0));
    assert_eq!(track.fixes[0].pressure_altitude, Some(Metres(1480.0)));
    assert_eq!(track.fixes[1].pressure_altitude, None);
    assert_eq!(track.fixes[1].time.as_millisecond() - track.fixes[0].time.as_millisecond(), 60_500);
}

#[test]
fn every_rule_of_the_page_is_checked_and_names_the_fix() {
    let said = [
        refused("\"plan\"", "\"planned\""),
        refused("\"sortie\"", "\"flight\""),
        refused("\"chemical survey\"", "\"survey\""),
        refused("\"drift_m\": 15, ", ""),
        refused("\"drift_m\": 15", "\"drift_m\": -15"),
        refused("\"most_speed_m_s\": 60", "\"most_speed_m_s\": -60"),
        refused("08:01:00.5Z", "07:01:00.5Z"),
        refused("08:01:00.5Z", "08:01:00.5"),
        refused("\"longitude_deg\": -116.7", "\"longitude_deg\": 243.3"),
        refused("\"latitude_deg\": 32.1", "\"latitude_deg\": 91"),
        refused("\"height_m\": 1500 }", "\"height_m\": null }"),
        refused("\"height_m\": 1500 }", "\"height_m\": 1e999 }"),
        refused("\"height_m\": 1500 }", "\"height_m\": 1500, \"speed\": 3 }"),
        read(example("Track").as_bytes()).unwrap_err().to_string(),
    ];
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn weapons_are_refused_by_name_whatever_else_is_wrong() {
    let error = with("\"chemical survey\"", "\"weapons\", \"kind\": 3").unwrap_err();
    assert!(matches!(error, AirspaceError::NoJson { .. }), "{error}");
    let error = with("\"chemical survey\"", "\"Weapons\", \"sort\": 3").unwrap_err();
    assert!(matches!(error, AirspaceError::WeaponsRefused { .. }), "{error}");
}

fn any_track() -> impl Strategy<Value = Track> {
    let height = -400.0..20_000.0;
    let fix = (-180.0..=180.0, -90.0..=90.0, height.clone(), option::of(height), 0..1_i64 << 60);
    let allowances = vec(0.0..1000.0, 6);
    let kinds = (select(TrackKind::ALL.to_vec()), select(Purpose::ALL.to_vec()));
    (kinds, allowances, 0.0..100.0, 0.0..20.0, vec(fix, 2..9)).prop_map(
        |((kind, purpose), a, speed, climb, mut fixes)| {
            fixes.sort_by_key(|fix| fix.4);
            let fix =
                |(longitude, latitude, height, pressure, ns): (f64, f64, f64, Option<f64>, i64)| {
                    Fix {
                        time: jiff::Timestamp::from_nanosecond(i128::from(ns)).unwrap(),
                        place: LatLon {
                            latitude: Degrees(latitude),
                            longitude: Degrees(longitude),
                        },
                        height: Metres(height),
                        pressure_altitude: pressure.map(Metres),
                    }
                };
            let allowances = Allowances {
                navigation: Metres(a[0]),
                drift: Metres(a[1]),
                overshoot: Metres(a[2]),
                lost_link: Metres(a[3]),
                height: Metres(a[4]),
                time: Seconds(a[5]),
            };
            Track {
                kind,
                sortie: "S-1".to_owned(),
                operator: "North Wing".to_owned(),
                aircraft: "drone".to_owned(),
                purpose,
                allowances,
                most_speed: MetresPerSecond(speed),
                most_climb: MetresPerSecond(climb),
                fixes: fixes.into_iter().map(fix).collect(),
            }
        },
    )
}

proptest! {
    #[test]
    fn what_is_written_is_read_again_to_the_last_bit(track in any_track()) {
        let text = write(&track);
        let again = read(text.as_bytes()).unwrap();
        prop_assert_eq!(&again, &track);
        prop_assert_eq!(write(&again), text);
    }
}
