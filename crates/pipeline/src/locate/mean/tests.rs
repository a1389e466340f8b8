use cathartes_core::trace::{Frame, WindRecord};

use super::*;

/// Two sensors, one of which moves 2 m a second to the east.
fn trace(seconds: usize) -> Trace {
    let at = |east: f64| LocalPlace { east: Metres(east), north: Metres(0.0), up: Metres(2.0) };
    let readings = (0..seconds).flat_map(|i| {
        let time = i as f64;
        [(0, at(5.0)), (1, at(2.0 * time))].map(|(sensor, place)| Reading {
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

#[test]
fn a_short_record_stays_as_it_is() {
    let mut short = trace(100);
    assert_eq!(thin(&mut short), None);
    assert_eq!(short, trace(100));
}

#[test]
fn a_long_record_keeps_the_mean_of_what_it_said() {
    let mut long = trace(20_000);
    let note = thin(&mut long).unwrap();

    assert!(note.starts_with("40000 readings were averaged over "), "{note}");
    assert!((MOST_READINGS / 2..=MOST_READINGS).contains(&long.readings.len()), "{note}");
    assert!(long.readings.is_sorted_by_key(|reading| reading.time));
    for reading in &long.readings {
        assert!((reading.value.0 - 2.0 - 0.1 * reading.time.0).abs() < 1e-6, "{reading:?}");
        let Probe::Point(place) = reading.probe else { panic!() };
        let east = if reading.sensor == 0 { 5.0 } else { 2.0 * reading.time.0 };
        assert!((place.east.0 - east).abs() < 1e-6, "{reading:?}");
    }
}
