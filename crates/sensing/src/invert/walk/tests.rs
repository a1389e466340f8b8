//! Every move by itself: states drawn from a known distribution are still of that distribution after it.

#![expect(
    clippy::redundant_closure_for_method_calls,
    reason = "a method of a walker with some lifetime is no function of walkers with any"
)]

use cathartes_core::trace::{
    Frame, LocalPlace, Probe, Reading, SearchVolume, Sensor, Span, Trace, WindReading, WindRecord,
};
use cathartes_core::units::{
    Degrees, GramsPerMole, Metres, MetresPerSecond, PartsPerMillion, Seconds,
};

use super::*;
use crate::invert::{Options, model::DRIFT, pilot::start, readings::Readings, room};

/// States drawn, and moves of each.
const STATES: usize = 4_000;
const MOVES: usize = 3;
/// So hot that readings guide proposals and decide nothing.
const HOT: f64 = 1e-6;
/// Mean and deviation of ln of the rate, and the share that one more source has.
const LN_RATE: (f64, f64) = (-2.0, 0.7);
const MORE: f64 = 0.6;
const MOST: usize = 3;

/// Four inlets in a wind that turns, gas in one of them.
fn trace() -> Trace {
    let place = |k: usize| {
        let angle = k as f64 * std::f64::consts::FRAC_PI_2;
        LocalPlace {
            east: Metres(30.0 * angle.cos()),
            north: Metres(30.0 * angle.sin()),
            up: Metres(2.0),
        }
    };
    let reading = |i: usize| Reading {
        sensor: i % 4,
        time: Seconds(60.0 * i as f64),
        probe: Probe::Point(place(i % 4)),
        value: PartsPerMillion(
            2.0 + if i % 4 == 1 && i > 20 { 0.5 } else { 0.01 * (i % 7) as f64 },
        ),
        row: i as u64 + 2,
    };
    let wind = |i: usize| WindReading {
        time: Seconds(60.0 * i as f64),
        east: MetresPerSecond(3.0 * (i as f64 / 20.0).cos()),
        north: MetresPerSecond(3.0 * (i as f64 / 20.0).sin()),
        turbulence_across: Some(Degrees(9.0)),
        turbulence_up: Some(Degrees(5.0)),
        temperature: None,
        pressure: None,
    };
    Trace {
        gas: "ch4".into(),
        frame: Frame::default(),
        sensors: (0..4).map(|id| Sensor { id, name: format!("{id}") }).collect(),
        readings: (0..60).map(reading).collect(),
        wind: WindRecord { common: (0..60).map(wind).collect(), own: Vec::new() },
    }
}

fn known() -> Start {
    let span = |from: f64, to: f64| Span { from: Metres(from), to: Metres(to) };
    let volume =
        SearchVolume { east: span(-25.0, 25.0), north: span(-25.0, 25.0), up: span(0.0, 5.0) };
    let options = Options { most_sources: MOST, ..Options::new(GramsPerMole(16.043), 1) };
    let readings = Readings::new(&trace(), &options).unwrap();
    let mut start = start(readings, room(&volume).unwrap(), &options);
    let prior = &mut start.model.prior;
    (prior.ln_rate, prior.ln_more, prior.ln_most_drift) = (LN_RATE, MORE.ln(), f64::INFINITY);
    // A background that gives way, so that moves of sources are taken.
    (prior.scales[DRIFT].0, prior.scales[DRIFT + 1].0) = (1.0, 1.0);
    start
}

/// A state of the distribution that is known.
fn drawn(start: &Start, walker: &mut Walker<'_>) -> State {
    let model = &start.model;
    let mut state = start.state.clone();
    for (scale, &(mean, std)) in state.scales.iter_mut().zip(&model.prior.scales) {
        *scale = mean + std * walker.normal();
    }
    let shares: Vec<f64> = (0..=MOST).map(|k| MORE.powi(k as i32)).collect();
    let mut at = walker.rng.random::<f64>() * shares.iter().sum::<f64>();
    let count = shares
        .iter()
        .take_while(|s| {
            at -= **s;
            at > 0.0
        })
        .count();
    let room = model.prior.room;
    let source = |_| {
        let place =
            std::array::from_fn(|k| room.low[k] + room.size[k] * walker.rng.random::<f64>());
        model.emitter(place, LN_RATE.0 + LN_RATE.1 * walker.normal(), &state.scales)
    };
    state.sources = (0..count).map(source).collect();
    state.sort();
    state.total = Arc::new(model.total(&state.sources));
    let n = model.readings.len();
    let (loose, nothing) = (state.loose(), vec![0.0; n]);
    state.background = model.basis.given(&nothing, &nothing, loose, Some(&mut walker.rng)).unwrap();
    model.weigh(&mut state);
    state
}

/// Whether values have a mean and a deviation, to four standard errors.
fn has(values: &[f64], (mean, std): (f64, f64), what: &str) {
    let n = values.len() as f64;
    let m = values.iter().sum::<f64>() / n;
    let s = (values.iter().map(|x| (x - m).powi(2)).sum::<f64>() / n).sqrt();
    assert!((m - mean).abs() < 4.0 * std / n.sqrt(), "mean of {what}: {m} is not {mean}");
    assert!((s / std - 1.0).abs() < 4.0 / n.sqrt(), "deviation of {what}: {s} is not {std}");
}

