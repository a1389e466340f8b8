use cathartes_core::trace::{Frame, WindRecord};

use super::*;

/// Two sensors, one of which moves so many metres a second to the east.
fn trace(seconds: usize, speed_m_s: f64) -> Trace {
    let at = |east: f64| LocalPlace { east: Metres(east), north: Metres(0.0), up: Metres(2.0) };
    let readings = (0..seconds).flat_map(|i| {
        let time = i as f64;
        [(0, at(5.0)), (1, at(speed_m_s * time))].map(|(sensor, place)| Reading {
            sensor,
            time: Seconds(time),
            probe: Probe::Point(place),
            value: PartsPerMillion(2.0 + 0.1 * time),
            row: 2 + 2 * i as u64,
        })
    });
    Trace {
        gas: "ch4".into(),
        frame: Frame::default(),
        sensors: vec![],
        readings: readings.collect(),
        wind: WindRecord::default(),
    }
}

fn of_sensor(trace: &Trace, sensor: usize) -> usize {
    trace.readings.iter().filter(|reading| reading.sensor == sensor).count()
}

#[test]
fn a_short_record_stays_as_it_is() {
    let mut short = trace(100, 2.0);
    assert_eq!(thin(&mut short), None);
    assert_eq!(short, trace(100, 2.0));
}

#[test]
fn readings_more_often_than_once_a_second_are_averaged_over_one() {
    let mut often = trace(700, 2.0);
    often.readings.iter_mut().for_each(|reading| reading.time.0 *= 0.25);
    let note = thin(&mut often).unwrap();
    assert!(
        note.starts_with("1400 readings were averaged over 1.0 s and no more than 3 m"),
        "{note}"
    );
    assert_eq!((of_sensor(&often, 0), of_sensor(&often, 1)), (175, 350));

    let mut seldom = trace(700, 2.0);
    assert_eq!(thin(&mut seldom), None);
    assert_eq!(seldom, trace(700, 2.0));
}

#[test]
fn a_long_record_keeps_the_mean_of_what_it_said() {
    // The one that moves goes 200 m in all.
    let mut long = trace(20_000, 0.01);
    let note = thin(&mut long).unwrap();

    assert!(note.starts_with("40000 readings were averaged over "), "{note}");
    assert!(note.contains(" s and no more than 3 m of way to "), "{note}");
    assert!((MOST_READINGS / 2..=MOST_READINGS).contains(&long.readings.len()), "{note}");
    assert!(long.readings.is_sorted_by_key(|reading| reading.time));
    for reading in &long.readings {
        assert!((reading.value.0 - 2.0 - 0.1 * reading.time.0).abs() < 1e-6, "{reading:?}");
        let Probe::Point(place) = reading.probe else { panic!() };
        let east = if reading.sensor == 0 { 5.0 } else { 0.01 * reading.time.0 };
        assert!((place.east.0 - east).abs() < 1e-6, "{reading:?}");
    }
}

#[test]
fn places_of_a_sensor_that_moves_are_not_averaged_farther_than_a_few_metres() {
    // Two places fit into a mean, three would be 4 m; the ends of pieces of time part some pairs.
    let mut long = trace(10_000, 2.0);
    let note = thin(&mut long).unwrap();

    let moving = of_sensor(&long, 1);
    assert!((5000..5300).contains(&moving), "{moving}");
    assert!(note.ends_with("sensor by sensor; fewer would blur where they were taken"), "{note}");
    let fixed = of_sensor(&long, 0);
    assert!((250..=500).contains(&fixed), "{fixed}: a sensor that stays keeps its moments");
}

#[test]
fn a_sensor_that_turns_back_has_no_mean_wider_than_its_way_may_be() {
    let mut long = trace(8000, 1.0);
    for reading in &mut long.readings {
        // To and fro over 10 m, faster than a piece of time is long.
        let way = (reading.time.0 % 20.0 - 10.0).abs();
        let Probe::Point(place) = &mut reading.probe else { panic!() };
        place.east = Metres(if reading.sensor == 0 { 5.0 } else { way });
    }
    let before = long.clone();
    thin(&mut long).unwrap();

    let mut rows: Vec<u64> =
        long.readings.iter().filter(|r| r.sensor == 1).map(|reading| reading.row).collect();
    rows.push(u64::MAX);
    for span in rows.windows(2) {
        let inside = |r: &&Reading| r.sensor == 1 && (span[0]..span[1]).contains(&r.row);
        let east = before.readings.iter().filter(inside).map(|reading| {
            let Probe::Point(place) = reading.probe else { panic!() };
            place.east.0
        });
        let (low, high) =
            east.fold((f64::MAX, f64::MIN), |(low, high), x| (low.min(x), high.max(x)));
        assert!(high - low <= STILL_M, "rows {span:?}: {low} to {high} m");
    }
}

#[test]
fn beams_are_averaged_with_both_their_ends() {
    let mut long = trace(5000, 0.0);
    let far = LocalPlace { east: Metres(40.0), north: Metres(7.0), up: Metres(1.0) };
    for reading in &mut long.readings {
        let Probe::Point(near) = reading.probe else { panic!() };
        reading.probe = Probe::Beam(near, far);
    }
    let note = thin(&mut long).unwrap();
    assert!(!note.contains("of way"), "{note}");
    let Probe::Beam(_, end) = long.readings[9].probe else { panic!("{:?}", long.readings[9]) };
    assert!((end.east.0 - 40.0).abs() < 1e-9 && (end.north.0 - 7.0).abs() < 1e-9, "{end:?}");
}
