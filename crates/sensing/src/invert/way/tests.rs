use cathartes_core::units::{Degrees, GramsPerMole, MetresPerSecond, Seconds};

use super::*;
use crate::invert::{
    air::{Flow, flow_at},
    plume::{Pack, Shape, Sight, share},
};

const HEIGHT: f64 = 2.0;
const SHAPE: Shape =
    Shape { half_width: 0.3, lid: None, wider: [1.0, 1.0], turn: [f64x4::ONE, f64x4::ZERO] };

/// Wind of 3 m/s or so that turns to and fro within a minute, by so many radians, once a second.
fn record(swing: f64) -> Vec<WindReading> {
    let reading = |t: i32| {
        let phase = std::f64::consts::TAU * f64::from(t) / 60.0;
        let (towards, speed) = (swing * phase.sin(), 3.0 + swing * (1.7 * phase).cos());
        WindReading {
            time: Seconds(f64::from(t)),
            east: MetresPerSecond(speed * towards.cos()),
            north: MetresPerSecond(speed * towards.sin()),
            turbulence_across: Some(Degrees(5.0)),
            turbulence_up: Some(Degrees(3.0)),
            temperature: None,
            pressure: None,
        }
    };
    (0..400).map(reading).collect()
}

/// What a source at the origin adds at a place.
fn followed(flow: Flow, place: [f64; 3]) -> f64 {
    let pack = Pack::new(&[flow], &[Sight { from: place, reach: None }]);
    share(&SHAPE, &pack, [0.0, 0.0, HEIGHT]).mean.to_array()[0]
}

/// The same from puffs, four a second, each of them carried by the wind since it left.
fn puffs(record: &[WindReading], flow: Flow, time: f64, place: [f64; 3]) -> f64 {
    const DT: f64 = 0.25;
    let (mut middle, mut sum) = ([0.0; 2], 0.0);
    for back in 0..600 {
        let wind = wind_at(record, time - DT * (f64::from(back) + 0.5));
        middle[0] += 0.5 * DT * wind.east.0;
        middle[1] += 0.5 * DT * wind.north.0;
        let far = f64::hypot(middle[0], middle[1]);
        let (s, z) = (flow.spread[0] * far + SHAPE.half_width, (flow.spread[1] * far).max(0.05));
        let r2 = (place[0] - middle[0]).powi(2) + (place[1] - middle[1]).powi(2);
        let layer = |h: f64| (-0.5 * ((place[2] - h) / z).powi(2)).exp();
        sum += DT * (-0.5 * r2 / (s * s)).exp() / (s * s * z) * (layer(HEIGHT) + layer(-HEIGHT));
        middle[0] += 0.5 * DT * wind.east.0;
        middle[1] += 0.5 * DT * wind.north.0;
    }
    flow.ppm_m3_s * sum / std::f64::consts::TAU.powf(1.5)
}

fn flow(record: &[WindReading], time: f64) -> Flow {
    flow_at(record, time, GramsPerMole(16.043))
}

#[test]
fn in_steady_wind_the_way_is_straight() {
    let followed_flow = flow(&record(0.0), 200.0);
    let straight = Flow { way: None, ..followed_flow };
    for place in [[3.0, 0.2, 2.0], [40.0, -3.0, 1.0], [140.0, 20.0, 6.0], [-5.0, 0.0, 2.0]] {
        let [a, b] = [followed_flow, straight].map(|flow| followed(flow, place));
        assert!((a - b).abs() <= 1e-9 * b, "{a} {b} at {place:?}");
    }
}

#[test]
fn a_reading_on_the_way_is_the_sum_of_puffs() {
    let record = record(0.4);
    let (mut off, mut off_straight, mut all) = (0.0, 0.0, 0.0);
    for i in 0..200 {
        // A drone that flies to and fro 30 to 70 m downwind.
        let (time, turn) = (150.0 + f64::from(i), f64::from(i) / 25.0);
        let place = [50.0 + 20.0 * turn.sin(), 20.0 * (3.1 * turn).sin(), 1.0 + f64::from(i % 7)];
        let flow = flow(&record, time);
        let want = puffs(&record, flow, time, place);
        off += (followed(flow, place) - want).abs();
        off_straight += (followed(Flow { way: None, ..flow }, place) - want).abs();
        all += want;
    }
    assert!(off < 0.15 * all, "{off} of {all}");
    assert!(off_straight > 4.0 * off, "{off_straight} beside {off}");
}

#[test]
fn gas_on_its_way_is_what_left_the_source_while_it_travelled() {
    let record = record(0.3);
    let time = 200.0;
    let flow = flow(&record, time);
    // What lies between 15 and 60 m from the source, in shells of a metre.
    let mut mass = 0.0;
    for shell in 15..60 {
        let far = f64::from(shell) + 0.5;
        for slice in -400..400 {
            let angle = 0.002 * f64::from(slice);
            for layer in 0..60 {
                let up = 0.5 * (f64::from(layer) + 0.5);
                let place = [far * angle.cos(), far * angle.sin(), up];
                mass += followed(flow, place) * far * 0.002 * 0.5;
            }
        }
    }
    let reached = |metres: f64| {
        let (mut gone, mut back) = ([0.0_f64; 2], 0.0);
        while gone[0].hypot(gone[1]) < metres {
            let wind = wind_at(&record, time - back);
            gone = [gone[0] + 0.01 * wind.east.0, gone[1] + 0.01 * wind.north.0];
            back += 0.01;
        }
        back
    };
    let seconds = reached(60.0) - reached(15.0);
    let held = mass / flow.ppm_m3_s;
    assert!((held / seconds - 1.0).abs() < 0.04, "{held} of {seconds}");
}

#[test]
fn means_over_minutes_tell_no_way() {
    let every_minute: Vec<WindReading> = record(0.4).into_iter().step_by(60).collect();
    assert!(Way::to(&every_minute, 200.0).is_none());
    assert!(Way::to(&every_minute[..1], 200.0).is_none());
    // Before its record begins, wind is as it was then.
    assert!(Way::to(&record(0.4), 0.0).is_some());
}
