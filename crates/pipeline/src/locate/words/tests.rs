use cathartes_core::{
    estimate::Interval90,
    source::{Convergence, DensityMap, Ellipse90, NextLeg, SensorFit},
    trace::{Frame, LocalPlace, SearchVolume, Sensor, Span, WindRecord},
    units::{Degrees, GramsPerMole, KgPerHour, Metres, PartsPerMillion},
};

use super::*;

fn place(east: f64, north: f64) -> LocalPlace {
    LocalPlace { east: Metres(east), north: Metres(north), up: Metres(0.3) }
}

fn source(rate: f64, low: f64, high: f64) -> Source {
    Source {
        number: 1,
        place: place(68.9, -92.1),
        ellipse: Ellipse90 {
            semi_major: Metres(2.4),
            semi_minor: Metres(1.0),
            bearing: Degrees(0.0),
        },
        up_range: Interval90 { low: Metres(0.0), high: Metres(1.0) },
        rate: KgPerHour(rate),
        rate_range: Interval90 { low: KgPerHour(low), high: KgPerHour(high) },
        existence_probability: 0.97,
    }
}

fn said(sources: Vec<Source>, change: impl Fn(&mut Location)) -> Vec<String> {
    let span = Span { from: Metres(0.0), to: Metres(1.0) };
    let volume = SearchVolume { east: span, north: span, up: span };
    let mut location = Location {
        gas: "ch4".into(),
        sources,
        declined: None,
        count_probability: vec![0.03, 0.968, 0.002],
        convergence: Convergence { r_hat: 1.0, effective_draws: 900.0, converged: true },
        fit: vec![SensorFit { sensor: 0, relative_residual: 3.0, noise: PartsPerMillion(0.01) }],
        model_fits: true,
        fitted: vec![],
        density: DensityMap { volume, columns: 0, rows: 0, sources_per_cell: vec![] },
        chains: vec![],
        next_leg: None,
    };
    change(&mut location);
    let gas = Gas {
        slug: "ch4".into(),
        name: "Methane".into(),
        formula: "CH4".into(),
        cas: "74-82-8".into(),
        molar_mass: GramsPerMole(16.04),
    };
    let trace = Trace {
        gas: "ch4".into(),
        frame: Frame::default(),
        sensors: vec![Sensor { id: 0, name: "fence".into() }],
        readings: vec![],
        wind: WindRecord::default(),
    };
    of(&location, &gas, &trace)
}

#[test]
fn a_source_is_one_sentence() {
    let words = said(vec![source(1.31, 0.92, 1.94)], |_| {});
    assert_eq!(
        words,
        [
            "1 source of methane: 68.9 m east, 92.1 m south (±2 m), 1.3 kg/h (0.9 to 1.9), almost certain",
            "how many sources there are: 0 with 3 %, 1 with 97 %"
        ]
    );
}

#[test]
fn several_sources_have_a_line_each() {
    let words = said(vec![source(1.31, 0.92, 1.94), source(3.0, 1.0, 9.0)], |_| {});
    assert_eq!(words[0], "2 sources of methane:");
    assert!(words[1].starts_with("1: 68.9 m east"), "{}", words[1]);
}

#[test]
fn rates_have_the_figures_that_tell_their_ends_apart() {
    assert_eq!(rate(&source(5.984, 5.964, 6.003)), ["5.98", "5.96", "6.00"]);
    assert_eq!(rate(&source(1234.0, 822.0, 2110.0)), ["1200", "800", "2100"]);
    assert_eq!(rate(&source(0.0123, 0.0042, 0.031)), ["0.012", "0.004", "0.031"]);
    assert_eq!(rate(&source(42.0, 30.0, 55.0)), ["42", "30", "55"]);
}

#[test]
fn declining_says_why() {
    let words = said(vec![], |location| location.declined = Some(Declined::WeakWind));
    assert_eq!(
        words[0],
        "no source of methane is named: the wind was too weak to carry gas anywhere in particular; measure \
         again in more wind"
    );
}

#[test]
fn a_bad_fit_is_told_with_its_sensor() {
    let words = said(vec![source(1.0, 0.5, 2.0)], |location| location.model_fits = false);
    assert!(
        words[2].contains("not explained as well as they should be (at fence)"),
        "{}",
        words[2]
    );
}

#[test]
fn a_next_leg_is_told_with_what_it_promises() {
    let words = said(vec![source(1.0, 0.5, 2.0)], |location| {
        location.next_leg = Some(NextLeg {
            track: vec![place(-5.0, 0.0), place(95.0, 0.0)],
            deviation_now: Metres(5.0),
            deviation_after: Metres(1.25),
        });
    });
    assert_eq!(
        words[2],
        "next leg: 2 points from 5.0 m west, 0.0 m north to 95.0 m east, 0.0 m north (map.png); the place of the source is \
         known to 5 m now, to 1.2 m after it"
    );
}
