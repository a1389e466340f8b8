use cathartes_core::{
    trace::{Frame, Probe, Reading, WindRecord},
    units::{PartsPerMillion, Seconds},
};

use super::*;

fn trace() -> Trace {
    let at = |east: f64, north: f64| LocalPlace {
        east: Metres(east),
        north: Metres(north),
        up: Metres(2.0),
    };
    let probe = Probe::Beam(at(0.0, 10.0), at(400.0, 20.0));
    let reading =
        Reading { sensor: 0, time: Seconds(0.0), probe, value: PartsPerMillion(2.0), row: 2 };
    Trace {
        gas: "ch4".into(),
        frame: Frame::default(),
        sensors: vec![],
        readings: vec![reading],
        wind: WindRecord::default(),
    }
}

#[test]
fn the_site_is_believed() {
    let span = Span { from: Metres(1.0), to: Metres(2.0) };
    let search = SearchVolume { east: span, north: span, up: span };
    let chosen = choose(&Site { search: Some(search), ..Site::default() }, &trace());
    assert_eq!((chosen.volume, chosen.note), (search, None));
}

#[test]
fn without_a_site_the_ground_around_the_readings_is_searched_and_that_is_said() {
    let chosen = choose(&Site::default(), &trace());
    assert_eq!(chosen.volume.east, Span { from: Metres(-100.0), to: Metres(500.0) });
    assert_eq!(chosen.volume.north, Span { from: Metres(-10.0), to: Metres(40.0) });
    let note = chosen.note.unwrap();
    assert!(note.starts_with("no search volume was given: -100 to 500 m east"), "{note}");
}