/// Draws states, moves each, and asks whether all is as before; the move must have done something.
fn keeps(what: &str, act: fn(&mut Walker<'_>)) {
    let start = known();
    let mut walker = Walker::new(&start, start.state.clone(), HOT, 5);
    walker.learning = false;
    let (mut counts, mut moved) = ([0.0; MOST + 1], 0);
    let (mut easts, mut ups, mut rates) = (Vec::new(), Vec::new(), Vec::new());
    let mut scales = vec![Vec::new(); start.model.prior.scales.len()];
    for _ in 0..STATES {
        walker.state = drawn(&start, &mut walker);
        let before = (walker.state.ln_prior, walker.state.sources.len());
        (0..MOVES).for_each(|_| act(&mut walker));
        let state = &walker.state;
        moved += usize::from(before != (state.ln_prior, state.sources.len()));
        counts[state.sources.len()] += 1.0;
        for source in &state.sources {
            easts.push(source.place[0]);
            ups.push(source.place[2]);
            rates.push(source.ln_rate);
        }
        scales.iter_mut().zip(&state.scales).for_each(|(all, x)| all.push(*x));
    }
    assert!(moved > STATES / 50, "{what} moved {moved} of {STATES}");
    let whole: f64 = (0..=MOST).map(|k| MORE.powi(k as i32)).sum();
    for (k, count) in counts.iter().enumerate() {
        let p = MORE.powi(k as i32) / whole;
        let error = (p * (1.0 - p) / STATES as f64).sqrt();
        assert!((count / STATES as f64 - p).abs() < 4.0 * error, "{what}: {k} sources {count}");
    }
    has(&easts, (0.0, 50.0 / 12.0_f64.sqrt()), &format!("places after {what}"));
    has(&ups, (2.5, 5.0 / 12.0_f64.sqrt()), &format!("heights after {what}"));
    has(&rates, LN_RATE, &format!("rates after {what}"));
    for (scale, &prior) in scales.iter().zip(&start.model.prior.scales) {
        has(scale, prior, &format!("scales after {what}"));
    }
}

#[test]
fn births_and_deaths_are_in_balance() {
    keeps("births and deaths", |walker| walker.birth_or_death());
}

#[test]
fn jumps_are_in_balance() {
    keeps("jumps", |walker| walker.jump());
}

#[test]
fn slides_are_in_balance() {
    keeps("slides", |walker| walker.slide());
}

#[test]
fn splits_and_merges_are_in_balance() {
    keeps("splits and merges", |walker| walker.split_or_merge());
}

#[test]
fn steps_of_one_source_are_in_balance() {
    keeps("steps", |walker| walker.step());
}

#[test]
fn steps_of_all_sources_are_in_balance() {
    keeps("steps together", |walker| {
        if walker.joint.len() <= MOST || walker.joint[walker.state.sources.len()].is_none() {
            walker.learn_shapes();
        }
        walker.step_together();
    });
}

#[test]
fn scales_are_in_balance_with_sources_going_along_or_not() {
    keeps("scales", |walker| {
        (0..=UP).for_each(|which| {
            walker.plume_scale(which);
            walker.glide(which);
        });
        walker.scale(DISCREPANCY);
        walker.scale(DRIFT);
        walker.stretch_drift();
    });
}

#[test]
fn knots_of_the_wander_are_in_balance() {
    keeps("wander", |walker| (0..2).for_each(|odd| walker.wander(odd)));
}

#[test]
fn sources_that_come_nearer_are_in_balance() {
    keeps("nearer", |walker| walker.nearer());
}

#[test]
fn what_a_walker_keeps_is_to_the_last_bit_what_is_worked_out_anew() {
    let start = known();
    let model = &start.model;
    let mut walker = Walker::new(&start, start.state.clone(), 0.5, 7);
    walker.learn_shapes();
    let mut all = Vec::new();
    for _ in 0..60 {
        walker.sweep();
        let state = walker.state.clone();
        let mut anew = state.clone();
        anew.sources = state
            .sources
            .iter()
            .map(|s| model.emitter(s.place, s.ln_rate, &state.scales))
            .collect();
        anew.total = Arc::new(model.total(&anew.sources));
        model.weigh(&mut anew);
        assert_eq!((&anew.air, &anew.ln_each), (&state.air, &state.ln_each));
        let numbers = |s: &State| [s.ln_prior, s.ln_likelihood].map(f64::to_bits);
        assert_eq!(numbers(&anew), numbers(&state));
        let left = model.cleaned(&model.without(&anew.total));
        assert_eq!(walker.left(&state.sources).residual, left);
        for (kept, source) in state.sources.iter().zip(&anew.sources) {
            assert_eq!(model.cleaned_of(&kept.column), model.cleaned(&source.column.mean));
        }
        all.push((state.sources.len(), state.ln_likelihood.to_bits()));
    }
    all.sort_unstable();
    all.dedup();
    assert!(all.len() > 50 && all.iter().any(|a| a.0 > 0), "{all:?}");
}
