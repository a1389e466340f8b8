use cathartes_core::{
    airspace::Purpose,
    geometry::LatLon,
    track::{Allowances, TrackKind},
    units::{Degrees, Metres, MetresPerSecond, Seconds},
};

use super::*;

/// A flight east along the equator, thirty metres a second.
fn flight(seconds: impl Iterator<Item = i64>, aside: impl Fn(i64) -> f64) -> Track {
    let fix = |second: i64| Fix {
        time: Timestamp::from_second(1_790_000_000 + second).unwrap(),
        place: LatLon {
            latitude: Degrees(aside(second) / 110_574.0),
            longitude: Degrees(second as f64 * 30.0 / 111_320.0),
        },
        height: Metres(500.0),
        pressure_altitude: None,
    };
    Track {
        kind: TrackKind::Flown,
        sortie: "S".to_owned(),
        operator: "North Wing".to_owned(),
        aircraft: "drone".to_owned(),
        purpose: Purpose::ChemicalSurvey,
        allowances: Allowances {
            navigation: Metres(10.0),
            height: Metres(20.0),
            time: Seconds(0.5),
            ..Allowances::default()
        },
        most_speed: MetresPerSecond(35.0),
        most_climb: MetresPerSecond(5.0),
        fixes: seconds.map(fix).collect(),
    }
}

#[test]
fn two_tracks_of_one_flight_that_agree_leave_nothing_to_say() {
    let own = flight(0..=600, |_| 0.0);
    let whole = flight((0..=600).step_by(10), |_| 8.0);
    assert_eq!(differences(&own, &whole), Vec::<String>::new());
}

#[test]
fn where_they_differ_is_told_with_how_far() {
    let own = flight(0..=600, |_| 0.0);
    let seen =
        flight(
            (0..=590).step_by(10),
            |second| if (200..300).contains(&second) { 400.0 } else { 0.0 },
        );
    insta::assert_snapshot!(differences(&own, &seen).join("\n"));
}

#[test]
fn tracks_of_two_days_are_not_of_one_flight() {
    let (own, later) = (flight(0..=100, |_| 0.0), flight(90_000..=90_100, |_| 0.0));
    assert!(
        differences(&own, &later).iter().any(|line| line.contains("not two tracks of one flight"))
    );
}
