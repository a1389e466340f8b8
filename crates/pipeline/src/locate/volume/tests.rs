use cathartes_core::{
    trace::{Frame, Probe, Reading, WindReading, WindRecord},
    units::{MetresPerSecond, PartsPerMillion, Seconds},
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

/// The trace in wind that blows to these bearings, anticlockwise from east.
fn blown(bearings_deg: &[f64]) -> Trace {
    let wind = |deg: &f64| WindReading {
        time: Seconds(0.0),
        east: MetresPerSecond(3.0 * deg.to_radians().cos()),
        north: MetresPerSecond(3.0 * deg.to_radians().sin()),
        turbulence_across: None,
        turbulence_up: None,
        temperature: None,
        pressure: None,
    };
    let common = bearings_deg.iter().map(wind).collect();
    Trace { wind: WindRecord { common, own: Vec::new() }, ..trace() }
}

#[test]
fn in_steady_wind_as_much_ground_again_is_searched_upwind() {
    let chosen = choose(&Site::default(), &blown(&[180.0, 180.0]));
    let [from, to] = [chosen.volume.east.from, chosen.volume.east.to].map(|m| m.0.round());
    assert_eq!([from, to], [-100.0, 1000.0]);
}

#[test]
fn in_wind_from_all_around_no_side_is_upwind() {
    let chosen = choose(&Site::default(), &blown(&[0.0, 90.0, 180.0, 270.0]));
    let north = chosen.volume.north;
    assert!((north.from.0 + 10.0).abs() < 1e-9 && (north.to.0 - 40.0).abs() < 1e-9, "{north:?}");
}
